//! The dates of a rule.

use super::{CONSUMER, Project, RULES, said};

/// Severity and exit code of the one finding on each of these days.
fn on(project: &Project, day: &str) -> (String, Option<i32>) {
    let mut command = project.command(&["check", "--output-format", "json"]);
    let said = said(command.env("SSOT_LINT_NOW", format!("{day}T12:00:00Z")).output().unwrap());
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{}", said.out);
    (report["findings"][0]["severity"].as_str().unwrap().to_owned(), said.code)
}

#[test]
fn findings_matter_more_from_each_date_on() {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}deprecated-on = 2026-12-01\nerror-on = 2027-02-01\n"));
    let days = ["2026-11-30", "2026-12-01", "2027-01-31", "2027-02-01", "2030-01-01"];
    let severities = days.map(|day| on(&project, day).0);
    assert_eq!(severities, ["info", "warning", "warning", "error", "error"]);
}

#[test]
fn an_override_by_path_counts_more_than_a_date() {
    let project = Project::new();
    let more = "[[override]]\npaths = [\"shop/**\"]\nseverity = \"info\"\n";
    project.write("ssot.toml", format!("{RULES}error-on = 2026-01-01\n{more}"));
    assert_eq!(on(&project, "2026-11-30").0, "info");
}

#[test]
fn a_path_stays_guarded_when_its_shim_is_gone() {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}error-on = 2026-01-01\nremove-on = 2026-02-01\n"));
    std::fs::remove_file(project.root().join("shop/prices.py")).unwrap();
    project.write("shop/cart.py", CONSUMER);
    assert_eq!(on(&project, "2026-11-30"), ("error".to_owned(), Some(1)));
}
