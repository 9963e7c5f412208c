//! How many findings each code has.

use super::Style;
use crate::model::{Code, Finding, Fix, Outcome};
use anstyle::Style as Look;
use serde::Serialize;
use std::io;

/// How many findings one code has.
#[derive(Serialize)]
struct Count {
    code: String,
    name: &'static str,
    count: usize,
    /// How many of them can be mended.
    fixable: usize,
}

/// Writes a line for each code that occurs, the most frequent first: count, code, name and how many can be mended.
///
/// # Errors
/// When `out` cannot be written.
pub fn statistics(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let counts = counts(outcome);
    let width = counts.first().map_or(0, |most| most.count.to_string().len());
    for Count { code, name, count, fixable } in counts {
        let mark = if fixable > 0 { format!("  ({fixable} fixable)") } else { String::new() };
        let code = style.paint(Look::new().bold(), &code);
        writeln!(out, "{count:>width$}  {code}  {name}{mark}")?;
    }
    Ok(())
}

/// Writes the same as one JSON array.
///
/// # Errors
/// When `out` cannot be written.
pub fn statistics_json(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &counts(outcome))?;
    writeln!(out)
}

fn counts(outcome: &Outcome) -> Vec<Count> {
    let mut counts: Vec<Count> = Code::ALL.into_iter().filter_map(|code| counted(outcome, code)).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

fn counted(outcome: &Outcome, code: Code) -> Option<Count> {
    let of_code: Vec<&Finding> = outcome.findings.iter().filter(|finding| finding.code == code).collect();
    let fixable = of_code.iter().filter(|finding| matches!(finding.fix, Fix::Safe)).count();
    let count = of_code.len();
    (count > 0).then(|| Count { code: code.to_string(), name: code.name(), count, fixable })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn the_most_frequent_code_comes_first() {
        let mut outcome = made_up::one();
        outcome.findings.extend(vec![outcome.findings[0].clone(); 10]);
        outcome.findings[0].code = Code::Unreadable;
        outcome.findings[0].fix = Fix::None;
        let mut out = Vec::new();
        statistics(&outcome, &Style::default(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "10  SSOT001  legacy-path  (10 fixable)\n 1  SSOT000  unreadable\n"
        );
        let mut out = Vec::new();
        statistics_json(&outcome, &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let first = serde_json::json!({"code": "SSOT001", "name": "legacy-path", "count": 10, "fixable": 10});
        assert_eq!((&json[0], &json[1]["count"]), (&first, &1.into()));
    }
}
