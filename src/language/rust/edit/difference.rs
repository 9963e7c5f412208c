//! The smallest line-wise edits that turn one text into another.

use crate::model::{Edit, Span};
use similar::{Algorithm, DiffOp, TextDiff};

/// Edits that turn `old`, which starts at byte `base` of the file, into `new`.
pub(super) fn edits(old: &str, new: &str, base: u32, rule: &str, edits: &mut Vec<Edit>) {
    let (before, after) = (offsets(old), offsets(new));
    // Lines of imports are unique, mostly: fast whatever their number.
    let difference = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(old, new);
    for operation in difference.ops() {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let (from, to) = (operation.old_range(), operation.new_range());
        let span = Span::new(before[from.start], before[from.end]);
        let text = Span::new(after[to.start], after[to.end]).of(new);
        edits.push(trimmed(span, span.of(old), text, base, rule));
    }
}

/// Where the lines start; the end of the text at the end.
fn offsets(text: &str) -> Vec<u32> {
    let mut offsets = vec![0];
    offsets.extend(text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len() as u32;
        Some(*at)
    }));
    offsets
}

/// The edit without what both texts begin and end with, by whole names.
fn trimmed(span: Span, old: &str, new: &str, base: u32, rule: &str) -> Edit {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let same = |(one, other): &(char, char)| one == other;
    let mut front: usize = old.chars().zip(new.chars()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let cuts = |at: usize, text: &str| text[..at].ends_with(is_name) && text[at..].starts_with(is_name);
    while cuts(front, old) || cuts(front, new) {
        front -= old[..front].chars().next_back().map_or(front, char::len_utf8);
    }
    let (old, new) = (&old[front..], &new[front..]);
    let mut back: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    while cuts(old.len() - back, old) || cuts(new.len() - back, new) {
        back -= old[old.len() - back..].chars().next().map_or(back, char::len_utf8);
    }
    let start = base + span.start + front as u32;
    Edit {
        span: Span::new(start, start + (old.len() - back) as u32),
        text: new[..new.len() - back].to_owned(),
        rule: rule.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::edits;
    use crate::model::Edit;

    #[test]
    fn only_what_differs_is_edited_by_whole_names() {
        let mut found: Vec<Edit> = Vec::new();
        edits(
            "use a;\nuse b::older::C;\nuse c;\nuse d;\n",
            "use a;\nuse b::old::C;\nuse c;\n",
            10,
            "rule",
            &mut found,
        );
        let found: Vec<(u32, u32, &str)> =
            found.iter().map(|edit| (edit.span.start, edit.span.end, edit.text.as_str())).collect();
        assert_eq!(found, [(24, 29, "old"), (41, 48, "")]);
    }
}
