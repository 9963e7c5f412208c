//! How far a project is: uses of canonical paths among all uses, by several measures and over time.

use super::RuleCount;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often one file writes canonical paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTally {
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// The Python package or Rust crate that it belongs to; `None` when it belongs to none.
    pub package: Option<String>,
    /// Canonical uses by rule id.
    pub canonical: BTreeMap<String, usize>,
}

/// What `report` says.
#[derive(Debug, Default)]
pub struct Compliance {
    /// All uses.
    pub total: RuleCount,
    /// By rule id.
    pub by_rule: BTreeMap<String, RuleCount>,
    /// By Python package or Rust crate; those without one have an empty name.
    pub by_package: BTreeMap<String, RuleCount>,
    /// By owner; files without one have an empty name. `None` when no file says who owns what.
    pub by_owner: Option<BTreeMap<String, RuleCount>>,
    /// The other paths, those with the most uses first.
    pub detours: Vec<Detour>,
    /// The past, oldest first; empty when it was not asked for.
    pub history: Vec<Moment>,
}

/// A path that should be another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Detour {
    /// The rule id.
    pub rule: String,
    /// The path that is written.
    pub written: String,
    /// The path to write instead.
    pub canonical: String,
    /// How often it is written.
    pub uses: usize,
}

/// How far the project was at one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The full id of the commit.
    pub commit: String,
    /// Its day in UTC, as `2026-11-20`.
    pub date: String,
    /// The first line of its message.
    pub subject: String,
    /// All uses, by the rules of today.
    pub total: RuleCount,
    /// Files that could not be read: what they write is not counted.
    pub unreadable: usize,
}
