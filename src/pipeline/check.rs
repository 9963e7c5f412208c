//! Check: every finding of the files that were asked for.

use super::places::Places;
use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use super::suppress::{suppress, suppressing};
use crate::graph::FileUses;
use crate::model::{Code, FileId, Outcome, Plan, Span};
use crate::rule::{
    Selection, Sketch, Subject, Survey, count, findings, stale_rules, survey, triage, unreadable,
};
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Checks the files in `scope` (the whole project when empty).
///
/// # Errors
/// When the tree cannot be walked.
pub fn check(
    settings: &Settings,
    scope: &[PathBuf],
    selection: &Selection,
    progress: &dyn Progress,
) -> Result<Outcome, ProjectError> {
    let (mut project, outcome) = look(settings, scope, selection, None, progress)?;
    // Nobody waits for the facts of a whole project to be freed.
    let graph = std::mem::take(&mut project.graph);
    rayon::spawn(move || drop(graph));
    Ok(outcome)
}

/// The same, with the project as it was looked at. `assumed` counts as carried out, though it is not on the disk.
pub(super) fn look<'settings>(
    settings: &'settings Settings,
    scope: &[PathBuf],
    selection: &Selection,
    assumed: Option<&Plan>,
    progress: &dyn Progress,
) -> Result<(Project<'settings>, Outcome), ProjectError> {
    let is_whole = selection.needs_whole_project() || !settings.rules.policies.is_empty();
    let purpose = if is_whole { Purpose::Survey } else { Purpose::Check };
    let mut project = Project::open(settings, scope, purpose)?;
    project.assume(assumed);
    let files = project.files_in_scope();
    if selection.asks_for(Code::Shim) || selection.wants(Code::Shim) && settings.rules.has_removals() {
        project.watch_shims();
    }
    if selection.wants(Code::UnresolvedImport) {
        project.watch_imports();
    }
    project.compares = selection.wants(Code::DuplicateDefinition);
    project.watch_suppressions();
    let uses = project.read(&files, progress);
    let told: Vec<FileId> =
        uses.iter().filter(|(file, uses)| tells(&project, *file, uses)).map(|told| told.0).collect();
    project.keep_sources(&told);
    let with_suppressions = suppressing(&project);
    project.keep_sources(&with_suppressions);
    let mut sketches = survey(
        &Survey {
            rules: &project.rules,
            declared: &project.declared,
            graph: &project.graph,
            uses: &uses,
            is_whole: false,
            is_complete: project.is_complete(),
            today: settings.today,
        },
        selection,
    );
    sketches.retain(|sketch| project.tree.files[sketch.file as usize].in_scope);
    let hops = uses.iter().flat_map(|(_, uses)| &uses.uses).filter_map(|found| found.hops.as_ref()).flatten();
    let files_told = hops.map(|hop| hop.file).chain(sketches.iter().flat_map(Sketch::files));
    let texts = Places::read(&mut project, files_told);
    let places = |file: FileId, span: Span| texts.locate(file, span);
    let rules = &*project.rules;
    let in_scope = |file: u32| project.tree.files[file as usize].in_scope;
    let mut outcome = Outcome::default();
    let mut canonical = Vec::new();
    for (_, uses) in uses.iter().filter(|(file, _)| in_scope(*file)) {
        canonical.extend_from_slice(&uses.canonical);
    }
    outcome.summary.parsed = project.graph.files().into_iter().filter(|&file| in_scope(file)).count();
    let found: Vec<_> = uses
        .par_iter()
        .filter(|(file, _)| in_scope(*file))
        .filter_map(|(file, uses)| {
            // Without a text there is nothing to report.
            let source = project.source(*file)?;
            let subject = Subject {
                rules,
                declared: &project.declared,
                graph: &project.graph,
                source,
                file: *file,
                uses,
                places: &places,
            };
            Some(triage(rules, findings(&subject)))
        })
        .flatten()
        .collect();
    let unread = project.unreadable.iter().filter(|(file, _)| in_scope(**file));
    let unread = unread.map(|(file, reason)| unreadable(&project.tree.files[*file as usize].path, reason));
    let unwalked = project.tree.unreadable.iter().map(|(path, reason)| unreadable(path, reason));
    outcome.findings = found;
    let sketched = sketches.iter().filter_map(|sketch| {
        let (source, lines) = texts.text(sketch.file)?;
        Some(sketch.finding(rules, source, lines, &places))
    });
    outcome.findings.extend(triage(rules, sketched.collect()));
    outcome.suppressed = suppress(&project, selection, &mut outcome.findings);
    outcome.findings.extend(unread.chain(unwalked));
    outcome.findings.extend(triage(rules, stale_rules(rules, &project.graph)));
    for list in [&mut outcome.findings, &mut outcome.suppressed] {
        list.retain(|finding| selection.wants(finding.code));
        list.sort_by_cached_key(|found| {
            (found.file.clone(), found.span.start, found.code, found.rule.clone())
        });
    }
    outcome.unreached = unreached(&project);
    outcome.summary.files = files.len();
    outcome.checked = files.iter().map(|&file| Arc::clone(&project.tree.files[file as usize].path)).collect();
    count(rules, &mut outcome, &canonical);
    Ok((project, outcome))
}

/// The files asked for that no target of any package reaches.
fn unreached(project: &Project<'_>) -> Vec<Arc<str>> {
    let files = project.unreached.iter().map(|&file| &project.tree.files[file as usize]);
    files.filter(|file| file.in_scope).map(|file| Arc::clone(&file.path)).collect()
}

/// Whether a file can have findings, so that its text is needed.
fn tells(project: &Project<'_>, file: FileId, uses: &FileUses) -> bool {
    let broken = project.graph.facts(file).is_some_and(|facts| !facts.errors.is_empty());
    broken || uses.uses.iter().any(|found| found.spelled) || !uses.second_names.is_empty()
}
