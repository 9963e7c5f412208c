//! SSOT002: a symbol with a canonical path is reached by a path that nobody declared.

use super::{Subject, draft};
use crate::model::{Code, Finding};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    draft::uses_of_kind(subject, Code::BypassPath)
}
