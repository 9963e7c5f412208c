//! A symbol with several working paths in use, and the rule that would leave one.

use super::{Position, SymbolPath};
use std::sync::Arc;

/// A symbol with several paths in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// The path under which it is defined.
    pub definition: SymbolPath,
    /// Where that is.
    pub place: Option<(Arc<str>, Position)>,
    /// The paths in use, most used first; at least two.
    pub paths: Vec<DiscoveredPath>,
    /// The path that a rule should keep.
    pub canonical: SymbolPath,
    /// Why that one.
    pub reason: Reason,
}

/// One path to a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveredPath {
    /// The path.
    pub path: SymbolPath,
    /// How often it is written, re-exports aside.
    pub uses: usize,
    /// The re-exports by which it works, with the path that each makes; empty for the definition.
    pub hops: Vec<(SymbolPath, Arc<str>, Position)>,
}

/// Why a path is proposed as canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is where the symbol is defined, and most used.
    MostUsedDefinition,
    /// A package exports it on purpose there, and it is most used.
    MostUsedFacade,
    /// It is where the symbol is defined; the most used path is no package that exports it on purpose.
    Definition,
}

impl Reason {
    /// For people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MostUsedDefinition => "where it is defined, and most used",
            Self::MostUsedFacade => "a package exports it there on purpose, and it is most used",
            Self::Definition => "where it is defined",
        }
    }
}

impl Discovered {
    /// All uses.
    pub fn uses(&self) -> usize {
        self.paths.iter().map(|path| path.uses).sum()
    }

    /// Uses by other paths than the most used one.
    pub fn astray(&self) -> usize {
        self.uses() - self.paths.first().map_or(0, |path| path.uses)
    }

    /// The paths that a rule would call legacy: those in use but for the canonical one, and for the definition behind a facade,
    /// which the inside of the package needs.
    pub fn legacy(&self) -> impl Iterator<Item = &DiscoveredPath> {
        self.paths.iter().filter(|path| path.path != self.canonical && path.path != self.definition)
    }
}
