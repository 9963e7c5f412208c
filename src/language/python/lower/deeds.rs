//! Statements of a module that do more than import, define or name something.

use super::{Lowering, span_of};
use crate::model::{Deed, DeedKind, Runs};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

impl Lowering<'_> {
    /// Notes what a statement of the module does, blocks aside: what stands in them is noted by itself.
    pub(super) fn note_deed(&mut self, statement: &Stmt) {
        if self.scope != 0 || self.runs == Runs::Never {
            return;
        }
        if let Some(kind) = deed(statement) {
            self.facts.deeds.push(Deed { scope: 0, span: span_of(statement.range()), kind });
        }
    }
}

fn deed(statement: &Stmt) -> Option<DeedKind> {
    let is_done = match statement {
        Stmt::Expr(told) => return (!is_harmless(&told.value)).then_some(DeedKind::Call),
        Stmt::For(_) | Stmt::While(_) | Stmt::Match(_) => return Some(DeedKind::Loop),
        Stmt::With(_) => return Some(DeedKind::Context),
        Stmt::Raise(_) | Stmt::Assert(_) => return Some(DeedKind::Raise),
        Stmt::Assign(assign) => assign.targets.iter().any(|target| !is_own(target)),
        Stmt::AnnAssign(assign) => assign.value.is_some() && !is_own(&assign.target),
        Stmt::AugAssign(assign) => !is_own(&assign.target),
        Stmt::Delete(delete) => delete.targets.iter().any(|target| !is_own(target)),
        _ => false,
    };
    is_done.then_some(DeedKind::Assignment)
}

/// Text, `...`, a warning, a change of the export list.
fn is_harmless(expression: &Expr) -> bool {
    match expression {
        Expr::StringLiteral(_) | Expr::EllipsisLiteral(_) => true,
        Expr::Call(call) => is_warning(call) || changes_exports(call),
        _ => false,
    }
}

/// `warnings.warn(…)`, `simplefilter` and what projects make of it: by its name it warns of something deprecated.
fn is_warning(call: &ExprCall) -> bool {
    let tells = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("warn") || name.contains("deprecat")
    };
    match &*call.func {
        Expr::Name(name) => tells(&name.id),
        Expr::Attribute(method) => {
            let of_warnings = || matches!(&*method.value, Expr::Name(name) if name.id.contains("warnings"));
            tells(&method.attr.id) || of_warnings()
        }
        _ => false,
    }
}

fn changes_exports(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Attribute(method) if method.value.as_name_expr().is_some_and(|name| &*name.id == "__all__"))
}

/// A name of the module, several of them, or the module itself (`sys.modules[…]`), which hands another one on.
fn is_own(target: &Expr) -> bool {
    match target {
        Expr::Name(_) => true,
        Expr::Tuple(tuple) => tuple.elts.iter().all(Expr::is_name_expr),
        Expr::List(list) => list.elts.iter().all(Expr::is_name_expr),
        Expr::Subscript(part) => {
            matches!(&*part.value, Expr::Attribute(modules) if &*modules.attr.id == "modules")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::facts;
    use crate::model::DeedKind::{self, Assignment, Call, Context, Loop, Raise};

    fn deeds(text: &str) -> Vec<DeedKind> {
        facts(text).deeds.iter().map(|deed| deed.kind).collect()
    }

    #[test]
    fn handing_on_is_no_deed() {
        let text = "\
'''Moved.'''
import sys, warnings
from a import B
C = B
def __getattr__(name): return load(name)
__all__ = ['B']
__all__ += ['C']
__all__.append('D')
if TYPE_CHECKING: run()
warnings.warn('moved', DeprecationWarning)
warnings.simplefilter('once')
project_deprecation_warning('moved')
sys.modules[__name__] = a
";
        let text = text.replace("if TYPE", "from typing import TYPE_CHECKING\nif TYPE");
        assert_eq!(deeds(&text), []);
    }

    #[test]
    fn what_a_module_does_is_noted_in_blocks_too() {
        let text = "run()\nif x:\n  a.b = 1\nfor y in z: pass\nwith o: pass\nraise E\ndef f(): run()\n";
        assert_eq!(deeds(text), [Call, Assignment, Loop, Context, Raise]);
    }
}
