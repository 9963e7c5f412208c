//! Local names that follow the symbol's new name, where the new one is free; else `as` keeps the old one working.

use super::file_planner::FilePlanner;
use crate::graph::AskedNames;
use crate::model::{
    Binding, BindingId, BindingKind, ImportForm, ImportId, ItemChange, Name, Place, ScopeId, ScopeKind,
    Visibility,
};
use std::collections::BTreeMap;

/// The imports that bind one name in one scope, all to be renamed alike.
struct Renaming {
    imports: Vec<ImportId>,
    bindings: Vec<BindingId>,
    new: String,
    rule: String,
}

impl FilePlanner<'_> {
    /// Renames local names where that is safe.
    pub(super) fn plan_locals(&mut self) {
        let mut wanted: BTreeMap<(ScopeId, Name), Renaming> = BTreeMap::new();
        for (&id, change) in &self.out.changes.items {
            let Some((key, new, rule)) = self.natural_rename(id, change) else { continue };
            let Some(binding) = self.view.facts.imports[id as usize].binding else { continue };
            let entry = wanted.entry(key).or_insert_with(|| Renaming {
                imports: Vec::new(),
                bindings: Vec::new(),
                new: new.clone(),
                rule,
            });
            if entry.new == new {
                entry.imports.push(id);
                entry.bindings.push(binding);
            }
        }
        for ((scope, old), renaming) in wanted {
            if self.can_rename(scope, &old, &renaming) {
                self.rename(scope, &old, &renaming);
            }
        }
    }

    /// The local name that an import would bind by itself once it has moved, when that differs from today's.
    fn natural_rename(&self, id: ImportId, change: &ItemChange) -> Option<((ScopeId, Name), String, String)> {
        let ItemChange::Move { target, local: Some(local), rule } = change else { return None };
        let import = &self.view.facts.imports[id as usize];
        let member = match import.form {
            ImportForm::Module => import.path.first().filter(|_| import.path.len() == 1)?,
            _ => import.member.as_ref()?,
        };
        // An alias that the author chose stays; `X as X` only marks a re-export.
        let chosen = import.alias.as_ref().is_some_and(|alias| alias.name != member.name);
        let keeps = self.request.rules[self.rule_index(rule)].keeps_local_name;
        if chosen || keeps || target.name() == local {
            return None;
        }
        Some(((import.scope, local.as_str().into()), target.name().to_owned(), rule.clone()))
    }

    fn can_rename(&mut self, scope: ScopeId, old: &str, renaming: &Renaming) -> bool {
        let facts = self.view.facts;
        if self.request.cautious.contains(&self.view.file) {
            return false;
        }
        let here = &facts.scopes[scope as usize];
        let all = here.bindings(old);
        if here.kind == ScopeKind::Class || all.iter().any(|binding| !renaming.bindings.contains(binding)) {
            return false;
        }
        let is_shown = renaming.bindings.iter().any(|&binding| self.is_for_others(binding));
        if is_shown || here.kind == ScopeKind::Module && self.must_stay(scope, old, &renaming.new) {
            return false;
        }
        let users = self.users_of_all(&renaming.bindings);
        let mut readers = Vec::with_capacity(users.len());
        for &user in &users {
            let reference = self.reference(user);
            let is_fixed = matches!(reference.place, Place::Opaque | Place::Shown | Place::Template);
            let is_foreign = reference.bindings.iter().any(|binding| !renaming.bindings.contains(binding));
            let is_hidden = *reference.segments[0].name != *old;
            if is_fixed && !self.rerooted.contains(&user) || is_foreign || is_hidden {
                return false;
            }
            readers.push(reference.scope);
        }
        if self.is_local_somewhere(scope, &renaming.new) {
            return false;
        }
        let mut own = renaming.bindings.clone();
        let same = self.same_target(scope, renaming);
        let is_new = same.is_empty();
        own.extend(same);
        self.is_free(&renaming.new, scope, &readers, &own)
            && !(is_new && self.is_asked_for_by_name(scope, &renaming.new))
    }

    /// True when other code asks a module's body for a name that it does not have: who knows what is meant.
    pub(super) fn is_asked_for_by_name(&mut self, scope: ScopeId, name: &str) -> bool {
        if self.view.facts.scopes[scope as usize].kind != ScopeKind::Module {
            return false;
        }
        self.out.words.insert(name.to_owned());
        let (graph, owner) = (self.view.graph, (self.view.file, scope));
        let Some(module) = self.view.module_path(scope) else { return false };
        self.asked.get_or_init(|| AskedNames::new(graph)).has_by_name(&module, name, owner)
    }

    /// A module-level name that a rule speaks of, that users in other files cannot follow, or that would hide a
    /// submodule.
    pub(super) fn must_stay(&self, scope: ScopeId, old: &str, new: &str) -> bool {
        let Some(own) = self.view.module_path(scope) else { return false };
        // Readers of the module see the names of its source, not of its stub.
        if self.view.module.is_some_and(|id| self.view.graph.modules().module(id).is_stub) {
            return true;
        }
        let speaks = |declared: &crate::graph::Declared| declared.rule.is_some() && !declared.is_found();
        let is_declared = self.declared.get(&own.join([old])).is_some_and(speaks);
        let is_declared = is_declared || self.declared.get(&own.join([new])).is_some_and(speaks);
        let hides = self.view.graph.modules().find(&own.join([new]), None).is_some();
        is_declared || hides || self.pins.contains(&(self.view.file, scope, old.into()))
    }

    /// True when a variable or parameter below `scope` has the name: where patterns look names up, a constant of that name
    /// would make it something else (Rust reference, "Identifier patterns").
    fn is_local_somewhere(&self, scope: ScopeId, name: &str) -> bool {
        let facts = self.view.facts;
        let is_local = |binding: &Binding| {
            *binding.name == *name
                && binding.kind == BindingKind::Value
                && facts.encloses(scope, binding.scope)
        };
        facts.is_declarative && facts.bindings.iter().any(is_local)
    }

    /// True for a name that is there for other packages to use: it keeps its name (Rust: `pub use`).
    fn is_for_others(&self, binding: BindingId) -> bool {
        self.view.facts.is_declarative && self.view.binding(binding).visibility == Visibility::Public
    }

    /// Bindings of the new name in the same scope that import the same thing.
    fn same_target(&self, scope: ScopeId, renaming: &Renaming) -> Vec<BindingId> {
        let facts = self.view.facts;
        let Some(ItemChange::Move { target, .. }) = self.out.changes.items.get(&renaming.imports[0]) else {
            return Vec::new();
        };
        let existing = facts.scopes[scope as usize].bindings(&renaming.new);
        let same = existing.iter().filter(|&&binding| {
            let after = self.is_import(binding).and_then(|id| match self.out.changes.items.get(&id) {
                Some(ItemChange::Move { target, .. }) => Some(target.clone()),
                _ => self.view.imported(&facts.imports[id as usize]),
            });
            after.as_ref() == Some(target)
        });
        same.copied().collect()
    }

    fn users_of_all(&self, bindings: &[BindingId]) -> Vec<u32> {
        let mut users: Vec<u32> =
            bindings.iter().flat_map(|&binding| self.users_of(binding)).copied().collect();
        users.sort_unstable();
        users.dedup();
        users
    }

    fn rename(&mut self, scope: ScopeId, old: &str, renaming: &Renaming) {
        for &id in &renaming.imports {
            if let Some(ItemChange::Move { local, .. }) = self.out.changes.items.get_mut(&id) {
                *local = Some(renaming.new.clone());
            }
        }
        for user in self.users_of_all(&renaming.bindings) {
            if !self.rerooted.contains(&user) {
                let span = self.reference(user).segments[0].span;
                self.replace(span, self.name(&renaming.new), &renaming.rule);
            }
        }
        if self.view.facts.scopes[scope as usize].kind == ScopeKind::Module {
            let rule = self.rule_index(&renaming.rule);
            self.out
                .renames
                .insert((self.view.file, scope, old.into()), (renaming.new.as_str().into(), rule));
        }
    }
}
