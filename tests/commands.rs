//! The commands that the README and the migration guide print are run as they stand, in a copy of the sample.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail at any line and say why")]

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What is there before the commands of a section of the README: the sample as a git repository.
const SAMPLE: &str = "cp -r rules fixtures \"$TMPDIR\" && cd \"$TMPDIR/fixtures/trees/websocket\"\n\
                      git init -q && git add . && git commit -qm start\n";

/// Lines that are left out: they build for minutes, or never end.
const LEFT_OUT: [&str; 2] = ["cargo build --release", "ssot-lint check --watch"];

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The lines of `page` below the heading `section` and before the next one of any level; all when there is none.
fn section(page: &str, section: Option<&str>) -> String {
    let text = fs::read_to_string(repository(page)).unwrap();
    let Some(heading) = section else { return text };
    let mut lines = text.lines().skip_while(|line| line.trim_start_matches('#').trim() != heading);
    assert!(lines.next().is_some(), "{page} has no section `{heading}`");
    let mut in_fence = false;
    let own = lines.take_while(|line| {
        in_fence ^= line.starts_with("```");
        in_fence || !line.starts_with('#')
    });
    own.map(|line| format!("{line}\n")).collect()
}

/// What a shell runs for the indented lines of `text`: it stops at the first command that ends otherwise than its comment says.
fn script(text: &str) -> String {
    let expectation = Regex::new(r"^(.*?)\s+# .*\bexit code (\d)").unwrap();
    let mut in_fence = false;
    let indented = text.lines().filter_map(|line| {
        in_fence ^= line.starts_with("```");
        line.strip_prefix("    ").filter(|_| !in_fence)
    });
    let lines = indented.filter(|line| !LEFT_OUT.iter().any(|prefix| line.starts_with(prefix)));
    let lines = lines.map(|line| match expectation.captures(line) {
        Some(told) => format!("code=0; {} || code=$?; [ $code -eq {} ]\n", &told[1], &told[2]),
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// Runs the commands in the folder of the repository, with the program that cargo built on the `PATH`.
fn run(what: &str, commands: &str) {
    assert!(!commands.trim().is_empty(), "{what} has no commands");
    let folder = TempDir::new().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_ssot-lint")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let commands = commands.replace("$PWD/target/release", &binary.display().to_string());
    let mut shell = Command::new("sh");
    ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GITHUB_STEP_SUMMARY"].iter().for_each(|name| {
        shell.env_remove(name);
    });
    let output = shell
        .args(["-e", "-x", "-c", &commands])
        .current_dir(repository(""))
        .env("PATH", format!("{}:{path}", binary.display()))
        .env("TMPDIR", folder.path())
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "Ann"), ("GIT_AUTHOR_EMAIL", "ann@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Ann"), ("GIT_COMMITTER_EMAIL", "ann@example.org")])
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what} stopped at the end of this:\n{out}\n{err}");
}

/// False, with a word, where a program that the commands need is missing.
fn is_ready() -> bool {
    let is_there = |program: &&str| Command::new(program).arg("--version").output().is_ok();
    let is_ready = ["git", "python3"].iter().all(is_there);
    if !is_ready {
        println!("git or python3 was not found: nothing was tried");
    }
    is_ready
}

#[test]
fn the_migration_guide_does_what_it_says() {
    if is_ready() {
        run("docs/migration.md", &script(&section("docs/migration.md", None)));
    }
}

#[test]
fn the_60_seconds_of_the_readme_do_what_they_say() {
    if is_ready() {
        let heading = "Try it: 60 seconds";
        run(heading, &script(&section("README.md", Some(heading))));
    }
}

#[test]
fn the_sections_of_the_readme_do_what_they_say() {
    let headings = [
        "Findings",
        "Hide a finding",
        "In editors and hooks",
        "In pre-commit, in git",
        "Find what nobody wrote a rule for",
        "Live with old debt, add no new",
        "See how far you are",
        "Delete what is left",
        "In batches, each judged by your tests",
    ];
    for heading in headings.into_iter().filter(|_| is_ready()) {
        run(heading, &format!("{SAMPLE}{}", script(&section("README.md", Some(heading)))));
    }
}
