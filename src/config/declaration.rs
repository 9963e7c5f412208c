//! The configuration as nouns: what the files declare, checked, with places kept.

use super::place::{ConfigSource, Place, Placed};
use super::target::Target;
use crate::model::{Language, Severity, SymbolPath};
use globset::GlobSet;
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::Arc;

/// A whole configuration that passed every check.
#[derive(Debug)]
pub struct Configuration {
    /// The project root, absolute when the working folder was.
    pub root: PathBuf,
    /// The configuration file that was found or given.
    pub file: PathBuf,
    /// Every file read, the configuration file first.
    pub sources: Vec<Arc<ConfigSource>>,
    /// Patterns of what is not looked at, in the syntax of `.gitignore`, relative to the root.
    pub exclude: Vec<Placed<String>>,
    /// Folders where top-level Python packages lie, relative to the root with `/`; `None`: to be found.
    pub python_roots: Option<Vec<Placed<String>>>,
    /// `[[symbol]]` and `[[module]]` in file order, those of the configuration file first.
    pub rules: Vec<RuleDeclaration>,
    /// `[[override]]` in file order; where several fit, the last one counts.
    pub overrides: Vec<Override>,
    /// `[[policy]]` in file order; the first one that speaks of a module counts.
    pub policies: Vec<PolicyDeclaration>,
    /// `[[usage]]` in file order.
    pub usages: Vec<UsageDeclaration>,
    /// `[[batch]]` in the order of the file; a file belongs to the first one that names it.
    pub batches: Vec<BatchDeclaration>,
    /// What is valid but has no effect; the client must say so.
    pub without_effect: Vec<WithoutEffect>,
    /// Every legacy path with its final target. A written path falls under the longest of these and of `stops` that
    /// is a prefix of it; what follows the prefix stays behind the target.
    pub targets: Vec<Target>,
    /// Paths that stay as they are although a shorter one is legacy.
    pub stops: Vec<SymbolPath>,
}

impl Configuration {
    /// The batch of a file, given by its path relative to the root with `/`: the first one that names it.
    pub fn batch_of(&self, path: &str) -> Option<usize> {
        self.batches.iter().position(|batch| batch.globs.is_match(path))
    }
}

/// One `[[symbol]]` or `[[module]]`.
#[derive(Debug, Clone)]
pub struct RuleDeclaration {
    /// As given, or made from the canonical path; unique. A derived id has the place of the canonical path.
    pub id: Placed<String>,
    /// Which table.
    pub kind: RuleKind,
    /// The canonical path as written; another rule may move it on (see [`Configuration::targets`]).
    pub canonical: Placed<SymbolPath>,
    /// The legacy paths, without repetition.
    pub legacy: Vec<Placed<SymbolPath>>,
    /// Further paths that stay allowed.
    pub facades: Vec<Placed<SymbolPath>>,
    /// Old and new names of a module's members; empty for a symbol.
    pub renames: Vec<(Placed<String>, Placed<String>)>,
    /// What happens to the local name when the symbol's name changes.
    pub local_name: LocalName,
    /// The team's own words.
    pub message: Option<String>,
    /// How much a finding matters, dates aside.
    pub severity: Severity,
    /// False when no comment may hide a finding of the rule.
    pub is_suppressible: bool,
    /// The days of its life; from `remove_on` its shims are findings.
    pub dates: Dates,
    /// The same from this version of the project on.
    pub removed_in: Option<Placed<String>>,
    /// The version of the project, when it is that one or a later one.
    pub reached: Option<String>,
    /// The table's head.
    pub place: Place,
}

/// The days in the life of what a rule finds, in this order as far as they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dates {
    /// From this day a warning.
    pub deprecated_on: Option<Date>,
    /// From this day an error.
    pub error_on: Option<Date>,
    /// From this day it is gone, or should be.
    pub remove_on: Option<Date>,
}

/// The two kinds of rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// `[[symbol]]`: one symbol moves.
    Symbol,
    /// `[[module]]`: every name of the legacy module is a name of the canonical one.
    Module,
}

/// What happens to the local name when the symbol's name changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalName {
    /// Uses in the file are renamed with it.
    #[default]
    Rename,
    /// The new name is imported `as` the old one.
    Keep,
}

/// One `[[override]]`: another severity for some paths.
#[derive(Debug, Clone)]
pub struct Override {
    /// The patterns as written, relative to the root.
    pub paths: Vec<Placed<String>>,
    /// The same, ready to match a path relative to the root with `/`. `*` stops at a `/`.
    pub globs: GlobSet,
    /// The ids of the rules that it speaks of; `None`: all.
    pub rules: Option<Vec<Placed<String>>>,
    /// The severity there.
    pub severity: Severity,
    /// The table's head.
    pub place: Place,
}

/// One `[[policy]]`: which kind of path is canonical for everything that some packages define.
#[derive(Debug, Clone)]
pub struct PolicyDeclaration {
    /// As given.
    pub id: Option<Placed<String>>,
    /// The patterns as written; not empty.
    pub packages: Vec<Placed<String>>,
    /// The same, ready to match the name of a module with `/` between its parts.
    pub globs: GlobSet,
    /// Which kind of path.
    pub import_from: ImportFrom,
    /// The team's own words.
    pub message: Option<String>,
    /// How much a finding matters.
    pub severity: Severity,
    /// False when no comment may hide a finding of the policy.
    pub is_suppressible: bool,
}

impl PolicyDeclaration {
    /// Its id as given, or made from the first pattern.
    pub fn name(&self) -> String {
        match (&self.id, self.packages.first()) {
            (Some(id), _) => id.value.clone(),
            (None, Some(pattern)) => format!("policy:{}", pattern.value),
            (None, None) => "policy".to_owned(),
        }
    }
}

/// One `[[usage]]`: a pattern of code, and what is written instead.
#[derive(Debug, Clone)]
pub struct UsageDeclaration {
    /// As given.
    pub id: Option<Placed<String>>,
    /// What is looked for, as written; it can be read.
    pub find: Placed<String>,
    /// What is written instead; it can be read. Without it a match is only reported.
    pub replace: Option<Placed<String>>,
    /// Names of captures, each with the regular expression that its text must match.
    pub constraints: Vec<(Placed<String>, Placed<String>)>,
    /// The language of both.
    pub language: Language,
    /// The team's own words.
    pub message: Option<String>,
    /// How much a finding matters, dates aside.
    pub severity: Severity,
    /// False when no comment may hide a finding of the pattern.
    pub is_suppressible: bool,
    /// The days of its life; from `remove_on` nothing that it finds can work any more.
    pub dates: Dates,
}

impl UsageDeclaration {
    /// Its id as given, or made from the first line of the pattern.
    pub fn name(&self) -> String {
        match &self.id {
            Some(id) => id.value.clone(),
            None => format!("usage:{}", self.find.value.trim().lines().next().unwrap_or_default()),
        }
    }
}

/// Which kind of path a policy wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFrom {
    /// The module that defines the symbol.
    Definition,
    /// The shallowest package that exports it on purpose.
    Facade,
}

/// One `[[batch]]`: files that migrate together, and the commands that judge the result.
#[derive(Debug, Clone)]
pub struct BatchDeclaration {
    /// Its name; unique.
    pub name: Placed<String>,
    /// The patterns as written, relative to the root; not empty.
    pub paths: Vec<Placed<String>>,
    /// The same, ready to match a path relative to the root with `/`. `*` stops at a `/`.
    pub globs: GlobSet,
    /// Commands for the shell, in order; none of them empty.
    pub validate: Vec<Placed<String>>,
}

/// Something valid that has no effect.
#[derive(Debug, Clone)]
pub struct WithoutEffect {
    /// What has none, and why.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where it stands.
    pub place: Place,
}
