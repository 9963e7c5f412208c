//! What the body of a module does besides importing, defining and naming things.

use super::{ScopeId, Span};

/// A statement or item of a module that is no import and binds no plain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    /// The scope of the module.
    pub scope: ScopeId,
    /// Where it begins, up to its end.
    pub span: Span,
    /// Which kind.
    pub kind: DeedKind,
}

/// The kinds of deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeedKind {
    /// An expression is evaluated: a call, as a rule.
    Call,
    /// A loop, or a choice between patterns.
    Loop,
    /// A block in a context.
    Context,
    /// Something other than a plain name is assigned or deleted.
    Assignment,
    /// An error is raised, or something asserted.
    Raise,
    /// `impl`.
    Implementation,
    /// A macro is called for items.
    Macro,
}

impl DeedKind {
    /// What it does, behind "it".
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "calls something",
            Self::Loop => "runs a loop or a match",
            Self::Context => "runs a `with` block",
            Self::Assignment => "changes something elsewhere",
            Self::Raise => "raises or asserts",
            Self::Implementation => "implements something",
            Self::Macro => "calls a macro",
        }
    }
}
