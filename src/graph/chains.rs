//! Whether a chain of names in a file stands for a path that a pattern speaks of, however the file imports it.

use super::{DeclaredPaths, View};
use crate::model::{Reference, Start, SymbolPath};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// The chains of one file.
pub struct Chains<'graph> {
    view: View<'graph>,
    declared: &'graph DeclaredPaths,
    by_start: FxHashMap<u32, &'graph Reference>,
    /// Where the paths of patterns lead, and whether names that nothing imports may stand for them.
    known: RefCell<FxHashMap<SymbolPath, (SymbolPath, bool)>>,
    /// What the first names of chains stand for, by where they begin and how many they are.
    identities: RefCell<FxHashMap<(u32, usize), Option<SymbolPath>>>,
}

impl<'graph> Chains<'graph> {
    /// Those of the file that `view` sees.
    pub fn new(view: View<'graph>, declared: &'graph DeclaredPaths) -> Self {
        let starts =
            view.facts.references.iter().map(|reference| (reference.segments[0].span.start, reference));
        let (known, identities) = (RefCell::default(), RefCell::default());
        Self { view, declared, by_start: starts.collect(), known, identities }
    }

    /// What begins at this byte.
    pub fn reference(&self, start: u32) -> Option<&'graph Reference> {
        self.by_start.get(&start).copied()
    }

    /// Where a path leads in the end, once everything has moved.
    pub fn end_of(&self, path: &SymbolPath) -> SymbolPath {
        self.view.end_of(self.view.canonical(path.clone()), &|path| self.declared.moved(path))
    }

    /// Whether the first `count` names of what begins at `start`, written as `names`, stand for `path`. Names that the file
    /// does not import stand for it when they are spelled like it, and it is the path of no module.
    pub fn stand_for(&self, start: u32, names: &[&str], path: &SymbolPath) -> bool {
        let identity = self.identity(start, names.len());
        let mut known = self.known.borrow_mut();
        let (end, is_text) =
            known.entry(path.clone()).or_insert_with(|| (self.end_of(path), !self.names_module(path)));
        match identity {
            Some(identity) => identity == *end,
            None => *is_text && names.iter().eq(path.segments()),
        }
    }

    /// What the first `count` names of the chain at `start` stand for, when that is no local value.
    pub fn identity(&self, start: u32, count: usize) -> Option<SymbolPath> {
        let moved = |path: &SymbolPath| self.declared.moved(path);
        let mut identities = self.identities.borrow_mut();
        let find = || {
            let reference = self.reference(start).filter(|chain| chain.segments.len() >= count)?;
            let by_star = || {
                let first = &reference.segments[0].name;
                let star = self.view.star_identity(reference.scope, first, &moved)?;
                let rest = reference.segments[1..count].iter().map(|segment| &segment.name);
                Some(self.view.end_of(self.view.canonical(star.followed_by(rest)), &moved))
            };
            let identity = self.view.identity_of(reference, count, &moved);
            identity.or_else(|| reference.bindings.is_empty().then(by_star)?)
        };
        identities.entry((start, count)).or_insert_with(find).clone()
    }

    /// True for a path whose first name is a module: a local value under that name is something else.
    pub fn names_module(&self, path: &SymbolPath) -> bool {
        let top = &path.segments()[0];
        let modules = self.view.graph.modules();
        if modules.begins_path(path.language(), top) {
            let known = modules.longest(path, Some(self.view.file)).map_or(0, |(_, count)| count);
            return known > 1 || self.view.graph.exists(path, Some(self.view.file)) != Some(false);
        }
        self.view.facts.imports.iter().any(|import| {
            let is_top = matches!(import.start, Start::Top | Start::ScopeOrTop);
            is_top && import.path.first().is_some_and(|first| first.name == *top)
        })
    }
}
