//! What is true of every migration, tried on made-up projects: they are the same in every run, unless `PROPTEST_RNG_SEED`
//! says otherwise; `PROPTEST_CASES` asks for more of them.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may fail, and writes its own trees"
)]

#[path = "properties/laws.rs"]
mod laws;
#[path = "properties/pieces.rs"]
mod pieces;
#[path = "properties/python.rs"]
mod python;
#[path = "properties/removals.rs"]
mod removals;
#[path = "properties/rust.rs"]
mod rust;

use laws::{Told, Tree};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use std::cell::Cell;

/// How many projects of each language the normal run makes.
const USUAL_CASES: u32 = 40;

#[test]
fn python_projects_obey_the_laws() {
    obey(python::project());
}

#[test]
fn rust_crates_obey_the_laws() {
    obey(rust::project());
}

/// Makes projects and tries each. The made-up code must be worth it: most projects change, and some places are refused.
fn obey(projects: impl Strategy<Value = Tree>) {
    let sum = Cell::new(Told::default());
    let config = config();
    let cases = config.cases as usize;
    let outcome = TestRunner::new(config).run(&projects, |tree| {
        let told = laws::hold(&tree).map_err(TestCaseError::fail)?;
        laws::patch_applies(&tree).map_err(TestCaseError::fail)?;
        let Told { written, refused, gone } = sum.get();
        let gone = gone + told.gone;
        sum.set(Told { written: written + told.written, refused: refused + told.refused, gone });
        Ok(())
    });
    match outcome {
        Err(TestError::Fail(reason, tree)) => panic!("{reason}\n{}", laws::text_of(&tree)),
        other => other.unwrap(),
    }
    let Told { written, refused, gone } = sum.get();
    let told = format!("{written} files written, {refused} places refused, {gone} shims deleted");
    assert!(written > cases / 2 && refused > cases / 4 && gone > cases / 8, "{told}");
}

fn config() -> Config {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 1_000, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = USUAL_CASES;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}
