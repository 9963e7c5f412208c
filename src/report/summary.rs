//! The summary line, and the share of uses that are canonical.

use super::{Style, count};
use crate::model::{Finding, Fix, Outcome, RuleCount};
use anstyle::{AnsiColor, Style as Look};
use std::collections::BTreeSet;
use std::io;

/// One line for people: how much was found, how much of it can be mended, and the compliance.
pub fn summary_line(outcome: &Outcome) -> String {
    let total = outcome.summary.files;
    let hidden = outcome.hidden.len();
    let found = match outcome.findings.len() {
        0 if hidden > 0 => format!("No new findings in {}", count(total, "file")),
        0 => format!("No findings in {}", count(total, "file")),
        all => format!(
            "Found {}{} in {} of {}",
            count(all, "finding"),
            mendable(outcome),
            touched_files(outcome),
            count(total, "file")
        ),
    };
    let found = if hidden > 0 { format!("{found}; {hidden} known hidden") } else { found };
    let suppressed = match outcome.suppressed.len() {
        0 => String::new(),
        suppressed => format!("; {suppressed} suppressed"),
    };
    match compliance(outcome) {
        Some(share) => format!("{found}{suppressed}; compliance {} %", percent(share)),
        None => found + &suppressed,
    }
}

/// Writes the summary line, when the style asks for it.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    if !style.summary {
        return Ok(());
    }
    let look = if outcome.findings.is_empty() { AnsiColor::Green.on_default() } else { Look::new().bold() };
    writeln!(out, "{}", style.paint(look, &summary_line(outcome)))
}

/// Canonical uses among all uses in this outcome; `None` when there is no use. What comments hide is no canonical use.
pub fn compliance(outcome: &Outcome) -> Option<f64> {
    let is_use = |finding: &&Finding| finding.code.is_use();
    let findings = outcome.findings.iter().chain(&outcome.hidden).filter(is_use).count();
    let suppressed = outcome.suppressed.iter().filter(is_use).count();
    RuleCount { findings, suppressed, canonical_uses: outcome.summary.canonical_uses }.compliance()
}

fn mendable(outcome: &Outcome) -> String {
    let fixable = outcome.findings.iter().filter(|finding| matches!(finding.fix, Fix::Safe)).count();
    if fixable == 0 { String::new() } else { format!(" ({fixable} fixable with `ssot-lint migrate`)") }
}

fn touched_files(outcome: &Outcome) -> usize {
    outcome.findings.iter().map(|finding| &finding.file).collect::<BTreeSet<_>>().len()
}

/// Whole percent, rounded down: 100 is kept for "all".
pub fn percent(share: f64) -> u32 {
    (share * 100.0).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;
    use crate::report::made_up;

    #[test]
    fn findings_files_fixes_and_compliance_are_named() {
        let mut outcome = made_up::one();
        outcome.summary.canonical_uses = 2;
        assert_eq!(
            summary_line(&outcome),
            "Found 1 finding (1 fixable with `ssot-lint migrate`) in 1 of 30 files; compliance 66 %"
        );
    }

    #[test]
    fn what_is_hidden_is_said_and_counts_for_the_compliance() {
        let mut outcome = made_up::one();
        outcome.summary.canonical_uses = 1;
        outcome.hidden = std::mem::take(&mut outcome.findings);
        assert_eq!(summary_line(&outcome), "No new findings in 30 files; 1 known hidden; compliance 50 %");
    }

    #[test]
    fn nothing_found_and_nothing_to_count() {
        assert_eq!(summary_line(&Outcome::default()), "No findings in 0 files");
    }

    #[test]
    fn only_written_paths_count_and_all_but_one_is_not_all() {
        let mut outcome = made_up::one();
        outcome.summary.canonical_uses = 999;
        assert!(summary_line(&outcome).ends_with("compliance 99 %"));
        outcome.findings[0].code = Code::Unreadable;
        assert!(summary_line(&outcome).ends_with("compliance 100 %"));
    }
}
