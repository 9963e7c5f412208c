//! Places that are assigned, deleted or captured, and assignments that give another name a second one.

use super::Lowering;
use super::calls::Argument;
use crate::model::{Access, BindingId, BindingKind, ReferenceId};
use ruff_python_ast::{Expr, ExprContext, ExprName, Pattern};

impl Lowering<'_> {
    /// `targets = value`, each name that stands for a plain chain becoming an alias of it.
    pub(super) fn assign(&mut self, targets: &[Expr], value: &Expr) {
        let first = self.facts.bindings.len();
        for target in targets {
            self.target(target);
            self.export_assign(target, value);
        }
        match value {
            Expr::Tuple(values) => self.assign_elements(targets, &values.elts, first),
            Expr::List(values) => self.assign_elements(targets, &values.elts, first),
            Expr::NoneLiteral(_) => self.note_nothing(first),
            Expr::StringLiteral(_) => {
                targets.iter().for_each(|target| self.note_constant(target, value, first))
            }
            _ => {
                let Some(reference) = self.expression(value) else { return };
                targets.iter().for_each(|target| self.alias(target, reference, first));
            }
        }
    }

    /// The bindings from `first` on bind `None`.
    pub(super) fn note_nothing(&mut self, first: usize) {
        self.facts.bindings[first..].iter_mut().for_each(|binding| binding.is_nothing = true);
    }

    /// `a, b = c, d`, element by element.
    fn assign_elements(&mut self, targets: &[Expr], values: &[Expr], first: usize) {
        let references: Vec<_> = values.iter().map(|value| self.expression(value)).collect();
        for elements in targets.iter().filter_map(elements).filter(|found| found.len() == values.len()) {
            if elements.iter().chain(values).any(Expr::is_starred_expr) {
                continue;
            }
            for (target, reference) in elements.iter().zip(&references) {
                if let Some(reference) = *reference {
                    self.alias(target, reference, first);
                }
            }
        }
    }

    /// Turns the binding that `target` made into an alias. `first` is where to look from.
    pub(super) fn alias(&mut self, target: &Expr, reference: ReferenceId, first: usize) {
        let name = match target {
            Expr::Name(name) => name,
            Expr::Subscript(subscript) => return self.module_entry(subscript, reference),
            _ => return,
        };
        let span = self.span(name.range);
        if let Some(binding) = self.facts.bindings[first..].iter_mut().find(|binding| binding.span == span) {
            binding.kind = BindingKind::Alias(reference);
        }
    }

    /// Keeps a text that may be a path under the name that `target` bound. `first` is where to look from.
    pub(super) fn note_constant(&mut self, target: &Expr, value: &Expr, first: usize) {
        let (Expr::Name(name), Argument::Text(text)) = (target, self.argument(value, None)) else { return };
        let span = self.span(name.range);
        let binding = self.facts.bindings[first..].iter().position(|binding| binding.span == span);
        if let Some(at) = binding.filter(|_| self.value(&text).contains('.')) {
            self.constants.push(((first + at) as BindingId, text));
        }
    }

    /// Something that is assigned.
    pub(super) fn target(&mut self, target: &Expr) {
        self.deeper(|walk| match target {
            Expr::Name(name) => walk.bind_name(name, BindingKind::Value),
            Expr::Attribute(attribute) => {
                if let Expr::Subscript(object) = &*attribute.value {
                    walk.note_subscript_write(&object.value);
                }
                walk.chain(target, Access::Write);
            }
            Expr::Starred(starred) => walk.target(&starred.value),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| walk.target(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| walk.target(element)),
            Expr::Subscript(subscript) => {
                walk.note_subscript_write(&subscript.value);
                walk.read(target);
            }
            _ => walk.read(target),
        });
    }

    pub(super) fn bind_name(&mut self, name: &ExprName, kind: BindingKind) {
        if !name.id.is_empty() && name.ctx != ExprContext::Invalid {
            let span = self.span(name.range);
            self.bind(self.scope, self.name(&name.id), span, kind);
        }
    }

    /// Something that is deleted.
    pub(super) fn delete(&mut self, target: &Expr) {
        self.deeper(|walk| match target {
            Expr::Name(name) => {
                walk.bind_name(name, BindingKind::Deletion);
                walk.chain(target, Access::Delete);
            }
            Expr::Attribute(_) => _ = walk.chain(target, Access::Delete),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| walk.delete(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| walk.delete(element)),
            Expr::Subscript(subscript) => {
                walk.note_subscript_write(&subscript.value);
                walk.read(target);
            }
            _ => walk.read(target),
        });
    }

    /// `name := value`.
    pub(super) fn named(&mut self, target: &Expr, value: &Expr) {
        let first = self.facts.bindings.len();
        let outer = std::mem::replace(&mut self.scope, self.walrus);
        self.target(target);
        self.scope = outer;
        if let Some(reference) = self.expression(value) {
            self.alias(target, reference, first);
        }
    }

    /// A `case` pattern (PEP 634).
    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        self.deeper(|walk| walk.any_pattern(pattern));
    }

    fn any_pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::MatchValue(value) => self.read(&value.value),
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(sequence) => sequence.patterns.iter().for_each(|part| self.pattern(part)),
            Pattern::MatchOr(or) => or.patterns.iter().for_each(|part| self.pattern(part)),
            Pattern::MatchStar(star) => self.capture(star.name.as_ref()),
            Pattern::MatchAs(named) => {
                if let Some(inner) = &named.pattern {
                    self.pattern(inner);
                }
                self.capture(named.name.as_ref());
            }
            Pattern::MatchMapping(mapping) => {
                for (key, value) in mapping.keys.iter().zip(&mapping.patterns) {
                    self.read(key);
                    self.pattern(value);
                }
                self.capture(mapping.rest.as_ref());
            }
            Pattern::MatchClass(class) => {
                self.read(&class.cls);
                class.arguments.patterns.iter().for_each(|part| self.pattern(part));
                class.arguments.keywords.iter().for_each(|keyword| self.pattern(&keyword.pattern));
            }
        }
    }

    fn capture(&mut self, name: Option<&ruff_python_ast::Identifier>) {
        if let Some(name) = name {
            self.bind_identifier(name, BindingKind::Value);
        }
    }
}

/// The elements of a tuple or list display.
fn elements(target: &Expr) -> Option<&[Expr]> {
    match target {
        Expr::Tuple(tuple) => Some(&tuple.elts),
        Expr::List(list) => Some(&list.elts),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{bindings, references};

    #[test]
    fn an_assignment_of_a_chain_makes_an_alias() {
        let text = "A = B = m.x\nC, (D, E) = m.y, m.z\n[F, *G] = m.f, m.g\nH = m()\nI: T = m.i\n";
        assert_eq!(
            bindings(text),
            "A alias m.x; B alias m.x; C alias m.y; D value; E value; F value; G value; H value; I alias m.i"
        );
    }

    #[test]
    fn every_kind_of_target_binds() {
        let text = "for a, b.c in x: pass\nwith x as (d, e[f]): pass\ntry: pass\nexcept E as g: pass\ndel h\n(i): T\nj: T\n(k): T = 1\n";
        assert_eq!(bindings(text), "a value; d value; g value; h deletion; j value; k value");
        assert_eq!(
            references(text),
            "b.c= <?; x <?; x <?; e <?; f <?; E <?; h del <deletion; T <?; T <?; T <?"
        );
    }

    #[test]
    fn patterns_capture_and_refer() {
        let text = "match s:\n  case a.B(c, k=d) | [*e]: pass\n  case {a.K: f, **g} as h: pass\n  case a.V if i: pass\n  case _: pass\n";
        assert_eq!(references(text), "s <?; a.B <?; a.K <?; a.V <?; i <?");
        assert_eq!(bindings(text), "c value; d value; e value; f value; g value; h value");
    }
}
