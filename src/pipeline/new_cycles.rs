//! Import cycles at import time that a plan would bring up, whether they work by luck or not.

use super::trial::{Failure, Trial};
use crate::graph::{ImportGraph, Load, ModuleId, SymbolGraph};
use crate::model::FileId;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The changed files whose new imports close a cycle between modules that did not load each other before. They are taken back
/// in `after` until none is left.
pub(super) fn new_cycles(trial: &Trial<'_>, after: &mut SymbolGraph) -> Vec<Failure> {
    let before = ImportGraph::new(&trial.project.graph);
    let knots = before.knots();
    let known: FxHashSet<(ModuleId, ModuleId)> = before.asked().map(|load| (load.from, load.to)).collect();
    let mut failures = Vec::new();
    let mut open: FxHashSet<FileId> = trial.plans.keys().copied().collect();
    loop {
        let found = closing(&open, after, |load| {
            let were_knotted =
                knots.get(&load.from).zip(knots.get(&load.to)).is_some_and(|(from, to)| from == to);
            !were_knotted && !known.contains(&(load.from, load.to))
        });
        if found.is_empty() {
            return failures;
        }
        for failure in &found {
            open.remove(&failure.file);
            if let Some(facts) = trial.project.graph.facts(failure.file) {
                after.insert(failure.file, Arc::clone(facts));
            }
        }
        failures.extend(found);
    }
}

/// The open files with a load that `is_new` and that closes a cycle.
fn closing(open: &FxHashSet<FileId>, after: &SymbolGraph, is_new: impl Fn(&Load) -> bool) -> Vec<Failure> {
    let graph = ImportGraph::new(after);
    let knots = graph.knots();
    let is_knotted = |load: &&Load| knots.get(&load.from) == knots.get(&load.to);
    let closing = graph.asked().filter(|load| open.contains(&load.file)).filter(is_knotted);
    let mut failures: Vec<Failure> = closing
        .filter(|load| is_new(load))
        .filter_map(|load| {
            let way = graph.way(load.to, load.from)?;
            let names: Vec<String> = std::iter::once(&load.from)
                .chain(&way)
                .map(|&module| format!("`{}`", graph.name(module)))
                .collect();
            let reason = format!("an import cycle would come up: {}", names.join(" -> "));
            Some(Failure { file: load.file, reason, is_final: true })
        })
        .collect();
    failures.sort();
    failures.dedup_by_key(|failure| failure.file);
    failures
}
