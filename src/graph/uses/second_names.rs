//! Other names that a file gives to symbols with a canonical path.

use super::{Declared, Finder};
use crate::model::{Binding, BindingId, BindingKind, ScopeKind, SymbolPath, Visibility};

/// A name for a symbol with a canonical path that is not its own.
#[derive(Debug, Clone)]
pub struct SecondName {
    /// What binds the name.
    pub binding: BindingId,
    /// The path that it makes.
    pub path: SymbolPath,
    /// The symbol's canonical path.
    pub canonical: SymbolPath,
    /// The rule of the symbol, as index into the rule set.
    pub rule: usize,
}

impl Finder<'_> {
    pub(super) fn second_names(&mut self) {
        let bindings = self.view.facts.bindings.iter().enumerate();
        let offered: Vec<BindingId> =
            bindings.filter(|(_, binding)| self.is_offered(binding)).map(|(id, _)| id as BindingId).collect();
        self.found.second_names = offered.into_iter().filter_map(|id| self.second_name(id)).collect();
    }

    /// True for another name in a module that others may ask for.
    fn is_offered(&self, binding: &Binding) -> bool {
        matches!(binding.kind, BindingKind::Import(_) | BindingKind::Alias(_))
            && binding.visibility != Visibility::Around(0)
            && self.view.facts.scopes[binding.scope as usize].kind == ScopeKind::Module
            && self.ends_in_symbol(binding)
    }

    /// A quick look at what the name stands for.
    fn ends_in_symbol(&self, binding: &Binding) -> bool {
        let facts = self.view.facts;
        let last = || match binding.kind {
            BindingKind::Import(id) => {
                let import = &facts.imports[id as usize];
                // Where imports run, a name that keeps its legacy spelling goes along when the import moves.
                let is_another = import.alias.is_some() || facts.is_declarative;
                is_another.then(|| import.member.as_ref().or(import.path.last()))?
            }
            BindingKind::Alias(id) => facts.references[id as usize].segments.last(),
            _ => None,
        };
        last().is_some_and(|last| self.declared.ends_in(&last.name))
    }

    fn second_name(&self, id: BindingId) -> Option<SecondName> {
        let binding = self.view.binding(id);
        let module = self.view.module_path(binding.scope)?;
        // Tests, examples and build scripts of Rust are roots that nobody can import from.
        if module.segments()[0].contains('/') {
            return None;
        }
        let path = module.join([&binding.name]);
        let written = self.view.bound(id)?;
        let is_declared = self.declared.get(&path).is_some_and(|declared| !declared.is_found());
        if is_declared || !self.is_found(&path) && self.declared.moved(&path) != path {
            return None;
        }
        let end = self.view.end_of(written, &|path| self.declared.moved(path));
        let (rule, canonical) = self.declared.symbol(&end)?;
        let canonical = canonical.clone();
        (canonical.name() != path.name()).then_some(SecondName { binding: id, path, canonical, rule })
    }

    fn is_found(&self, path: &SymbolPath) -> bool {
        self.declared.get(path).is_some_and(Declared::is_found)
    }
}
