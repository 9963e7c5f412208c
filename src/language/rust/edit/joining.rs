//! Trees that join others: into a group, or beside a name of the same module.

use super::order::Order;
use super::tree::{End, Group, Prefix, Tree, plain, same_names};
use rustc_hash::FxHashSet;

impl Group {
    /// Puts items in, their paths being relative to the group: in order where the group has one, else at `at`. What is
    /// there already is not doubled.
    pub fn insert(&mut self, items: Vec<Tree>, order: Order, at: usize) {
        let is_sorted = order.is_sorted(&self.items);
        let mut known: FxHashSet<String> = self.items.iter().filter_map(Tree::key).collect();
        let mut at = at.min(self.items.len());
        for item in items {
            if item.key().is_some_and(|key| !known.insert(key)) {
                continue;
            }
            let hosts = if item.module().is_empty() { &mut [] } else { &mut self.items[..] };
            match hosts.iter_mut().find(|host| host.can_host(&item)) {
                Some(host) => host.join(item, order),
                None => {
                    self.items.insert(at, item);
                    self.break_line(at);
                    at += 1;
                }
            }
        }
        if is_sorted {
            self.items.sort_by(|one, other| order.compare(one, other));
        }
    }
}

impl Tree {
    /// Equal for the same leaves: path, form and local name. `None` for a group.
    pub fn key(&self) -> Option<String> {
        let mut key = module_key(self.is_global, &self.path);
        match &self.end {
            End::Name(None) => {}
            End::Name(Some(alias)) => key.extend([" as ", plain(alias)]),
            End::Star => key.push('*'),
            End::Group(_) => return None,
        }
        Some(key)
    }

    /// True when a tree with the same prefix around it can be put beside the names of this one.
    fn can_host(&self, item: &Self) -> bool {
        let is_open = match self.end {
            End::Star => false,
            End::Name(_) => !self.is_self() && self.path.len() > 1,
            End::Group(_) => true,
        };
        is_open && self.is_global == item.is_global && same_names(self.module(), item.module())
    }

    /// Puts `item` beside the own name or names; [`Tree::can_host`] holds.
    fn join(&mut self, item: Self, order: Order) {
        let depth = item.module().len();
        self.source = None;
        if !matches!(self.end, End::Group(_)) {
            let notes = std::mem::take(&mut self.notes);
            let mut own = std::mem::take(self);
            self.path = own.path.drain(..depth).collect();
            self.is_global = std::mem::take(&mut own.is_global);
            self.notes = notes;
            self.end = End::Group(Group { items: vec![own], ..Group::default() });
        }
        let End::Group(group) = &mut self.end else { return };
        group.insert(item.below(depth), order, usize::MAX);
    }

    /// The tree as items of a group `depth` names down.
    pub fn below(mut self, depth: usize) -> Vec<Self> {
        self.is_global &= depth == 0;
        self.source = None;
        if self.path.len() > depth || matches!(self.end, End::Star) {
            self.path.drain(..depth);
            return vec![self];
        }
        self.path.clear();
        match self.end {
            End::Group(mut group) => {
                group.adopt(self.notes);
                group.items
            }
            // The module itself, as `self`.
            End::Name(_) => vec![Self { path: vec!["self".to_owned()], ..self }],
            End::Star => Vec::new(),
        }
    }

    /// Puts `item`, an absolute tree, where names of the very same module stand. False when there is no such place.
    pub fn welcome(&mut self, item: &Self, around: &Prefix, order: Order) -> bool {
        self.welcome_beside(item, around, order) || self.welcome_inside(item, around, order)
    }

    fn welcome_beside(&mut self, item: &Self, around: &Prefix, order: Order) -> bool {
        let module = item.module();
        if !around.holds(item) || module.len() <= around.path.len() {
            return false;
        }
        let mut relative = item.clone();
        relative.path.drain(..around.path.len());
        relative.is_global &= around.path.is_empty();
        // Names at the root stand apart: they are modules, mostly.
        let is_root = around.path.is_empty() && module.len() == 1 && module[0] == "crate";
        let may_join = !(is_root && self.group().is_none()) && self.can_host(&relative);
        if may_join {
            self.join(relative, order);
        }
        may_join
    }

    fn welcome_inside(&mut self, item: &Self, around: &Prefix, order: Order) -> bool {
        let inside = around.inside(self);
        let End::Group(group) = &mut self.end else { return false };
        if !inside.holds(item) {
            return false;
        }
        let is_sorted = order.is_sorted(&group.items);
        let is_below = group.items.iter_mut().any(|child| child.welcome(item, &inside, order));
        if is_below && is_sorted {
            group.items.sort_by(|one, other| order.compare(one, other));
        }
        // The names of the group itself, whatever groups its prefix is made of.
        let is_module = !inside.path.is_empty() && inside.path.len() == item.module().len();
        if !is_below && is_module {
            group.insert(item.clone().below(inside.path.len()), order, usize::MAX);
        }
        if is_below || is_module {
            self.source = None;
        }
        is_below || is_module
    }
}

/// Equal for the same paths.
pub(super) fn module_key(is_global: bool, path: &[String]) -> String {
    let mut key = String::new();
    for (index, name) in path.iter().enumerate() {
        key.push_str(if index > 0 || is_global { "::" } else { "" });
        key.push_str(plain(name));
    }
    key
}

/// Names that leave for the same module, as one group.
pub(super) fn merged(leaving: Vec<Tree>, order: Order) -> Vec<Tree> {
    let mut merged: Vec<(Tree, Vec<Tree>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for unit in leaving {
        let module = unit.module();
        let may_merge = matches!(unit.end, End::Name(_)) && !module.is_empty() && module != ["crate"];
        let key = may_merge.then(|| module_key(unit.is_global, module));
        match key.as_ref().and_then(|key| places.get(key)) {
            Some(&at) => {
                let (_, others): &mut (Tree, Vec<Tree>) = &mut merged[at];
                others.push(unit);
            }
            None => {
                key.map(|key| places.insert(key, merged.len()));
                merged.push((unit, Vec::new()));
            }
        }
    }
    merged.into_iter().map(|(first, others)| together(first, others, order)).collect()
}

/// Names of one module as one tree.
fn together(first: Tree, others: Vec<Tree>, order: Order) -> Tree {
    if others.is_empty() {
        return first;
    }
    let (is_global, path) = (first.is_global, first.module().to_vec());
    let depth = path.len();
    let items = std::iter::once(first).chain(others).flat_map(|unit| unit.below(depth)).collect();
    let mut group = Group::default();
    group.insert(items, order, 0);
    let mut tree = Tree { is_global, path, end: End::Group(group), ..Tree::default() };
    tree.collapse();
    tree
}
