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
fn the_same_holds_for_patterns_and_what_is_gone_is_an_error() {
    let project = Project::new();
    let dates = "deprecated-on = 2026-12-01\nremove-on = 2027-06-01\n";
    project.write("ssot.toml", format!("[[usage]]\nid = \"old\"\nfind = \"old($X)\"\n{dates}"));
    project.write("shop/cart.py", "old(1)\n");
    let days = ["2026-11-30", "2026-12-01", "2027-05-31", "2027-06-01"];
    let found = days.map(|day| on(&project, day));
    let found = found.each_ref().map(|(severity, code)| (&**severity, *code));
    let [info, warning, error] = [("info", Some(0)), ("warning", Some(1)), ("error", Some(1))];
    assert_eq!(found, [info, warning, warning, error]);
}

#[test]
fn a_pattern_has_no_shim_that_a_version_could_end() {
    let project = Project::new();
    project.write("ssot.toml", "[[usage]]\nfind = \"old($X)\"\nremoved-in = \"2.0\"\n");
    let said = project.run(&["check"]);
    let words = ["unknown key `removed-in` in [[usage]]", "ssot.toml:3", "`remove-on` takes a day"];
    assert_eq!(said.code, Some(2), "{}", said.err);
    words.iter().for_each(|word| assert!(said.err.contains(word), "{}", said.err));
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

/// The `pyproject.toml` of a project in this version, with rules for a shim that is gone in 2.0.
fn in_version(version: &str) -> Project {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}removed-in = \"2.0\"\n"));
    project.write("pyproject.toml", format!("[project]\nname = \"shop\"\n{version}\n"));
    project
}

#[test]
fn a_shim_is_a_finding_from_a_version_on() {
    let select = ["check", "--select", "SSOT009"];
    for early in ["version = \"1.9\"", "version = \"2.0rc1\""] {
        let said = in_version(early).run(&select);
        assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
    }
    let said = in_version("version = \"2.1\"").run(&select);
    let message = "the shim `shop.prices` should be gone since version 2.0; this is 2.1";
    assert!(said.code == Some(1) && said.out.contains(message), "{}", said.out);
    let shims = in_version("version = \"2.1\"").run(&["shims"]);
    assert!(shims.out.contains("(vat; removed in 2.0)"), "{}", shims.out);
}

#[test]
fn a_version_that_cannot_come_is_told() {
    let said = in_version("dynamic = [\"version\"]").run(&["check", "--select", "SSOT009"]);
    let words = [
        "ssot.toml:5: `removed-in` has no effect: the version of the project is not known",
        "help: pyproject.toml at the project root says it; `remove-on` takes a day",
    ];
    words.iter().for_each(|word| assert!(said.err.contains(word), "{}", said.err));
}
