//! A table in Markdown, for a comment at a pull request or the summary of a CI run.

use crate::model::{Finding, Outcome};
use crate::report::{Style, clean, summary};
use std::io;

/// GitHub refuses a longer comment. Counted in bytes, which are never fewer than its characters.
const LONGEST: usize = 65_536;
/// Kept for the line that says what was cut.
const REST: usize = 100;

/// Writes heading, summary and table; findings that a comment cannot hold are counted instead.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = format!("### ssot-lint\n\n{}\n", summary::summary_line(outcome));
    if !outcome.findings.is_empty() {
        text.push_str("\n| place | code | severity | finding |\n|---|---|---|---|\n");
    }
    let mut shown = 0;
    for finding in &outcome.findings {
        let row = row(outcome, finding);
        if text.len() + row.len() + REST > LONGEST {
            break;
        }
        text.push_str(&row);
        shown += 1;
    }
    let left = outcome.findings.len() - shown;
    if left > 0 {
        text.push_str(&format!("\n{left} more are not shown: there is no room for them here.\n"));
    }
    out.write_all(text.as_bytes())
}

fn row(outcome: &Outcome, finding: &Finding) -> String {
    let start = finding.location.start;
    let place = format!("{}:{}:{}", outcome.in_repository(&finding.file), start.row, start.column);
    let (place, message) = (code_span(&place), cell(&finding.message));
    format!("| {place} | {} | {} | {message} |\n", finding.code, finding.severity.as_str())
}

/// Text of a message: what it has between backticks stays as it is, and it cannot end its cell or open an element.
fn cell(text: &str) -> String {
    let text = clean::one_line(text).replace('|', "\\|");
    let is_balanced = text.matches('`').count().is_multiple_of(2);
    let parts = text.split('`').enumerate().map(|(number, part)| match number % 2 {
        1 if is_balanced => part.to_owned(),
        _ => part.replace('<', "&lt;"),
    });
    parts.collect::<Vec<String>>().join(if is_balanced { "`" } else { "\\`" })
}

/// Any text as code: its own backticks are fewer in a row than those around it.
fn code_span(text: &str) -> String {
    let text = clean::one_line(text).replace('|', "\\|");
    let longest = text.split(|shown| shown != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn findings_are_rows() {
        let expected = "\
### ssot-lint

Found 1 finding (1 fixable with `ssot-lint migrate`) in 1 of 30 files; compliance 0 %

| place | code | severity | finding |
|---|---|---|---|
| `shop/cart.py:7:35` | SSOT001 | error | `shop.prices.VAT` is a legacy path |
";
        assert_eq!(made_up::text(render, &made_up::one()), expected);
    }

    #[test]
    fn nothing_found_needs_no_table() {
        assert_eq!(made_up::text(render, &Outcome::default()), "### ssot-lint\n\nNo findings in 0 files\n");
    }

    #[test]
    fn names_and_messages_stay_in_their_cells() {
        assert_eq!(code_span("a``b|\n.py"), "```a``b\\|\\n.py```");
        assert_eq!(code_span("`a"), "`` `a ``");
        assert_eq!(cell("`a<T>|` <b>, a|b"), "`a<T>\\|` &lt;b>, a\\|b");
        assert_eq!(cell("one ` <x>"), "one \\` &lt;x>");
    }

    #[test]
    fn what_a_comment_cannot_hold_is_counted() {
        let mut outcome = made_up::one();
        outcome.findings[0].message = "ü".repeat(1_000);
        outcome.findings = vec![outcome.findings[0].clone(); 100];
        let text = made_up::text(render, &outcome);
        let rows = text.lines().filter(|line| line.starts_with("| `")).count();
        assert!(text.len() <= LONGEST && rows > 25, "{} bytes, {rows} rows", text.len());
        assert!(
            text.ends_with(&format!(
                "\n\n{} more are not shown: there is no room for them here.\n",
                100 - rows
            ))
        );
    }
}
