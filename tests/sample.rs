//! The sample of the README: checked, migrated, run by CPython without its shims, restored.

#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::print_stdout, reason = "a test may say what it could not do")]

mod tree;

use std::path::Path;
use tempfile::TempDir;
use tree::{assert_same, delete, python, read, ssot_lint, write};

const SHIMS: [&str; 2] =
    ["netra_backend/app/websocket_core/manager.py", "netra_backend/app/websocket_core/unified_manager.py"];
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
