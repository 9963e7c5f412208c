//! Trees as text, laid out as `rustfmt` does with its setting `imports_layout`.

use super::tree::{End, Group, Tree};

/// How the `use` declarations of a file are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// The longest line, in columns.
    pub width: usize,
    pub tactic: Tactic,
    /// One level of indentation.
    pub unit: &'static str,
}

/// What happens to a group that is too long for its line (`imports_layout`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tactic {
    /// Lines are filled.
    Mixed,
    /// Each item has its line.
    LongVertical,
    /// Each item has its line, however short the group is.
    Vertical,
}

/// Columns that `rustfmt` leaves free behind a group on one line.
const SLACK: usize = 2;

/// Columns of a level that a tab stands for.
const TAB: usize = 4;

/// The columns of white space at the front of a line.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c == '\t' { TAB } else { 1 }).sum()
}

impl Style {
    /// `tree` as `rustfmt` writes it. The line is indented by `indent`; `before` columns stand in front of the tree
    /// (indent included), and one (`;` or `,`) behind it. Comments are those that [`Tree::has_odd_comments`] does not see.
    pub fn render(self, tree: &Tree, indent: &str, before: usize) -> String {
        let mut text = path_text(tree);
        if let End::Group(group) = &tree.end {
            let before = before + columns(&text);
            text.push_str(&self.render_group(group, indent, before));
        }
        text
    }

    fn render_group(self, group: &Group, indent: &str, before: usize) -> String {
        let inner = format!("{indent}{}", self.unit);
        let items: Vec<String> =
            group.items.iter().map(|item| self.render(item, &inner, columns(&inner))).collect();
        let is_nested = group.items.iter().any(|item| item.group().is_some());
        let has_notes = group.items.iter().any(|item| !item.notes.is_empty());
        let line = format!("{{{}}}", items.join(", "));
        let fits = !is_nested && before + columns(&line) + SLACK < self.width && !line.contains('\n');
        if items.is_empty() || fits && !has_notes && self.tactic != Tactic::Vertical {
            return line;
        }
        let body = match self.tactic {
            _ if has_notes => self.noted_lines(&group.items, &items, &inner),
            Tactic::Mixed => self.fill(&items, is_nested, &inner),
            _ => format!("{},", items.join(&format!(",\n{inner}"))),
        };
        format!("{{\n{inner}{body}\n{indent}}}")
    }

    /// Items on lines of their own with their comments, those behind neighbours aligned.
    fn noted_lines(self, items: &[Tree], texts: &[String], inner: &str) -> String {
        let mut body = String::new();
        let mut aligned = None;
        for (index, (item, text)) in items.iter().zip(texts).enumerate() {
            if index > 0 {
                body.push_str(if item.notes.gap { "\n\n" } else { "\n" });
                body.push_str(inner);
            }
            for comment in &item.notes.before {
                body.push_str(&format!("{comment}\n{inner}"));
            }
            let is_lone = text.contains('\n');
            if is_lone || aligned == Some(0) || !item.notes.before.is_empty() || item.notes.gap {
                aligned = None;
            }
            body.push_str(&format!("{text},"));
            let Some(comment) = item.notes.after.first() else {
                aligned = None;
                continue;
            };
            let overhead = columns(inner) + columns(text) + 1 + columns(comment);
            let widest = || self.widest(&items[index..], &texts[index..], overhead);
            let width = *aligned.get_or_insert_with(|| if is_lone { 0 } else { widest() });
            let pad = width.saturating_sub(columns(text));
            body.push_str(&format!("{:pad$} {comment}", ""));
        }
        body
    }

    /// The widest of the first items that have a comment behind them, one after the other. One that leaves no room for
    /// the first comment is not counted.
    fn widest(self, items: &[Tree], texts: &[String], overhead: usize) -> usize {
        let continues = |(index, (item, text)): &(usize, (&Tree, &String))| {
            let notes = &item.notes;
            let is_neighbour =
                !notes.after.is_empty() && notes.before.is_empty() && !notes.gap && !text.contains('\n');
            *index == 0 || is_neighbour && columns(text) + overhead <= self.width
        };
        let lines = items.iter().zip(texts).enumerate().take_while(continues);
        lines.map(|(_, (_, text))| columns(text)).max().unwrap_or_default()
    }

    /// Items in filled lines; those with a path stand alone when one of them is a group.
    fn fill(self, items: &[String], is_nested: bool, inner: &str) -> String {
        let room = self.width.saturating_sub(columns(inner) + 1);
        let mut body = String::new();
        let mut length = 0;
        let (mut after_path, mut has_broken) = (false, false);
        for (index, item) in items.iter().enumerate() {
            let has_path = item.contains("::");
            // The last comma of a single line is not counted.
            let comma = usize::from(index + 1 < items.len() || has_broken);
            let width = columns(item) + comma;
            if length > 0 && (length + 1 + width > room || is_nested && (after_path || has_path)) {
                body.push_str(&format!(",\n{inner}"));
                (length, has_broken) = (0, true);
            } else if length > 0 {
                body.push_str(", ");
                length += 1;
            }
            body.push_str(item);
            length += width;
            after_path = has_path;
        }
        body.push(',');
        body
    }
}

/// The tree without its group.
pub(super) fn path_text(tree: &Tree) -> String {
    let mut text = if tree.is_global { "::".to_owned() } else { String::new() };
    text.push_str(&tree.path.join("::"));
    match &tree.end {
        End::Name(None) => {}
        End::Name(Some(alias)) => text.push_str(&format!(" as {alias}")),
        End::Star | End::Group(_) => {
            text.push_str(if tree.path.is_empty() { "" } else { "::" });
            text.push_str(if matches!(tree.end, End::Star) { "*" } else { "" });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::check;

    #[test]
    fn a_group_on_one_line_is_wrapped_at_98_columns() {
        let long = "a".repeat(42);
        let text = |name: &str| format!("use crate::{long}::{{{name}, Some}};\nuse crate::old::Thing;\n");
        let script = format!("Thing -> own::{long}::Thing");
        let (fits, too_long) = ("b".repeat(27), "b".repeat(28));
        check(&[
            (&text(&fits), &script, &format!("use crate::{long}::{{{fits}, Some, Thing}};\n")),
            (
                &text(&too_long),
                &script,
                &format!("use crate::{long}::{{\n    {too_long}, Some, Thing,\n}};\n"),
            ),
        ]);
    }

    #[test]
    fn items_with_paths_have_lines_of_their_own_beside_a_group() {
        check(&[(
            "use crate::{\n    a,\n    b::{C, D},\n    e, f, old,\n};\nuse crate::{z, Z};\n",
            "f -> own::d::F; old -> own::g as g",
            "use crate::{\n    a,\n    b::{C, D},\n    d::F,\n    e, g,\n};\nuse crate::{z, Z};\n",
        )]);
    }

    #[test]
    fn comments_behind_neighbours_are_aligned() {
        check(&[(
            "use a::{\n    Long, // long\n    X,    // x\n    Y,\n};\n",
            "- Long",
            "use a::{\n    X, // x\n    Y,\n};\n",
        )]);
    }
}
