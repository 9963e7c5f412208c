//! `[[usage]]` on the command line: mistakes in patterns, refusals, baselines, runs, and what JSON says.

use super::Project;
use serde_json::Value;

/// A project with one pattern, and one module that it speaks of.
fn project(rule: &str, text: &str) -> Project {
    let project = Project::new();
    project.write("ssot.toml", format!("[[usage]]\n{rule}\n"));
    project.write("shop/page.py", text);
    project
}

const OLD: &str = "id = \"old\"\nfind = \"old($X)\"\nreplace = \"new($X)\"";

#[test]
fn a_bad_pattern_is_told_with_its_place_before_anything_is_read() {
    for (rule, message) in [
        ("find = \"old(\"", "bad pattern: unexpected EOF"),
        ("find = \"$X\"", "bad pattern: a pattern that is one capture would find everything"),
        ("find = \"a::b(\"", "bad pattern: "),
        ("find = \"old($X)\"\nreplace = \"new($Y)\"", "bad pattern: `find` captures no `$Y`"),
        ("find = \"old($X)\"\nreplace = \"old(old($X))\"", "and so without end"),
        ("find = \"old($X)\"\nwhere = { Y = \"a\" }", "bad pattern: `find` captures no `$Y`"),
        ("find = \"old($X)\"\nlanguage = \"rust\"\nreplace = \"a if b\"", "bad pattern: "),
        ("find = \"old($X)\"\nreplace = \"\"", "`replace` is empty"),
    ] {
        let said = project(rule, "").run(&["check"]);
        assert_eq!(said.code, Some(2), "{rule}: {}", said.err);
        assert!(said.err.contains(message) && said.err.contains("ssot.toml:"), "{rule}: {}", said.err);
    }
}

#[test]
fn json_holds_what_is_written_and_what_shall_be() {
    let project = project(OLD, "def f():\n    return old(\n        1,\n    )\n");
    let said = project.run(&["check", "--output-format", "json", "--select", "SSOT008"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let found = &report["findings"][0];
    for (key, value) in [
        ("code", "SSOT008"),
        ("name", "usage"),
        ("rule", "old"),
        ("written", "old( 1, )"),
        ("canonical", "new($X)"),
        ("form", "usage"),
        ("fix", "safe"),
        ("message", "this is a usage `old($X)`"),
    ] {
        assert_eq!(found[key], value, "{found}");
    }
    assert_eq!((&found["location"]["row"], &found["end_location"]["row"]), (&2.into(), &4.into()));
    assert_eq!(report["summary"]["by_rule"]["old"]["findings"], 1, "{}", report["summary"]);
}

#[test]
fn what_cannot_be_written_anew_is_told_and_stays() {
    let project = project(
        "id = \"old\"\nfind = \"old($X, $Y)\"\nreplace = \"new($Y)\"",
        "old(1, 2)\nold(1,  # one\n    2)\n",
    );
    let said = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), "new(2)\nold(1,  # one\n    2)\n");
    assert!(
        said.err
            .contains("shop/page.py:2:1: not migrated: `old(1, # one 2)`: the comment `# one` would be lost"),
        "{}",
        said.err
    );
    let again = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert!(again.code == Some(1) && again.err.contains("would be lost"), "{}", again.err);
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("shop/page.py"), "old(1, 2)\nold(1,  # one\n    2)\n");
}

#[test]
fn paths_move_before_usages_and_one_run_holds_both() {
    let rules = "[[symbol]]\nid = \"vat\"\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\"]\n\
                 [[usage]]\nid = \"rate\"\nfind = \"shop.tax.VAT($X)\"\nreplace = \"shop.tax.rate($X)\"\n";
    let project = Project::new();
    project.write("ssot.toml", rules);
    project.write("shop/tax.py", "def VAT(x): ...\ndef rate(x): ...\n");
    project.write("shop/page.py", "from shop.prices import VAT\n\nx = VAT(7)\n");
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--rule", "vat"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), "from shop.tax import VAT\n\nx = VAT(7)\n");
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    let said = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), "from shop.tax import rate\n\nx = rate(7)\n");
    assert_eq!(project.run(&["check"]).code, Some(0));
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("shop/page.py"), "from shop.prices import VAT\n\nx = VAT(7)\n");
}

#[test]
fn patterns_that_lead_to_each_other_change_nothing() {
    let project = project(
        "id = \"a\"\nfind = \"a($X)\"\nreplace = \"b($X)\"\n[[usage]]\nid = \"b\"\nfind = \"b($X)\"\nreplace = \"a($X)\"",
        "a(1)\n",
    );
    let said = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("`a` and `b` lead to each other's matches without end"), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), "a(1)\n");
}

#[test]
fn a_pattern_that_finds_its_own_result_stops_no_other() {
    let project = project(
        "id = \"own\"\nfind = \"lib.Err($X)\"\nreplace = \"lib.errors.Err(str($X))\"\n[[usage]]\nid = \"b\"\nfind = \"b($X)\"\nreplace = \"c($X)\"",
        "from lib import Err\n\nErr(1)\nb(2)\n",
    );
    project.write("lib/__init__.py", "from lib.errors import Err\n");
    project.write("lib/errors.py", "class Err: ...\n");
    let said = project.run(&["migrate", "--execute", "--backup"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("what `own` writes is a match of it again, without end"), "{}", said.err);
    assert_eq!(project.read("shop/page.py"), "from lib import Err\n\nErr(1)\nc(2)\n");
}

#[test]
fn a_baseline_takes_usages_and_severities_can_be_set_by_path() {
    let project = project(OLD, "old(1)\n");
    assert_eq!(project.run(&["baseline"]).code, Some(0));
    let check = ["check", "--baseline", ".ssot-baseline"];
    assert_eq!(project.run(&check).code, Some(0));
    project.write("shop/page.py", "old(1)\nold(2)\n");
    assert_eq!(project.run(&check).code, Some(1));
    let off = "[[override]]\npaths = [\"shop/\"]\nrules = [\"old\"]\nseverity = \"off\"\n";
    project.write("ssot.toml", format!("[[usage]]\n{OLD}\n{off}"));
    assert_eq!(project.run(&["check"]).code, Some(0));
    let said = project.run(&["migrate"]);
    assert!(said.code == Some(0) && said.out.is_empty(), "{}", said.out);
}

#[test]
fn rules_shows_patterns() {
    let said = project(OLD, "").run(&["rules"]);
    assert!(said.out.contains("old (usage, error; ssot.toml:3)"), "{}", said.out);
    assert!(said.out.contains("    find       old($X)\n    replace    new($X)\n"), "{}", said.out);
}

#[test]
fn a_file_that_cannot_be_parsed_is_no_success() {
    let project = project(OLD, "old(1)\n");
    project.write("shop/broken.py", "def f(:\n    old(2)\n");
    for arguments in [&["migrate"][..], &["migrate", "--execute", "--backup"], &["migrate", "--execute"]] {
        let said = project.run(arguments);
        assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
        assert!(said.err.contains("shop/broken.py: not read"), "{}", said.err);
    }
    assert_eq!(project.read("shop/page.py"), "new(1)\n");
}
