//! How many findings each code has.

use super::Style;
use crate::model::{Code, Finding, Fix, Outcome};
use anstyle::Style as Look;
use std::io;

/// Writes a line for each code that occurs, the most frequent first: count, code, name and how many can be mended.
///
/// # Errors
/// When `out` cannot be written.
pub fn statistics(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut counts: Vec<(Code, usize, usize)> =
        Code::ALL.into_iter().filter_map(|code| counted(outcome, code)).collect();
    counts.sort_by_key(|&(code, all, _)| (std::cmp::Reverse(all), code));
    let width = counts.first().map_or(0, |(_, all, _)| all.to_string().len());
    for (code, all, mendable) in counts {
        let mark = if mendable > 0 { format!("  ({mendable} fixable)") } else { String::new() };
        let code_text = style.paint(Look::new().bold(), &code.to_string());
        writeln!(out, "{all:>width$}  {code_text}  {}{mark}", code.name())?;
    }
    Ok(())
}

fn counted(outcome: &Outcome, code: Code) -> Option<(Code, usize, usize)> {
    let of_code: Vec<&Finding> = outcome.findings.iter().filter(|finding| finding.code == code).collect();
    let mendable = of_code.iter().filter(|finding| matches!(finding.fix, Fix::Safe)).count();
    (!of_code.is_empty()).then_some((code, of_code.len(), mendable))
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
    }
}
