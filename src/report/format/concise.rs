//! One line for each finding: place, code, message.

use crate::model::Outcome;
use crate::report::{Style, clean, summary};
use anstyle::{AnsiColor, Style as Look};
use std::io;

/// Writes `file:row:column: CODE message` for each finding, then the summary line.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &outcome.findings {
        let file = style.paint(Look::new().bold(), &clean::one_line(&finding.file));
        let code = style.paint(AnsiColor::Red.on_default().bold(), &finding.code.to_string());
        let start = finding.location.start;
        let message = clean::one_line(&finding.message);
        writeln!(out, "{file}:{}:{}: {code} {message}", start.row, start.column)?;
    }
    summary::write(outcome, style, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    fn text(outcome: &Outcome) -> String {
        let mut out = Vec::new();
        render(outcome, &Style { summary: false, ..Style::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_finding_is_one_line() {
        assert_eq!(text(&made_up::one()), "shop/cart.py:7:35: SSOT001 `shop.prices.VAT` is a legacy path\n");
    }

    #[test]
    fn a_line_break_in_a_name_does_not_make_a_second_line() {
        let outcome = made_up::peculiar();
        assert_eq!(text(&outcome).lines().count(), outcome.findings.len());
    }
}
