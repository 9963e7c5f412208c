//! SSOT013: a rule's canonical path does not exist in the first-party code that should hold it.

use super::{Rule, RuleKind, RuleSet};
use crate::graph::SymbolGraph;
use crate::model::{Certainty, Code, Finding, Fix, Form, Severity, SymbolPath};
use rustc_hash::FxHashSet;

/// The findings of all rules. Facts that are missing are demanded from the graph.
pub fn stale_rules(rules: &RuleSet, graph: &SymbolGraph) -> Vec<Finding> {
    stale(rules, graph).map(finding).collect()
}

/// A canonical path that another rule declares legacy in its turn may be gone already.
fn stale<'run>(rules: &'run RuleSet, graph: &'run SymbolGraph) -> impl Iterator<Item = &'run Rule> {
    let moves = rules.rules.iter().flat_map(|rule| rule.moves.iter());
    let legacy: FxHashSet<&SymbolPath> = moves.map(|(from, _)| from).collect();
    let is_missing = |rule: &Rule| {
        let path = graph.modules().canonical(rule.canonical.clone(), None);
        let is_stated = matches!(rule.kind, RuleKind::Symbol | RuleKind::Module);
        is_stated
            && graph.exists(&path, None) == Some(false)
            && !graph.modules().is_one_of_several(&path, None)
    };
    rules
        .rules
        .iter()
        .filter(move |rule| !legacy.contains(&rule.canonical))
        .filter(move |rule| is_missing(rule))
}

fn finding(rule: &Rule) -> Finding {
    let canonical = rule.canonical.to_string();
    let start = crate::model::Position { row: 1, column: 1 };
    Finding {
        code: Code::StaleRule,
        rule: Some(rule.id.clone()),
        severity: if rule.severity == Severity::Off { Severity::Off } else { Severity::Error },
        certainty: Certainty::Proved,
        file: rule.place.file.clone(),
        span: rule.place.span,
        location: rule.place.location.unwrap_or(crate::model::Location { start, end: start }),
        message: format!("the canonical path `{canonical}` of rule `{}` does not exist", rule.id),
        help: Some(
            "correct the path, or move the symbol there first; until then nothing is migrated to it".into(),
        ),
        written: None,
        canonical: Some(canonical),
        form: Some(Form::Rule),
        route: Vec::new(),
        related: Vec::new(),
        fix: Fix::None,
        fingerprint: format!("stale\0{}", rule.id),
        excerpt: rule.place.excerpt.clone(),
    }
}
