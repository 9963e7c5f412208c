//! Import statements whose names change, move or go.

use super::line::{is_pragma, line_start, newline};
use super::spelling::item;
use super::statement::{ItemComments, Statement};
use super::{Editor, Host};
use crate::language::LanguageError;
use crate::model::{Addition, Block, ImportForm, ItemChange, Span, SymbolPath};

/// Where a further name can be put into a statement, and the text around it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    at: u32,
    before: String,
    /// Columns left on the line; `None` where each name has a line of its own.
    room: Option<usize>,
}

/// A name does not join a statement whose line would grow beyond this: the default of most formatters.
const WIDEST_LINE: usize = 88;

/// A name on its way to another statement.
struct Moving<'text> {
    name: String,
    local: String,
    comments: ItemComments<'text>,
}

/// The names of one statement that go to one module; without a module for whole modules (`import a`).
struct Group<'text> {
    module: Option<SymbolPath>,
    names: Vec<Moving<'text>>,
    rule: String,
}

/// What becomes of a statement besides the edits of its own names.
struct Outcome {
    /// True when no name of the old statement is left in it.
    is_empty: bool,
    /// Whole statements to put behind it, or in its place when it is empty.
    new: Vec<String>,
    rule: String,
}

impl<'file> Editor<'file> {
    /// Notes an unchanged statement as one that later names can join.
    pub(super) fn offer(&mut self, statement: &Statement<'file>) {
        let import = self.import(statement.ids[0]);
        if import.form != ImportForm::Member {
            return;
        }
        let Some(module) = self.speller.absolute(import) else { return };
        let names = statement.ids.iter().map(|&id| self.names(id)).collect();
        self.offer_as(statement, import.block, module, names);
    }

    fn offer_as(
        &mut self,
        statement: &Statement<'file>,
        block: Block,
        module: SymbolPath,
        names: Vec<(String, String)>,
    ) {
        let host = Host { start: statement.span.start, names, slot: slot(statement) };
        self.hosts.entry((block, module)).or_insert(host);
    }

    /// Imported and local name.
    fn names(&self, id: u32) -> (String, String) {
        let import = self.import(id);
        let name = import.member.as_ref().map_or("", |member| &member.name);
        let local = import.alias.as_ref().map_or(name, |alias| &alias.name);
        (name.to_owned(), local.to_owned())
    }

    pub(super) fn from_statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
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
            let gone: Vec<bool> =
                statement.ids.iter().map(|id| self.changes.items.contains_key(id)).collect();
            self.take_out(statement, &gone, &rule)?;
            self.offer_rest(statement, &gone);
        }
        let relative = import.level > 0;
        let mut new = Vec::new();
        for group in groups {
            new.push(self.text_of(&group, relative, statement));
        }
        for addition in self.additions(statement) {
            new.extend(self.addition(addition, block, relative, statement));
        }
        self.finish(statement, Outcome { is_empty, new, rule });
        Ok(())
    }

    fn offer_rest(&mut self, statement: &Statement<'file>, gone: &[bool]) {
        let import = self.import(statement.ids[0]);
        let Some(module) = self.speller.absolute(import) else { return };
        let kept = statement.ids.iter().zip(gone).filter(|(_, gone)| !**gone);
        let names = kept.map(|(&id, _)| self.names(id)).collect();
        let host = Host { start: statement.span.start, names, slot: None };
        self.hosts.entry((import.block, module)).or_insert(host);
    }

    fn rule_of(&self, statement: &Statement<'_>) -> String {
        let of_items = statement.ids.iter().find_map(|id| match self.changes.items.get(id)? {
            ItemChange::Remove { rule } | ItemChange::Move { rule, .. } => Some(rule.clone()),
        });
        of_items.or_else(|| self.additions(statement).first().map(|a| a.rule.clone())).unwrap_or_default()
    }

    /// The moving names by the module that they move to, in order of appearance.
    fn groups(&self, statement: &Statement<'file>) -> Result<Vec<Group<'file>>, LanguageError> {
        let mut groups: Vec<Group<'file>> = Vec::new();
        for (index, id) in statement.ids.iter().enumerate() {
            let Some(ItemChange::Move { target, local, rule }) = self.changes.items.get(id) else { continue };
            let name = target.name().to_owned();
            let local = local.clone().unwrap_or_else(|| name.clone());
            let comments = statement.item_lines(index).map(|(_, comments)| comments).unwrap_or_default();
            let moving = Moving { name, local, comments };
            let module = target.parent();
            match groups.iter_mut().find(|group| group.module == module) {
                Some(group) => group.names.push(moving),
                None => groups.push(Group { module, names: vec![moving], rule: rule.clone() }),
            }
        }
        Ok(groups)
    }

    /// Puts names into an earlier statement of the same block that imports from the same module.
    fn join(&mut self, group: &mut Group<'_>, block: Block, before: u32, may_move: bool) {
        let Some(module) = group.module.clone() else { return };
        let Some(host) = self.hosts.get_mut(&(block, module)).filter(|host| host.start < before) else {
            return;
        };
        let mut joined = Vec::new();
        group.names.retain(|moving| {
            let known = host.names.iter().any(|(name, local)| *name == moving.name && *local == moving.local);
            if known {
                return false;
            }
            let text = item(&moving.name, &moving.local);
            if !may_move || !host.has_room(&text) {
                return true;
            }
            host.names.push((moving.name.clone(), moving.local.clone()));
            joined.push(text);
            false
        });
        if let Some(slot) = host.slot.clone() {
            for text in joined {
                self.edit(Span::new(slot.at, slot.at), format!("{}{text}", slot.before), &group.rule);
            }
        }
    }

    /// The statement stays where it is and imports the names of `group`, all others are taken out.
    fn retarget(
        &mut self,
        statement: &Statement<'file>,
        group: &Group<'_>,
        rule: &str,
    ) -> Result<(), LanguageError> {
        let import = self.import(statement.ids[0]);
        let module = group.module.as_ref().ok_or(LanguageError::Syntax)?;
        let text = self.speller.module(module, import.level > 0);
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
            start: statement.span.start,
            names: seen,
            slot: if whole { slot(statement) } else { None },
        };
        self.hosts.entry((import.block, module.clone())).or_insert(host);
        Ok(())
    }

    fn rename_item(&mut self, id: u32, name: &str, local: &str, rule: &str) {
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
    fn take_out(
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

    fn star_statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let import = self.import(statement.ids[0]);
        let rule = self.rule_of(statement);
        let mut is_empty = false;
        match self.changes.items.get(&statement.ids[0]) {
            Some(ItemChange::Move { target, .. }) => {
                let text = self.speller.module(target, import.level > 0);
                self.edit(statement.module, text, &rule);
            }
            Some(ItemChange::Remove { .. }) => is_empty = true,
            None => {}
        }
        let additions = self.additions(statement);
        let mut new = Vec::new();
        for addition in additions {
            new.extend(self.addition(addition, import.block, import.level > 0, statement));
        }
        self.finish(statement, Outcome { is_empty, new, rule });
        Ok(())
    }

    pub(super) fn module_statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let block = self.import(statement.ids[0]).block;
        let rule = self.rule_of(statement);
        let mut gone = vec![false; statement.ids.len()];
        let mut written: Vec<String> = Vec::new();
        for (index, id) in statement.ids.iter().enumerate() {
            let import = self.import(*id);
            let text = match self.changes.items.get(id) {
                Some(ItemChange::Move { target, local, .. }) => match local {
                    Some(local) => item(&target.to_string(), local),
                    None => target.to_string(),
                },
                Some(ItemChange::Remove { .. }) => {
                    gone[index] = true;
                    continue;
                }
                None => statement.items[index].of(self.text).to_owned(),
            };
            // A module that the same statement imports already is not imported twice.
            gone[index] = written.contains(&text) && self.changes.items.contains_key(id);
            if !gone[index] && self.changes.items.contains_key(id) {
                let alias_stays = import.alias.is_some() && text.contains(" as ");
                let span = if alias_stays { import.span } else { statement.items[index] };
                let text = if alias_stays { text.split(" as ").next().unwrap_or(&text) } else { &text };
                self.edit(span, text.to_owned(), &rule);
            }
            written.push(text);
        }
        let is_empty = gone.iter().all(|gone| *gone);
        if !is_empty {
            self.take_out(statement, &gone, &rule)?;
        }
        let mut new = Vec::new();
        for addition in self.additions(statement) {
            new.extend(self.addition(addition, block, false, statement));
        }
        new.retain(|text| !written.iter().any(|known| *text == format!("import {known}")));
        self.finish(statement, Outcome { is_empty, new, rule });
        Ok(())
    }

    /// The text of an added import; `None` when it could join a statement or is there already.
    fn addition(
        &mut self,
        addition: &Addition,
        block: Block,
        relative: bool,
        statement: &Statement<'file>,
    ) -> Option<String> {
        let Some(module) = addition.target.parent().filter(|_| !addition.whole_module) else {
            let local = addition.alias.clone();
            let path = addition.target.to_string();
            return Some(format!("import {}", local.map_or(path.clone(), |local| item(&path, &local))));
        };
        let name = addition.target.name().to_owned();
        let local = addition.alias.clone().unwrap_or_else(|| name.clone());
        let names = vec![Moving { name, local, comments: ItemComments::default() }];
        let mut group = Group { module: Some(module), names, rule: addition.rule.clone() };
        self.join(&mut group, block, statement.span.start, statement.around.comment.is_none());
        (!group.names.is_empty()).then(|| self.text_of(&group, relative, statement))
    }

    /// A whole statement for the names of a group.
    fn text_of(&self, group: &Group<'_>, relative: bool, statement: &Statement<'_>) -> String {
        let items: Vec<String> = group.names.iter().map(|moving| item(&moving.name, &moving.local)).collect();
        let Some(module) = &group.module else { return format!("import {}", items.join(", ")) };
        let head = format!("from {} import ", self.speller.module(module, relative));
        let is_plain =
            |moving: &Moving<'_>| moving.comments.above.is_empty() && moving.comments.behind.is_none();
        if group.names.iter().all(is_plain) || !statement.around.is_alone() {
            return head + &items.join(", ");
        }
        if let [Moving { comments: ItemComments { above, behind: Some(behind) }, .. }] = &group.names[..]
            && above.is_empty()
        {
            return format!("{head}{}  {behind}", items[0]);
        }
        let newline = newline(self.text);
        let indent = statement.around.indent.unwrap_or_default();
        let inner = format!("{indent}    ");
        let mut text = head + "(" + newline;
        for (moving, item) in group.names.iter().zip(&items) {
            for comment in &moving.comments.above {
                text += &format!("{inner}{comment}{newline}");
            }
            let behind = moving.comments.behind.map(|comment| format!("  {comment}")).unwrap_or_default();
            text += &format!("{inner}{item},{behind}{newline}");
        }
        text + indent + ")"
    }

    /// Removes the statement if nothing is left of it, and puts the new ones behind it or in its place.
    fn finish(&mut self, statement: &Statement<'file>, outcome: Outcome) {
        let Outcome { is_empty, mut new, rule } = outcome;
        let around = statement.around;
        if is_empty {
            if new.is_empty() {
                return self.remove(statement, &rule);
            }
            self.edit(statement.span, new.remove(0), &rule);
        }
        if new.is_empty() {
            return;
        }
        if let (Some(indent), true) = (around.indent, around.ends_line) {
            let pragma = around.comment.map(|span| span.of(self.text)).filter(|comment| is_pragma(comment));
            let newline = newline(self.text);
            let mut text = String::new();
            for statement in new {
                let pragma = pragma.filter(|_| !statement.contains('#'));
                let pragma = pragma.map(|comment| format!("  {comment}")).unwrap_or_default();
                text += &format!("{newline}{indent}{statement}{pragma}");
            }
            self.edit(Span::new(around.end_of_text, around.end_of_text), text, &rule);
        } else {
            let text: String = new.iter().map(|statement| format!("; {statement}")).collect();
            self.edit(Span::new(statement.span.end, statement.span.end), text, &rule);
        }
    }

    fn remove(&mut self, statement: &Statement<'file>, rule: &str) {
        if self.leaves_empty_block(statement) {
            return self.edit(statement.span, "pass".to_owned(), rule);
        }
        let around = statement.around;
        let text = self.text;
        if around.is_alone() {
            let kept = around.comment.filter(|comment| !is_pragma(comment.of(text)));
            let span = kept.map_or(around.lines, |comment| Span::new(statement.span.start, comment.start));
            return self.edit(span, String::new(), rule);
        }
        let after = &text[statement.span.end as usize..];
        let follows = after.trim_start_matches([' ', '\t']);
        let has_separator = follows.starts_with(';');
        let next = follows.trim_start_matches(';').trim_start_matches([' ', '\t']);
        let next_at = (text.len() - next.len()) as u32;
        let before = text[..statement.span.start as usize].trim_end_matches([' ', '\t']);
        let is_last = !has_separator || next.is_empty() || next.starts_with(['\n', '\r', '#']);
        if is_last && before.ends_with(';') {
            let start = before.trim_end_matches(';').trim_end_matches([' ', '\t']).len() as u32;
            return self.edit(Span::new(start, statement.span.end), String::new(), rule);
        }
        self.edit(Span::new(statement.span.start, next_at), String::new(), rule);
    }

    /// True when this is the first statement of a block of which every statement goes.
    fn leaves_empty_block(&mut self, statement: &Statement<'_>) -> bool {
        let Some(suite) = self.suites.of(statement.span.start).filter(|suite| !suite.is_module) else {
            return false;
        };
        let removed = self.removed.entry(suite.first).or_default();
        *removed += 1;
        *removed == suite.length
    }
}

impl Host {
    /// Makes room for one more name; false when the line would get too long, or the layout allows none.
    fn has_room(&mut self, text: &str) -> bool {
        let Some(slot) = &mut self.slot else { return false };
        let Some(room) = &mut slot.room else { return true };
        let width = text.chars().count() + slot.before.len();
        *room = room.saturating_sub(width);
        *room > 0
    }
}

/// Where one more name can be put into a statement.
fn slot(statement: &Statement<'_>) -> Option<Slot> {
    let last = statement.items.last()?;
    let is_spread = statement
        .close
        .is_some_and(|close| Span::new(last.end, close).of(statement.text).contains(['\n', '\r']));
    if !is_spread {
        let line =
            Span::new(line_start(last.end, statement.text), statement.around.end_of_text).of(statement.text);
        let room = Some(WIDEST_LINE.saturating_sub(line.chars().count()));
        return (!statement.has_comments).then(|| Slot { at: last.end, before: ", ".to_owned(), room });
    }
    let index = statement.items.len() - 1;
    let indent = statement.item_indent(index);
    let newline = newline(statement.text);
    if !statement.has_comments && !indent.is_empty() {
        return Some(Slot { at: last.end, before: format!(",{newline}{indent}"), room: None });
    }
    None
}
