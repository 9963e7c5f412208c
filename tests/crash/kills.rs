//! Whole or nothing, with a child process: killed after every step that touches the disk, and killed again while it
//! makes good what the kill before had left.

use crate::Test;
use crate::child::{Order, errors, run};
use crate::tree::{Snapshot, assert_readable, assert_same, assert_settled, bytes, snapshot, tree};
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

pub const ALL: &[Test] = &[
    ("a_migration_killed_after_any_step_is_whole_or_nothing", migrations),
    ("a_rollback_killed_after_any_step_is_whole_or_nothing", rollbacks),
    ("a_migration_by_batches_killed_after_any_step_is_whole_batch_by_batch", batches),
    ("a_recovery_killed_after_any_step_is_finished_by_the_next", recoveries),
];

pub const MIGRATE: &[&str] = &["migrate", "--execute", "--backup=.bak"];
const ROLLBACK: &[&str] = &["rollback"];

/// False when the child came to its end.
fn is_killed(output: &Output, when: &str) -> bool {
    match output.status.code() {
        None => true,
        Some(0) => false,
        Some(code) => panic!("{when}: exit code {code}: {}", errors(output)),
    }
}

/// The tree when nobody disturbs the command.
fn undisturbed(start: fn() -> TempDir, command: &[&str]) -> Snapshot {
    let root = start();
    assert!(!is_killed(&run(root.path(), Order::Work, command), "undisturbed"));
    snapshot(root.path())
}

/// After a kill the journal is readable; after the next command all is old or all is new, and nothing is left over.
fn assert_whole(root: &Path, before: &Snapshot, after: &Snapshot, when: &str) {
    assert_readable(root, when);
    assert!(!is_killed(&recover(root, Order::Work), when));
    let now = snapshot(root);
    if bytes(&now) != bytes(after) {
        assert_same(&now, before, when);
    }
    assert_settled(root, when);
}

/// The next command: one that writes nothing of its own, and so only makes good what was left.
fn recover(root: &Path, order: Order) -> Output {
    run(root, order, &["migrate", "--execute", "--backup", "bystander.txt"])
}

/// Kills `command` after each of its steps; then the recovery too, at a step that differs from kill to kill; and that
/// one's successor. Returns the number of kills.
fn sweep(start: fn() -> TempDir, command: &[&str]) -> usize {
    let after = undisturbed(start, command);
    for at in 0.. {
        let root = start();
        let before = snapshot(root.path());
        let when = format!("{command:?} killed at step {at}");
        if !is_killed(&run(root.path(), Order::Die(at), command), &when) {
            println!("{command:?}: killed at {at} steps");
            return at;
        }
        assert_readable(root.path(), &when);
        for again in [at % 13, at % 7] {
            recover(root.path(), Order::Die(again));
            assert_readable(root.path(), &when);
        }
        assert_whole(root.path(), &before, &after, &when);
    }
    unreachable!("the sweep ends when no step is left")
}

fn migrations() {
    assert!(sweep(tree, MIGRATE) > 55);
}

/// A tree in which the files of the folder are one batch, and the file at the top is what is left.
fn divided() -> TempDir {
    let root = tree();
    let batch = "[[batch]]\nname = \"shop\"\npaths = [\"shop/**\"]\nvalidate = [\"true\"]\n";
    let rules = fs::read_to_string(root.path().join("ssot.toml")).unwrap();
    fs::write(root.path().join("ssot.toml"), rules + batch).unwrap();
    root
}

fn batches() {
    let after = undisturbed(divided, MIGRATE);
    // Every third step: what is between them is that of a migration without batches.
    for at in (0..).step_by(3) {
        let root = divided();
        let when = format!("batches killed at step {at}");
        let is_killed = is_killed(&run(root.path(), Order::Die(at), MIGRATE), &when);
        assert_readable(root.path(), &when);
        recover(root.path(), Order::Work);
        let now = snapshot(root.path());
        let is_new = |path: &str| now[path].0 == after[path].0;
        assert_eq!(is_new("shop/cart.py"), is_new("shop/deep/x y.py"), "{when}: half a batch");
        assert!(is_new("shop/cart.py") || !is_new("top.py"), "{when}: the second batch without the first");
        assert!(!self::is_killed(&run(root.path(), Order::Work, MIGRATE), &when));
        assert_eq!(bytes(&snapshot(root.path())), bytes(&after), "{when}: the next try ends it");
        assert_settled(root.path(), &when);
        if !is_killed {
            assert!(at > 75, "only {at} steps");
            return;
        }
    }
}

fn migrated() -> TempDir {
    let root = tree();
    assert!(!is_killed(&run(root.path(), Order::Work, MIGRATE), "undisturbed"));
    root
}

fn rollbacks() {
    assert!(sweep(migrated, ROLLBACK) > 45);
}

/// A tree in which a migration was killed before the given step.
fn interrupted(at: usize) -> TempDir {
    let root = tree();
    assert!(is_killed(&run(root.path(), Order::Die(at), MIGRATE), "interrupted"));
    root
}

fn recoveries() {
    let (before, after) = (snapshot(tree().path()), undisturbed(tree, MIGRATE));
    // Half of the files are new; all are; it is decided that they stay.
    for first in [40, 47, 52] {
        for at in 0.. {
            let root = interrupted(first);
            let when = format!("killed at step {first}, its recovery at step {at}");
            let is_killed = is_killed(&recover(root.path(), Order::Die(at)), &when);
            assert_whole(root.path(), &before, &after, &when);
            if !is_killed {
                println!("recovery of step {first}: killed at {at} steps");
                break;
            }
        }
    }
}
