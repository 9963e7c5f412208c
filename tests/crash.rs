//! The transaction against all that can stop it: kills, failing disks, signals, and others who write at the same time.
//!
//! This program is also the child process that is killed: see `crash/child.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test sets up its own tree, and may panic"
)]

#[path = "crash/child.rs"]
mod child;
#[path = "crash/kills.rs"]
mod kills;
#[path = "crash/others.rs"]
mod others;
#[cfg(unix)]
#[path = "crash/signals.rs"]
mod signals;
#[path = "crash/steps.rs"]
mod steps;
#[path = "crash/struck.rs"]
mod struck;
#[path = "crash/tree.rs"]
mod tree;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

/// A test: its name, and what panics when it fails.
type Test = (&'static str, fn());

fn main() -> ExitCode {
    if let Some(code) = child::obey() {
        return code;
    }
    #[cfg(unix)]
    let signals = signals::ALL;
    #[cfg(not(unix))]
    let signals: &[Test] = &[];
    let all = [steps::ALL, kills::ALL, others::ALL, signals];
    let trial = |&(name, test): &Test| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = all.into_iter().flatten().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
