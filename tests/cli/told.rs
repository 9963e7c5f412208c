//! What a migration says of what it did: the numbers in its summary, the rules in its log, and why it did not begin.

use super::{CONSUMER, Project, said};
use std::fs;

const ORDERS: &str = "[[module]]\nid = \"orders\"\ncanonical = \"shop.orders\"\nlegacy = [\"shop.ordering\"]\nrenames = { Purchase = \"Order\" }\n";

fn project() -> Project {
    let project = Project::new();
    project.write("ssot.toml", format!("{}\n{ORDERS}", project.read("ssot.toml")));
    project.write("shop/orders.py", "class Order: ...\n");
    project.write("shop/ordering.py", "from shop.orders import Order as Purchase\n");
    project
}

#[test]
fn what_only_follows_a_kept_import_is_not_counted_as_kept() {
    let project = project();
    let page = "import shop.ordering as orders  # ssot: ignore[SSOT001]\n\nprint(orders.Purchase())\n";
    project.write("shop/page.py", page);
    let said = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert!(said.err.contains("Migrated 1 finding in 1 file; 1 finding kept by comments."), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), page);
}

#[test]
fn the_log_names_the_rule_behind_what_follows_in_another_file() {
    let project = project();
    project.write("shop/page.py", "from shop.ordering import Purchase\n\nprint(Purchase)\n");
    project.write("site.py", "import shop.page\n\nprint(shop.page.Purchase)\n");
    let said = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert_eq!(
        (said.code, &*project.read("site.py")),
        (Some(0), "import shop.page\n\nprint(shop.page.Order)\n")
    );
    let run = fs::read_dir(project.root().join(".ssot-lint/runs")).unwrap().next().unwrap().unwrap().path();
    let log = fs::read_to_string(run.join("log.jsonl")).unwrap();
    let line = log.lines().find(|line| line.contains("site.py")).unwrap();
    assert!(line.contains("\"orders\""), "{line}");
}

#[cfg(unix)]
#[test]
fn without_git_there_is_no_way_back_by_git() {
    let project = Project::new();
    let said = said(project.command(&["migrate", "--execute"]).env("PATH", "").output().unwrap());
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("--backup"), "{}", said.err);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
}

#[cfg(unix)]
#[test]
fn a_git_that_cannot_be_started_is_an_error() {
    let project = Project::new();
    project.write("bin/git", "");
    let path = project.root().join("bin");
    let said = said(project.command(&["migrate", "--execute"]).env("PATH", path).output().unwrap());
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("cannot start git in"), "{}", said.err);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
}

#[test]
fn a_way_round_a_chain_of_rules_belongs_to_the_last_of_them() {
    let project = Project::new();
    let first = "[[symbol]]\nid = \"first\"\ncanonical = \"shop.prices.VAT\"\nlegacy = [\"shop.old.Vat\"]\n";
    project.write("ssot.toml", format!("{first}\n{}", project.read("ssot.toml")));
    project.write("shop/__init__.py", "from .prices import *\n");
    project.write("shop/prices.py", "from .tax import *\n");
    project.write("site.py", "from shop import VAT\n");
    let said = project.run(&["check", "--output-format", "json", "site.py"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let finding = &report["findings"][0];
    assert_eq!((&finding["code"], &finding["rule"]), (&"SSOT002".into(), &"vat".into()), "{}", said.out);
}
