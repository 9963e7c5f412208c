//! The audit log of a migration in batches, the way back from it, and a validation that was cut off.

use super::project::{NEW, OLD, Project, batch};
use std::fs::File;
use std::process::{Child, Command, Stdio};

fn id(run: &serde_json::Value) -> &str {
    run["id"].as_str().unwrap()
}

#[test]
fn every_batch_is_a_run_and_all_know_their_migration() {
    let project = Project::new(&(batch("a", "true") + &batch("b", "true")), &["a/x.py", "b/x.py", "x.py"]);
    project.execute(&[]).expect(0, &[]);
    let runs = project.runs();
    let batches: Vec<&serde_json::Value> = runs.iter().map(|run| &run["batch"]).collect();
    assert_eq!(batches, [&serde_json::Value::Null, &"b".into(), &"a".into()]);
    assert!(runs.iter().all(|run| run["migration"] == runs[2]["id"] && run["validated"] == true));
    assert_eq!(runs[1]["files"], serde_json::json!(["b/x.py"]));
    let text = project.run(&["runs"]).out;
    let (first, migration) = (id(&runs[2]), format!("of migration {}", id(&runs[2])));
    let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("2026")).collect();
    assert_eq!(heads[2], format!("{first}  2026-11-20T10:15:00Z  in effect  1 file  vat (batch a)"));
    assert!(heads[1].ends_with(&format!("(batch b {migration})")), "{text}");
    assert!(heads[0].ends_with(&format!("(the rest {migration})")), "{text}");
    // Each is taken back by itself, the newest first.
    for (left, file) in [(2, "x.py"), (1, "b/x.py"), (0, "a/x.py")] {
        assert_eq!(project.read(file), NEW);
        let said = project.run(&["rollback"]);
        assert_eq!(said.expect(0, &[]).err.contains("of this migration in effect"), left > 0, "{}", said.err);
        assert_eq!(project.read(file), OLD);
    }
}

#[test]
fn an_older_run_waits_for_the_newer_ones_over_its_files() {
    let project = Project::new(&(batch("a", "true") + &batch("b", "true")), &["a/x.py", "b/x.py"]);
    project.execute(&[]).expect(0, &[]);
    project.write("a/x.py", format!("{NEW}{OLD}"));
    project.execute(&[]).expect(0, &[]);
    let runs = project.runs();
    let [newest, _, oldest] = &runs[..] else { panic!("{runs:?}") };
    let said = project.run(&["rollback", id(oldest)]);
    said.expect(
        2,
        &[&format!("roll back {} first: newer than {}", id(newest), id(oldest)), "nothing was changed"],
    );
    let start = project.snapshot();
    project.run(&["rollback", id(&runs[1])]).expect(0, &[]);
    assert_eq!(project.changed(&start), ["b/x.py"], "other files do not matter");
    project.run(&["rollback", id(newest)]).expect(0, &[]);
    assert_eq!(project.read("a/x.py"), format!("{NEW}{OLD}"));
}

/// A command that says in `../started` that it runs, and then waits for `../go`.
const WAITS: &str = "echo x > ../started; read line < ../go; ! grep -q stop a/x.py";

/// Starts a migration and returns when the command of batch `a` waits.
fn start(project: &Project) -> Child {
    for pipe in ["started", "go"] {
        assert!(Command::new("mkfifo").arg(project.beside(pipe)).status().unwrap().success());
    }
    let mut command = project.command(&["migrate", "--execute", "--backup"]);
    let child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    std::fs::read(project.beside("started")).unwrap();
    child
}

/// Lets the command go on.
fn release(project: &Project) {
    drop(File::options().write(true).open(project.beside("go")).unwrap());
    for pipe in ["started", "go"] {
        std::fs::remove_file(project.beside(pipe)).unwrap();
    }
}

/// Kills the program with SIGKILL while the batch `a` is validated. The command itself survives.
fn cut_off(project: &Project) {
    let mut child = start(project);
    child.kill().unwrap();
    child.wait().unwrap();
    release(project);
}

#[test]
fn nobody_else_migrates_while_a_batch_is_judged_and_everybody_may_look() {
    let project = Project::new(&batch("a", WAITS), &["a/x.py", "b/x.py"]);
    let mut child = start(&project);
    for arguments in [&["migrate", "--execute", "--backup"][..], &["rollback"]] {
        project
            .run(arguments)
            .expect(2, &["another ssot-lint is changing files here", "nothing was changed"]);
    }
    project.run(&["check", "a"]).expect(0, &[]);
    project.run(&["runs"]).expect(0, &[]);
    project.run(&["rollback", "--dry-run"]).expect(0, &[]);
    release(&project);
    assert!(child.wait().unwrap().success());
    assert_eq!(project.read("b/x.py"), NEW);
    project.run(&["rollback"]).expect(0, &[]);
}

fn waiting() -> Project {
    let project = Project::new(&batch("a", WAITS), &["a/x.py", "a/y.py"]);
    cut_off(&project);
    project.write(
        "ssot.toml",
        project.read("ssot.toml").replace("echo x > ../started; read line < ../go; ", ""),
    );
    project
}

#[test]
fn a_killed_validation_is_made_up_for_by_the_next_migration() {
    let project = waiting();
    assert_eq!(project.read("a/x.py"), NEW);
    assert_eq!(project.runs()[0]["validated"], false);
    assert!(project.run(&["runs"]).out.contains("in effect, not validated"));
    let run = id(&project.runs()[0]).to_owned();
    let warning = format!("run {run} (batch `a`) was interrupted before it was validated");
    project.execute(&["--no-validate"]).expect(0, &[&warning, &format!("ssot-lint rollback {run}")]);
    let said = project.execute(&[]);
    said.expect(0, &[&warning, "its commands are run now", "batch `a`: running `! grep"]);
    assert!(project.runs().iter().all(|run| run["validated"] == true));
    assert!(!project.execute(&[]).err.contains("interrupted"));
}

#[test]
fn a_killed_validation_that_fails_when_it_is_made_up_for_takes_the_run_back() {
    let project = waiting();
    let ssot = project.read("ssot.toml");
    project.write("ssot.toml", ssot.replace("grep -q stop", "grep -q tax"));
    project.write("a/z.py", OLD);
    let said = project.execute(&["--bisect"]);
    said.expect(1, &["a/x.py: left out"]);
    assert_eq!([project.read("a/x.py"), project.read("a/y.py"), project.read("a/z.py")], [OLD, NEW, NEW]);
}

#[test]
fn the_way_back_from_a_killed_validation_is_open() {
    let project = waiting();
    project.run(&["rollback"]).expect(0, &[]);
    assert_eq!((project.read("a/x.py"), project.read("a/y.py")), (OLD.into(), OLD.into()));
    assert!(project.runs().iter().all(|run| run["validated"] == true));
}

#[test]
fn a_run_from_elsewhere_cannot_reach_the_terminal() {
    let project = Project::new(&batch("a", "true"), &["a/x.py"]);
    project.execute(&[]).expect(0, &[]);
    let run = format!(".ssot-lint/runs/{}/run.json", id(&project.runs()[0]));
    let json = project.read(&run).replace("a/x.py", "a/\\u001b[31m.py").replace("\"a\"", "\"\\u001b[2J\"");
    project.write(&run, json);
    let said = project.run(&["runs"]).out + &project.run(&["rollback", "--dry-run"]).out;
    assert!(said.contains("batch \\u{1b}[2J") && !said.contains('\u{1b}'), "{said}");
}
