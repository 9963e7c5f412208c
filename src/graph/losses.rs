//! What would be lost if a module were nothing but a shim.

use super::body::Body;
use super::{DeclaredPaths, SymbolGraph};
use crate::model::{Binding, BindingId, BindingKind, Content, ImportForm, Span, SymbolPath, Visibility};
use std::collections::BTreeSet;

/// Where each name of a module is to come from; `None` for a name that nothing is known of.
pub type Homes<'run> = dyn Fn(&str) -> Option<SymbolPath> + 'run;

impl SymbolGraph {
    /// What the module `path` has or does that a shim in its place would not: what stands behind "it", and where.
    pub fn losses(
        &self,
        path: &SymbolPath,
        homes: &Homes<'_>,
        whole: Option<&SymbolPath>,
        declared: &DeclaredPaths,
    ) -> Vec<(String, Span)> {
        let Some(body) = self.body_of(path, None) else { return Vec::new() };
        let look = Look { body, homes, whole, declared };
        let mut found: BTreeSet<(Span, String)> = BTreeSet::new();
        for name in body.names() {
            let lost =
                body.bindings(name).iter().filter_map(|&id| Some((look.span(id), look.lost(name, id)?)));
            found.extend(lost);
        }
        found.extend(look.lazy());
        found.extend(look.deeds());
        found.extend(look.stars());
        found.into_iter().map(|(span, what)| (what, span)).collect()
    }

    /// The names that the module `path` only hands on, sorted.
    pub fn handed_on(&self, path: &SymbolPath) -> Vec<&str> {
        let Some(body) = self.body_of(path, None) else { return Vec::new() };
        let mut names = body.names();
        names.retain(|name| {
            let ids = body.bindings(name);
            !ids.is_empty() && ids.iter().all(|&id| body.hands_on(id).is_some())
        });
        names
    }

    /// The names that the module `path` has for others: its export list, else what it defines and what it hands on from this
    /// project, sorted.
    pub fn public_names(&self, path: &SymbolPath) -> Vec<String> {
        let Some(body) = self.body_of(path, None) else { return Vec::new() };
        if let crate::model::Exports::Explicit { names, complete: true } = &body.view.facts.exports
            && body.scope == 0
        {
            let names: BTreeSet<String> = names.iter().map(|name| name.name.to_string()).collect();
            return names.into_iter().collect();
        }
        let is_own = |&id: &BindingId| match body.view.binding(id) {
            Binding { visibility: Visibility::Around(_), .. } => false,
            Binding { kind: BindingKind::Module(_), .. } => body.view.facts.is_declarative,
            Binding {
                kind: BindingKind::Definition | BindingKind::Value | BindingKind::Alias(_), ..
            } => true,
            _ => body.hands_on(id).is_some(),
        };
        let names = body.names().into_iter().filter(|name| !name.starts_with('_'));
        names.filter(|name| body.bindings(name).iter().any(is_own)).map(str::to_owned).collect()
    }
}

impl Body<'_> {
    /// True for a definition that only hands something on, and says so.
    pub(super) fn is_shim(&self, id: BindingId) -> bool {
        self.view.facts.definitions.iter().any(|definition| definition.binding == id && definition.is_shim)
    }

    /// True for a private module, written out here, that only holds imports.
    pub(super) fn is_bag(&self, id: BindingId) -> bool {
        let binding = self.view.binding(id);
        let BindingKind::Module(Some(scope)) = binding.kind else { return false };
        let inside = Self { scope, ..*self };
        let mut names = inside.names().into_iter().flat_map(|name| inside.bindings(name));
        let is_import = |&id: &BindingId| matches!(self.view.binding(id).kind, BindingKind::Import(_));
        binding.visibility == Visibility::Around(0) && names.all(is_import)
    }

    /// The path of this project that a binding hands on to others; `None` for what the file itself uses.
    fn hands_on(&self, id: BindingId) -> Option<SymbolPath> {
        let binding = self.view.binding(id);
        let is_for_others = match binding.kind {
            BindingKind::Import(import) => {
                let import = &self.view.facts.imports[import as usize];
                let is_seen = import.visibility != Visibility::Around(0);
                import.form == ImportForm::Member && !import.is_used && is_seen
            }
            BindingKind::Alias(_) => true,
            _ => false,
        };
        let path = self.view.bound(id).filter(|_| is_for_others)?;
        self.view.graph.modules().longest(&path, Some(self.view.file)).map(|_| path)
    }
}

struct Look<'run> {
    body: Body<'run>,
    homes: &'run Homes<'run>,
    whole: Option<&'run SymbolPath>,
    declared: &'run DeclaredPaths,
}

impl Look<'_> {
    fn span(&self, id: BindingId) -> Span {
        self.body.view.binding(id).span
    }

    fn lost(&self, name: &str, id: BindingId) -> Option<String> {
        if name.starts_with("__") && name.ends_with("__") {
            return None;
        }
        let home = (self.homes)(name);
        match self.body.view.binding(id).kind {
            BindingKind::Definition if self.body.is_shim(id) => None,
            BindingKind::Definition if home.as_ref().is_some_and(|home| self.is_thin(id, home)) => None,
            BindingKind::Definition => Some(format!("defines `{name}`")),
            BindingKind::Value if name.starts_with('_') && self.is_lazy() => None,
            BindingKind::Value => Some(format!("sets `{name}`")),
            BindingKind::Import(_) | BindingKind::Alias(_) => {
                let path = self.body.hands_on(id)?;
                if path.parent() == self.body.path() {
                    return None; // Another name for something of its own, which is looked at by itself.
                }
                self.handed_astray(name, path, home)
            }
            _ => None,
        }
    }

    /// What is to be said of a name that leads to `path`, and is to lead to `home`.
    fn handed_astray(&self, name: &str, path: SymbolPath, home: Option<SymbolPath>) -> Option<String> {
        let path = self.end_of(path);
        match home {
            Some(home) if self.end_of(home.clone()) == path => None,
            Some(home) => Some(format!("hands on `{path}` as `{name}`, and not `{home}`")),
            None => Some(format!("hands on `{name}` from `{path}`, which no rule moves")),
        }
    }

    /// Names that the module makes when it is asked for them.
    fn lazy(&self) -> impl Iterator<Item = (Span, String)> {
        self.body.lazy_names().filter_map(|lazy| {
            let path = self.body.view.lazy_path(lazy)?;
            let name = &*lazy.name.name;
            Some((lazy.name.span, self.handed_astray(name, path, (self.homes)(name))?))
        })
    }

    fn is_lazy(&self) -> bool {
        !self.body.bindings("__getattr__").is_empty()
    }

    /// True for a definition that only leads to `home`: an empty subclass, a function that calls it.
    fn is_thin(&self, id: BindingId, home: &SymbolPath) -> bool {
        let facts = self.body.view.facts;
        let Some(definition) = facts.definitions.iter().find(|definition| definition.binding == id) else {
            return false;
        };
        let home = self.end_of(home.clone());
        let leads_home = definition.sources().any(|source| {
            let path = self.body.view.meaning(&facts.references[source as usize]);
            path.is_some_and(|path| self.end_of(path) == home)
        });
        leads_home && definition.content != Content::Full
    }

    fn end_of(&self, path: SymbolPath) -> SymbolPath {
        self.body.view.end_of(path, &|path| self.declared.moved(path))
    }

    fn deeds(&self) -> impl Iterator<Item = (Span, String)> {
        let deeds = self.body.view.facts.deeds.iter().filter(|deed| deed.scope == self.body.scope);
        deeds.map(|deed| (deed.span, deed.kind.as_str().to_owned()))
    }

    /// Star imports of anything but the module that the shim asks for every name.
    fn stars(&self) -> impl Iterator<Item = (Span, String)> {
        let imports = self.body.view.facts.imports.iter();
        let stars = imports
            .filter(|import| import.form == ImportForm::Star && import.scope == self.body.scope)
            .filter_map(|import| Some((import.span, self.body.view.imported_module(import)?)));
        stars.filter(|(_, path)| self.is_more(path)).map(|(span, path)| {
            (span, format!("hands on all names of `{path}`, and no rule moves all of them"))
        })
    }

    /// True for a module that is neither the one that the shim hands on as a whole nor a part of it.
    fn is_more(&self, path: &SymbolPath) -> bool {
        let is_inside = self.body.path().is_some_and(|own| path.starts_with(&own));
        !is_inside && self.whole.is_none_or(|whole| self.declared.moved(path) != *whole)
    }
}
