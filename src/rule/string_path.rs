//! SSOT005: a string that is used as an import path names a legacy path.

use super::{Subject, draft};
use crate::model::{Code, Finding, LineIndex, Use};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let in_string = |found: &&Use| found.spelled && found.hops.is_none() && draft::in_string(subject, found);
    let mut found = subject.uses.uses.iter().filter(in_string).peekable();
    if found.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    found.map(|found| draft::use_finding(subject, &lines, Code::StringPath, found)).collect()
}
