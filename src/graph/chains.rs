//! Whether a chain of names in a file stands for a path that a pattern speaks of, however the file imports it.

use super::{DeclaredPaths, Provided, View};
use crate::model::{BindingId, BindingKind, Reference, ScopeId, Segment, Span, Start, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;

/// Where the names come from that are there without an import.
const HOMES: [&str; 4] = ["builtins", "std", "core", "alloc"];

/// The chains of one file.
pub struct Chains<'graph> {
    view: View<'graph>,
    declared: &'graph DeclaredPaths,
    /// Packages from outside that imports of the project bring in.
    packages: &'graph FxHashSet<String>,
    by_start: FxHashMap<u32, &'graph Reference>,
    /// Where the paths of patterns lead, and whether names that nothing imports may stand for them.
    known: RefCell<FxHashMap<SymbolPath, (SymbolPath, bool)>>,
    /// What the first names of chains stand for, by where they begin and how many they are.
    identities: RefCell<FxHashMap<(u32, usize), Option<SymbolPath>>>,
}

impl<'graph> Chains<'graph> {
    /// Those of the file that `view` sees, in a project that brings `packages` in from outside.
    pub fn new(
        view: View<'graph>,
        declared: &'graph DeclaredPaths,
        packages: &'graph FxHashSet<String>,
    ) -> Self {
        let starts =
            view.facts.references.iter().map(|reference| (reference.segments[0].span.start, reference));
        let (known, identities) = (RefCell::default(), RefCell::default());
        Self { view, declared, packages, by_start: starts.collect(), known, identities }
    }

    /// What begins at this byte.
    pub fn reference(&self, start: u32) -> Option<&'graph Reference> {
        self.by_start.get(&start).copied()
    }

    /// The names of the chain that begins where a span does, as far as they lie in the span.
    pub fn names_in(&self, span: Span) -> &'graph [Segment] {
        let Some(reference) = self.reference(span.start) else { return &[] };
        let count = reference.segments.iter().take_while(|segment| segment.span.end <= span.end).count();
        &reference.segments[..count]
    }

    /// Where a path leads in the end, once everything has moved.
    pub fn end_of(&self, path: &SymbolPath) -> SymbolPath {
        self.view.end_of(self.view.canonical(path.clone()), &|path| self.declared.moved(path))
    }

    /// Whether what begins at `start`, written as `names`, stands for `path`. Names that are spelled like it stand for it too when
    /// it is the path of no module.
    pub fn stand_for(&self, start: u32, names: &[&str], path: &SymbolPath) -> bool {
        let is_same = |end: &SymbolPath| self.identity(start, names.len()).as_ref() == Some(end);
        is_same(&self.known(path).0)
            || names.iter().eq(path.segments()) && self.stands_for_itself(start, path)
            || self.may_stand_for(start, names.len(), path)
    }

    /// Whether the first `count` names of what begins at `start` stand for `path` by one import and for something else by another.
    pub fn may_stand_for(&self, start: u32, count: usize, path: &SymbolPath) -> bool {
        let moved = |path: &SymbolPath| self.declared.moved(path);
        let Some(reference) = self.reference(start).filter(|chain| chain.segments.len() >= count) else {
            return false;
        };
        let all = self.view.identities_of(reference, count, &moved);
        let end = self.known(path).0;
        all.contains(&end) && all.iter().any(|other| *other != end)
    }

    /// Whether the path that a pattern writes is no more than its text at `start`, where it is spelled like that.
    pub fn stands_for_itself(&self, start: u32, path: &SymbolPath) -> bool {
        let (end, is_text) = self.known(path);
        let may_be_other = match self.identity(start, path.len()) {
            Some(identity) => identity != end && !self.packages.contains(&*path.segments()[0]),
            None => true,
        };
        is_text && may_be_other
    }

    /// Where a path leads, and whether names that stand for something else may be meant by it.
    fn known(&self, path: &SymbolPath) -> (SymbolPath, bool) {
        let find = || (self.end_of(path), !self.names_module(path));
        self.known.borrow_mut().entry(path.clone()).or_insert_with(find).clone()
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

    /// Whether a name that is there without an import means that at this byte; `None` when a star import may bind it.
    pub fn is_builtin_at(&self, start: u32, name: &str) -> Option<bool> {
        let Some(reference) = self.reference(start) else { return Some(true) };
        self.is_builtin(reference.scope, name, &reference.bindings)
    }

    /// The same for a name that comes into a scope; `None` for the scope when it is not known.
    pub fn is_builtin_in(&self, scope: Option<ScopeId>, name: &str) -> Option<bool> {
        let facts = self.view.facts;
        match scope {
            Some(scope) => {
                let bindings = facts.lookup(scope, name).map_or(&[][..], |(_, bindings)| bindings);
                self.is_builtin(scope, name, bindings)
            }
            None if facts.scopes.iter().any(|scope| scope.names.contains_key(name)) => Some(false),
            None => self.is_builtin(0, name, &[]),
        }
    }

    fn is_builtin(&self, scope: ScopeId, name: &str, bindings: &[BindingId]) -> Option<bool> {
        let from_home = |&binding: &BindingId| {
            let BindingKind::Import(import) = self.view.binding(binding).kind else { return false };
            let path = self.view.imported(&self.view.facts.imports[import as usize]);
            path.is_some_and(|path| HOMES.contains(&&*path.segments()[0]) && path.name() == name)
        };
        if matches!(name, "self" | "Self") {
            return Some(true);
        }
        if !bindings.is_empty() {
            return Some(bindings.iter().all(from_home));
        }
        let is_declarative = self.view.facts.is_declarative;
        match self.view.provided_by_star(scope, name) {
            Provided::Alias(path) => Some(HOMES.contains(&&*self.end_of(&path).segments()[0])),
            Provided::Unknown if !is_declarative && self.view.may_be_bound_anew(scope, name) => None,
            _ => Some(true),
        }
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
