//! What is wanted, and one file for each kind of finding.

mod alias;
mod baseline;
mod bypass_path;
mod compliance;
mod data_path;
mod draft;
mod dual_root;
mod duplicate_definition;
mod import_cycle;
mod legacy_path;
mod lifecycle;
mod policy;
mod rule_set;
mod shim;
mod shim_modules;
mod shim_references;
mod sketch;
mod stale_rule;
mod string_path;
mod task_name;
mod triage;
mod unreadable;
mod unresolved_import;
mod unused_suppression;
mod usage;

use crate::graph::{DeclaredPaths, FileUses, SymbolGraph};
use crate::model::{Code, FileId, Finding, Location, SourceFile, Span, SymbolPath, UsageMatch};
pub use alias::may_be_told;
pub use baseline::{
    Comparison, Fault, Reach, compare, hide, parse as parse_baseline, rename, render as render_baseline,
};
pub use compliance::{compliance, total};
pub use data_path::data_findings;
pub use draft::seal_fingerprints;
use jiff::civil::Date;
pub use lifecycle::Lifecycle;
pub use rule_set::{Override, Rule, RuleKind, RulePlace, RuleSet, WrittenUsage};
pub use shim::shims;
pub use shim_modules::{ShimModule, ShimMove, shim_modules};
pub use shim_references::{Reference, references};
pub use sketch::{Sketch, first_line};
pub use stale_rule::stale_rules;
use std::sync::Arc;
pub use triage::{Selection, count, triage};
pub use unreadable::unreadable;
pub use unused_suppression::{Parted, Suppressions, is_firm};

/// Everything a kind of finding may look at in one file.
#[derive(Clone, Copy)]
pub struct Subject<'run> {
    /// The rules in force.
    pub rules: &'run RuleSet,
    /// The paths that they declare.
    pub declared: &'run DeclaredPaths,
    /// Resolution.
    pub graph: &'run SymbolGraph,
    /// The file.
    pub source: &'run SourceFile,
    /// Its id.
    pub file: FileId,
    /// What it writes of the declared paths.
    pub uses: &'run FileUses,
    /// The code in it that patterns describe.
    pub matches: &'run [UsageMatch],
    /// Places in other files, for people.
    pub places: &'run Places<'run>,
}

/// Says where a span of any file lies; `None` when the file's text is not at hand.
pub type Places<'run> = dyn Fn(FileId, Span) -> Option<(Arc<str>, Location)> + Sync + 'run;

/// A kind of finding that is looked for file by file.
pub type Check = fn(&Subject<'_>) -> Vec<Finding>;

/// The kinds that are looked for file by file. One file in this folder and one line here make a new kind.
pub const REGISTER: [(Code, Check); 7] = [
    (Code::Unreadable, unreadable::check),
    (Code::LegacyPath, legacy_path::check),
    (Code::BypassPath, bypass_path::check),
    (Code::Alias, alias::check),
    (Code::StringPath, string_path::check),
    (Code::Usage, usage::check),
    (Code::Policy, policy::check),
];

/// Everything that a kind of finding may look at which needs more than one file.
#[derive(Clone, Copy)]
pub struct Survey<'run> {
    /// The rules in force.
    pub rules: &'run RuleSet,
    /// The paths that they declare.
    pub declared: &'run DeclaredPaths,
    /// Resolution; when the whole project is asked for, with the facts of all its files.
    pub graph: &'run SymbolGraph,
    /// What each file whose facts are known writes of the declared paths, by file.
    pub uses: &'run [(FileId, FileUses)],
    /// The paths in files that are not code, as far as they begin like one that rules speak of.
    pub named: &'run [SymbolPath],
    /// True when the kind was asked for by its code: then it speaks of the whole project.
    pub is_whole: bool,
    /// True when every file was looked at and could be read: then what is not found is not there.
    pub is_complete: bool,
    /// The present day, in UTC.
    pub today: Date,
}

/// A kind of finding that is looked for over all files at once.
pub type ProjectCheck = fn(&Survey<'_>) -> Vec<Sketch>;

/// The kinds that are looked for over all files at once.
pub const SURVEYS: [(Code, ProjectCheck); 5] = [
    (Code::DuplicateDefinition, duplicate_definition::survey),
    (Code::UnresolvedImport, unresolved_import::survey),
    (Code::ImportCycle, import_cycle::survey),
    (Code::Shim, shim::survey),
    (Code::DualRoot, dual_root::survey),
];

/// The kinds that need the facts of every file. They are left out unless their code is selected.
pub const WHOLE_PROJECT: [Code; 3] = [Code::UnresolvedImport, Code::ImportCycle, Code::DualRoot];

/// What is found over all files, by the kinds that `selection` wants.
pub fn survey(survey: &Survey<'_>, selection: &Selection) -> Vec<Sketch> {
    let wanted = SURVEYS.iter().filter(|(code, _)| selection.runs(*code));
    wanted
        .flat_map(|(code, check)| check(&Survey { is_whole: selection.asks_for(*code), ..*survey }))
        .collect()
}

/// All findings of one file, before severities, selection and suppressions.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    REGISTER.iter().flat_map(|(_, check)| check(subject)).collect()
}
