//! Whether a node is what a pattern looks for, and what its captures stand for there.

use super::shape::{Shape, Step, shape_of_items};
use super::side::{Side, Word};
use super::tree::{Item, Kind, LeafId, Node, NodeId, Role, SyntaxTree};
use crate::model::SymbolPath;

/// A chain of names as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'text> {
    /// Where its first name begins, in bytes.
    pub start: u32,
    /// Its names.
    pub names: &'text [&'text str],
}

/// Whether what is written stands for the path in the pattern.
pub type StandsFor<'run> = dyn Fn(Written<'_>, &SymbolPath) -> bool + 'run;

/// What a capture stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Captured {
    /// Not known yet.
    #[default]
    Open,
    Node(NodeId),
    /// Any number of parts, which need not stand side by side.
    Items(Vec<Item>),
    /// Part of a name.
    Text(Box<str>),
}

impl Captured {
    /// The parts that it stands for; a part of a name is none.
    pub fn items(&self) -> Vec<Item> {
        match self {
            Self::Node(id) => vec![Item::Node(*id)],
            Self::Items(items) => items.clone(),
            Self::Open | Self::Text(_) => Vec::new(),
        }
    }
}

/// How the parts of a pattern and of a text correspond.
#[derive(Debug, Clone)]
pub(super) struct Correspondence {
    /// What each node of the pattern is in the text.
    pub nodes: Vec<Option<NodeId>>,
    /// What each token of the pattern is.
    pub leaves: Vec<Option<LeafId>>,
    /// By the numbers of the captures.
    pub captured: Vec<Captured>,
}

impl Side {
    /// Whether what the side begins with stands at the beginning of `node`: a look that costs little. `known` is the chain of
    /// names that another side has asked for there.
    pub fn may_begin<'text>(
        &self,
        text: &'text SyntaxTree,
        node: NodeId,
        stands_for: &StandsFor<'_>,
        known: &mut Option<(NodeId, Option<Vec<&'text str>>)>,
    ) -> bool {
        let (mut wanted, mut there) = (self.roots[0], node);
        loop {
            if let Some(path) = self.chains.get(&wanted) {
                if known.as_ref().is_none_or(|(node, _)| *node != there) {
                    *known = Some((there, text.chain(there)));
                }
                let names = known.as_ref().and_then(|(_, names)| names.as_deref());
                return names
                    .is_some_and(|names| stands_for(Written { start: text.start(there), names }, path));
            }
            if self.whole(wanted).is_some() {
                return true;
            }
            if self.tree.node(wanted).kind.code != text.node(there).kind.code {
                return false;
            }
            let (Some(first), Some(other)) = (self.first_part(wanted), text.children(there).next()) else {
                return true;
            };
            (wanted, there) = (first, other);
        }
    }

    /// The first node inside one, when nothing but that can stand there.
    fn first_part(&self, id: NodeId) -> Option<NodeId> {
        let first = self.tree.children(id).next()?;
        let is_movable = self.key(first).is_some() || self.many(Item::Node(first)).is_some();
        (!is_movable).then_some(first)
    }
}

/// One attempt.
pub(super) struct Matcher<'run> {
    side: &'run Side,
    text: &'run SyntaxTree,
    stands_for: &'run StandsFor<'run>,
    found: Correspondence,
}

impl<'run> Matcher<'run> {
    /// What `side` corresponds to at `node`; `None` when that is something else.
    pub fn attempt(
        side: &'run Side,
        text: &'run SyntaxTree,
        node: NodeId,
        captures: usize,
        stands_for: &'run StandsFor<'run>,
    ) -> Option<Correspondence> {
        let found = Correspondence {
            nodes: vec![None; side.tree.nodes.len()],
            leaves: vec![None; side.tree.leaves.len()],
            captured: vec![Captured::Open; captures],
        };
        let mut matcher = Self { side, text, stands_for, found };
        matcher.node(side.roots[0], node).then_some(matcher.found)
    }

    fn node(&mut self, wanted: NodeId, there: NodeId) -> bool {
        self.found.nodes[wanted as usize] = Some(there);
        let (pattern, text) = (self.side.tree.node(wanted), self.text.node(there));
        if let Some((capture, _)) = self.side.whole(wanted) {
            let fits = match pattern.kind.role {
                Role::Other => pattern.kind.code == text.kind.code,
                role => role == text.kind.role,
            };
            return fits && self.capture(capture, Captured::Node(there));
        }
        if let Some(path) = self.side.chains.get(&wanted) {
            let Some(names) = self.text.chain(there) else { return false };
            return (self.stands_for)(Written { start: self.text.start(there), names: &names }, path);
        }
        if pattern.kind.code != text.kind.code {
            return false;
        }
        let (mut wanted, mut there) = (self.side.tree.items(wanted), self.text.items(there));
        self.keyed(&mut wanted, &mut there) && self.row(&wanted, &there)
    }

    /// Finds what has a key, whatever the order; the rest stays.
    fn keyed(&mut self, wanted: &mut Vec<Item>, there: &mut Vec<Item>) -> bool {
        let mut all_found = true;
        let side = self.side;
        wanted.retain(|&item| {
            let Item::Node(id) = item else { return true };
            let Some(key) = side.key(id) else { return true };
            let place = there.iter().position(|&item| self.has_key(item, key));
            let found = place.map(|place| there.remove(place));
            all_found &= matches!(found, Some(Item::Node(found)) if self.node(id, found));
            false
        });
        all_found
    }

    fn has_key(&self, item: Item, key: &str) -> bool {
        let Item::Node(id) = item else { return false };
        let node = self.text.node(id);
        node.kind.is(Kind::KEYED) && !node.leaves.is_empty() && self.text.word(node.leaves.start) == key
    }

    /// Items in order; one of those wanted may stand for any number.
    fn row(&mut self, wanted: &[Item], there: &[Item]) -> bool {
        let Some(many) = wanted.iter().position(|&item| self.side.many(item).is_some()) else {
            return wanted.len() == there.len() && self.pairs(wanted, there);
        };
        let (before, rest) = wanted.split_at(many);
        let after = &rest[1..];
        if let Some((sign, word)) = self.side.sign_between(wanted, many) {
            // Each part up to the word that parts them.
            let is_sign = |item: &Item| matches!(item, Item::Leaf(id) if self.text.word(*id) == word);
            let Some(place) = there.iter().position(is_sign) else { return false };
            return self.row(&wanted[..sign], &there[..place]) && self.row(&wanted[sign..], &there[place..]);
        }
        let Some(between) = there.len().checked_sub(before.len() + after.len()) else { return false };
        let (first, rest) = there.split_at(before.len());
        let (captured, last) = rest.split_at(between);
        let capture = self.side.many(wanted[many]).expect("the row was parted at a capture of any number");
        self.pairs(before, first)
            && self.pairs(after, last)
            && captured.iter().all(|&item| self.may_be_captured(wanted[many], item))
            && self.capture(capture, Captured::Items(captured.to_vec()))
    }

    /// Tokens that only hold a node together are no parts of a list, and an `else` is no statement.
    fn may_be_captured(&self, capture: Item, item: Item) -> bool {
        let are_statements = |tree: &SyntaxTree, id: NodeId| tree.node(id).kind.role == Role::Statement;
        match item {
            Item::Node(id) => match capture {
                Item::Node(capture) => {
                    !are_statements(&self.side.tree, capture) || are_statements(self.text, id)
                }
                Item::Leaf(_) => true,
            },
            Item::Leaf(id) => matches!(self.text.word(id), ":" | "**" | "*" | "/"),
        }
    }

    fn pairs(&mut self, wanted: &[Item], there: &[Item]) -> bool {
        wanted.iter().zip(there).all(|(&wanted, &there)| match (wanted, there) {
            (Item::Node(wanted), Item::Node(there)) => self.node(wanted, there),
            (Item::Leaf(wanted), Item::Leaf(there)) => self.leaf(wanted, there),
            _ => false,
        })
    }

    fn leaf(&mut self, wanted: LeafId, there: LeafId) -> bool {
        self.found.leaves[wanted as usize] = Some(there);
        let word = self.text.word(there);
        let side = self.side;
        match &side.words[wanted as usize] {
            Word::Fixed(text) => **text == *word,
            Word::Part { before, capture, after } => {
                let rest = word.strip_prefix(&**before).and_then(|rest| rest.strip_suffix(&**after));
                let rest = rest.filter(|rest| !rest.is_empty() && super::side::is_name(word));
                rest.is_some_and(|rest| self.capture(*capture, Captured::Text(rest.into())))
            }
            Word::Many(_) => false,
        }
    }

    /// A capture that stands twice stands for the same both times.
    fn capture(&mut self, capture: usize, new: Captured) -> bool {
        let known = &self.found.captured[capture];
        if *known == Captured::Open {
            self.found.captured[capture] = new;
            return true;
        }
        // A name is the same whether something binds it or reads it.
        match (self.text.name_in(known), self.text.name_in(&new)) {
            (Some(known), Some(new)) => self.text.word(known) == self.text.word(new),
            _ => captured_shape(self.text, known) == captured_shape(self.text, &new),
        }
    }
}

impl SyntaxTree {
    /// The only token of a capture, when that is a name: something that is read, or bound.
    pub(super) fn name_in(&self, captured: &Captured) -> Option<LeafId> {
        let Captured::Node(id) = captured else { return None };
        let Node { kind, leaves, .. } = self.node(*id);
        let is_open = kind.is(Kind::LINK) || kind.role == Role::Other;
        (is_open && leaves.len() == 1 && super::side::is_name(self.word(leaves.start)))
            .then_some(leaves.start)
    }
}

/// What a capture says.
pub(super) fn captured_shape(text: &SyntaxTree, captured: &Captured) -> Shape {
    match captured {
        Captured::Open => Shape::new(),
        Captured::Node(id) => shape_of_items(text, &[Item::Node(*id)]),
        Captured::Items(items) => shape_of_items(text, items),
        Captured::Text(part) => vec![Step::Word(part.clone())],
    }
}
