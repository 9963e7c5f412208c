//! Places that can only move together: a name that one file patches in a module and another looks up there.

use super::project::{Project, RULES, Said, batch};
use std::process::{Command, Stdio};

const TEST: &str = "from unittest.mock import patch\n\nfrom app.cart import total\nfrom shop.prices import VAT\n\n\n\
                    @patch(\"shop.prices.VAT\", 3)\ndef test_total():\n    assert total() == 3 and VAT\n";
const CART: &str = "def total():\n    from shop.prices import VAT\n\n    return VAT\n";

/// Batches of these names, in this order; each says in `../log` that it is judged.
fn project(names: [&str; 2]) -> Project {
    let batches = names.map(|name| batch(name, &format!("echo {name} >> ../log"))).concat();
    let project = Project::new(&batches, &[]);
    project.write("app/__init__.py", "");
    project.write("app/cart.py", CART);
    project.write("tests/test_cart.py", TEST);
    project
}

fn new(text: &str) -> String {
    text.replace("shop.prices", "shop.tax")
}

/// The test without its patch.
fn half_new() -> String {
    TEST.replace("from shop.prices", "from shop.tax")
}

#[test]
fn paths_leave_a_patch_where_the_name_is_still_looked_up() {
    let project = project(["tests", "app"]);
    project.write("ssot.toml", RULES);
    let reason = "`shop.prices.VAT` is looked up in app/cart.py, which stays: both move together";
    project.execute(&["tests"]).expect(1, &["tests/test_cart.py:7:9: not migrated", reason]);
    assert_eq!((project.read("tests/test_cart.py"), project.read("app/cart.py")), (half_new(), CART.into()));
    let reason = "`shop.prices.VAT` is patched in tests/test_cart.py, which stays: both move together";
    project.execute(&["app"]).expect(1, &["app/cart.py:2:29: not migrated", reason]);
    assert_eq!(project.read("app/cart.py"), CART);
    project.execute(&[]).expect(0, &[]);
    assert_eq!((project.read("tests/test_cart.py"), project.read("app/cart.py")), (new(TEST), new(CART)));
}

#[test]
fn the_later_batch_moves_what_the_earlier_one_had_to_leave_and_both_judge_it() {
    for names in [["tests", "app"], ["app", "tests"]] {
        let project = project(names);
        project.execute(&[]).expect(0, &["Migrated 3 findings in 2 files."]);
        assert_eq!((project.read("tests/test_cart.py"), project.read("app/cart.py")), (new(TEST), new(CART)));
        // With the code first there is nothing to judge before the tests.
        let expected = if names[0] == "tests" { &["tests", "app", "tests"][..] } else { &["tests", "app"] };
        assert_eq!(project.log(), expected);
    }
}

#[test]
fn what_an_earlier_batch_wrote_needs_no_commit_but_what_others_wrote_since_does() {
    let project = project(["tests", "app"]);
    if !project.commit_all() {
        return;
    }
    project.run(&["migrate", "--execute"]).expect(0, &["Migrated 3 findings in 2 files."]);
    assert!(project.git(&["checkout", "-q", "."]));
    let ssot =
        project.read("ssot.toml").replace("echo tests", "echo '# more' >> tests/test_cart.py; echo tests");
    project.write("ssot.toml", &ssot);
    let said = project.run(&["migrate", "--execute"]);
    said.expect(2, &["no way back", "  tests/test_cart.py"]);
    assert!(project.read("tests/test_cart.py").contains("# more") && project.read("app/cart.py") == CART);
}

#[test]
fn a_failure_takes_back_both_ends_and_leaves_what_went_before() {
    let project = project(["tests", "app"]);
    let ssot = project.read("ssot.toml").replace("echo app >>", "exit 1 >>");
    project.write("ssot.toml", &ssot);
    let said = project.execute(&[]);
    said.expect(1, &["2 files put back", "is looked up in app/cart.py"]);
    assert_eq!((project.read("tests/test_cart.py"), project.read("app/cart.py")), (half_new(), CART.into()));
}

#[test]
fn a_bisection_never_parts_them() {
    let project = project(["tests", "app"]);
    project.write("app/more.py", "from shop.prices import VAT\n");
    let judge =
        "! (grep -q prices.VAT tests/test_cart.py && grep -q tax app/cart.py) && ! grep -q tax app/cart.py";
    let ssot = project.read("ssot.toml").replace("echo app >> ../log", judge);
    project.write("ssot.toml", &ssot);
    project.execute(&["--bisect"]).expect(1, &["left out"]);
    assert_eq!((project.read("tests/test_cart.py"), project.read("app/cart.py")), (half_new(), CART.into()));
    assert_eq!(project.read("app/more.py"), "from shop.tax import VAT\n");
}

#[test]
fn a_preview_of_a_file_that_changes_twice_can_be_applied() {
    let project = project(["tests", "app"]);
    if !project.commit_all() {
        return;
    }
    let Said { out, err, .. } = project.run(&["migrate"]);
    assert!(err.contains("Would migrate 3 findings in 2 files."), "{err}");
    let mut apply =
        Command::new("git").arg("apply").current_dir(project.root()).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut apply.stdin.take().unwrap(), out.as_bytes()).unwrap();
    assert!(apply.wait().unwrap().success());
    assert_eq!((project.read("tests/test_cart.py"), project.read("app/cart.py")), (new(TEST), new(CART)));
}
