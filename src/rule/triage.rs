//! From everything that was found to what is reported: severities by path, selection, order, counts.

use super::{RuleSet, WHOLE_PROJECT};
use crate::model::{Code, Finding, Outcome, RuleCount, Severity};
use rustc_hash::FxHashSet;

/// Which codes are wanted.
#[derive(Debug, Default, Clone)]
pub struct Selection {
    /// Only these; all when empty.
    pub select: FxHashSet<Code>,
    /// These besides.
    pub extend: FxHashSet<Code>,
    /// Not these.
    pub ignore: FxHashSet<Code>,
}

impl Selection {
    /// Whether findings of this code are reported. SSOT000 cannot be left out: a file that could not be read is never
    /// silently a pass.
    pub fn wants(&self, code: Code) -> bool {
        let is_selected =
            self.select.is_empty() || self.select.contains(&code) || self.extend.contains(&code);
        code == Code::Unreadable || is_selected && !self.ignore.contains(&code)
    }

    /// Whether a code is named, not only left in.
    pub fn asks_for(&self, code: Code) -> bool {
        (self.select.contains(&code) || self.extend.contains(&code)) && self.wants(code)
    }

    /// Whether a kind is looked for at all: one that needs the whole project must be asked for, but for what rules speak of.
    pub fn runs(&self, code: Code) -> bool {
        let is_always = !WHOLE_PROJECT.contains(&code) || code == Code::UnresolvedImport;
        self.wants(code) && is_always || self.asks_for(code)
    }

    /// True when the facts of every file are needed.
    pub fn needs_whole_project(&self) -> bool {
        WHOLE_PROJECT.iter().any(|&code| self.asks_for(code))
    }
}

/// Applies overrides to the findings of one file, and puts them in order.
pub fn triage(rules: &RuleSet, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|left, right| place(left).cmp(&place(right)));
    for finding in &mut findings {
        if let Some(rule) = &finding.rule {
            finding.severity = rules.severity(rule, finding.severity, &finding.file);
        }
    }
    findings.retain(|finding| finding.severity != Severity::Off);
    findings
}

fn place(finding: &Finding) -> (u32, u32, Code, Option<&str>, Option<&str>) {
    let written = finding.written.as_deref();
    (finding.span.start, finding.span.end, finding.code, finding.rule.as_deref(), written)
}

/// Counts findings, hidden uses and canonical uses by rule. `canonical` holds the rule index of each canonical use.
pub fn count(rules: &RuleSet, outcome: &mut Outcome, canonical: &[usize]) {
    outcome.summary.canonical_uses = canonical.len();
    let by_rule = &mut outcome.summary.by_rule;
    for rule in &rules.rules {
        by_rule.insert(rule.id.clone(), RuleCount::default());
    }
    for &index in canonical {
        by_rule.entry(rules.rules[index].id.clone()).or_default().canonical_uses += 1;
    }
    let counts = |code: Code| code.is_use() || code == Code::Usage;
    // What only tells of a former name is no use of it.
    let uses = outcome.findings.iter().filter(|found| counts(found.code) && found.written.is_some());
    for rule in uses.filter_map(|found| found.rule.as_ref()) {
        by_rule.entry(rule.clone()).or_default().findings += 1;
    }
    let hidden = outcome.suppressed.iter().filter(|found| counts(found.code));
    for rule in hidden.filter_map(|found| found.rule.as_ref()) {
        by_rule.entry(rule.clone()).or_default().suppressed += 1;
    }
}
