//! Scopes and the names bound in them (Rust Reference, "Scopes" and "Namespaces").

use super::places::Word;
use super::resolution::Undecided;
use super::{Lowering, ReferenceId};
use crate::model::{
    Binding, BindingId, BindingKind, Name, Namespaces, Scope, ScopeId, ScopeKind, Span, Visibility,
};
use rustc_hash::FxHashMap;
use smallvec::smallvec;

impl<'a> Lowering<'a> {
    /// Opens a scope inside the present one and enters it. Returns the scope to go back to.
    pub(super) fn enter(&mut self, kind: ScopeKind, name: Name) -> ScopeId {
        let id = self.facts.scopes.len() as ScopeId;
        let parent = Some(self.scope);
        let (names, forwards) = (FxHashMap::default(), FxHashMap::default());
        self.facts.scopes.push(Scope { parent, kind, name, span: Span::default(), names, forwards });
        self.opened.push(self.facts.references.len() as ReferenceId);
        std::mem::replace(&mut self.scope, id)
    }

    /// Walks something in a scope of its own that has no name.
    pub(super) fn nested(&mut self, walk: impl FnOnce(&mut Self)) {
        self.named(ScopeKind::Function, "".into(), walk);
    }

    /// Walks something in a scope of its own.
    pub(super) fn named(&mut self, kind: ScopeKind, name: Name, walk: impl FnOnce(&mut Self)) {
        let outer = self.enter(kind, name);
        walk(self);
        self.scope = outer;
    }

    /// Binds an item where items are bound now.
    pub(super) fn bind_item(
        &mut self,
        word: Word<'a>,
        namespaces: Namespaces,
        visibility: Visibility,
        kind: BindingKind,
    ) -> BindingId {
        let binding = Binding {
            name: word.name(),
            span: word.span,
            scope: self.items,
            kind,
            visibility,
            namespaces,
            is_nothing: false,
        };
        self.bind(binding)
    }

    /// Binds a parameter or another name that is no item in the present scope.
    pub(super) fn bind_value(&mut self, word: Word<'a>, namespaces: Namespaces) {
        let binding = Binding {
            name: word.name(),
            span: word.span,
            scope: self.scope,
            kind: BindingKind::Value,
            visibility: Visibility::Around(0),
            namespaces,
            is_nothing: false,
        };
        self.bind(binding);
    }

    /// Adds a binding to its scope.
    pub(super) fn bind(&mut self, binding: Binding) -> BindingId {
        let id = self.facts.bindings.len() as BindingId;
        let names = &mut self.facts.scopes[binding.scope as usize].names;
        match names.get_mut(&binding.name) {
            Some(bindings) => bindings.push(id),
            None => _ = names.insert(binding.name.clone(), smallvec![id]),
        }
        self.facts.bindings.push(binding);
        id
    }

    /// Binds what the patterns since `mark` captured, in the present scope.
    pub(super) fn bind_captures(&mut self, mark: usize) {
        for span in self.captures.split_off(mark) {
            let word = Word::at(self.text, span.start);
            if word.is_capitalised() && !self.short_fields.contains(&span.start) {
                self.undecided.push(Undecided { span, scope: self.scope });
            } else {
                self.bind_value(word, Namespaces::VALUE);
            }
        }
    }

    /// Binds what a pattern captured in a scope of its own, from here to where the scope is left.
    pub(super) fn bind_captures_inside(&mut self, mark: usize) {
        if self.captures.len() > mark {
            self.enter(ScopeKind::Function, "".into());
            self.bind_captures(mark);
        }
    }

    /// Binds what a `let` captured: only what follows it sees the names. A scope of its own is opened for the rest of
    /// the block when the present one already uses or binds one of the names.
    pub(super) fn bind_captures_from_here(&mut self, mark: usize) {
        if self.captures[mark..].iter().any(|&span| self.is_known_here(span)) {
            self.enter(ScopeKind::Function, "".into());
        }
        self.bind_captures(mark);
    }

    fn is_known_here(&self, span: Span) -> bool {
        let word = Word::at(self.text, span.start);
        let opened = self.opened[self.scope as usize];
        let is_used = self.mentions.get(word.text).is_some_and(|&last| last > opened);
        let here = &self.facts.scopes[self.scope as usize];
        is_used || here.kind == ScopeKind::Module || here.names.contains_key(&word.name())
    }
}
