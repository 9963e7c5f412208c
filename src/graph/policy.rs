//! What is canonical where no rule speaks of a symbol: the module that defines it, or the package that exports it.

use super::provided::Provided;
use super::resolve::View;
use super::{Body, SymbolGraph};
use crate::model::{BindingId, BindingKind, Exports, FileId, Namespaces, SymbolPath, Visibility};
use globset::GlobSet;

/// Which kind of path is canonical for everything that some packages define.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its rule, as index into the rule set.
    pub rule: usize,
    /// Matches the names of modules with `/` between their parts.
    pub packages: GlobSet,
    /// True when the shallowest package that exports a symbol on purpose is wanted, not the module that defines it.
    pub wants_facade: bool,
}

impl Policy {
    /// Whether it speaks of what `module` defines.
    pub fn speaks_of(&self, module: &SymbolPath) -> bool {
        self.packages.is_match(module.segments().join("/"))
    }
}

impl SymbolGraph {
    /// True when a module defines exactly this name.
    pub fn is_definition(&self, path: &SymbolPath, importer: FileId) -> bool {
        let body = path.parent().and_then(|module| self.body_of(&module, Some(importer)));
        let is_made = |body: &Body<'_>, id: &BindingId| {
            matches!(body.view.binding(*id).kind, BindingKind::Definition | BindingKind::Value)
        };
        body.is_some_and(|body| {
            let bindings = body.bindings(path.name());
            bindings.iter().any(|id| is_made(&body, id))
                && matches!(body.provided(path.name(), Namespaces::ALL), Provided::Here)
        })
    }

    /// The path by which the shallowest package around `definition` exports it on purpose; the definition itself when none
    /// does. Only packages that the policy speaks of count.
    pub fn facade(&self, policy: &Policy, definition: &SymbolPath, view: View<'_>) -> SymbolPath {
        let packages = (1..definition.len() - 1).map(|count| definition.prefix(count));
        let mut packages = packages.filter(|package| policy.speaks_of(package));
        let exported = packages.find_map(|package| {
            let path = package.join([definition.name()]);
            let body = self.body_of(&package, Some(view.file))?;
            (body.exports(path.name()) && view.end_of(path.clone(), &SymbolPath::clone) == *definition)
                .then_some(path)
        });
        exported.unwrap_or_else(|| definition.clone())
    }
}

impl Body<'_> {
    /// True for a name that is there for others: it is listed, or handed on without being used here.
    fn exports(&self, name: &str) -> bool {
        let facts = self.view.facts;
        let bindings = self.bindings(name);
        match &facts.exports {
            // What a star import brings in is handed on as a whole.
            Exports::Implicit | Exports::Explicit { complete: false, .. } if bindings.is_empty() => {
                self.has_star()
            }
            Exports::Explicit { names, .. } => names.iter().any(|listed| *listed.name == *name),
            Exports::Visible => {
                bindings.iter().any(|&id| self.view.binding(id).visibility == Visibility::Public)
            }
            Exports::Implicit => {
                let is_handed_on = |id: &BindingId| match self.view.binding(*id).kind {
                    BindingKind::Import(import) => !facts.imports[import as usize].is_used,
                    _ => true,
                };
                !name.starts_with('_') && !bindings.is_empty() && bindings.iter().all(is_handed_on)
            }
        }
    }
}
