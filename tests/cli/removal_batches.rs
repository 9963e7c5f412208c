//! `migrate --remove-shims` batch by batch: whose commands judge a deletion, and what comes back when they fail.

use super::{Project, RULES, Said, fails};
use serde_json::Value;

const REMOVE: [&str; 4] = ["migrate", "--execute", "--allow-dirty", "--remove-shims"];

fn exists(project: &Project, path: &str) -> bool {
    project.root().join(path).exists()
}

/// Two shims: `shop/prices.py`, and `tests/old.py`, which the shop imports. Commands note what they see in `log`.
fn shop(tests: &str, shop: &str) -> Project {
    let project = Project::new();
    let more = RULES.replace("\"vat\"", "\"old\"").replace("shop.prices.VAT", "tests.old.VAT");
    let batch = |name: &str, paths: &str, command: &str| {
        format!("[[batch]]\nname = \"{name}\"\npaths = [\"{paths}/**\"]\nvalidate = ['{command}']\n")
    };
    let batches = batch("tests", "tests", tests) + &batch("shop", "shop", shop);
    project.write("ssot.toml", RULES.to_owned() + &more + &batches);
    project.write("tests/__init__.py", "");
    project.write("tests/old.py", "from shop.tax import VAT\n");
    project.write("tests/test_cart.py", "from shop.prices import VAT\n");
    project.write("shop/page.py", "from tests.old import VAT\n");
    project
}

fn note(name: &str) -> String {
    format!("echo {name} $(ls shop/prices.py tests/old.py 2>/dev/null) >> log")
}

fn removed(said: &Said) -> Value {
    let report: Value = serde_json::from_str(&said.out).unwrap();
    report["removal"].clone()
}

#[test]
fn each_batch_deletes_its_own_and_its_commands_judge_that_too() {
    let project = shop(&note("tests"), &note("shop"));
    let said = project.run(&REMOVE);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // Migrated, migrated, and then one deletion after the other.
    let log =
        "tests shop/prices.py tests/old.py\nshop shop/prices.py tests/old.py\ntests shop/prices.py\nshop\n";
    assert_eq!(project.read("log"), log, "{}", said.err);
    for words in ["Shims in batches:\n  tests  done: 1 shim in 1 file, validated, run ", "Removed 2 shims.\n"]
    {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    assert_eq!(project.run(&["runs"]).out.matches("in effect").count(), 4);
    // Each comes back alone.
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert!(exists(&project, "shop/prices.py") && !exists(&project, "tests/old.py"));
    assert_eq!(project.read("tests/test_cart.py"), "from shop.tax import VAT\n");
}

#[test]
fn what_fails_without_a_shim_gets_it_back_and_nothing_else() {
    let project = shop("true", "test -f shop/prices.py");
    let said = project.run(&[&REMOVE[..], &["--output-format", "json"]].concat());
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(exists(&project, "shop/prices.py") && !exists(&project, "tests/old.py"));
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n", "the migration stays");
    let removal = removed(&said);
    assert_eq!(removal["removed"], serde_json::json!(["tests/old.py"]));
    assert_eq!(removal["batches"][1]["state"], "rolled-back");
    assert_eq!(removal["batches"][1]["fault"]["command"], "test -f shop/prices.py");
    assert_eq!(removal["kept"][0]["written"], "shop.prices");
    let reason = "without it `test -f shop/prices.py` ended with exit status 1";
    assert_eq!(removal["kept"][0]["reason"], reason);
    fails(
        &project,
        &REMOVE,
        1,
        &[
            &format!("shop/prices.py:1:1: not removed: `shop.prices`: {reason}"),
            "shop  failed and rolled back: `test -f shop/prices.py` ended with exit status 1",
            "No shim to remove; 1 shim left, see above.",
        ],
    );
}

#[test]
fn a_failure_in_one_batch_leaves_the_others_their_turn() {
    let project = shop("test -f tests/old.py", "true");
    fails(&project, &REMOVE, 1, &["not removed: `tests.old`: without it", "Removed 1 shim; 1 shim left"]);
    assert!(!exists(&project, "shop/prices.py") && exists(&project, "tests/old.py"));
}

#[test]
fn only_the_batches_that_are_named_delete() {
    let project = shop("true", "true");
    let said = project.run(&[&REMOVE[..], &["--batch", "tests"]].concat());
    assert!(said.err.contains("not removed: `tests.old`: 1 place refers to it"), "{}", said.err);
    assert!(!said.err.contains("shop.prices"), "{}", said.err);
    let said = project.run(&[&REMOVE[..], &["--batch", "shop"]].concat());
    assert!(said.err.contains("Removed 1 shim."), "{}", said.err);
    assert!(!exists(&project, "shop/prices.py") && exists(&project, "tests/old.py"));
    let said = project.run(&[&REMOVE[..], &["--batch", "tests"]].concat());
    assert!(said.code == Some(0) && !exists(&project, "tests/old.py"), "{}", said.err);
}

#[test]
fn a_batch_that_fails_before_deletes_nothing() {
    let project = shop("true", "false");
    let said = project.run(&REMOVE);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(!said.err.contains("Removed") && !said.err.contains("not removed"), "{}", said.err);
    assert!(exists(&project, "shop/prices.py") && exists(&project, "tests/old.py"));
}

#[test]
fn a_preview_names_the_commands_and_runs_none() {
    let project = shop(&note("tests"), &note("shop"));
    if !project.commit_all() {
        return;
    }
    let said = project.run(&["migrate", "--remove-shims"]);
    assert!(!exists(&project, "log") && said.code == Some(0), "{}", said.err);
    let line = format!("  shop   1 shim in 1 file; then `{}`\n", note("shop"));
    assert!(said.err.contains(&line) && said.err.contains("Would remove 2 shims."), "{}", said.err);
    project.write(".git/shims.patch", &said.out);
    assert!(project.git(&["apply", ".git/shims.patch"]), "{}", said.out);
    assert!(!exists(&project, "shop/prices.py") && !exists(&project, "tests/old.py"));
}

#[test]
fn a_run_that_its_own_commands_delete_comes_back_from_memory() {
    let project = shop("true", "test -f shop/prices.py || { rm -r .ssot-lint/runs; false; }");
    fails(&project, &REMOVE, 1, &["is gone from .ssot-lint", "not removed: `shop.prices`: without it"]);
    assert_eq!(project.read("shop/prices.py"), "from shop.tax import VAT\n");
}

#[test]
fn a_rust_module_goes_with_the_later_of_its_two_batches() {
    let project = Project::new();
    std::fs::remove_dir_all(project.root().join("shop")).unwrap();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write("src/lib.rs", "pub mod old;\npub mod tax;\n");
    project.write("src/tax.rs", "pub fn f() {}\n");
    project.write("src/old.rs", "pub use crate::tax::*;\n");
    let rules = "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\"]\n\
        [[batch]]\nname = \"old\"\npaths = [\"src/old.rs\"]\nvalidate = [\"echo old >> log\"]\n\
        [[batch]]\nname = \"all\"\npaths = [\"src/**\"]\nvalidate = [\"echo all >> log\"]\n";
    project.write("ssot.toml", rules);
    let said = project.run(&REMOVE);
    assert!(said.code == Some(0) && said.err.contains("Removed 1 shim."), "{}", said.err);
    assert_eq!(
        (project.read("log"), project.read("src/lib.rs")),
        ("all\nold\n".into(), "pub mod tax;\n".into())
    );
}
