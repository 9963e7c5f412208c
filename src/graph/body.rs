//! Where the names of a module stand: a file, or a module written out inside one.

use super::SymbolGraph;
use super::modules::ModuleId;
use super::resolve::View;
use super::stars::Importer;
use crate::model::{
    Binding, BindingId, BindingKind, Definition, FileId, ImportForm, LazyName, ModuleEntry, Name, Namespaces,
    Place, Runs, ScopeId, Span, SymbolPath, Visibility,
};

/// The body of a module.
#[derive(Clone, Copy)]
pub struct Body<'graph> {
    /// The file, seen from inside.
    pub view: View<'graph>,
    /// The module scope in it.
    pub scope: ScopeId,
}

impl SymbolGraph {
    /// The innermost module on the way of `path` and how many segments lead to it. Its facts are demanded; `None` while
    /// they are missing, and for paths that are not first-party.
    pub fn body(&self, path: &SymbolPath, importer: Option<FileId>) -> Option<(Body<'_>, usize)> {
        self.body_in(self.modules().longest(path, importer)?, path.segments())
    }

    /// The same from the first-party module to which so many of the segments lead.
    pub(super) fn body_in(
        &self,
        (module, mut count): (ModuleId, usize),
        segments: &[Name],
    ) -> Option<(Body<'_>, usize)> {
        self.demand(module)?;
        let view = View::new(self, self.modules().module(module).file?)?;
        let mut body = Body { view, scope: 0 };
        while let Some(scope) = segments.get(count).and_then(|name| body.inner_module(name)) {
            body.scope = scope;
            count += 1;
        }
        Some((body, count))
    }

    /// The body of exactly the module `path`.
    pub fn body_of(&self, path: &SymbolPath, importer: Option<FileId>) -> Option<Body<'_>> {
        self.body(path, importer).filter(|(_, count)| *count == path.len()).map(|(body, _)| body)
    }

    /// The first part of `path` that the importer may not see (Rust reference, "Visibility and privacy"); `None` when it
    /// sees all of it, as far as that is known.
    pub fn hidden_part(&self, path: &SymbolPath, (importer, scope): Importer) -> Option<SymbolPath> {
        let reader = View::new(self, importer)?.module_path(scope)?;
        for count in 1..path.len() {
            let module = path.prefix(count);
            let body = self.body_of(&module, Some(importer)).or_else(|| self.body_of(&module, None))?;
            let owner = body.path()?;
            let bindings = body.bindings(&path.segments()[count]);
            if bindings.is_empty() {
                return None;
            }
            let is_seen = |binding: &&Binding| sees(&reader, &owner, binding.visibility);
            let mut seen = bindings.iter().map(|&id| body.view.binding(id)).filter(is_seen).peekable();
            if seen.peek().is_none() {
                // What is private here may have the name of something else that a glob hands on.
                let by_star = self.star_provides(&module, (importer, scope), &path.segments()[count]);
                if by_star == Some(true) {
                    return None;
                }
                return Some(path.prefix(count + 1));
            }
            if !seen.any(|binding| matches!(binding.kind, BindingKind::Module(_))) {
                return None;
            }
        }
        None
    }
}

/// Whether `reader` may read a name that the module `owner` binds.
pub fn sees(reader: &SymbolPath, owner: &SymbolPath, visibility: Visibility) -> bool {
    match visibility {
        Visibility::Public => true,
        Visibility::Root => reader.segments()[0] == owner.segments()[0],
        Visibility::Around(levels) => {
            let depth = owner.len().saturating_sub(levels as usize).max(1);
            reader.starts_with(&owner.prefix(depth))
        }
    }
}

impl View<'_> {
    /// The first-party module that is put under another name.
    pub fn entered_module(&self, entry: &ModuleEntry) -> Option<SymbolPath> {
        let path = self.meaning(&self.facts.references[entry.target as usize])?;
        self.graph.modules().find(&path, Some(self.file)).map(|_| path)
    }
}

impl<'graph> Body<'graph> {
    /// The absolute name of the module.
    pub fn path(&self) -> Option<SymbolPath> {
        self.view.module_path(self.scope)
    }

    /// What binds `name` here; empty when nothing does.
    pub fn bindings(&self, name: &str) -> &'graph [BindingId] {
        self.view.facts.scopes[self.scope as usize].bindings(name)
    }

    /// True when the file itself imports from `module` or below it whenever it runs: then the module is an attribute of its
    /// package (Python reference, section 5.4.2).
    pub fn loads(&self, module: &SymbolPath) -> bool {
        let imports = self.view.facts.imports.iter();
        let mut firm =
            imports.filter(|import| import.scope == 0 && import.runs == Runs::Always && !import.in_try);
        firm.any(|import| self.view.imported_module(import).is_some_and(|path| path.starts_with(module)))
    }

    /// True when a star import stands here.
    pub fn has_star(&self) -> bool {
        let mut here = self.view.facts.imports.iter().filter(|import| import.scope == self.scope);
        here.any(|import| import.form == ImportForm::Star)
    }

    /// What is defined under `name` here; several where the code chooses between them.
    pub fn definitions(&self, name: &str) -> impl Iterator<Item = &'graph Definition> {
        let bindings = self.bindings(name);
        self.view.facts.definitions.iter().filter(|definition| bindings.contains(&definition.binding))
    }

    /// The place that makes `name` when the module is asked for it; it counts when nothing binds the name.
    pub fn lazy(&self, name: &str) -> Option<&'graph LazyName> {
        let lazy = self.view.facts.lazy.iter().find(|lazy| *lazy.name.name == *name);
        lazy.filter(|_| self.scope == 0)
    }

    /// All names that the module makes when it is asked for them, and that nothing binds.
    pub fn lazy_names(&self) -> impl Iterator<Item = &'graph LazyName> {
        let lazy = self.view.facts.lazy.iter().filter(|_| self.scope == 0);
        lazy.filter(|lazy| self.bindings(&lazy.name.name).is_empty())
    }

    /// True when a module of this name lies inside: it is found by its path whatever stands for the package.
    pub fn has_module(&self, name: &str) -> bool {
        let path = self.path().map(|own| own.join([name]));
        path.is_some_and(|path| self.view.graph.modules().find(&path, Some(self.view.file)).is_some())
    }

    /// The module that the file puts in its own place, and where it does so.
    pub fn stand_in(&self) -> Option<(SymbolPath, Span)> {
        let mut entries = self.view.facts.module_entries.iter().filter(|_| self.scope == 0);
        let own = entries.find(|entry| entry.name.is_none())?;
        let path = self.view.entered_module(own)?;
        (self.path().as_ref() != Some(&path)).then_some((path, own.span))
    }

    /// True when the file itself reads what it binds to `name` here, an entry in the export list aside.
    pub fn reads(&self, name: &str) -> bool {
        let (facts, bindings) = (self.view.facts, self.bindings(name));
        let is_read = |id: &BindingId| match self.view.binding(*id).kind {
            BindingKind::Import(import) => facts.imports[import as usize].is_used,
            _ => {
                facts.references.iter().any(|user| user.place != Place::Export && user.bindings.contains(id))
            }
        };
        bindings.iter().any(is_read)
    }

    /// Every name that is bound here, sorted.
    pub fn names(&self) -> Vec<&'graph str> {
        let mut names: Vec<&str> =
            self.view.facts.scopes[self.scope as usize].names.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names
    }

    /// What binds `name` here in one of `namespaces`.
    pub fn bindings_in(&self, name: &str, namespaces: Namespaces) -> impl Iterator<Item = BindingId> {
        let view = self.view;
        let bindings = self.bindings(name).iter().copied();
        bindings.filter(move |&id| view.binding(id).namespaces.meets(namespaces))
    }

    /// The scope of the module `name` that is written out here.
    fn inner_module(&self, name: &str) -> Option<ScopeId> {
        self.bindings(name).iter().find_map(|&id| match self.view.binding(id).kind {
            BindingKind::Module(scope) => scope,
            _ => None,
        })
    }
}
