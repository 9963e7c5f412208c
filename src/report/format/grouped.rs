//! Findings under the name of their file.

use crate::model::{Finding, Outcome};
use crate::report::{Style, clean, summary};
use anstyle::{AnsiColor, Style as Look};
use std::io;

/// Writes each file's name with its findings indented below, then the summary line.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for group in outcome.findings.chunk_by(|one, next| one.file == next.file) {
        let file = clean::one_line(&group[0].file);
        writeln!(out, "{}:", style.paint(Look::new().bold().underline(), &file))?;
        let width = group.iter().map(|finding| place(finding).len()).max().unwrap_or(0);
        for finding in group {
            let code = style.paint(AnsiColor::Red.on_default().bold(), &finding.code.to_string());
            writeln!(out, "  {:<width$}  {code} {}", place(finding), clean::one_line(&finding.message))?;
        }
        writeln!(out)?;
    }
    summary::write(outcome, style, out)
}

fn place(finding: &Finding) -> String {
    format!("{}:{}", finding.location.start.row, finding.location.start.column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn findings_of_one_file_stand_together() {
        let mut outcome = made_up::one();
        outcome.findings.push(outcome.findings[0].clone());
        outcome.findings[1].location.start.row = 12;
        let mut out = Vec::new();
        render(&outcome, &Style { summary: false, ..Style::default() }, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "shop/cart.py:\n  7:35   SSOT001 `shop.prices.VAT` is a legacy path\n  12:35  SSOT001 `shop.prices.VAT` is a legacy path\n\n"
        );
    }
}
