//! SSOT000: a file, or a part of it, could not be read.

use super::{Subject, draft};
use crate::model::{Code, Finding, Language, LineIndex, SourceFile};
use std::sync::Arc;

/// The syntax errors of one file; the first one is enough, the others mostly follow from it.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.graph.facts(subject.file) else { return Vec::new() };
    let Some(error) = facts.errors.first() else { return Vec::new() };
    let lines = LineIndex::new(subject.source.text());
    let message = format!("could not be parsed: {}", error.message);
    let mut finding = draft::finding(subject.source, &lines, Code::Unreadable, error.span, message);
    finding.help = Some("what could be read was checked; `migrate` leaves the file alone".to_owned());
    finding.fingerprint = format!("{}\0syntax", subject.source.path());
    vec![finding]
}

/// A finding for a file or folder that could not be read or decoded at all.
pub fn unreadable(path: &Arc<str>, reason: &str) -> Finding {
    let source = SourceFile::new(path.clone(), Language::Python, String::new());
    let message = format!("could not be read: {reason}");
    let mut finding =
        draft::finding(&source, &LineIndex::new(""), Code::Unreadable, Default::default(), message);
    finding.fingerprint = format!("{path}\0unreadable");
    finding
}
