//! What a star import brings in.

use super::MOST_HOPS;
use super::SymbolGraph;
use super::body::{Body, sees};
use super::provided::Provided;
use super::resolve::View;
use crate::model::{
    Exports, FileId, Import, ImportForm, Name, Namespaces, Reference, ScopeId, Start, SymbolPath, Visibility,
};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Who imports: a file, and a scope in it.
pub type Importer = (FileId, ScopeId);

impl SymbolGraph {
    /// The names that `from module import *` brings in; `None` when they cannot all be known.
    pub fn star_names(&self, module: &SymbolPath, importer: Importer) -> Option<Vec<Name>> {
        let body = self.body_behind(module, importer.0)?;
        let facts = body.view.facts;
        if !facts.errors.is_empty() || !facts.blind_spots.is_empty() {
            return None;
        }
        if let Exports::Explicit { names, complete } = &facts.exports {
            return complete.then(|| names.iter().map(|name| name.name.clone()).collect());
        }
        let hides_names = |import: &Import| {
            import.scope == body.scope && (import.form == ImportForm::Star || import.binding.is_none())
        };
        if facts.imports.iter().any(hides_names) {
            return None;
        }
        let reader = self.reader(importer);
        let names = facts.scopes[body.scope as usize].names.keys();
        Some(names.filter(|name| body.offers(name, reader.as_ref())).cloned().collect())
    }

    /// Whether `from module import *` brings `name` in; `None` when that cannot be known (yet).
    pub fn star_provides(&self, module: &SymbolPath, importer: Importer, name: &str) -> Option<bool> {
        self.star_provides_anew(module, importer, name, &mut FxHashSet::default())
    }

    /// The same without the bodies in `seen`: stars that go round in a circle bring nothing new.
    fn star_provides_anew(
        &self,
        module: &SymbolPath,
        importer: Importer,
        name: &str,
        seen: &mut FxHashSet<(FileId, ScopeId)>,
    ) -> Option<bool> {
        let (body, is_answered) = Self::is_answered(|| self.body_behind(module, importer.0));
        let Some(body) = body else {
            return (is_answered && self.is_presumed(&module.join([name]))).then_some(true);
        };
        let (there, facts) = (body.view, body.view.facts);
        if let Exports::Explicit { names, complete } = &facts.exports {
            let listed = names.iter().any(|listed| *listed.name == *name);
            return if listed || *complete { Some(listed) } else { None };
        }
        if !seen.insert((there.file, body.scope)) {
            return Some(false);
        }
        if let (Exports::Implicit, Some(bindings)) = (&facts.exports, facts.scopes[0].names.get("__all__")) {
            // The export list of another module: `from other import __all__`.
            let list =
                bindings.first().and_then(|&binding| there.bound(binding)).and_then(|path| path.parent());
            let list = list.filter(|_| bindings.len() == 1);
            return list.and_then(|owner| self.star_provides_anew(&owner, (there.file, 0), name, seen));
        }
        if facts.exports == Exports::Implicit && name.starts_with('_') {
            return Some(false);
        }
        let reader = self.reader(importer);
        if body.offers(name, reader.as_ref()) {
            return Some(true);
        }
        // A module that was loaded is a name of its package (Python reference, 5.4.2).
        let is_module = || self.modules().find(&module.join([name]), Some(importer.0)).is_some();
        let mut unknown = !facts.blind_spots.is_empty() || !facts.errors.is_empty();
        unknown |= !facts.is_declarative && is_module();
        for star in body.stars(reader.as_ref()) {
            let from = there.imported_module(star);
            match from.and_then(|from| self.star_provides_anew(&from, (there.file, star.scope), name, seen)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        if unknown { None } else { Some(false) }
    }

    /// The body of the module that `path` leads to, through other names of modules too. Names that only a star import brings
    /// in are not followed: the question may come from that very star.
    fn body_behind(&self, path: &SymbolPath, importer: FileId) -> Option<Body<'_>> {
        let mut path = path.clone();
        for _ in 0..MOST_HOPS {
            let (body, count) = self.body(&path, Some(importer))?;
            let Some(name) = path.segments().get(count) else { return Some(body) };
            body.bindings_in(name, Namespaces::TYPE).next()?;
            let Provided::Alias(next) = body.provided(name, Namespaces::TYPE) else { return None };
            let next = body.view.canonical(next.join(&path.segments()[count + 1..]));
            if next == path {
                return None;
            }
            path = next;
        }
        None
    }

    /// The module that reads: what it may see depends on where it lies.
    fn reader(&self, (file, scope): Importer) -> Option<SymbolPath> {
        View::new(self, file)?.module_path(scope)
    }
}

impl<'graph> Body<'graph> {
    /// Whether a star import in `reader` takes `name` from what is bound here.
    fn offers(&self, name: &str, reader: Option<&SymbolPath>) -> bool {
        if self.view.facts.exports == Exports::Implicit && name.starts_with('_') {
            return false;
        }
        self.bindings(name).iter().any(|&id| self.shows(self.view.binding(id).visibility, reader))
    }

    /// The star imports here whose names `reader` gets.
    fn stars(&self, reader: Option<&SymbolPath>) -> impl Iterator<Item = &'graph Import> {
        let here = self.view.facts.imports.iter().filter(|import| import.scope == self.scope);
        here.filter(move |import| import.form == ImportForm::Star && self.shows(import.visibility, reader))
    }

    fn shows(&self, visibility: Visibility, reader: Option<&SymbolPath>) -> bool {
        match (reader, self.path()) {
            _ if visibility == Visibility::Public => true,
            (Some(reader), Some(owner)) => sees(reader, &owner, visibility),
            _ => false,
        }
    }
}

impl<'graph> View<'graph> {
    /// The star imports that a name read in `scope` can come from, the last one first.
    fn stars_seen_from(&self, scope: ScopeId) -> impl Iterator<Item = &'graph Import> {
        let facts = self.facts;
        let module = facts.module_scope(scope);
        let stars = facts.imports.iter().rev().filter(|import| import.form == ImportForm::Star);
        stars
            .filter(move |star| facts.module_scope(star.scope) == module && facts.encloses(star.scope, scope))
    }

    /// What a name that nothing binds in `scope` stands for, when a star import brings it in.
    pub fn provided_by_star(&self, scope: ScopeId, name: &str) -> Provided {
        let mut is_unknown = !self.facts.blind_spots.is_empty() || !self.facts.errors.is_empty();
        // A later star import binds a name anew.
        for star in self.stars_seen_from(scope) {
            let Some(module) = self.imported_module(star) else { return Provided::Unknown };
            match self.graph.star_provides(&module, (self.file, scope), name) {
                Some(true) => return Provided::Alias(module.join([name])),
                Some(false) => {}
                None => is_unknown = true,
            }
        }
        if is_unknown { Provided::Unknown } else { Provided::Missing }
    }

    /// Whether a star import behind the one that brings in `name`, of which it is not known what it holds, may bind the name anew.
    pub fn may_be_bound_anew(&self, scope: ScopeId, name: &str) -> bool {
        matches!(self.bound_by_last(self.stars_seen_from(scope), scope, name), Provided::Unknown)
    }

    /// What a star import behind another `import` binds its `name` to.
    pub fn provided_behind(&self, import: &Import, name: &str) -> Provided {
        let is_behind =
            |star: &&Import| star.scope == import.scope && star.statement.start > import.statement.start;
        self.bound_by_last(self.stars_seen_from(import.scope).filter(is_behind), import.scope, name)
    }

    /// What the first of `stars` that may bind `name` binds it to.
    fn bound_by_last<'run>(
        &self,
        mut stars: impl Iterator<Item = &'run Import>,
        scope: ScopeId,
        name: &str,
    ) -> Provided {
        let provided = |star: &'run Import| {
            let Some(module) = self.imported_module(star) else { return Some(Provided::Unknown) };
            match self.graph.star_provides(&module, (self.file, scope), name) {
                Some(true) => Some(Provided::Alias(module.join([name]))),
                Some(false) => None,
                None => Some(Provided::Unknown),
            }
        };
        stars.find_map(provided).unwrap_or(Provided::Missing)
    }

    /// What the first segment stands for when only a star import can bind it.
    pub fn root_by_star(&self, reference: &Reference) -> Option<SymbolPath> {
        let is_name = matches!(reference.start, Start::Scope | Start::ScopeOrTop);
        if !is_name || !reference.bindings.is_empty() {
            return None;
        }
        match self.provided_by_star(reference.scope, &reference.segments[0].name) {
            Provided::Alias(path) => Some(path),
            _ => None,
        }
    }

    /// What a name that nothing binds stands for in the end, when a star import that `scope` sees brings it in.
    pub fn star_identity(
        &self,
        scope: ScopeId,
        name: &str,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
    ) -> Option<SymbolPath> {
        match self.provided_by_star(scope, name) {
            Provided::Alias(path) => Some(self.end_of(self.canonical(path.clone()), moved)),
            _ => None,
        }
    }

    /// The names that this file reads and that `star` may bring in: those that nothing here binds, and those that are
    /// read before anything here binds them.
    pub fn names_from_star(&self, star: &Import) -> BTreeSet<&'graph str> {
        let facts = self.facts;
        let module = facts.module_scope(star.scope);
        let sees_star =
            |scope: ScopeId| facts.module_scope(scope) == module && facts.encloses(star.scope, scope);
        let references = facts.references.iter().filter(|reference| {
            matches!(reference.start, Start::Scope | Start::ScopeOrTop)
                && facts.is_early(reference)
                && sees_star(reference.scope)
        });
        let imports = facts.imports.iter().filter(|import| {
            import.start == Start::ScopeOrTop && import.roots.is_empty() && sees_star(import.scope)
        });
        let roots = imports.filter_map(|import| import.path.first().or(import.member.as_ref()));
        let roots = roots.map(|segment| &*segment.name);
        references.map(|reference| &*reference.segments[0].name).chain(roots).collect()
    }
}
