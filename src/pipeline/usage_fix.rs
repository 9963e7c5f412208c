//! Fix for `[[usage]]`: what patterns describe is written anew once the paths have moved, the outermost match first, and then
//! again until nothing changes.

use super::fix::{
    FixRequest, barred, edit_file, known_places, open, read_for_import_order, unreadable, wants,
};
use super::project::{Progress, Project, ProjectError};
use super::trial::{Failure, Trial, try_usages};
use super::usages::{FileMatches, UsageRule};
use crate::graph::{AskedNames, View};
use crate::language::Surroundings;
use crate::model::{Code, FileId, FilePlan, ItemChange, Language, Plan, SourceFile, Span, SymbolPath};
use crate::rewrite::{Proposal, UNKNOWN, UsageJob, UsageProposal, UsageRequest, propose_usages};
use crate::rule::{Selection, Suppressions};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Patterns that lead to each other's matches for longer than this do so for ever.
const MOST_ROUNDS: usize = 100;

/// Adds to `plan` what becomes of usages in the files that it leaves.
pub(super) fn fix_usages(
    request: &FixRequest<'_>,
    plan: Plan,
    progress: &dyn Progress,
) -> Result<Plan, ProjectError> {
    let settings = request.settings;
    let is_wanted = |usage: &&UsageRule| {
        let id = &settings.rules.rules[usage.rule].id;
        usage.pattern.is_rewrite() && (request.rules.is_empty() || request.rules.contains(id))
    };
    if !settings.usages.iter().any(|usage| is_wanted(&usage)) {
        return Ok(plan);
    }
    let mut project = open(request)?;
    project.assume(Some(&plan));
    project.watch_usages();
    if !project.read_usages(&project.files_in_scope()) {
        return Ok(plan);
    }
    let mut plan = plan;
    plan.unreadable.extend(unreadable(&project));
    plan.unreadable.sort();
    plan.unreadable.dedup();
    let mut round = Rounds {
        request,
        rules: settings.usages.iter().filter(is_wanted).map(|usage| (usage.rule, usage)).collect(),
        barred: barred(request, &project),
        barred_rules: FxHashMap::default(),
        later: FxHashSet::default(),
        known: known_places(request, &project),
        plans: FxHashMap::default(),
        before: FxHashMap::default(),
        brought: brought_by_replacements(&project),
        stuck: BTreeMap::new(),
        restless: BTreeMap::new(),
        plan,
    };
    round.note_plans(&project);
    for count in 0..MOST_ROUNDS {
        if !progress.goes_on() {
            return Err(ProjectError::Stopped);
        }
        if count > MOST_ROUNDS / 2 {
            round.note_restless(&mut project);
        }
        if !round.run(&mut project) {
            return Ok(round.finish(&project));
        }
    }
    // Whatever still changes goes round and round: nothing of those rules is written there.
    round.take_back(&mut project);
    for _ in 0..MOST_ROUNDS {
        if !round.run(&mut project) {
            break;
        }
    }
    Ok(round.finish(&project))
}

/// What the rounds have come to.
pub(super) struct Rounds<'run> {
    pub(super) request: &'run FixRequest<'run>,
    /// The patterns that are asked for, by their rules.
    pub(super) rules: BTreeMap<usize, &'run UsageRule>,
    /// Files that stay as they are, and why.
    pub(super) barred: FxHashMap<FileId, String>,
    /// The same for the matches of one rule in a file.
    pub(super) barred_rules: FxHashMap<(FileId, usize), String>,
    /// Rules that wait for the next round in a file.
    later: FxHashSet<(FileId, usize)>,
    pub(super) known: FxHashSet<(FileId, u32)>,
    /// What the plan for paths makes of each file.
    pub(super) plans: FxHashMap<FileId, FilePlan>,
    /// What was known of each file that was changed, before the first round.
    pub(super) before: FxHashMap<FileId, Untouched>,
    /// The packages from outside that replacements name and any file imports.
    brought: FxHashSet<String>,
    /// Matches in the files as they are now that stay, and why: what lies in them is looked at then.
    pub(super) stuck: BTreeMap<Stuck, String>,
    /// The rules that have something to change in a file after many rounds.
    pub(super) restless: BTreeMap<FileId, BTreeSet<usize>>,
    pub(super) plan: Plan,
}

/// A match that stays: its file, its bytes and its rule.
pub(super) type Stuck = (FileId, Span, usize);

/// A file before the first round.
pub(super) struct Untouched {
    pub(super) source: Arc<SourceFile>,
    pub(super) plan: Option<FilePlan>,
    /// How many of its matches have been written anew since.
    pub(super) mended: usize,
}

/// The packages from outside that replacements, and not what they replace, name and that any file imports.
fn brought_by_replacements(project: &Project<'_>) -> FxHashSet<String> {
    let patterns = project.settings.usages.iter().map(|usage| &usage.pattern);
    let new = patterns.flat_map(|pattern| {
        let words: FxHashSet<&str> = pattern.new_words().collect();
        let roots = pattern.new_paths().filter(|(_, path)| path.language() == Language::Python);
        roots.map(|(_, path)| &*path.segments()[0]).filter(move |root| words.contains(root))
    });
    project.imported(new)
}

impl Rounds<'_> {
    fn note_plans(&mut self, project: &Project<'_>) {
        let ids: FxHashMap<&str, FileId> =
            (0..).zip(&project.tree.files).map(|(id, file)| (&*file.path, id)).collect();
        let plans = std::mem::take(&mut self.plan.files);
        self.plans = plans.into_iter().filter_map(|plan| Some((*ids.get(&**plan.path())?, plan))).collect();
    }

    fn finish(mut self, project: &Project<'_>) -> Plan {
        self.plan.refusals.extend(self.refusals(project));
        self.plan.files = self.plans.into_values().filter(FilePlan::is_change).collect();
        self.plan.files.sort_by(|left, right| left.path().cmp(right.path()));
        self.plan.refusals.sort_by(|left, right| {
            (&left.file, left.location, &left.reason).cmp(&(&right.file, right.location, &right.reason))
        });
        self.plan
    }

    /// One round. True when something was written anew, or what was to be has to stay: then there may be more to do.
    fn run(&mut self, project: &mut Project<'_>) -> bool {
        let matches = project.search_usages();
        self.later.clear();
        let mut asked = None;
        loop {
            let proposals = self.propose(project, &matches, asked.as_ref());
            if project.read_demanded() {
                continue; // There is more to know of what comes in.
            }
            let words = proposals.iter().flat_map(|(_, proposal)| proposal.words.iter().cloned()).collect();
            if asked.is_none() && proposals.iter().any(|(_, proposal)| !proposal.words.is_empty()) {
                // Whether an import may go depends on who takes its name from the file.
                project.read_more(&words);
                project.read_demanded();
                asked = Some(AskedNames::new(&project.graph));
                continue;
            }
            match self.try_out(project, &proposals) {
                Ok(plans) => return self.take(project, &proposals, plans),
                Err(failed) => self.bar(project, &matches, asked.as_ref(), failed),
            }
        }
    }

    /// Bars what made a file fail: the rules that fail alone, so that the others go on. Of rules that only fail together all but
    /// one wait for the next round.
    fn bar(
        &mut self,
        project: &mut Project<'_>,
        matches: &[(FileId, FileMatches)],
        asked: Option<&AskedNames>,
        failed: Vec<Failure>,
    ) {
        for Failure { file, reason, .. } in failed {
            let Some((_, matches)) = matches.iter().find(|(other, _)| *other == file) else { continue };
            let jobs = self.jobs(project, file, matches);
            let rules: BTreeSet<usize> = jobs.iter().map(|job| job.found.rule).collect();
            drop(jobs);
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for &rule in rules.iter().filter(|_| rules.len() > 1) {
                let alone = self.propose_file(project, file, matches, asked, Some(rule));
                let alone: Vec<_> = alone.map(|proposal| (file, proposal)).into_iter().collect();
                match self.try_out(project, &alone) {
                    Ok(plans) => good.extend((!plans.is_empty()).then_some(rule)),
                    Err(failed) => {
                        let failure = failed.into_iter().next();
                        bad.extend(failure.map(|failure| ((file, rule), failure.reason)));
                    }
                }
            }
            match (&good[..], bad.is_empty()) {
                (_, false) => self.barred_rules.extend(bad),
                ([first, _, ..], true) => {
                    let later = rules.iter().filter(|rule| *rule != first);
                    self.later.extend(later.map(|&rule| (file, rule)));
                }
                _ if rules.is_empty() => drop(self.barred.insert(file, reason)),
                _ => self.barred_rules.extend(rules.iter().map(|&rule| ((file, rule), reason.clone()))),
            }
        }
    }

    fn propose(
        &self,
        project: &Project<'_>,
        matches: &[(FileId, FileMatches)],
        asked: Option<&AskedNames>,
    ) -> Vec<(FileId, UsageProposal)> {
        let of_file = |(file, matches): &(FileId, FileMatches)| {
            let proposal = self.propose_file(project, *file, matches, asked, None)?;
            Some((*file, proposal))
        };
        matches.par_iter().filter_map(of_file).collect()
    }

    /// What becomes of the matches in a file, or of those of one rule.
    fn propose_file(
        &self,
        project: &Project<'_>,
        file: FileId,
        matches: &FileMatches,
        asked: Option<&AskedNames>,
        only: Option<usize>,
    ) -> Option<UsageProposal> {
        let source = project.source(file)?;
        let mut jobs = self.jobs(project, file, matches);
        jobs.retain(|job| only.is_none_or(|rule| job.found.rule == rule));
        let reason = match self.barred.get(&file) {
            Some(reason) => Some(reason.clone()),
            None if source.is_masked() => Some("the file is not written in UTF-8".to_owned()),
            None => project.graph.facts(file).and_then(|facts| facts.obstacle()).map(str::to_owned),
        };
        if let Some(reason) = reason {
            let refused = jobs.iter().map(|job| (job.found.span, job.rule.to_owned(), reason.clone()));
            return Some(UsageProposal { refused: refused.collect(), ..UsageProposal::default() });
        }
        let view = View::new(&project.graph, file)?;
        let package = view.module.and_then(|module| project.graph.modules().package(module));
        let spell = |path: &SymbolPath| project.graph.modules().spelled_in(path, file);
        let edition = project.edition(file);
        let request = UsageRequest {
            view,
            source,
            tree: &matches.tree.tree,
            declared: &project.declared,
            packages: project.packages(),
            brought: &self.brought,
            edition,
            surroundings: &Surroundings { package: package.as_ref(), edition, spell: &spell },
            is_in_macro: &|name| project.is_in_macro(name),
            is_without_std: &|| project.is_without_std(file),
            asked,
        };
        let barred = |job: &UsageJob<'_>| self.barred_rules.get(&(file, job.found.rule)).cloned();
        let (stay, open): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| barred(job).is_some());
        let mut proposal = propose_usages(&request, &open);
        let stay = stay.iter().filter_map(|job| Some((job.found.span, job.rule.to_owned(), barred(job)?)));
        proposal.refused.extend(stay);
        Some(proposal)
    }

    /// The matches to write anew: the outer ones, and of several patterns at one place the first.
    pub(super) fn jobs<'job>(
        &'job self,
        project: &'job Project<'_>,
        file: FileId,
        matches: &'job FileMatches,
    ) -> Vec<UsageJob<'job>> {
        let rules = &project.rules;
        let everything = Selection::default();
        let today = project.settings.today;
        let suppressions = Suppressions { rules, selection: &everything, is_complete: true, today };
        let path = &project.tree.files[file as usize].path;
        let mut jobs = Vec::new();
        let mut end = 0;
        for found in &matches.found {
            let start = found.span.start;
            let waits = self.later.contains(&(file, found.rule));
            let is_open = start >= end && !waits && !self.stuck.contains_key(&(file, found.span, found.rule));
            let Some(usage) = self.rules.get(&found.rule).filter(|_| is_open) else { continue };
            let hides = |facts: &Arc<_>| suppressions.hides(facts, &[Code::Usage], found.rule, start);
            let is_kept = project.graph.facts(file).is_some_and(hides);
            let is_known = self.known.contains(&(file, self.origin(file, start)));
            if is_kept || is_known || !wants(self.request, rules, path, found.rule) {
                continue;
            }
            end = found.span.end;
            let rule = rules.rules[found.rule].id.as_str();
            jobs.push(UsageJob { rule, pattern: &usage.pattern, found });
        }
        jobs
    }

    /// What the proposals make of each file; or the files in which one does not do what it should.
    fn try_out(
        &self,
        project: &mut Project<'_>,
        proposals: &[(FileId, UsageProposal)],
    ) -> Result<FxHashMap<FileId, FilePlan>, Vec<Failure>> {
        let changed = proposals.iter().filter(|(_, proposal)| !proposal.changes.is_empty());
        let changes = changed.map(|(file, proposal)| (*file, proposal.changes.clone())).collect();
        let mut proposal = Proposal { changes, ..Proposal::default() };
        if proposal.changes.is_empty() {
            return Ok(FxHashMap::default());
        }
        read_for_import_order(project, &proposal);
        let (mut plans, mut failed) = (FxHashMap::default(), Vec::new());
        for (&file, changes) in &mut proposal.changes {
            let plan = edit_file(project, file, changes).or_else(|reason| {
                // Where imports cannot go, those that nothing needs stay.
                let count = changes.items.len();
                changes.items.retain(|_, change| !matches!(change, ItemChange::Remove { .. }));
                let is_less = changes.items.len() < count;
                if is_less { edit_file(project, file, changes) } else { Err(reason) }
            });
            match plan {
                Ok(plan) => drop(plans.insert(file, plan)),
                Err(reason) => failed.push(Failure::new(file, reason)),
            }
        }
        let known = FxHashSet::default();
        let wants = |file: FileId, rule: usize| {
            wants(self.request, &project.rules, &project.tree.files[file as usize].path, rule)
        };
        let keeps = |_: &_, _: &_| false;
        failed.extend(try_usages(&Trial {
            project,
            proposal: &proposal,
            plans: &plans,
            wants: &wants,
            keeps: &keeps,
            known: &known,
        }));
        if failed.is_empty() { Ok(plans) } else { Err(failed) }
    }

    /// Takes what was proposed and tried for carried out. True when there was something.
    fn take(
        &mut self,
        project: &mut Project<'_>,
        proposals: &[(FileId, UsageProposal)],
        mut plans: FxHashMap<FileId, FilePlan>,
    ) -> bool {
        let (mut has_changed, known) = (false, self.stuck.len());
        for (file, proposal) in proposals {
            let Some(source) = project.source(*file).cloned() else { continue };
            let Some(plan) = plans.remove(file).filter(FilePlan::is_change) else {
                self.note_stuck(project, *file, proposal);
                continue;
            };
            let known =
                Untouched { source: Arc::clone(&source), plan: self.plans.get(file).cloned(), mended: 0 };
            self.before.entry(*file).or_insert(known).mended += proposal.mended;
            let whole = match self.plans.remove(file) {
                Some(before) => before.then(&plan),
                None => Some(plan),
            };
            let whole = whole.expect("a text in UTF-8 stays one");
            self.show(project, *file, &source, whole.after());
            self.plans.insert(*file, whole);
            self.plan.mended += proposal.mended;
            has_changed = true;
            self.note_brought(proposal);
        }
        has_changed || self.stuck.len() > known
    }

    /// What one file brings in may be meant by replacements in others.
    fn note_brought(&mut self, proposal: &UsageProposal) {
        let targets = proposal.changes.additions.iter().map(|addition| &addition.target);
        let moved = proposal.changes.items.values().filter_map(|change| match change {
            ItemChange::Move { target, .. } => Some(target),
            ItemChange::Remove { .. } => None,
        });
        for target in targets.chain(moved).filter(|target| target.language() == Language::Python) {
            if self.brought.insert(target.segments()[0].to_string()) {
                self.stuck.retain(|_, reason| !reason.starts_with(UNKNOWN));
            }
        }
    }

    fn note_stuck(&mut self, project: &Project<'_>, file: FileId, proposal: &UsageProposal) {
        for (span, rule, reason) in &proposal.refused {
            let is_own = |index: &&usize| project.rules.rules[**index].id == *rule;
            if let Some(&rule) = self.rules.keys().find(is_own) {
                self.stuck.insert((file, *span, rule), reason.clone());
            }
        }
    }
}
