//! SSOT005: a string that is used as an import path names a legacy path.

use super::{Subject, draft};
use crate::model::{Code, Finding, LineIndex, Site};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let in_strings = |site: &Site| matches!(site, Site::PathString(_));
    let mut found =
        subject.uses.uses.iter().filter(|found| found.spelled && in_strings(&found.site)).peekable();
    if found.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    found.map(|found| draft::use_finding(subject, &lines, Code::StringPath, found)).collect()
}
