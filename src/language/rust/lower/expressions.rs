//! Expressions and statements that make scopes, and those whose names are no plain paths.

use super::Lowering;
use super::resolution::Want;
use crate::model::{Block as BlockId, Place, ScopeKind};
use syn::visit::Visit;
use syn::{
    Arm, Attribute, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprLet, ExprStruct, ExprWhile,
    FieldValue, Local, Stmt,
};

impl Lowering<'_> {
    /// Attributes, all of them.
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) {
        attributes.iter().for_each(|attribute| self.visit_attribute(attribute));
    }

    /// `{ … }`. Items count in the whole block, names of `let` from there on. The body of a function needs no scope
    /// of its own when it has no items.
    pub(super) fn block(&mut self, block: &Block, is_body: bool) {
        let has_items = block.stmts.iter().any(|statement| matches!(statement, Stmt::Item(_)));
        let has_names = block.stmts.iter().any(|statement| matches!(statement, Stmt::Local(_)));
        let (scope, items, outer) = (self.scope, self.items, self.block);
        if has_items || (has_names && !is_body) {
            self.enter(ScopeKind::Function, "".into());
        }
        if has_items {
            self.items = self.scope;
            self.block = BlockId(self.places.end(block.brace_token.span.open()));
        }
        block.stmts.iter().for_each(|statement| self.visit_stmt(statement));
        (self.scope, self.items, self.block) = (scope, items, outer);
    }

    /// `let pattern = value else { … };`.
    pub(super) fn local(&mut self, local: &Local) {
        self.attributes(&local.attrs);
        let diverges = local.init.as_ref().is_some_and(|init| init.diverge.is_some());
        let mark = self.pattern(&local.pat, diverges);
        if let Some(init) = &local.init {
            self.visit_local_init(init);
        }
        self.bind_captures_from_here(mark);
    }

    /// `|a, b| body`.
    pub(super) fn closure(&mut self, closure: &ExprClosure) {
        self.attributes(&closure.attrs);
        self.nested(|walk| {
            let mark = walk.captures.len();
            closure.inputs.iter().for_each(|input| _ = walk.pattern(input, false));
            walk.bind_captures(mark);
            walk.visit_return_type(&closure.output);
            walk.visit_expr(&closure.body);
        });
    }

    /// `for pattern in values { … }`.
    pub(super) fn for_loop(&mut self, looped: &ExprForLoop) {
        self.attributes(&looped.attrs);
        let outer = self.scope;
        let mark = self.pattern(&looped.pat, false);
        self.visit_expr(&looped.expr);
        self.bind_captures_inside(mark);
        self.block(&looped.body, false);
        self.scope = outer;
    }

    /// `if condition { … } else …`: names of `let` in the condition are seen in the first block only.
    pub(super) fn if_else(&mut self, branch: &ExprIf) {
        self.attributes(&branch.attrs);
        let outer = self.scope;
        self.visit_expr(&branch.cond);
        self.block(&branch.then_branch, false);
        self.scope = outer;
        if let Some((_, other)) = &branch.else_branch {
            self.visit_expr(other);
        }
    }

    /// `while condition { … }`.
    pub(super) fn while_loop(&mut self, looped: &ExprWhile) {
        self.attributes(&looped.attrs);
        let outer = self.scope;
        self.visit_expr(&looped.cond);
        self.block(&looped.body, false);
        self.scope = outer;
    }

    /// `let pattern = value` as a condition: what comes behind it sees the names, until the scope is left by the
    /// expression around.
    pub(super) fn condition(&mut self, condition: &ExprLet) {
        self.attributes(&condition.attrs);
        let mark = self.pattern(&condition.pat, true);
        self.visit_expr(&condition.expr);
        self.bind_captures_inside(mark);
    }

    /// `pattern => body`.
    pub(super) fn arm(&mut self, arm: &Arm) {
        self.attributes(&arm.attrs);
        let outer = self.scope;
        let mark = self.pattern(&arm.pat, true);
        self.bind_captures_inside(mark);
        self.visit_expr(&arm.body);
        self.scope = outer;
    }

    /// `Path { field: value }`.
    pub(super) fn struct_literal(&mut self, literal: &ExprStruct) {
        self.attributes(&literal.attrs);
        self.qualified_path(literal.qself.as_ref(), &literal.path, Want::TYPE);
        literal.fields.iter().for_each(|field| self.visit_field_value(field));
        literal.rest.iter().for_each(|rest| self.visit_expr(rest));
    }

    /// `field: value`, or only `field`: there the name cannot change, as it is the field's name too.
    pub(super) fn field_value(&mut self, field: &FieldValue) {
        self.attributes(&field.attrs);
        match &field.expr {
            Expr::Path(name) if field.colon_token.is_none() => {
                self.path_in(&name.path, 1, Place::Opaque, Want::VALUE);
            }
            value => self.visit_expr(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{facts, refers};

    #[test]
    fn a_field_that_is_only_named_reads_the_variable() {
        refers("fn f(x: u8) { S { x, y: x, z: 1 } }", "S; x Opaque <value@f; x <value@f");
        refers("fn f() { let S { x, y: Z, w: ref v } = a; x; v }", "S; a; x <value@f; v <value@f");
    }

    #[test]
    fn many_lets_take_one_scope_as_long_as_they_are_new() {
        let text = "fn f() { let a = 1; let b = a; let c = a + b; c }";
        assert_eq!(facts(text).scopes.len(), 2);
        let text = "fn f() { let a = 1; let a = a; }";
        assert_eq!(facts(text).scopes.len(), 3);
    }

    #[test]
    fn a_diverging_let_sees_no_new_name() {
        refers("fn f(x: u8) { let A(x) = x else { x }; x }", "A; x <value@f; x <value@f; x <value@f");
        refers("fn f() { let None = x else { return }; }", "None; x");
    }

    #[test]
    fn blocks_inside_of_patterns_have_their_own() {
        refers("fn f() { match 1 { const { let A = 1; A } => 1 } }", "A <value@f");
    }
}
