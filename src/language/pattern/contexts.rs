//! What was captured comes to stand in another function, class or loop: what it may not hold then.

use super::matching::captured_shape;
use super::shape::Step;
use super::side::{Side, Word, is_name};
use super::tree::{Item, Kind, LeafId, NodeId, Role, SyntaxTree};
use super::writing::Writer;

/// What only the function around can do, or is different in each.
const OF_THE_FUNCTION: [&str; 9] =
    ["await", "yield", ":=", "return", "?", "super", "__class__", "locals", "vars"];
const OF_THE_LOOP: [&str; 2] = ["break", "continue"];
/// What binds a name of the function around when a statement begins with it.
const BINDS: [&str; 9] = ["import", "from", "def", "class", "for", "with", "global", "nonlocal", "del"];

/// What stands around a part of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Context {
    /// The innermost code with names of its own.
    scope: Option<NodeId>,
    /// Its kind, and whether it is asynchronous.
    kind: Option<(u16, bool)>,
    in_loop: bool,
}

impl Context {
    fn of(side: &Side, part: NodeId) -> Self {
        let tree = &side.tree;
        let scope = tree.scope_around(part);
        let kind = scope.map(|id| match tree.is_comprehension(id) {
            // One that is written in its own brackets may wait for something and stay what it is.
            true => (u16::MAX, ["[", "{"].into_iter().any(|open| tree.direct(id, open).is_some())),
            false => (tree.node(id).kind.code, tree.direct(id, "async").is_some()),
        });
        let around = std::iter::successors(tree.parent(part), |&outer| tree.parent(outer));
        let mut inside = around.take_while(|outer| Some(*outer) != scope);
        Self { scope, kind, in_loop: inside.any(|outer| tree.is_loop(outer)) }
    }

    /// Whether what stands here does so in the same kind of code as what stands there.
    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.in_loop == other.in_loop
    }
}

impl Writer<'_> {
    /// A capture that comes to stand in code with names of its own, or out of it, must not read a name that is another one
    /// there, nor bind one, nor do what only the code around it can do.
    pub(super) fn keeps_captures_in_context(&self) -> Result<(), String> {
        for id in 0..self.replace.tree.nodes.len() as NodeId {
            let Some((capture, _)) = self.replace.whole(id) else { continue };
            let new = Context::of(self.replace, id);
            let before = (0..self.find.tree.nodes.len() as NodeId)
                .filter(|&old| self.find.whole(old).is_some_and(|(known, _)| known == capture));
            let before: Vec<Context> = before.map(|old| Context::of(self.find, old)).collect();
            let Some(old) = before.first().filter(|_| !before.iter().any(|old| old.is_like(&new))) else {
                continue;
            };
            self.keeps_in_context(capture, old, &new)?;
        }
        Ok(())
    }

    fn keeps_in_context(&self, capture: usize, old: &Context, new: &Context) -> Result<(), String> {
        let items = self.found.captured[capture].items();
        let is_free = |word: &&str| items.iter().any(|&item| self.does_here(item, word));
        if let Some(word) = OF_THE_LOOP.iter().find(|word| is_free(word)) {
            return Err(elsewhere(word));
        }
        let words: &[&str] = match (old.kind, new.kind) {
            (old, new) if old == new => return Ok(()),
            (Some((one, _)), Some((other, true))) if one == other => &["yield"],
            (Some((one, _)), Some((other, false))) if one == other => &["await", "async"],
            _ => &OF_THE_FUNCTION,
        };
        if let Some(word) = words.iter().find(|word| is_free(word)) {
            return Err(elsewhere(word));
        }
        if words.len() < OF_THE_FUNCTION.len() {
            return Ok(());
        }
        // Python reference, "Private name mangling".
        let is_private = |word: &&str| word.starts_with("__") && !word.ends_with("__");
        let mut words_of_items = items.iter().flat_map(|&item| self.text.words(self.leaves_of(item)));
        if let Some(word) = words_of_items.find(|word| !self.find.is_declarative && is_private(word)) {
            return Err(elsewhere(word));
        }
        if let Some(binder) = items.iter().find_map(|&item| self.binder(item)) {
            return Err(format!("what `{binder}` binds would be another name where it comes to stand"));
        }
        self.keeps_meaning(capture, new)
    }

    /// Whether names of a capture mean the same where it comes to stand.
    fn keeps_meaning(&self, capture: usize, new: &Context) -> Result<(), String> {
        let in_class = self.is_directly_in_class(self.there(self.find.roots[0]));
        let own = new.scope.map_or(&[][..], |scope| {
            let leaves = &self.replace.tree.node(scope).leaves;
            &self.replace.words[leaves.start as usize..leaves.end as usize]
        });
        for step in captured_shape(self.text, &self.found.captured[capture]) {
            let Step::Word(word) = step else { continue };
            let is_own = || own.iter().any(|own| matches!(own, Word::Fixed(own) if **own == *word));
            let is_new =
                || !self.find.words.iter().any(|old| matches!(old, Word::Fixed(old) if **old == *word));
            // A scope inside of a class does not see its names (Python reference, "Resolution of names").
            if is_name(&word) && (in_class || is_own() && is_new()) {
                return Err(elsewhere(&word));
            }
        }
        Ok(())
    }

    /// Whether the code of a part does what a word says in the function or loop around the part.
    fn does_here(&self, part: Item, word: &str) -> bool {
        let tree = self.text;
        let Item::Node(id) = part else { return false };
        let is_of_loop = OF_THE_LOOP.contains(&word);
        let holds_own = |leaf: LeafId| {
            let mut inside = (id..tree.node(id).next).filter(|&node| tree.node(node).leaves.contains(&leaf));
            // What stands behind `else` is done when the loop is over.
            let is_inner = |node: NodeId| tree.direct(node, "else").is_none_or(|part| leaf < part);
            inside.any(|node| tree.is_function(node) || is_of_loop && tree.is_loop(node) && is_inner(node))
        };
        tree.node(id).leaves.clone().any(|leaf| tree.word(leaf) == word && !holds_own(leaf))
    }

    /// The beginning of a statement in a part that binds a name of the function around.
    fn binder(&self, part: Item) -> Option<&str> {
        let tree = self.text;
        let Item::Node(id) = part else { return None };
        let mut statements =
            (id..tree.node(id).next).filter(|&node| tree.node(node).kind.role == Role::Statement);
        let binds = |node: NodeId| {
            let leaves = tree.node(node).leaves.clone();
            let mut words = tree.words(leaves).skip_while(|word| *word == "async" || *word == "@");
            let is_assignment = tree.items(node).into_iter().any(|item| match item {
                Item::Leaf(leaf) => tree.word(leaf).ends_with('=') && tree.word(leaf) != "==",
                Item::Node(_) => false,
            });
            !self.find.is_declarative
                && (is_assignment || words.next().is_some_and(|word| BINDS.contains(&word)))
        };
        // `case [a, b]`, `except E as e`.
        let names = |node: NodeId| {
            let mut words = tree.words(tree.node(node).leaves.clone());
            !self.find.is_declarative && words.any(|word| matches!(word, "case" | "as"))
        };
        let found = statements.find(|&node| binds(node) || names(node))?;
        tree.span(found).of(tree.text()).lines().next().map(str::trim)
    }
}

fn elsewhere(word: &str) -> String {
    format!("`{word}` would mean something else where it comes to stand")
}

impl SyntaxTree {
    /// The innermost code with names of its own in which a node stands, and not in front of it: headers, and what a comprehension
    /// goes through, belong to the code around.
    pub(super) fn scope_around(&self, node: NodeId) -> Option<NodeId> {
        let start = self.node(node).leaves.start;
        let around =
            std::iter::successors(self.around(node, Kind::SCOPE), |&scope| self.around(scope, Kind::SCOPE));
        let mut bodies = around.filter(|&scope| {
            if !self.is_comprehension(scope) {
                return self.direct(scope, ":").is_none_or(|colon| colon < start);
            }
            // What the first clause goes through.
            let clause = self.clauses(scope).next();
            let source = clause.and_then(|clause| self.direct(clause, "in").map(|sign| (clause, sign)));
            source.is_none_or(|(clause, sign)| {
                let end = self.direct(clause, "if").unwrap_or(self.node(clause).leaves.end);
                !(sign < start && start < end)
            })
        });
        bodies.next()
    }

    /// True for code with names of its own that is an expression with `for` in it.
    pub(super) fn is_comprehension(&self, scope: NodeId) -> bool {
        self.node(scope).kind.role == Role::Expression && self.clauses(scope).next().is_some()
    }

    fn clauses(&self, comprehension: NodeId) -> impl Iterator<Item = NodeId> {
        let children =
            self.children(comprehension).filter(|&clause| self.node(clause).kind.role == Role::Other);
        children.filter(|&clause| matches!(self.word(self.node(clause).leaves.start), "for" | "async"))
    }

    fn is_function(&self, node: NodeId) -> bool {
        self.node(node).kind.is(Kind::SCOPE) && !self.is_comprehension(node)
    }

    /// True for a statement, or expression, that goes round until something ends it.
    fn is_loop(&self, node: NodeId) -> bool {
        let node = self.node(node);
        let is_label =
            |word: &&str| word.starts_with('\'') && !word.ends_with('\'') || *word == ":" || *word == "async";
        let first = self.words(node.leaves.clone()).find(|word| !is_label(word));
        node.kind.role != Role::Other && matches!(first, Some("for" | "while" | "loop"))
    }

    /// Whether a node lies in what a comprehension goes through.
    pub(super) fn is_source(&self, comprehension: NodeId, node: NodeId) -> bool {
        let start = self.node(node).leaves.start;
        let mut clauses =
            self.clauses(comprehension).filter(|&clause| self.node(clause).leaves.contains(&start));
        clauses.any(|clause| self.direct(clause, "if").is_none_or(|condition| start < condition))
    }
}
