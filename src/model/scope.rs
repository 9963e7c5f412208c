//! Scopes and the names that are bound in them.

use super::{BindingId, Bindings, FileFacts, ImportId, Name, ReferenceId, ScopeId, Span};
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

impl FileFacts {
    /// The bindings that `name` may mean in `scope`, and the scope that owns them. Class scopes are seen only
    /// from themselves (Python reference, section 4.2.2).
    pub fn lookup(&self, scope: ScopeId, name: &str) -> Option<(ScopeId, &[BindingId])> {
        let mut at = scope;
        let mut sees_class = true;
        loop {
            let here = &self.scopes[at as usize];
            let visible = here.kind != ScopeKind::Class || sees_class;
            if visible && let Some(&target) = here.forwards.get(name) {
                return self.scopes[target as usize].names.get(name).map(|found| (target, found.as_slice()));
            }
            if visible && let Some(found) = here.names.get(name) {
                return Some((at, found));
            }
            if here.kind == ScopeKind::Module {
                return None; // A module inside another one does not see its names.
            }
            sees_class = sees_class && here.kind == ScopeKind::TypeParameters;
            at = here.parent?;
        }
    }

    /// True when `ancestor` is `scope` or lies around it.
    pub fn encloses(&self, ancestor: ScopeId, scope: ScopeId) -> bool {
        let mut at = Some(scope);
        while let Some(current) = at {
            if current == ancestor {
                return true;
            }
            at = self.scopes[current as usize].parent;
        }
        false
    }

    /// The module scope in which `scope` lies: 0 but for modules inside the file.
    pub fn module_scope(&self, scope: ScopeId) -> ScopeId {
        let mut at = scope;
        while self.scopes[at as usize].kind != ScopeKind::Module {
            at = self.scopes[at as usize].parent.unwrap_or_default();
        }
        at
    }

    /// The scope in which the code in `span` stands: that of the first name that is read there, without scopes that the code
    /// itself opens. `None` when no name is read.
    pub fn scope_in(&self, span: Span) -> Option<ScopeId> {
        let is_inside = |start: u32| span.start <= start && start < span.end;
        let mut references = self.references.iter();
        let first = references.find(|reference| is_inside(reference.segments[0].span.start));
        let opens = |scope: &ScopeId| {
            let own = self.scopes[*scope as usize].span;
            !own.is_empty() && span.contains(own)
        };
        let mut around = std::iter::successors(first.map(|reference| reference.scope), |&scope| {
            self.scopes[scope as usize].parent
        });
        around.find(|scope| !opens(scope))
    }

    /// The same where no name is read: told from where the code of scopes lies, as far as that is known.
    pub fn scope_around(&self, span: Span) -> Option<ScopeId> {
        let holds = |scope: &ScopeId| {
            let own = self.scopes[*scope as usize].span;
            own.contains(span) && own != span
        };
        let inner = || {
            (0..self.scopes.len() as ScopeId)
                .filter(holds)
                .max_by_key(|&scope| self.scopes[scope as usize].span.start)
        };
        self.scope_in(span).or_else(|| (!self.is_declarative).then(|| inner().unwrap_or_default()))
    }

    /// The names of the modules inside the file that lead to module scope `scope`, outermost first.
    pub fn inner_modules(&self, scope: ScopeId) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = self.module_scope(scope);
        while let Some(parent) = self.scopes[at as usize].parent {
            names.push(&*self.scopes[at as usize].name);
            at = self.module_scope(parent);
        }
        names.reverse();
        names
    }

    /// The names of the functions and classes around `scope`, outermost first, joined with dots; empty at module level.
    pub fn qualified_scope(&self, scope: ScopeId) -> String {
        let mut names = Vec::new();
        let mut at = Some(scope);
        while let Some(current) = at {
            let here = &self.scopes[current as usize];
            if !here.name.is_empty() {
                names.push(&*here.name);
            }
            at = here.parent;
        }
        names.reverse();
        names.join(".")
    }
}
