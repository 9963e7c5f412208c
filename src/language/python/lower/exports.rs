//! The export list `__all__` (Python reference, section 7.11).

use super::Lowering;
use crate::model::{Access, BlindSpot, Exports, Place, Segment};
use ruff_python_ast::{Expr, ExprCall, Operator};
use smallvec::smallvec;

impl Lowering<'_> {
    /// Reads `__all__ = …` and `__all__ += …` at module level.
    pub(super) fn export_assign(&mut self, target: &Expr, value: &Expr) {
        if self.scope == 0 && is_export_list(target) {
            self.export(value);
        }
    }

    /// Reads `__all__.append(…)` and its like.
    pub(super) fn export_call(&mut self, expression: &Expr) {
        let Expr::Call(call) = expression else { return };
        let Expr::Attribute(method) = &*call.func else { return };
        if self.scope != 0 || !is_export_list(&method.value) {
            return;
        }
        // A list that was not spelled out here holds more than what is added.
        let is_grown = self.facts.exports == Exports::Implicit;
        self.export_method(method.attr.id.as_str(), call);
        if is_grown {
            self.exports_incomplete();
        }
    }

    fn export_method(&mut self, method: &str, call: &ExprCall) {
        match (method, &*call.arguments.args) {
            ("append", [name]) | ("insert", [_, name]) => self.export_entry(name),
            ("extend", [names]) => self.export(names),
            ("remove", [name]) => self.unexport(name),
            _ => self.exports_incomplete(),
        }
    }

    /// A list of names, or a sum of lists.
    fn export(&mut self, value: &Expr) {
        self.explicit_exports();
        match value {
            Expr::List(list) => list.elts.iter().for_each(|entry| self.export_entry(entry)),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|entry| self.export_entry(entry)),
            Expr::BinOp(sum) if sum.op == Operator::Add => self.deeper(|walk| {
                walk.export(&sum.left);
                walk.export(&sum.right);
            }),
            Expr::Attribute(other) if &*other.attr.id == "__all__" => self.exports_incomplete(),
            _ => {
                self.exports_incomplete();
                self.blind(BlindSpot::DynamicNames);
            }
        }
    }

    fn export_entry(&mut self, entry: &Expr) {
        match self.export_name(entry) {
            Some(name) => self.explicit_exports().0.push(name),
            None => self.exports_incomplete(),
        }
    }

    fn unexport(&mut self, entry: &Expr) {
        match self.export_name(entry) {
            Some(removed) => self.explicit_exports().0.retain(|name| name.name != removed.name),
            None => self.exports_incomplete(),
        }
    }

    /// The name in a literal entry, which is noted as a use of the name.
    fn export_name(&mut self, entry: &Expr) -> Option<Segment> {
        let literal = self.literal(entry).filter(|literal| !literal.value.is_empty())?;
        let segment = Segment { name: literal.value.into(), span: literal.span };
        let outer = std::mem::replace(
            &mut self.place,
            if literal.verbatim.is_some() { Place::Export } else { Place::Opaque },
        );
        self.refer(smallvec![segment.clone()], Access::Read);
        self.place = outer;
        Some(segment)
    }

    /// Notes that the list holds more than what is spelled out.
    pub(super) fn exports_incomplete(&mut self) {
        *self.explicit_exports().1 = false;
    }

    fn explicit_exports(&mut self) -> (&mut Vec<Segment>, &mut bool) {
        if self.facts.exports == Exports::Implicit {
            self.facts.exports = Exports::Explicit { names: Vec::new(), complete: true };
        }
        match &mut self.facts.exports {
            Exports::Explicit { names, complete } => (names, complete),
            _ => unreachable!("an implicit list was made explicit above"),
        }
    }
}

fn is_export_list(expression: &Expr) -> bool {
    matches!(expression, Expr::Name(name) if &*name.id == "__all__")
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{facts, references, segments};
    use crate::model::Exports;

    fn exports(text: &str) -> String {
        match facts(text).exports {
            Exports::Explicit { names, complete } => {
                let names: Vec<String> =
                    names.iter().map(|name| segments(std::slice::from_ref(name), text)).collect();
                format!("{}{}", names.join(" "), if complete { "" } else { " …" })
            }
            _ => "implicit".into(),
        }
    }

    #[test]
    fn every_way_to_spell_the_list() {
        let text = "__all__: list[str] = ['a', \"b\"] + ('c',)\n__all__ += [r'd']\n__all__.append('e')\n__all__.extend(('f', 'g'))\n__all__.remove('b')\nif x: __all__ += ['h']\n";
        assert_eq!(exports(text), "a c d e f g h");
        assert_eq!(exports("def f():\n  __all__ = ['a']\n"), "implicit");
    }

    #[test]
    fn a_computed_part_makes_it_incomplete() {
        assert_eq!(exports("__all__ = a.__all__ + ['b']"), "b …");
        assert_eq!(exports("__all__ = ['b', *c]"), "b …");
        assert_eq!(exports("__all__, x = f()\n__all__.append('b')"), "b …");
        assert_eq!(exports("from a import __all__\n__all__ += ['b']"), "b …");
        assert_eq!(exports("__all__ = [n for n in x]"), " …");
        assert!(facts("__all__ = sorted(x)").blind_spots.len() == 1);
    }

    #[test]
    fn entries_refer_to_the_names_of_the_module() {
        assert_eq!(
            references("from a import b\n__all__ = ['b', 'c' 'd']"),
            "b Export <import; cd['c' 'd'] Opaque <?"
        );
    }
}
