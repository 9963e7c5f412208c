//! What is known already, and what is new against it: a baseline only ever shrinks by itself.

mod moved;
mod text;

pub use moved::rename;
pub use text::{Fault, parse, render};

use super::draft::without_number;
use super::unused_suppression::is_sought;
use super::{Selection, WHOLE_PROJECT};
use crate::model::{Code, Finding, KnownFinding, Outcome};
use std::collections::BTreeMap;

/// Findings against what is known.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Known ones.
    pub known: Vec<Finding>,
    /// The others, in the same order.
    pub new: Vec<Finding>,
    /// Known ones that are not there, at least not under the same path.
    pub missing: Vec<KnownFinding>,
}

/// Compares `findings` with what is known. A file that `exists` no more may have moved: what was known in it is known in
/// its new place. What could not be read is never known.
pub fn compare(known: &[KnownFinding], findings: Vec<Finding>, exists: &dyn Fn(&str) -> bool) -> Comparison {
    let mut left: BTreeMap<&str, &KnownFinding> =
        known.iter().map(|known| (known.fingerprint.as_str(), known)).collect();
    let can_be_known = |finding: &Finding| finding.code != Code::Unreadable;
    let mut is_same =
        |finding: &Finding| can_be_known(finding) && left.remove(&*finding.fingerprint).is_some();
    let same: Vec<bool> = findings.iter().map(&mut is_same).collect();
    let mut comparison = Comparison::default();
    for (finding, is_same) in findings.into_iter().zip(same) {
        let is_known = is_same || can_be_known(&finding) && take_equal(&mut left, &finding);
        if is_known { &mut comparison.known } else { &mut comparison.new }.push(finding);
    }
    comparison.missing = left.into_values().cloned().collect();
    comparison.missing.sort();
    moved::follow(known, &mut comparison, exists);
    comparison
}

/// Of several equal findings in a file any one may be gone, or hidden by a comment: what counts is how many are known.
fn take_equal(left: &mut BTreeMap<&str, &KnownFinding>, finding: &Finding) -> bool {
    let shared = without_number(&finding.fingerprint);
    let equal = left.range(shared..).next().map(|(known, _)| *known);
    equal.filter(|known| known.starts_with(shared)).is_some_and(|known| left.remove(known).is_some())
}

/// Takes the findings that are known out of what is reported.
pub fn hide(
    outcome: &mut Outcome,
    known: &[KnownFinding],
    exists: &dyn Fn(&str) -> bool,
) -> Vec<KnownFinding> {
    let Comparison { known, new, missing } = compare(known, std::mem::take(&mut outcome.findings), exists);
    outcome.findings = new;
    outcome.hidden.extend(known);
    missing
}

/// What a check looked at: only there a finding that is missing is gone.
#[derive(Debug)]
pub struct Reach<'run> {
    /// Files and folders, relative to the project root, with `/`; the whole project when empty.
    pub paths: &'run [String],
    /// The codes.
    pub selection: &'run Selection,
    /// Files and folders that could not be read as a whole.
    pub unread: Vec<&'run str>,
}

impl<'run> Reach<'run> {
    /// The reach of the check behind `findings`.
    pub fn new(paths: &'run [String], selection: &'run Selection, findings: &'run [Finding]) -> Self {
        let unread = findings.iter().filter(|finding| finding.code == Code::Unreadable);
        Self { paths, selection, unread: unread.map(|finding| &*finding.file).collect() }
    }

    /// Whether the check would have found it.
    pub fn covers(&self, known: &KnownFinding) -> bool {
        let lies_in = |path: &str| {
            let rest = known.file.strip_prefix(path);
            path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_asked_for = self.paths.is_empty() || self.paths.iter().any(|path| lies_in(path));
        is_asked_for && !self.unread.iter().any(|path| lies_in(path)) && self.looks_for(known)
    }

    /// Kinds that say more when they are asked for by their code are only missed then.
    fn looks_for(&self, known: &KnownFinding) -> bool {
        let code = known.code;
        // Whether a comment hides nothing is only known when everything was looked at.
        let is_partial = !self.paths.is_empty() || !self.unread.is_empty();
        let is_narrow = !self.selection.select.is_empty() || !self.selection.ignore.is_empty();
        let unsought = || Code::parse(&known.symbol).is_some_and(|named| !is_sought(named, self.selection));
        if code == Code::UnusedSuppression && (is_partial || is_narrow || unsought()) {
            return false;
        }
        let says_more = WHOLE_PROJECT.contains(&code) || code == Code::Shim;
        match says_more {
            true => self.selection.asks_for(code) && (self.paths.is_empty() || code != Code::Shim),
            false => self.selection.wants(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(code: Code, file: &str, fingerprint: &str) -> KnownFinding {
        KnownFinding { code, file: file.into(), symbol: "a.B".into(), fingerprint: fingerprint.into() }
    }

    #[test]
    fn what_was_not_looked_at_is_not_missed() {
        let mut selection = Selection::default();
        let entry = known(Code::LegacyPath, "app/a.py", "");
        let covers = |selection: &Selection, paths: &[&str], unread: &[&'static str]| {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            Reach { paths: &paths, selection, unread: unread.to_vec() }.covers(&entry)
        };
        assert!(covers(&selection, &[], &[]));
        assert!(covers(&selection, &["app"], &["lib", "app/b.py"]));
        assert!(covers(&selection, &["lib", "app/a.py"], &[]));
        assert!(covers(&selection, &[""], &[]));
        assert!(!covers(&selection, &["ap", "app/a"], &[]));
        assert!(!covers(&selection, &[], &["app"]));
        selection.ignore.insert(Code::LegacyPath);
        assert!(!covers(&selection, &[], &[]));
    }

    #[test]
    fn comments_are_judged_by_whole_checks_only() {
        let entry = known(Code::UnusedSuppression, "a.py", "");
        let (whole, mut narrow) = (Selection::default(), Selection::default());
        narrow.ignore.insert(Code::StringPath);
        let reach = |paths: &[String], selection: &Selection, unread: &[&'static str]| {
            Reach { paths, selection, unread: unread.to_vec() }.covers(&entry)
        };
        assert!(reach(&[], &whole, &[]));
        assert!(!reach(&["a.py".to_owned()], &whole, &[]));
        assert!(!reach(&[], &narrow, &[]));
        assert!(!reach(&[], &whole, &["b.py"]));
    }

    #[test]
    fn a_kind_that_says_more_when_asked_for_is_only_missed_then() {
        let mut selection = Selection::default();
        let entry = known(Code::ImportCycle, "a.py", "");
        let reach =
            |selection: &Selection| Reach { paths: &[], selection, unread: Vec::new() }.covers(&entry);
        assert!(!reach(&selection));
        selection.extend.insert(Code::ImportCycle);
        assert!(reach(&selection));
    }
}
