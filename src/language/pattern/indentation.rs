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
        let has_tabs = self.text.text().contains("\n\t");
        match has_tabs && blanks.len().is_multiple_of(WIDTH) && blanks.bytes().all(|blank| blank == b' ') {
            true => "\t".repeat(blanks.len() / WIDTH),
            false => blanks.to_owned(),
        }
    }

    /// The source text of a capture as it stands at `node` of the replacement.
    pub(super) fn moved_text(&self, node: NodeId, capture: usize) -> String {
        let text = self.captured_text(capture);
        let items = self.found.captured[capture].items();
        let is_statement = |item: &Item| match item {
            Item::Node(id) => self.text.node(*id).kind.role == Role::Statement,
            Item::Leaf(_) => false,
        };
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return text };
        if !items.iter().all(is_statement) || !text.contains('\n') {
            return text;
        }
        let whole = self.text.item_span(*first).cover(self.text.item_span(*last));
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
