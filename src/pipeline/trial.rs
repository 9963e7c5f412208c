//! Tries a plan in memory: what it would write is read again and compared with what was there.

use super::new_cycles::new_cycles;
use super::project::Project;
use crate::graph::{ImportOrder, ModuleId, SymbolGraph, TooEarly, View, uses};
use crate::language::front_end;
use crate::model::{FileFacts, FileId, FilePlan, ImportForm, Reference, Site, SourceFile, SymbolPath, Use};
use crate::rewrite::{Proposal, Refused};
use crate::source::decode;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// A plan on trial.
pub(super) struct Trial<'run> {
    pub project: &'run Project<'run>,
    pub proposal: &'run Proposal,
    pub plans: &'run FxHashMap<FileId, FilePlan>,
    pub wants: &'run (dyn Fn(FileId, usize) -> bool + Sync),
    pub keeps: &'run (dyn Fn(&FileFacts, &Use) -> bool + Sync),
    pub known: &'run FxHashSet<(FileId, u32)>,
}

/// A file in which the plan does not do what it claims.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Failure {
    pub file: FileId,
    pub reason: String,
    /// True when keeping local names cannot help.
    pub is_final: bool,
}

impl Failure {
    pub fn new(file: FileId, reason: String) -> Self {
        Self { file, reason, is_final: false }
    }
}

/// The files in which the plan does not do what it claims.
pub(super) fn try_out(trial: &Trial<'_>) -> Vec<Failure> {
    let refused = refused_places(trial);
    try_with(trial, |after, file| {
        let (old, new) = nothing_is_left(trial, after, refused.get(&file), file)?;
        meanings_stay(trial, old, new)
    })
}

/// The files in which a plan for usages brings something up that was not there before.
pub(super) fn try_usages(trial: &Trial<'_>) -> Vec<Failure> {
    let known = |file: FileId| {
        let found = uses(&trial.project.graph, &trial.project.declared, file).uses;
        found.into_iter().map(|found| found.written.to_string()).collect::<Vec<_>>()
    };
    try_with(trial, |after, file| nothing_is_left(trial, after, Some(&known(file)), file).map(drop))
}

/// The files that `judge` refuses, that do not parse any more, or whose imports go round in circles.
fn try_with(
    trial: &Trial<'_>,
    judge: impl Fn(&SymbolGraph, FileId) -> Result<(), String> + Sync,
) -> Vec<Failure> {
    let (mut after, mut failed) = (trial.project.graph.fork(), Vec::new());
    let read: Vec<(FileId, Result<FileFacts, String>)> =
        trial.plans.par_iter().map(|(&file, plan)| (file, read_again(trial, file, plan))).collect();
    for (file, facts) in read {
        match facts {
            Ok(facts) => after.insert(file, Arc::new(facts)),
            Err(reason) => failed.push(Failure::new(file, reason)),
        }
    }
    let loaded = newly_loaded(trial, &after);
    let verdicts: Vec<_> = trial
        .plans
        .par_iter()
        .filter_map(|(&file, _)| Some(Failure::new(file, judge(&after, file).err()?)))
        .collect();
    failed.extend(verdicts);
    failed.extend(circles(trial, &mut after, &loaded));
    failed.extend(new_cycles(trial, &mut after));
    failed.sort();
    failed.dedup_by_key(|failure| failure.file);
    failed
}

/// Changed files that could not be imported first any more. They are taken back until all others can be: then what is
/// left of the plan enters no circle.
fn circles(
    trial: &Trial<'_>,
    after: &mut SymbolGraph,
    loaded: &FxHashMap<ModuleId, FxHashSet<ModuleId>>,
) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut open: Vec<FileId> = trial.plans.keys().copied().collect();
    let before = ImportOrder::new(&trial.project.graph);
    while !open.is_empty() {
        let found = broken_circles(trial, &before, after, loaded, &open);
        if found.is_empty() {
            break;
        }
        open.retain(|file| !found.iter().any(|failure| failure.file == *file));
        for file in found.iter().map(|failure| failure.file) {
            if let Some(facts) = trial.project.graph.facts(file) {
                after.insert(file, Arc::clone(facts));
            }
        }
        failures.extend(found);
    }
    failures
}

/// The files of `open` that cannot be imported first any more. Where one changed module stands in the way of several
/// others, or of another one and cannot be imported itself, it alone is to blame.
fn broken_circles(
    trial: &Trial<'_>,
    before: &ImportOrder<'_>,
    after: &SymbolGraph,
    loaded: &FxHashMap<ModuleId, FxHashSet<ModuleId>>,
    open: &[FileId],
) -> Vec<Failure> {
    let order = ImportOrder::new(after);
    let fragile = loaded.keys().copied().filter(|&target| order.import_first(target).is_err()).collect();
    let try_first = |&file: &FileId| {
        let own =
            after.modules().of_file(file).filter(|_| enters_circle(trial, after, loaded, &fragile, file))?;
        let early = order.import_first(own).err()?;
        before.import_first(own).is_ok().then_some((file, early))
    };
    let broken: Vec<(FileId, TooEarly)> = open.par_iter().filter_map(try_first).collect();
    let mut blocked: FxHashMap<FileId, usize> = FxHashMap::default();
    for (_, early) in broken.iter().filter(|(file, early)| early.file != *file) {
        *blocked.entry(early.file).or_default() += 1;
    }
    let stuck: FxHashSet<FileId> = broken.iter().map(|(file, _)| *file).collect();
    let failure = |(file, early): (FileId, TooEarly)| {
        let is_alone =
            blocked.get(&early.file).is_none_or(|&count| count <= 1) && !stuck.contains(&early.file);
        let is_blamed = open.contains(&early.file) && !is_alone;
        let TooEarly { asker, asked, name, .. } = early;
        let reason = format!(
            "an import cycle would come up: `{asker}` asks `{asked}` for `{name}` before it is bound there"
        );
        Failure { file: if is_blamed { early.file } else { file }, reason, is_final: true }
    };
    let mut failures: Vec<Failure> = broken.into_iter().map(failure).collect();
    failures.sort();
    failures.dedup_by_key(|failure| failure.file);
    failures
}

fn read_again(trial: &Trial<'_>, file: FileId, plan: &FilePlan) -> Result<FileFacts, String> {
    let language = trial.project.tree.files[file as usize].language;
    let source: SourceFile = decode(plan.path(), language, plan.after())?;
    let facts = front_end(language).lower(&source, trial.project.edition(file), None);
    match facts.errors.first() {
        Some(error) => Err(format!("the result would not parse: {}", error.message)),
        None => Ok(facts),
    }
}

/// For each module that some file newly imports at import time: everything that runs with it.
fn newly_loaded(trial: &Trial<'_>, after: &SymbolGraph) -> FxHashMap<ModuleId, FxHashSet<ModuleId>> {
    let before = &trial.project.graph;
    let new = |&file: &FileId| {
        let known = before.imported_at_load(file);
        after.imported_at_load(file).into_iter().filter(move |module| !known.contains(module))
    };
    let targets: FxHashSet<ModuleId> = trial.plans.keys().flat_map(new).collect();
    targets.into_iter().map(|module| (module, after.loaded_by(module))).collect()
}

/// How often each path was refused in each file. What comments keep must still be hidden by them.
fn refused_places(trial: &Trial<'_>) -> FxHashMap<FileId, Vec<String>> {
    let mut places: FxHashMap<FileId, Vec<String>> = FxHashMap::default();
    let is_known = |refused: &Refused| trial.known.contains(&(refused.file, refused.span.start));
    for refused in trial.proposal.refused.iter().filter(|refused| !refused.is_kept || is_known(refused)) {
        places.entry(refused.file).or_default().push(refused.written.clone());
    }
    places
}

/// No path is written that rules speak of, but for those `refused`, and every new import leads somewhere. Returns both views.
fn nothing_is_left<'run>(
    trial: &'run Trial<'_>,
    after: &'run SymbolGraph,
    refused: Option<&Vec<String>>,
    file: FileId,
) -> Result<(View<'run>, View<'run>), String> {
    let declared = &trial.project.declared;
    let mut allowed = refused.cloned().unwrap_or_default();
    let found = uses(after, declared, file).uses;
    let is_kept = |left: &Use| after.facts(file).is_some_and(|facts| (trial.keeps)(facts, left));
    for left in found.iter().filter(|left| left.spelled && !is_kept(left)) {
        let written = left.written.to_string();
        match allowed.iter().position(|known| *known == written) {
            Some(position) => drop(allowed.swap_remove(position)),
            None if !left.rule.is_some_and(|rule| (trial.wants)(file, rule)) => {}
            None => return Err(format!("`{written}` would still be written")),
        }
    }
    let (Some(old), Some(new)) = (View::new(&trial.project.graph, file), View::new(after, file)) else {
        return Err("the result could not be read".to_owned());
    };
    imports_resolve(after, old, new)?;
    Ok((old, new))
}

/// Whether a file newly imports something that imports it in turn, or that cannot be imported first.
fn enters_circle(
    trial: &Trial<'_>,
    after: &SymbolGraph,
    loaded: &FxHashMap<ModuleId, FxHashSet<ModuleId>>,
    fragile: &FxHashSet<ModuleId>,
    file: FileId,
) -> bool {
    let Some(own) = after.modules().of_file(file) else { return false };
    let known = trial.project.graph.imported_at_load(file);
    after.imported_at_load(file).difference(&known).any(|target| {
        fragile.contains(target) || loaded.get(target).is_some_and(|loaded| loaded.contains(&own))
    })
}

/// Every import that was not there before leads to something.
fn imports_resolve(after: &SymbolGraph, old: View<'_>, new: View<'_>) -> Result<(), String> {
    let known: FxHashSet<SymbolPath> =
        old.facts.imports.iter().filter_map(|import| old.imported(import)).collect();
    for import in &new.facts.imports {
        let Some(path) = new.imported(import) else {
            if new.facts.is_declarative {
                continue; // From a name inside a function, or another one that has no path.
            }
            return Err("a relative import would lead out".to_owned());
        };
        if !known.contains(&path) && after.exists(&path, Some(new.file)) == Some(false) {
            return Err(format!("`{path}` does not exist"));
        }
        let is_self = !new.facts.is_declarative
            && import.form != ImportForm::Module
            && new.imported_module(import).as_ref() == new.module.map(|id| after.modules().module(id).name());
        if is_self && !known.contains(&path) && import.scope == 0 && !is_submodule(after, &path) {
            return Err("the module would import from itself".to_owned());
        }
    }
    Ok(())
}

fn is_submodule(graph: &SymbolGraph, path: &SymbolPath) -> bool {
    graph.modules().find(path, None).is_some()
}

/// Every name in the file stands for the same thing as before, or for what that has moved to.
fn meanings_stay(trial: &Trial<'_>, old: View<'_>, new: View<'_>) -> Result<(), String> {
    let (before, after) = (&old.facts.references, &new.facts.references);
    if before.len() != after.len() {
        return Err("the result would use other names than before".to_owned());
    }
    let moved_here = moved_references(trial, old.file);
    for (index, (before, after)) in before.iter().zip(after).enumerate() {
        let expected = old.identity(before, &|path| trial.moved(path));
        let means = new.identity(after, &|path| trial.moved(path));
        if means == expected || moved_here.contains(&(index as u32)) && means.is_some() {
            continue;
        }
        if !means.is_some_and(|means| trial.comes_up(before, expected, means, (old, new))) {
            return Err(format!("`{}` would no longer mean the same thing", before.segments[0].name));
        }
    }
    Ok(())
}

fn moved_references(trial: &Trial<'_>, file: FileId) -> FxHashSet<u32> {
    let found = uses(&trial.project.graph, &trial.proposal.declared, file).uses;
    let references = found.into_iter().filter_map(|found| match found.site {
        Site::Reference(id) => Some(id),
        _ => None,
    });
    references.collect()
}

impl Trial<'_> {
    /// What a path becomes by the rules. Names that files rename need no mapping: re-exports are followed to the end.
    fn moved(&self, path: &SymbolPath) -> SymbolPath {
        self.project.declared.moved(path)
    }

    /// True for what a star begins to bring: one of this file for a name that nothing bound, or one elsewhere for a path
    /// that led nowhere.
    fn comes_up(
        &self,
        before: &Reference,
        expected: Option<SymbolPath>,
        means: SymbolPath,
        (old, new): (View<'_>, View<'_>),
    ) -> bool {
        let moved = |path: &SymbolPath| self.moved(path);
        match expected {
            Some(path) => {
                let led_nowhere = self.project.graph.exists(&path, Some(old.file)) != Some(true);
                led_nowhere && new.end_of(path, &moved) == means
            }
            None if !before.bindings.is_empty() => false,
            None => {
                let name = &before.segments[0].name;
                self.is_target(&means) || old.star_identity(before.scope, name, &moved) == Some(means)
            }
        }
    }

    fn is_target(&self, path: &SymbolPath) -> bool {
        let is_home = |rule: &crate::rule::Rule| {
            path.starts_with(&rule.canonical) || rule.moves.iter().any(|(_, to)| path.starts_with(to))
        };
        self.project.rules.rules.iter().any(is_home)
    }
}
