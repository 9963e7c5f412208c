//! Comments that hide findings: read, what of the code around them they cover, and written.

mod directive;
mod writing;

use crate::model::{Span, Suppression};
use directive::directives;
pub use writing::{CommentStyle, Hidden, Hiding, Wanted, write};

/// What every suppression begins with; a text without it has none.
pub const MARK: &str = "ssot:";

/// True when a text may hold a suppression.
pub fn may_be_suppressed(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_some()
}

/// What has to be known of a text to read suppressions in it, and to write new ones. All spans in bytes.
#[derive(Debug, Default)]
pub struct LineStructure {
    /// The comments that are no documentation, with their marks, in order.
    pub comments: Vec<Span>,
    /// What a suppression on its first line covers up to the next unit inside.
    pub units: Vec<Unit>,
    /// Where a line break ends no line, because no comment can stand before it: in strings, documentation and behind a
    /// backslash.
    pub joined: Vec<Span>,
    /// Documentation: what stands behind it on its line belongs to it.
    pub documentation: Vec<Span>,
}

/// A statement, an item, a clause: what a suppression is put on.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// All of it.
    pub span: Span,
    /// True for what is only a part of the unit around it, which goes on behind: a decorator.
    pub is_part: bool,
}

/// The suppressions of a text.
pub fn suppressions(text: &str, lines: &LineStructure) -> Vec<Suppression> {
    let mut found = Vec::new();
    for &comment in &lines.comments {
        if !may_be_suppressed(comment.of(text)) {
            continue;
        }
        let row = lines.row(text, comment.start);
        let is_alone = lines.is_comment_only(text, row);
        for mut suppression in directives(text, comment, is_alone) {
            suppression.covers = match suppression.is_for_file {
                true => Span::new(0, text.len() as u32),
                false => lines.covered(text, row),
            };
            found.push(suppression);
        }
    }
    found
}

impl LineStructure {
    /// What a suppression in `row` covers: the row, or the one below when it holds nothing but comments, and the units that
    /// begin there, each up to the next one inside: of a class its header.
    fn covered(&self, text: &str, row: Span) -> Span {
        let mut row = row;
        while row.end < text.len() as u32 && self.is_comment_only(text, row) {
            row = self.row(text, row.end);
        }
        if row.of(text).trim().is_empty() {
            return row;
        }
        let code = row.start + (row.of(text).len() - row.of(text).trim_start().len()) as u32;
        let begins = |unit: &&Unit| (code..row.end).contains(&unit.span.start);
        self.units.iter().filter(begins).fold(row, |whole, unit| whole.cover(self.header(unit)))
    }

    fn header(&self, unit: &Unit) -> Span {
        let Span { start, end } = unit.span;
        let inner = self.units.iter().filter(|inner| !inner.is_part).map(|inner| inner.span.start);
        Span::new(start, inner.filter(|at| (start + 1..end).contains(at)).min().unwrap_or(end))
    }

    /// The line that holds the offset, its line break included, with all lines that are one with it.
    fn row(&self, text: &str, offset: u32) -> Span {
        let mut row = line_at(text, offset);
        loop {
            let overlaps = |joined: &&Span| joined.start < row.end && row.start < joined.end;
            let whole = self.joined.iter().filter(overlaps).fold(row, |row, joined| {
                let last = line_at(text, joined.end.saturating_sub(1).max(joined.start));
                row.cover(line_at(text, joined.start)).cover(last)
            });
            if whole == row {
                return row;
            }
            row = whole;
        }
    }

    /// True for a row with nothing but comments.
    fn is_comment_only(&self, text: &str, row: Span) -> bool {
        let inside = row.of(text);
        let mut at = row.start + (inside.len() - inside.trim_start().len()) as u32;
        let end = at + inside.trim().len() as u32;
        if at == end {
            return false;
        }
        let first = self.comments.partition_point(|comment| comment.end <= at);
        for comment in &self.comments[first..] {
            if comment.start > at {
                break;
            }
            let rest = Span::new(comment.end.min(end), end).of(text);
            at = end - rest.trim_start().len() as u32;
        }
        at == end
    }
}

/// The line that holds the byte, its line break included. The byte may lie inside a character.
fn line_at(text: &str, offset: u32) -> Span {
    let (before, rest) = text.as_bytes().split_at(offset as usize);
    let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at as u32 + 1);
    let end = memchr::memchr2(b'\n', b'\r', rest).map_or(text.len() as u32, |at| {
        let width = if rest[at..].starts_with(b"\r\n") { 2 } else { 1 };
        offset + at as u32 + width
    });
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_from_inside_a_character() {
        let text = "a\r\né\u{feff}";
        assert_eq!(line_at(text, 7).of(text), "é\u{feff}");
        assert_eq!(line_at(text, 0).of(text), "a\r\n");
    }

    /// What each suppression covers in a text in which every `#` begins a comment, every line is a unit as long as what is
    /// indented more below it, and `"` frames what is joined.
    fn covered(text: &str) -> Vec<String> {
        let (mut lines, mut at) = (LineStructure::default(), 0);
        for line in text.split_inclusive('\n') {
            let end = at + line.trim_end().len();
            let indent = line.len() - line.trim_start().len();
            let hash = line.find('#').map(|found| at + found);
            lines.comments.extend(hash.map(|hash| Span::new(hash as u32, end as u32)));
            if hash != Some(at + indent) && !line.trim().is_empty() {
                let deeper = |line: &&str| line.starts_with(&" ".repeat(indent + 1));
                let inner: usize =
                    text[at + line.len()..].split_inclusive('\n').take_while(deeper).map(str::len).sum();
                let end = if inner > 0 { at + line.len() + inner } else { end };
                let span = Span::new((at + indent) as u32, end as u32);
                lines.units.push(Unit { span, is_part: line.trim_start().starts_with('@') });
            }
            at += line.len();
        }
        let quotes: Vec<u32> = text.match_indices('"').map(|(at, _)| at as u32).collect();
        lines.joined = quotes.chunks(2).map(|pair| Span::new(pair[0], pair[1] + 1)).collect();
        let found = suppressions(text, &lines);
        found.iter().map(|one| one.covers.of(text).trim_end().to_owned()).collect()
    }

    #[test]
    fn alone_it_covers_the_next_line_of_code_and_behind_code_its_own() {
        assert_eq!(covered("a\nb # ssot: ignore\nc\n"), ["b # ssot: ignore"]);
        assert_eq!(covered("a\n  # ssot: ignore\n  # why\n  b\nc\n"), ["  b"]);
        assert_eq!(covered("a\n# ssot: ignore\n\nb\n"), [""]);
        assert_eq!(covered("a\n# ssot: ignore-file\nb"), ["a\n# ssot: ignore-file\nb"]);
        assert_eq!(covered("# ssot: ignore"), ["# ssot: ignore"]);
        assert_eq!(covered("a\r\n# ssot: ignore\r\nb\r\nc\r\n"), ["b"]);
    }

    #[test]
    fn of_a_unit_with_units_inside_it_covers_the_header() {
        assert_eq!(covered("a # ssot: ignore\n  b\n  c\nd\n"), ["a # ssot: ignore"]);
        assert_eq!(covered("# ssot: ignore\na\n  b\n"), ["a"]);
    }

    #[test]
    fn lines_that_are_one_are_covered_together() {
        assert_eq!(covered("a\nb \"\nc\n\" # ssot: ignore\nd\n"), ["b \"\nc\n\" # ssot: ignore"]);
        assert_eq!(covered("# ssot: ignore\nb \"\nc\n\"\nd\n"), ["b \"\nc\n\""]);
    }
}
