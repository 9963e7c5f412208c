//! What a text says, without how it is laid out: two texts with the same shape mean the same.

use super::tree::{Item, Kind, LeafId, NodeId, SyntaxTree};
use rustc_hash::FxHashMap;

/// Below this many free bytes the walk moves to a fresh piece of stack, and its size: nesting has no bound.
const RED_ZONE: usize = 64 * 1024;
const PIECE: usize = 1024 * 1024;

/// One step of a walk through a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Enter(u16),
    Word(Box<str>),
    Leave,
}

/// The steps of a walk.
pub(super) type Shape = Vec<Step>;

/// What stands in place of some nodes and tokens.
#[derive(Default)]
pub(super) struct Instead {
    pub nodes: FxHashMap<NodeId, Shape>,
    /// Any number of parts in place of one, each with its key.
    pub parts: FxHashMap<NodeId, Vec<Part>>,
    pub leaves: FxHashMap<LeafId, Box<str>>,
}

/// A part of a node with the key by which it is found, when it has one.
pub(super) type Part = (Option<String>, Shape);

/// The shapes of some items, each for itself.
pub(super) fn parts(tree: &SyntaxTree, items: &[Item], instead: &Instead) -> Vec<Part> {
    let mut parts = Vec::new();
    for &item in items {
        match item {
            Item::Node(id) if instead.parts.contains_key(&id) => parts.extend_from_slice(&instead.parts[&id]),
            item => {
                let mut steps = Vec::new();
                walk(tree, item, instead, &mut steps);
                parts.push((key(tree, item), steps));
            }
        }
    }
    parts
}

/// The key of an item.
pub(super) fn key(tree: &SyntaxTree, item: Item) -> Option<String> {
    let Item::Node(id) = item else { return None };
    let node = tree.node(id);
    if !node.kind.is(Kind::KEYED) || node.leaves.is_empty() {
        return None;
    }
    let word = tree.word(node.leaves.start);
    super::side::is_name(word).then(|| word.to_owned())
}

/// The shape of one node. What has a key comes last and sorted: its order says nothing.
pub(super) fn shape(tree: &SyntaxTree, id: NodeId, instead: &Instead) -> Shape {
    let mut steps = Vec::new();
    walk(tree, Item::Node(id), instead, &mut steps);
    steps
}

/// The shape of some items one behind the other.
pub(super) fn shape_of_items(tree: &SyntaxTree, items: &[Item]) -> Shape {
    let mut steps = Vec::new();
    items.iter().for_each(|&item| walk(tree, item, &Instead::default(), &mut steps));
    steps
}

fn walk(tree: &SyntaxTree, item: Item, instead: &Instead, steps: &mut Shape) {
    let id = match item {
        Item::Leaf(id) => {
            let word = instead.leaves.get(&id).map_or_else(|| tree.word(id), |word| &**word);
            return steps.push(Step::Word(word.into()));
        }
        Item::Node(id) => id,
    };
    if let Some(known) = instead.nodes.get(&id) {
        return steps.extend_from_slice(known);
    }
    let node = tree.node(id);
    steps.push(Step::Enter(node.kind.code));
    let items = tree.items(id);
    let is_sorted = |&item: &Item| match item {
        Item::Node(id) => tree.node(id).kind.is(Kind::KEYED) || instead.parts.contains_key(&id),
        Item::Leaf(_) => false,
    };
    stacker::maybe_grow(RED_ZONE, PIECE, || {
        if items.iter().any(is_sorted) {
            let mut parts = parts(tree, &items, instead);
            parts.sort_by(|(left, _), (right, _)| left.cmp(right));
            steps.extend(parts.into_iter().flat_map(|(_, shape)| shape));
        } else {
            items.into_iter().for_each(|item| walk(tree, item, instead, steps));
        }
    });
    steps.push(Step::Leave);
}
