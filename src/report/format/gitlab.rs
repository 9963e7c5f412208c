//! A code quality report for GitLab: one JSON array, in the terms of Code Climate.

use crate::model::{Finding, Outcome, Severity};
use crate::report::Style;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Issue<'a> {
    r#type: &'static str,
    check_name: String,
    description: &'a str,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the array and a line break.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut seen = FxHashMap::default();
    let issues: Vec<Issue<'_>> =
        outcome.findings.iter().map(|finding| issue(outcome, finding, &mut seen)).collect();
    serde_json::to_writer(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'a>(outcome: &Outcome, finding: &'a Finding, seen: &mut FxHashMap<&'a str, u32>) -> Issue<'a> {
    let (start, end) = (finding.location.start, finding.location.end);
    Issue {
        r#type: "issue",
        check_name: format!("{} {}", finding.code, finding.code.name()),
        description: &finding.message,
        categories: ["Clarity"],
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info | Severity::Off => "info",
        },
        fingerprint: unique(&finding.fingerprint, seen),
        location: Place {
            path: outcome.in_repository(&finding.file),
            lines: Lines { begin: start.row, end: end.row },
        },
    }
}

/// GitLab takes two issues with one fingerprint for the same.
fn unique<'a>(fingerprint: &'a str, seen: &mut FxHashMap<&'a str, u32>) -> String {
    let times = seen.entry(fingerprint).or_default();
    *times += 1;
    if *times == 1 { fingerprint.to_owned() } else { format!("{fingerprint}-{times}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;
    use serde_json::{Value, json};

    #[test]
    fn a_finding_is_an_issue_with_a_fingerprint_of_its_own() {
        let mut outcome = made_up::one();
        outcome.root.in_repository = "apps/".into();
        outcome.findings.push(outcome.findings[0].clone());
        let issues: Value = serde_json::from_str(&made_up::text(render, &outcome)).unwrap();
        assert_eq!(
            issues[0],
            json!({"type": "issue", "check_name": "SSOT001 legacy-path",
                "description": "`shop.prices.VAT` is a legacy path", "categories": ["Clarity"], "severity": "major",
                "fingerprint": "0123", "location": {"path": "apps/shop/cart.py", "lines": {"begin": 7, "end": 7}}})
        );
        assert_eq!(issues[1]["fingerprint"], "0123-2");
    }

    #[test]
    fn nothing_found_is_an_empty_array() {
        assert_eq!(made_up::text(render, &Outcome::default()), "[]\n");
    }
}
