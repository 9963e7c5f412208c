//! Trees as text, in the layout that somebody gave them by hand.

use super::layout::path_text;
use super::tree::{End, Group, Tree};

/// Writes trees of one file.
pub(super) struct Hand<'file> {
    /// The file that they were read from.
    pub source: &'file str,
    /// One level of indentation.
    pub unit: &'static str,
}

impl Hand<'_> {
    /// `tree` on a line indented by `indent`: what has not changed stays as it is.
    pub fn tree(&self, tree: &Tree, indent: &str) -> String {
        if let Some(span) = tree.source.filter(|_| is_at_home(tree, indent)) {
            return span.of(self.source).replace("\r\n", "\n");
        }
        let mut text = path_text(tree);
        if let End::Group(group) = &tree.end {
            text.push_str(&self.group(group, indent));
        }
        text
    }

    fn group(&self, group: &Group, indent: &str) -> String {
        let has_lines = group.layout.lines.is_some() || group.needs_lines();
        if has_lines { self.lines(group, indent) } else { self.line(group, indent) }
    }

    fn line(&self, group: &Group, indent: &str) -> String {
        let pad = if group.layout.is_padded { " " } else { "" };
        let comma = if group.layout.ends_with_comma { "," } else { "" };
        let items: Vec<String> = group.items.iter().map(|item| self.noted(item, indent)).collect();
        let opening: String = group.opening.iter().map(|comment| format!("{comment} ")).collect();
        let closing: String = group.closing.iter().map(|comment| format!(" {comment}")).collect();
        format!("{{{pad}{opening}{}{comma}{closing}{pad}}}", items.join(", "))
    }

    /// An item on a line with others.
    fn noted(&self, item: &Tree, indent: &str) -> String {
        let before: String = item.notes.before.iter().map(|comment| format!("{comment} ")).collect();
        let after: String = item.notes.after.iter().map(|comment| format!(" {comment}")).collect();
        format!("{before}{}{after}", self.tree(item, indent))
    }

    fn lines(&self, group: &Group, indent: &str) -> String {
        let inner = match &group.layout.lines {
            Some(lines) if lines.is_hanging || lines.close == indent => lines.inner.clone(),
            _ => format!("{indent}{}", self.unit),
        };
        let is_hanging = group.layout.lines.as_ref().is_some_and(|lines| lines.is_hanging);
        let one_per_line = group.layout.lines.is_none();
        let mut text = String::from("{");
        for comment in &group.opening {
            text.push_str(&format!(" {comment}"));
        }
        let mut must_break = !group.opening.is_empty();
        let mut gap = "";
        let last = group.items.len().saturating_sub(1);
        for (index, item) in group.items.iter().enumerate() {
            let notes = &item.notes;
            let begins = notes.breaks || one_per_line;
            text.push_str(if notes.gap && index > 0 { "\n" } else { "" });
            for comment in &notes.before {
                let breaks = must_break || begins || comment.starts_with("//");
                text.push_str(&if breaks {
                    format!("\n{inner}{comment}")
                } else {
                    format!("{gap}{comment}")
                });
                must_break = comment.starts_with("//");
                gap = " ";
            }
            let follows = !notes.before.is_empty() && !must_break && !notes.breaks;
            let breaks = must_break || begins && !follows;
            text.push_str(&if breaks { format!("\n{inner}") } else { gap.to_owned() });
            text.push_str(&self.tree(item, &inner));
            let has_comma = index < last || group.layout.ends_with_comma || one_per_line;
            text.push_str(if has_comma { "," } else { "" });
            for comment in &notes.after {
                text.push_str(&format!(" {comment}"));
            }
            must_break = notes.after.iter().any(|note| note.starts_with("//"));
            gap = " ";
        }
        for comment in &group.closing {
            text.push_str(&format!("\n{inner}{comment}"));
            must_break |= comment.starts_with("//");
        }
        text.push_str(&if is_hanging && !must_break { "}".to_owned() } else { format!("\n{indent}}}") });
        text
    }
}

/// True when the lines of a group are indented as the place asks for.
fn is_at_home(tree: &Tree, indent: &str) -> bool {
    let lines = tree.group().and_then(|group| group.layout.lines.as_ref());
    lines.is_none_or(|lines| lines.is_hanging || lines.close == indent)
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::check;

    #[test]
    fn what_was_laid_out_by_hand_stays_so() {
        check(&[
            ("use z::old::{ A, B, C };\n", "- B", "use z::old::{ A, C };\n"),
            ("use z::old::{A,B,C,};\n", "- B", "use z::old::{A, C,};\n"),
            ("use z::{A,\n       B,\n       C};\n", "- A", "use z::{B,\n       C};\n"),
            ("use z::{\n    D, A,\n    C, E,\n};\n", "- C", "use z::{\n    D, A,\n    E,\n};\n"),
            (
                "use z::{\n    D, A,\n    C, E,\n};\n",
                "D -> z::n::D",
                "use z::{\n    n::D, A,\n    C, E,\n};\n",
            ),
        ]);
    }

    #[test]
    fn comments_of_every_kind_stay() {
        check(&[
            ("use z::{A /* x */, B, C};\n", "- B", "use z::{A /* x */, C};\n"),
            (
                "use z::{ // all\n    A,\n    B,\n    // end\n};\n",
                "- A",
                "use z::{ // all\n    B,\n    // end\n};\n",
            ),
            ("use z::{A, /* b */ B, C};\n", "- A", "use z::{/* b */ B, C};\n"),
        ]);
    }
}
