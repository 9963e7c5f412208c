//! Puts whole statements in, and takes emptied ones out.

use super::Editor;
use super::from_statement::{Group, Moving};
use super::joining::WIDEST_LINE;
use super::line::{is_pragma, is_pragma_of_place, is_shared_pragma, newline};
use super::spelling::item;
use super::statement::{ItemComments, Statement};
use crate::model::{Block, Span};

/// What becomes of a statement besides the edits of its own names.
pub(super) struct Outcome {
    /// True when no name of the old statement is left in it.
    pub is_empty: bool,
    /// Whole statements to put behind it, or in its place when it is empty.
    pub new: Vec<String>,
    /// How many of these, the last ones, bring something that the statement did not.
    pub added: usize,
    pub rule: String,
}

impl<'file> Editor<'file> {
    /// Removes the statement if nothing is left of it, and puts the new ones behind it or in its place.
    pub(super) fn finish(&mut self, statement: &Statement<'file>, outcome: Outcome) {
        let Outcome { is_empty, mut new, added, rule } = outcome;
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
            let pragma = around.comment.map(|span| span.of(self.text));
            let pragma = pragma.filter(|comment| is_shared_pragma(comment));
            let newline = newline(self.text);
            let mut text = String::new();
            let own = new.len().saturating_sub(added);
            for (index, statement) in new.into_iter().enumerate() {
                let holds_here = |comment: &&str| index < own || is_pragma_of_place(comment);
                let pragma = pragma.filter(holds_here).filter(|_| !statement.contains('#'));
                let pragma = pragma.map(|comment| format!("  {comment}")).unwrap_or_default();
                text += &format!("{newline}{indent}{statement}{pragma}");
            }
            self.edit(Span::new(around.end_of_text, around.end_of_text), text, &rule);
        } else {
            let text: String = new.iter().map(|statement| format!("; {statement}")).collect();
            self.edit(Span::new(statement.span.end, statement.span.end), text, &rule);
        }
    }

    pub(super) fn remove(&mut self, statement: &Statement<'file>, rule: &str) {
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
    pub(super) fn leaves_empty_block(&mut self, statement: &Statement<'_>) -> bool {
        let Some(suite) = self.suites.of(statement.span.start).filter(|suite| !suite.is_module) else {
            return false;
        };
        let removed = self.removed.entry(suite.first).or_default();
        *removed += 1;
        *removed == suite.length
    }

    /// The statements for what is added beside a statement, without what could join another one or is there already.
    pub(super) fn added(
        &mut self,
        statement: &Statement<'file>,
        block: Block,
        relative: bool,
    ) -> Vec<String> {
        let (mut new, mut groups) = (Vec::new(), Vec::<Group<'_>>::new());
        for addition in self.additions(statement) {
            let Some(module) = addition.target.parent().filter(|_| !addition.whole_module) else {
                let path = addition.target.to_string();
                let local = addition.alias.as_ref();
                new.push(format!("import {}", local.map_or(path.clone(), |local| item(&path, local))));
                continue;
            };
            let name = addition.target.name().to_owned();
            let local = addition.alias.clone().unwrap_or_else(|| name.clone());
            let names = vec![Moving { name, local, is_marked: false, comments: ItemComments::default() }];
            let mut group = Group { module: Some(module), names, rule: addition.rule.clone() };
            let before = statement.span.start + 1; // It may join this one.
            self.join(&mut group, block, before, statement.around.comment.is_none());
            match groups.iter_mut().find(|other| other.module == group.module) {
                Some(other) if self.fits(other, &group, relative, statement) => {
                    other.names.append(&mut group.names)
                }
                _ => groups.push(group),
            }
        }
        groups.retain(|group| !group.names.is_empty());
        new.extend(groups.iter().map(|group| self.text_of(group, relative, statement)));
        new
    }

    /// Whether the names of two groups have room on one line.
    fn fits(&self, one: &Group<'_>, other: &Group<'_>, relative: bool, statement: &Statement<'_>) -> bool {
        let indent = statement.around.indent.unwrap_or_default();
        let names = other.names.iter().map(|moving| moving.text().len() + ", ".len()).sum::<usize>();
        indent.len() + self.text_of(one, relative, statement).len() + names <= WIDEST_LINE
    }

    /// A whole statement for the names of a group.
    pub(super) fn text_of(&self, group: &Group<'_>, relative: bool, statement: &Statement<'_>) -> String {
        let items: Vec<String> = group.names.iter().map(Moving::text).collect();
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
}
