//! Names that a module hands on when it is asked for them, by its own `__getattr__` (PEP 562).

use super::literals::is_identifier;
use super::{Lowering, span_of};
use crate::model::{LazyName, LazyTarget, Name, Segment, Span};
use ruff_python_ast::{CmpOp, Expr, ExprCall, ExprDict, Stmt, StmtFunctionDef, StmtIf};
use ruff_text_size::Ranged;

impl Lowering<'_> {
    /// Reads the `__getattr__` of the module, when it spells the names out.
    pub(super) fn lazy_names(&mut self, module: &[Stmt]) {
        let maker = module.iter().find_map(|statement| match statement {
            Stmt::FunctionDef(function) if &*function.name.id == "__getattr__" => Some(function),
            _ => None,
        });
        let Some(maker) = maker else { return };
        let parameter = maker.parameters.posonlyargs.iter().chain(&maker.parameters.args).next();
        let Some(parameter) = parameter else { return };
        let start = span_of(maker.range()).start;
        let mut references = self.facts.references.iter();
        let Some(first) = references.position(|reference| reference.segments[0].span.start >= start) else {
            return;
        };
        let mut reading = Reading { asked: parameter.parameter.name.id.as_str(), first, found: Vec::new() };
        self.lazy_branches(&mut reading, &maker.body);
        self.lazy_mappings(&mut reading, module, maker);
        self.facts.lazy = reading.found;
    }

    /// `if name == "X": … return …`, and the branches behind it.
    fn lazy_branches(&self, reading: &mut Reading<'_>, body: &[Stmt]) {
        for statement in body {
            let Stmt::If(choice) = statement else { continue };
            for (test, body) in branches(choice) {
                for key in self.asked_names(reading.asked, test) {
                    let returned = body.iter().find_map(|statement| match statement {
                        Stmt::Return(returned) => returned.value.as_deref(),
                        _ => None,
                    });
                    let target = returned.and_then(|value| self.lazy_target(reading, value, &key));
                    reading.found.extend(target.map(|target| LazyName { name: key, target }));
                }
            }
        }
    }

    /// The names for which a test holds: `name == "X"`, `name in ("X", "Y")`.
    fn asked_names(&self, asked: &str, test: &Expr) -> Vec<Segment> {
        let Expr::Compare(compare) = test else { return Vec::new() };
        let (left, [right]) = (&*compare.left, &*compare.comparators) else { return Vec::new() };
        let keys: &[Expr] = match (&*compare.ops, right) {
            ([CmpOp::Eq], _) if is_name(left, asked) => std::slice::from_ref(right),
            ([CmpOp::Eq], _) if is_name(right, asked) => std::slice::from_ref(left),
            ([CmpOp::In], Expr::Tuple(names)) if is_name(left, asked) => &names.elts,
            ([CmpOp::In], Expr::List(names)) if is_name(left, asked) => &names.elts,
            ([CmpOp::In], Expr::Set(names)) if is_name(left, asked) => &names.elts,
            _ => return Vec::new(),
        };
        keys.iter().filter_map(|key| self.key(key)).collect()
    }

    fn key(&self, key: &Expr) -> Option<Segment> {
        let literal = self.literal(key).filter(|literal| is_identifier(literal.value))?;
        Some(Segment { name: literal.value.into(), span: literal.span })
    }

    /// What is handed on: an imported name, an attribute of one, or of a module that is loaded here.
    fn lazy_target(&self, reading: &Reading<'_>, value: &Expr, key: &Segment) -> Option<LazyTarget> {
        let plain = |value: &Expr, rest: Vec<Name>| {
            Some(LazyTarget::Reference(self.reference_at(value, reading.first)?, rest))
        };
        match value {
            Expr::Name(_) => plain(value, Vec::new()),
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Call(call) => {
                    let name =
                        Segment { name: attr_name(&attribute.attr), span: span_of(attribute.attr.range) };
                    self.loaded(call, name)
                }
                _ => plain(value, Vec::new()),
            },
            Expr::Call(call) if is_name(&call.func, "getattr") => {
                let [object, name] = &*call.arguments.args else { return None };
                let name = if is_name(name, reading.asked) { key.clone() } else { self.key(name)? };
                match object {
                    Expr::Call(call) => self.loaded(call, name),
                    _ => plain(object, vec![name.name]),
                }
            }
            _ => None,
        }
    }

    /// `importlib.import_module("a.b")` and an attribute of it.
    fn loaded(&self, call: &ExprCall, name: Segment) -> Option<LazyTarget> {
        let is_loader = match &*call.func {
            Expr::Name(function) => &*function.id == "import_module",
            Expr::Attribute(function) => &*function.attr.id == "import_module",
            _ => false,
        };
        let path = call.arguments.args.first().filter(|_| is_loader)?;
        let (level, mut path) = self.dotted(path)?;
        path.push(name);
        Some(LazyTarget::Path(level, path))
    }

    /// The mappings at the level of the module that `__getattr__` reads.
    fn lazy_mappings(&self, reading: &mut Reading<'_>, module: &[Stmt], maker: &StmtFunctionDef) {
        let inside = span_of(maker.range());
        let is_read = |name: &str| {
            let uses = self.facts.references[reading.first..].iter();
            let mut uses = uses.take_while(|reference| reference.segments[0].span.start < inside.end);
            uses.any(|reference| &*reference.segments[0].name == name)
        };
        for statement in module {
            let (target, value) = match statement {
                Stmt::Assign(assign) => match &*assign.targets {
                    [target] => (target, Some(&assign.value)),
                    _ => continue,
                },
                Stmt::AnnAssign(assign) => (&*assign.target, assign.value.as_ref()),
                _ => continue,
            };
            if let (Expr::Name(name), Some(Expr::Dict(mapping))) = (target, value.map(|value| &**value))
                && is_read(&name.id)
            {
                reading.found.extend(self.mapped(mapping));
            }
        }
    }

    fn mapped(&self, mapping: &ExprDict) -> Vec<LazyName> {
        let entries = mapping.items.iter().filter_map(|item| {
            let name = self.key(item.key.as_ref()?)?;
            let target = self.mapped_path(&item.value, &name)?;
            Some(LazyName { name, target })
        });
        entries.collect()
    }

    /// `"a.b"` and `"a.b.X"` for `X`; `("a.b", "Y")`.
    fn mapped_path(&self, value: &Expr, key: &Segment) -> Option<LazyTarget> {
        let (module, name) = match value {
            Expr::Tuple(pair) => match &*pair.elts {
                [module, name] => (module, Some(self.key(name)?)),
                _ => return None,
            },
            _ => (value, None),
        };
        let (level, mut path) = self.dotted(module)?;
        let is_whole =
            name.is_none() && path.len() > 1 && path.last().is_some_and(|last| last.name == key.name);
        if !is_whole {
            path.push(name.unwrap_or_else(|| key.clone()));
        }
        Some(LazyTarget::Path(level, path))
    }

    /// A path in a string: its leading dots, and the names.
    fn dotted(&self, value: &Expr) -> Option<(u32, Vec<Segment>)> {
        let literal = self.literal(value)?;
        let path = literal.value.trim_start_matches('.');
        let level = (literal.value.len() - path.len()) as u32;
        let span: Span = literal.span;
        let names = path.split(['.', ':']).filter(|name| !name.is_empty());
        let names: Vec<Segment> = names.map(|name| Segment { name: name.into(), span }).collect();
        (names.iter().all(|name| is_identifier(&name.name)) && level + names.len() as u32 > 0)
            .then_some((level, names))
    }
}

struct Reading<'e> {
    /// The parameter that gets the name.
    asked: &'e str,
    /// The first reference in the function.
    first: usize,
    found: Vec<LazyName>,
}

fn branches(choice: &StmtIf) -> impl Iterator<Item = (&Expr, &[Stmt])> {
    let rest = choice.elif_else_clauses.iter();
    let rest = rest.filter_map(|clause| Some((clause.test.as_ref()?, &*clause.body)));
    std::iter::once((&*choice.test, &*choice.body)).chain(rest)
}

fn is_name(value: &Expr, name: &str) -> bool {
    matches!(value, Expr::Name(written) if &*written.id == name)
}

fn attr_name(name: &ruff_python_ast::Identifier) -> Name {
    name.id.as_str().into()
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{facts, segments};
    use crate::model::LazyTarget;

    /// Lazy names, each with where it comes from.
    fn lazy(text: &str) -> String {
        let facts = facts(text);
        let lines = facts.lazy.iter().map(|lazy| match &lazy.target {
            LazyTarget::Reference(id, rest) => {
                let written = segments(&facts.references[*id as usize].segments, text);
                [&*lazy.name.name, " = ", &written].concat()
                    + &rest.iter().map(|name| format!(".{name}")).collect::<String>()
            }
            LazyTarget::Path(level, path) => {
                let names: Vec<&str> = path.iter().map(|segment| &*segment.name).collect();
                format!("{} = '{}{}'", lazy.name.name, ".".repeat(*level as usize), names.join("."))
            }
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn tests_of_the_name_lead_to_what_is_returned() {
        let text = "\
def __getattr__(name):
    if name == 'A':
        from a import A
        return A
    elif 'B' == name: return import_module('b.c').D
    if name in {'E', 'F'}: return getattr(importlib.import_module('.g', __name__), name)
    if name == 'H': return a.b.H
    if other == 'I': return I
    raise AttributeError(name)
";
        assert_eq!(lazy(text), "A = A; B = 'b.c.D'; E = '.g.E'; F = '.g.F'; H = a.b.H");
    }

    #[test]
    fn mappings_that_it_reads_count() {
        let text = "\
_A: dict[str, str] = {'X': 'a.b', 'Y': 'a.Y', 'Z': ('.c', 'W'), 'V': 1}
_B = {'U': 'a.b'}
def __getattr__(name): return load(_A[name])
";
        assert_eq!(lazy(text), "X = 'a.b.X'; Y = 'a.Y'; Z = '.c.W'");
        assert_eq!(lazy("_A = {'X': 'a.b'}\nclass C:\n  def __getattr__(self, name): _A\n"), "");
    }
}
