//! A finding that is known already: what a baseline keeps of it.

use super::{Code, Finding};
use std::sync::Arc;

/// What names a known finding, and what people want to read of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownFinding {
    /// What kind.
    pub code: Code,
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// The path that is written, else the one it should be, else the rule.
    pub symbol: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
}

impl From<&Finding> for KnownFinding {
    fn from(finding: &Finding) -> Self {
        let symbol = finding.written.as_ref().or(finding.canonical.as_ref()).or(finding.rule.as_ref());
        Self {
            code: finding.code,
            file: Arc::clone(&finding.file),
            symbol: symbol.cloned().unwrap_or_default(),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}
