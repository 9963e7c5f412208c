//! What a name of a module stands for, and whether a path leads to something.

use super::SymbolGraph;
use super::body::Body;
use super::modules::ModuleId;
use super::resolve::View;
use crate::model::{
    FileId, LazyName, LazyTarget, Name, Namespaces, Reference, ScopeKind, StringBase, SymbolPath,
};

/// What a name of a module stands for.
pub enum Provided {
    /// Defined there, or a plain value.
    Here,
    /// Another name for this path.
    Alias(SymbolPath),
    /// Not bound there.
    Missing,
    /// Not known: facts are missing or something hides names.
    Unknown,
}

/// What the name at `index` of a path of so many segments can be: on the way it is a module or a type.
pub(super) const fn used_as(length: usize, index: usize) -> Namespaces {
    if index + 1 < length { Namespaces::TYPE } else { Namespaces::ALL }
}

impl Body<'_> {
    /// What `name` stands for here, in one of `namespaces`.
    pub fn provided(&self, name: &str, namespaces: Namespaces) -> Provided {
        if let Some((path, _)) = self.stand_in().filter(|_| !self.has_module(name)) {
            return Provided::Alias(self.view.canonical(path.join([name])));
        }
        let mut bindings = self.bindings_in(name, namespaces).peekable();
        if bindings.peek().is_none() {
            let lazy = self.lazy(name).and_then(|lazy| self.view.lazy_path(lazy));
            return lazy.map_or_else(|| self.view.provided_by_star(self.scope, name), Provided::Alias);
        }
        let mut paths = bindings.map(|binding| self.view.bound(binding));
        let Some(first) = paths.next().flatten() else { return Provided::Here };
        if paths.all(|path| path.as_ref() == Some(&first)) { Provided::Alias(first) } else { Provided::Here }
    }
}

impl View<'_> {
    /// What a chain stands for, names that this module itself defines included; `None` for local values.
    pub fn source(&self, reference: &Reference) -> Option<SymbolPath> {
        let own = || {
            let mut bindings = reference.bindings.iter().map(|&id| self.binding(id));
            let scope = bindings.next()?.scope;
            let is_item = self.facts.scopes[scope as usize].kind == ScopeKind::Module;
            let is_own = is_item && bindings.all(|binding| binding.scope == scope);
            let names = reference.segments.iter().map(|segment| &segment.name);
            is_own.then(|| Some(self.module_path(scope)?.join(names)))?
        };
        self.meaning(reference).or_else(own)
    }

    /// What a name stands for that the module makes when it is asked for it.
    pub(super) fn lazy_path(&self, lazy: &LazyName) -> Option<SymbolPath> {
        match &lazy.target {
            LazyTarget::Reference(reference, rest) => {
                let path = self.meaning(&self.facts.references[*reference as usize])?;
                Some(self.canonical(path.join(rest)))
            }
            LazyTarget::Path(0, names) => {
                let path = self.absolute_string(&StringBase::Root, 0, names)?;
                // The loader may put the package of the module in front.
                let is_known = self.graph.modules().longest(&path, Some(self.file)).is_some();
                let inside = || self.absolute_string(&StringBase::OwnPackage, 1, names);
                if is_known { Some(path) } else { inside().or(Some(path)) }
            }
            LazyTarget::Path(level, names) => self.absolute_string(&StringBase::OwnPackage, *level, names),
        }
    }
}

impl SymbolGraph {
    /// Whether a path leads to something; `None` when that cannot be known: it is not first-party, or not read (yet).
    /// Members of classes are not asked for.
    pub fn exists(&self, path: &SymbolPath, importer: Option<FileId>) -> Option<bool> {
        self.exists_in(self.modules().longest(path, importer)?, path.segments())
    }

    /// The same from the longest beginning that is a first-party module: the module and the number of its segments.
    pub fn exists_in(&self, known: (ModuleId, usize), segments: &[Name]) -> Option<bool> {
        if known.1 == segments.len() {
            return Some(true);
        }
        let found = self.modules().module(known.0);
        if found.file.is_none() {
            return if found.is_opaque { None } else { Some(false) };
        }
        let (body, count) = self.body_in(known, segments)?;
        let Some(name) = segments.get(count) else { return Some(true) };
        match body.provided(name, used_as(segments.len(), count)) {
            Provided::Here | Provided::Alias(_) => Some(true),
            // A macro is exported at the root of its crate, wherever it stands (Rust reference, "Path-based scope").
            Provided::Missing if body.view.facts.is_declarative && count == 1 => None,
            Provided::Missing => Some(false),
            Provided::Unknown => None,
        }
    }

    /// True when a package around a first-party module may have something else under the name of the next module on the way:
    /// then its path cannot be followed name by name, only an import statement finds it (Python reference, section 5.4.2).
    pub fn is_hidden_module(&self, module: &SymbolPath, importer: FileId) -> bool {
        let known = self.modules().longest(module, Some(importer)).map_or(0, |(_, count)| count);
        (1..known).any(|count| {
            let step = module.prefix(count + 1);
            let is_module = self.modules().find(&step, Some(importer)).is_some();
            let around = self.body_of(&module.prefix(count), Some(importer)).filter(|_| is_module);
            around.is_some_and(|body| match body.provided(step.name(), Namespaces::TYPE) {
                Provided::Alias(path) => path != step && !body.view.facts.is_declarative,
                Provided::Here => !body.view.facts.is_declarative,
                Provided::Missing | Provided::Unknown => false,
            })
        })
    }

    /// False when `from module import …` must fail: on the way stands a first-party name that is no module.
    pub fn may_be_module(&self, module: &SymbolPath, importer: Option<FileId>) -> bool {
        let Some((there, count)) = self.body(module, importer) else { return true };
        let Some(name) = module.segments().get(count) else { return true };
        match Some(there.provided(name, Namespaces::TYPE)) {
            Some(Provided::Here) => false,
            Some(Provided::Alias(target)) => target == module.prefix(count + 1),
            Some(Provided::Missing | Provided::Unknown) | None => true,
        }
    }
}
