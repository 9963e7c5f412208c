//! Hide: a plan that writes a suppression for everything that a check finds, tried in memory before anybody writes it.

use super::check::look;
use super::project::{Progress, Project, ProjectError, Settings};
use crate::language::{Hidden, Hiding, Wanted, front_end};
use crate::model::{Code, FileId, FilePlan, Finding, Form, Location, Plan, Refusal, SourceFile};
use crate::rule::{Selection, Suppressions};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What to hide.
pub struct HideRequest<'run> {
    /// The project.
    pub settings: &'run Settings,
    /// The paths asked for; the whole project when empty.
    pub scope: &'run [PathBuf],
    /// The kinds of finding to hide.
    pub selection: &'run Selection,
    /// What the comments give as their reason, on one line; may be empty.
    pub reason: &'run str,
}

/// Findings by file.
type ByFile<'run> = BTreeMap<Arc<str>, Vec<&'run Finding>>;

/// Plans the comments. The plan's `mended` counts the findings that they hide, its `refusals` are those that no comment can
/// hide; each is named by its code.
///
/// # Errors
/// When the tree cannot be walked.
pub fn hide(request: &HideRequest<'_>, progress: &dyn Progress) -> Result<Plan, ProjectError> {
    let (mut project, outcome) = look(request.settings, request.scope, request.selection, None, progress)?;
    let (unreadable, found): (Vec<&Finding>, Vec<&Finding>) =
        outcome.findings.iter().partition(|finding| finding.code == Code::Unreadable);
    let mut plan = Plan {
        unreadable: unreadable
            .iter()
            .map(|finding| (finding.file.clone(), finding.message.clone()))
            .collect(),
        ..Plan::default()
    };
    let mut by_file = ByFile::new();
    for finding in found {
        by_file.entry(finding.file.clone()).or_default().push(finding);
    }
    let ids = ids(&project, &by_file);
    project.keep_sources(&ids.values().copied().collect::<Vec<_>>());
    for (path, findings) in &by_file {
        write_in(request, &project, ids.get(path).copied(), findings, &mut plan);
    }
    leave_failed(request, &outcome.findings, &by_file, &mut plan, progress)?;
    let hidden: usize = plan.files.iter().map(|file| by_file[file.path()].len()).sum();
    let is_written = |refusal: &&Refusal| plan.files.iter().any(|file| *file.path() == refusal.file);
    plan.mended = hidden - plan.refusals.iter().filter(is_written).count();
    plan.refusals.sort_by(|left, right| (&left.file, left.location).cmp(&(&right.file, right.location)));
    Ok(plan)
}

/// The files among those that have findings: rules have some as well.
fn ids(project: &Project<'_>, by_file: &ByFile<'_>) -> BTreeMap<Arc<str>, FileId> {
    let files = (0..).zip(&project.tree.files);
    files
        .filter(|(_, file)| by_file.contains_key(&*file.path))
        .map(|(id, file)| (file.path.clone(), id))
        .collect()
}

/// Plans one file.
fn write_in(
    request: &HideRequest<'_>,
    project: &Project<'_>,
    id: Option<FileId>,
    findings: &[&Finding],
    plan: &mut Plan,
) {
    let refuse = |plan: &mut Plan, findings: &[&Finding], reason: &str| {
        plan.refusals.extend(findings.iter().map(|finding| refusal(finding, reason.to_owned())));
    };
    let Some((id, source)) = id.and_then(|id| Some((id, project.source(id)?))) else {
        let is_data = findings.iter().any(|finding| finding.form == Some(Form::Data));
        let reason =
            if is_data { "comments in data are written by hand" } else { "it is no place in the code" };
        return refuse(plan, findings, reason);
    };
    let suppressions = suppressions(request, project);
    let (mut open, mut wanted) = (Vec::new(), Vec::new());
    for finding in findings {
        match suppressions.reason_against(finding) {
            Some(reason) => plan.refusals.push(refusal(finding, reason)),
            None => {
                let code = finding.code.to_string();
                let rule = finding.rule.clone().unwrap_or_else(|| code.clone());
                wanted.push(Wanted { offset: finding.span.start, code, rule });
                open.push(*finding);
            }
        }
    }
    match write(request, project, source, id, &wanted) {
        Ok((hidden, file)) => {
            let refused = hidden.refused.into_iter().map(|(index, reason)| refusal(open[index], reason));
            plan.refusals.extend(refused);
            plan.files.extend(Some(file).filter(|file| !file.edits().is_empty()));
        }
        Err(reason) => refuse(plan, &open, &reason),
    }
}

fn write(
    request: &HideRequest<'_>,
    project: &Project<'_>,
    source: &SourceFile,
    id: FileId,
    wanted: &[Wanted],
) -> Result<(Hidden, FilePlan), String> {
    let front_end = front_end(source.language());
    let facts = project.graph.facts(id).cloned();
    let facts = facts.unwrap_or_else(|| Arc::new(front_end.lower(source, project.edition(id), None)));
    if !facts.errors.is_empty() {
        return Err("the file does not parse".to_owned());
    }
    if source.is_masked() && !request.reason.is_ascii() {
        return Err("the reason cannot be written in the file's encoding".to_owned());
    }
    let suppressions = suppressions(request, project);
    let in_force: Vec<bool> = facts.suppressions.iter().map(|one| suppressions.is_in_force(one)).collect();
    let (existing, reason) = (&*facts.suppressions, request.reason);
    let mut hidden = front_end.hide(source, &Hiding { wanted, existing, in_force: &in_force, reason });
    let edits = std::mem::take(&mut hidden.edits);
    let file = FilePlan::compose(source.path().clone(), source.bytes(), source.text(), edits);
    Ok((hidden, file.map_err(|error| error.to_string())?))
}

fn suppressions<'run>(request: &'run HideRequest<'_>, project: &'run Project<'_>) -> Suppressions<'run> {
    Suppressions {
        rules: &project.rules,
        selection: request.selection,
        is_complete: project.is_complete(),
        today: request.settings.today,
    }
}

fn refusal(finding: &Finding, reason: String) -> Refusal {
    Refusal {
        file: finding.file.clone(),
        location: finding.location,
        rule: finding.rule.clone(),
        written: finding.code.to_string(),
        reason,
    }
}

/// Checks the files as they would be, and takes those out of the plan in which the comments do not do what they should.
fn leave_failed(
    request: &HideRequest<'_>,
    before: &[Finding],
    by_file: &ByFile<'_>,
    plan: &mut Plan,
    progress: &dyn Progress,
) -> Result<(), ProjectError> {
    if plan.files.is_empty() {
        return Ok(());
    }
    let after = look(request.settings, request.scope, request.selection, Some(plan), progress)?.1.findings;
    let refused: BTreeSet<(&str, Location, &str)> =
        plan.refusals.iter().map(|one| (&*one.file, one.location, &*one.written)).collect();
    let is_refused = |finding: &&Finding| {
        refused.contains(&(&*finding.file, finding.location, &*finding.code.to_string()))
    };
    let known: BTreeSet<&str> =
        before.iter().filter(is_refused).map(|finding| &*finding.fingerprint).collect();
    let complaints = |findings: &[Finding], path: &str| {
        let is_about = |finding: &&Finding| {
            matches!(finding.code, Code::UnusedSuppression | Code::Unreadable) && *finding.file == *path
        };
        findings.iter().filter(is_about).count()
    };
    let fails = |file: &FilePlan| {
        let path = &**file.path();
        let is_left = |finding: &&Finding| {
            let is_ours = finding.code != Code::UnusedSuppression && *finding.file == *path;
            is_ours && !known.contains(&*finding.fingerprint)
        };
        after.iter().any(|finding| is_left(&finding)) || complaints(&after, path) > complaints(before, path)
    };
    let (failed, good): (Vec<FilePlan>, Vec<FilePlan>) =
        std::mem::take(&mut plan.files).into_iter().partition(fails);
    plan.files = good;
    for file in failed {
        plan.refusals.retain(|refusal| refusal.file != *file.path());
        let reason = || "a comment with this reason would not hide it".to_owned();
        plan.refusals.extend(by_file[file.path()].iter().map(|finding| refusal(finding, reason())));
    }
    Ok(())
}
