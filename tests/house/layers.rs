//! The layer table: which folder may import which.

use crate::files::{File, module_folder};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// What each folder may import, by folder.
pub struct Table(BTreeMap<String, BTreeSet<String>>);

impl Table {
    /// Reads the rows of the table in a doc comment.
    pub fn read(text: &str) -> Self {
        let row = Regex::new(r"(?m)^//! \| \[`(\w+)`\] \|[^|]*\|([^|]*)\|$").unwrap();
        let name = Regex::new(r"\w+").unwrap();
        let rows = row.captures_iter(text).map(|found| {
            (found[1].to_string(), name.find_iter(&found[2]).map(|name| name.as_str().to_string()).collect())
        });
        Self(rows.collect())
    }
}

/// The paths of `file` that the table does not allow.
pub fn breaches(table: &Table, file: &File) -> Vec<String> {
    let code = file.code();
    let reached = crate_paths(code).into_iter().chain(super_paths(file, code));
    match file.folder() {
        Some(folder) => {
            let own = BTreeSet::new();
            let allowed = table.0.get(folder).unwrap_or(&own);
            let stray = |name: &String| name != folder && !allowed.contains(name);
            reached.filter(stray).map(|name| format!("`{folder}` may not import `{name}`")).collect()
        }
        None if file.path == "src/main.rs" => client_paths(code),
        None => Vec::new(),
    }
}

/// The program may name the command line and nothing else.
fn client_paths(code: &str) -> Vec<String> {
    let path = Regex::new(r"\bssot_lint::(\w+)").unwrap();
    let names = path.captures_iter(code).map(|found| found[1].to_string());
    names.filter(|name| name != "cli").map(|name| format!("the program may not import `{name}`")).collect()
}

/// The first names of all `crate::…` paths, those of `crate::{…}` included.
fn crate_paths(code: &str) -> Vec<String> {
    let path = Regex::new(r"\bcrate\s*::\s*(?:(\w+)|\{)").unwrap();
    let mut names = Vec::new();
    for found in path.captures_iter(code) {
        match found.get(1) {
            Some(name) => names.push(name.as_str().into()),
            None => names.extend(group_heads(&code[found.get(0).unwrap().end()..])),
        }
    }
    names
}

/// The first name of every entry of a use group, given the text behind its opening brace.
fn group_heads(text: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = vec![String::new()];
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(String::new()),
            _ if depth == 0 => heads.last_mut().unwrap().push(character),
            _ => {}
        }
    }
    let first = |head: &String| head.trim().split("::").next().unwrap_or("").trim().to_string();
    heads
        .iter()
        .map(first)
        .map(|head| head.split(' ').next().unwrap_or("").into())
        .filter(|head: &String| !head.is_empty())
        .collect()
}

/// What `super::super::…` reaches when it climbs to the crate's root.
fn super_paths(file: &File, code: &str) -> Vec<String> {
    let depth = module_folder(&file.path).matches('/').count();
    let path = Regex::new(r"\b((?:super::)+)(\w+)").unwrap();
    let climbs = path.captures_iter(code).filter(|found| found[1].matches("super").count() >= depth);
    climbs.map(|found| found[2].to_string()).collect()
}

/// Folders without a row, and rows without a folder.
pub fn mismatches(table: &Table, folders: &[String]) -> Vec<String> {
    let rowless = folders.iter().filter(|folder| !table.0.contains_key(*folder));
    let empty = table.0.keys().filter(|row| !folders.contains(row));
    rowless
        .map(|folder| format!("src/{folder} has no row in the table of src/lib.rs"))
        .chain(
            empty.map(|row| {
                format!("the table of src/lib.rs has a row for `{row}`, but there is no such folder")
            }),
        )
        .collect()
}

fn table() -> Table {
    Table::read(
        "//! | folder | job | may import |\n//! |---|---|---|\n//! | [`low`] | x | – |\n//! | [`mid`] | y, z | low |\n",
    )
}

#[test]
fn a_path_against_the_table_is_seen_in_every_spelling() {
    for text in [
        "use crate::mid::X;",
        "use crate::{low::Y, mid};",
        "use crate::{\n    low::{A, B},\n    mid::X as Z,\n};",
        "fn f() { crate::mid::g() }",
        "use super::super::mid::X;",
        "use crate::mid as m;",
    ] {
        assert_eq!(
            breaches(&table(), &File::new("src/low/a.rs", text)),
            ["`low` may not import `mid`"],
            "{text}"
        );
    }
}

#[test]
fn allowed_paths_own_paths_and_tests_pass() {
    for text in [
        "use crate::{low::{A, B}, mid::X};",
        "use super::X;",
        "/// See [`crate::top`].\nfn f() {}",
        "#[cfg(test)]\nmod tests {\n    use crate::top::X;\n}",
    ] {
        assert!(breaches(&table(), &File::new("src/mid/a.rs", text)).is_empty(), "{text}");
    }
}

#[test]
fn the_program_may_only_name_the_command_line() {
    assert!(breaches(&table(), &File::new("src/main.rs", "ssot_lint::cli::run()")).is_empty());
    assert_eq!(breaches(&table(), &File::new("src/main.rs", "ssot_lint::low::run()")).len(), 1);
}

#[test]
fn rows_and_folders_are_compared_both_ways() {
    assert!(mismatches(&table(), &["low".into(), "mid".into()]).is_empty());
    assert_eq!(mismatches(&table(), &["low".into(), "new".into()]).len(), 2);
}
