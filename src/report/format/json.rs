//! One JSON object with every finding and the numbers.

use crate::model::Outcome;
use crate::report::Style;
use crate::report::record::{FindingRecord, SummaryRecord};
use serde::Serialize;
use std::io;

/// Version of the layout; it grows when a field changes its meaning or goes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<FindingRecord<'a>>,
    summary: SummaryRecord<'a>,
}

/// Writes the object and a line break.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        findings: outcome.findings.iter().map(FindingRecord::new).collect(),
        summary: SummaryRecord::new(outcome),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;
    use serde_json::{Value, json};

    fn document(outcome: &Outcome) -> Value {
        let mut out = Vec::new();
        render(outcome, &Style::default(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_finding_has_every_field_in_order() {
        let document = document(&made_up::one());
        let finding = document["findings"][0].as_object().unwrap();
        let names: Vec<&str> = finding.keys().map(String::as_str).collect();
        let contract = "code name rule severity filename location end_location message written canonical form route \
                        fix refusal fingerprint certainty related applicability help";
        assert_eq!(names.join(" "), contract);
        assert_eq!(finding["location"], json!({"row": 7, "column": 35}));
        assert_eq!(finding["fix"], "safe");
    }

    #[test]
    fn the_summary_counts_paths_and_rounds_to_four_decimals() {
        let mut outcome = made_up::one();
        outcome.summary.canonical_uses = 2;
        let summary = document(&outcome)["summary"].clone();
        assert_eq!(
            summary,
            json!({"files": 30, "parsed": 3, "findings": 1, "suppressed": 0, "canonical_uses": 2, "compliance": 0.6667,
                "by_rule": {"vat": {"findings": 1, "canonical_uses": 0, "compliance": 0.0}},
                "hidden": 0, "stale": 0})
        );
    }

    #[test]
    fn nothing_to_count_is_null() {
        assert_eq!(document(&Outcome::default())["summary"]["compliance"], Value::Null);
    }
}
