//! Patterns: what they bind and what they refer to (Rust Reference, "Patterns").

use super::Lowering;
use super::resolution::Want;
use crate::model::Start;
use smallvec::smallvec;
use syn::visit::Visit;
use syn::{FieldPat, Pat, PatGuard, PatIdent};

impl Lowering<'_> {
    /// Walks a pattern. Its names are kept in `captures` from the returned mark on, until they are bound.
    pub(super) fn pattern(&mut self, pattern: &Pat, refutable: bool) -> usize {
        let mark = self.captures.len();
        let outer = std::mem::replace(&mut self.refutable, refutable);
        self.visit_pat(pattern);
        self.refutable = outer;
        mark
    }

    /// A name in a pattern: a constant when it is capitalised and the pattern need not match, else a new variable.
    pub(super) fn pattern_name(&mut self, pattern: &PatIdent) {
        pattern.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
        let word = self.places.word(&pattern.ident);
        let is_bare = pattern.by_ref.is_none() && pattern.mutability.is_none() && pattern.subpat.is_none();
        if self.refutable && is_bare && word.is_capitalised() {
            self.refer(Start::Scope, smallvec![word.segment()], self.lone, Want::VALUE);
        } else if !word.is("self") {
            self.captures.push(word.span);
        }
        if let Some((_, inner)) = &pattern.subpat {
            self.visit_pat(inner);
        }
    }

    /// `field: pattern`, or only `field`, which is a new variable.
    pub(super) fn pattern_field(&mut self, field: &FieldPat) {
        field.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
        match &*field.pat {
            Pat::Ident(name) if field.colon_token.is_none() => {
                let word = self.places.word(&name.ident);
                self.short_fields.insert(word.span.start);
                self.captures.push(word.span);
            }
            pattern => self.visit_pat(pattern),
        }
    }

    /// `pattern if guard`: the guard sees the names of the pattern.
    pub(super) fn pattern_guard(&mut self, guard: &PatGuard) {
        let mark = self.captures.len();
        self.visit_pat(&guard.pat);
        self.bind_captures_inside(mark);
        self.visit_expr(&guard.guard);
    }
}
