//! SSOT005: a string that is used as an import path names a legacy path.

use super::{Subject, draft, task_name};
use crate::model::{Code, Finding};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = draft::uses_of_kind(subject, Code::StringPath);
    found.extend(task_name::check(subject));
    found
}
