//! `--bisect`: the files that break a validation are found and left out, the others are migrated.

use super::project::{NEW, OLD, Project, RULES, batch};

const FILES: [&str; 7] = ["a/1.py", "a/2.py", "a/3.py", "a/4.py", "a/5.py", "a/6.py", "a/7.py"];

/// Seven files in batch `a`, and one in batch `b`.
fn project(validate: &str) -> Project {
    let project = Project::new(&(batch("a", validate) + &batch("b", "true")), &FILES);
    project.write("b/x.py", OLD);
    project
}

/// The files of batch `a` that are migrated.
fn migrated(project: &Project) -> Vec<&'static str> {
    FILES.into_iter().filter(|file| project.read(file) == NEW).collect()
}

#[test]
fn one_bad_file_is_left_out_and_the_run_goes_on() {
    let project = project("echo >> ../log; ! grep -q tax a/5.py");
    let said = project.execute(&["--bisect"]);
    let words = [
        "bisecting, validation 1 of at most 64, with no files migrated",
        "a/5.py: left out: with it `echo >> ../log; ! grep -q tax a/5.py` ended with exit status 1",
    ];
    said.expect(1, &words);
    assert_eq!(migrated(&project), ["a/1.py", "a/2.py", "a/3.py", "a/4.py", "a/6.py", "a/7.py"]);
    assert!(said.states()[0].ends_with("done without 1 file: 6 findings in 6 files, validated"));
    assert_eq!((project.read("b/x.py"), said.states().len()), (NEW.into(), 3));
    assert!(project.log().len() <= 7, "{} validations", project.log().len());
    let states: Vec<String> = project.runs().iter().map(|run| run["state"].to_string()).collect();
    assert_eq!(states.len(), 4, "the trials leave no runs: {states:?}");
    assert!(project.runs().iter().all(|run| run["validated"] == true));
    let left = project.run(&["check", "--output-format", "concise", "-q"]);
    assert!(left.out.starts_with("a/5.py") && left.out.lines().count() == 1, "{}", left.out);
}

#[test]
fn two_bad_files_are_both_left_out() {
    let project = project("! grep -q tax a/2.py && ! grep -q tax a/7.py");
    project.execute(&["--bisect"]).expect(1, &["a/2.py: left out", "a/7.py: left out"]);
    assert_eq!(migrated(&project), ["a/1.py", "a/3.py", "a/4.py", "a/5.py", "a/6.py"]);
}

#[test]
fn of_two_that_break_only_together_one_is_kept() {
    let project = project("! (grep -q tax a/1.py && grep -q tax a/6.py)");
    let said = project.execute(&["--bisect"]);
    assert_eq!(said.expect(1, &["a/6.py: left out"]).err.matches("left out").count(), 1);
    assert_eq!(migrated(&project), ["a/1.py", "a/2.py", "a/3.py", "a/4.py", "a/5.py", "a/7.py"]);
}

#[test]
fn two_that_pass_only_together_are_kept_beside_two_bad_ones() {
    let same = "test $(grep -l tax a/1.py a/7.py | wc -l) != 1";
    let project = project(&format!("{same} && ! grep -q tax a/3.py && ! grep -q tax a/4.py"));
    project.execute(&["--bisect"]).expect(1, &["a/3.py: left out", "a/4.py: left out"]);
    assert_eq!(migrated(&project), ["a/1.py", "a/2.py", "a/5.py", "a/6.py", "a/7.py"]);
}

#[test]
fn where_every_file_breaks_nothing_is_migrated_and_the_run_ends() {
    let project = project("! grep -q tax a/*.py");
    let start = project.snapshot();
    let said = project.execute(&["--bisect"]);
    said.expect(1, &["a/1.py: left out", "a/7.py: left out", "Nothing is migrated."]);
    assert!(project.changed(&start).is_empty());
    assert!(said.states()[0].contains("failed and rolled back") && said.states()[1].ends_with("not run"));
}

#[test]
fn a_validation_that_fails_without_the_migration_is_not_bisected() {
    let project = project("echo >> ../log; false");
    let start = project.snapshot();
    let said = project.execute(&["--bisect"]);
    said.expect(1, &["batch `a` fails without the migration too", "failed and rolled back"]);
    assert_eq!((project.changed(&start).len(), project.log().len()), (0, 2));
}

#[test]
fn the_number_of_validations_has_an_end() {
    let project = project("echo >> ../log; ! grep -q tax a/5.py");
    let said = project.execute(&["--bisect=3", "--output-format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    said.expect(1, &["validation 3 of at most 3"]);
    assert_eq!(project.log().len(), 4, "one for the batch, three for the bisection");
    let left: Vec<&str> = json["batches"][0]["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| left["filename"].as_str().unwrap())
        .collect();
    assert!(left.contains(&"a/5.py") && left.len() > 1, "{left:?}");
    assert_eq!(json["batches"][0]["state"], "done");
    assert_eq!(migrated(&project).len() + left.len(), 7);
}

#[test]
fn a_name_that_one_file_renames_and_another_uses_goes_on_working() {
    let project = Project::new("", &[]);
    let rule = RULES.replace("shop.prices.VAT", "shop.prices.Vat");
    project.write("ssot.toml", rule + &batch("a", "! grep -q VAT a/user.py"));
    project.write("shop/prices.py", "from shop.tax import VAT as Vat\n");
    project.write("a/__init__.py", "");
    project.write("a/api.py", "from shop.prices import Vat\n\nprint(Vat)\n");
    project.write("a/user.py", "from a.api import Vat\n\nprint(Vat)\n");
    let user = project.read("a/user.py");
    let said = project.execute(&["--bisect"]);
    said.expect(1, &["a/user.py: left out"]);
    assert_eq!(
        (project.read("a/user.py"), project.read("a/api.py")),
        (user, "from shop.tax import VAT as Vat\n\nprint(Vat)\n".into())
    );
}

#[test]
fn a_command_that_changes_the_files_stops_the_bisection_where_it_is() {
    let project = project("if grep -q tax a/5.py; then echo '#' >> a/1.py; exit 1; fi");
    project
        .execute(&["--bisect"])
        .expect(2, &["are not put back", "a/1.py: it was changed since", "--force"]);
}
