//! `config`: what is in force and where it was written, and the schema.

use super::{Project, RULES, fails, said};
use serde_json::Value;

#[test]
fn show_names_every_value_and_its_origin() {
    let project = Project::new();
    project.write("more.toml", "[[module]]\ncanonical = \"shop.tax\"\nlegacy = [\"shop.duty\"]\n");
    project.write("ssot.toml", format!("extend-rules = [\"more.toml\"]\n\n{RULES}"));
    let shown = project.run(&["config", "--show"]);
    assert_eq!((shown.code, &*shown.err), (Some(0), ""));
    for line in [
        "canonical = \"shop.tax.VAT\"  # ssot.toml:5",
        "severity = \"error\"  # default",
        "[[module]]  # more.toml:1",
        "# id = \"shop.tax\"  # made from the others",
        "exclude = []  # default",
    ] {
        assert!(shown.out.lines().any(|found| found == line), "{line}\n{}", shown.out);
    }
    assert!(shown.out.starts_with("# configuration: /"), "{}", shown.out);
    let before = project.run(&["rules"]).out;
    project.write("ssot.toml", shown.out);
    let after = project.run(&["rules"]).out;
    let paths =
        |text: &str| text.lines().filter(|line| line.starts_with(' ')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(paths(&after), paths(&before), "what is shown is a configuration that says the same");
}

#[test]
fn json_has_the_same_with_file_and_row() {
    let said = Project::new().run(&["config", "--show", "--output-format", "json"]);
    let shown: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(shown["sources"], serde_json::json!(["ssot.toml"]));
    let tables = shown["tables"].as_array().unwrap();
    let vat = tables.iter().find(|table| table["table"] == "symbol").unwrap();
    assert_eq!(
        (&vat["origin"], &vat["filename"], &vat["row"]),
        (&"written".into(), &"ssot.toml".into(), &1.into())
    );
    let value =
        |key: &str| vat["values"].as_array().unwrap().iter().find(|value| value["key"] == key).unwrap();
    assert_eq!(
        value("id"),
        &serde_json::json!({"key": "id", "value": "vat", "origin": "written", "filename": "ssot.toml", "row": 2})
    );
    assert_eq!(
        value("severity"),
        &serde_json::json!({"key": "severity", "value": "error", "origin": "default"})
    );
    assert!(value("message")["value"].is_null());
}

#[test]
fn a_configuration_that_is_wrong_is_not_shown() {
    let project = Project::new();
    project.write("ssot.toml", "[[symbol]]\ncanonical = 1\n");
    fails(&project, &["config", "--show"], 2, &["`canonical` is a number"]);
    fails(&project, &["config", "--output-format", "json"], 2, &["--show"]);
    fails(&project, &["config", "--show", "--schema"], 2, &["cannot be used with"]);
}

#[test]
fn the_schema_needs_no_configuration() {
    let mut command = Project::new().command(&["config", "--schema"]);
    let said = said(command.current_dir(std::env::temp_dir()).output().unwrap());
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    assert_eq!(said.out, include_str!("../../schemas/ssot-lint.schema.json").replace("\r\n", "\n"));
}
