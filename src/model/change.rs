//! What is to change in one file, in neutral terms: the language's own folder turns it into edits.

use super::{ImportId, Span, SymbolPath};
use std::collections::BTreeMap;

/// The changes of one file. Each part carries the rules that asked for it.
#[derive(Debug, Default, Clone)]
pub struct FileChanges {
    /// What happens to imported names.
    pub items: BTreeMap<ImportId, ItemChange>,
    /// Imports to add.
    pub additions: Vec<Addition>,
    /// Plain replacements of text outside import statements; disjoint.
    pub replacements: Vec<Replacement>,
}

impl FileChanges {
    /// True when nothing changes.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.additions.is_empty() && self.replacements.is_empty()
    }
}

/// What happens to one imported name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemChange {
    /// The name is no longer imported here.
    Remove {
        /// Why, as rule id.
        rule: String,
    },
    /// The name comes from elsewhere.
    Move {
        /// The absolute path of what is imported: a module for a module import or star, else module and name.
        target: SymbolPath,
        /// The local name that it must bind; `None` when the form binds its natural name. A star binds none.
        local: Option<String>,
        /// Why, as rule id.
        rule: String,
    },
}

/// An import to add directly behind an existing one, in the same block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The import beside which it goes.
    pub beside: ImportId,
    /// The absolute path to import.
    pub target: SymbolPath,
    /// True for `import a.b`, false for `from a import b`.
    pub whole_module: bool,
    /// The local name when it is not the natural one.
    pub alias: Option<String>,
    /// Why, as rule id.
    pub rule: String,
}

/// A plain replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
    /// Why, as rule id.
    pub rule: String,
}
