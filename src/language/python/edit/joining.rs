//! Names that join an import statement which is there already.

use super::from_statement::Group;
use super::line::{line_start, newline};
use super::statement::Statement;
use super::{Editor, Host};
use crate::language::LanguageError;
use crate::model::{Block, ImportForm, Span, SymbolPath};

/// Where a further name can be put into a statement, and the text around it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    at: u32,
    before: String,
    /// Columns left on the line; `None` where each name has a line of its own.
    room: Option<usize>,
}

/// A name does not join a statement whose line would grow beyond this: the default of most formatters.
pub(super) const WIDEST_LINE: usize = 88;

impl<'file> Editor<'file> {
    /// A statement that no change speaks of: what a moved import before it brings in already goes, the rest is open for
    /// later names.
    pub(super) fn unchanged(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let import = self.import(statement.ids[0]);
        let module = if import.form == ImportForm::Member { self.speller.absolute(import) } else { None };
        let host =
            module.and_then(|module| self.hosts.get(&(import.block, module))).filter(|host| host.is_new);
        let Some(host) = host.filter(|_| !statement.has_comments && statement.around.comment.is_none())
        else {
            self.offer(statement);
            return Ok(());
        };
        let gone: Vec<bool> = statement.ids.iter().map(|&id| host.names.contains(&self.names(id))).collect();
        let rule = host.rule.clone();
        if gone.iter().all(|gone| *gone) {
            self.remove(statement, &rule);
            return Ok(());
        }
        self.take_out(statement, &gone, &rule)
    }

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

    pub(super) fn offer_as(
        &mut self,
        statement: &Statement<'file>,
        block: Block,
        module: SymbolPath,
        names: Vec<(String, String)>,
    ) {
        let host = Host {
            start: statement.span.start,
            names,
            slot: slot(statement),
            is_new: false,
            rule: String::new(),
        };
        self.hosts.entry((block, module)).or_insert(host);
    }

    pub(super) fn offer_rest(&mut self, statement: &Statement<'file>, gone: &[bool]) {
        let import = self.import(statement.ids[0]);
        let Some(module) = self.speller.absolute(import) else { return };
        let kept = statement.ids.iter().zip(gone).filter(|(_, gone)| !**gone);
        let names = kept.map(|(&id, _)| self.names(id)).collect();
        let host =
            Host { start: statement.span.start, names, slot: None, is_new: false, rule: String::new() };
        self.hosts.entry((import.block, module)).or_insert(host);
    }

    /// Puts names into an earlier statement of the same block that imports from the same module.
    pub(super) fn join(&mut self, group: &mut Group<'_>, block: Block, before: u32, may_move: bool) {
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
            let text = moving.text();
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
pub(super) fn slot(statement: &Statement<'_>) -> Option<Slot> {
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
