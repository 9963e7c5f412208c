//! Which names of a text may stand for something that is called otherwise: told from its syntax alone.

use super::tree::{Item, Kind, LeafId, NodeId, Role, SyntaxTree};
use crate::model::SymbolPath;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Names that a text binds by imports and by aliases, whatever their scope.
#[derive(Debug, Default)]
pub struct BoundNames<'tree> {
    imported: FxHashSet<&'tree str>,
    /// Those that may have another name elsewhere: `… as name`, `type name`, `name = other`.
    renamed: FxHashSet<&'tree str>,
    /// Those that something else gets as its name: `name as …`, `… = a.name`.
    given: FxHashSet<&'tree str>,
    has_star: bool,
}

impl<'tree> BoundNames<'tree> {
    /// Those of a text in a language with `import` statements.
    pub fn new(tree: &'tree SyntaxTree) -> Self {
        let mut bound = Self::default();
        for id in 1..tree.leaves.len() as LeafId {
            match (tree.word(id - 1), tree.word(id)) {
                ("as" | "type", name) | (name, ":=") => drop(bound.renamed.insert(name)),
                (name, "as") => drop(bound.given.insert(name)),
                _ => {}
            }
        }
        let nodes = 0..tree.nodes.len() as NodeId;
        nodes
            .filter(|&id| tree.node(id).kind.role == Role::Statement)
            .for_each(|id| bound.statement(tree, id));
        bound
    }

    /// Whether a chain of names may stand for a symbol with this path, whose last name may be one of `names` instead.
    pub fn may_stand_for(&self, chain: &[&str], path: &SymbolPath, names: Option<&BTreeSet<String>>) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let is_named = *last == path.name() || names.is_some_and(|names| names.contains(*last));
        if chain.len() == 1 {
            return is_named || self.renamed.contains(first);
        }
        let is_bound = || self.has_star || self.imported.contains(first) || self.renamed.contains(first);
        let ends_so =
            || path.segments().iter().rev().zip(chain.iter().rev()).all(|(own, there)| &**own == *there);
        is_named && (is_bound() || ends_so())
    }

    /// Whether an import or an alias gives something with this last name another one.
    pub fn gives_name(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    /// Whether a name stands in an import.
    pub fn imports(&self, name: &str) -> bool {
        self.imported.contains(name)
    }

    /// Whether something in the text, or a star, may bind the first name of a chain to what is called otherwise.
    pub fn binds_first(&self, chain: &[&str]) -> bool {
        let binds = |first: &&str| self.imported.contains(first) || self.renamed.contains(first);
        self.has_star || chain.first().is_some_and(binds)
    }

    fn statement(&mut self, tree: &'tree SyntaxTree, id: NodeId) {
        let items = tree.items(id);
        let is_word = |item: &Item, word: &str| matches!(item, Item::Leaf(id) if tree.word(*id) == word);
        if items.iter().any(|item| is_word(item, "import")) {
            self.imported.extend(tree.words(tree.node(id).leaves.clone()));
            self.has_star |= tree.words(tree.node(id).leaves.clone()).any(|word| word == "*");
        }
        let Some(sign) = items.iter().rposition(|item| is_word(item, "=")) else { return };
        if !items[sign..].iter().any(|item| may_be_alias(tree, *item)) {
            return;
        }
        for value in &items[sign..] {
            if let Item::Node(id) = *value {
                let own = tree.chain(id).into_iter();
                let inside = tree.children(id).filter_map(|child| tree.chain(child));
                self.given.extend(own.chain(inside).filter_map(|chain| chain.last().copied()));
            }
        }
        for target in &items[..sign] {
            if let Item::Node(id) = *target {
                self.targets(tree, id);
            }
        }
    }

    /// Adds the names in a node that are not part of a chain.
    fn targets(&mut self, tree: &'tree SyntaxTree, id: NodeId) {
        let (mut at, end) = (id, tree.node(id).next);
        while at < end {
            match tree.chain(at) {
                Some(chain) => {
                    self.renamed.extend(chain.first().filter(|_| chain.len() == 1));
                    at = tree.node(at).next;
                }
                None => at += 1,
            }
        }
    }
}

/// Whether a value may be that of another name: a chain, several in a row, or a string with a type in it.
fn may_be_alias(tree: &SyntaxTree, item: Item) -> bool {
    let Item::Node(id) = item else { return false };
    let node = tree.node(id);
    let is_row = node.kind.is(Kind::LOOSE) || node.kind.is(Kind::LIST);
    let is_text = node.leaves.len() == 1 && tree.word(node.leaves.start).ends_with('"');
    is_text
        || tree.chain(id).is_some()
        || is_row && tree.children(id).any(|child| tree.chain(child).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::front_end;
    use crate::model::Language;

    #[test]
    fn chains_may_stand_for_a_path_when_something_binds_their_first_name() {
        let path = SymbolPath::new(Language::Python, ["shop", "tax", "Rate"]);
        let names = BTreeSet::from(["Rate", "OldRate"].map(str::to_owned));
        let may = |text: &str, chain: &[&str]| {
            let tree = front_end(Language::Python).syntax(text).unwrap();
            BoundNames::new(&tree).may_stand_for(chain, &path, Some(&names))
        };
        for (text, chain) in [
            ("", &["Rate"][..]),
            ("", &["OldRate"]),
            ("", &["tax", "Rate"]),
            ("", &["shop", "tax", "Rate"]),
            ("from shop import duty", &["duty", "OldRate"]),
            ("import shop.duty as d", &["d", "Rate"]),
            ("from shop.tax import Rate as R", &["R"]),
            ("from x import *", &["y", "Rate"]),
            ("R = tax.Rate", &["R"]),
            ("Q = R = Rate", &["Q"]),
            ("R: type = Rate", &["R"]),
            ("R: 'T' = 'shop.tax.Rate'", &["R"]),
            ("R, Q = Rate, 1", &["R"]),
            ("if (R := Rate): pass", &["R"]),
            ("type R = Rate", &["R"]),
        ] {
            assert!(may(text, chain), "{text}: {chain:?}");
        }
        for (text, chain) in [
            ("", &["duty", "Rate"][..]),
            ("tax = f()", &["tax2", "Rate"]),
            ("R = Rate()", &["R"]),
            ("x.R = Rate", &["R"]),
            ("from shop.tax import Rate as R", &["R", "other"]),
            ("import shop", &["shop", "tax"]),
        ] {
            assert!(!may(text, chain), "{text}: {chain:?}");
        }
    }
}
