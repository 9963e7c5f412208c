//! Names that a side of a pattern binds, and what keeps a match as it is because such a name means something there already.

use super::side::{Side, Word, is_name};
use super::tree::{Item, Kind, LeafId, NodeId, Role, SyntaxTree};
use super::writing::Writer;
use crate::model::{BindingKind, FileFacts};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Where a name that a side binds can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only inside of code with names of its own.
    Within,
    /// From there to the end of the block, which stands inside of the side.
    Block,
    /// From there to the end of the block around.
    Rest,
    /// Everywhere in the block around.
    Around,
    /// Everywhere in the function around, or in the module.
    Scope,
}

/// A name that a side binds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub leaf: LeafId,
    pub reach: Reach,
}

/// The names that the syntax of a side binds, told from its facts, in which it begins at byte `base`.
pub(super) fn bound(tree: &SyntaxTree, roots: &[NodeId], facts: &FileFacts, base: u32) -> Vec<Bound> {
    let reach = |leaf: LeafId, is_value: bool, scope: u32| match (facts.is_declarative, is_value) {
        (false, _) if scope == 0 => Reach::Scope,
        (false, _) => Reach::Within,
        (true, false) => Reach::Around,
        (true, true) if roots.iter().any(|&root| is_let(tree, root, leaf)) => Reach::Rest,
        (true, true) => Reach::Block,
    };
    let bound = facts.bindings.iter().filter_map(|binding| {
        let leaf = tree.leaf_at(binding.span.start.checked_sub(base)?)?;
        let is_value = matches!(binding.kind, BindingKind::Value);
        Some(Bound { leaf, reach: reach(leaf, is_value, binding.scope) })
    });
    bound.collect()
}

/// The tokens that read what the side itself binds. What an assignment binds is another thing than what it reads.
pub(super) fn own(
    tree: &SyntaxTree,
    roots: &[NodeId],
    facts: &FileFacts,
    base: u32,
    bound: &[Bound],
) -> FxHashSet<LeafId> {
    let is_assigned = |leaf: LeafId| {
        let mut around = roots.iter().filter(|&&root| tree.node(root).leaves.contains(&leaf));
        around.any(|&root| {
            let is_target = |bound: &Bound| {
                tree.node(root).leaves.contains(&bound.leaf) && tree.word(bound.leaf) == tree.word(leaf)
            };
            tree.direct(root, "=").is_some() && bound.iter().any(is_target)
        })
    };
    let read = facts.references.iter().filter(|reference| !reference.bindings.is_empty());
    let read = read.filter_map(|reference| {
        let leaf = tree.leaf_at(reference.segments[0].span.start.checked_sub(base)?)?;
        bound.iter().any(|bound| tree.word(bound.leaf) == tree.word(leaf)).then_some(leaf)
    });
    read.filter(|&leaf| !is_assigned(leaf)).collect()
}

/// Whether a token is a name that a `let` binds.
fn is_let(tree: &SyntaxTree, statement: NodeId, leaf: LeafId) -> bool {
    let leaves = &tree.node(statement).leaves;
    let sign = leaves.clone().find(|&leaf| tree.word(leaf) == "=").unwrap_or(leaves.end);
    !leaves.is_empty() && tree.word(leaves.start) == "let" && (leaves.start..sign).contains(&leaf)
}

impl Writer<'_> {
    /// A name that only the replacement binds must not mean something there already.
    pub(super) fn keeps_names_apart(&self) -> Result<(), String> {
        for &bound in &self.replace.bound {
            let word = &self.replace.words[bound.leaf as usize];
            let is_same =
                |old: &Bound| old.reach == bound.reach && self.find.words[old.leaf as usize] == *word;
            if is_capture(word) || self.find.bound.iter().any(is_same) {
                continue;
            }
            let name = self.word(bound.leaf);
            if self.is_spelled(&name) || self.is_taken(&name, bound)? {
                return Err(format!("`{name}` is bound by the replacement and used here already"));
            }
        }
        Ok(())
    }

    /// Whether a path of the replacement begins with a name, as it is spelled at this place.
    fn is_spelled(&self, name: &str) -> bool {
        self.spelled.values().any(|text| text.split('.').next() == Some(name))
    }

    fn is_taken(&self, name: &str, bound: Bound) -> Result<bool, String> {
        let node = self.there(self.find.roots[0]);
        let is_read = |leaves| self.is_named(name, leaves) || self.is_in_format(name, leaves);
        Ok(match bound.reach {
            Reach::Within => false, // What comes to stand in there is looked at for itself.
            Reach::Block => self.is_captured(name, bound),
            Reach::Rest => self.is_captured(name, bound) || is_read(&self.block_around(node, true)),
            Reach::Around => is_read(&self.block_around(node, false)),
            Reach::Scope => {
                let scope = self.owner(name, node)?.unwrap_or_default();
                self.is_named(name, &self.text.node(scope).leaves)
            }
        })
    }

    /// Whether a name stands among some tokens, members and keys aside.
    pub(super) fn is_named(&self, name: &str, leaves: &Range<LeafId>) -> bool {
        let is_member = |leaf: LeafId| leaf > 0 && self.text.word(leaf - 1) == ".";
        let is_key = |leaf: LeafId| {
            let is_keyed = |node: &super::tree::Node| node.kind.is(Kind::KEYED) && node.leaves.start == leaf;
            self.text.nodes.iter().any(|node| is_keyed(node) && node.leaves.len() > 1)
        };
        leaves.clone().any(|leaf| self.text.word(leaf) == name && !is_member(leaf) && !is_key(leaf))
    }

    /// Whether a string among some tokens may be a text that a macro puts a variable in.
    pub(super) fn is_in_format(&self, name: &str, leaves: &Range<LeafId>) -> bool {
        let opening = format!("{{{name}");
        let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        let mut words = self.text.words(leaves.clone()).filter(|word| word.contains('"'));
        words.any(|word| word.match_indices(&opening).any(|(at, _)| is_whole(&word[at + opening.len()..])))
    }

    /// Whether what was captured has the name where the replacement binds it.
    fn is_captured(&self, name: &str, bound: Bound) -> bool {
        let tree = &self.replace.tree;
        let captures = (0..tree.nodes.len() as NodeId).filter_map(|id| Some((id, self.replace.whole(id)?.0)));
        let mut seen = captures.filter(|(id, _)| sees(tree, tree.node(*id).leaves.start, bound.leaf));
        seen.any(|(_, capture)| {
            let mut leaves =
                self.found.captured[capture].items().into_iter().map(|item| self.leaves_of(item));
            leaves.any(|leaves| self.is_named(name, &leaves) || self.is_in_format(name, &leaves))
        })
    }

    pub(super) fn leaves_of(&self, item: Item) -> Range<LeafId> {
        match item {
            Item::Node(id) => self.text.node(id).leaves.clone(),
            Item::Leaf(leaf) => leaf..leaf + 1,
        }
    }

    /// The tokens of the block around a node, or those behind the node.
    pub(super) fn block_around(&self, node: NodeId, only_rest: bool) -> Range<LeafId> {
        let leaves = &self.text.node(node).leaves;
        let end = self.unmatched(leaves.end..self.text.leaves.len() as LeafId, ("{", "}"));
        let end = end.unwrap_or(self.text.leaves.len() as LeafId);
        let start = || self.unmatched((0..leaves.start).rev(), ("}", "{")).unwrap_or_default();
        if only_rest { leaves.end..end } else { start()..end }
    }

    /// The first token that closes what none of them opens.
    fn unmatched(&self, leaves: impl Iterator<Item = LeafId>, (open, close): (&str, &str)) -> Option<LeafId> {
        let mut depth = 0_usize;
        for leaf in leaves {
            let word = self.text.word(leaf);
            match depth {
                0 if word == close => return Some(leaf),
                _ if word == close => depth -= 1,
                _ => depth += usize::from(word == open),
            }
        }
        None
    }

    /// Whether a definition is looked for.
    fn defines(&self) -> bool {
        let leaves = self.find.tree.node(self.find.roots[0]).leaves.clone();
        let mut words = self.find.tree.words(leaves).skip_while(|word| *word == "async");
        words.next().is_some_and(|word| matches!(word, "def" | "class" | "@"))
    }

    /// The function whose names a name that is bound at a node is one of; `None` for the module.
    fn owner(&self, name: &str, node: NodeId) -> Result<Option<NodeId>, String> {
        let start = self.text.node(node).leaves.start;
        let mut at = node;
        while let Some(scope) = self.text.around(at, Kind::SCOPE) {
            let is_expression = self.text.node(scope).kind.role == Role::Expression;
            let is_comprehension = is_expression && self.text.direct(scope, "lambda").is_none();
            // What stands in front of a body belongs to the code around.
            let is_body = || self.text.direct(scope, ":").is_some_and(|colon| colon < start);
            if is_comprehension && self.text.is_source(scope, node) {
                return Err("`:=` may not stand here".to_owned()); // PEP 572.
            }
            if !is_comprehension && is_body() {
                return match self.text.direct(scope, "class") {
                    // A definition there is an attribute whatever its name.
                    Some(_) if !self.defines() => {
                        Err(format!("`{name}` would become an attribute of the class"))
                    }
                    _ => Ok(Some(scope)),
                };
            }
            at = scope;
        }
        Ok(None)
    }
}

/// Whether one place of a text in Rust sees what another one binds, as far as that is certain.
fn sees(tree: &SyntaxTree, place: LeafId, binding: LeafId) -> bool {
    let holds = |node: &NodeId, leaf: LeafId| tree.node(*node).leaves.contains(&leaf);
    let mut nodes = (0..tree.nodes.len() as NodeId).filter(|node| holds(node, binding));
    let is_apart = |node: NodeId| match holds(&node, place) {
        true => tree.word(tree.node(node).leaves.start) == "let", // It binds what only the code behind it sees.
        false => tree.direct(node, "=>").is_some(),
    };
    binding < place && !nodes.any(is_apart)
}

/// True for a word that is one capture: what it binds was there.
fn is_capture(word: &Word) -> bool {
    match word {
        Word::Fixed(text) => !is_name(text),
        Word::Part { before, after, .. } => before.is_empty() && after.is_empty(),
        Word::Many(_) => true,
    }
}

impl Side {
    /// Takes note of what it binds; chains of names that begin with that are no paths of symbols, nor are such names builtin ones.
    pub(super) fn note_bound(&mut self, facts: &FileFacts, base: u32) {
        self.is_declarative = facts.is_declarative;
        self.bound = bound(&self.tree, &self.roots, facts, base);
        let own = own(&self.tree, &self.roots, facts, base, &self.bound);
        let tree = &self.tree;
        self.chains.retain(|&id, _| !own.contains(&tree.node(id).leaves.start));
        let is_bound = |name: &str| self.bound.iter().any(|bound| tree.word(bound.leaf) == name);
        self.builtins.retain(|(_, name)| !is_bound(name));
    }
}
