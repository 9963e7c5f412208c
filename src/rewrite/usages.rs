//! What the matches of patterns in one file become: how the paths of a replacement are spelled there, which imports come, and
//! which go because nothing needs them any more.

use crate::graph::{AskedNames, Chains, DeclaredPaths, View};
use crate::language::pattern::{Found, NodeId, Pattern, Replaced, Rewrite, SyntaxTree, rewrite};
use crate::language::{FrontEnd, Surroundings, front_end};
use crate::model::{
    Addition, Edition, FileChanges, FileFacts, ImportId, ItemChange, Replacement, SourceFile, Span,
    SymbolPath,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// One match that is to be written anew.
pub struct UsageJob<'run> {
    /// The id of its rule.
    pub rule: &'run str,
    /// Its pattern.
    pub pattern: &'run Pattern,
    /// Where it is.
    pub found: &'run Found,
}

/// What the planner works on: one file.
pub struct UsageRequest<'run> {
    /// The file.
    pub view: View<'run>,
    /// Its text.
    pub source: &'run SourceFile,
    /// The syntax of it.
    pub tree: &'run SyntaxTree,
    /// What the rules declare.
    pub declared: &'run DeclaredPaths,
    /// Its dialect.
    pub edition: Edition,
    /// How paths are spelled from there.
    pub surroundings: &'run Surroundings<'run>,
    /// Whether a macro of the project may read a name wherever it is called.
    pub is_in_macro: &'run dyn Fn(&str) -> bool,
    /// Packages from outside that imports of the project bring in.
    pub packages: &'run FxHashSet<String>,
    /// The same of those that only replacements name.
    pub brought: &'run FxHashSet<String>,
    /// Whether the crate that the file is part of does without `std`.
    pub is_without_std: &'run dyn Fn() -> bool,
    /// Which names others take from its module; `None` as long as that is not known: then no import goes.
    pub asked: Option<&'run AskedNames>,
}

/// What becomes of them.
#[derive(Debug, Default)]
pub struct UsageProposal {
    /// The changes of the file.
    pub changes: FileChanges,
    /// Matches that stay: where, which rule, and why.
    pub refused: Vec<(Span, String, String)>,
    /// How many are written anew.
    pub mended: usize,
    /// Local names whose imports may go, if no other file takes them from this one.
    pub words: BTreeSet<String>,
}

/// Plans the jobs of one file, none of which lies in another one.
pub fn propose_usages(request: &UsageRequest<'_>, jobs: &[UsageJob<'_>]) -> UsageProposal {
    let planner = Planner { request, chains: Chains::new(request.view, request.declared, request.packages) };
    planner.plan(jobs)
}

pub(super) struct Planner<'run> {
    pub request: &'run UsageRequest<'run>,
    pub chains: Chains<'run>,
}

/// A job whose paths are spelled.
#[derive(Clone)]
pub(super) struct Spelled<'job> {
    pub job: &'job UsageJob<'job>,
    pub texts: FxHashMap<NodeId, String>,
    pub additions: Vec<Addition>,
    /// Imports at the top of a file that has none.
    pub first: Vec<Replaced>,
    /// What imports that come or turn bring in, each under its own name.
    pub new: Vec<SymbolPath>,
    /// Imports that turn to a new path under their name, if nothing else needs the old one.
    pub turned: Vec<(ImportId, SymbolPath)>,
    /// The imports by which the match is written.
    pub via: Vec<ImportId>,
}

/// A name can come to stand for one thing only.
fn takes_its_own<'job>(
    one: Spelled<'job>,
    taken: &mut FxHashMap<String, SymbolPath>,
) -> Result<Spelled<'job>, String> {
    for path in &one.new {
        match taken.get(path.name()) {
            Some(other) if other != path => {
                return Err(format!("`{}` comes to stand for `{other}` here", path.name()));
            }
            _ => drop(taken.insert(path.name().to_owned(), path.clone())),
        }
    }
    Ok(one)
}

impl<'run> Planner<'run> {
    fn plan(&self, jobs: &[UsageJob<'_>]) -> UsageProposal {
        let mut proposal = UsageProposal::default();
        let mut spelled = Vec::new();
        let mut taken: FxHashMap<String, SymbolPath> = FxHashMap::default();
        for job in jobs {
            match self.spell(job).and_then(|one| takes_its_own(one, &mut taken)) {
                Ok(one) => spelled.push(one),
                Err(reason) => proposal.refused.push((job.found.span, job.rule.to_owned(), reason)),
            }
        }
        self.keep_bound(&mut spelled, &mut proposal.refused, &mut proposal.words);
        loop {
            let edits = self.edits(&mut spelled, &mut proposal.refused);
            let Some((after, text)) = self.facts_after(&edits) else {
                self.refuse_all(&mut spelled, &mut proposal.refused, "the result could not be read");
                return proposal;
            };
            // Where imports are part of what is written anew it is not known which is which: all others stay.
            let is_alike = after.imports.len() == self.facts().imports.len();
            let gone = if is_alike { self.unused(&spelled, &after, &text) } else { FxHashSet::default() };
            let is_stuck = |one: &Spelled<'_>| one.turned.iter().any(|(import, _)| !gone.contains(import));
            let (stuck, rest): (Vec<_>, Vec<_>) = spelled.into_iter().partition(is_stuck);
            spelled = rest;
            if stuck.is_empty() {
                self.finish(&spelled, edits, &gone, &mut proposal);
                return proposal;
            }
            for one in stuck {
                let reason = "its new name is bound to the old one here, which is still in use".to_owned();
                proposal.refused.push((one.job.found.span, one.job.rule.to_owned(), reason));
            }
        }
    }

    fn refuse_all(
        &self,
        spelled: &mut Vec<Spelled<'_>>,
        refused: &mut Vec<(Span, String, String)>,
        reason: &str,
    ) {
        let all = spelled.drain(..);
        refused.extend(all.map(|one| (one.job.found.span, one.job.rule.to_owned(), reason.to_owned())));
    }

    /// The edits of all jobs but for those that cannot be written, which go.
    fn edits<'job>(
        &self,
        spelled: &mut Vec<Spelled<'job>>,
        refused: &mut Vec<(Span, String, String)>,
    ) -> Vec<(&'job str, Replaced)> {
        let rewrites: Vec<Rewrite<'_>> = spelled
            .iter()
            .map(|one| Rewrite { pattern: one.job.pattern, found: one.job.found, spelled: one.texts.clone() })
            .collect();
        let results = rewrite(self.front_end(), self.request.tree, &rewrites);
        let (mut edits, mut kept) = (Vec::new(), Vec::new());
        for (one, result) in std::mem::take(spelled).into_iter().zip(results) {
            let mut refuse =
                |reason: String| refused.push((one.job.found.span, one.job.rule.to_owned(), reason));
            let brings_none = one.additions.is_empty() && one.turned.is_empty() && one.first.is_empty();
            match result {
                Ok(own) if own.is_empty() && brings_none => {
                    refuse("the text would stay as it is: its names are bound to the old things".to_owned());
                }
                Ok(own) => {
                    edits.extend(own.into_iter().map(|edit| (one.job.rule, edit)));
                    kept.push(one);
                }
                Err(reason) => refuse(reason),
            }
        }
        *spelled = kept;
        edits
    }

    /// The text with only `edits` carried out, and its facts: imports are still as they were.
    fn facts_after(&self, edits: &[(&str, Replaced)]) -> Option<(FileFacts, String)> {
        let source = self.request.source;
        let text = Replaced::apply(source.text(), edits.iter().map(|(_, edit)| edit))?;
        let after = SourceFile::new(source.path().clone(), source.language(), text.clone());
        let facts = self.front_end().lower(&after, self.request.edition, None);
        facts.errors.is_empty().then_some((facts, text))
    }

    fn finish(
        &self,
        spelled: &[Spelled<'_>],
        edits: Vec<(&str, Replaced)>,
        gone: &FxHashSet<ImportId>,
        proposal: &mut UsageProposal,
    ) {
        proposal.mended = spelled.len();
        let changes = &mut proposal.changes;
        let replacement = |(rule, edit): (&str, Replaced)| Replacement {
            span: edit.span,
            text: edit.text,
            rule: rule.to_owned(),
        };
        changes.replacements = edits.into_iter().map(replacement).collect();
        for one in spelled {
            let rule = one.job.rule.to_owned();
            for (import, target) in &one.turned {
                let local = Some(target.name().to_owned());
                let change = ItemChange::Move { target: target.clone(), local, rule: rule.clone() };
                changes.items.insert(*import, change);
            }
            for first in &one.first {
                let known = changes.replacements.iter().any(|other| other.text == first.text);
                if !known {
                    let (span, text) = (first.span, first.text.clone());
                    changes.replacements.push(Replacement { span, text, rule: rule.clone() });
                }
            }
            for addition in &one.additions {
                let known = changes.additions.iter_mut().find(|other| {
                    other.target == addition.target && self.are_together(other.beside, addition.beside)
                });
                match known {
                    Some(other) => other.beside = other.beside.min(addition.beside),
                    None => changes.additions.push(addition.clone()),
                }
            }
            // Others may put something in the place of a name by which the match is written.
            let written = one.job.found.paths(one.job.pattern, self.request.tree);
            let names = written.iter().filter_map(|(_, span)| self.chains.names_in(*span).last());
            let names = names.filter(|_| !self.facts().is_declarative);
            proposal.words.extend(names.map(|segment| segment.name.to_string()));
            for &import in one.via.iter().filter(|import| gone.contains(import)) {
                let Some(name) = self.local_name(import) else { continue };
                proposal.words.insert(name.to_owned());
                if self.may_go(import, name) {
                    changes.items.entry(import).or_insert_with(|| ItemChange::Remove { rule: rule.clone() });
                }
            }
        }
        self.turn_what_goes(changes);
    }

    pub fn facts(&self) -> &'run FileFacts {
        self.request.view.facts
    }

    pub fn front_end(&self) -> &'static dyn FrontEnd {
        front_end(self.request.source.language())
    }
}
