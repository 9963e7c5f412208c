//! Scopes and the names that are bound in them.

use super::{BindingId, Bindings, ImportId, Name, ReferenceId, ScopeId, Span};
use rustc_hash::FxHashMap;

/// A region of text with names of its own.
#[derive(Debug)]
pub struct Scope {
    /// The scope around it; `None` for the module scope.
    pub parent: Option<ScopeId>,
    /// What opens the scope.
    pub kind: ScopeKind,
    /// Name of the function or class; empty for others.
    pub name: Name,
    /// All of the code that opens it, its header included; empty for the file, and where nobody asks for it (Rust).
    pub span: Span,
    /// The names bound here; several bindings of one name in source order.
    pub names: FxHashMap<Name, Bindings>,
    /// Names that the scope declares to live elsewhere (`global`, `nonlocal`).
    pub forwards: FxHashMap<Name, ScopeId>,
}

impl Scope {
    /// What binds `name` here, in source order; empty when nothing does.
    pub fn bindings(&self, name: &str) -> &[BindingId] {
        self.names.get(name).map_or(&[], Bindings::as_slice)
    }
}

/// What opens a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file, or a module whose body stands in it (Rust).
    Module,
    /// A class body: its names are attributes, and functions inside do not see them.
    Class,
    /// A function, lambda or comprehension.
    Function,
    /// Type parameters (PEP 695): as a function scope, but class names stay visible through it.
    TypeParameters,
}

/// A place that gives a name a meaning in a scope.
#[derive(Debug)]
pub struct Binding {
    /// The bound name, normalised.
    pub name: Name,
    /// The name where it is bound.
    pub span: Span,
    /// The scope that owns it.
    pub scope: ScopeId,
    /// What is bound.
    pub kind: BindingKind,
    /// Who may read it through the module.
    pub visibility: Visibility,
    /// What the name is a name of; a name may mean different things in different namespaces.
    pub namespaces: Namespaces,
    /// True for `name = None`: where anything is asked of the name, another binding is meant.
    pub is_nothing: bool,
}

/// Who may read a name through the module that binds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Everybody. Python names always.
    #[default]
    Public,
    /// Every module below the same root (`pub(crate)`).
    Root,
    /// The module so many levels up, and everything below it: 0 is the module itself (Rust items without `pub`).
    Around(u32),
}

/// A set of namespaces (Rust reference, "Namespaces"). Languages with one namespace use all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namespaces(u8);

impl Namespaces {
    /// Types, traits, modules.
    pub const TYPE: Self = Self(1);
    /// Functions, constants, constructors, local variables.
    pub const VALUE: Self = Self(2);
    /// Macros, attributes, derives.
    pub const MACRO: Self = Self(4);
    /// Every one.
    pub const ALL: Self = Self(7);

    /// All of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when the two have one in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a binding binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingKind {
    /// An imported name.
    Import(ImportId),
    /// A class, function or type defined here.
    Definition,
    /// `name = other.path`, `type Name = other::Path`: another name for what the reference resolves to.
    Alias(ReferenceId),
    /// A module declared here: the scope of its body, or `None` when the body is a file of its own.
    Module(Option<ScopeId>),
    /// Any other value: assignment, parameter, loop variable, pattern capture.
    Value,
    /// `del name`.
    Deletion,
}

impl Scope {
    /// The scope of a file, without names as yet.
    pub fn module() -> Self {
        Self {
            parent: None,
            kind: ScopeKind::Module,
            name: "".into(),
            span: Span::default(),
            names: FxHashMap::default(),
            forwards: FxHashMap::default(),
        }
    }
}
