//! Scopes and the names bound in them (Python reference, section 4.2).

use super::Lowering;
use crate::model::{
    Binding, BindingId, BindingKind, Name, Namespaces, Scope, ScopeId, ScopeKind, Span, Visibility,
};
use ruff_python_ast::Identifier;
use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;
use smallvec::smallvec;

impl Lowering<'_> {
    /// Adds a scope inside the present one, without entering it.
    pub(super) fn open_scope(&mut self, kind: ScopeKind, name: Name, range: TextRange) -> ScopeId {
        let span = self.span(range);
        self.facts.scopes.push(Scope {
            parent: Some(self.scope),
            kind,
            name,
            span,
            names: FxHashMap::default(),
            forwards: FxHashMap::default(),
        });
        self.facts.scopes.len() as ScopeId - 1
    }

    /// Walks something inside `scope`.
    pub(super) fn within(&mut self, scope: ScopeId, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.scope, scope);
        walk(self);
        self.scope = outer;
    }

    /// The name as the interpreter knows it here: names such as `__x` in a class `C` are `_C__x`
    /// (Python reference, 6.2.1).
    pub(super) fn name(&self, written: &str) -> Name {
        match &self.private {
            Some(class) if is_private(written) => format!("_{class}{written}").into(),
            _ => written.into(),
        }
    }

    /// Mangles private names with the name of `class` from here on. Returns what was before.
    pub(super) fn enter_class(&mut self, class: &str) -> Option<Name> {
        let bare = class.trim_start_matches('_');
        std::mem::replace(&mut self.private, (!bare.is_empty()).then(|| bare.into()))
    }

    /// Binds an identifier in the present scope; `None` for one that the parser made up after an error.
    pub(super) fn bind_identifier(&mut self, name: &Identifier, kind: BindingKind) -> Option<BindingId> {
        let span = self.span(name.range);
        (!name.id.is_empty()).then(|| self.bind(self.scope, self.name(&name.id), span, kind))
    }

    /// Binds a name that stands in `scope`, in the scope that owns it.
    pub(super) fn bind(&mut self, scope: ScopeId, name: Name, span: Span, kind: BindingKind) -> BindingId {
        let id = self.facts.bindings.len() as BindingId;
        if self.nonlocals.iter().any(|(at, held)| *at == scope && *held == name) {
            self.held.push(id);
            self.facts.bindings.push(binding(name, span, scope, kind));
            return id;
        }
        let owner = self.facts.scopes[scope as usize].forwards.get(&name).copied().unwrap_or(scope);
        self.own(owner, &name, id);
        self.facts.bindings.push(binding(name, span, owner, kind));
        id
    }

    fn own(&mut self, owner: ScopeId, name: &Name, id: BindingId) {
        let names = &mut self.facts.scopes[owner as usize].names;
        match names.get_mut(name) {
            Some(bindings) => bindings.push(id),
            None => _ = names.insert(name.clone(), smallvec![id]),
        }
    }

    /// `global name` in the present scope.
    pub(super) fn declare_global(&mut self, name: Name) {
        if self.scope != 0 {
            self.facts.scopes[self.scope as usize].forwards.insert(name, 0);
        }
    }

    /// `nonlocal name` in the present scope.
    pub(super) fn declare_nonlocal(&mut self, name: Name) {
        self.nonlocals.push((self.scope, name));
    }

    /// Gives the bindings of `nonlocal` names to their owners, now that every scope is known.
    pub(super) fn place_held_bindings(&mut self) {
        let mut nonlocals = std::mem::take(&mut self.nonlocals);
        nonlocals.sort_by_key(|&(scope, _)| scope);
        for (scope, name) in nonlocals {
            if let Some(owner) = self.owner_of_nonlocal(scope, &name) {
                self.facts.scopes[scope as usize].forwards.insert(name, owner);
            }
        }
        for id in std::mem::take(&mut self.held) {
            let Binding { name, scope, .. } = &self.facts.bindings[id as usize];
            let (name, scope) = (name.clone(), *scope);
            let owner = self.facts.scopes[scope as usize].forwards.get(&name).copied().unwrap_or(scope);
            self.facts.bindings[id as usize].scope = owner;
            self.own(owner, &name, id);
            if let Some(bindings) = self.facts.scopes[owner as usize].names.get_mut(&name) {
                bindings.sort_unstable();
            }
        }
    }

    /// The nearest function around `scope` that has the name. `None` is an error in Python; the name is then
    /// treated as a local one.
    fn owner_of_nonlocal(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        let mut at = self.facts.scopes[scope as usize].parent;
        while let Some(current) = at {
            let here = &self.facts.scopes[current as usize];
            if here.kind == ScopeKind::Function {
                if let Some(&owner) = here.forwards.get(name) {
                    return Some(owner);
                }
                if here.names.contains_key(name) {
                    return Some(current);
                }
            }
            at = here.parent;
        }
        None
    }

    /// True when a method's hidden `__class__` is what the name means in `scope` (Python reference, 3.3.3.5).
    pub(super) fn is_class_cell(&self, scope: ScopeId, name: &str) -> bool {
        let mut at = Some(scope);
        let mut in_function = false;
        while let Some(current) = at.filter(|_| name == "__class__") {
            let here = &self.facts.scopes[current as usize];
            match here.kind {
                ScopeKind::Class if in_function => return true,
                ScopeKind::Function if here.names.contains_key(name) => return false,
                ScopeKind::Function => in_function = true,
                _ => {}
            }
            at = here.parent;
        }
        false
    }
}

/// Whether a class mangles the name: two leading underscores, and not two trailing ones. Dotted names stay.
fn is_private(name: &str) -> bool {
    name.starts_with("__") && !name.ends_with("__") && !name.contains('.')
}

/// A binding as every Python name has it: readable from everywhere, in the one namespace that there is.
fn binding(name: Name, span: Span, scope: ScopeId, kind: BindingKind) -> Binding {
    let (visibility, namespaces) = (Visibility::Public, Namespaces::ALL);
    Binding { name, span, scope, kind, visibility, namespaces, is_nothing: false }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{bindings, references};

    #[test]
    fn a_later_local_binding_hides_the_import() {
        let text = "import bar\ndef h():\n    print(bar); bar = 2\n";
        assert_eq!(references(text), "print <?; bar <value@h");
    }

    #[test]
    fn global_and_nonlocal_lead_outwards() {
        let text = "def f():\n  x = 1\n  def g():\n    nonlocal x\n    x = 2\n    x\n  def h():\n    global x\n    x = 3\n    def i(): x\n";
        assert_eq!(references(text), "x= <value@f|value@f; x <value@f|value@f; x= <value; x <value");
    }

    #[test]
    fn nonlocal_passes_through_a_function_that_declares_it_late() {
        let text =
            "def f():\n  def g():\n    def h():\n      nonlocal x\n      x = 1\n    nonlocal x\n  x = 2\n";
        assert_eq!(bindings(text), "f def; g def@f; h def@f.g; x value@f; x value@f");
    }

    #[test]
    fn class_names_are_hidden_from_functions_but_not_from_type_parameters() {
        let text =
            "x = 0\nclass C:\n  x = 1\n  x\n  def f(a=x): x\n  def g[T: x](a: x): x\n  [x for y in x]\n";
        assert_eq!(
            references(text),
            "x <value@C|value; x <value@C|value; x <value; x <value@C; x <value@C; x <value; x <value; x <value@C|value"
        );
    }

    #[test]
    fn a_global_statement_in_a_class_is_for_the_class_alone() {
        let text = "def f():\n  x = 1\n  class C:\n    global x\n    x = 2\n    def g(self): x\n";
        assert_eq!(references(text), "x= <value; x <value@f");
    }

    #[test]
    fn private_names_are_mangled() {
        let text = "class _C:\n  from m import __x\n  def f(self): __x.__y; self.__z__\n";
        assert_eq!(bindings(text), "_C def; _C__x import@_C; f def@_C; self value@_C.f");
        assert_eq!(references(text), "_C__x[__x]._C__y[__y] <?; self.__z__ <value@_C.f");
    }

    #[test]
    fn the_class_cell_is_not_the_name_of_the_module() {
        let text = "__class__ = 1\nclass C:\n  __class__\n  def f(self): __class__\n";
        assert_eq!(references(text), "__class__ <value; __class__ <?");
    }

    #[test]
    fn several_bindings_of_one_name_are_all_there() {
        let text = "try:\n  from a import x\nexcept ImportError:\n  x = None\ndef f(): x\n";
        assert_eq!(references(text), "ImportError <?; x <import|value");
    }
}
