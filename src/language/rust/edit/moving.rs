//! Where the leaves of a tree go: they stay with their group, leave it together, or leave alone.

use super::order::Order;
use super::spelling::{Spelled, Speller};
use super::tree::{End, Group, Prefix, Tree, plain};
use crate::language::LanguageError;
use crate::model::{FileChanges, ImportId, ItemChange, ScopeId};

/// Takes a tree apart.
pub(super) struct Mover<'run> {
    pub changes: &'run FileChanges,
    pub speller: &'run Speller<'run>,
    pub order: Order,
    pub scope: ScopeId,
}

/// What becomes of a tree: what stays, and what leaves, with whole paths.
#[derive(Default)]
pub(super) struct Split {
    pub rest: Option<Tree>,
    pub leaving: Vec<Tree>,
}

impl Mover<'_> {
    fn change(&self, leaf: &Tree) -> Option<&ItemChange> {
        self.changes.items.get(&leaf.id?)
    }

    /// Takes `tree` apart; `around` is what stands in front of it.
    pub fn split(&self, tree: &Tree, around: &Prefix) -> Result<Split, LanguageError> {
        if let Some(unit) = self.unit(tree, around)? {
            return Ok(Split { rest: None, leaving: vec![unit] });
        }
        let End::Group(group) = &tree.end else {
            let rest = self.change(tree).is_none().then(|| tree.clone());
            return Ok(Split { rest, leaving: Vec::new() });
        };
        self.split_group(tree, group, around)
    }

    fn split_group(&self, tree: &Tree, group: &Group, around: &Prefix) -> Result<Split, LanguageError> {
        let inside = around.inside(tree);
        let mut kept = Group { items: Vec::new(), ..group.clone() };
        let mut out = Split::default();
        let mut returning = Vec::new();
        for item in &group.items {
            let split = self.split(item, &inside)?;
            for unit in split.leaving {
                let fits = inside.holds(&unit)
                    && (unit.path.len() > inside.path.len() || !matches!(unit.end, End::Name(_)));
                if fits { returning.push((kept.items.len(), unit)) } else { out.leaving.push(unit) }
            }
            kept.items.extend(split.rest);
        }
        for (shift, (at, unit)) in returning.into_iter().enumerate() {
            for part in unit.below(inside.path.len()) {
                kept.insert(part, self.order, at + shift);
            }
        }
        if self.order.is_sorted(&group.items) {
            kept.items.sort_by(|one, other| self.order.compare(one, other));
        }
        kept.keep_breaks(group);
        if kept.items.is_empty() {
            hand_on(tree, group, &mut out.leaving);
        }
        out.rest = (!kept.items.is_empty()).then(|| self.rebuilt(tree, group, kept));
        Ok(out)
    }

    /// `tree` with what is left of its group.
    fn rebuilt(&self, tree: &Tree, before: &Group, group: Group) -> Tree {
        let is_same =
            group.items.len() == before.items.len() && group.items.iter().all(|item| item.source.is_some());
        if is_same {
            return tree.clone();
        }
        let mut new = Tree { end: End::Group(group), source: None, ..tree.clone() };
        new.collapse();
        new
    }

    /// The tree with its new whole path when it moves as one.
    fn unit(&self, tree: &Tree, around: &Prefix) -> Result<Option<Tree>, LanguageError> {
        match &tree.end {
            End::Group(_) => self.group_unit(tree, around),
            _ => self.leaf_unit(tree, around),
        }
    }

    fn leaf_unit(&self, leaf: &Tree, around: &Prefix) -> Result<Option<Tree>, LanguageError> {
        let Some(ItemChange::Move { target, local, .. }) = self.change(leaf) else { return Ok(None) };
        let whole = leaf.absolute(around);
        let old = Spelled { is_global: whole.is_global, names: whole.path };
        let new = self.speller.spell(target, &old, self.scope)?;
        let end = match &leaf.end {
            End::Star => End::Star,
            End::Name(alias) => {
                let is_blank = alias.as_deref() == Some("_");
                let natural = new.names.last().map_or("", |name| plain(name));
                let local = local.as_deref().unwrap_or(target.name());
                let alias = if is_blank { "_" } else { local };
                End::Name((alias != natural).then(|| self.speller.raw(alias)))
            }
            End::Group(_) => return Ok(None),
        };
        Ok(Some(Tree { is_global: new.is_global, path: new.names, end, source: None, ..leaf.clone() }))
    }

    /// A group moves as one when each of its leaves keeps its place in it.
    fn group_unit(&self, tree: &Tree, around: &Prefix) -> Result<Option<Tree>, LanguageError> {
        let inside = around.inside(tree);
        if inside.path.is_empty() {
            return Ok(None);
        }
        let mut leaves: Vec<(Tree, Prefix)> = Vec::new();
        tree.leaves(around, &mut |leaf, prefix| leaves.push((leaf.clone(), prefix.clone())));
        let mut base: Option<Spelled> = None;
        let mut new_leaves = Vec::new();
        for (leaf, prefix) in leaves {
            match self.change(&leaf) {
                None => return Ok(None),
                Some(ItemChange::Remove { .. }) => continue,
                Some(ItemChange::Move { .. }) => {}
            }
            let Some(new) = self.leaf_unit(&leaf, &prefix)? else { return Ok(None) };
            let old = leaf.absolute(&prefix);
            let Some(found) = common_base(&old, &new, inside.path.len()) else { return Ok(None) };
            if base.get_or_insert_with(|| found.clone()) != &found {
                return Ok(None);
            }
            new_leaves.push((leaf.id, new));
        }
        let Some(base) = base else { return Ok(None) };
        let Some((group, _)) = tree.group().and_then(|group| retarget(group, &new_leaves, self.order)) else {
            return Ok(None);
        };
        let mut unit = Tree {
            is_global: base.is_global,
            path: base.names,
            end: End::Group(group),
            source: None,
            ..tree.clone()
        };
        unit.collapse();
        Ok(Some(unit))
    }
}

/// The comments of a group that goes stay with what left it.
fn hand_on(tree: &Tree, group: &Group, leaving: &mut [Tree]) {
    if let Some(first) = leaving.first_mut() {
        let before = [&tree.notes.before[..], &group.opening[..]].concat();
        first.notes.before.splice(0..0, before);
    }
    if let Some(last) = leaving.last_mut() {
        last.notes.after.extend(group.closing.iter().chain(&tree.notes.after).cloned());
    }
}

/// The new path of the group that is `depth` names long in `old`, when only it and the last name differ.
fn common_base(old: &Tree, new: &Tree, depth: usize) -> Option<Spelled> {
    let inner = old.path.get(depth..)?;
    let base = new.path.len().checked_sub(inner.len())?;
    let fixed = match new.end {
        End::Star => inner.len(),
        _ => inner.len().saturating_sub(1),
    };
    let stays = inner[..fixed].iter().zip(&new.path[base..]).all(|(old, new)| plain(old) == plain(new));
    (stays && base > 0).then(|| Spelled { is_global: new.is_global, names: new.path[..base].to_vec() })
}

/// The group with the last names of its leaves as in `new`, and whether it differs; leaves that are not there go.
fn retarget(group: &Group, new: &[(Option<ImportId>, Tree)], order: Order) -> Option<(Group, bool)> {
    let items: Vec<Tree> = group.items.iter().filter_map(|item| retarget_item(item, new, order)).collect();
    let is_changed = items.iter().any(|item| item.source.is_none()) || items.len() != group.items.len();
    let mut kept = Group { items: Vec::new(), ..group.clone() };
    if is_changed && order.is_sorted(&group.items) {
        items.into_iter().for_each(|item| kept.insert(item, order, 0));
    } else {
        kept.items = items;
    }
    (!kept.items.is_empty()).then_some((kept, is_changed))
}

fn retarget_item(item: &Tree, new: &[(Option<ImportId>, Tree)], order: Order) -> Option<Tree> {
    if let End::Group(group) = &item.end {
        let (group, is_changed) = retarget(group, new, order)?;
        if !is_changed {
            return Some(item.clone());
        }
        let mut changed = Tree { end: End::Group(group), source: None, ..item.clone() };
        changed.collapse();
        return Some(changed);
    }
    let (_, moved) = new.iter().find(|(id, _)| *id == item.id)?;
    let mut leaf = Tree { end: moved.end.clone(), ..item.clone() };
    if !item.is_self() && matches!(item.end, End::Name(_)) {
        leaf.path.last_mut()?.clone_from(moved.path.last()?);
    }
    leaf.source = item.source.filter(|_| leaf.is_same_leaf(item));
    Some(leaf)
}
