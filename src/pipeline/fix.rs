//! Fix: a plan for all files, tried in memory before anybody writes it.

use super::data_fix::{NamedInData, fix_data};
use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use super::trial::{Failure, Trial, try_out};
use super::untouched::{can_look, is_untouched};
use super::usage_fix::fix_usages;
use crate::graph::{ImportOrder, ModuleId, View};
use crate::language::{Surroundings, front_end};
use crate::model::{
    FileFacts, FileId, FilePlan, Finding, ItemChange, LineIndex, Location, Plan, Refusal, Severity,
    SourceFile, Span, SymbolPath, Use,
};
use crate::rewrite::{Proposal, Refused, Request, RuleTraits, propose};
use crate::rule::{RuleSet, Selection, Suppressions};
use crate::source::TreeFile;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A plan that fails in some files is made again without them; more rounds than this mean that it never settles.
const MOST_ROUNDS: usize = 40;

/// What to fix.
pub struct FixRequest<'run> {
    /// The project.
    pub settings: &'run Settings,
    /// The paths asked for; the whole project when empty.
    pub scope: &'run [PathBuf],
    /// Only these rules; all when empty.
    pub rules: &'run [String],
    /// Of the files asked for, only those for whose path this is true; all when `None`.
    pub among: Option<&'run (dyn Fn(&str) -> bool + Sync)>,
    /// A plan that counts as carried out, though it is not on the disk.
    pub assumed: Option<&'run Plan>,
    /// Files that stay as they are, and why: nothing may depend on a change in them.
    pub left_out: &'run BTreeMap<String, String>,
    /// Findings that stay as they are: somebody knows of them.
    pub known: &'run [Finding],
    /// Also rewrite paths that are data.
    pub includes_data: bool,
    /// Also find out which files change only together with others.
    pub wants_joint: bool,
}

/// Plans the migration. Every file of the plan has been tried: it parses, the findings are gone, nothing else changed
/// its meaning, and each import leads somewhere.
///
/// # Errors
/// When the tree cannot be walked, or when `progress` says that the plan is not wanted any more.
pub fn fix(request: &FixRequest<'_>, progress: &dyn Progress) -> Result<Plan, ProjectError> {
    let (plan, mut project) = fix_paths(request, progress)?;
    let data = fix_data(request, &mut project);
    drop(project);
    let mut plan = fix_usages(request, plan, progress)?;
    plan.add(data);
    Ok(plan)
}

/// Plans what becomes of the paths in code. The project is as it was looked at for that.
fn fix_paths<'run>(
    request: &FixRequest<'run>,
    progress: &dyn Progress,
) -> Result<(Plan, Project<'run>), ProjectError> {
    let settings = request.settings;
    let mut project = open(request)?;
    if can_look(&project) {
        if is_untouched(&mut project) {
            return Ok((Plan::default(), project));
        }
        project = open(request)?;
    }
    let files: Vec<FileId> = (0..project.tree.files.len() as FileId).collect();
    project.read(&files, progress);
    let writable: FxHashSet<FileId> = project.files_in_scope().into_iter().collect();
    let rules = traits(&project);
    let paths: Vec<Arc<str>> = project.tree.files.iter().map(|file| Arc::clone(&file.path)).collect();
    let rule_set = project.rules.clone().into_owned();
    let wants = |file: FileId, rule: usize| wants(request, &rule_set, &paths[file as usize], rule);
    let everything = Selection::default();
    let suppressions =
        Suppressions { rules: &rule_set, selection: &everything, is_complete: true, today: settings.today };
    let keeps = |facts: &FileFacts, found: &Use| suppressions.hides_use(facts, found);
    let known = known_places(request, &project);
    let mut barred = barred(request, &project);
    let mut cautious: FxHashSet<FileId> = FxHashSet::default();
    let mut named_in_data = NamedInData::default();
    for round in 0.. {
        if !progress.goes_on() {
            return Err(ProjectError::Stopped);
        }
        // What a trial asked about on its way is of no interest to the next plan.
        project.graph.take_demanded_files();
        let proposal = propose(&Request {
            graph: &project.graph,
            declared: &project.declared,
            rules: &rules,
            wants: &wants,
            keeps: &keeps,
            known: &known,
            edition: &|file| project.edition(file),
            writable: &writable,
            cautious: &cautious,
            barred: &barred,
            includes_data: request.includes_data,
            wants_joint: request.wants_joint,
        });
        if project.read_demanded() | project.read_more(&proposal.words) {
            continue;
        }
        let pinned = named_in_data.pinned(&project, &proposal);
        if pinned.into_iter().filter(|&file| cautious.insert(file)).count() > 0 {
            continue;
        }
        read_for_import_order(&mut project, &proposal);
        let (plans, mut failed) = edit_files(&project, &proposal);
        let trial = Trial {
            project: &project,
            proposal: &proposal,
            plans: &plans,
            wants: &wants,
            keeps: &keeps,
            known: &known,
        };
        failed.extend(try_out(&trial));
        if failed.is_empty() {
            return Ok((finish(&project, &proposal, plans), project));
        }
        if round >= MOST_ROUNDS {
            let all = proposal.changes.keys().map(|&file| (file, "the plan does not settle".to_owned()));
            barred.extend(all);
        }
        // What fails once is tried again without new local names before it is left alone.
        for Failure { file, reason, is_final } in failed {
            if is_final || !cautious.insert(file) {
                barred.insert(file, reason);
            }
        }
    }
    Ok((Plan::default(), project))
}

/// Where the known findings are.
pub(super) fn known_places(request: &FixRequest<'_>, project: &Project<'_>) -> FxHashSet<(FileId, u32)> {
    let mut starts: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for finding in request.known {
        starts.entry(&finding.file).or_default().push(finding.span.start);
    }
    let of_file = |(id, file): (FileId, &TreeFile)| {
        let starts = starts.get(&*file.path).into_iter().flatten();
        starts.map(move |&start| (id, start)).collect::<Vec<_>>()
    };
    (0..).zip(&project.tree.files).flat_map(of_file).collect()
}

/// The files that cannot be changed, with the reason: those left out, and those that a plan cannot name.
pub(super) fn barred(request: &FixRequest<'_>, project: &Project<'_>) -> FxHashMap<FileId, String> {
    let is_no_text =
        |path: &Path| path.strip_prefix(&project.settings.root).unwrap_or(path).to_str().is_none();
    let reason = |file: &TreeFile| match request.left_out.get(&*file.path) {
        _ if is_no_text(&file.absolute) => Some("its name is not valid Unicode".to_owned()),
        left_out => left_out.cloned(),
    };
    (0..).zip(&project.tree.files).filter_map(|(id, file)| Some((id, reason(file)?))).collect()
}

/// The project with only the wanted files in scope, and with what is assumed taken for granted.
pub(super) fn open<'run>(request: &FixRequest<'run>) -> Result<Project<'run>, ProjectError> {
    let mut project = Project::open(request.settings, request.scope, Purpose::Fix)?;
    for file in project.tree.all_files() {
        file.in_scope &= request.among.is_none_or(|among| among(&file.path));
    }
    project.assume(request.assumed);
    Ok(project)
}

/// Rules that are off for a file are off for its migration too.
pub(super) fn wants(request: &FixRequest<'_>, rules: &RuleSet, path: &str, rule: usize) -> bool {
    let rule = &rules.rules[rule];
    let is_asked_for = request.rules.is_empty() || request.rules.contains(&rule.id);
    is_asked_for && rules.severity(&rule.id, rule.severity, path) != Severity::Off
}

fn traits(project: &Project<'_>) -> Vec<RuleTraits> {
    let rules = project.rules.rules.iter();
    let traits =
        rules.map(|rule| RuleTraits { id: rule.id.clone(), keeps_local_name: rule.keeps_local_name });
    traits.collect()
}

/// Reads what runs when one of the new homes is imported. Where a home cannot be imported first even now, the modules
/// that are to import it matter too.
pub(super) fn read_for_import_order(project: &mut Project<'_>, proposal: &Proposal) {
    let homes = new_homes(project, proposal);
    project.read_loaded_by(&homes);
    let order = ImportOrder::new(&project.graph);
    if homes.iter().any(|&home| order.import_first(home).is_err()) {
        let modules = project.graph.modules();
        let changed: Vec<ModuleId> =
            proposal.changes.keys().filter_map(|&file| modules.of_file(file)).collect();
        project.read_loaded_by(&changed);
    }
}

/// The modules that the proposal imports from.
fn new_homes(project: &Project<'_>, proposal: &Proposal) -> Vec<ModuleId> {
    let modules = project.graph.modules();
    let moved = proposal.changes.values().flat_map(|changes| {
        let items = changes.items.values().filter_map(|change| match change {
            ItemChange::Move { target, .. } => Some(target),
            ItemChange::Remove { .. } => None,
        });
        items.chain(changes.additions.iter().map(|addition| &addition.target))
    });
    let homes = moved.filter_map(|target| Some(modules.longest(target, None)?.0));
    let mut homes: Vec<ModuleId> = homes.collect();
    homes.sort_unstable();
    homes.dedup();
    homes
}

/// The new text of each file, or why it cannot be written.
fn edit_files(project: &Project<'_>, proposal: &Proposal) -> (FxHashMap<FileId, FilePlan>, Vec<Failure>) {
    let results: Vec<(FileId, Result<FilePlan, String>)> = proposal
        .changes
        .par_iter()
        .map(|(&file, changes)| (file, edit_file(project, file, changes)))
        .collect();
    let (mut plans, mut failed) = (FxHashMap::default(), Vec::new());
    for (file, result) in results {
        match result {
            Ok(plan) => drop(plans.insert(file, plan)),
            Err(reason) => failed.push(Failure::new(file, reason)),
        }
    }
    (plans, failed)
}

pub(super) fn edit_file(
    project: &Project<'_>,
    file: FileId,
    changes: &crate::model::FileChanges,
) -> Result<FilePlan, String> {
    let source: &SourceFile = project.source(file).ok_or("the file could not be read")?;
    let view = View::new(&project.graph, file).ok_or("the file could not be read")?;
    let package = view.module.and_then(|module| project.graph.modules().package(module));
    let spell = |path: &SymbolPath| project.graph.modules().spelled_in(path, file);
    let edition = project.edition(file);
    let surroundings = Surroundings { package: package.as_ref(), edition, spell: &spell };
    let edits = front_end(source.language())
        .edits(source, view.facts, &surroundings, changes)
        .map_err(|error| error.to_string())?;
    if source.is_masked() && edits.iter().any(|edit| !edit.text.is_ascii()) {
        return Err("the new text cannot be written in the file's encoding".to_owned());
    }
    FilePlan::compose(source.path().clone(), source.bytes(), source.text(), edits)
        .map_err(|error| error.to_string())
}

fn finish(project: &Project<'_>, proposal: &Proposal, plans: FxHashMap<FileId, FilePlan>) -> Plan {
    let mended =
        proposal.mended.iter().filter(|(file, _)| plans.contains_key(file)).map(|(_, count)| count).sum();
    let mut files: Vec<FilePlan> = plans.into_values().filter(FilePlan::is_change).collect();
    files.sort_by(|left, right| left.path().cmp(right.path()));
    let writable = |refused: &&Refused| project.tree.files[refused.file as usize].in_scope;
    let findings = proposal.refused.iter().filter(writable).filter(|refused| refused.rule.is_some());
    let (kept, refused): (Vec<&Refused>, Vec<&Refused>) = findings.partition(|refused| refused.is_kept);
    let mut lines = FxHashMap::default();
    let mut refusals: Vec<Refusal> =
        refused.into_iter().filter_map(|refused| refusal(project, &mut lines, refused)).collect();
    refusals.sort_by(|left, right| (&left.file, left.location).cmp(&(&right.file, right.location)));
    let joint = proposal.joint.iter().map(|&file| project.tree.files[file as usize].path.clone()).collect();
    Plan {
        files,
        refusals,
        mended,
        suppressed: kept.len(),
        unreadable: unreadable(project),
        joint,
        ..Plan::default()
    }
}

/// Files that were asked for and could not be read, or not to the end.
pub(super) fn unreadable(project: &Project<'_>) -> Vec<(Arc<str>, String)> {
    let path = |file: FileId| project.tree.files[file as usize].path.clone();
    let in_scope = |file: &FileId| project.tree.files[*file as usize].in_scope;
    let broken = project.graph.files().into_iter().filter(in_scope).filter_map(|file| {
        let error = project.graph.facts(file)?.errors.first()?;
        Some((path(file), error.message.clone()))
    });
    let mut all: Vec<(Arc<str>, String)> = broken.chain(project.tree.unreadable.iter().cloned()).collect();
    all.sort();
    all
}

fn refusal(
    project: &Project<'_>,
    lines: &mut FxHashMap<FileId, LineIndex>,
    refused: &Refused,
) -> Option<Refusal> {
    let source = project.source(refused.file)?;
    let lines = lines.entry(refused.file).or_insert_with(|| LineIndex::new(source.text()));
    let rule = refused.rule.map(|rule| project.rules.rules[rule].id.clone());
    Some(refusal_at(source, lines, refused.span, rule, refused.written.clone(), refused.reason.clone()))
}

/// A refusal at a place of a file.
pub(super) fn refusal_at(
    source: &SourceFile,
    lines: &LineIndex,
    span: Span,
    rule: Option<String>,
    written: String,
    reason: String,
) -> Refusal {
    let at = |offset| lines.position(offset, source.text());
    let location = Location { start: at(span.start), end: at(span.end) };
    Refusal { file: source.path().clone(), location, rule, written, reason }
}
