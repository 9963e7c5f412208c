//! JUnit's XML: a suite for each file, with a case for each finding, or one case that passes.

use crate::model::{Code, Finding, Outcome, Severity};
use crate::report::{Style, clean};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io;

/// Writes the document.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> =
        outcome.checked.iter().map(|file| (&**file, Vec::new())).collect();
    for finding in &outcome.findings {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    let mut report = Report::new("ssot-lint");
    for (file, findings) in by_file {
        report.add_test_suite(suite(&clean::one_line(&outcome.in_repository(file)), &findings));
    }
    report.serialize(out).map_err(io::Error::other)
}

fn suite(file: &str, findings: &[&Finding]) -> TestSuite {
    let mut suite = TestSuite::new(file);
    if findings.is_empty() {
        suite.add_test_case(case("no findings", file, TestCaseStatus::success()));
    }
    for finding in findings {
        let start = finding.location.start;
        let name = format!("{} {} at {}:{}", finding.code, finding.code.name(), start.row, start.column);
        let status = status(finding);
        let is_passed = matches!(status, TestCaseStatus::Success { .. });
        let mut case = case(&name, file, status);
        if is_passed {
            case.set_system_out(clean::one_line(&finding.message));
        }
        suite.add_test_case(case);
    }
    suite
}

fn case(name: &str, file: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(file);
    case
}

/// What makes a check fail fails here too.
fn status(finding: &Finding) -> TestCaseStatus {
    let kind = match finding.severity {
        _ if finding.code == Code::Unreadable => NonSuccessKind::Error,
        Severity::Error | Severity::Warning => NonSuccessKind::Failure,
        Severity::Info | Severity::Off => return TestCaseStatus::success(),
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(finding.severity.as_str()).set_message(clean::one_line(&finding.message));
    if let Some(help) = &finding.help {
        status.set_description(format!("help: {}", clean::one_line(help)));
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn files_are_suites_and_clean_ones_pass() {
        let mut outcome = made_up::one();
        outcome.checked = vec!["shop/cart.py".into(), "shop/<ü>\x1b\n.py".into()];
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ssot-lint" tests="2" skipped="0" failures="1" errors="0">
    <testsuite name="shop/&lt;ü&gt;\u{1b}\n.py" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="no findings" classname="shop/&lt;ü&gt;\u{1b}\n.py"/>
    </testsuite>
    <testsuite name="shop/cart.py" tests="1" skipped="0" errors="0" failures="1">
        <testcase name="SSOT001 legacy-path at 7:35" classname="shop/cart.py">
            <failure message="`shop.prices.VAT` is a legacy path" type="error">help: import `VAT` from `shop.tax`</failure>
        </testcase>
    </testsuite>
</testsuites>
"#;
        assert_eq!(made_up::text(render, &outcome), expected);
    }

    #[test]
    fn what_is_only_worth_knowing_passes_and_what_cannot_be_read_is_an_error() {
        let mut outcome = made_up::one();
        outcome.findings[0].severity = Severity::Info;
        assert!(made_up::text(render, &outcome).contains(r#"failures="0""#));
        outcome.findings[0].code = Code::Unreadable;
        assert!(made_up::text(render, &outcome).contains(r#"tests="1" skipped="0" failures="0" errors="1""#));
    }
}
