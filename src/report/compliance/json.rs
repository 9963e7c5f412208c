//! Compliance as one JSON object; the names of its fields are those that `check` uses.

use super::{Breakdown, Extent};
use crate::model::{Compliance, Detour, Moment, RuleCount};
use crate::report::Style;
use crate::report::record::RuleRecord;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct ComplianceRecord<'a> {
    version: u32,
    #[serde(flatten)]
    total: RuleRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_rule: Option<Counts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_package: Option<Counts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_owner: Option<Counts<'a>>,
    paths: Vec<PathRecord<'a>>,
    history: Vec<MomentRecord<'a>>,
}

type Counts<'a> = BTreeMap<&'a str, RuleRecord>;

#[derive(Serialize)]
struct PathRecord<'a> {
    rule: &'a str,
    written: &'a str,
    canonical: &'a str,
    uses: usize,
}

#[derive(Serialize)]
struct MomentRecord<'a> {
    commit: &'a str,
    date: &'a str,
    subject: &'a str,
    #[serde(flatten)]
    total: RuleRecord,
    unreadable: usize,
}

/// Writes one JSON object.
pub fn render(
    compliance: &Compliance,
    extent: &Extent,
    _: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let has = |by: Breakdown| extent.by.contains(&by);
    let record = ComplianceRecord {
        version: 1,
        total: compliance.total.into(),
        by_rule: has(Breakdown::Rule).then(|| records(&compliance.by_rule)),
        by_package: has(Breakdown::Package).then(|| records(&compliance.by_package)),
        by_owner: compliance.by_owner.as_ref().filter(|_| has(Breakdown::Owner)).map(records),
        paths: compliance.detours.iter().map(path).collect(),
        history: compliance.history.iter().map(moment).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &record)?;
    writeln!(out)
}

fn records(counts: &BTreeMap<String, RuleCount>) -> Counts<'_> {
    counts.iter().map(|(name, count)| (name.as_str(), RuleRecord::from(*count))).collect()
}

fn path(detour: &Detour) -> PathRecord<'_> {
    let Detour { rule, written, canonical, uses } = detour;
    PathRecord { rule, written, canonical, uses: *uses }
}

fn moment(moment: &Moment) -> MomentRecord<'_> {
    let Moment { commit, date, subject, total, unreadable } = moment;
    MomentRecord { commit, date, subject, total: (*total).into(), unreadable: *unreadable }
}
