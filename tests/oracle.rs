//! The compiler agrees with the Rust cases: each project compiles as it is, and as it becomes with its shims deleted, by hand and
//! by the program.
//!
//! That the program makes of a project what its case says is the business of `fixtures.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    reason = "a test may fail, writes its own trees, and needs a part of what it shares"
)]

#[path = "fixtures/case.rs"]
mod case;
#[path = "oracle/compile.rs"]
mod compile;
#[path = "fixtures/folder.rs"]
mod folder;
#[path = "fixtures/marks.rs"]
mod marks;
#[path = "oracle/package.rs"]
mod package;
#[path = "fixtures/program.rs"]
mod program;
#[path = "fixtures/run.rs"]
mod run;

use case::Case;
use libtest_mimic::{Arguments, Failed, Trial};
use program::Tree;
use std::path::{Path, PathBuf};

/// Cases that need crates of others, and cases that are not meant to compile: of modules that are gone, of broken files.
const NOT_FOR_RUSTC: [&str; 3] = ["foreign", "gone", "unreadable"];
/// A line that ends so is a part of a shim.
const SHIM: &str = "// shim";

fn main() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases = folder::cases(&top.join("rust"));
    cases.retain(|file| !NOT_FOR_RUSTC.iter().any(|folder| file.starts_with(top.join("rust").join(folder))));
    let mut trials = checks_of_the_oracle(&top, cases.len());
    trials.extend(cases.into_iter().map(|file| trial(&top, file)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trial(top: &Path, file: PathBuf) -> Trial {
    let name = file.strip_prefix(top).unwrap().with_extension("").to_str().unwrap().replace('\\', "/");
    let top = top.to_path_buf();
    Trial::test(name, move || test(&top, &file).map_err(Failed::from))
}

fn test(top: &Path, file: &Path) -> Result<(), String> {
    let case = case::parse(&std::fs::read_to_string(file).map_err(|error| error.to_string())?)?;
    let start = run::start_tree(&case, &folder::shared_files(top, file, &case)?);
    let is_documentation = file.starts_with(top.join("rust/doc"));
    let compiles = |tree: &Tree, when: &str| {
        let result = compile::all(tree, is_documentation);
        result.map_err(|complaint| format!("does not compile {when}:\n{complaint}"))
    };
    compiles(&start, "as it is")?;
    let end = run::end_tree(&case, &start);
    let cleared = cleared(&end);
    if cleared != end {
        compiles(&cleared, "with those of its shims deleted that can go")?;
    }
    if may_lose_its_shims(&case) && !file.starts_with(top.join("rust/suppression")) {
        compiles(&without_shims(&end), "migrated and without its shims")
    } else {
        compiles(&end, "migrated")
    }
}

/// What `--remove-shims` leaves.
fn cleared(tree: &Tree) -> Tree {
    let project = program::Project::new(tree);
    project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims"]);
    project.tree()
}

/// What was refused may still need the legacy path, as may what a comment keeps.
fn may_lose_its_shims(case: &Case) -> bool {
    case.refusals.is_empty()
}

fn without_shims(tree: &Tree) -> Tree {
    let stays = |line: &&str| !line.trim_end().ends_with(SHIM);
    let cut = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.split_inclusive('\n').filter(stays).collect::<String>().into_bytes(),
        Err(_) => bytes.to_vec(),
    };
    tree.iter().map(|(path, bytes)| (path.clone(), cut(bytes))).collect()
}

/// The oracle must be able to say no.
fn checks_of_the_oracle(top: &Path, cases: usize) -> Vec<Trial> {
    let base = program::read_tree(&top.join("rust/base"));
    let page = |line: &str| {
        let mut tree = base.clone();
        tree.insert("src/page.rs".into(), format!("{line}\n").into_bytes());
        tree
    };
    let mut with_rules = base.clone();
    with_rules.insert("ssot.toml".into(), std::fs::read(top.join("rust/ssot.toml")).unwrap());
    let legacy = page("pub use crate::prices::VAT;");
    let broken_link = page("/// [`crate::prices::NONE`]\npub struct Page;");
    let wrong_test = page("#[cfg(test)]\nuse crate::prices::NONE;");
    let checks = [
        ("there_are_cases", cases > 0),
        ("a_shim_that_is_used_is_missed", {
            compile::all(&legacy, false).is_ok() && compile::all(&without_shims(&legacy), false).is_err()
        }),
        ("a_broken_link_is_noticed", {
            compile::all(&broken_link, false).is_ok() && compile::all(&broken_link, true).is_err()
        }),
        ("the_program_deletes_shims", cleared(&with_rules) != with_rules),
        ("code_for_tests_is_compiled", compile::all(&wrong_test, false).is_err()),
    ];
    let trial = |(name, holds): (&str, bool)| {
        let result = if holds { Ok(()) } else { Err(Failed::from("does not hold; is rustc there?")) };
        Trial::test(format!("oracle/{name}"), move || result)
    };
    checks.map(trial).into_iter().collect()
}
