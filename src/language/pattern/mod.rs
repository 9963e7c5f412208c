//! `[[usage]]` patterns: found in the syntax of a text, whatever its layout, and written anew with the smallest edits.
//!
//! Pattern, replacement and text are read by the same parser into neutral trees ([`SyntaxTree`]); all of the rest is the same
//! for every language.

mod bindings;
mod bound;
mod contexts;
mod dropped;
mod functions;
mod guards;
mod indentation;
mod marks;
mod matching;
mod outcome;
mod search;
mod shape;
mod side;
mod spacing;
#[cfg(test)]
mod tests;
mod tree;
mod writing;

pub use bound::BoundNames;
pub use dropped::{Dropped, Target, unbound};
pub use matching::{StandsFor, Written};
pub use search::{Found, PatternSet, Rewrite, rewrite};
pub use tree::{Kind, Leaf, LeafId, NodeId, Outline, Role, SyntaxTree};

use super::FrontEnd;
use crate::model::{Span, SymbolPath};
use marks::Captures;
use regex::Regex;
use side::Side;
use std::collections::BTreeSet;

/// What a piece of code consists of: one expression, or statements.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// Its syntax.
    pub tree: SyntaxTree,
    /// The expression, or the statements in order.
    pub roots: Vec<NodeId>,
}

/// A replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The bytes that go.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Replaced {
    /// `text` with all of `edits` carried out, those at one place in their order; `None` when two of them want the same bytes.
    pub fn apply<'edit>(text: &str, edits: impl IntoIterator<Item = &'edit Self>) -> Option<String> {
        let mut edits: Vec<&Self> = edits.into_iter().collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let (mut after, mut at) = (String::with_capacity(text.len()), 0);
        for edit in edits {
            after += text.get(at..edit.span.start as usize)?;
            after += &edit.text;
            at = edit.span.end as usize;
        }
        Some(after + &text[at..])
    }
}

/// A key of a `[[usage]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `find`.
    Find,
    /// `replace`.
    Replace,
    /// `where`.
    Where,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// Where.
    pub key: Key,
    /// What, without a final full stop.
    pub message: String,
}

/// One `[[usage]]`, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    find: Side,
    replace: Option<Side>,
    captures: Captures,
    /// What the text of a capture must match.
    constraints: Vec<(usize, Regex)>,
    required: BTreeSet<String>,
}

/// A pattern as it is written.
#[derive(Debug, Clone, Default)]
pub struct WrittenPattern<'rule> {
    /// What is looked for.
    pub find: &'rule str,
    /// What is written instead.
    pub replace: Option<&'rule str>,
    /// Names of captures, without the sign, each with the regular expression that its text must match somewhere.
    pub constraints: Vec<(&'rule str, &'rule str)>,
}

impl Pattern {
    /// Takes a pattern apart.
    ///
    /// # Errors
    /// When it cannot be read, says nothing, or says what cannot be.
    pub fn new(front_end: &dyn FrontEnd, written: &WrittenPattern<'_>) -> Result<Self, PatternError> {
        let mut captures = Captures::default();
        let find = Side::read(front_end, written.find, Key::Find, &mut captures)?;
        check_find(&find, &captures)?;
        let known: Vec<(usize, bool)> = find.captures().collect();
        let replace = written.replace.map(|text| Side::read(front_end, text, Key::Replace, &mut captures));
        let mut replace = replace.transpose()?;
        if let Some(replace) = &mut replace {
            if !find.is_expression() {
                replace.roots = replace.tree.children(0).collect();
            }
            check_replace(front_end, (&find, replace), &known, &captures)?;
        }
        let mut constraints = Vec::new();
        for &(name, pattern) in &written.constraints {
            let wrong = |message: String| PatternError { key: Key::Where, message };
            let capture = captures.find(name.trim_start_matches('$'));
            let capture = capture.filter(|capture| known.iter().any(|(known, _)| known == capture));
            let capture = capture.ok_or_else(|| wrong(format!("`find` captures no `${name}`")))?;
            let regex = Regex::new(pattern).map_err(|error| wrong(last_line(&error.to_string())))?;
            constraints.push((capture, regex));
        }
        let required = find.required().into_iter().map(str::to_owned).collect();
        let pattern = Self { find, replace, captures, constraints, required };
        match pattern.repeats_itself() {
            true => Err(PatternError {
                key: Key::Replace,
                message: "`find` finds the replacement again, and so without end".to_owned(),
            }),
            false => Ok(pattern),
        }
    }

    /// Names without which a text cannot hold what is looked for, those of [`Self::paths`] aside.
    pub const fn required(&self) -> &BTreeSet<String> {
        &self.required
    }

    /// The chains of names in what is looked for: each may be the path of a symbol.
    pub fn paths(&self) -> impl Iterator<Item = &SymbolPath> {
        self.find.chains.values()
    }

    /// The same in what is written instead, each with what stands for it there.
    pub fn new_paths(&self) -> impl Iterator<Item = (NodeId, &SymbolPath)> {
        let chains = self.replace.iter().flat_map(|replace| &replace.chains);
        chains.map(|(id, path)| (*id, path))
    }

    /// The names in what is written instead that stand alone and mean what is there without an import.
    pub fn new_builtins(&self) -> impl Iterator<Item = &str> {
        self.replace.iter().flat_map(|replace| &replace.builtins).map(|(_, name)| &**name)
    }

    /// The words of what is written instead that begin a path or stand alone, that it does not bind itself, and that what is
    /// looked for does not have.
    pub fn new_words(&self) -> impl Iterator<Item = &str> {
        let words = self.replace.iter().flat_map(|replace| {
            let is_own =
                |word: &&str| replace.bound.iter().any(|bound| replace.tree.word(bound.leaf) == *word);
            replace.first_words().filter(move |word| !is_own(word))
        });
        words.filter(|word| !self.find.has_word(word))
    }

    /// True when something is written instead.
    pub const fn is_rewrite(&self) -> bool {
        self.replace.is_some()
    }

    /// True when it looks for a path alone and something else is written instead, which is made anew wherever it stands.
    pub fn makes_path_anew(&self) -> bool {
        let is_path = |side: &Side| matches!(side.roots[..], [root] if side.chains.contains_key(&root));
        is_path(&self.find) && self.replace.as_ref().is_some_and(|replace| !is_path(replace))
    }

    /// True when a sign comes with what is written instead.
    pub fn brings_sign(&self, sign: &str) -> bool {
        let has_sign = |side: &Side| side.has_word(sign);
        !has_sign(&self.find) && self.replace.as_ref().is_some_and(has_sign)
    }

    /// True when it looks for a statement.
    pub fn is_statement(&self) -> bool {
        !self.find.is_expression()
    }

    /// True when statements are written instead of an expression, which must be a statement of its own then.
    pub(super) fn makes_statement(&self) -> bool {
        self.find.is_expression() && self.replace.as_ref().is_some_and(|replace| !replace.is_expression())
    }

    /// Whether what is written would be looked for again: then there is no end to it.
    fn repeats_itself(&self) -> bool {
        let Some(replace) = self.replace.as_ref().filter(|_| self.constraints.is_empty()) else {
            return false;
        };
        let is_path =
            |written: Written<'_>, path: &SymbolPath| written.names.iter().eq(path.segments().iter());
        let nodes = 0..replace.tree.nodes.len() as NodeId;
        let mut nodes = nodes.filter(|&id| replace.whole(id).is_none());
        nodes.any(|id| {
            matching::Matcher::attempt(&self.find, &replace.tree, id, self.captures.len(), &is_path).is_some()
        })
    }
}

fn check_find(find: &Side, captures: &Captures) -> Result<(), PatternError> {
    let wrong = |message: &str| Err(PatternError { key: Key::Find, message: message.to_owned() });
    let [root] = find.roots[..] else {
        return wrong("a pattern is one expression or one statement");
    };
    if find.whole(root).is_some() {
        return wrong("a pattern that is one capture would find everything");
    }
    for id in 0..find.tree.nodes.len() as NodeId {
        let items = find.tree.items(id);
        let many: Vec<usize> = (0..items.len()).filter(|&at| find.many(items[at]).is_some()).collect();
        let unclear = many.windows(2).find(|pair| find.sign_between(&items, pair[0]).is_none());
        if let Some(second) = unclear.and_then(|pair| find.many(items[pair[1]])) {
            let name = captures.name(second);
            let message =
                format!("`$$${name}` is the second of its kind in one list: where does the first one end?");
            return Err(PatternError { key: Key::Find, message });
        }
    }
    Ok(())
}

fn check_replace(
    front_end: &dyn FrontEnd,
    (find, replace): (&Side, &Side),
    known: &[(usize, bool)],
    captures: &Captures,
) -> Result<(), PatternError> {
    let wrong = |message: String| Err(PatternError { key: Key::Replace, message });
    if replace.roots.is_empty() {
        return wrong(
            "nothing is written instead; without `replace` the pattern is only reported".to_owned(),
        );
    }
    if front_end.bare_expression_is_value() && find.is_expression() && !replace.is_expression() {
        let has_block = replace.tree.text.contains("!{") || replace.tree.text.contains("! {");
        let help =
            if has_block { ": call the macro with `( )`, since `{ }` makes it a statement" } else { "" };
        return wrong(format!("`find` is an expression, so `replace` must be one too{help}"));
    }
    for (capture, is_many) in replace.captures() {
        let name = captures.name(capture);
        match known.iter().find(|(known, _)| *known == capture) {
            None => return wrong(format!("`find` captures no `${name}`")),
            Some((_, was_many)) if *was_many != is_many => {
                let sign = if *was_many { "$$$" } else { "$" };
                return wrong(format!("`{name}` is captured as `{sign}{name}`"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// What a text says, for tests of a language.
#[cfg(test)]
pub(super) fn told(tree: &SyntaxTree) -> impl std::fmt::Debug {
    shape::shape(tree, 0, &shape::Instead::default())
}

fn last_line(text: &str) -> String {
    let line = text.lines().next_back().unwrap_or_default();
    line.trim()
        .trim_start_matches("error: ")
        .chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect()
}
