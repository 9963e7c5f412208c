//! A finding that is known already: what a baseline keeps of it.

use super::{Code, Finding};
use std::sync::Arc;

/// The first line of a baseline, up to the version.
pub const BASELINE_HEADER: &str = "# ssot-lint baseline ";

/// What names a known finding, and what people want to read of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownFinding {
    /// What kind.
    pub code: Code,
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// The path that is written, else the one it should be, else the rule; of a suppression the code that it names.
    pub symbol: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
}

impl From<&Finding> for KnownFinding {
    fn from(finding: &Finding) -> Self {
        let symbol = finding.written.as_ref().or(finding.canonical.as_ref()).or(finding.rule.as_ref());
        let symbol = symbol.cloned().or_else(|| named_code(finding).map(|code| code.to_string()));
        Self {
            code: finding.code,
            file: Arc::clone(&finding.file),
            symbol: symbol.unwrap_or_default(),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}

/// The code at which a suppression is complained about.
fn named_code(finding: &Finding) -> Option<Code> {
    let word = (finding.code == Code::UnusedSuppression).then(|| {
        let (text, span) = (&finding.excerpt.text, finding.excerpt.span);
        text.get(span.start as usize..span.end as usize)
    });
    Code::parse(word??)
}
