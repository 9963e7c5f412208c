//! Names that a match binds and its replacement does not: nothing that is left may read them.

use super::Pattern;
use super::bindings::Reach;
use super::matching::{Captured, Correspondence};
use super::search::Found;
use super::side::{Side, Word};
use super::tree::{Item, LeafId, NodeId, Role, SyntaxTree};
use super::writing::Writer;
use crate::model::Span;
use std::ops::Range;

/// What a match binds and its replacement does not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Where that stands in the text.
    pub targets: Vec<Target>,
    /// What goes over into the replacement unchanged.
    pub kept: Vec<Span>,
}

/// A name that goes, or what holds several of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Its bytes.
    pub span: Span,
    /// True when the pattern speaks of this very name.
    pub is_named: bool,
}

impl Found {
    /// What of the names in the scope around goes with the match.
    pub fn dropped(&self, pattern: &Pattern, text: &SyntaxTree) -> Dropped {
        let Some(replace) = &pattern.replace else { return Dropped::default() };
        let sides = Sides { find: &pattern.find, replace, found: &self.correspondence };
        let is_open = |reach: Reach| reach == Reach::Scope;
        let targets = sides.dropped(&is_open).flat_map(|leaf| {
            let is_named = matches!(pattern.find.words[leaf as usize], Word::Fixed(_));
            sides.places(leaf, text).into_iter().map(move |span| Target { span, is_named })
        });
        let bound_again = sides.bound_again(text);
        let is_gone = |target: &Target| !bound_again.contains(&target.span.of(text.text()));
        let mut targets: Vec<Target> = targets.filter(is_gone).collect();
        targets.sort_unstable();
        let kept = if targets.is_empty() { Vec::new() } else { sides.kept(text) };
        Dropped { targets, kept }
    }

    /// What was only read and comes to be bound in the scope around: `$X.extend($Y)`, `$X += $Y`.
    pub fn bound_anew(&self, pattern: &Pattern, text: &SyntaxTree) -> Vec<Span> {
        let Some(replace) = &pattern.replace else { return Vec::new() };
        let new = replace.bound.iter().filter(|bound| bound.reach == Reach::Scope);
        let new = new.map(|bound| &replace.words[bound.leaf as usize]);
        let was_bound =
            |word: &Word| pattern.find.bound.iter().any(|old| pattern.find.words[old.leaf as usize] == *word);
        let captures = new.filter(|word| !was_bound(word)).filter_map(|word| match word {
            Word::Part { capture, .. } => Some(&self.correspondence.captured[*capture]),
            Word::Fixed(_) | Word::Many(_) => None,
        });
        captures.flat_map(Captured::items).map(|item| text.item_span(item)).collect()
    }
}

impl Writer<'_> {
    /// What is left must not read a name that goes.
    pub(super) fn keeps_names_bound(&self) -> Result<(), String> {
        let sides = Sides { find: self.find, replace: self.replace, found: self.found };
        let node = self.there(self.find.roots[0]);
        for bound in self.find.bound.iter().filter(|bound| bound.reach != Reach::Scope) {
            if !sides.dropped(&|reach| reach == bound.reach).any(|leaf| leaf == bound.leaf) {
                continue;
            }
            let Some(&place) = sides.places(bound.leaf, self.text).first() else { continue };
            let name = place.of(self.text.text());
            let is_read =
                |leaves: &Range<LeafId>| self.is_named(name, leaves) || self.is_in_format(name, leaves);
            let is_left = match bound.reach {
                Reach::Rest => is_read(&self.block_around(node, true)),
                Reach::Around => {
                    let (around, own) = (self.block_around(node, false), &self.text.node(node).leaves);
                    is_read(&(around.start..own.start)) || is_read(&(own.end..around.end))
                }
                Reach::Within | Reach::Block | Reach::Scope => false,
            };
            if is_left || sides.kept_items().any(|item| is_read(&self.leaves_of(item))) {
                return Err(unbound(name));
            }
        }
        Ok(())
    }
}

/// Why a match stays whose name is read elsewhere.
pub fn unbound(name: &str) -> String {
    format!("`{name}` is bound by what would go, and used elsewhere")
}

/// Both sides of a pattern and a match.
struct Sides<'run> {
    find: &'run Side,
    replace: &'run Side,
    found: &'run Correspondence,
}

impl<'run> Sides<'run> {
    /// The tokens of what is looked for that bind a name which is bound no more. What is assigned from itself was bound before.
    fn dropped(&self, is_asked: &'run dyn Fn(Reach) -> bool) -> impl Iterator<Item = LeafId> {
        let (find, replace) = (self.find, self.replace);
        let is_same =
            move |leaf: LeafId, other: LeafId| find.words[leaf as usize] == replace.words[other as usize];
        let is_bound = move |leaf: LeafId| replace.bound.iter().any(|bound| is_same(leaf, bound.leaf));
        let is_assigned_from_itself = move |leaf: LeafId| {
            let word = &find.words[leaf as usize];
            let is_other = |at: usize| find.bound.iter().all(|bound| bound.leaf as usize != at);
            let mut others = (0..find.words.len()).filter(|&at| find.words[at] == *word && is_other(at));
            find.tree.direct(find.roots[0], "=").is_some() && others.next().is_some()
        };
        let bound = find.bound.iter().filter(move |bound| is_asked(bound.reach)).map(|bound| bound.leaf);
        bound.filter(move |&leaf| !is_bound(leaf) && !is_assigned_from_itself(leaf))
    }

    /// Where a token of what is looked for stands in the text, or what it captures there.
    fn places(&self, leaf: LeafId, text: &SyntaxTree) -> Vec<Span> {
        match (&self.find.words[leaf as usize], self.found.leaves[leaf as usize]) {
            (_, Some(there)) => vec![text.item_span(Item::Leaf(there))],
            (Word::Part { capture, .. } | Word::Many(capture), None) => {
                let items = self.found.captured[*capture].items();
                items.into_iter().map(|item| text.item_span(item)).collect()
            }
            (Word::Fixed(_), None) => Vec::new(),
        }
    }

    /// What captures hold that the replacement binds: it may be the name of something that goes.
    fn bound_again<'text>(&self, text: &'text SyntaxTree) -> Vec<&'text str> {
        let captures =
            self.replace.bound.iter().filter_map(|bound| match &self.replace.words[bound.leaf as usize] {
                Word::Part { capture, .. } => Some(&self.found.captured[*capture]),
                Word::Fixed(_) | Word::Many(_) => None,
            });
        captures.flat_map(Captured::items).map(|item| text.item_span(item).of(text.text())).collect()
    }

    /// What the captures hold that the replacement takes over.
    fn kept_items(&self) -> impl Iterator<Item = Item> {
        let captures = self.replace.captures().map(|(capture, _)| &self.found.captured[capture]);
        captures.flat_map(Captured::items)
    }

    fn kept(&self, text: &SyntaxTree) -> Vec<Span> {
        let mut kept: Vec<Span> = self.kept_items().map(|item| text.item_span(item)).collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }
}

impl SyntaxTree {
    /// The innermost statement around some code when it is an assignment: all of it, in bytes.
    pub fn assignment_around(&self, code: Span) -> Option<Span> {
        let is_around =
            |id: &NodeId| self.node(*id).kind.role == Role::Statement && self.span(*id).contains(code);
        let statement = (0..self.nodes.len() as NodeId).rfind(is_around)?;
        self.direct(statement, "=").map(|_| self.span(statement))
    }

    /// Whether a name that is read at `read` got what it holds at `binding`, whatever runs, once the code in `left` has run. All
    /// are places of tokens, in bytes; only the plain cases are known.
    pub fn is_bound_between(&self, left: Span, binding: u32, read: u32) -> bool {
        let holds = |id: NodeId, place: u32| {
            let span = self.span(id);
            span.start <= place && place < span.end
        };
        let behind = self.leaf_at(binding).and_then(|leaf| self.leaves.get(leaf as usize + 1));
        let is_condition = behind.is_some_and(|behind| behind.span.of(&self.text) == ":=");
        let inner = (0..self.nodes.len() as NodeId).rfind(|&id| holds(id, binding));
        let tested = inner.and_then(|name| self.parent(self.parent(name)?));
        let mut around = std::iter::successors(inner, |&id| self.parent(id));
        around.any(|id| {
            let (span, words) = (self.span(id), &self.node(id).leaves);
            let is_apart = span.end <= left.start || left.end <= span.start;
            let first = self.words(words.clone()).find(|word| *word != "async");
            if !is_apart || binding >= read {
                return false;
            }
            if holds(id, read) {
                // Its head binds what its body reads.
                let colon = self.direct(id, ":").map(|leaf| self.leaves[leaf as usize].span.start);
                let is_head = colon.is_some_and(|colon| binding < colon && colon < read);
                let has_rest = self.direct(id, "else").is_some();
                let binds = match first {
                    Some("with" | "except" | "case") => !is_condition,
                    Some("for") => !is_condition && !has_rest,
                    Some("if") => is_condition && tested == Some(id),
                    _ => false,
                };
                return is_head && binds;
            }
            if is_condition {
                return false;
            }
            let Some(block) = self.parent(id) else { return false };
            // Statements in a row: what goes, what binds, what reads.
            let is_row = left.end <= span.start && span.end <= read;
            let holds_all = holds(block, left.start) && holds(block, read);
            let is_parted = self.items(block).into_iter().any(|item| {
                let start = self.item_span(item).start;
                let part =
                    matches!(item, Item::Leaf(leaf) if matches!(self.word(leaf), "else" | "finally" | ":"));
                part && left.start < start && start < read
            });
            let is_try = self.node(block).leaves.clone().next().is_some_and(|leaf| self.word(leaf) == "try");
            let sign = self.direct(id, "=").map(|leaf| self.leaves[leaf as usize].span.start);
            let is_target =
                matches!(first, Some("import" | "from")) || sign.is_some_and(|sign| binding < sign);
            is_row && holds_all && !is_parted && !is_try && is_target
        })
    }
}
