//! Which batches are migrated, in which order, and what a preview says of them.

use super::project::{NEW, OLD, Project, RULES, batch};
use serde_json::Value;
use std::process::{Command, Stdio};

/// Three batches that say in `../log` what they find in the first file of each.
fn three() -> Project {
    let look = "echo NAME $(cat a/x.py b/x.py c/x.py x.py | cut -d' ' -f2) >> ../log";
    let batches = ["a", "b", "c"].map(|name| batch(name, &look.replace("NAME", name))).concat();
    Project::new(&batches, &["a/x.py", "b/x.py", "c/x.py", "x.py"])
}

#[test]
fn batches_go_in_the_order_of_the_configuration_and_the_rest_is_last() {
    let project = three();
    let said = project.execute(&[]);
    said.expect(0, &["batch `a`: running `echo a", "Migrated 4 findings in 4 files."]);
    assert_eq!(
        project.log(),
        [
            "a shop.tax shop.prices shop.prices shop.prices",
            "b shop.tax shop.tax shop.prices shop.prices",
            "c shop.tax shop.tax shop.tax shop.prices"
        ]
    );
    assert_eq!(
        said.states(),
        [
            "a           done: 1 finding in 1 file, validated",
            "b           done: 1 finding in 1 file, validated",
            "c           done: 1 finding in 1 file, validated",
            "(the rest)  done: 1 finding in 1 file, not validated"
        ]
    );
    assert_eq!((project.read("x.py"), said.out.as_str()), (NEW.into(), ""));
    let again = project.execute(&[]);
    assert!(again.expect(0, &["Nothing to migrate."]).states()[0].ends_with("nothing to migrate"));
    assert_eq!(project.log().len(), 3, "a batch without changes is not validated");
}

#[test]
fn named_batches_go_in_the_same_order_and_nothing_else_goes() {
    let project = three();
    let said = project.execute(&["--batch", "c", "--batch", "a", "--batch", "a"]);
    assert_eq!(said.expect(0, &[]).states().len(), 2);
    assert_eq!(
        project.log(),
        ["a shop.tax shop.prices shop.prices shop.prices", "c shop.tax shop.prices shop.tax shop.prices"]
    );
    assert_eq!((project.read("b/x.py"), project.read("x.py")), (OLD.into(), OLD.into()));
}

#[test]
fn paths_limit_every_batch() {
    let project = three();
    project.execute(&["b", "x.py"]).expect(0, &["Migrated 2 findings in 2 files."]);
    assert_eq!(project.log(), ["b shop.prices shop.tax shop.prices shop.prices"]);
}

#[test]
fn a_file_belongs_to_the_first_batch_that_names_it_and_a_batch_without_files_is_said() {
    let late = "[[batch]]\nname = 'late'\npaths = ['a/x.py']\n[[batch]]\nname = 'typo'\npaths = ['tset']\n";
    let project = Project::new(&(batch("a", "true") + late), &["a/x.py"]);
    let words = [
        "batch `late`: all its files belong to earlier batches",
        "batch `typo` fits no source file",
        "`dir/**`",
    ];
    let said = project.execute(&["--batch", "late", "--batch", "typo"]);
    said.expect(0, &words);
    assert_eq!(project.read("a/x.py"), OLD);
    assert!(!project.execute(&["--batch", "a"]).err.contains("warning"));
}

#[test]
fn without_validation_no_command_runs() {
    let project = three();
    let said = project.execute(&["--no-validate"]);
    assert!(said.expect(0, &[]).states()[0].ends_with("not validated"), "{}", said.err);
    assert!(project.log().is_empty());
    assert!(project.runs().iter().all(|run| run["validated"] == true));
}

#[test]
fn looking_runs_no_command() {
    let project = three();
    for arguments in [&["check"][..], &["migrate"], &["migrate", "--dry-run"], &["runs"], &["config"]] {
        project.run(arguments);
    }
    assert!(project.log().is_empty());
}

/// A name that a file of the first batch renames is used by a file of the second.
fn renamed() -> Project {
    let rule = RULES.replace("shop.prices.VAT", "shop.prices.Vat");
    let project = Project::new("", &[]);
    project.write("ssot.toml", rule + &batch("a", "true") + &batch("b", "true"));
    project.write("shop/prices.py", "from shop.tax import VAT as Vat\n");
    project.write("a/__init__.py", "");
    project.write("a/api.py", "from shop.prices import Vat\n\nprint(Vat)\n");
    project.write(
        "b/x.py",
        "from a.api import Vat\nfrom shop.prices import Vat as Other\n\nprint(Vat, Other)\n",
    );
    project
}

#[test]
fn a_preview_shows_what_the_batches_will_make_one_after_the_other() {
    let project = renamed();
    if !project.commit_all() {
        return;
    }
    let start = project.snapshot();
    let said = project.run(&["migrate", "--dry-run"]);
    said.expect(
        0,
        &["  a           1 finding in 1 file; then `true`", "Would migrate", "Nothing was written"],
    );
    assert!(project.changed(&start).is_empty());
    project.run(&["migrate", "--execute"]).expect(0, &[]);
    let (api, user) = (project.read("a/api.py"), project.read("b/x.py"));
    assert!(api.contains("VAT as Vat") && user.contains("shop.tax"), "{api}{user}");
    assert!(project.git(&["checkout", "-q", "."]));
    let mut apply =
        Command::new("git").arg("apply").current_dir(project.root()).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut apply.stdin.take().unwrap(), said.out.as_bytes()).unwrap();
    assert!(apply.wait().unwrap().success());
    assert_eq!((project.read("a/api.py"), project.read("b/x.py")), (api, user));
}

#[test]
fn programs_are_told_of_each_batch() {
    let project = three();
    let said = project.run(&["migrate", "--output-format", "json", "--batch", "b"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let expected = serde_json::json!([{
        "name": "b", "state": "planned", "run": null, "mended": 1, "files": ["b/x.py"],
        "validate": ["echo b $(cat a/x.py b/x.py c/x.py x.py | cut -d' ' -f2) >> ../log"], "fault": null, "left_out": []
    }]);
    assert_eq!((&json["batches"], &json["written"]), (&expected, &Value::Bool(false)));
    assert_eq!(json["files"][0]["filename"], "b/x.py");
    let said = project.execute(&["--output-format", "json", "-q"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let states: Vec<&str> =
        json["batches"].as_array().unwrap().iter().map(|batch| batch["state"].as_str().unwrap()).collect();
    assert_eq!((said.code, states, &*said.err), (Some(0), vec!["done"; 4], ""));
    assert_eq!((json["batches"][3]["name"].clone(), json["mended"].clone()), (Value::Null, 4.into()));
    assert!(json["batches"][0]["run"].is_string() && json["run"].is_null());
}

#[test]
fn wrong_usage_says_what_to_do() {
    let project = Project::new(&(batch("tests", "true") + &batch("app", "")), &["tests/x.py"]);
    project.write("ssot.toml", RULES.to_owned() + "[[batch]]\nname = 'tests'\npaths = ['tests/']\n");
    let migrate = |more: &[&str]| project.run(&[&["migrate"], more].concat());
    migrate(&["--batch", "test"]).expect(2, &["no batch has the name `test`", "did you mean `tests`?"]);
    migrate(&["--batch", "zzz"]).expect(2, &["no batch has the name `zzz`", "the configuration has tests"]);
    migrate(&["--bisect"]).expect(2, &["--execute"]);
    migrate(&["--execute", "--bisect=0"]).expect(2, &["--bisect"]);
    migrate(&["--execute", "--bisect", "--no-validate"]).expect(2, &["cannot be used with"]);
    migrate(&["--execute", "--bisect"]).expect(2, &["no batch here has a command", "validate = "]);
    project.write("ssot.toml", RULES);
    migrate(&["--batch", "tests"]).expect(2, &["`tests`", "the configuration has no [[batch]]"]);
    assert_eq!(project.read("tests/x.py"), OLD);
}

#[test]
fn rules_from_elsewhere_bring_no_commands() {
    let project = Project::new("", &["a/x.py"]);
    project.write("ssot.toml", format!("extend-rules = ['r.toml']\n{RULES}"));
    project.write("r.toml", batch("a", "touch ../log"));
    project.execute(&[]).expect(2, &["[[batch]] in a file of rules", "r.toml:1"]);
    assert!(!project.beside("log").exists());
}
