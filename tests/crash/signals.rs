//! SIGINT and SIGTERM, sent to a real process: in the middle of writing it goes back, and says so.

use crate::Test;
use crate::child::{Order, Waiting, errors};
use crate::kills::MIGRATE;
use crate::tree::{assert_same, assert_settled, back, bytes, migrated, snapshot, tree};
use rustix::process::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

pub const ALL: &[Test] = &[
    ("a_signal_in_the_middle_of_a_migration_takes_it_back", migrations),
    ("a_signal_in_the_middle_of_a_rollback_takes_it_back", rollbacks),
    ("a_signal_after_the_decision_changes_nothing", after_the_decision),
    ("a_signal_before_anything_is_written_ends_the_process", before_anything),
];

const SIGNALS: [(Signal, i32); 2] = [(Signal::INT, 130), (Signal::TERM, 143)];

fn migrations() {
    for (signal, code) in SIGNALS {
        for at in (2..47).step_by(4) {
            let root = tree();
            let before = snapshot(root.path());
            let child = Waiting::start(root.path(), Order::AwaitSignal(at), MIGRATE);
            child.signal(signal);
            let output = child.end();
            let said = errors(&output);
            assert_eq!(output.status.code(), Some(code), "step {at}: {said}");
            let state = ["nothing was changed", "every file put back"];
            assert!(
                said.contains("stopped on request") && state.iter().any(|words| said.contains(words)),
                "{said}"
            );
            assert_same(&snapshot(root.path()), &before, &said);
            assert_settled(root.path(), &said);
        }
    }
}

fn rollbacks() {
    for (signal, code) in SIGNALS {
        let root = migrated(None);
        let before = snapshot(root.path());
        let child = Waiting::start(root.path(), Order::AwaitSignal(20), &["rollback"]);
        child.signal(signal);
        let output = child.end();
        assert_eq!(output.status.code(), Some(code), "{}", errors(&output));
        assert_same(&snapshot(root.path()), &before, "the rollback is taken back");
        back(&crate::struck::calm(), root.path()).unwrap();
    }
}

/// The last steps only close the run: it is done then, and the user is told.
fn after_the_decision() {
    let root = tree();
    let child = Waiting::start(root.path(), Order::AwaitSignal(54), MIGRATE);
    child.signal(Signal::INT);
    let output = child.end();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert!(errors(&output).contains("`ssot-lint rollback` takes it back"), "{}", errors(&output));
    assert_ne!(bytes(&snapshot(root.path())), bytes(&snapshot(tree().path())));
    assert_settled(root.path(), "sealed");
}

/// The configuration is a pipe: the process waits there, before its scan, until it is ended.
fn before_anything() {
    for (signal, _) in SIGNALS {
        let root = tree();
        let pipe = root.path().join("rules.toml");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
            .unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ssot-lint"));
        command.args(MIGRATE).args(["--config", "rules.toml"]).current_dir(root.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Opened as soon as the process has it open.
        let _writer = std::fs::File::options().write(true).open(&pipe).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
        std::fs::remove_file(&pipe).unwrap();
        assert_same(&snapshot(root.path()), &snapshot(tree().path()), "nothing was begun");
    }
}
