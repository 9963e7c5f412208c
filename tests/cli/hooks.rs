//! What hooks do: they name the files of a commit, and what is said of these must be what a check of the project says.

use super::Project;
use serde_json::Value;

/// What a check of `paths` finds in `file`.
fn found(project: &Project, file: &str, paths: &[&str]) -> Vec<Value> {
    let said = project.run(&[&["check", "--output-format", "json"], paths].concat());
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["filename"] == file).cloned().collect()
}

#[track_caller]
fn assert_same_alone(project: &Project, file: &str, count: usize) {
    let whole = found(project, file, &[]);
    assert_eq!(whole.len(), count, "{whole:?}");
    assert_eq!(found(project, file, &[file]), whole);
}

/// A module that imports the symbol for its own use, and a file that looks it up there.
fn looked_up() -> Project {
    let project = Project::new();
    project.write("shop/till.py", "from shop.tax import VAT\n\n\ndef sum(net):\n    return net * VAT\n");
    project.write("shop/page.py", "import shop.till as till\n\nprint(till.VAT)\n");
    project
}

#[test]
fn a_name_that_is_looked_up_somewhere_is_found() {
    assert_same_alone(&looked_up(), "shop/page.py", 1);
}

#[test]
fn a_name_that_another_file_patches_may_be_looked_up_there() {
    let project = looked_up();
    project.write("tests/test_till.py", "from unittest.mock import patch\n\npatch(\"shop.till.VAT\", 2)\n");
    assert_same_alone(&project, "shop/page.py", 0);
}

#[test]
fn a_patch_moves_when_another_file_looks_the_name_up() {
    let project = Project::new();
    project.write("shop/till.py", "from shop.tax import VAT\n");
    project.write("shop/page.py", "import shop.till as till\n\nprint(till.VAT)\n");
    project.write("tests/test_till.py", "from unittest.mock import patch\n\npatch(\"shop.till.VAT\", 2)\n");
    assert_same_alone(&project, "tests/test_till.py", 1);
}

/// What a migration of `shop/till.py` says, in a project with so many other files. Among many it is looked at alone first.
fn migrated(others: usize, way: &str, till: &str) -> (Option<i32>, String, String) {
    let project = Project::new();
    (0..others).for_each(|number| project.write(&format!("shop/other_{number}.py"), ""));
    project.write("shop/way.py", way);
    project.write("shop/till.py", till);
    let said = project.run(&["migrate", "shop/till.py"]);
    (said.code, said.out, said.err)
}

#[test]
fn a_migration_of_one_file_among_many_says_what_it_says_among_few() {
    let patch = "from unittest.mock import patch\n\npatch(\"shop.way.VAT\", 2)\n";
    let stand_in = "import sys\n\nimport shop.tax\n\nsys.modules[__name__] = shop.tax\n";
    let lazy = "def __getattr__(name):\n    if name == \"RATE\":\n        from shop.tax import VAT\n        return VAT\n";
    let changes = [
        ("", "from shop.prices import VAT\n"),
        ("from shop.prices import VAT as RATE\n", "from shop.way import RATE\n\nprint(RATE)\n"),
        ("from shop.tax import VAT as RATE\n", "from shop import way\n\nprint(way.RATE)\n"),
        ("from shop.prices import VAT\n\nRATE = VAT\n", "import shop.way as way\n\nprint(way.RATE)\n"),
        ("from shop.prices import *\n", "from shop.way import VAT\n\nprint(VAT)\n"),
        ("from shop.prices import *\n", "from shop.way import *\n\nprint(VAT)\n"),
        (stand_in, "import shop.way\n\nprint(shop.way.VAT)\n"),
        (lazy, "from shop.way import RATE\n\nprint(RATE)\n"),
    ];
    let nothing = [
        ("from shop.prices import VAT as RATE\n", "from shop.tax import VAT\n\nprint(VAT)\n"),
        ("from shop.prices import VAT\n\nprint(VAT)\n", patch),
        ("", "import importlib\n\nprint(importlib.import_module(\"shop.tax\").VAT)\n"),
        ("", "from shop.gone import VAT\nfrom elsewhere import VAT as RATE\n"),
    ];
    for (is_change, (way, till)) in
        changes.map(|case| (true, case)).into_iter().chain(nothing.map(|case| (false, case)))
    {
        let many = migrated(20, way, till);
        assert_eq!(many, migrated(0, way, till), "{way}\n{till}");
        assert_eq!(many.1.contains("+++ b/shop/till.py"), is_change, "{way}\n{till}\n{}", many.2);
    }
}

#[test]
fn a_migration_of_one_broken_file_among_many_says_that_it_is() {
    let (code, _, err) = migrated(20, "", "from shop.prices import VAT\n(");
    assert!(code == Some(2) && err.contains("shop/till.py"), "{code:?} {err}");
}
