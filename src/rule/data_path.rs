//! SSOT005 in files that are not code: a path in data names a legacy path.

use super::{Rule, RuleSet, draft};
use crate::graph::MAY_BE_FILE;
use crate::model::{Certainty, Code, DataUse, Finding, Fix, Form, LineIndex, Severity, SourceFile};

/// The findings of one file.
pub fn data_findings(rules: &RuleSet, source: &SourceFile, uses: &[DataUse]) -> Vec<Finding> {
    let lines = LineIndex::new(source.text());
    uses.iter().map(|found| finding(&rules.rules[found.rule], source, &lines, found)).collect()
}

fn finding(rule: &Rule, source: &SourceFile, lines: &LineIndex, found: &DataUse) -> Finding {
    let (written, canonical) = (found.written(), found.canonical());
    let message = format!("`{written}` is a legacy path of `{canonical}`, written as data");
    let message = message + &draft::advice(rule);
    let mut finding = draft::data_finding(source, lines, Code::StringPath, found.path.span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity.min(Severity::Warning);
    let is_file = found.obstacle.as_deref() == Some(MAY_BE_FILE);
    let is_likely = found.path.is_plain && !is_file;
    finding.certainty = if is_likely { Certainty::Likely } else { Certainty::Guess };
    finding.form = Some(Form::Data);
    finding.fix = found.obstacle.clone().map_or(Fix::Unsafe, Fix::Refused);
    finding.help = Some(draft::remedy(&finding.fix, &canonical));
    finding.fingerprint = format!("{}\0{written}\0{}\0", source.path(), Form::Data.as_str());
    finding.written = Some(written);
    finding.canonical = Some(canonical);
    finding
}
