//! Changes of `use` declarations as edits of text: names leave their groups, join others, and comments go with them.

mod by_hand;
mod difference;
mod entries;
mod extern_crate;
mod layout;
mod moving;
mod order;
mod reader;
mod runs;
mod sniffing;
mod spelling;
mod statement;
mod tokens;
mod tree;
#[cfg(test)]
mod trial;

use crate::language::{LanguageError, Surroundings};
use crate::model::{Edit, FileChanges, FileFacts, ImportId, SourceFile, Span, SymbolPath};
use entries::Settler;
use layout::Style;
use order::Order;
use spelling::{Spelled, Speller};
use statement::Statement;
use tokens::Token;
use tree::Prefix;

/// A file taken apart into what imports.
struct File<'run> {
    text: &'run str,
    facts: &'run FileFacts,
    tokens: Vec<Token>,
    statements: Vec<Statement>,
    style: Style,
    order: Order,
    /// True when names of one module have a declaration each.
    is_granular: bool,
}

impl<'run> File<'run> {
    fn read(text: &'run str, facts: &'run FileFacts) -> Self {
        let tokens = tokens::read(text);
        let statements = statement::read(text, &tokens, facts);
        let style = sniffing::style(text, &statements);
        let order = sniffing::order(&statements);
        let is_granular = sniffing::is_granular(&statements);
        Self { text, facts, tokens, statements, style, order, is_granular }
    }

    /// The path of an import as it is written.
    fn written(&self, statement: &Statement, id: ImportId) -> Option<Spelled> {
        let mut found = None;
        statement.tree.as_ref()?.0.leaves(&Prefix::default(), &mut |leaf, around| {
            if leaf.id == Some(id) {
                let whole = leaf.absolute(around);
                found = Some(Spelled { is_global: whole.is_global, names: whole.path });
            }
        });
        found
    }

    /// True when a comment stands directly above, and no import directly below: it speaks of this one alone.
    fn has_own_comment(&self, statement: &Statement) -> bool {
        let Some(lines) = &statement.lines else { return false };
        let above = self.text[..lines.span.start as usize].lines().next_back().unwrap_or("").trim();
        let is_comment = above.starts_with("//") && !above.starts_with("//!") || above.ends_with("*/");
        let mut others = self.statements.iter().filter_map(|other| other.lines.as_ref());
        is_comment && !others.any(|other| other.span.start == lines.span.end)
    }
}

/// Puts `changes` into text.
pub(super) fn edits(
    source: &SourceFile,
    facts: &FileFacts,
    surroundings: &Surroundings<'_>,
    changes: &FileChanges,
) -> Result<Vec<Edit>, LanguageError> {
    let mut edits = Vec::new();
    let mut done: Vec<Span> = Vec::new();
    if !changes.items.is_empty() || !changes.additions.is_empty() {
        let file = File::read(source.text(), facts);
        let speller = Speller { facts: Some(facts), surroundings };
        let mut settler = Settler::new(&file, changes, &speller);
        settler.settle()?;
        extern_crate::edits(&file, changes, &speller, &mut edits)?;
        done = runs::edits(&file, &settler.entries, changes, &mut edits);
    }
    for replacement in &changes.replacements {
        if !done.iter().any(|span| span.contains(replacement.span)) {
            let (span, text, rule) = (replacement.span, replacement.text.clone(), replacement.rule.clone());
            edits.push(Edit { span, text, rule });
        }
    }
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    Ok(edits)
}

/// `target` as it can stand in code with nothing imported: from the root of the own crate, or from the name of another.
pub(super) fn inline_path(target: &SymbolPath, surroundings: &Surroundings<'_>) -> Option<String> {
    spelling::inline(target, surroundings)
}

#[cfg(test)]
mod tests {
    use super::trial::{Wish, apply, apply_as};

    fn check(cases: &[(&str, &str, &str)]) {
        for (text, script, expected) in cases {
            assert_eq!(apply(text, script), *expected, "{text} with {script}");
        }
    }

    #[test]
    fn a_single_leaf_moves_in_place() {
        check(&[
            ("use crate::old::A;\n", "A -> own::new::A", "use crate::new::A;\n"),
            (
                "pub(crate) use crate::old::A;\n",
                "A -> own::new::B as A",
                "pub(crate) use crate::new::B as A;\n",
            ),
            ("use crate::old::A as B;\n", "A as B -> own::new::B as B", "use crate::new::B;\n"),
            ("use crate::old::T as _;\n", "T as _ -> own::new::T", "use crate::new::T as _;\n"),
            ("use crate::old::*;\n", "* -> own::new", "use crate::new::*;\n"),
            (
                "#[cfg(x)]\npub use crate::old::A; // why\n",
                "A -> own::new::A",
                "#[cfg(x)]\npub use crate::new::A; // why\n",
            ),
            ("use crate::old::A;", "A -> own::type::A", "use crate::r#type::A;"),
            (
                "fn f() { use crate::old::A; g() }\n",
                "A -> own::new::A",
                "fn f() { use crate::new::A; g() }\n",
            ),
            ("use old::A;\n", "A -> new::A", "use new::A;\n"),
            ("use ::old::A;\n", "A -> new::A", "use ::new::A;\n"),
            ("extern crate old as x;\n", "old -> new as x", "extern crate new as x;\n"),
            ("extern crate old;\n", "old -> new as old", "extern crate new as old;\n"),
        ]);
    }

    #[test]
    fn a_leaf_leaves_its_group() {
        check(&[
            (
                "use crate::old::{A, B, C};\n",
                "B -> own::zoo::B",
                "use crate::old::{A, C};\nuse crate::zoo::B;\n",
            ),
            ("use crate::old::{A, B};\n", "B -> own::new::B", "use crate::new::B;\nuse crate::old::A;\n"),
            ("use a::{b::{C, D}, e};\n", "- D", "use a::{b::C, e};\n"),
            ("use a::{self, B};\n", "- B", "use a;\n"),
            ("use a::{self as x, B};\n", "- B", "use a as x;\n"),
            ("use a::{B};\nuse c::D;\n", "- B", "use c::D;\n"),
        ]);
    }

    #[test]
    fn a_group_that_moves_as_one_keeps_its_form() {
        check(&[
            ("use crate::old::{A, B};\n", "A -> own::new::A; B -> own::new::B", "use crate::new::{A, B};\n"),
            (
                "use crate::{old::{self, A}, z};\n",
                "self -> own::new; A -> own::new::A",
                "use crate::{new::{self, A}, z};\n",
            ),
        ]);
    }

    #[test]
    fn a_leaf_joins_what_is_there() {
        check(&[
            ("use crate::{old::M, other::X};\n", "M -> own::new::M", "use crate::{new::M, other::X};\n"),
            ("use crate::new::A;\nuse crate::old::B;\n", "B -> own::new::B", "use crate::new::{A, B};\n"),
            (
                "use crate::new::{A, C};\nuse crate::old::B;\n",
                "B -> own::new::B",
                "use crate::new::{A, B, C};\n",
            ),
            (
                "use crate::new::A;\npub use crate::old::B;\n",
                "B -> own::new::B",
                "use crate::new::A;\npub use crate::new::B;\n",
            ),
            (
                "use crate::new::A;\nuse crate::old::{A as Z, B};\n",
                "A as Z -> own::new::A",
                "use crate::new::A;\nuse crate::old::B;\n",
            ),
            (
                "use crate::old::{A, B, C};\n",
                "A -> own::zoo::A; C -> own::zoo::C",
                "use crate::old::B;\nuse crate::zoo::{A, C};\n",
            ),
        ]);
    }

    #[test]
    fn what_is_no_dependency_is_refused() {
        let refused = apply_as("use old::A;\n", "A -> lost::A", Wish::default()).unwrap_err();
        assert_eq!(refused.to_string(), "`lost` is no dependency of this package");
    }
}
