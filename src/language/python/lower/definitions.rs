//! Functions, classes, parameters and type parameters.

use super::Lowering;
use crate::model::{BindingKind, ReferenceId, ScopeId, ScopeKind};
use ruff_python_ast::{Decorator, Parameters, StmtClassDef, StmtFunctionDef, TypeParam, TypeParams};

/// What the walk over a class has come by.
#[derive(Default)]
pub(super) struct ClassParts {
    /// The arguments that are paths.
    pub(super) bases: Vec<ReferenceId>,
    /// The scope of its body.
    pub(super) body: ScopeId,
    /// The first reference in its body.
    pub(super) first: usize,
}

impl Lowering<'_> {
    /// `def`: decorators, defaults and annotations belong to the scope around, or to the type parameters' one.
    pub(super) fn function(&mut self, function: &StmtFunctionDef) {
        self.decorators(&function.decorator_list);
        self.data_registration(function);
        let binding = self.bind_identifier(&function.name, BindingKind::Definition);
        let first = self.facts.references.len();
        let around = self.type_parameter_scope(function.type_params.as_deref());
        self.within(around, |walk| {
            let body = walk.open_scope(ScopeKind::Function, function.name.id.as_str().into(), function.range);
            walk.parameters(&function.parameters, body);
            if let Some(returns) = &function.returns {
                walk.read_annotation(returns);
            }
            // What the module makes of a name is looked for among the references.
            let makes_names = walk.scope == 0 && &*function.name.id == "__getattr__";
            let outer = walk.skims;
            walk.skims &= !makes_names;
            walk.function_body(body, function);
            walk.skims = outer;
        });
        if let Some(binding) = binding.filter(|_| self.scope == 0) {
            self.outline_function(binding, function, first);
        }
    }

    fn function_body(&mut self, scope: ScopeId, function: &StmtFunctionDef) {
        let walrus = std::mem::replace(&mut self.walrus, scope);
        // What is imported when the function is called is not caught by a `try` around its definition.
        let in_try = std::mem::replace(&mut self.in_try, false);
        self.within(scope, |walk| walk.suite(&function.body));
        self.walrus = walrus;
        self.in_try = in_try;
    }

    /// `class`: bases are evaluated around it, or with its type parameters in view.
    pub(super) fn class(&mut self, class: &StmtClassDef) {
        self.decorators(&class.decorator_list);
        let binding = self.bind_identifier(&class.name, BindingKind::Definition);
        let mut found = ClassParts::default();
        let outer = self.private.clone();
        if class.type_params.is_some() {
            self.enter_class(&class.name.id);
        }
        let around = self.type_parameter_scope(class.type_params.as_deref());
        self.within(around, |walk| {
            if let Some(arguments) = &class.arguments {
                let arguments = arguments.iter_source_order();
                found.bases = arguments.filter_map(|argument| walk.expression(argument.value())).collect();
            }
            walk.enter_class(&class.name.id);
            found.first = walk.facts.references.len();
            let body = walk.open_scope(ScopeKind::Class, class.name.id.as_str().into(), class.range);
            let walrus = std::mem::replace(&mut walk.walrus, body);
            walk.within(body, |walk| walk.suite(&class.body));
            walk.walrus = walrus;
            found.body = body;
        });
        self.private = outer;
        if let Some(binding) = binding.filter(|_| self.scope == 0) {
            self.outline_class(binding, class, found);
        }
    }

    fn decorators(&mut self, decorators: &[Decorator]) {
        for decorator in decorators {
            self.read(&decorator.expression);
        }
    }

    /// Binds parameters in `scope`; what is written beside them is evaluated in the present one.
    pub(super) fn parameters(&mut self, parameters: &Parameters, scope: ScopeId) {
        for parameter in parameters.iter_source_order() {
            self.within(scope, |walk| walk.bind_parameter(parameter.name()));
            if let Some(annotation) = parameter.annotation() {
                self.read_annotation(annotation);
            }
            self.optional(parameter.default());
        }
    }

    /// The scope of type parameters (PEP 695); the present scope when there are none.
    pub(super) fn type_parameter_scope(&mut self, parameters: Option<&TypeParams>) -> ScopeId {
        let Some(parameters) = parameters else { return self.scope };
        let scope = self.open_scope(ScopeKind::TypeParameters, "".into(), parameters.range);
        self.within(scope, |walk| {
            for parameter in &parameters.type_params {
                walk.bind_parameter(parameter.name());
                if let TypeParam::TypeVar(variable) = parameter
                    && let Some(bound) = &variable.bound
                {
                    walk.read_annotation(bound);
                }
                if let Some(default) = parameter.default() {
                    walk.read_annotation(default);
                }
            }
        });
        scope
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{bindings, references};

    #[test]
    fn decorators_defaults_annotations_and_bases_stand_outside() {
        let text =
            "import a\n@a.d\ndef f(a: a.t = a.v, *b: a.u) -> a.r: a\n@a.e\nclass C(a.B, k=a.K): a = a\n";
        assert_eq!(
            references(text),
            "a.d <import; a.t <import; a.v <import; a.u <import; a.r <import; a <value@f; \
             a.e <import; a.B <import; a.K <import; a <alias@C|import"
        );
    }

    #[test]
    fn type_parameters_have_a_scope_of_their_own() {
        let text =
            "T = 0\ndef f[T: (m.A, 'm.B') = m.C](x: T) -> T: T\nclass D[T](T): T\ntype E[T] = list[T]\n";
        assert_eq!(
            references(text),
            "m.A <?; m.B <?; m.C <?; T <value@inner; T <value@inner; T <value@inner; T <value@inner; \
             T <value@inner; list <?; T <value@inner"
        );
        assert_eq!(
            bindings(text),
            "T value; f def; T value@inner; x value@f; D def; T value@inner; E def; T value@inner"
        );
    }
}
