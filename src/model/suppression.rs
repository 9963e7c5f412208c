//! Comments that hide findings.

use super::Span;

/// A comment that hides findings, as written: `# ssot: ignore[SSOT001] until=2027-01-01 reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// From `ssot:` to the end of what it says, without the reason. In bytes.
    pub span: Span,
    /// What it covers: a finding is hidden that begins in here. In bytes.
    pub covers: Span,
    /// True for `ignore-file`.
    pub is_for_file: bool,
    /// Codes, their names, or ids of rules, as written; every code when there is none.
    pub codes: Vec<Word>,
    /// The last day on which it holds, as written; for good when there is none.
    pub until: Option<Word>,
    /// Why, when it says so.
    pub reason: Box<str>,
    /// Why it hides nothing, whatever stands there.
    pub fault: Option<SuppressionFault>,
}

/// What can be wrong with the form of a suppression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionFault {
    /// The list of codes does not end.
    OpenList,
    /// There is a list of codes, and nothing in it.
    EmptyList,
    /// Neither `ignore` nor `ignore-file`.
    UnknownWord,
}

/// A word of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: Box<str>,
    /// Where it stands, in bytes.
    pub span: Span,
}

impl Suppression {
    /// True when something at this byte offset is covered.
    pub const fn covers(&self, offset: u32) -> bool {
        self.covers.start <= offset && (offset < self.covers.end || offset == self.covers.start)
    }
}
