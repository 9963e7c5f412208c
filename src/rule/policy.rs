//! SSOT010: an import that a `[[policy]]` does not want.

use super::{Subject, draft};
use crate::model::{Code, Finding, LineIndex};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let spelled = subject.uses.uses.iter().filter(|found| found.spelled);
    let mut unwanted = spelled.filter(|found| draft::is_of_policy(subject, found)).peekable();
    if unwanted.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    unwanted.map(|found| draft::use_finding(subject, &lines, Code::Policy, found)).collect()
}
