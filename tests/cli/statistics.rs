//! `check --statistics`: how many findings each code has.

use super::Project;

#[test]
fn the_format_json_gives_one_array() {
    let project = Project::new();
    let said = project.run(&["check", "--statistics", "--output-format", "json"]);
    assert_eq!((said.code, &*said.err), (Some(1), ""));
    let counts: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let legacy = serde_json::json!([{"code": "SSOT001", "name": "legacy-path", "count": 1, "fixable": 1}]);
    assert_eq!(counts, legacy);
    project.write("shop/cart.py", "");
    let none = project.run(&["check", "--statistics", "--output-format", "json"]);
    assert_eq!((none.code, &*none.out), (Some(0), "[]\n"));
}
