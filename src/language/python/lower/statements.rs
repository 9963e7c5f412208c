//! Walks statements.

use super::Lowering;
use crate::model::{Access, BindingKind, Exports, Name, Runs, Segment};
use ruff_python_ast::{
    CmpOp, ExceptHandler, Expr, ExprCompare, Identifier, Stmt, StmtAnnAssign, StmtAugAssign, StmtFor, StmtIf,
    StmtMatch, StmtTry, StmtTypeAlias, StmtWith, UnaryOp,
};
use smallvec::smallvec;

impl Lowering<'_> {
    /// Walks one statement.
    pub(super) fn statement(&mut self, statement: &Stmt) {
        self.deeper(|walk| walk.any_statement(statement));
    }

    fn any_statement(&mut self, statement: &Stmt) {
        self.note_deed(statement);
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Assign(assign) => {
                self.data_assign(&assign.targets, &assign.value);
                self.assign(&assign.targets, &assign.value);
            }
            Stmt::AnnAssign(assign) => self.annotated_assign(assign),
            Stmt::AugAssign(assign) => self.augmented_assign(assign),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::Delete(delete) => delete.targets.iter().for_each(|target| self.delete(target)),
            Stmt::Expr(statement) => {
                self.export_call(&statement.value);
                self.note_named_module(&statement.value);
                self.read(&statement.value);
            }
            Stmt::If(statement) => self.if_statement(statement),
            Stmt::For(statement) => self.for_statement(statement),
            Stmt::While(statement) => {
                self.read(&statement.test);
                self.suite(&statement.body);
                self.suite(&statement.orelse);
            }
            Stmt::With(statement) => self.with_statement(statement),
            Stmt::Try(statement) => self.try_statement(statement),
            Stmt::Match(statement) => self.match_statement(statement),
            Stmt::Return(statement) => self.optional(statement.value.as_deref()),
            Stmt::Raise(statement) => {
                self.optional(statement.exc.as_deref());
                self.optional(statement.cause.as_deref());
            }
            Stmt::Assert(statement) => {
                self.read(&statement.test);
                self.optional(statement.msg.as_deref());
            }
            Stmt::Global(statement) => self.declarations(&statement.names, Self::declare_global),
            Stmt::Nonlocal(statement) => self.declarations(&statement.names, Self::declare_nonlocal),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::IpyEscapeCommand(_) => {}
        }
    }

    fn declarations(&mut self, names: &[Identifier], declare: fn(&mut Self, Name)) {
        for name in names.iter().filter(|name| !name.id.is_empty()) {
            let segment = self.segment(name);
            declare(self, segment.name.clone());
            self.refer(smallvec![segment], Access::Write);
        }
    }

    fn annotated_assign(&mut self, assign: &StmtAnnAssign) {
        let first = self.facts.bindings.len();
        // A bare `(x): T` neither binds nor reads `x`; a bare `x: T` makes it a name of the scope (PEP 526).
        if assign.simple || assign.value.is_some() || !assign.target.is_name_expr() {
            self.target(&assign.target);
        }
        let Some(value) = &assign.value else { return self.read_annotation(&assign.annotation) };
        if value.is_none_literal_expr() {
            self.note_nothing(first);
        }
        self.read_annotation(&assign.annotation);
        self.data_assign([&*assign.target], value);
        self.export_assign(&assign.target, value);
        self.note_constant(&assign.target, value, first);
        let is_alias = self.is_typing_name(&assign.annotation, "TypeAlias");
        let reference = if is_alias { self.annotation(value) } else { self.expression(value) };
        if let Some(reference) = reference {
            self.alias(&assign.target, reference, first);
        }
    }

    fn augmented_assign(&mut self, assign: &StmtAugAssign) {
        self.data_assign([&*assign.target], &assign.value);
        let is_grown = self.facts.exports == Exports::Implicit;
        self.target(&assign.target);
        if let Expr::Name(name) = &*assign.target
            && !name.id.is_empty()
        {
            let segment = Segment { name: self.name(&name.id), span: self.span(name.range) };
            self.refer(smallvec![segment], Access::Read);
        }
        self.export_assign(&assign.target, &assign.value);
        if is_grown && self.facts.exports != Exports::Implicit {
            self.exports_incomplete(); // The list comes from elsewhere.
        }
        self.read(&assign.value);
    }

    fn type_alias(&mut self, alias: &StmtTypeAlias) {
        let first = self.facts.bindings.len();
        if let Expr::Name(name) = &*alias.name {
            self.bind_name(name, BindingKind::Definition);
        }
        let scope = self.type_parameter_scope(alias.type_params.as_deref());
        self.within(scope, |walk| {
            if let Some(reference) = walk.annotation(&alias.value) {
                walk.alias(&alias.name, reference, first);
            }
        });
    }

    fn if_statement(&mut self, statement: &StmtIf) {
        let outer = self.runs;
        let mut rest = outer;
        let first = (Some(&*statement.test), &statement.body);
        let clauses = statement.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
        for (test, body) in std::iter::once(first).chain(clauses) {
            self.runs = rest;
            if let Some(test) = test {
                self.read(test);
                let (then, otherwise) = self.runs_if(test);
                self.runs = self.runs.max(then);
                rest = rest.max(otherwise);
            }
            self.suite(body);
        }
        self.runs = outer;
    }

    /// When that runs which stands under a condition, and that which stands under its `else`.
    fn runs_if(&self, test: &Expr) -> (Runs, Runs) {
        match test {
            Expr::BoolOp(all) if all.op.is_and() => {
                let then = all.values.iter().map(|part| self.runs_if(part).0).max();
                (then.unwrap_or(Runs::Always), Runs::Always)
            }
            Expr::UnaryOp(not) if not.op == UnaryOp::Not => {
                let (then, otherwise) = self.runs_if(&not.operand);
                (otherwise, then)
            }
            Expr::Compare(compare) if is_about_program(compare) => match &*compare.ops {
                [CmpOp::Eq] => (Runs::AsProgram, Runs::Always),
                [CmpOp::NotEq] => (Runs::Always, Runs::AsProgram),
                _ => (Runs::Always, Runs::Always),
            },
            _ if self.is_type_checking_name(test) => (Runs::Never, Runs::Always),
            _ => (Runs::Always, Runs::Always),
        }
    }

    fn is_type_checking_name(&self, test: &Expr) -> bool {
        self.is_typing_name(test, "TYPE_CHECKING")
    }

    fn for_statement(&mut self, statement: &StmtFor) {
        self.target(&statement.target);
        self.read(&statement.iter);
        self.suite(&statement.body);
        self.suite(&statement.orelse);
    }

    fn with_statement(&mut self, statement: &StmtWith) {
        for item in &statement.items {
            self.read(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.target(target);
            }
        }
        let outer = self.in_try;
        self.in_try |= statement.items.iter().any(|item| expects_error(&item.context_expr));
        self.suite(&statement.body);
        self.in_try = outer;
    }

    fn try_statement(&mut self, statement: &StmtTry) {
        let outer = self.in_try;
        self.in_try |= !statement.handlers.is_empty();
        self.suite(&statement.body);
        for ExceptHandler::ExceptHandler(handler) in &statement.handlers {
            self.optional(handler.type_.as_deref());
            if let Some(name) = &handler.name {
                self.bind_identifier(name, BindingKind::Value);
            }
            self.suite(&handler.body);
        }
        self.in_try = outer;
        self.suite(&statement.orelse);
        self.suite(&statement.finalbody);
    }

    fn match_statement(&mut self, statement: &StmtMatch) {
        self.read(&statement.subject);
        for case in &statement.cases {
            self.pattern(&case.pattern);
            self.optional(case.guard.as_deref());
            self.suite(&case.body);
        }
    }
}

/// A context in which an error ends the block and not the program, by the names of pytest, unittest and contextlib.
fn expects_error(context: &Expr) -> bool {
    let Expr::Call(call) = context else { return false };
    let name = match &*call.func {
        Expr::Name(name) => &*name.id,
        Expr::Attribute(attribute) => &*attribute.attr.id,
        _ => return false,
    };
    matches!(name, "raises" | "suppress" | "assertRaises" | "assertRaisesRegex" | "RaisesGroup")
}

/// A comparison of `__name__` with `"__main__"`, on either side.
fn is_about_program(compare: &ExprCompare) -> bool {
    let is_own = |side: &Expr| matches!(side, Expr::Name(name) if &*name.id == "__name__");
    let is_main = |side: &Expr| matches!(side, Expr::StringLiteral(text) if text.value == *"__main__");
    let [right] = &*compare.comparators else { return false };
    is_own(&compare.left) && is_main(right) || is_main(&compare.left) && is_own(right)
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{bindings, facts};
    use crate::model::Runs;

    #[test]
    fn type_aliases_are_aliases_of_chains() {
        let text = "from typing import TypeAlias as TA\nA: TA = 'm.A'\ntype B = m.B\ntype C = m.C[int]\n";
        assert_eq!(bindings(text), "TA import; A alias m.A; B alias m.B; C def");
    }

    #[test]
    fn imports_know_what_guards_them() {
        let text = "\
from typing import TYPE_CHECKING as TC
if TC and x: import a
elif y: import b
if not t.TYPE_CHECKING: import c
else: import d
try:
    import e
    def f(): import g
except E: import h
else: import i
try: import j
finally: import k
with pytest.raises(E), x: import l
with suppress(E): import m
with open(p): import n
";
        let facts = facts(text);
        let guarded = |which: fn(&crate::model::Import) -> bool| -> String {
            facts.imports.iter().filter(|import| which(import)).map(|import| &*import.path[0].name).collect()
        };
        assert_eq!(guarded(|import| import.runs == Runs::Never), "ad");
        assert_eq!(guarded(|import| import.in_try), "ehlm");
    }

    #[test]
    fn imports_of_the_program_are_told_apart() {
        let text = "\
if __name__ == '__main__': import a
elif x: import b
if \"__main__\" != __name__: import c
else: import d
if x and __name__ == '__main__':
    if y: import e
    if TYPE_CHECKING: import f
if not __name__ == '__main__': import g
else: import h
if __name__ == 'other' or __name__ in ('__main__',): import i
";
        let facts = facts(text);
        let imports = facts.imports.iter().filter(|import| import.runs == Runs::AsProgram);
        assert_eq!(imports.map(|import| &*import.path[0].name).collect::<String>(), "adeh");
    }
}
