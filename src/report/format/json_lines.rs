//! One JSON object for each finding, on a line of its own.

use crate::model::Outcome;
use crate::report::Style;
use crate::report::record::FindingRecord;
use std::io;

/// Writes a line for each finding, with the fields that the `json` format has.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &outcome.findings {
        serde_json::to_writer(&mut *out, &FindingRecord::new(finding))?;
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn every_line_is_an_object() {
        let outcome = made_up::peculiar();
        let mut out = Vec::new();
        render(&outcome, &Style::default(), &mut out).unwrap();
        let lines = String::from_utf8(out).unwrap();
        assert_eq!(lines.lines().count(), outcome.findings.len());
        for line in lines.lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object());
        }
    }
}
