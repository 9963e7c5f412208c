//! SIGINT and SIGTERM while a batch is judged: its commands end, it is put back, and the program says where it stopped.

use super::project::{NEW, OLD, Project, Said, batch};
use std::fs;
use std::process::{Child, Command, Stdio};

/// Says in `../started` that it runs, and holds `../alive` open as long as anything of it lives.
const WAITS: &str = "exec 3> ../alive; sleep 1000 & echo x > ../started; wait";

struct Judged {
    project: Project,
    child: Child,
    alive: fs::File,
}

/// Starts a migration of the batches `a`, `b` and `c`, and returns when `b` is judged by `command`.
fn start(command: &str, more: &[&str]) -> Judged {
    let batches = batch("a", "true") + &batch("b", command) + &batch("c", "true");
    let project = Project::new(&batches, &["a/x.py", "b/x.py", "b/y.py", "c/x.py"]);
    judged(project, more)
}

/// Starts a migration, and returns when a batch is judged by a command that waits.
fn judged(project: Project, more: &[&str]) -> Judged {
    for pipe in ["started", "alive"] {
        assert!(Command::new("mkfifo").arg(project.beside(pipe)).status().unwrap().success());
    }
    let arguments = [&["migrate", "--execute", "--backup"], more].concat();
    let mut program = project.command(&arguments);
    let child = program.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let alive = fs::File::open(project.beside("alive")).unwrap();
    fs::read(project.beside("started")).unwrap();
    Judged { project, child, alive }
}

impl Judged {
    /// Sends a signal, and waits for the end of the program and of the command.
    fn end(mut self, signal: &str) -> (Project, Said) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let said = Said::of(self.child.wait_with_output().unwrap());
        assert_eq!(std::io::Read::read(&mut self.alive, &mut [0; 1]).unwrap(), 0, "the command is gone");
        (self.project, said)
    }
}

#[test]
fn a_signal_ends_the_commands_puts_the_batch_back_and_tells_the_state_of_each() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let (project, said) = start(WAITS, &[]).end(signal);
        said.expect(code, &["stopped on request"]);
        let ends = ["done: 1 finding in 1 file, validated", "stopped and rolled back", "not run", "not run"];
        for (state, end) in said.states().iter().zip(ends) {
            assert!(state.ends_with(end), "{state}");
        }
        let texts = ["a/x.py", "b/x.py", "b/y.py", "c/x.py"].map(|file| project.read(file));
        assert_eq!(texts, [NEW, OLD, OLD, OLD]);
        assert_eq!(project.runs()[1]["state"], "rolled back");
        assert!(project.runs().iter().all(|run| run["validated"] == true));
    }
}

#[test]
fn a_signal_while_a_deletion_is_judged_brings_the_shims_back() {
    let command = format!("test -f shop/prices.py || {{ {WAITS}; }}");
    let batches = batch("shop", &command);
    let project = Project::new(&batches, &["a/x.py"]);
    let (project, said) = judged(project, &["--remove-shims", "--output-format", "json"]).end("TERM");
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &json["removal"]["removed"]), (Some(143), &serde_json::json!([])), "{}", said.err);
    assert_eq!(json["removal"]["batches"][0]["state"], "rolled-back");
    assert_eq!((project.read("shop/prices.py"), project.read("a/x.py")), (NEW.into(), NEW.into()));
    assert!(project.runs().iter().all(|run| run["validated"] == true));
}

#[test]
fn a_signal_during_a_bisection_leaves_no_trial_behind() {
    // Judged are the batch, the tree without it, and then the first trial.
    let third = "echo >> ../log; test $(wc -l < ../log) != 3";
    let command = format!("{third} || {{ {WAITS}; }}; ! grep -q tax b/y.py");
    let judged = start(&command, &["--bisect", "--output-format", "json"]);
    let (project, said) = judged.end("INT");
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &json["batches"][1]["state"]), (Some(130), &"rolled-back".into()));
    assert_eq!((project.read("b/x.py"), project.read("b/y.py")), (OLD.into(), OLD.into()));
    assert_eq!(project.runs().len(), 3, "batch a, batch b, and its way back");
    project.execute(&["--no-validate"]).expect(0, &[]);
}

/// The next walk waits at the list of ignored files, which the commands of the first batch have made a pipe.
#[test]
fn a_signal_while_a_batch_is_planned_tells_the_state_of_each() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let batches = batch("a", "mkfifo .ignore") + &batch("b", "true");
        let project = Project::new(&batches, &["a/x.py", "b/x.py"]);
        let mut program = project.command(&["migrate", "--execute", "--backup"]);
        let child = program.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let pipe = project.root().join(".ignore");
        while !pipe.exists() {
            std::thread::yield_now();
        }
        let writer = fs::File::options().write(true).open(&pipe).unwrap();
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        drop(writer);
        let said = Said::of(child.wait_with_output().unwrap());
        said.expect(code, &["stopped on request"]);
        let ends = ["done: 1 finding in 1 file, validated", "stopped, see below", "not run"];
        for (state, end) in said.states().iter().zip(ends) {
            assert!(state.ends_with(end), "{state}");
        }
        assert_eq!(said.states().len(), 3);
        assert_eq!(["a/x.py", "b/x.py"].map(|file| project.read(file)), [NEW, OLD]);
        fs::remove_file(&pipe).unwrap();
        project.execute(&[]).expect(0, &[]);
        assert_eq!(project.read("b/x.py"), NEW);
    }
}
