//! What a check found, ready for any output format.

use super::{FileTally, Finding, KnownFinding, Plan};
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

/// The result of a check.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Sorted by file, place, code and rule.
    pub findings: Vec<Finding>,
    /// What comments hide, in the same order.
    pub suppressed: Vec<Finding>,
    /// Known ones, left out of the findings; the numbers of the summary count them.
    pub hidden: Vec<Finding>,
    /// What a baseline holds and the check did not find.
    pub stale: Vec<KnownFinding>,
    /// The numbers.
    pub summary: Summary,
    /// How often each file that was parsed writes canonical paths, by path.
    pub tallies: Vec<FileTally>,
    /// Files that no target of any package reaches: only full paths could be checked in them.
    pub unreached: Vec<Arc<str>>,
    /// The files looked at, sorted.
    pub checked: Vec<Arc<str>>,
    /// Where the project root lies.
    pub root: RootPlace,
    /// What mends the findings; `None` when nobody has asked.
    pub plan: Option<Plan>,
}

/// Where the project root lies, seen from the folders to which other programs relate their paths. Each is what stands in
/// front of a path of the project: empty, or with `/` at its end.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct RootPlace {
    /// From the top of the repository; empty when there is none.
    pub in_repository: String,
    /// The top itself, absolute, with `/` at its end; `None` when there is none.
    pub repository: Option<String>,
    /// From the working folder.
    pub from_working_folder: String,
}

impl Outcome {
    /// A path of the project as the repository's servers know it; also of a shared configuration elsewhere in it.
    pub fn in_repository(&self, file: &str) -> String {
        let inside = self.root.repository.as_ref().and_then(|top| file.strip_prefix(&**top));
        inside.map_or_else(|| below(&self.root.in_repository, file), str::to_owned)
    }

    /// A path of the project as it is in the working folder.
    pub fn from_working_folder(&self, file: &str) -> String {
        below(&self.root.from_working_folder, file)
    }
}

/// A configuration outside of the project has an absolute path, which stays.
fn below(root: &str, file: &str) -> String {
    if file.starts_with('/') { file.to_owned() } else { format!("{root}{file}") }
}

/// The numbers of a check.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Files that had to be parsed.
    pub parsed: usize,
    /// Places where a canonical path is written.
    pub canonical_uses: usize,
    /// The same by rule id, in the order of the ids.
    pub by_rule: BTreeMap<String, RuleCount>,
}

/// The numbers of one rule, or of something else that has uses.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct RuleCount {
    /// Findings: uses by another path.
    pub findings: usize,
    /// Uses by another path that comments hide.
    pub suppressed: usize,
    /// Places where the canonical path is written.
    pub canonical_uses: usize,
}

impl RuleCount {
    /// All uses, by whatever path.
    pub const fn uses(self) -> usize {
        self.canonical_uses + self.findings + self.suppressed
    }

    /// Canonical uses among all uses, from 0 to 1; `None` when there is no use at all.
    pub fn compliance(self) -> Option<f64> {
        let all = self.uses();
        (all > 0).then(|| self.canonical_uses as f64 / all as f64)
    }
}

impl AddAssign for RuleCount {
    fn add_assign(&mut self, other: Self) {
        self.findings += other.findings;
        self.suppressed += other.suppressed;
        self.canonical_uses += other.canonical_uses;
    }
}
