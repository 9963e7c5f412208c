//! What a match must say afterwards, told from its captures and its replacement: what is written is compared with it.

use super::matching::{Captured, captured_shape};
use super::shape::{Instead, Shape, parts, shape};
use super::side::Word;
use super::tree::{Item, Kind, LeafId, NodeId};
use super::writing::Writer;
use crate::language::FrontEnd;

impl Writer<'_> {
    /// The shape that the match has afterwards.
    pub fn outcome(&self, front_end: &dyn FrontEnd) -> Option<Shape> {
        let mut instead = Instead::default();
        for (&id, text) in self.spelled {
            let fragment = front_end.fragment(text).ok()?;
            instead.nodes.insert(id, shape(&fragment.tree, *fragment.roots.first()?, &Instead::default()));
        }
        for id in 0..self.replace.tree.nodes.len() as NodeId {
            if let Some((capture, _)) = self.replace.whole(id) {
                match &self.found.captured[capture] {
                    // A part of a name is a name of its own.
                    Captured::Text(_) => {}
                    Captured::Items(items) => {
                        instead.parts.insert(id, parts(self.text, items, &Instead::default()));
                    }
                    captured => match self.text.name_in(captured) {
                        // A name stands there as what it stands for there, be it bound or read.
                        Some(name) => {
                            let place = self.replace.tree.node(id).leaves.start;
                            instead.leaves.insert(place, self.text.word(name).into());
                        }
                        None => {
                            let shape = self.shape_at(id, captured);
                            instead.nodes.extend(shape.map(|shape| (id, shape)));
                        }
                    },
                }
            }
        }
        for id in 0..self.replace.words.len() as LeafId {
            if let Word::Part { .. } = self.replace.words[id as usize] {
                instead.leaves.insert(id, self.word(id).into());
            }
        }
        let roots: Vec<Item> = self.replace.roots.iter().map(|&root| Item::Node(root)).collect();
        Some(parts(&self.replace.tree, &roots, &instead).into_iter().flat_map(|(_, shape)| shape).collect())
    }

    /// What a capture says at a place of the replacement: an expression may be a statement on one side only. `None` where its
    /// expression is told for itself.
    fn shape_at(&self, place: NodeId, captured: &Captured) -> Option<Shape> {
        let is_bare = self.replace.tree.node(place).kind.is(Kind::BARE);
        let Captured::Node(id) = *captured else { return Some(captured_shape(self.text, captured)) };
        let was_bare = self.text.node(id).kind.is(Kind::BARE);
        match self.text.children(id).next().filter(|_| was_bare && !is_bare) {
            Some(expression) => Some(captured_shape(self.text, &Captured::Node(expression))),
            None => (was_bare || !is_bare).then(|| captured_shape(self.text, captured)),
        }
    }
}
