//! The sample of the README: checked, migrated, run by CPython without its shims, restored.

#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::print_stdout, reason = "a test may say what it could not do")]

mod tree;

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use tree::{assert_same, delete, python, read, ssot_lint, write};

const SHIMS: [&str; 2] =
    ["netra_backend/app/websocket_core/manager.py", "netra_backend/app/websocket_core/unified_manager.py"];
const RUST_SHIMS: [&str; 2] =
    ["realtime/src/websocket_core/manager.rs", "realtime/src/websocket_core/unified_manager.rs"];
const OWN_TESTS: [&str; 3] = ["-m", "unittest", "discover"];

#[test]
fn the_sample_works_without_its_shims_after_a_migration_and_comes_back() {
    let folder = TempDir::new().expect("a temporary folder");
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    write(&folder.path().join("rules"), &read(&house.join("rules")));
    let sample = folder.path().join("fixtures/trees/websocket");
    let original = read(&house.join("fixtures/trees/websocket"));
    write(&sample, &original);
    python(&sample, &OWN_TESTS, "as it is");

    ssot_lint(&sample, &["check"], 1);
    ssot_lint(&sample, &["migrate", "--dry-run"], 0);
    assert_same(&read(&sample), &original, "after a dry run");

    ssot_lint(&sample, &["migrate", "--execute", "--backup"], 0);
    ssot_lint(&sample, &["check"], 0);
    let shims = delete(&sample, &SHIMS);
    python(&sample, &OWN_TESTS, "migrated, without the shims");
    write(&sample, &shims);

    ssot_lint(&sample, &["rollback"], 0);
    assert_same(&read(&sample), &original, "after the rollback");
}

#[test]
fn the_rust_sample_compiles_without_its_shims_after_a_migration_and_comes_back() {
    let folder = TempDir::new().expect("a temporary folder");
    let sample = folder.path().join("sample");
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let original = read(&house.join("fixtures/trees/rust_workspace"));
    write(&sample, &original);
    cargo(&sample, folder.path(), "as it is");

    ssot_lint(&sample, &["check"], 1);
    ssot_lint(&sample, &["migrate", "--execute", "--backup"], 0);
    ssot_lint(&sample, &["check"], 0);
    let shims = delete(&sample, &RUST_SHIMS);
    let parent = sample.join("realtime/src/websocket_core/mod.rs");
    let with_shims = std::fs::read_to_string(&parent).expect("the module of the shims");
    let without = with_shims.replace("pub mod manager;\n", "").replace("pub mod unified_manager;\n", "");
    std::fs::write(&parent, without).expect("the module of the shims");
    cargo(&sample, folder.path(), "migrated, without the shims");
    write(&sample, &shims);
    std::fs::write(&parent, with_shims).expect("the module of the shims");

    ssot_lint(&sample, &["rollback"], 0);
    assert_same(&read(&sample), &original, "after the rollback");
}

/// Runs the tests of the Rust project in `root` and expects that they pass; everything built goes below `scratch`.
fn cargo(root: &Path, scratch: &Path, state: &str) {
    let run = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--quiet"])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .output()
        .expect("the cargo that runs the tests can be run again");
    let _ = std::fs::remove_file(root.join("Cargo.lock"));
    assert!(run.status.success(), "{state}:\n{}", String::from_utf8_lossy(&run.stderr));
}
