//! Check: every finding of the files that were asked for.

use super::data::{DataFound, DataRead};
use super::memory::Memory;
use super::places::Places;
use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use super::suppress::{suppress, suppressing};
use crate::graph::{FileUses, task_names};
use crate::model::{Code, FileId, FileTally, Finding, Language, Outcome, Plan, Span, SymbolPath};
use crate::rule::{
    Selection, Sketch, Subject, Survey, count, findings, seal_fingerprints, stale_rules, survey, triage,
    unreadable,
};
use crate::source::{Tree, walk};
use rayon::prelude::*;
use std::collections::BTreeMap;
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
    let tree = walk(&settings.walk(scope))?;
    Ok(check_tree(settings, tree, selection, None, progress))
}

/// Checks the files of `tree` that are in scope. What `memory` knows of them from another tree is not parsed again.
pub fn check_tree(
    settings: &Settings,
    tree: Tree,
    selection: &Selection,
    memory: Option<&Memory>,
    progress: &dyn Progress,
) -> Outcome {
    let mut project = Project::of_tree(settings, tree, purpose(settings, selection));
    project.memory = memory;
    let outcome = examine(&mut project, selection, progress);
    // Nobody waits for the facts of a whole project to be freed.
    let graph = std::mem::take(&mut project.graph);
    rayon::spawn(move || drop(graph));
    outcome
}

/// [`check`] with the project as it was looked at. `assumed` counts as carried out, though it is not on the disk.
pub(super) fn look<'settings>(
    settings: &'settings Settings,
    scope: &[PathBuf],
    selection: &Selection,
    assumed: Option<&Plan>,
    progress: &dyn Progress,
) -> Result<(Project<'settings>, Outcome), ProjectError> {
    let mut project = Project::open(settings, scope, purpose(settings, selection))?;
    project.assume(assumed);
    let outcome = examine(&mut project, selection, progress);
    Ok((project, outcome))
}

fn purpose(settings: &Settings, selection: &Selection) -> Purpose {
    let is_whole = selection.needs_whole_project() || !settings.rules.policies.is_empty();
    if is_whole { Purpose::Survey } else { Purpose::Check }
}

fn examine(project: &mut Project<'_>, selection: &Selection, progress: &dyn Progress) -> Outcome {
    let settings = project.settings;
    let files = project.files_in_scope();
    let tells_shims =
        selection.asks_for(Code::Shim) || selection.wants(Code::Shim) && settings.rules.has_removals();
    if tells_shims {
        project.watch_shims();
    }
    if selection.wants(Code::UnresolvedImport) {
        project.watch_imports();
    }
    project.compares = selection.wants(Code::DuplicateDefinition);
    project.watch_suppressions();
    project.watch_usages();
    let uses = project.read(&files, progress);
    let told: Vec<FileId> =
        uses.iter().filter(|(file, uses)| tells(project, *file, uses)).map(|told| told.0).collect();
    project.keep_sources(&told);
    let matches = project.usage_matches();
    let with_suppressions = suppressing(project);
    project.keep_sources(&with_suppressions);
    let wants_data = selection.wants(Code::StringPath) || selection.wants(Code::UnusedSuppression);
    let data = if wants_data || tells_shims { project.read_data() } else { DataFound::default() };
    project.read_for_data(&data);
    let named = if tells_shims { named_in_data(project, &data) } else { Vec::new() };
    let mut sketches = sketches(project, selection, &uses, &named);
    sketches.retain(|sketch| project.tree.files[sketch.file as usize].in_scope);
    let hops = uses.iter().flat_map(|(_, uses)| &uses.uses).filter_map(|found| found.hops.as_ref()).flatten();
    let files_told = hops.map(|hop| hop.file).chain(sketches.iter().flat_map(Sketch::files));
    let texts = Places::read(project, files_told);
    let places = |file: FileId, span: Span| texts.locate(file, span);
    let rules = &*project.rules;
    let in_scope = |file: u32| project.tree.files[file as usize].in_scope;
    let mut outcome = Outcome::default();
    let mut canonical = Vec::new();
    for (file, uses) in uses.iter().filter(|(file, _)| in_scope(*file)) {
        canonical.extend_from_slice(&uses.canonical);
        outcome.tallies.push(tally(project, *file, uses));
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
                matches: matches.get(file).map_or(&[], Vec::as_slice),
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
    outcome.suppressed = suppress(project, selection, &mut outcome.findings);
    outcome.findings.extend(unread.chain(unwalked));
    if wants_data {
        let told = project.tell_data(&data, selection);
        outcome.findings.extend(told.findings);
        outcome.suppressed.extend(told.suppressed);
    }
    outcome.findings.extend(triage(rules, stale_rules(rules, &project.graph)));
    let order = |found: &Finding| (found.file.clone(), found.span.start, found.code, found.rule.clone());
    // What is hidden counts: no fingerprint changes when a comment is added.
    let mut all: Vec<&mut Finding> = outcome.findings.iter_mut().chain(&mut outcome.suppressed).collect();
    all.sort_by_cached_key(|found| order(found));
    seal_fingerprints(all);
    for list in [&mut outcome.findings, &mut outcome.suppressed] {
        list.retain(|finding| selection.wants(finding.code));
        list.sort_by_cached_key(order);
    }
    outcome.unreached = unreached(project);
    // Of files that are not code those count in which there is something to say.
    let holds_paths = |read: &&DataRead| !read.paths.is_empty();
    outcome.summary.files = files.len() + data.read.iter().filter(holds_paths).count();
    outcome.checked = files.iter().map(|&file| Arc::clone(&project.tree.files[file as usize].path)).collect();
    count(rules, &mut outcome, &canonical);
    outcome
}

/// What is seen only in all files together. Files that it leads to are read until none is missing for an answer.
fn sketches(
    project: &mut Project<'_>,
    selection: &Selection,
    uses: &[(FileId, FileUses)],
    named: &[SymbolPath],
) -> Vec<Sketch> {
    loop {
        let of_all = Survey {
            rules: &project.rules,
            declared: &project.declared,
            graph: &project.graph,
            uses,
            named,
            is_whole: false,
            is_complete: project.is_complete(),
            today: project.settings.today,
        };
        let sketches = survey(&of_all, selection);
        if !project.read_demanded() {
            return sketches;
        }
    }
}

/// The paths in files that are not code.
fn named_in_data(project: &Project<'_>, data: &DataFound) -> Vec<SymbolPath> {
    let task_names = task_names(&project.graph);
    let named = data.read.iter().flat_map(|read| project.data_symbols(read, &task_names));
    named.map(|(path, _)| path).collect()
}

/// How often a file writes canonical paths, and where it belongs.
fn tally(project: &Project<'_>, file: FileId, uses: &FileUses) -> FileTally {
    let modules = project.graph.modules();
    let package = modules.of_file(file).and_then(|module| match project.language(file) {
        Language::Python => modules.package(module),
        Language::Rust => Some(modules.module(module).name().prefix(1)),
    });
    let mut canonical = BTreeMap::new();
    for &rule in &uses.canonical {
        *canonical.entry(project.rules.rules[rule].id.clone()).or_default() += 1;
    }
    let file = Arc::clone(&project.tree.files[file as usize].path);
    FileTally { file, package: package.map(|package| package.to_string()), canonical }
}

/// The files asked for that no target of any package reaches.
fn unreached(project: &Project<'_>) -> Vec<Arc<str>> {
    let files = project.unreached.iter().map(|&file| &project.tree.files[file as usize]);
    files.filter(|file| file.in_scope).map(|file| Arc::clone(&file.path)).collect()
}

/// Whether a file can have findings, so that its text is needed.
fn tells(project: &Project<'_>, file: FileId, uses: &FileUses) -> bool {
    let facts = project.graph.facts(file);
    let tells_itself = facts.is_some_and(|facts| !facts.errors.is_empty() || !facts.registrations.is_empty());
    tells_itself || uses.uses.iter().any(|found| found.spelled) || !uses.second_names.is_empty()
}
