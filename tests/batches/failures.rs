//! A batch whose validation fails: rolled back exactly, the run stopped, and the state of each batch told.

use super::project::{NEW, OLD, Project, batch};
use serde_json::Value;

/// Three batches, each with two files; the command of one of them fails.
fn failing(name: &str, command: &str) -> Project {
    let commands = |batch_name| if batch_name == name { command } else { "true" };
    let batches = ["a", "b", "c"].map(|name| batch(name, commands(name))).concat();
    Project::new(&batches, &["a/x.py", "a/y.py", "b/x.py", "b/y.py", "c/x.py", "c/y.py", "rest.py"])
}

#[test]
fn the_first_a_middle_or_the_last_batch_is_taken_back_exactly_and_ends_the_run() {
    for (at, name) in ["a", "b", "c"].into_iter().enumerate() {
        let project = failing(name, "true && exit 3");
        let start = project.snapshot();
        let said = project.execute(&[]);
        let error = format!("error: batch `{name}` failed: `true && exit 3` ended with exit status 3");
        said.expect(1, &[&error, "2 files put back as before", "--bisect"]);
        let done: Vec<String> = ["a", "b"][..at]
            .iter()
            .flat_map(|name| [format!("{name}/x.py"), format!("{name}/y.py")])
            .collect();
        assert_eq!(project.changed(&start), done, "{name}");
        let states = said.states();
        assert_eq!(states.len(), 4);
        for (index, state) in states.iter().enumerate() {
            let expected = match index.cmp(&at) {
                std::cmp::Ordering::Less => "done: 2 findings in 2 files, validated",
                std::cmp::Ordering::Equal => {
                    "failed and rolled back: `true && exit 3` ended with exit status 3"
                }
                std::cmp::Ordering::Greater => "not run",
            };
            assert!(state.ends_with(expected), "{state}");
        }
        assert_eq!(project.runs()[1]["state"], "rolled back");
    }
}

#[test]
fn programs_are_told_what_failed() {
    let project = failing("b", "exit 7");
    let said = project.execute(&["--output-format", "json"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &json["written"], &json["mended"]), (Some(1), &true.into(), &2.into()));
    let batch = &json["batches"][1];
    let fault = serde_json::json!({"command": "exit 7", "status": 7, "reason": "ended with exit status 7"});
    assert_eq!((&batch["state"], &batch["fault"]), (&"rolled-back".into(), &fault));
    assert_eq!(batch["files"], serde_json::json!(["b/x.py", "b/y.py"]));
    assert_eq!(json["batches"][2]["state"], "not-run");
    assert_eq!(json["files"].as_array().unwrap().len(), 2);
}

#[test]
fn a_failure_is_told_in_quiet_too() {
    let said = failing("a", "exit 1").execute(&["-q"]);
    said.expect(1, &["batch `a` failed"]);
    assert!(!said.err.contains("running"), "{}", said.err);
}

#[test]
fn several_commands_stop_at_the_first_that_fails() {
    let batches = "[[batch]]\nname = 'a'\npaths = ['a/']\nvalidate = ['echo 1 >> ../log', 'exit 2', 'echo 3 >> ../log']\n";
    let project = Project::new(batches, &["a/x.py"]);
    project.execute(&[]).expect(1, &["`exit 2` ended with exit status 2"]);
    assert_eq!((project.log(), project.read("a/x.py")), (vec!["1".to_owned()], OLD.into()));
}

#[test]
fn a_command_that_is_not_there_or_dies_is_a_failure_like_any_other() {
    for (command, words) in [
        ("no-such-command --x", "ended with exit status 127: the shell found no such command"),
        ("./a", "ended with exit status 126: the shell could not run it"),
        ("kill -9 $$", "was ended by signal 9"),
    ] {
        let project = failing("a", command);
        let start = project.snapshot();
        project.execute(&[]).expect(1, &[command, words]);
        assert!(project.changed(&start).is_empty(), "{command}");
    }
}

#[test]
fn commands_run_in_the_root_without_input_and_say_all_they_want() {
    let loud = "test -f ssot.toml && ! read line && head -c 3000000 /dev/zero | tr '\\0' x && \
                head -c 3000000 /dev/zero | tr '\\0' y >&2";
    let project = Project::new(&batch("a", loud), &["a/x.py"]);
    project.write("deep/er/x.txt", "");
    let mut command = project.command(&["migrate", "--execute", "--backup"]);
    let said =
        super::project::Said::of(command.current_dir(project.root().join("deep/er")).output().unwrap());
    said.expect(0, &["done: 1 finding in 1 file, validated"]);
    let count = |letter| said.err.chars().filter(|&each| each == letter).count();
    assert!(count('x') >= 3_000_000 && count('y') >= 3_000_000 && said.out.is_empty());
}

#[test]
fn a_command_that_changes_the_files_and_fails_leaves_a_way_back() {
    let project = failing("b", "echo '# formatted' >> b/y.py; exit 1");
    let start = project.snapshot();
    let said = project.execute(&[]);
    let words = [
        "batch `b`: `echo '# formatted' >> b/y.py; exit 1` ended with exit status 1",
        "are not put back",
        "b/y.py: it was changed since",
        "rollback 2026",
        "--force",
    ];
    said.expect(2, &words);
    assert!(said.states()[1].contains("failed and not rolled back"), "{}", said.err);
    assert!(said.states()[2].ends_with("not run"));
    assert_eq!(project.read("b/x.py"), NEW);
    let run = project.runs()[0]["id"].as_str().unwrap().to_owned();
    let back = project.run(&["rollback", &run, "--force"]);
    back.expect(0, &[]);
    assert_eq!(project.read("b/y.py"), OLD);
    let kept = format!("b/y.py.ssot-lint-kept-{run}");
    assert_eq!(project.changed(&start), ["a/x.py", "a/y.py", kept.as_str()]);
    assert!(project.read(&kept).contains("# formatted"));
}

#[test]
fn a_command_that_changes_the_files_and_passes_is_told() {
    let project = failing("a", "echo '# formatted' >> a/x.py");
    project
        .execute(&[])
        .expect(0, &["batch `a`: its validation changed 1 file that it had just written: a/x.py", "--force"]);
    assert!(project.read("a/x.py").contains("# formatted"));
}

#[test]
fn a_batch_that_cannot_be_written_ends_the_run_with_the_state_of_each() {
    let project = failing("c", "true");
    if !project.commit_all() {
        return;
    }
    project.write("b/x.py", format!("{OLD}# mine\n"));
    let said = project.run(&["migrate", "--execute"]);
    said.expect(2, &["no way back: git does not hold these files", "b/x.py"]);
    let ends = ["done: 2 findings in 2 files, validated", "stopped, see below", "not run", "not run"];
    for (state, end) in said.states().iter().zip(ends) {
        assert!(state.ends_with(end), "{state}");
    }
    assert_eq!((project.read("a/x.py"), project.read("b/y.py")), (NEW.into(), OLD.into()));
}

#[test]
fn copies_that_a_backup_leaves_go_with_the_failed_batch() {
    let project = failing("b", "ls b/x.py.orig b/y.py.orig && exit 1");
    let start = project.snapshot();
    project.run(&["migrate", "--execute", "--backup=.orig"]).expect(1, &["b/y.py.orig"]);
    assert_eq!(project.changed(&start), ["a/x.py", "a/x.py.orig", "a/y.py", "a/y.py.orig"]);
}

#[test]
fn a_command_that_deletes_the_way_back_does_not_lose_the_files() {
    let project = failing("b", "rm -rf .ssot-lint; exit 1");
    let (before, texts) = (project.read("b/x.py"), |file: &str| project.read(file));
    let words = ["is gone from .ssot-lint", "put back from memory", "batch `b` failed"];
    project.execute(&[]).expect(1, &words);
    assert_eq!((texts("b/x.py"), texts("b/y.py"), texts("a/x.py")), (before.clone(), before, NEW.into()));
    let project = failing("b", "rm -rf .ssot-lint");
    project.execute(&[]).expect(0, &["is gone from .ssot-lint", "no way back but git"]);
}
