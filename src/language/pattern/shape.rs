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
    pub leaves: FxHashMap<LeafId, Box<str>>,
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
    let mut items = tree.items(id);
    let key = |item: &Item| match *item {
        Item::Node(id) if tree.node(id).kind.is(Kind::KEYED) && !tree.node(id).leaves.is_empty() => {
            let word = tree.word(tree.node(id).leaves.start);
            super::side::is_name(word).then(|| word.to_owned())
        }
        _ => None,
    };
    items.sort_by_cached_key(key);
    for item in items {
        stacker::maybe_grow(RED_ZONE, PIECE, || walk(tree, item, instead, steps));
    }
    steps.push(Step::Leave);
}
