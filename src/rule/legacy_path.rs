//! SSOT001: a declared legacy path is written in code.

use super::{Subject, draft};
use crate::model::{Code, Finding, LineIndex};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let declared = subject.uses.uses.iter().filter(|found| found.spelled && found.hops.is_none());
    let mut spelled = declared.peekable();
    if spelled.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    let in_code = spelled.filter(|found| !draft::in_string(subject, found));
    in_code.map(|found| draft::use_finding(subject, &lines, Code::LegacyPath, found)).collect()
}
