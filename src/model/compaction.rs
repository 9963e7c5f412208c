//! Makes the facts of a file small: a check asks only for what can be part of a relevant path.

use super::{
    BindingId, BindingKind, FileFacts, ImportForm, Reference, ReferenceId, Scope, ScopeId, ScopeKind, Start,
};
use rustc_hash::FxHashMap;

/// The place of what was forgotten: nothing that is left points there.
const GONE: u32 = u32::MAX;

/// Which names matter to a run that changes nothing.
#[derive(Clone, Copy)]
pub struct Relevance<'run> {
    /// Whether a name can be part of a path that is looked for.
    pub is_relevant: &'run dyn Fn(&str) -> bool,
    /// Given when every chain is relevant that begins with an imported name, a module or a package, and every name that a
    /// star import may bring: whether an absolute path with this first name may lead into the project.
    pub begins_path: Option<&'run dyn Fn(&str) -> bool>,
    /// Whether definitions are compared with each other.
    pub compares: bool,
}

impl FileFacts {
    /// Forgets what only a rewrite asks for: references without a relevant name, the local names that are left without a
    /// use, and the scopes that hold nothing any more. What a path with a relevant name stands for can still be answered.
    pub fn forget_local_uses(&mut self, relevance: &Relevance<'_>) {
        self.settle_local_aliases();
        self.keep_references(relevance);
        self.keep_bindings();
        self.keep_scopes();
        self.examples.iter_mut().for_each(|example| example.code = "".into());
        self.data_keys = Vec::new();
        self.imports.shrink_to_fit();
    }

    /// In a function another name for what comes from a local value is a value itself: it leads to no path.
    pub fn settle_local_aliases(&mut self) {
        let is_local = |scope: ScopeId, scopes: &[Scope]| scopes[scope as usize].kind == ScopeKind::Function;
        for id in 0..self.bindings.len() {
            let binding = &self.bindings[id];
            let BindingKind::Alias(reference) = binding.kind else { continue };
            let is_value = |root: &BindingId| {
                let root = &self.bindings[*root as usize];
                root.kind == BindingKind::Value && is_local(root.scope, &self.scopes)
            };
            let roots = &self.references[reference as usize].bindings;
            if is_local(binding.scope, &self.scopes) && !roots.is_empty() && roots.iter().all(is_value) {
                self.bindings[id].kind = BindingKind::Value;
            }
        }
    }

    /// True when a name is read where nothing has bound it yet: only a star import can have brought it.
    pub fn is_early(&self, reference: &Reference) -> bool {
        let (at, here) = (reference.segments[0].span.start, reference.scope);
        reference.bindings.iter().all(|&binding| {
            let binding = &self.bindings[binding as usize];
            let is_own_class = binding.scope == here && self.scopes[here as usize].kind == ScopeKind::Class;
            let comes_later = binding.scope == 0 && binding.span.start >= at && here == 0;
            let is_gone = binding.scope == 0 && binding.kind == BindingKind::Deletion;
            !self.is_declarative && (is_own_class || comes_later || is_gone)
        })
    }

    fn keep_references(&mut self, relevance: &Relevance<'_>) {
        let &Relevance { is_relevant, begins_path, .. } = relevance;
        let aliases = self.bindings.iter().filter_map(|binding| match binding.kind {
            BindingKind::Alias(reference) => Some(reference),
            _ => None,
        });
        let mut is_named = vec![false; self.references.len()];
        aliases.for_each(|reference| is_named[reference as usize] = true);
        let sources = self.keep_definitions(is_relevant);
        sources.into_iter().for_each(|reference| is_named[reference as usize] = true);
        let (mut kept, mut places) = (Vec::new(), vec![GONE; self.references.len()]);
        let references = std::mem::take(&mut self.references);
        let (facts, is_open) = (&*self, self.is_declarative);
        let leads_on = |id: &BindingId| match facts.bindings[*id as usize].kind {
            BindingKind::Import(import) => begins_path.is_none_or(|begins_path| {
                is_open || facts.imports[import as usize].may_stay_inside(begins_path)
            }),
            BindingKind::Alias(_) | BindingKind::Module(_) => true,
            BindingKind::Definition | BindingKind::Value | BindingKind::Deletion => false,
        };
        // A name that the file does not bind may come from a star import, or be that of a package where those need no
        // import.
        let has_star = self.imports.iter().any(|import| import.form == ImportForm::Star);
        let is_chain = |reference: &Reference| {
            let is_plain = matches!(reference.start, Start::Scope | Start::ScopeOrTop);
            let is_unbound = reference.bindings.is_empty();
            let begins = !is_plain || is_open && is_unbound || reference.bindings.iter().any(leads_on);
            reference.segments.len() > 1 && begins || has_star && facts.is_early(reference)
        };
        for (old, reference) in (0..).zip(references) {
            let is_kept = reference.segments.iter().any(|segment| is_relevant(&segment.name))
                || begins_path.is_some() && is_chain(&reference);
            if is_named[old as usize] || is_kept {
                places[old as usize] = kept.len() as ReferenceId;
                kept.push(reference);
            }
        }
        kept.shrink_to_fit();
        self.references = kept;
        for binding in &mut self.bindings {
            if let BindingKind::Alias(reference) = &mut binding.kind {
                *reference = places[*reference as usize];
            }
        }
        self.renumber_sources(|reference| places[reference as usize]);
    }

    /// Keeps the names of modules, and those that something left refers to.
    fn keep_bindings(&mut self) {
        let used = self.references.iter().flat_map(|reference| &reference.bindings);
        let used =
            used.chain(self.imports.iter().flat_map(|import| import.roots.iter().chain(&import.binding)));
        let mut is_used = vec![false; self.bindings.len()];
        used.for_each(|&id| is_used[id as usize] = true);
        let (mut kept, mut places) = (Vec::new(), vec![GONE; self.bindings.len()]);
        for (old, binding) in std::mem::take(&mut self.bindings).into_iter().enumerate() {
            let is_path = matches!(binding.kind, BindingKind::Alias(_));
            let in_module = self.scopes[binding.scope as usize].kind == ScopeKind::Module;
            if in_module || is_path || is_used[old] {
                places[old] = kept.len() as BindingId;
                kept.push(binding);
            }
        }
        kept.shrink_to_fit();
        self.bindings = kept;
        let new_id = |id: &mut BindingId| *id = places[*id as usize];
        self.references.iter_mut().flat_map(|reference| &mut reference.bindings).for_each(new_id);
        self.definitions.iter_mut().map(|definition| &mut definition.binding).for_each(new_id);
        for import in &mut self.imports {
            import.roots.iter_mut().chain(&mut import.binding).for_each(new_id);
        }
        for scope in &mut self.scopes {
            if scope.kind == ScopeKind::Module {
                scope.names.values_mut().flatten().for_each(new_id);
                scope.names.shrink_to_fit();
            } else {
                scope.names = FxHashMap::default();
            }
            scope.forwards = FxHashMap::default();
        }
    }

    /// Keeps the scopes of modules and those around what is left.
    fn keep_scopes(&mut self) {
        let mut needed = vec![false; self.scopes.len()];
        let named = self.bindings.iter().map(|binding| binding.scope);
        let named = named.chain(self.references.iter().map(|reference| reference.scope));
        let named = named.chain(self.imports.iter().map(|import| import.scope));
        named.chain(self.strings.iter().map(|string| string.scope)).for_each(|id| needed[id as usize] = true);
        for id in (0..self.scopes.len()).rev() {
            needed[id] |= self.scopes[id].kind == ScopeKind::Module;
            if let (true, Some(parent)) = (needed[id], self.scopes[id].parent) {
                needed[parent as usize] = true; // Parents come first, so this is seen further on.
            }
        }
        let (mut kept, mut places) = (Vec::new(), vec![0; self.scopes.len()]);
        for (old, mut scope) in std::mem::take(&mut self.scopes).into_iter().enumerate() {
            if needed[old] {
                places[old] = kept.len() as ScopeId;
                scope.parent = scope.parent.map(|parent| places[parent as usize]);
                kept.push(scope);
            }
        }
        kept.shrink_to_fit();
        self.scopes = kept;
        let new_id = |id: &mut ScopeId| *id = places[*id as usize];
        for binding in &mut self.bindings {
            new_id(&mut binding.scope);
            if let BindingKind::Module(Some(body)) = &mut binding.kind {
                new_id(body);
            }
        }
        self.references.iter_mut().map(|reference| &mut reference.scope).for_each(new_id);
        self.imports.iter_mut().map(|import| &mut import.scope).for_each(new_id);
        self.strings.iter_mut().map(|string| &mut string.scope).for_each(new_id);
        self.deeds.iter_mut().map(|deed| &mut deed.scope).for_each(new_id);
    }
}
