//! The syntax of a text in neutral terms: nested nodes over its tokens, without what never carries meaning.

use crate::model::Span;
use std::ops::Range;
use std::sync::Arc;

/// Index of a node in [`SyntaxTree`].
pub type NodeId = u32;
/// Index of a token in [`SyntaxTree`].
pub type LeafId = u32;

/// What a node is in its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The language's own number for it.
    pub code: u16,
    /// Its part in the grammar.
    pub role: Role,
    /// What is true of it, of the bits below.
    pub traits: u16,
}

/// The part of a node in the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Has a value.
    Expression,
    /// Stands in a block.
    Statement,
    /// Part of one of them.
    Other,
}

impl Kind {
    /// A name, or one more name behind a chain of them: `a`, `a.b`.
    pub const LINK: u16 = 1;
    /// Its children stand between brackets with commas: one may be put in or taken out.
    pub const LIST: u16 = 2;
    /// Its first token is a key by which it is found among its neighbours, whatever their order: `key=value`.
    pub const KEYED: u16 = 4;
    /// Needs no brackets wherever it stands.
    pub const ATOM: u16 = 8;
    /// Its children need no brackets whatever they are.
    pub const OPEN: u16 = 16;
    /// A statement that is nothing but an expression.
    pub const BARE: u16 = 32;
    /// May need brackets even among neighbours with commas between.
    pub const LOOSE: u16 = 64;
    /// A string with code in it: not everything that is code elsewhere can stand in there.
    pub const QUOTED: u16 = 128;
    /// Code with names of its own, which runs another time.
    pub const SCOPE: u16 = 256;

    /// True when all of `traits` hold.
    pub const fn is(self, traits: u16) -> bool {
        self.traits & traits == traits
    }
}

/// A node: some tokens in a row. Nodes stand in the order in which they begin, outer ones first.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub kind: Kind,
    pub span: Span,
    /// Its tokens, those of its children included.
    pub leaves: Range<LeafId>,
    /// The first node behind it that does not lie in it.
    pub next: NodeId,
}

/// A token that carries meaning.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Its bytes.
    pub span: Span,
    /// What it says, where that is spelled in another way: quotes, characters in another form.
    pub normal: Option<Box<str>>,
}

/// One part of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Node(NodeId),
    Leaf(LeafId),
}

/// The syntax of a text. Node 0 is the whole.
#[derive(Debug, Clone)]
pub struct SyntaxTree {
    pub(super) text: Arc<str>,
    pub(super) nodes: Vec<Node>,
    pub(super) leaves: Vec<Leaf>,
    /// Comments, sorted.
    pub(super) comments: Vec<Span>,
}

/// A node before its tokens are known.
#[derive(Debug, Clone)]
pub struct Outline {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub span: Span,
}

impl SyntaxTree {
    /// The tree of `outlines` over `leaves`, which stand in the order of the text. Of outlines with the same bytes the outer one
    /// comes first; otherwise their order is of no account.
    pub fn new(text: &str, mut outlines: Vec<Outline>, leaves: Vec<Leaf>, comments: Vec<Span>) -> Self {
        outlines.sort_by_key(|outline| (outline.span.start, std::cmp::Reverse(outline.span.end)));
        let whole = Kind { code: u16::MAX, role: Role::Other, traits: Kind::OPEN };
        let whole = Outline { kind: whole, span: Span::new(0, text.len() as u32) };
        let first = |offset: u32| leaves.partition_point(|leaf| leaf.span.start < offset) as LeafId;
        let mut nodes: Vec<Node> = Vec::with_capacity(outlines.len() + 1);
        let mut open: Vec<usize> = Vec::new();
        let close = |nodes: &mut Vec<Node>, open: &mut Vec<usize>, at: u32| {
            while let Some(&last) = open.last().filter(|&&last| nodes[last].span.end <= at) {
                nodes[last].next = nodes.len() as NodeId;
                open.pop();
            }
        };
        for Outline { kind, span } in std::iter::once(whole).chain(outlines) {
            close(&mut nodes, &mut open, span.start);
            open.push(nodes.len());
            nodes.push(Node { kind, span, leaves: first(span.start)..first(span.end), next: 0 });
        }
        close(&mut nodes, &mut open, u32::MAX);
        Self { nodes, text: text.into(), leaves, comments }
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    pub(super) fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// What a token says.
    pub(super) fn word(&self, id: LeafId) -> &str {
        let leaf = &self.leaves[id as usize];
        leaf.normal.as_deref().unwrap_or_else(|| leaf.span.of(&self.text))
    }

    pub(super) fn words(&self, leaves: Range<LeafId>) -> impl Iterator<Item = &str> {
        leaves.map(|id| self.word(id))
    }

    /// The nodes directly inside.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.node(id).next;
        let first = Some(id + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.node(child).next).filter(|&next| next < end))
    }

    /// The parts of a node in order.
    pub(super) fn items(&self, id: NodeId) -> Vec<Item> {
        let Range { start: mut at, end } = self.node(id).leaves;
        let mut items = Vec::new();
        for child in self.children(id) {
            let inside = &self.node(child).leaves;
            items.extend((at..inside.start).map(Item::Leaf));
            items.push(Item::Node(child));
            at = inside.end.max(at);
        }
        items.extend((at..end).map(Item::Leaf));
        items
    }

    pub(super) fn item_span(&self, item: Item) -> Span {
        match item {
            Item::Node(id) => self.span(id),
            Item::Leaf(id) => self.leaves[id as usize].span,
        }
    }

    /// The names of a chain such as `a.b`, when the node is nothing else.
    pub(super) fn chain(&self, id: NodeId) -> Option<Vec<&str>> {
        let mut at = Some(id);
        while let Some(link) = at {
            if !self.node(link).kind.is(Kind::LINK) {
                return None;
            }
            at = self.children(link).next();
        }
        let is_name = |word: &&str| word.starts_with(|first: char| first.is_alphanumeric() || first == '_');
        Some(self.words(self.node(id).leaves.clone()).filter(is_name).collect())
    }

    /// Where the first token of a node begins, in bytes.
    pub(super) fn start(&self, id: NodeId) -> u32 {
        let node = self.node(id);
        self.leaves.get(node.leaves.start as usize).map_or(node.span.start, |leaf| leaf.span.start)
    }

    /// The token directly in a node that says `word`.
    pub(super) fn direct(&self, node: NodeId, word: &str) -> Option<LeafId> {
        self.items(node).into_iter().find_map(|item| match item {
            Item::Leaf(leaf) if self.word(leaf) == word => Some(leaf),
            _ => None,
        })
    }

    /// The token that begins at this byte.
    pub(super) fn leaf_at(&self, start: u32) -> Option<LeafId> {
        let found = self.leaves.binary_search_by_key(&start, |leaf| leaf.span.start);
        found.ok().map(|leaf| leaf as LeafId)
    }

    /// True when a token begins in `span`.
    pub(super) fn has_leaf(&self, span: Span) -> bool {
        let first = self.leaves.partition_point(|leaf| leaf.span.start < span.start);
        self.leaves.get(first).is_some_and(|leaf| leaf.span.start < span.end)
    }

    /// The node directly around one.
    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        (0..id).rev().find(|&outer| self.node(outer).next > id)
    }

    /// The statement that consists of nothing but an expression.
    pub(super) fn bare_statement(&self, expression: NodeId) -> Option<NodeId> {
        self.parent(expression).filter(|&outer| self.node(outer).kind.is(Kind::BARE))
    }

    /// True when a node lies in a string with code in it.
    pub(super) fn is_quoted(&self, id: NodeId) -> bool {
        self.around(id, Kind::QUOTED).is_some()
    }

    /// The nearest node around one of which `traits` hold.
    pub(super) fn around(&self, id: NodeId, traits: u16) -> Option<NodeId> {
        let mut around = std::iter::successors(self.parent(id), |&outer| self.parent(outer));
        around.find(|&outer| self.node(outer).kind.is(traits))
    }

    /// What stands directly around a node.
    pub(super) fn parent_kind(&self, id: NodeId) -> Kind {
        self.node(self.parent(id).unwrap_or_default()).kind
    }

    /// What stands between the brackets of a list.
    pub(super) fn inside_of_list(&self, id: NodeId) -> Option<Span> {
        let Node { kind, span, .. } = self.node(id);
        (kind.is(Kind::LIST) && span.len() >= 2).then(|| Span::new(span.start + 1, span.end - 1))
    }

    /// Where an item lies: in a list with the brackets around it that only hold it together.
    pub(super) fn extent_in_list(&self, item: Item) -> Span {
        let mut span = self.item_span(item);
        let Item::Node(id) = item else { return span };
        let Some(inside) = self.parent(id).and_then(|parent| self.inside_of_list(parent)) else {
            return span;
        };
        loop {
            let before = self.text[inside.start as usize..span.start as usize].trim_end();
            let after = self.text[span.end as usize..inside.end as usize].trim_start();
            if !before.ends_with('(') || !after.starts_with(')') {
                return span;
            }
            let start = inside.start + before.len() as u32 - 1;
            span = Span::new(start, inside.end - after.len() as u32 + 1);
        }
    }

    /// Where the first statement begins, in bytes.
    pub fn first_statement(&self) -> Option<u32> {
        self.children(0).next().map(|id| self.span(id).start)
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// An empty place at the start of the line of the first statement that is not a lone string; `None` when a string stands on
    /// that line too.
    pub fn top(&self) -> Option<Span> {
        let is_text = |id: &NodeId| {
            let node = self.node(*id);
            let is_string = |word: &str| word.ends_with(['"', '\'']);
            node.kind.is(Kind::BARE)
                && !node.leaves.is_empty()
                && self.words(node.leaves.clone()).all(is_string)
        };
        let first = self.children(0).find(|id| !is_text(id));
        let at = first.map_or(self.text.len(), |id| self.span(id).start as usize);
        let mark = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let start = self.above_comments(self.text[..at].rfind('\n').map_or(mark, |at| at + 1)) as u32;
        let is_alone = !self.has_leaf(Span::new(start, at as u32));
        (is_alone && start as usize <= at).then(|| Span::new(start, start))
    }

    /// The start of the comment right above a line, unless that is what the file begins with.
    fn above_comments(&self, line: usize) -> usize {
        let before = |at: usize| {
            let above = self.text[..at].strip_suffix('\n')?;
            let start = above.rfind('\n').map_or(0, |end| end + 1);
            let first = start + above[start..].len() - above[start..].trim_start().len();
            self.comments
                .binary_search_by_key(&(first as u32), |comment| comment.start)
                .is_ok()
                .then_some(start)
        };
        let first = std::iter::successors(Some(line), |&at| before(at)).last().unwrap_or(line);
        if first == 0 { line } else { first }
    }

    /// The pieces that a fragment consists of: its statements, or the expression that is the only one.
    pub fn pieces(&self) -> Vec<NodeId> {
        let pieces: Vec<NodeId> = self.children(0).collect();
        match pieces[..] {
            [only] if self.node(only).kind.is(Kind::BARE) => {
                self.children(only).next().map_or(pieces, |expression| vec![expression])
            }
            _ => pieces,
        }
    }
}
