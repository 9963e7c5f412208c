//! Chains that are only read, kept in a few bytes until it is known whether they can be part of a relevant path.
//!
//! Most names in a file are local, and a check forgets them at once: they never become references.

use super::{Lowering, span_of};
use crate::model::{
    Access, BindingId, BindingKind, ImportForm, Place, ReferenceId, ScopeId, Segment, Segments, Shapes, Span,
};
use ruff_python_ast::{Expr, ExprContext};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

/// A chain whose names are those of the text under `span`, joined by dots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glimpse {
    span: Span,
    /// Length of its first name, in bytes.
    root: u32,
    scope: ScopeId,
    in_try: bool,
    /// Whether one of the names can be part of a path that is looked for.
    is_relevant: bool,
}

impl Glimpse {
    fn root<'text>(&self, text: &'text str) -> &'text str {
        Span::new(self.span.start, self.span.start + self.root).of(text)
    }

    const fn is_chain(&self) -> bool {
        self.root < self.span.end - self.span.start
    }
}

impl Lowering<'_> {
    /// Walks an expression of which nobody asks which reference it becomes.
    pub(super) fn read(&mut self, expression: &Expr) {
        if !self.glimpse(expression) {
            self.expression(expression);
        }
    }

    /// Keeps a plain chain as a glimpse. False when it must become a reference, or is no chain.
    pub(super) fn glimpse(&mut self, outermost: &Expr) -> bool {
        if !self.skims || self.opaque.is_some() || self.place != Place::Code {
            return false;
        }
        let relevance = self.relevance;
        let is_wanted = |name: &str| relevance.is_some_and(|relevance| (relevance.is_relevant)(name));
        let (mut attributes, mut is_relevant) = (0, false);
        let mut at = outermost;
        while let Expr::Attribute(attribute) = at {
            let name = attribute.attr.range;
            let follows = attribute.value.range().end() + TextSize::from(1) == name.start();
            if !follows || !self.is_as_written(&attribute.attr.id, name) || attribute.ctx != ExprContext::Load
            {
                return false;
            }
            self.note_frame(&attribute.attr.id);
            attributes += 1;
            is_relevant |= is_wanted(&attribute.attr.id);
            at = &attribute.value;
        }
        let Expr::Name(root) = at else { return false };
        if !self.is_as_written(&root.id, root.range) || root.ctx != ExprContext::Load {
            return false;
        }
        let glimpse = Glimpse {
            span: span_of(outermost.range()),
            root: root.range.len().to_u32(),
            scope: self.scope,
            in_try: self.in_try,
            is_relevant: is_relevant || is_wanted(&root.id),
        };
        self.glimpses.push(glimpse);
        self.note_frame(&root.id);
        self.note_depth(attributes);
        true
    }

    /// True for a name that the text spells as the interpreter knows it.
    fn is_as_written(&self, name: &str, range: TextRange) -> bool {
        let may_be_mangled = self.private.is_some() && name.starts_with("__");
        let is_plain = self.is_ascii || name.is_ascii();
        !name.is_empty() && name.len() == range.len().to_usize() && is_plain && !may_be_mangled
    }

    /// Makes a reference of every glimpse that may be needed. Returns what the others use: they count as uses all the same.
    pub(super) fn settle_glimpses(&mut self) -> Vec<BindingId> {
        let glimpses = std::mem::take(&mut self.glimpses);
        let Some(relevance) = self.relevance.filter(|_| !glimpses.is_empty()) else { return Vec::new() };
        self.facts.settle_local_aliases();
        let has_star = self.facts.imports.iter().any(|import| import.form == ImportForm::Star);
        let (mut leading, mut shapes) = (FxHashSet::default(), Shapes::default());
        for binding in &self.facts.bindings {
            if matches!(binding.kind, BindingKind::Import(_) | BindingKind::Alias(_)) {
                shapes.add(&binding.name);
                leading.insert(binding.name.clone());
            }
        }
        let mut used = Vec::new();
        for glimpse in glimpses {
            let root = glimpse.root(self.text);
            let may_lead = shapes.may_hold(root) && leading.contains(root);
            let is_followed = relevance.begins_path.is_some() && (has_star || glimpse.is_chain() && may_lead);
            if is_followed || glimpse.is_relevant {
                let bindings = self.looked_up(glimpse.scope, root);
                let id = self.promote(glimpse);
                self.facts.references[id as usize].bindings = bindings;
            } else if may_lead {
                used.extend(self.looked_up(glimpse.scope, root));
            }
        }
        used
    }

    /// The number of the glimpse at `span`, made a reference now.
    pub(super) fn promote_at(&mut self, span: Span) -> Option<ReferenceId> {
        let at = self.glimpses.iter().rposition(|glimpse| glimpse.span == span)?;
        let glimpse = self.glimpses.swap_remove(at);
        Some(self.promote(glimpse))
    }

    fn promote(&mut self, glimpse: Glimpse) -> ReferenceId {
        let mut start = glimpse.span.start;
        let names = glimpse.span.of(self.text).split('.');
        let segments: Segments = names
            .map(|name| {
                let span = Span::new(start, start + name.len() as u32);
                start = span.end + 1;
                Segment { name: name.into(), span }
            })
            .collect();
        let now = (self.scope, self.in_try);
        (self.scope, self.in_try) = (glimpse.scope, glimpse.in_try);
        let id = self.refer(segments, Access::Read);
        (self.scope, self.in_try) = now;
        id
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{facts, skimmed};
    use crate::language::python::lower::tests::PIECES;
    use crate::model::Relevance;
    use proptest::prelude::*;

    /// What is left when local uses are forgotten, with and without glimpses.
    fn both(text: &str, is_relevant: fn(&str) -> bool, follows: bool) -> [String; 2] {
        let begins_path = |name: &str| name != "b";
        let begins_path = follows.then_some(&begins_path as &dyn Fn(&str) -> bool);
        let relevance = Relevance { is_relevant: &is_relevant, begins_path, compares: true };
        [facts(text), skimmed(text, &relevance)].map(|mut facts| {
            facts.forget_local_uses(&relevance);
            format!("{facts:#?}")
        })
    }

    fn agree(text: &str) {
        for follows in [false, true] {
            for is_relevant in [|name: &str| name == "a", |name: &str| name.len() > 1, |_: &str| false] {
                let [full, skimmed] = both(text, is_relevant, follows);
                assert_eq!(full, skimmed, "{text}");
            }
        }
    }

    #[test]
    fn nothing_is_lost_that_would_be_kept() {
        agree(
            "\
from a import b as ab, c, __d
from os.path import *
import e.f, g
import unittest.mock
x = ab
y: 'ab.t' = c.d.e
def one(p: c.K, q=g.h) -> e.f.R:
    z = self.a.b
    return ab(p, *q)
class C(c.Base):
    __d.__e, a.b .c, (a).b, a.b[0].c, a.b().c
    def m(self): return [ab.i for i in self.a if a.ﬁ and ab]
    @property
    def n(self): yield c.a; e.f.a; d.a; super().n
def two(*args):
    return c.a(*args)
def __getattr__(name):
    if name == 'X': return ab
    return _names[name]
getattr(c, 'a'); unittest.mock.patch('a.b'); g.cast('a', b); mocker.patch.object(c.d, 'a')
f'{ab.a=} {c.a:{g.a}}'; lambda: ab; {ab: c.a}; not ab.a; x.a = y.b; del x.a, ab
try: ab.a
except c.a as err: err.a
with c.open() as fd: fd.a
match c.a:
    case ab.a: g
    case g.C(a=e): frame.f_globals
if __name__ == '__main__': ab.a()
global __path__
",
        );
    }

    proptest! {
        #[test]
        fn any_text_is_skimmed_to_the_same(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
            agree(&pieces.concat());
        }
    }
}
