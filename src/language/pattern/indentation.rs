//! How far the lines of what is written are indented: statements that come to stand deeper, or less deep, take all their lines along.

use super::tree::{Item, NodeId, Role};
use super::writing::Writer;
use crate::model::Span;

impl Writer<'_> {
    /// A line break with the indentation of the place.
    pub(super) fn indent(&self) -> String {
        let text = &*self.text.text;
        let start = self.text.span(self.there(self.find.roots[0])).start;
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        format!("{newline}{}", indentation(text, start))
    }

    /// What stands between two parts of a replacement.
    pub(super) fn gap(&self, source: &str, drops_comma: bool) -> String {
        let rest = source.trim_start().strip_prefix(',').filter(|_| drops_comma);
        let mut lines = rest.map_or(source, str::trim_start).split('\n');
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |text, line| {
            let blanks = indentation(line, 0);
            text + &self.indent() + &self.blanks(blanks) + &line[blanks.len()..]
        })
    }

    /// The blanks of a replacement as the file has them.
    fn blanks(&self, blanks: &str) -> String {
        const WIDTH: usize = 4; // PEP 8; Rust style guide, "Indentation and line width".
        // As the place is indented, or the code inside.
        let place = self.text.span(self.there(self.find.roots[0]));
        let around = indentation(self.text.text(), place.start);
        let has_tabs = match around.is_empty() {
            true => place.of(self.text.text()).contains("\n\t"),
            false => around.contains('\t'),
        };
        match has_tabs && blanks.len().is_multiple_of(WIDTH) && blanks.bytes().all(|blank| blank == b' ') {
            true => "\t".repeat(blanks.len() / WIDTH),
            false => blanks.to_owned(),
        }
    }

    /// The source text of a capture as it stands at `node` of the replacement.
    pub(super) fn moved_text(&self, node: NodeId, capture: usize) -> String {
        let Some(whole) = self.statements(capture) else { return self.captured_text(capture) };
        let old = indentation(self.text.text(), whole.start);
        let own = indentation(&self.replace.tree.text, self.replace.tree.span(node).start);
        let new = format!("{}{}", self.indent().trim_start_matches(['\r', '\n']), self.blanks(own));
        let mut at = whole.start;
        let lines = whole.of(self.text.text()).split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len() as u32;
            match line.strip_prefix(old) {
                Some(rest) if start > whole.start && !line.trim().is_empty() && !self.is_in_token(start) => {
                    format!("{new}{rest}")
                }
                _ => line.to_owned(),
            }
        });
        lines.collect()
    }

    /// All of the statements that a capture stands for, with the comments that belong to them: those above the first one, and
    /// those behind the last one as far as they lie in the match.
    fn statements(&self, capture: usize) -> Option<Span> {
        let items = self.found.captured[capture].items();
        let is_statement = |item: &Item| match item {
            Item::Node(id) => self.text.node(*id).kind.role == Role::Statement,
            Item::Leaf(_) => false,
        };
        let (first, last) = (items.first()?, items.last()?);
        items.iter().all(is_statement).then_some(())?;
        let own = self.text.item_span(*first).cover(self.text.item_span(*last));
        let place = self.text.span(self.there(self.find.roots[0]));
        let before = self.text.leaves.partition_point(|leaf| leaf.span.start < own.start);
        let before = before.checked_sub(1).map_or(0, |leaf| self.text.leaves[leaf].span.end).max(place.start);
        let behind = self.text.leaves.partition_point(|leaf| leaf.span.start < own.end);
        let behind = self.text.leaves.get(behind).map_or(place.end, |leaf| leaf.span.start).min(place.end);
        let column = indentation(self.text.text(), own.start);
        let belongs = |comment: &&Span| {
            // One that stands alone in its line belongs to the block by how far it is indented.
            let blanks = indentation(self.text.text(), comment.start);
            let is_alone = self.is_alone(comment.start);
            let is_above = comment.end <= own.start && before <= comment.start && is_alone;
            let is_behind = own.end <= comment.start && comment.end <= behind;
            is_above && blanks == column || is_behind && (blanks == column || !is_alone)
        };
        Some(self.text.comments.iter().filter(belongs).fold(own, |whole, comment| whole.cover(*comment)))
    }

    /// Whether nothing but blanks stands before a byte in its line.
    fn is_alone(&self, at: u32) -> bool {
        let text = self.text.text();
        let start = text[..at as usize].rfind('\n').map_or(0, |end| end + 1);
        text[start..at as usize].trim().is_empty()
    }

    /// What goes over into the replacement as it is, with the comments in it.
    pub(super) fn carried(&self) -> Vec<Span> {
        let captures = self.replace.captures().map(|(capture, _)| capture);
        let spans = captures.flat_map(|capture| match self.statements(capture) {
            Some(whole) => vec![whole],
            None => self.extents_of(&self.found.captured[capture].items()),
        });
        spans.collect()
    }

    /// Whether a byte lies inside of a token: a string of several lines.
    fn is_in_token(&self, at: u32) -> bool {
        let behind = self.text.leaves.partition_point(|leaf| leaf.span.start < at);
        let before = behind.checked_sub(1).map(|leaf| self.text.leaves[leaf].span);
        before.is_some_and(|span: Span| at < span.end)
    }
}

/// The blanks at the start of the line in which a byte stands.
fn indentation(text: &str, at: u32) -> &str {
    let start = text[..at as usize].rfind('\n').map_or(0, |end| end + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
