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
