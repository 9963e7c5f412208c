//! SSOT001: a declared legacy path is written in code.

use super::{Subject, draft};
use crate::model::{Code, Finding};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    draft::uses_of_kind(subject, Code::LegacyPath)
}
