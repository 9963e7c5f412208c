//! Imported names that move.

use super::file_planner::FilePlanner;
use crate::model::{
    Addition, BindingKind, Import, ImportForm, ImportId, ItemChange, Place, Reference, ScopeId, ScopeKind,
    Site, Start, SymbolPath, Use, Visibility,
};
use std::collections::BTreeSet;

impl FilePlanner<'_> {
    /// Decides the new home of each imported name; its local name stays for the moment.
    pub(super) fn plan_imports(&mut self, uses: &[&Use]) {
        for found in uses {
            match &found.site {
                Site::Import(id) => self.plan_import(*id, found),
                Site::StarMember(id, name) => self.plan_star_member(*id, name, found),
                _ => {}
            }
        }
    }

    fn plan_import(&mut self, id: ImportId, found: &Use) {
        let import = &self.view.facts.imports[id as usize];
        if let Some(reason) = self.reason_against_import(import) {
            return self.refuse(found, reason);
        }
        let target = found.target.join(&found.written.segments()[found.matched..]);
        let target = if import.start == Start::Top {
            let names = import.path.iter().chain(&import.member).map(|segment| &*segment.name);
            self.respell(&names.collect::<Vec<_>>(), &found.written, &target)
        } else {
            target
        };
        let rule = self.rule_id(found);
        let local = match import.form {
            ImportForm::Member => {
                let member = import.member.as_ref().map_or("", |member| &member.name);
                Some(import.alias.as_ref().map_or(member, |alias| &alias.name).to_owned())
            }
            // `import a` binds the module itself, as `import a.b as c` does; `import a.b` binds `a` only.
            ImportForm::Module if import.path.len() == 1 => {
                Some(import.alias.as_ref().unwrap_or(&import.path[0]).name.to_string())
            }
            ImportForm::Module => import.alias.as_ref().map(|alias| alias.name.to_string()),
            ImportForm::Star => None,
        };
        match import.form {
            ImportForm::Module if import.alias.is_none() && import.path.len() > 1 => {
                self.keep_parent_loaded(id, import, &rule)
            }
            ImportForm::Star => {
                if let Err(reason) = self.complete_star(id, found, &target, &rule) {
                    return self.refuse(found, reason);
                }
            }
            _ => {}
        }
        self.change_item(id, ItemChange::Move { target, local, rule });
    }

    /// `import a.b.c` binds `a`: every chain from it must be ours to rewrite.
    fn reason_against_import(&self, import: &Import) -> Option<String> {
        if import.form != ImportForm::Module || import.alias.is_some() || import.path.len() == 1 {
            return None;
        }
        let is_mixed = |id: &u32| self.view.root(self.reference(*id)).is_none();
        let name = &import.path[0].name;
        let mixed = self.users_of(import.binding?).iter().any(is_mixed);
        mixed.then(|| format!("`{name}` is also bound to something else in this scope"))
    }

    /// When `import a.b.c` turns into an import from elsewhere, other chains may still rely on `a.b`.
    fn keep_parent_loaded(&mut self, id: ImportId, import: &Import, rule: &str) {
        let Some(written) = self.view.imported(import) else { return };
        let Some(parent) = written.parent() else { return };
        let new = self.declared.moved(&written);
        if new.starts_with(&parent) {
            return;
        }
        let others = self.users_of(import.binding.unwrap_or_default()).iter().any(|&user| {
            let reference = self.reference(user);
            let root = self.view.root(reference);
            let path =
                root.map(|root| root.join(reference.segments[1..].iter().map(|segment| &segment.name)));
            path.is_some_and(|path| !path.starts_with(&written) && !new.starts_with(&path))
        });
        if others {
            let target = parent;
            let rule = rule.to_owned();
            self.add(Addition { beside: id, target, whole_module: true, alias: None, rule });
        }
    }

    /// A star import that moves may bring fewer names in: those that the file uses are imported by name.
    fn complete_star(
        &mut self,
        id: ImportId,
        found: &Use,
        target: &SymbolPath,
        rule: &str,
    ) -> Result<(), String> {
        let (graph, file, facts) = (self.view.graph, self.view.file, self.view.facts);
        let names: BTreeSet<&str> = self.view.names_from_star(&facts.imports[id as usize]);
        let stars = facts.imports.iter().filter(|import| import.form == ImportForm::Star);
        let stars: Vec<SymbolPath> = stars.filter_map(|star| self.view.imported_module(star)).collect();
        let scope = facts.imports[id as usize].scope;
        let provides = |module: &SymbolPath, name: &str| graph.star_provides(module, (file, scope), name);
        let is_lost = |name: &&str| {
            provides(&found.written, name) == Some(true)
                && provides(target, name) == Some(false)
                && !stars.iter().any(|star| *star != found.written && provides(star, name) == Some(true))
        };
        for name in names.into_iter().filter(is_lost) {
            let path = target.join([name]);
            if self.declared.moved(&found.written.join([name])) != path {
                continue; // A rule of its own speaks of this name.
            }
            if graph.exists(&path, Some(file)) == Some(false) {
                return Err(format!("`{name}` comes from this import, and `{path}` does not exist"));
            }
            let rule = rule.to_owned();
            self.add(Addition { beside: id, target: path, whole_module: false, alias: None, rule });
        }
        Ok(())
    }

    /// A star import brings a legacy name in: an explicit import beside it takes over, and the star goes when nothing
    /// else can come from it.
    fn plan_star_member(&mut self, id: ImportId, name: &str, found: &Use) {
        let rule = self.rule_id(found);
        if found.rule.is_none() && self.follow_through_star(id, name, found.target.name(), &rule) {
            return;
        }
        let keeps = self.request.rules[self.rule_index(&rule)].keeps_local_name;
        let import = &self.view.facts.imports[id as usize];
        let may_follow = self.view.facts.is_declarative && import.visibility != Visibility::Public && !keeps;
        let is_renamed = found.target.name() != name;
        let follows =
            is_renamed && may_follow && self.follow_through_star(id, name, found.target.name(), &rule);
        let alias = (is_renamed && !follows).then(|| name.to_owned());
        let target = found.target.clone();
        self.add(Addition { beside: id, target, whole_module: false, alias, rule: rule.clone() });
        let Some(module) = self.view.imported_module(import) else { return };
        let all = self.view.graph.star_names(&module, (self.view.file, import.scope));
        let is_covered = all
            .is_some_and(|names| names.iter().all(|name| self.declared.legacy_names(&module).contains(name)));
        if is_covered {
            self.change_item(id, ItemChange::Remove { rule });
        }
    }

    /// The module behind the star only renames the name: the star still brings it in, and its uses follow.
    fn follow_through_star(&mut self, star: ImportId, old: &str, new: &str, rule: &str) -> bool {
        let facts = self.view.facts;
        let scope = facts.imports[star as usize].scope;
        let is_ours = |reference: &&Reference| {
            reference.bindings.is_empty()
                && *reference.segments[0].name == *old
                && facts.encloses(scope, reference.scope)
                && facts.module_scope(scope) == facts.module_scope(reference.scope)
        };
        let users: Vec<&Reference> = facts.references.iter().filter(is_ours).collect();
        let readers: Vec<ScopeId> = users.iter().map(|reference| reference.scope).collect();
        let is_fixed =
            users.iter().any(|user| matches!(user.place, Place::Opaque | Place::Shown | Place::Template));
        if is_fixed
            || self.request.cautious.contains(&self.view.file)
            || self.must_stay(scope, old, new)
            || !self.is_free(new, scope, &readers, &[])
            || self.is_asked_for_by_name(scope, new)
        {
            return false;
        }
        for user in users {
            self.replace(user.segments[0].span, self.name(new), rule);
        }
        if facts.scopes[scope as usize].kind == ScopeKind::Module {
            let rule = self.rule_index(rule);
            self.out.renames.insert((self.view.file, scope, old.into()), (new.into(), rule));
        }
        true
    }

    /// True for a name that a star import or an import list of another module may take from this one.
    pub(super) fn is_import(&self, binding: u32) -> Option<ImportId> {
        match self.view.facts.bindings[binding as usize].kind {
            BindingKind::Import(id) => Some(id),
            _ => None,
        }
    }
}
