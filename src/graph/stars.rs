//! What a star import brings in.

use super::SymbolGraph;
use super::body::{Body, sees};
use super::resolve::View;
use crate::model::{Exports, FileId, Import, ImportForm, ScopeId, SymbolPath, Visibility};
use rustc_hash::FxHashSet;

/// Who imports: a file, and a scope in it.
pub type Importer = (FileId, ScopeId);

impl SymbolGraph {
    /// The names that `from module import *` brings in; `None` when they cannot all be known.
    pub fn star_names(&self, module: &SymbolPath, importer: Importer) -> Option<Vec<Box<str>>> {
        let body = self.body_of(module, Some(importer.0))?;
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
        let body = self.body_of(module, Some(importer.0))?;
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
        let mut unknown = false;
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
