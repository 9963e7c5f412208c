//! Whether it is certain what the names of a match and of its replacement mean at its place.

use super::usages::{Planner, UsageJob};
use crate::model::{BindingId, BindingKind, Import, ImportForm, ScopeId, ScopeKind, Span, SymbolPath};

impl Planner<'_> {
    /// What the names mean that need no import, and those that come from star imports, must be certain.
    pub(super) fn is_sure(&self, job: &UsageJob<'_>, written: &[(&SymbolPath, Span)]) -> Result<(), String> {
        for &(path, span) in written {
            let Some(reference) = self.chains.reference(span.start) else { continue };
            let name = &reference.segments[0].name;
            if self.chains.may_stand_for(span.start, self.chains.names_in(span).len(), path) {
                return Err(format!("`{name}` comes by another import at times"));
            }
            let is_by_star = !self.facts().is_declarative && reference.bindings.is_empty();
            let is_hidden = || match self.import_at(span.start) {
                Some(import) => self.is_member_hidden_by_star(import, name),
                None => is_by_star && self.request.view.may_be_bound_anew(reference.scope, name),
            };
            if self.stands_for_symbol(span) && !self.stands_for_itself(path, span) && is_hidden() {
                return Err(format!("a star import further down may bind `{name}`"));
            }
        }
        for &(path, span) in written {
            let first = &path.segments()[0];
            // Whose member is called anew goes on to be a local value.
            let stays = job.pattern.new_paths().any(|(_, new)| new.segments()[0] == *first);
            let is_module = !stays && self.front_end().standard_module(path).is_some();
            if is_module && self.stands_for_itself(path, span) {
                return Err(format!(
                    "`{first}` is not the module of that name here; `$X` in its place in `find` is any value"
                ));
            }
            if job.pattern.makes_path_anew() && self.is_variable(path, span) {
                let name = span.of(self.request.source.text());
                return Err(format!("`{name}` is a variable that holds it: change what is put there"));
            }
        }
        // What a name in quotes would mean is not known there (PEP 604, "Forward References").
        let is_text = |code: &str| code.ends_with(['"', '\'']);
        if !self.facts().is_declarative
            && job.pattern.brings_sign("|")
            && let Some(text) = job.found.captured(self.request.tree).find(|code| is_text(code))
        {
            return Err(format!("{text} is a text, which may not stand beside `|`"));
        }
        self.is_no_patched_place(written)?;
        for (name, start) in job.found.builtins(job.pattern, self.request.tree) {
            if self.chains.is_builtin_at(start, name).is_none() {
                return Err(format!("a star import may bind `{name}`"));
            }
        }
        let scope = self.facts().scope_around(job.found.span);
        for name in job.pattern.new_builtins() {
            self.is_builtin_there(name, scope)?;
        }
        self.is_in_order(job, scope)?;
        self.is_own(job, scope.unwrap_or_default())?;
        let needs_std = |name: &&str| self.front_end().needs_std(name) && !self.may_be_bound(name, scope);
        match job.pattern.new_words().find(needs_std) {
            Some(name) if (self.request.is_without_std)() => {
                Err(format!("`{name}` is not there: the crate is `#![no_std]`"))
            }
            _ => Ok(()),
        }
    }

    /// A name that comes to be bound must be one of the function or module around already: else it would become another one
    /// (Python reference, "Naming and binding").
    fn is_own(&self, job: &UsageJob<'_>, scope: ScopeId) -> Result<(), String> {
        let facts = self.facts();
        for span in job.found.bound_anew(job.pattern, self.request.tree) {
            let reference = self.chains.reference(span.start).filter(|_| !facts.is_declarative);
            let Some(name) = reference.map(|chain| &chain.segments[0]).filter(|name| name.span == span)
            else {
                continue;
            };
            let here = &facts.scopes[scope as usize];
            let is_import =
                |id: &BindingId| matches!(self.request.view.binding(*id).kind, BindingKind::Import(_));
            // What a comprehension goes through cannot be bound in it (PEP 572).
            let is_nameless = here.kind == ScopeKind::Function && here.name.is_empty();
            let is_own = here.forwards.contains_key(&name.name)
                || !is_nameless
                    && match facts.lookup(scope, &name.name) {
                        Some((owner, bindings)) => owner == scope && !bindings.iter().any(is_import),
                        None => here.kind == ScopeKind::Module,
                    };
            if !is_own {
                return Err(format!("`{}` is bound elsewhere: it would become another name", name.name));
            }
        }
        Ok(())
    }

    /// What runs at a place needs what is bound before it, and statements of which others must come first stay so.
    fn is_in_order(&self, job: &UsageJob<'_>, scope: Option<ScopeId>) -> Result<(), String> {
        let place = job.found.span;
        let is_late = |name: &&str| {
            // How a path comes there is another question.
            let is_path = job.pattern.new_paths().any(|(_, path)| *path.segments()[0] == **name);
            let found = self.facts().lookup(scope.unwrap_or_default(), name).filter(|_| !is_path);
            found
                .is_some_and(|(owner, bindings)| scope == Some(owner) && self.is_bound_later(bindings, place))
        };
        if let Some(name) = job.pattern.new_words().find(is_late) {
            return Err(format!("`{name}` is bound only further down"));
        }
        // Python reference, "Future statements".
        let is_future = |import: &Import| {
            import.path.first().is_some_and(|first| &*first.name == "__future__")
                && import.statement.start > place.start
        };
        match job.pattern.is_statement() && self.facts().imports.iter().any(is_future) {
            true => Err("`from __future__ import` must come first".to_owned()),
            false => Ok(()),
        }
    }

    /// Whether a path of a pattern is written by the name of a variable that got what is there.
    fn is_variable(&self, path: &SymbolPath, span: Span) -> bool {
        let Some(reference) = self.chains.reference(span.start) else { return false };
        let view = self.request.view;
        let is_alias = |id: BindingId| matches!(view.binding(id).kind, BindingKind::Alias(_));
        let Some(import) = self.import_at(span.start) else {
            let is_whole = self.chains.names_in(span).len() == 1;
            return is_whole && !self.facts().is_declarative && view.meant(reference).any(is_alias);
        };
        let rest = self.chains.names_in(span).iter().skip(1).map(|segment| &*segment.name);
        let written = view.imported(&self.facts().imports[import as usize]).map(|root| root.join(rest));
        let written = written.map(|written| view.canonical(written)).filter(|written| written != path);
        let owner = written.as_ref().and_then(|written| Some((written.parent()?, written.name())));
        let Some((owner, name)) = owner else { return false };
        let body = view.graph.body_of(&owner, Some(view.file));
        body.is_some_and(|body| {
            let is_alias = |id: &BindingId| matches!(body.view.binding(*id).kind, BindingKind::Alias(_));
            !self.facts().is_declarative && body.bindings(name).iter().any(is_alias)
        })
    }

    /// A patch puts something in the place of a name that is looked up here: it would not reach what is looked up instead.
    fn is_no_patched_place(&self, written: &[(&SymbolPath, Span)]) -> Result<(), String> {
        let (Some(asked), view) = (self.request.asked, self.request.view) else { return Ok(()) };
        for &(_, span) in written {
            let Some(reference) = self.chains.reference(span.start) else { continue };
            let rest = self.chains.names_in(span).iter().skip(1);
            let rest: Vec<&str> = rest.map(|segment| &*segment.name).collect();
            let looked_up = match (self.import_at(span.start), rest.is_empty()) {
                (Some(id), true) => {
                    let import = &self.facts().imports[id as usize];
                    let is_open = self.facts().module_scope(import.scope) == import.scope;
                    match view.module_path(import.scope).filter(|_| is_open) {
                        Some(module) => Some(module.join([&reference.segments[0].name])),
                        None => view.imported(import),
                    }
                }
                _ => view.root(reference).map(|root| root.join(&rest)),
            };
            let own = view.module_path(self.facts().module_scope(reference.scope));
            let own = own.filter(|_| !rest.is_empty());
            let own = own.map(|module| module.join([&reference.segments[0].name]));
            let looked_up = looked_up.into_iter().chain(own).map(|path| view.canonical(path));
            if let Some(path) = looked_up.into_iter().find(|path| asked.is_replaced(path)) {
                return Err(format!("`{path}` is patched, which would not reach the new name"));
            }
        }
        Ok(())
    }

    /// Whether the file itself may bind a name in a scope; `None` for the scope when it is not known.
    fn may_be_bound(&self, name: &str, scope: Option<ScopeId>) -> bool {
        let facts = self.facts();
        let is_named = match scope {
            Some(scope) => facts.lookup(scope, name).is_some(),
            None => facts.scopes.iter().any(|scope| scope.names.contains_key(name)),
        };
        is_named || facts.imports.iter().any(|import| import.form == ImportForm::Star)
    }

    pub(super) fn is_builtin_there(&self, name: &str, scope: Option<ScopeId>) -> Result<(), String> {
        match self.chains.is_builtin_in(scope, name) {
            Some(true) => Ok(()),
            Some(false) => Err(format!("`{name}` is bound to something else here")),
            None => Err(format!("a star import may bind `{name}`")),
        }
    }
}
