//! Walks expressions, in source order.

use super::Lowering;
use crate::model::{Access, BindingKind, Place, ReferenceId, ScopeKind};
use ruff_python_ast::{
    Comprehension, Expr, ExprContext, ExprFString, ExprLambda, FStringPart, InterpolatedElement,
    InterpolatedStringElement,
};
use ruff_text_size::TextRange;

impl Lowering<'_> {
    /// Walks one expression. Returns the reference when the expression as a whole is a plain chain.
    pub(super) fn expression(&mut self, expression: &Expr) -> Option<ReferenceId> {
        match expression {
            Expr::Name(_) | Expr::Attribute(_) => {
                self.deeper(|walk| walk.chain(expression, access(expression)))
            }
            Expr::StringLiteral(string) => {
                self.data_of_reduce(string);
                None
            }
            Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => None,
            _ => {
                self.deeper(|walk| walk.compound(expression));
                None
            }
        }
    }

    /// Walks an expression that may be missing.
    pub(super) fn optional(&mut self, expression: Option<&Expr>) {
        if let Some(expression) = expression {
            self.read(expression);
        }
    }

    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        for expression in expressions {
            self.read(expression);
        }
    }

    fn compound(&mut self, expression: &Expr) {
        match expression {
            Expr::Call(call) => {
                self.note_escape(expression);
                self.call(call);
            }
            Expr::BoolOp(operation) => self.all(&operation.values),
            Expr::Named(named) => self.named(&named.target, &named.value),
            Expr::BinOp(operation) => self.all([&*operation.left, &*operation.right]),
            Expr::UnaryOp(operation) => self.all([&*operation.operand]),
            Expr::Compare(compare) => {
                self.data_compared(compare);
                self.read(&compare.left);
                let others = compare.comparators.iter().filter(|other| !self.is_namespace(other));
                let others: Vec<&Expr> = others.collect();
                self.all(others);
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::If(choice) => self.all([&*choice.body, &*choice.test, &*choice.orelse]),
            Expr::Dict(dict) => {
                self.data_entries(dict);
                for item in &dict.items {
                    self.optional(item.key.as_ref());
                    self.read(&item.value);
                }
            }
            Expr::Set(set) => self.all(&set.elts),
            Expr::List(list) => self.all(&list.elts),
            Expr::Tuple(tuple) => self.all(&tuple.elts),
            Expr::ListComp(list) => {
                self.comprehension(list.range, [Some(&*list.elt), None], &list.generators)
            }
            Expr::SetComp(set) => self.comprehension(set.range, [Some(&*set.elt), None], &set.generators),
            Expr::Generator(generator) => {
                self.comprehension(generator.range, [Some(&*generator.elt), None], &generator.generators);
            }
            Expr::DictComp(dict) => {
                self.comprehension(dict.range, [dict.key.as_deref(), Some(&*dict.value)], &dict.generators);
            }
            Expr::Await(inner) => self.all([&*inner.value]),
            Expr::Yield(inner) => self.optional(inner.value.as_deref()),
            Expr::YieldFrom(inner) => self.all([&*inner.value]),
            Expr::Starred(inner) => self.all([&*inner.value]),
            Expr::Subscript(subscript) if self.is_namespace(&subscript.value) => {
                self.note_own_module(subscript);
                self.all([&*subscript.slice])
            }
            Expr::Subscript(subscript) => self.all([&*subscript.value, &*subscript.slice]),
            Expr::Slice(slice) => {
                for part in [&slice.lower, &slice.upper, &slice.step] {
                    self.optional(part.as_deref());
                }
            }
            Expr::FString(string) => self.f_string(string),
            Expr::TString(string) => {
                string.value.iter().for_each(|part| self.interpolations(&part.elements));
            }
            _ => {}
        }
    }

    fn lambda(&mut self, lambda: &ExprLambda) {
        let scope = self.open_scope(ScopeKind::Function, "".into(), lambda.range);
        if let Some(parameters) = &lambda.parameters {
            self.parameters(parameters, scope);
        }
        let outer = std::mem::replace(&mut self.walrus, scope);
        self.within(scope, |walk| walk.read(&lambda.body));
        self.walrus = outer;
    }

    /// A comprehension is a function; its first iterable is evaluated outside (Python reference, 6.2.4).
    fn comprehension(
        &mut self,
        range: TextRange,
        elements: [Option<&Expr>; 2],
        generators: &[Comprehension],
    ) {
        let outer = self.scope;
        let inner = self.open_scope(ScopeKind::Function, "".into(), range);
        self.within(inner, |walk| walk.all(elements.into_iter().flatten()));
        for (index, generator) in generators.iter().enumerate() {
            self.within(inner, |walk| walk.target(&generator.target));
            let around = if index == 0 { outer } else { inner };
            self.within(around, |walk| walk.read(&generator.iter));
            self.within(inner, |walk| walk.all(&generator.ifs));
        }
    }

    fn f_string(&mut self, string: &ExprFString) {
        for part in string.value.iter() {
            if let FStringPart::FString(part) = part {
                self.interpolations(&part.elements);
            }
        }
    }

    fn interpolations(&mut self, elements: &[InterpolatedStringElement]) {
        for element in elements {
            if let InterpolatedStringElement::Interpolation(element) = element {
                self.deeper(|walk| walk.interpolation(element));
            }
        }
    }

    /// `{expression=!r:format}`; with `=` the expression's own text is part of the value.
    fn interpolation(&mut self, element: &InterpolatedElement) {
        let outer = self.place;
        if element.debug_text.is_some() && outer == Place::Code {
            self.place = Place::Shown;
        }
        self.read(&element.expression);
        self.place = outer;
        if let Some(format) = &element.format_spec {
            self.interpolations(&format.elements);
        }
    }

    /// A parameter or type parameter: it is bound by whoever calls.
    pub(super) fn bind_parameter(&mut self, name: &ruff_python_ast::Identifier) {
        self.bind_identifier(name, BindingKind::Value);
    }
}

fn access(expression: &Expr) -> Access {
    let context = match expression {
        Expr::Name(name) => name.ctx,
        Expr::Attribute(attribute) => attribute.ctx,
        _ => ExprContext::Load,
    };
    match context {
        ExprContext::Store => Access::Write,
        ExprContext::Del => Access::Delete,
        ExprContext::Load | ExprContext::Invalid => Access::Read,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{bindings, references};

    #[test]
    fn f_strings_keep_their_offsets() {
        let text = "import a\nf'é{a.b:{a.c}}' f\"{f'{a.d}'}\"\nt'{a.e}'\n";
        assert_eq!(references(text), "a.b <import; a.c <import; a.d <import; a.e <import");
    }

    #[test]
    fn a_self_documenting_expression_is_shown() {
        assert_eq!(references("f'{a.b=!r:{c}} {d}'"), "a.b Shown <?; c <?; d <?");
    }

    #[test]
    fn a_comprehension_is_a_scope_around_all_but_its_first_iterable() {
        let text = "x = y = []\n[x for x in x for y in y if x]\n{k: v for k, v in x}\n";
        assert_eq!(
            references(text),
            "x <value@inner; x <value; y <value@inner; x <value@inner; k <value@inner; v <value@inner; x <value"
        );
    }

    #[test]
    fn a_walrus_leaves_comprehensions() {
        let text = "def f(): return [[y := a.b for _ in z] for z in w]\nlambda: (q := 1)\n";
        assert_eq!(bindings(text), "f def; y alias@f a.b; _ value@f; z value@f; q value@inner");
    }

    #[test]
    fn lambda_defaults_stand_outside() {
        assert_eq!(references("a = 1\nlambda a=a: a"), "a <value; a <value@inner");
    }
}
