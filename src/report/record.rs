//! The JSON shape of findings and numbers; the order of the fields is part of the contract.

use super::summary;
use crate::model::{Finding, Fix, Outcome, Position, Related, RuleCount};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// One finding.
#[derive(Serialize)]
pub struct FindingRecord<'a> {
    code: String,
    name: &'static str,
    rule: Option<&'a str>,
    severity: &'static str,
    filename: &'a str,
    location: PlaceRecord,
    end_location: PlaceRecord,
    message: &'a str,
    written: Option<&'a str>,
    canonical: Option<&'a str>,
    form: Option<&'static str>,
    route: &'a [String],
    fix: Option<&'static str>,
    refusal: Option<&'a str>,
    fingerprint: &'a str,
    certainty: &'static str,
    related: Vec<RelatedRecord<'a>>,
    applicability: Option<&'static str>,
    help: Option<&'a str>,
}

impl<'a> FindingRecord<'a> {
    /// The record of `finding`.
    pub fn new(finding: &'a Finding) -> Self {
        let (fix, applicability, refusal) = fix(&finding.fix);
        Self {
            code: finding.code.to_string(),
            name: finding.code.name(),
            rule: finding.rule.as_deref(),
            severity: finding.severity.as_str(),
            filename: &finding.file,
            location: finding.location.start.into(),
            end_location: finding.location.end.into(),
            message: &finding.message,
            written: finding.written.as_deref(),
            canonical: finding.canonical.as_deref(),
            form: finding.form.map(|form| form.as_str()),
            route: &finding.route,
            fix,
            refusal,
            fingerprint: &finding.fingerprint,
            certainty: finding.certainty.as_str(),
            related: finding.related.iter().map(RelatedRecord::new).collect(),
            applicability,
            help: finding.help.as_deref(),
        }
    }
}

/// The words for a fix: whether there is one, how far it can be trusted (in rustc's terms), why there is none.
fn fix(fix: &Fix) -> (Option<&'static str>, Option<&'static str>, Option<&str>) {
    match fix {
        Fix::Safe => (Some("safe"), Some("machine-applicable"), None),
        Fix::Unsafe => (Some("unsafe"), Some("maybe-incorrect"), None),
        Fix::Refused(reason) => (None, None, Some(reason)),
        Fix::None => (None, None, None),
    }
}

/// Row and column, both from 1.
#[derive(Serialize)]
pub struct PlaceRecord {
    row: u32,
    column: u32,
}

impl From<Position> for PlaceRecord {
    fn from(position: Position) -> Self {
        Self { row: position.row, column: position.column }
    }
}

#[derive(Serialize)]
struct RelatedRecord<'a> {
    filename: &'a str,
    location: PlaceRecord,
    end_location: PlaceRecord,
    label: &'a str,
}

impl<'a> RelatedRecord<'a> {
    fn new(related: &'a Related) -> Self {
        Self {
            filename: &related.file,
            location: related.location.start.into(),
            end_location: related.location.end.into(),
            label: &related.label,
        }
    }
}

/// The numbers.
#[derive(Serialize)]
pub struct SummaryRecord<'a> {
    files: usize,
    parsed: usize,
    findings: usize,
    suppressed: usize,
    canonical_uses: usize,
    compliance: Share,
    by_rule: BTreeMap<&'a str, RuleRecord>,
    hidden: usize,
    stale: usize,
}

/// The numbers of one rule.
#[derive(Serialize)]
pub struct RuleRecord {
    findings: usize,
    canonical_uses: usize,
    compliance: Share,
}

impl From<RuleCount> for RuleRecord {
    fn from(count: RuleCount) -> Self {
        let RuleCount { findings, canonical_uses, .. } = count;
        Self { findings, canonical_uses, compliance: Share(count.compliance()) }
    }
}

impl<'a> SummaryRecord<'a> {
    /// The record of the numbers of `outcome`.
    pub fn new(outcome: &'a Outcome) -> Self {
        let numbers = &outcome.summary;
        Self {
            files: numbers.files,
            parsed: numbers.parsed,
            findings: outcome.findings.len(),
            suppressed: outcome.suppressed.len(),
            canonical_uses: numbers.canonical_uses,
            compliance: Share(summary::compliance(outcome)),
            by_rule: numbers
                .by_rule
                .iter()
                .map(|(id, count)| (id.as_str(), RuleRecord::from(*count)))
                .collect(),
            hidden: outcome.hidden.len(),
            stale: outcome.stale.len(),
        }
    }
}

/// A share from 0 to 1, written with at most four decimals.
struct Share(Option<f64>);

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.map(|share| (share * 1e4).round() / 1e4).serialize(serializer)
    }
}
