//! Code that gives a module names at run time.

use super::Lowering;
use crate::model::BlindSpot;
use ruff_python_ast::{Expr, ExprCall};

impl Lowering<'_> {
    /// Notes a blind spot, once.
    pub(super) fn blind(&mut self, spot: BlindSpot) {
        if !self.facts.blind_spots.contains(&spot) {
            self.facts.blind_spots.push(spot);
        }
    }

    /// `globals()[…] = …`, `sys.modules[…] = …`.
    pub(super) fn note_subscript_write(&mut self, subscripted: &Expr) {
        if self.is_namespace(subscripted) {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// `globals().update(…)`, `setattr(sys.modules[…], …)`, `exec(…)`.
    pub(super) fn note_dynamic_call(&mut self, call: &ExprCall) {
        let dynamic = match &*call.func {
            Expr::Attribute(method) => {
                matches!(&*method.attr.id, "update" | "setdefault" | "__setitem__")
                    && self.is_namespace(&method.value)
            }
            Expr::Name(name) => match &*name.id {
                "exec" => true,
                "setattr" => {
                    matches!(call.arguments.args.first(), Some(Expr::Subscript(first)) if self.is_namespace(&first.value))
                }
                _ => false,
            },
            _ => false,
        };
        if dynamic {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// A module-level `__getattr__` provides names (PEP 562).
    pub(super) fn note_module_getattr(&mut self) {
        if self.facts.scopes[0].names.contains_key("__getattr__") {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// A mapping whose entries are names of this module, or modules.
    fn is_namespace(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Call(call) if call.arguments.is_empty() => match &*call.func {
                Expr::Name(name) if self.scope == 0 => matches!(&*name.id, "globals" | "vars" | "locals"),
                Expr::Name(name) => &*name.id == "globals",
                _ => false,
            },
            Expr::Attribute(attribute) => {
                let is_sys = matches!(&*attribute.value, Expr::Name(name) if &*name.id == "sys");
                is_sys && &*attribute.attr.id == "modules"
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::facts;

    #[test]
    fn dynamic_names_are_noted() {
        for text in [
            "def __getattr__(name): ...",
            "from x import __getattr__",
            "globals()['a'] = 1",
            "def f(): globals().update(a=1)",
            "sys.modules[__name__] = X()",
            "sys.modules[__name__].__class__ = X",
            "setattr(sys.modules[__name__], 'a', 1)",
            "exec(code)",
        ] {
            assert_eq!(facts(text).blind_spots.len(), 1, "{text}");
        }
    }

    #[test]
    fn plain_code_has_no_blind_spot() {
        for text in [
            "class C:\n  def __getattr__(self, n): ...",
            "from x import *",
            "d['a'] = 1",
            "globals()['a']",
            "d.update(x)",
        ] {
            assert_eq!(facts(text).blind_spots, [], "{text}");
        }
    }
}
