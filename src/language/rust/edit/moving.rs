//! Where the leaves of a tree go: they stay with their group, leave it together, or leave alone.

use super::super::keywords::identifier;
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
    /// True when another declaration of the block imports from the module of a tree.
    pub has_home: &'run dyn Fn(&Tree) -> bool,
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
        // What follows the first item of a line that goes begins the line.
        let mut breaks = false;
        let hangs = group.items.first().is_some_and(|first| !first.notes.breaks);
        for item in &group.items {
            let split = self.split(item, &inside)?;
            for unit in split.leaving {
                if self.fits(&unit, &inside, group) {
                    returning.push((kept.items.len(), unit))
                } else {
                    out.leaving.push(unit)
                }
            }
            breaks |= item.notes.breaks;
            if let Some(mut rest) = split.rest {
                rest.notes.breaks = std::mem::take(&mut breaks) && !(kept.items.is_empty() && hangs);
                kept.items.push(rest);
            }
        }
        for (shift, (at, unit)) in returning.into_iter().enumerate() {
            kept.insert(unit.below(inside.path.len()), self.order, at + shift);
        }
        if self.order.is_sorted(&group.items) {
            kept.items.sort_by(|one, other| self.order.compare(one, other));
        }
        if kept.items.is_empty() {
            hand_on(tree, group, &mut out.leaving);
        }
        out.rest = (!kept.items.is_empty()).then(|| self.rebuilt(tree, group, kept));
        Ok(out)
    }

    /// True when `unit` can stay in the group of names behind `inside`, one level down if need be.
    fn fits(&self, unit: &Tree, inside: &Prefix, group: &Group) -> bool {
        let is_below = unit.path.len() > inside.path.len() || !matches!(unit.end, End::Name(_));
        let is_flat = group.items.iter().all(|item| item.module().is_empty());
        let is_deeper = unit.module().len() > inside.path.len();
        inside.holds(unit) && is_below && !(is_flat && is_deeper && (self.has_home)(unit))
    }

    /// `tree` with what is left of its group.
    fn rebuilt(&self, tree: &Tree, before: &Group, group: Group) -> Tree {
        let sources = |group: &Group| -> Vec<_> { group.items.iter().map(|item| item.source).collect() };
        if sources(&group) == sources(before) && !sources(before).contains(&None) {
            return tree.clone();
        }
        let has_shrunk = group.items.len() < before.items.len();
        let mut new = Tree { end: End::Group(group), source: None, ..tree.clone() };
        if has_shrunk {
            new.collapse();
        }
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
                End::Name((alias != natural).then(|| identifier(alias)))
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
        let Some(before) = tree.group() else { return Ok(None) };
        let Some((group, _)) = retarget(before, &new_leaves, self.order) else { return Ok(None) };
        let has_shrunk = group.items.len() < before.items.len();
        let mut unit = Tree {
            is_global: base.is_global,
            path: base.names,
            end: End::Group(group),
            source: None,
            ..tree.clone()
        };
        if has_shrunk {
            unit.collapse();
        }
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
        kept.insert(items, order, 0);
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
        let has_shrunk = item.group().is_some_and(|before| group.items.len() < before.items.len());
        let mut changed = Tree { end: End::Group(group), source: None, ..item.clone() };
        if has_shrunk {
            changed.collapse();
        }
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

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::check;

    #[test]
    fn a_leaf_leaves_its_group() {
        check(&[
            (
                "use crate::old::{A, B, C};\n",
                "B -> own::zoo::B",
                "use crate::old::{A, C};\nuse crate::zoo::B;\n",
            ),
            ("use a::{b::{C, D}, e};\n", "- D", "use a::{b::C, e};\n"),
            ("use a::{self, B};\n", "- B", "use a;\n"),
            ("use a::{self as x, B};\n", "- B", "use a as x;\n"),
            ("use a::{B};\nuse c::D;\n", "- B", "use c::D;\n"),
        ]);
    }

    #[test]
    fn the_module_itself_leaves_its_group() {
        check(&[
            ("use b::old::{self, X};\n", "self -> a::new as new", "use a::new;\nuse b::old::X;\n"),
            ("use b::old::{self, X};\n", "self -> a::new as old", "use a::new as old;\nuse b::old::X;\n"),
        ]);
    }

    #[test]
    fn a_group_that_moves_as_one_keeps_its_form() {
        let both = "A -> own::new::A; B -> own::new::B";
        check(&[
            ("use crate::old::{A, B};\n", both, "use crate::new::{A, B};\n"),
            ("use crate::{old::{A, B}, z};\n", both, "use crate::{new::{A, B}, z};\n"),
            ("use crate::old::{B, A};\n", both, "use crate::new::{B, A};\n"),
            (
                "use crate::old::{self as o};\n",
                "self as o -> own::new as o",
                "use crate::new::{self as o};\n",
            ),
            (
                "use crate::old::{self, A};\n",
                "self -> own::new as new; A -> own::new::A",
                "use crate::new::{self, A};\n",
            ),
        ]);
    }

    #[test]
    fn a_leaf_stays_where_the_front_of_its_path_is_shared() {
        check(&[
            ("use crate::{old::M, other::X};\n", "M -> own::new::M", "use crate::{new::M, other::X};\n"),
            ("use crate::a::{B, C};\n", "B -> own::a::sub::B", "use crate::a::{sub::B, C};\n"),
            (
                "use crate::a::sub::X;\nuse crate::a::{B, C};\n",
                "B -> own::a::sub::B",
                "use crate::a::sub::{B, X};\nuse crate::a::C;\n",
            ),
            (
                "use crate::{new::C, old::{A, B}};\n",
                "B -> own::new::B",
                "use crate::{new::{B, C}, old::A};\n",
            ),
        ]);
    }

    #[test]
    fn comments_go_with_their_name() {
        let text = "use a::old::{\n    A, // a\n    // b\n    B,\n};\nuse a::new::C;\n";
        check(&[
            (
                text,
                "A -> a::new::A",
                "use a::old::{\n    // b\n    B,\n};\nuse a::new::{\n    A, // a\n    C,\n};\n",
            ),
            (
                text,
                "B -> a::zoo::B",
                "use a::old::{\n    A, // a\n};\n// b\nuse a::zoo::B;\nuse a::new::C;\n",
            ),
        ]);
    }
}
