//! Runs every Markdown case under `fixtures/`, and the examples of `docs/codes`, against the real program; the path is the name
//! of the test.
//!
//! `UPDATE_FIXTURES=1` rewrites carets and "becomes" blocks with what the program does.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may fail, and writes its own trees"
)]

#[path = "fixtures/case.rs"]
mod case;
#[path = "fixtures/folder.rs"]
mod folder;
#[path = "fixtures/marks.rs"]
mod marks;
#[path = "fixtures/pages.rs"]
mod pages;
#[path = "fixtures/program.rs"]
mod program;
#[path = "fixtures/run.rs"]
mod run;
#[path = "fixtures/self_check.rs"]
mod self_check;
#[path = "fixtures/update.rs"]
mod update;

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

fn main() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let is_update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let cases = folder::cases(&top);
    let mut trials = self_check::trials(cases.len());
    trials.extend(pages::trials(Path::new(env!("CARGO_MANIFEST_DIR")), is_update));
    trials.extend(cases.into_iter().map(|file| trial(&top, file, is_update)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trial(top: &Path, file: PathBuf, is_update: bool) -> Trial {
    let name = file.strip_prefix(top).unwrap().with_extension("").to_str().unwrap().replace('\\', "/");
    let top = top.to_path_buf();
    Trial::test(name, move || test(&top, &file, is_update).map_err(Failed::from))
}

fn test(top: &Path, file: &Path, is_update: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let case = case::parse(&text)?;
    let shared = folder::shared_files(top, file, &case)?;
    if is_update {
        let new = update::updated(&text, &case, &shared)?;
        std::fs::write(file, new).map_err(|error| error.to_string())?;
    }
    let case = case::parse(&std::fs::read_to_string(file).map_err(|error| error.to_string())?)?;
    run::run(&case, &shared)
}
