//! Fix for files that are not code: paths in data are written anew where that is asked for.

use super::data::{DataFound, DataRead};
use super::fix::{FixRequest, refusal_at, wants};
use super::project::Project;
use crate::graph::task_names;
use crate::language::data;
use crate::model::{Code, DATA_STAYS, DataUse, Edit, FileId, FilePlan, LineIndex, Plan, SymbolPath};
use crate::rewrite::{Proposal, respelled};
use crate::rule::{Selection, Suppressions};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What becomes of the files that were asked for and are not code.
pub(super) fn fix_data(request: &FixRequest<'_>, project: &mut Project<'_>) -> Plan {
    let found = project.read_data();
    if found.read.iter().any(|read| !read.paths.is_empty()) {
        project.read_homes();
        project.read_for_data(&found);
    }
    let job = Job { request, project, found: &found, known: known(request) };
    let plans: Vec<Plan> = found.read.par_iter().map(|read| job.plan(read)).collect();
    let mut whole = Plan { unreadable: found.unreadable.clone(), ..Plan::default() };
    plans.into_iter().for_each(|plan| whole.add(plan));
    whole
}

/// Whether data names the paths that have been asked about so far: what it says does not change between rounds.
#[derive(Default)]
pub(super) struct NamedInData(FxHashMap<SymbolPath, bool>);

impl NamedInData {
    /// The files whose own names data gives others by, and which `proposal` renames: there they have to stay.
    pub(super) fn pinned(&mut self, project: &Project<'_>, proposal: &Proposal) -> Vec<FileId> {
        let renamed: Vec<SymbolPath> = proposal.declared.renamed_paths().cloned().collect();
        self.look_for(project, renamed.iter().filter(|old| !self.0.contains_key(old)).cloned().collect());
        let owner = |old: &SymbolPath| Some(project.graph.body_of(&old.parent()?, None)?.view.file);
        renamed.iter().filter(|old| self.0[old]).filter_map(owner).collect()
    }

    fn look_for(&mut self, project: &Project<'_>, new: Vec<SymbolPath>) {
        if new.is_empty() {
            return;
        }
        let found = project.search_data(new.iter().cloned(), true);
        let task_names = task_names(&project.graph);
        let named = found.read.iter().flat_map(|read| project.data_symbols(read, &task_names));
        let named: Vec<SymbolPath> = named.map(|(path, _)| path).collect();
        self.0.extend(new.into_iter().map(|old| {
            let is_named = named.iter().any(|path| path.starts_with(&old));
            (old, is_named)
        }));
    }
}

struct Job<'run> {
    request: &'run FixRequest<'run>,
    project: &'run Project<'run>,
    found: &'run DataFound,
    /// Findings that stay: the file, and where they begin.
    known: FxHashSet<(&'run str, u32)>,
}

fn known<'run>(request: &FixRequest<'run>) -> FxHashSet<(&'run str, u32)> {
    request.known.iter().map(|finding| (&*finding.file, finding.span.start)).collect()
}

impl Job<'_> {
    fn plan(&self, read: &DataRead) -> Plan {
        let (open, kept) = self.open_uses(read);
        let left_out = self.request.left_out.get(&**read.source.path()).cloned();
        let reason = |found: &DataUse| {
            let stays = (!self.request.includes_data).then(|| DATA_STAYS.to_owned());
            left_out.clone().or(found.obstacle.clone()).or(stays)
        };
        let (stay, go): (Vec<_>, Vec<_>) =
            open.into_iter().map(|found| (reason(&found), found)).partition(|(reason, _)| reason.is_some());
        let mut plan = Plan { suppressed: kept.len(), ..Plan::default() };
        let stay = stay.into_iter().filter_map(|(reason, found)| Some((reason?, found)));
        let mut refused: Vec<(String, DataUse)> = stay.collect();
        let go: Vec<DataUse> = go.into_iter().map(|(_, found)| found).collect();
        if !go.is_empty() {
            let stay = refused.iter().map(|(_, found)| found).chain(&kept);
            let mut counts: FxHashMap<String, usize> = FxHashMap::default();
            stay.for_each(|found| *counts.entry(found.written()).or_default() += 1);
            match self.edit(read, &go).and_then(|file| self.try_out(read, counts, file)) {
                Ok(file) => {
                    plan.mended = go.len();
                    plan.files.push(file);
                }
                Err(reason) => refused.extend(go.into_iter().map(|found| (reason.clone(), found))),
            }
        }
        let lines = LineIndex::new(read.source.text());
        let refusals = refused.into_iter().map(|(reason, found)| {
            let rule = Some(self.project.rules.rules[found.rule].id.clone());
            refusal_at(&read.source, &lines, found.path.span, rule, found.written(), reason)
        });
        plan.refusals.extend(refusals);
        plan
    }

    /// The places that rules want changed, and those of them that stay because somebody wants them to.
    fn open_uses(&self, read: &DataRead) -> (Vec<DataUse>, Vec<DataUse>) {
        let (project, path) = (self.project, &**read.source.path());
        let (everything, today) = (Selection::default(), project.settings.today);
        let suppressions =
            Suppressions { rules: &project.rules, selection: &everything, is_complete: true, today };
        let mut uses = project.data_uses(read);
        uses.retain(|found| wants(self.request, &project.rules, path, found.rule));
        let is_kept = |found: &DataUse| {
            let start = found.path.span.start;
            self.known.contains(&(path, start))
                || suppressions.hides(&read.facts, &[Code::StringPath], found.rule, start)
        };
        uses.into_iter().partition(|found| !is_kept(found))
    }

    fn edit(&self, read: &DataRead, uses: &[DataUse]) -> Result<FilePlan, String> {
        let edit = |found: &DataUse| {
            let modules = self.project.graph.modules();
            let (span, text) = respelled(modules, &found.path, found.matched, &found.target);
            Edit { span, text, rule: self.project.rules.rules[found.rule].id.clone() }
        };
        let source = &read.source;
        let edits = uses.iter().map(edit).collect();
        FilePlan::compose(Arc::clone(source.path()), source.bytes(), source.text(), edits)
            .map_err(|error| error.to_string())
    }

    /// The same plan when it does what it should: what was in order stays so, and nothing is left but the paths that `stay`, each
    /// so many times.
    fn try_out(
        &self,
        read: &DataRead,
        mut stay: FxHashMap<String, usize>,
        file: FilePlan,
    ) -> Result<FilePlan, String> {
        let notation = self.project.tree.data[read.number].notation;
        let after = self.found.read_again(read, notation, file.after());
        if data::fault(read.source.text(), notation).is_none()
            && let Some(fault) = data::fault(after.source.text(), notation)
        {
            return Err(format!("the result would not parse: {fault}"));
        }
        for left in self.open_uses(&after).0 {
            let written = left.written();
            match stay.get_mut(&written).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => return Err(format!("`{written}` would still be written")),
            }
        }
        Ok(file)
    }
}
