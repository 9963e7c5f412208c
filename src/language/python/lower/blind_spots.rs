//! Code that gives a module names at run time.

use super::Lowering;
use super::literals::is_identifier;
use crate::model::{BlindSpot, ModuleEntry, ReferenceId, Segment};
use ruff_python_ast::{Expr, ExprCall, ExprSubscript};
use ruff_text_size::Ranged;

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
                matches!(&*method.attr.id, "update" | "setdefault" | "__setitem__" | "pop")
                    && self.is_namespace(&method.value)
            }
            Expr::Name(name) => match &*name.id {
                "exec" => true,
                "setattr" => {
                    let module = call.arguments.args.first();
                    let is_module =
                        matches!(module, Some(Expr::Subscript(first)) if self.is_namespace(&first.value));
                    if is_module {
                        self.blind(BlindSpot::CallersNames);
                    }
                    is_module
                }
                _ => false,
            },
            _ => false,
        };
        if dynamic {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// `globals()` that is handed on: whoever gets it may write to it.
    pub(super) fn note_escape(&mut self, expression: &Expr) {
        if self.is_namespace(expression) {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// `sys.modules[__name__]`: the module as an object, for whatever purpose.
    pub(super) fn note_own_module(&mut self, subscript: &ExprSubscript) {
        let is_own = matches!(&*subscript.slice, Expr::Name(name) if &*name.id == "__name__");
        if is_own && subscript.value.is_attribute_expr() {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// `sys.modules[…] = reference`, in the body of the module: it has one more name from now on.
    pub(super) fn module_entry(&mut self, subscript: &ExprSubscript, reference: ReferenceId) {
        let is_modules = subscript.value.is_attribute_expr() && self.is_namespace(&subscript.value);
        // Below a condition the module may as well stay what it is.
        let is_sure = self.scope == 0 && self.depth == 1;
        if !is_sure || !is_modules {
            return;
        }
        let is_own = matches!(&*subscript.slice, Expr::Name(name) if &*name.id == "__name__");
        let spelled = self.literal(&subscript.slice);
        let name = spelled.and_then(|literal| {
            let names = literal.value.split('.');
            let span = literal.span;
            names
                .map(|name| is_identifier(name).then(|| Segment { name: name.into(), span }))
                .collect::<Option<Vec<Segment>>>()
        });
        if is_own || name.is_some() {
            let span = self.span(subscript.slice.range());
            self.facts.module_entries.push(ModuleEntry { name, span, target: reference });
        }
    }

    /// `globals().get` and its like only look.
    pub(super) fn reads_namespace(&self, method: &Expr) -> bool {
        let Expr::Attribute(method) = method else { return false };
        let only_looks =
            matches!(&*method.attr.id, "get" | "items" | "keys" | "values" | "copy" | "__contains__");
        only_looks && self.is_namespace(&method.value)
    }

    /// A statement that tells somebody the module's name: `deprecate_attributes(__name__, …)`.
    pub(super) fn note_named_module(&mut self, statement: &Expr) {
        let Expr::Call(call) = statement else { return };
        let tells = matches!(call.arguments.args.first(), Some(Expr::Name(name)) if &*name.id == "__name__");
        let callee = match &*call.func {
            Expr::Name(name) => name.id.to_ascii_lowercase(),
            Expr::Attribute(method) => method.attr.id.to_ascii_lowercase(),
            _ => return,
        };
        let is_harmless = callee.contains("log") || matches!(&*callee, "print" | "run" | "main");
        if self.scope == 0 && tells && !is_harmless {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// A module-level `__getattr__` provides names (PEP 562).
    pub(super) fn note_module_getattr(&mut self) {
        if self.facts.scopes[0].names.contains_key("__getattr__") {
            self.blind(BlindSpot::DynamicNames);
        }
    }

    /// `sys._getframe(1).f_globals`: the names of whoever calls; `__path__`: where else a package looks for its modules.
    pub(super) fn note_frame(&mut self, name: &str) {
        match name {
            "f_globals" | "currentframe" | "_getframe" => self.blind(BlindSpot::CallersNames),
            "__path__" => self.blind(BlindSpot::DynamicNames),
            _ => {}
        }
    }

    /// A mapping whose entries are names of this module, or modules.
    pub(super) fn is_namespace(&self, expression: &Expr) -> bool {
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
            "f(globals())",
            "own = sys.modules[__name__]",
            "def f(): return sys._getframe(1).f_globals",
            "def f(export=vars()): ...",
            "g = globals()",
            "del sys.modules['a.b']",
            "sys.modules.pop(__name__)",
            "deprecate(__name__, a=1)",
        ] {
            assert!(!facts(text).blind_spots.is_empty(), "{text}");
        }
    }

    #[test]
    fn plain_code_has_no_blind_spot() {
        for text in [
            "class C:\n  def __getattr__(self, n): ...",
            "from x import *",
            "d['a'] = 1",
            "globals()['a']",
            "globals().get('a')",
            "'a' in globals()",
            "log = getLogger(__name__)",
            "def f(): vars()",
            "'a' in sys.modules",
            "sys.modules['a']",
            "d.update(x)",
        ] {
            assert_eq!(facts(text).blind_spots, [], "{text}");
        }
    }
}
