//! From the result of a check to how far the project is: by rule, package, owner and path.

use crate::model::{Compliance, Detour, Finding, Outcome, RuleCount};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Who owns a file, by its path; nobody, or several.
pub type Owners<'run> = dyn Fn(&str) -> Vec<String> + 'run;

/// The numbers behind `outcome`, which is of the whole project. A file with several owners counts for each of them.
pub fn compliance(outcome: &Outcome, owners: Option<&Owners<'_>>) -> Compliance {
    let total = total(outcome);
    let mut compliance =
        Compliance { total, by_rule: outcome.summary.by_rule.clone(), ..Compliance::default() };
    let mut by_owner = BTreeMap::<String, RuleCount>::new();
    for (file, package, count) in by_file(outcome) {
        *compliance.by_package.entry(package.to_owned()).or_default() += count;
        let owners = owners.map_or_else(Vec::new, |owners| owners(file));
        if owners.is_empty() {
            *by_owner.entry(String::new()).or_default() += count;
        }
        owners.into_iter().for_each(|owner| *by_owner.entry(owner).or_default() += count);
    }
    compliance.by_owner = owners.map(|_| by_owner);
    compliance.detours = detours(outcome);
    compliance
}

/// All uses: those of the canonical paths, those that are findings, and those that comments hide.
pub fn total(outcome: &Outcome) -> RuleCount {
    RuleCount {
        findings: uses(outcome).count(),
        suppressed: suppressed(outcome).count(),
        canonical_uses: outcome.summary.canonical_uses,
    }
}

fn uses(outcome: &Outcome) -> impl Iterator<Item = &Finding> {
    outcome.findings.iter().chain(&outcome.hidden).filter(|finding| finding.code.is_use())
}

/// Uses that comments hide: no finding, but no canonical use either.
fn suppressed(outcome: &Outcome) -> impl Iterator<Item = &Finding> {
    outcome.suppressed.iter().filter(|finding| finding.code.is_use())
}

/// Each file with uses, with its package.
fn by_file(outcome: &Outcome) -> impl Iterator<Item = (&str, &str, RuleCount)> {
    let mut astray: FxHashMap<&str, RuleCount> = FxHashMap::default();
    uses(outcome).for_each(|finding| astray.entry(&finding.file).or_default().findings += 1);
    suppressed(outcome).for_each(|finding| astray.entry(&finding.file).or_default().suppressed += 1);
    outcome.tallies.iter().filter_map(move |tally| {
        let mut count = astray.get(&*tally.file).copied().unwrap_or_default();
        count.canonical_uses = tally.canonical.values().sum();
        let package = tally.package.as_deref().unwrap_or_default();
        (count != RuleCount::default()).then_some((&*tally.file, package, count))
    })
}

fn detours(outcome: &Outcome) -> Vec<Detour> {
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for finding in uses(outcome).chain(suppressed(outcome)) {
        if let (Some(rule), Some(written), Some(canonical)) =
            (&finding.rule, &finding.written, &finding.canonical)
        {
            *counts.entry((rule, written, canonical)).or_default() += 1;
        }
    }
    let detour = |((rule, written, canonical), uses): ((&str, &str, &str), usize)| Detour {
        rule: rule.to_owned(),
        written: written.to_owned(),
        canonical: canonical.to_owned(),
        uses,
    };
    let mut detours: Vec<Detour> = counts.into_iter().map(detour).collect();
    detours.sort_by_key(|detour| std::cmp::Reverse(detour.uses));
    detours
}
