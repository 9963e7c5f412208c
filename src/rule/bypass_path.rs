//! SSOT002: a symbol with a canonical path is reached by a path that nobody declared.

use super::{Subject, draft};
use crate::model::{Code, Finding, LineIndex};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let spelled = subject.uses.uses.iter().filter(|found| found.spelled);
    let mut undeclared =
        spelled.filter(|found| found.hops.is_some() && !draft::is_of_policy(subject, found)).peekable();
    if undeclared.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    undeclared.map(|found| draft::use_finding(subject, &lines, Code::BypassPath, found)).collect()
}
