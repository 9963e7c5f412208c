//! Which files have comments that hide findings, and what these leave.

use super::project::Project;
use crate::model::{FileId, Finding};
use crate::rule::{Selection, Suppressions};
use rustc_hash::FxHashMap;

/// The files asked for with comments that hide findings.
pub(super) fn suppressing(project: &Project<'_>) -> Vec<FileId> {
    let in_scope = |file: &FileId| project.tree.files[*file as usize].in_scope;
    let suppresses =
        |file: &FileId| project.graph.facts(*file).is_some_and(|facts| !facts.suppressions.is_empty());
    project.graph.files().into_iter().filter(in_scope).filter(suppresses).collect()
}

/// Takes away what comments hide and returns it; adds what is to be said about the comments.
pub(super) fn suppress(
    project: &Project<'_>,
    selection: &Selection,
    findings: &mut Vec<Finding>,
) -> Vec<Finding> {
    let suppressions = Suppressions {
        rules: &project.rules,
        selection,
        is_complete: project.is_complete(),
        today: project.settings.today,
    };
    let path = |file: FileId| &*project.tree.files[file as usize].path;
    let mut by_file: FxHashMap<&str, (FileId, Vec<Finding>)> =
        suppressing(project).into_iter().map(|file| (path(file), (file, Vec::new()))).collect();
    let mut hidden = Vec::new();
    if by_file.is_empty() {
        return hidden;
    }
    for finding in std::mem::take(findings) {
        match by_file.get_mut(&*finding.file) {
            Some((_, own)) => own.push(finding),
            None => findings.push(finding),
        }
    }
    for (file, own) in by_file.into_values() {
        match (project.source(file), project.graph.facts(file)) {
            (Some(source), Some(facts)) => {
                let parted = suppressions.part(facts, source, own);
                findings.extend(parted.left);
                hidden.extend(parted.hidden);
            }
            _ => findings.extend(own),
        }
    }
    hidden
}
