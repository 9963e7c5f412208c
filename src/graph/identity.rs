//! What chains of names stand for in the end, however they are imported.

use super::{MOST_HOPS, View};
use crate::model::{BindingId, BindingKind, Reference, SymbolPath};

impl View<'_> {
    /// What a whole chain stands for in the end, once every path has gone through `moved` and re-exports are followed;
    /// `None` for local values, for names that nothing binds, and where bindings disagree even then.
    pub fn identity(
        &self,
        reference: &Reference,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
    ) -> Option<SymbolPath> {
        self.identity_of(reference, reference.segments.len(), moved)
    }

    /// The same for the first `count` names of a chain.
    pub fn identity_of(
        &self,
        reference: &Reference,
        count: usize,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
    ) -> Option<SymbolPath> {
        self.identity_within(reference, count, moved, MOST_HOPS)
    }

    fn identity_within(
        &self,
        reference: &Reference,
        count: usize,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
        hops: usize,
    ) -> Option<SymbolPath> {
        if reference.bindings.is_empty() {
            let by_star = self.root_by_star(reference).filter(|_| self.facts.is_declarative);
            let root = by_star.or_else(|| self.unbound_root(reference))?;
            return Some(self.end_behind(root, reference, count, moved));
        }
        let mut paths =
            self.meant(reference).map(|binding| self.identity_by(binding, reference, count, moved, hops));
        let first = paths.next()??;
        paths.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// What a chain stands for when `binding` is what its first name means.
    fn identity_by(
        &self,
        binding: BindingId,
        reference: &Reference,
        count: usize,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
        hops: usize,
    ) -> Option<SymbolPath> {
        let root = match self.facts.bindings[binding as usize].kind {
            BindingKind::Alias(alias) if hops > 0 => {
                let alias = &self.facts.references[alias as usize];
                self.identity_within(alias, alias.segments.len(), moved, hops - 1)?
            }
            _ => self.bound(binding)?,
        };
        Some(self.end_behind(root, reference, count, moved))
    }

    fn end_behind(
        &self,
        root: SymbolPath,
        reference: &Reference,
        count: usize,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
    ) -> SymbolPath {
        let attributes = reference.segments[1..count].iter().map(|segment| &segment.name);
        self.end_of(self.canonical(root.followed_by(attributes)), moved)
    }

    /// What the first `count` names of a chain may stand for, one path for each import, where several imports of the file bind
    /// the first of them and nothing else does.
    pub fn identities_of(
        &self,
        reference: &Reference,
        count: usize,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
    ) -> Vec<SymbolPath> {
        let bindings: Vec<BindingId> = self.meant(reference).collect();
        let is_import = |id: &BindingId| matches!(self.binding(*id).kind, BindingKind::Import(_));
        if bindings.len() < 2 || !bindings.iter().all(is_import) {
            return Vec::new();
        }
        let path = |binding: BindingId| self.identity_by(binding, reference, count, moved, MOST_HOPS);
        bindings.into_iter().filter_map(path).collect()
    }
}
