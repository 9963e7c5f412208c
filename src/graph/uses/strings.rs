//! Declared paths in strings that stand in import position.

use super::data::{MAY_BE_FILE, ends_files, keeps_task_name, kept_task_below};
use super::references::FIXED;
use super::{Details, Finder, direct};
use crate::graph::declared::{Declared, Standing};
use crate::model::{DataRole, PathKind, PathString, Site, Stem, StringForm, StringId, SymbolPath};

impl<'graph> Finder<'graph> {
    pub(super) fn strings(&mut self) {
        for id in 0..self.view.facts.strings.len() as StringId {
            let string = &self.view.facts.strings[id as usize];
            if matches!(string.form, StringForm::Data(_)) {
                self.data(id, string)
            } else if string.members.is_empty() {
                self.string(id, string)
            } else {
                self.string_with_members(id, string)
            }
        }
    }

    fn string(&mut self, id: StringId, string: &PathString) {
        let Some(path) = self.view.absolute_string(&string.base, string.level, &string.segments) else {
            return;
        };
        let length = path.len();
        if string.form == StringForm::PatchTarget {
            self.note_patch(&path);
        }
        let Some(found) = self.find(path, length) else { return };
        if string.form == StringForm::ObjectName {
            self.note_bypass(&found, length, true);
        }
        let names_module = string.form == StringForm::ModuleName;
        if names_module && found.declared.kind == PathKind::Symbol {
            return;
        }
        if !found.hops.is_empty() && found.rest() >= found.own {
            return; // The place of lookup stays; only what is looked up there moves.
        }
        let mut stem = None;
        if !found.hops.is_empty() {
            let alias = found.reached.prefix(found.reached.len() - found.own);
            let moved = self.declared.moved(&alias);
            if !self.changes(&found, &alias, &moved, found.own) {
                return;
            }
            stem = Some(Stem { path: moved, kept: string.segments.len().saturating_sub(found.own) });
        }
        let details = Details { stem, obstacle: not_editable(string), ..Details::spelled() };
        self.record(Site::PathString(id), found, details);
    }

    /// A path that is data: only what is declared counts, nobody follows it.
    fn data(&mut self, id: StringId, string: &PathString) {
        let path = self.view.absolute_string(&string.base, string.level, &string.segments);
        let declared = path.and_then(|path| Some((self.legacy(&path)?, path)));
        let Some(((matched, declared), path)) = declared.filter(|found| !found.0.1.is_found()) else {
            return;
        };
        let is_file = matched < path.len() && may_be_file(string);
        let is_missing = || self.view.graph.exists(&self.declared.moved(&path), None) == Some(false);
        if self.is_pinned(string, &path) || is_file && is_missing() {
            return;
        }
        let obstacle = not_editable(string).or_else(|| self.kept_data(string, &path));
        let details = Details { obstacle, ..Details::spelled() };
        self.record(Site::PathString(id), direct(path, matched, declared), details);
    }

    /// Why a path that is data stays although it is legacy.
    fn kept_data(&self, string: &PathString, path: &SymbolPath) -> Option<String> {
        let last = string.segments.last()?;
        let is_glob = last.span.end < string.span.end;
        match string.form {
            StringForm::Data(DataRole::Task) if is_glob => {
                kept_task_below(self.view.graph, path, &self.declared.moved(path))
            }
            _ => may_be_file(string).then(|| MAY_BE_FILE.to_owned()),
        }
    }

    /// True for the name of a task that keeps it although it moves: where it is defined, and where it is called.
    fn is_pinned(&self, string: &PathString, path: &SymbolPath) -> bool {
        let moved = self.declared.moved(path);
        match string.form {
            StringForm::Data(DataRole::OwnTask) => {
                let own = self.view.module_path(string.scope);
                own.is_some() && own == moved.parent()
            }
            StringForm::Data(DataRole::Task) => keeps_task_name(self.view.graph, path, &moved),
            _ => false,
        }
    }

    /// `patch.multiple("a.b", X=…, Y=…)`: the string moves only when everything named under it moves along.
    fn string_with_members(&mut self, id: StringId, string: &PathString) {
        let Some(path) = self.view.absolute_string(&string.base, string.level, &string.segments) else {
            return;
        };
        let moved: Vec<_> =
            string.members.iter().map(|member| self.declared.moved(&path.join([&member.name]))).collect();
        let first = moved[0].parent().expect("a member's path has a parent");
        let together = moved
            .iter()
            .zip(&string.members)
            .all(|(to, member)| to.name() == &*member.name && to.parent().as_ref() == Some(&first));
        let first_member = path.join([&string.members[0].name]);
        let declared = string.members.iter().find_map(|member| self.legacy(&path.join([&member.name])));
        let Some((matched, declared)) = declared.or_else(|| self.legacy(&path)) else { return };
        let names = "the names that are patched do not all move to one module under the same name";
        let obstacle = not_editable(string).or_else(|| (!together).then(|| names.to_owned()));
        // Names that other files give up: each of these files has to know that it cannot be followed.
        for member in string.members.iter().filter(|_| !together) {
            let name = path.join([&member.name]);
            let renamed = self.legacy(&name).filter(|(_, declared)| declared.rule.is_none());
            if let Some((matched, declared)) = renamed {
                let obstacle = Some(FIXED.to_owned());
                self.record(
                    Site::PathString(id),
                    direct(name, matched, declared),
                    Details { obstacle, ..Details::spelled() },
                );
            }
        }
        let mut found = direct(first_member, matched, declared);
        found.matched = found.matched.min(path.len());
        let site = Site::PathString(id);
        let before = self.found.uses.len();
        self.record(site, found, Details { obstacle, ..Details::spelled() });
        if let Some(new) = self.found.uses.get_mut(before) {
            new.written = path.clone();
            new.matched = path.len();
            new.target = first;
        }
    }

    fn legacy(&self, path: &SymbolPath) -> Option<(usize, &'graph Declared)> {
        self.declared.longest(path).filter(|(_, declared)| matches!(declared.standing, Standing::Legacy(_)))
    }
}

/// True for a setting that may be the name of a file.
fn may_be_file(string: &PathString) -> bool {
    let is_plain = string.form == StringForm::Data(DataRole::Setting) && string.colon.is_none();
    is_plain && string.segments.last().is_some_and(|last| ends_files(&last.name))
}

fn not_editable(string: &PathString) -> Option<String> {
    (!string.editable).then(|| "the string is not one plain literal".to_owned())
}
