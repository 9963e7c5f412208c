//! From-imports whose names move, go, or get another name.

use super::joining::slot;
use super::placing::Outcome;
use super::spelling::item;
use super::statement::{ItemComments, Statement};
use super::{Editor, Host};
use crate::language::LanguageError;
use crate::model::{ImportForm, ImportId, ItemChange, Span, SymbolPath};

/// A name on its way to another statement.
pub(super) struct Moving<'text> {
    pub name: String,
    pub local: String,
    /// True for `name as name`, which marks a re-export for type checkers.
    pub is_marked: bool,
    pub comments: ItemComments<'text>,
}

/// The names of one statement that go to one module; without a module for whole modules (`import a`).
pub(super) struct Group<'text> {
    pub module: Option<SymbolPath>,
    pub names: Vec<Moving<'text>>,
    pub rule: String,
}

impl Moving<'_> {
    /// The name as it stands in a list.
    pub fn text(&self) -> String {
        let is_marked = self.is_marked && self.name == self.local;
        if is_marked { format!("{} as {}", self.name, self.local) } else { item(&self.name, &self.local) }
    }
}

impl<'file> Editor<'file> {
    /// Imported and local name.
    pub(super) fn names(&self, id: u32) -> (String, String) {
        let import = self.import(id);
        let name = import.member.as_ref().map_or("", |member| &member.name);
        let local = import.alias.as_ref().map_or(name, |alias| &alias.name);
        (name.to_owned(), local.to_owned())
    }

    pub(super) fn member_statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let import = self.import(statement.ids[0]);
        if import.form == ImportForm::Star {
            return self.star_statement(statement);
        }
        let mut groups = self.groups(statement)?;
        let block = import.block;
        let joinable = statement.around.comment.is_none() && !statement.has_comments;
        let rule = self.rule_of(statement);
        for group in &mut groups {
            self.join(group, block, statement.span.start, joinable);
        }
        groups.retain(|group| !group.names.is_empty());
        let keeps_names = statement.ids.iter().any(|id| !self.changes.items.contains_key(id));
        let can_stay = !keeps_names && groups.first().is_some_and(|group| group.module.is_some());
        let host_group = if can_stay { Some(groups.remove(0)) } else { None };
        let mut is_empty = !keeps_names;
        if let Some(group) = &host_group {
            self.retarget(statement, group, &rule)?;
            is_empty = false;
        } else if keeps_names {
            let stays = self.rename_in_place(statement, &mut groups, &rule);
            let is_gone = |id: &ImportId| self.changes.items.contains_key(id) && !stays.contains(id);
            let gone: Vec<bool> = statement.ids.iter().map(is_gone).collect();
            self.take_out(statement, &gone, &rule)?;
            self.offer_rest(statement, &gone);
        }
        let relative = import.start.level() > 0;
        let mut new = Vec::new();
        for group in groups {
            new.push(self.text_of(&group, relative, statement));
        }
        let own = new.len();
        new.extend(self.added(statement, block, relative));
        let added = new.len() - own;
        self.finish(statement, Outcome { is_empty, new, added, rule });
        Ok(())
    }

    /// Names that go to another name of the very module that the statement imports from stay in it.
    fn rename_in_place(
        &mut self,
        statement: &Statement<'file>,
        groups: &mut Vec<Group<'file>>,
        rule: &str,
    ) -> Vec<ImportId> {
        let own = self.speller.absolute(self.import(statement.ids[0]));
        let Some(at) = groups.iter().position(|group| group.module == own) else { return Vec::new() };
        let group = groups.remove(at);
        let kept = statement.ids.iter().filter(|id| !self.changes.items.contains_key(id));
        let mut known: Vec<(String, String)> = kept.map(|&id| self.names(id)).collect();
        let mut stays = Vec::new();
        for &id in &statement.ids {
            let Some(ItemChange::Move { target, local, .. }) = self.changes.items.get(&id) else { continue };
            let name = target.name().to_owned();
            let pair = (name.clone(), local.clone().unwrap_or(name));
            let is_ours =
                group.names.iter().any(|moving| (&moving.name, &moving.local) == (&pair.0, &pair.1));
            if target.parent() == own && is_ours && !known.contains(&pair) {
                self.rename_item(id, &pair.0, &pair.1, rule);
                known.push(pair);
                stays.push(id);
            }
        }
        stays
    }

    /// `from a import b as b`.
    fn is_marked(&self, id: ImportId) -> bool {
        let import = self.import(id);
        let name = import.member.as_ref().map(|member| &member.name);
        import.alias.as_ref().is_some_and(|alias| Some(&alias.name) == name)
    }

    pub(super) fn rule_of(&self, statement: &Statement<'_>) -> String {
        let of_items = statement.ids.iter().find_map(|id| match self.changes.items.get(id)? {
            ItemChange::Remove { rule } | ItemChange::Move { rule, .. } => Some(rule.clone()),
        });
        of_items.or_else(|| self.additions(statement).first().map(|a| a.rule.clone())).unwrap_or_default()
    }

    /// The moving names by the module that they move to, in order of appearance.
    pub(super) fn groups(&self, statement: &Statement<'file>) -> Result<Vec<Group<'file>>, LanguageError> {
        let mut groups: Vec<Group<'file>> = Vec::new();
        for (index, id) in statement.ids.iter().enumerate() {
            let Some(ItemChange::Move { target, local, rule }) = self.changes.items.get(id) else { continue };
            let name = target.name().to_owned();
            let local = local.clone().unwrap_or_else(|| name.clone());
            let comments = statement.item_lines(index).map(|(_, comments)| comments).unwrap_or_default();
            let is_marked = self.is_marked(*id);
            let moving = Moving { name, local, is_marked, comments };
            let module = target.parent();
            match groups.iter_mut().find(|group| group.module == module) {
                Some(group) => group.names.push(moving),
                None => groups.push(Group { module, names: vec![moving], rule: rule.clone() }),
            }
        }
        Ok(groups)
    }

    /// The statement stays where it is and imports the names of `group`, all others are taken out.
    pub(super) fn retarget(
        &mut self,
        statement: &Statement<'file>,
        group: &Group<'_>,
        rule: &str,
    ) -> Result<(), LanguageError> {
        let import = self.import(statement.ids[0]);
        let module = group.module.as_ref().ok_or(LanguageError::Syntax)?;
        let text = self.speller.module(module, import.start.level() > 0);
        if text != statement.module.of(self.text) {
            // `from.a import b` and `from .a import(b)` are legal: keep the keywords apart.
            let gap =
                self.text[..statement.module.start as usize].ends_with("from") && !text.starts_with('.');
            let tail =
                self.text[statement.module.end as usize..].starts_with("import") && !text.ends_with('.');
            let text = format!("{}{text}{}", if gap { " " } else { "" }, if tail { " " } else { "" });
            self.edit(statement.module, text, rule);
        }
        let mut seen: Vec<(String, String)> = Vec::new();
        let mut gone = vec![false; statement.ids.len()];
        for (index, id) in statement.ids.iter().enumerate() {
            let Some(ItemChange::Move { target, local, .. }) = self.changes.items.get(id) else {
                gone[index] = true;
                continue;
            };
            let name = target.name().to_owned();
            let pair = (name.clone(), local.clone().unwrap_or(name));
            let stays = group.names.iter().any(|moving| moving.name == pair.0 && moving.local == pair.1);
            gone[index] = target.parent().as_ref() != Some(module) || !stays || seen.contains(&pair);
            if !gone[index] {
                self.rename_item(*id, &pair.0, &pair.1, rule);
                seen.push(pair);
            }
        }
        self.take_out(statement, &gone, rule)?;
        let whole = gone.iter().all(|gone| !gone);
        let host = Host {
            is_new: true,
            rule: rule.to_owned(),
            start: statement.span.start,
            names: seen,
            slot: if whole { slot(statement) } else { None },
        };
        self.hosts.entry((import.block, module.clone())).or_insert(host);
        Ok(())
    }

    pub(super) fn star_statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let import = self.import(statement.ids[0]);
        let rule = self.rule_of(statement);
        let mut is_empty = false;
        match self.changes.items.get(&statement.ids[0]) {
            Some(ItemChange::Move { target, .. }) => {
                let text = self.speller.module(target, import.start.level() > 0);
                self.edit(statement.module, text, &rule);
            }
            Some(ItemChange::Remove { .. }) => is_empty = true,
            None => {}
        }
        let new = self.added(statement, import.block, import.start.level() > 0);
        // What a star brought in may be there for others.
        self.finish(statement, Outcome { is_empty, new, added: 0, rule });
        Ok(())
    }
    pub(super) fn rename_item(&mut self, id: u32, name: &str, local: &str, rule: &str) {
        let import = self.import(id);
        let Some(member) = &import.member else { return };
        if *member.name != *name {
            self.edit(member.span, name.to_owned(), rule);
        }
        match &import.alias {
            // `import X as X` marks a re-export for type checkers: the form stays.
            Some(alias) if *alias.name != *local => {
                if name == local && alias.name != member.name {
                    self.edit(Span::new(member.span.end, alias.span.end), String::new(), rule);
                } else {
                    self.edit(alias.span, local.to_owned(), rule);
                }
            }
            Some(alias) if name == local && alias.name != member.name => {
                self.edit(Span::new(member.span.end, alias.span.end), String::new(), rule);
            }
            Some(_) => {}
            None if name != local => {
                self.edit(Span::new(member.span.end, member.span.end), format!(" as {local}"), rule);
            }
            None => {}
        }
    }

    /// Takes names out of the list; at least one stays.
    pub(super) fn take_out(
        &mut self,
        statement: &Statement<'file>,
        gone: &[bool],
        rule: &str,
    ) -> Result<(), LanguageError> {
        let Some(last_kept) = gone.iter().rposition(|gone| !gone) else { return Ok(()) };
        for index in (0..gone.len()).filter(|&index| gone[index]) {
            let span = if statement.has_comments {
                let (lines, _) = statement.item_lines(index).ok_or_else(|| {
                    LanguageError::Layout(
                        "a comment inside the statement cannot be told to one name".to_owned(),
                    )
                })?;
                lines
            } else if index < last_kept {
                Span::new(statement.items[index].start, statement.items[index + 1].start)
            } else {
                Span::new(statement.items[index - 1].end, statement.items[index].end)
            };
            self.edit(span, String::new(), rule);
        }
        Ok(())
    }
}
