//! Other names that a file gives to symbols with a canonical path.

use super::{Declared, Finder};
use crate::model::{
    Binding, BindingId, BindingKind, Content, Definition, ModuleEntry, ScopeKind, Span, StringBase,
    SymbolPath, Visibility,
};

/// A name for a symbol with a canonical path that is not its own.
#[derive(Debug, Clone)]
pub struct SecondName {
    /// How it is made.
    pub form: SecondForm,
    /// Where the name is spelled.
    pub span: Span,
    /// The path that it makes.
    pub path: SymbolPath,
    /// The symbol's canonical path.
    pub canonical: SymbolPath,
    /// The rule of the symbol, as index into the rule set.
    pub rule: usize,
}

/// How another name is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondForm {
    /// By an import or an assignment, which is this binding.
    Binding(BindingId),
    /// By a class that derives from it and adds nothing.
    Subclass,
    /// By a function or class that hands on what it is called with.
    Wrapper,
    /// When the module is asked for it.
    Lazy,
    /// By an entry in the table of loaded modules.
    Entry,
}

impl Finder<'_> {
    pub(super) fn second_names(&mut self) {
        let facts = self.view.facts;
        let bindings = facts.bindings.iter().enumerate();
        let offered = bindings.filter(|(_, binding)| self.is_offered(binding)).map(|(id, _)| id as BindingId);
        let bound = offered.filter_map(|id| self.second_name(id));
        let defined = facts.definitions.iter().filter_map(|definition| self.defined_name(definition));
        let second_names = bound.chain(defined).collect();
        self.found.second_names = second_names;
        let lazy = self.lazy_names();
        self.found.second_names.extend(lazy);
        let entered = self.view.facts.module_entries.iter().filter_map(|entry| self.entered_name(entry));
        let entered: Vec<SecondName> = entered.collect();
        self.found.second_names.extend(entered);
    }

    /// An empty subclass of the symbol, or what only calls it. Where types have no subclasses a function is no name.
    fn defined_name(&self, definition: &Definition) -> Option<SecondName> {
        let binding = self.view.binding(definition.binding);
        let (form, source) = match (definition.content, &*definition.bases) {
            (Content::Empty, [base]) => (SecondForm::Subclass, *base),
            (Content::Wrapper(called), []) => (SecondForm::Wrapper, called),
            _ => return None,
        };
        let reference = &self.view.facts.references[source as usize];
        let is_relevant = reference.segments.last().is_some_and(|last| self.declared.ends_in(&last.name));
        if !definition.is_plain || !is_relevant || self.view.facts.is_declarative {
            return None;
        }
        let path = self.view.module_path(binding.scope)?.join([&binding.name]);
        self.named(path, self.view.source(reference)?, form, binding.span)
    }

    /// The names that the module makes when it is asked for them. The paths that it takes them from are written here, and
    /// may lead further.
    fn lazy_names(&mut self) -> Vec<SecondName> {
        let own = self.view.module_path(0).filter(|_| !self.view.facts.lazy.is_empty());
        let Some(own) = own else { return Vec::new() };
        let mut names = Vec::new();
        for lazy in &self.view.facts.lazy {
            let is_bound = self.view.facts.scopes[0].names.contains_key(&lazy.name.name);
            let Some(source) = self.view.lazy_path(lazy).filter(|_| !is_bound) else { continue };
            if !self.declared.ends_in(source.name()) {
                continue;
            }
            if let Some(found) = self.find(source.clone(), 1) {
                self.note_bypass(&found, 1, true);
            }
            let path = own.join([&lazy.name.name]);
            names.extend(self.named(path, source, SecondForm::Lazy, lazy.name.span));
        }
        names
    }

    /// Another name of the module that is, or defines, a symbol with a canonical path.
    fn entered_name(&self, entry: &ModuleEntry) -> Option<SecondName> {
        let module = self.view.entered_module(entry)?;
        let name = match &entry.name {
            Some(names) => self.view.absolute_string(&StringBase::Root, 0, names)?,
            None => self.view.module_path(0)?,
        };
        let is_held =
            |canonical: &SymbolPath| canonical.starts_with(&module) && canonical.len() <= module.len() + 1;
        let held = self.declared.canonicals().filter(|(_, canonical)| is_held(canonical));
        let (rule, canonical) = held.min_by_key(|(rule, _)| *rule)?;
        let path = name.join(&canonical.segments()[module.len()..]);
        let is_known = name == module
            || self.declared.get(&path).is_some_and(|declared| !declared.is_found())
            || !self.is_found(&path) && self.declared.moved(&path) != path;
        let (form, span, canonical) = (SecondForm::Entry, entry.span, canonical.clone());
        (!is_known).then_some(SecondName { form, span, path, canonical, rule })
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
        let written = match binding.kind {
            BindingKind::Alias(reference) => {
                let reference = &self.view.facts.references[reference as usize];
                self.view.bound(id).or_else(|| self.view.source(reference))
            }
            _ => self.view.bound(id),
        };
        self.named(path, written?, SecondForm::Binding(id), binding.span)
    }

    /// The second name that `path` is, when `written` leads to a symbol with a canonical path.
    fn named(
        &self,
        path: SymbolPath,
        written: SymbolPath,
        form: SecondForm,
        span: Span,
    ) -> Option<SecondName> {
        let is_declared = self.declared.get(&path).is_some_and(|declared| !declared.is_found());
        if is_declared || !self.is_found(&path) && self.declared.moved(&path) != path {
            return None;
        }
        let end = self.view.end_of(written, &|path| self.declared.moved(path));
        let (rule, canonical) = self.declared.symbol(&end)?;
        let canonical = canonical.clone();
        (canonical.name() != path.name()).then_some(SecondName { form, span, path, canonical, rule })
    }

    fn is_found(&self, path: &SymbolPath) -> bool {
        self.declared.get(path).is_some_and(Declared::is_found)
    }
}
