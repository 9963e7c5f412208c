//! SSOT010: an import that a `[[policy]]` does not want.

use super::{Subject, draft};
use crate::model::{Code, Finding};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    draft::uses_of_kind(subject, Code::Policy)
}
