//! Findings with their source lines, in the manner of rustc.

use crate::model::{Finding, Fix, Outcome};
use crate::report::snippet::{self, Block, Place};
use crate::report::{Style, summary};
use rayon::prelude::*;
use std::io;

/// Writes a block for each finding, then the summary line.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let shown = outcome.findings.par_iter().map(|finding| snippet::render(&block(finding), style));
    for text in shown.collect::<Vec<String>>() {
        writeln!(out, "{text}")?;
    }
    summary::write(outcome, style, out)
}

fn block(finding: &Finding) -> Block<'_> {
    let place = Place {
        file: &finding.file,
        position: finding.location.start,
        text: &finding.excerpt.text,
        first_row: finding.excerpt.first_row,
        span: finding.excerpt.span,
        label: None,
    };
    Block {
        severity: finding.severity,
        code: Some(finding.code.to_string()),
        title: &finding.message,
        places: vec![place],
        notes: notes(finding),
    }
}

fn notes(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    notes.extend(finding.canonical.as_ref().map(|path| ("canonical path", path.clone())));
    if finding.route.len() > 1 {
        notes.push(("reached by", finding.route.join(" -> ")));
    }
    for related in &finding.related {
        let start = related.location.start;
        notes.push(("note", format!("{} at {}:{}:{}", related.label, related.file, start.row, start.column)));
    }
    if let Fix::Refused(reason) = &finding.fix {
        notes.push(("not migrated", reason.clone()));
    }
    notes.extend(finding.help.as_ref().map(|help| ("help", help.clone())));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    fn text(outcome: &Outcome, color: bool) -> String {
        let mut out = Vec::new();
        render(outcome, &Style { color, ..Style::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_finding_is_shown_with_line_caret_and_notes() {
        let expected = "\
error[SSOT001]: `shop.prices.VAT` is a legacy path
 --> shop/cart.py:7:35
  |
7 | x = '😀'; from shop.prices import VAT
  |                                   ^^^
  |
  = canonical path: shop.tax.VAT
  = reached by: shop.prices.VAT -> shop.tax.VAT
  = help: import `VAT` from `shop.tax`

";
        let shown = text(&made_up::one(), false);
        assert_eq!(shown.split_once("Found").unwrap().0, expected);
    }

    #[test]
    fn colour_is_a_choice() {
        assert!(text(&made_up::one(), true).contains("\x1b["));
        assert!(!text(&made_up::one(), false).contains('\x1b'));
    }
}
