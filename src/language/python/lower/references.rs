//! Uses of names with the attributes behind them, and the second pass that looks them up.

use super::Lowering;
use crate::model::{
    Access, BindingId, BindingKind, Bindings, Reference, ReferenceId, ScopeId, ScopeKind, Segment, Segments,
    Start,
};
use ruff_python_ast::{Expr, ExprAttribute, ExprContext, ExprName, Identifier};

impl Lowering<'_> {
    /// A name with attributes: `a.b.c`. When something else than a name stands at its root, that is walked and
    /// there is no reference.
    pub(super) fn chain(&mut self, outermost: &Expr, access: Access) -> Option<ReferenceId> {
        let mut attributes = 0;
        let mut at = outermost;
        while let Expr::Attribute(attribute) = at {
            at = &attribute.value;
            attributes += 1;
            self.note_frame(&attribute.attr.id);
        }
        self.note_depth(attributes);
        let Expr::Name(root) = at else {
            self.read(at);
            return None;
        };
        if root.id.is_empty() || root.ctx == ExprContext::Invalid {
            return None;
        }
        self.note_frame(&root.id);
        let segments = self.segments(outermost, root, attributes);
        let access = if segments.len() == attributes + 1 { access } else { Access::Read };
        Some(self.refer(segments, access))
    }

    fn segments(&self, outermost: &Expr, root: &ExprName, attributes: usize) -> Segments {
        let mut segments = Segments::with_capacity(attributes + 1);
        let mut at = outermost;
        while let Expr::Attribute(ExprAttribute { value, attr, .. }) = at {
            if attr.id.is_empty() {
                segments.clear();
            } else {
                segments.push(self.segment(attr));
            }
            at = value;
        }
        segments.push(Segment { name: self.name(&root.id), span: self.span(root.range) });
        segments.reverse();
        segments
    }

    /// An identifier as a segment.
    pub(super) fn segment(&self, identifier: &Identifier) -> Segment {
        Segment { name: self.name(&identifier.id), span: self.span(identifier.range) }
    }

    /// Adds a reference from the present scope; it is looked up later.
    pub(super) fn refer(&mut self, segments: Segments, access: Access) -> ReferenceId {
        let (scope, place) = (self.scope, self.place);
        self.facts.references.push(Reference {
            start: Start::Scope,
            segments,
            scope,
            bindings: Bindings::new(),
            access,
            place,
            in_try: self.in_try,
        });
        self.facts.references.len() as ReferenceId - 1
    }

    /// Looks up the first segment of every reference.
    pub(super) fn resolve_references(&mut self) {
        let mut references = std::mem::take(&mut self.facts.references);
        for reference in &mut references {
            reference.bindings = self.looked_up(reference.scope, &reference.segments[0].name);
        }
        self.facts.references = references;
    }

    /// What `name` may mean in `scope`.
    pub(super) fn looked_up(&self, scope: ScopeId, name: &str) -> Bindings {
        let found = self.facts.lookup(scope, name).filter(|_| !self.is_class_cell(scope, name));
        let Some((_, bindings)) = found else { return Bindings::new() };
        let mut bindings = Bindings::from(bindings);
        bindings.extend(self.outside_class(scope, name));
        bindings
    }

    /// In a class body a name means the outer one until it is bound there (Python reference, 4.2.2).
    fn outside_class(&self, scope: ScopeId, name: &str) -> Vec<BindingId> {
        let here = &self.facts.scopes[scope as usize];
        let is_bound_here = here.kind == ScopeKind::Class && here.names.contains_key(name);
        let outer = here.parent.filter(|_| is_bound_here && !here.forwards.contains_key(name));
        let found = outer.and_then(|outer| self.facts.lookup(outer, name));
        found.map(|(_, bindings)| bindings.to_vec()).unwrap_or_default()
    }

    /// Puts the references in source order: some are found late.
    pub(super) fn sort_references(&mut self) {
        let key = |reference: &Reference| reference.segments[0].span.start;
        if self.facts.references.is_sorted_by_key(key) {
            return;
        }
        let mut numbered: Vec<(ReferenceId, Reference)> =
            (0..).zip(std::mem::take(&mut self.facts.references)).collect();
        numbered.sort_by_key(|(_, reference)| key(reference));
        let mut places = vec![0; numbered.len()];
        for (place, (old, _)) in (0..).zip(&numbered) {
            places[*old as usize] = place;
        }
        self.facts.references = numbered.into_iter().map(|(_, reference)| reference).collect();
        for binding in &mut self.facts.bindings {
            if let BindingKind::Alias(reference) = &mut binding.kind {
                *reference = places[*reference as usize];
            }
        }
        self.facts.renumber_sources(|reference| places[reference as usize]);
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::references;

    #[test]
    fn a_chain_is_one_reference_and_ends_at_a_call() {
        assert_eq!(references("import a\na.b.c(x).d; a . b [0].c"), "a.b.c <import; x <?; a.b <import");
    }

    #[test]
    fn writes_and_deletions_speak_of_the_last_segment() {
        let text = "a = 1\na.b = 2\na += 3\na[0] = 4\ndel a.c, a\n";
        let kinds = "value|value|deletion";
        assert_eq!(
            references(text),
            format!("a.b= <{kinds}; a <{kinds}; a <{kinds}; a.c del <{kinds}; a del <{kinds}")
        );
    }

    #[test]
    fn names_are_compared_in_their_normal_form() {
        assert_eq!(references("import ﬁle\nfile.x"), "file.x <import");
    }

    #[test]
    fn a_name_in_a_class_body_may_still_be_the_outer_one() {
        assert_eq!(references("import a\nclass C:\n    a = a\n"), "a <alias@C|import");
    }

    #[test]
    fn references_come_in_source_order() {
        let text = "__all__ = ['a'] + b\nfrom mock import patch\nwith patch.multiple(c, D=1, E=2): f\n";
        assert_eq!(
            references(text),
            "a Export <?; b <?; patch.multiple <import; c <?; c.D= Fixed <?; c.E= Fixed <?; f <?"
        );
    }
}
