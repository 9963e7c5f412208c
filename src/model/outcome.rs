//! What a check found, ready for any output format.

use super::{Finding, Plan};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The result of a check.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Sorted by file, place, code and rule.
    pub findings: Vec<Finding>,
    /// What comments hide, in the same order.
    pub suppressed: Vec<Finding>,
    /// The numbers.
    pub summary: Summary,
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

/// The numbers of one rule.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct RuleCount {
    /// Findings of the rule.
    pub findings: usize,
    /// Uses by another path that comments hide.
    pub suppressed: usize,
    /// Places where the rule's canonical path is written.
    pub canonical_uses: usize,
}

impl Summary {
    /// Canonical uses among all uses, from 0 to 1; `None` when there is no use at all. `findings` counts the places
    /// where another path is written.
    pub fn compliance(&self, findings: usize) -> Option<f64> {
        let all = self.canonical_uses + findings;
        (all > 0).then(|| self.canonical_uses as f64 / all as f64)
    }
}
