//! One side of a pattern, what is looked for or what is written instead, taken apart once.

use super::bindings::Bound;
use super::marks::Captures;
use super::tree::{Item, Kind, LeafId, Node, NodeId, Role, SyntaxTree};
use super::{Fragment, Key, PatternError};
use crate::language::FrontEnd;
use crate::model::SymbolPath;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What a token of a pattern stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Itself.
    Fixed(Box<str>),
    /// A name of which a part is captured.
    Part { before: Box<str>, capture: usize, after: Box<str> },
    /// Any number of parts.
    Many(usize),
}

/// One side.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub tree: SyntaxTree,
    pub roots: Vec<NodeId>,
    pub words: Vec<Word>,
    /// The longest chains of names without a capture, of two names at least.
    pub chains: FxHashMap<NodeId, SymbolPath>,
    /// The names that it binds.
    pub bound: Vec<Bound>,
    /// Names that stand alone and mean what is there without an import.
    pub builtins: Vec<(NodeId, Box<str>)>,
    /// True in a language in which an assignment binds no name.
    pub is_declarative: bool,
}

impl Side {
    pub fn read(
        front_end: &dyn FrontEnd,
        text: &str,
        key: Key,
        captures: &mut Captures,
    ) -> Result<Self, PatternError> {
        let encoded = captures.encode(text.trim_matches(['\n', '\r']));
        let fragment = front_end.fragment(&encoded).map_err(|error| {
            let at = encoded.get(..error.span.start as usize).map(|before| captures.decode_all(before));
            let at = at.map_or(0, |before| before.chars().count()) + 1;
            PatternError {
                key,
                message: format!("{} at character {at}", captures.decode_all(&error.message)),
            }
        })?;
        let Fragment { tree, roots } = fragment;
        let words =
            tree.words(0..tree.leaves.len() as LeafId).map(|word| read_word(word, captures)).collect();
        let mut side = Self {
            tree,
            roots,
            words,
            chains: FxHashMap::default(),
            bound: Vec::new(),
            builtins: Vec::new(),
            is_declarative: false,
        };
        side.find_chains(front_end);
        let (facts, base) = front_end.fragment_facts(&encoded);
        side.note_bound(&facts, base);
        Ok(side)
    }

    fn find_chains(&mut self, front_end: &dyn FrontEnd) {
        let mut id = 0;
        while (id as usize) < self.tree.nodes.len() {
            let node = self.tree.node(id);
            let is_fixed = || {
                self.words[node.leaves.start as usize..node.leaves.end as usize].iter().all(Word::is_fixed)
            };
            let names = self.tree.chain(id).filter(|_| is_fixed()).unwrap_or_default();
            match names[..] {
                [name] if node.kind.role == Role::Expression && front_end.is_builtin(name) => {
                    self.builtins.push((id, name.into()));
                    id += 1;
                }
                [] | [_] => id += 1,
                _ => {
                    self.chains.insert(id, SymbolPath::new(front_end.language(), names));
                    id = node.next;
                }
            }
        }
    }

    /// The capture that a node is as a whole, and whether it stands for any number of parts.
    pub fn whole(&self, id: NodeId) -> Option<(usize, bool)> {
        let Node { leaves, span, .. } = self.tree.node(id);
        if leaves.len() != 1 || self.tree.leaves[leaves.start as usize].span != *span {
            return None;
        }
        match &self.words[leaves.start as usize] {
            Word::Part { before, capture, after } if before.is_empty() && after.is_empty() => {
                Some((*capture, false))
            }
            Word::Many(capture) => Some((*capture, true)),
            _ => None,
        }
    }

    /// The capture of any number of parts that an item is.
    pub fn many(&self, item: Item) -> Option<usize> {
        match item {
            Item::Node(id) => self.whole(id).filter(|(_, is_many)| *is_many).map(|(capture, _)| capture),
            Item::Leaf(id) => match self.words[id as usize] {
                Word::Many(capture) => Some(capture),
                _ => None,
            },
        }
    }

    /// The word that stands between the `many`th of some items, which stands for any number, and the next one of that kind:
    /// `finally`.
    pub fn sign_between(&self, items: &[Item], many: usize) -> Option<(usize, &str)> {
        let next = many + 1 + items[many + 1..].iter().position(|&item| self.many(item).is_some())?;
        (many + 1..next).find_map(|at| match items[at] {
            Item::Leaf(id) => match &self.words[id as usize] {
                Word::Fixed(word) if is_name(word) => Some((at, &**word)),
                _ => None,
            },
            Item::Node(_) => None,
        })
    }

    /// The key of a keyed node, when that is fixed.
    pub fn key(&self, id: NodeId) -> Option<&str> {
        let node = self.tree.node(id);
        let first = self.words.get(node.leaves.start as usize).filter(|_| node.kind.is(Kind::KEYED))?;
        match first {
            Word::Fixed(name) => Some(name),
            _ => None,
        }
    }

    /// True when the side is one expression.
    pub fn is_expression(&self) -> bool {
        matches!(self.roots[..], [root] if self.tree.node(root).kind.role == Role::Expression)
    }

    /// Names without which a text cannot hold the side, but for those of chains: these may be spelled elsewhere.
    pub fn required(&self) -> BTreeSet<&str> {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        let mut from = 0;
        let mut chains: Vec<NodeId> = self.chains.keys().copied().collect();
        chains.sort_unstable();
        for id in chains {
            let leaves = self.tree.node(id).leaves.clone();
            all.extend(self.fixed_names(from, leaves.start));
            from = leaves.end;
        }
        all.extend(self.fixed_names(from, self.words.len() as LeafId));
        all
    }

    fn fixed_names(&self, from: LeafId, to: LeafId) -> impl Iterator<Item = &str> {
        self.words[from as usize..to as usize].iter().filter_map(|word| match word {
            Word::Fixed(text) if is_name(text) => Some(&**text),
            _ => None,
        })
    }

    /// The names in it behind which nothing else begins: those that are no members.
    pub fn first_words(&self) -> impl Iterator<Item = &str> {
        let is_member = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| self.words.get(at));
            matches!(before, Some(Word::Fixed(sign)) if matches!(&**sign, "." | "::"))
        };
        let words = self.words.iter().enumerate().filter(move |(at, _)| !is_member(*at));
        words.filter_map(|(_, word)| match word {
            Word::Fixed(text) if is_name(text) => Some(&**text),
            _ => None,
        })
    }

    /// Whether it has a token that says `word`.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.iter().any(|own| matches!(own, Word::Fixed(text) if **text == *word))
    }

    /// Every capture in it, each with whether it stands for any number of parts.
    pub fn captures(&self) -> impl Iterator<Item = (usize, bool)> {
        self.words.iter().filter_map(|word| match word {
            Word::Fixed(_) => None,
            Word::Part { capture, .. } => Some((*capture, false)),
            Word::Many(capture) => Some((*capture, true)),
        })
    }
}

impl Word {
    pub const fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }
}

/// True for what is spelled like a name.
pub(super) fn is_name(text: &str) -> bool {
    text.chars().all(|character| character.is_alphanumeric() || character == '_')
        && !text.starts_with(|first: char| first.is_numeric())
}

fn read_word(word: &str, captures: &Captures) -> Word {
    match captures.mark(word).filter(|_| is_name(word)) {
        Some(mark) if mark.is_many && mark.is_whole() => Word::Many(mark.capture),
        Some(mark) if !mark.is_many && captures.mark(mark.after).is_none() => {
            Word::Part { before: mark.before.into(), capture: mark.capture, after: mark.after.into() }
        }
        _ => Word::Fixed(captures.decode_all(word).into()),
    }
}
