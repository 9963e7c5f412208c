//! Which modules the rules call legacy, and what each of them hands on when it is a shim.

use super::{Rule, RuleKind, RuleSet};
use crate::graph::ModuleIndex;
use crate::model::{Name, SymbolPath};
use std::collections::BTreeMap;

/// A module that is a shim, or should be one.
#[derive(Debug)]
pub struct ShimModule {
    /// Its path.
    pub path: SymbolPath,
    /// Where every name of it is that has no place of its own.
    pub whole: Option<ShimMove>,
    /// Where single names are.
    pub names: BTreeMap<Name, ShimMove>,
}

/// Where something has gone.
#[derive(Debug, Clone)]
pub struct ShimMove {
    /// The rule that says so, as index into the rule set.
    pub rule: usize,
    /// The canonical path.
    pub target: SymbolPath,
}

impl ShimModule {
    fn at(path: SymbolPath) -> Self {
        Self { path, whole: None, names: BTreeMap::new() }
    }

    /// The rules that speak of it, without repetition.
    pub fn rules(&self) -> Vec<usize> {
        let mut rules: Vec<usize> = self.whole.iter().chain(self.names.values()).map(|to| to.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// The modules of the rules with the ids `asked`, by path; each with what any rule says of it.
pub fn shim_modules(rules: &RuleSet, modules: &ModuleIndex, asked: &[String]) -> Vec<ShimModule> {
    let mut found: BTreeMap<SymbolPath, ShimModule> = BTreeMap::new();
    for (index, rule) in rules.rules.iter().enumerate() {
        if !matches!(rule.kind, RuleKind::Symbol | RuleKind::Module) {
            continue;
        }
        for (from, to) in &rule.moves {
            let is_whole = is_whole(rule, from);
            let (from, target) = (modules.canonical(from.clone(), None), modules.canonical(to.clone(), None));
            let to = ShimMove { rule: index, target };
            let is_module = is_whole || is_file(modules, &from) || modules.find(&to.target, None).is_some();
            match from.parent().filter(|_| !is_module) {
                Some(parent) => {
                    let module = found.entry(parent.clone()).or_insert_with(|| ShimModule::at(parent));
                    module.names.insert(from.name().into(), to);
                }
                None => {
                    found.entry(from.clone()).or_insert_with(|| ShimModule::at(from)).whole = Some(to);
                }
            }
        }
    }
    let is_asked = |rule: usize| asked.contains(&rules.rules[rule].id);
    found.into_values().filter(|module| module.rules().into_iter().any(is_asked)).collect()
}

/// True when a rule moves a module, and not one of its names under a new name.
fn is_whole(rule: &Rule, from: &SymbolPath) -> bool {
    let is_around = |(other, _): &(SymbolPath, SymbolPath)| other != from && from.starts_with(other);
    rule.kind == RuleKind::Module && !rule.moves.iter().any(is_around)
}

fn is_file(modules: &ModuleIndex, path: &SymbolPath) -> bool {
    modules.find(path, None).is_some_and(|id| modules.module(id).file.is_some())
}
