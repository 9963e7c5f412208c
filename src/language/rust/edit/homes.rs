//! Which declarations import from a module, and which import a name.

use super::joining::module_key;
use super::tree::{Prefix, Tree};
use rustc_hash::FxHashMap;

/// Declarations by what they import, as indexes into a list of them. They may be out of date: ask the declaration.
#[derive(Debug, Default)]
pub(super) struct Homes {
    by_module: FxHashMap<String, Vec<usize>>,
    by_leaf: FxHashMap<String, Vec<usize>>,
}

impl Homes {
    /// Remembers what declaration `index` imports.
    pub fn note(&mut self, index: usize, tree: &Tree) {
        tree.leaves(&Prefix::default(), &mut |leaf, around| {
            let whole = leaf.absolute(around);
            push(&mut self.by_module, module_key(whole.is_global, whole.module()), index);
            push(&mut self.by_module, module_key(around.is_global, &around.path), index);
            push(&mut self.by_leaf, whole.key().unwrap_or_default(), index);
        });
    }

    /// The declarations that import names of the same module as `tree`, in order.
    pub fn of_module(&self, tree: &Tree) -> Vec<usize> {
        let found = self.by_module.get(&module_key(tree.is_global, tree.module()));
        let mut found = found.cloned().unwrap_or_default();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The declarations that import this very leaf.
    pub fn of_leaf(&self, leaf: &Tree) -> &[usize] {
        leaf.key().and_then(|key| self.by_leaf.get(&key)).map_or(&[], Vec::as_slice)
    }
}

fn push(lists: &mut FxHashMap<String, Vec<usize>>, key: String, index: usize) {
    let list = lists.entry(key).or_default();
    if list.last() != Some(&index) {
        list.push(index);
    }
}
