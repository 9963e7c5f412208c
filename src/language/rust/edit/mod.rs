//! Changes of `use` declarations as edits of text: names leave their groups, join others, and comments go with them.

mod by_hand;
mod difference;
mod entries;
mod examples;
mod extern_crate;
mod homes;
mod items;
mod joining;
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
pub(super) use items::{ident_of, is_trait, without_items};
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
    let (changes, in_examples) = examples::split(facts, changes);
    let changes = &changes;
    let mut edits = Vec::new();
    for (index, changes) in in_examples {
        edits.extend(examples::edits(source.text(), &facts.examples[index], surroundings, changes)?);
    }
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
    use super::trial::{Wish, apply_as, check};

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
            ("use crate::old;\n", "old -> own as old", "use crate as old;\n"),
            (
                "#[cfg(x)]\npub use crate::old::A; // why\n",
                "A -> own::new::A",
                "#[cfg(x)]\npub use crate::new::A; // why\n",
            ),
        ]);
    }

    #[test]
    fn what_is_no_dependency_is_refused() {
        let refused = apply_as("use old::A;\n", "A -> lost::A", Wish::default()).unwrap_err();
        assert_eq!(refused.to_string(), "`lost` is no dependency of this package");
    }

    #[test]
    fn a_comment_inside_a_path_is_refused_and_hinders_no_other_statement() {
        let text = "use a /* x */ ::{A, B};\nuse c::C;\n";
        let refused = apply_as(text, "A -> d::A", Wish::default()).unwrap_err();
        assert_eq!(refused.to_string(), "a comment stands inside a path of the statement");
        check(&[(text, "C -> d::C", "use a /* x */ ::{A, B};\nuse d::C;\n")]);
    }
}
