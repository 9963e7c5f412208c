//! Workflow commands of GitHub Actions: an annotation for each finding.

use crate::model::{Finding, Outcome, Severity};
use crate::report::{Style, clean, summary};
use std::io;

/// So many annotations of each level GitHub shows of one step; the others stand in its log only.
const MOST_SHOWN: usize = 10;

/// Writes a command for each finding; where GitHub will not show all, first one that says how many there are.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let is_crowded =
        |level| outcome.findings.iter().filter(|finding| finding.severity == level).count() > MOST_SHOWN;
    if [Severity::Error, Severity::Warning, Severity::Info].into_iter().any(is_crowded) {
        let all = data(&summary::summary_line(outcome));
        let rest = format!("GitHub shows {MOST_SHOWN} annotations of each level, the log has all");
        writeln!(out, "::notice title=ssot-lint::{all}. {rest}")?;
    }
    outcome.findings.iter().try_for_each(|finding| write(outcome, finding, out))
}

fn write(outcome: &Outcome, finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Off => "notice",
    };
    let file = property(&outcome.in_repository(&finding.file));
    let (start, end) = (finding.location.start, finding.location.end);
    write!(out, "::{level} file={file},line={},endLine={}", start.row, end.row)?;
    // Columns are for places on one line only.
    if start.row == end.row {
        write!(out, ",col={},endColumn={}", start.column, end.column)?;
    }
    write!(out, ",title={} {}::{}", finding.code, finding.code.name(), data(&finding.message))?;
    if let Some(help) = &finding.help {
        write!(out, "%0Ahelp: {}", data(help))?;
    }
    writeln!(out)
}

/// Text behind `::`.
fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    clean::one_line(&escaped).into_owned()
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn a_finding_is_a_command() {
        assert_eq!(
            made_up::text(render, &made_up::one()),
            "::error file=shop/cart.py,line=7,endLine=7,col=35,endColumn=38,title=SSOT001 legacy-path::\
             `shop.prices.VAT` is a legacy path%0Ahelp: import `VAT` from `shop.tax`\n"
        );
    }

    #[test]
    fn nothing_in_a_name_or_message_ends_a_property_or_starts_a_command() {
        let mut outcome = made_up::one();
        outcome.root.in_repository = "apps/a,b/".into();
        outcome.findings[0].file = "50%:\n::error::ü😀\x1b.py".into();
        outcome.findings[0].message = "100 %\r\n::stop-commands::x".into();
        outcome.findings[0].help = None;
        outcome.findings[0].location.end.row = 8;
        assert_eq!(
            made_up::text(render, &outcome),
            "::error file=apps/a%2Cb/50%25%3A%0A%3A%3Aerror%3A%3Aü😀\\u{1b}.py,line=7,endLine=8,\
             title=SSOT001 legacy-path::100 %25%0D%0A::stop-commands::x\n"
        );
    }

    #[test]
    fn more_than_github_shows_are_counted_first() {
        let mut outcome = made_up::one();
        let first = outcome.findings[0].clone();
        outcome.findings.extend(vec![first; 10]);
        let text = made_up::text(render, &outcome);
        assert!(text.starts_with("::notice title=ssot-lint::Found 11 findings (11 fixable"), "{text}");
        assert_eq!(text.lines().count(), 12);
    }
}
