//! Logging commands of Azure Pipelines: an issue for each finding.

use crate::model::{Outcome, Severity};
use crate::report::{Style, clean};
use std::io;

/// Writes a command for each finding.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &outcome.findings {
        // Azure knows no third level.
        let level = if finding.severity == Severity::Error { "error" } else { "warning" };
        let file = property(&outcome.in_repository(&finding.file));
        let start = finding.location.start;
        let place = format!("sourcepath={file};linenumber={};columnnumber={}", start.row, start.column);
        write!(out, "##vso[task.logissue type={level};{place};code={};]", finding.code)?;
        writeln!(out, "{}", data(&finding.message))?;
    }
    Ok(())
}

/// Text behind the brackets.
fn data(text: &str) -> String {
    let escaped = text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    clean::one_line(&escaped).into_owned()
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn a_finding_is_an_issue() {
        assert_eq!(
            made_up::text(render, &made_up::one()),
            "##vso[task.logissue type=error;sourcepath=shop/cart.py;linenumber=7;columnnumber=35;code=SSOT001;]\
             `shop.prices.VAT` is a legacy path\n"
        );
    }

    #[test]
    fn nothing_in_a_name_or_message_ends_a_property_or_the_line() {
        let mut outcome = made_up::one();
        outcome.findings[0].file = "a;type=warning]%\n.py".into();
        outcome.findings[0].message = "x\n##vso[task.setvariable]\x1b%".into();
        outcome.findings[0].severity = Severity::Info;
        assert_eq!(
            made_up::text(render, &outcome),
            "##vso[task.logissue type=warning;sourcepath=a%3Btype=warning%5D%AZP25%0A.py;linenumber=7;\
             columnnumber=35;code=SSOT001;]x%0A##vso[task.setvariable]\\u{1b}%AZP25\n"
        );
    }
}
