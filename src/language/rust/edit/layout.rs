//! Trees as text: laid out as `rustfmt` does, or as the hand did that wrote them.

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

/// Columns of a level that a tab stands for.
const TAB: usize = 4;

/// The columns of white space at the front of a line.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c == '\t' { TAB } else { 1 }).sum()
}

impl Style {
    /// `tree` as `rustfmt` writes it. The line is indented by `indent`; `before` columns stand in front of the tree
    /// (indent included), and one (`;` or `,`) behind it. Comments are lost: callers look for them first.
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
        let line = format!("{{{}}}", items.join(", "));
        let fits = !is_nested && before + columns(&line) < self.width && !line.contains('\n');
        if items.is_empty() || fits && self.tactic != Tactic::Vertical {
            return line;
        }
        let body = match self.tactic {
            Tactic::Mixed => self.fill(&items, is_nested, &inner),
            _ => items.join(&format!(",\n{inner}")),
        };
        format!("{{\n{inner}{body},\n{indent}}}")
    }

    /// Items in filled lines; those with a path stand alone when one of them is a group.
    fn fill(self, items: &[String], is_nested: bool, inner: &str) -> String {
        let room = self.width.saturating_sub(columns(inner) + 1);
        let mut body = String::new();
        let mut length = 0;
        let mut after_path = false;
        for item in items {
            let has_path = item.contains("::");
            let width = columns(item) + 1;
            if length > 0 && (length + 1 + width > room || is_nested && (after_path || has_path)) {
                body.push_str(&format!(",\n{inner}"));
                length = 0;
            } else if length > 0 {
                body.push_str(", ");
                length += 1;
            }
            body.push_str(item);
            length += width;
            after_path = has_path;
        }
        body
    }
}

/// The tree without its group.
fn path_text(tree: &Tree) -> String {
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

/// `tree` in the layout that it was read in: `source` is the text of the file.
pub(super) fn by_hand(tree: &Tree, source: &str, indent: &str, unit: &str) -> String {
    if let Some(span) = tree.source {
        return span.of(source).replace("\r\n", "\n");
    }
    let mut text = path_text(tree);
    if let End::Group(group) = &tree.end {
        text.push_str(&group_by_hand(group, source, indent, unit));
    }
    text
}

fn group_by_hand(group: &Group, source: &str, indent: &str, unit: &str) -> String {
    let has_line_comments = group
        .items
        .iter()
        .flat_map(|item| item.notes.before.iter().chain(&item.notes.after))
        .chain(group.opening.iter().chain(&group.closing))
        .any(|comment| comment.starts_with("//") || comment.contains('\n'));
    match &group.layout.lines {
        Some((inner, close)) => lines_by_hand(group, source, inner, close, unit),
        None if has_line_comments => lines_by_hand(group, source, &format!("{indent}{unit}"), indent, unit),
        None => {
            let pad = if group.layout.is_padded { " " } else { "" };
            let comma = if group.layout.ends_with_comma { "," } else { "" };
            let items: Vec<String> =
                group.items.iter().map(|item| noted(item, source, indent, unit)).collect();
            let closing: String = group.closing.iter().map(|comment| format!(" {comment}")).collect();
            let opening: String = group.opening.iter().map(|comment| format!("{comment} ")).collect();
            format!("{{{pad}{opening}{}{comma}{closing}{pad}}}", items.join(", "))
        }
    }
}

/// An item on a line with others.
fn noted(item: &Tree, source: &str, indent: &str, unit: &str) -> String {
    let before: String = item.notes.before.iter().map(|comment| format!("{comment} ")).collect();
    let after: String = item.notes.after.iter().map(|comment| format!(" {comment}")).collect();
    format!("{before}{}{after}", by_hand(item, source, indent, unit))
}

fn lines_by_hand(group: &Group, source: &str, inner: &str, close: &str, unit: &str) -> String {
    let mut text = String::from("{");
    for comment in &group.opening {
        text.push_str(&format!(" {comment}"));
    }
    let last = group.items.len().saturating_sub(1);
    let mut must_break = true;
    let one_per_line = group.layout.lines.is_none();
    for (index, item) in group.items.iter().enumerate() {
        let notes = &item.notes;
        let is_above = notes.breaks || one_per_line || notes.before.iter().any(|note| note.starts_with("//"));
        for comment in &notes.before {
            let breaks = must_break || is_above;
            text.push_str(&if breaks { format!("\n{inner}{comment}") } else { format!(" {comment}") });
            must_break = comment.starts_with("//") || is_above;
        }
        let breaks = must_break || notes.breaks || one_per_line;
        text.push_str(&if breaks { format!("\n{inner}") } else { " ".to_owned() });
        text.push_str(&by_hand(item, source, inner, unit));
        let has_comma = index < last || group.layout.ends_with_comma || one_per_line;
        text.push_str(if has_comma { "," } else { "" });
        for comment in &notes.after {
            text.push_str(&format!(" {comment}"));
        }
        must_break = notes.after.iter().any(|note| note.starts_with("//"));
    }
    for comment in &group.closing {
        text.push_str(&format!("\n{inner}{comment}"));
    }
    text.push_str(&format!("\n{close}}}"));
    text
}
