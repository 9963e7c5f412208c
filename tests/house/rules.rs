//! The rules about single files and single lines.

use crate::files::{File, module_folder};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The most lines a file may have in front of its unit tests.
const LONGEST: usize = 400;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 4] = ["utils", "helpers", "common", "misc"];

/// Text that may stand in one folder only, and that folder.
const STRAYS: [(&str, &str); 5] = [
    (r"\bruff_\w+", "src/language/python/"),
    (r"\bsyn::|\bproc_macro2::", "src/language/rust/"),
    (r"\b(?:e?println|e?print|dbg)!", "src/cli/"),
    (r"\benv::(?:vars?|var_os|vars_os|args|args_os|current_dir)\b|\bIsTerminal\b", "src/cli/"),
    (r"\b(?:SystemTime|Timestamp|Zoned)::now\b", "src/cli/"),
];

/// A file opens with a paragraph that starts on its first line and is a sentence.
pub fn opening(file: &File) -> Vec<String> {
    let paragraph: Vec<&str> = file.text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
    let sentence = paragraph.join(" ");
    let good = sentence.ends_with(['.', '?']) && sentence.starts_with(|first: char| !first.is_lowercase());
    if good { Vec::new() } else { vec!["does not open with `//! ` and one sentence".into()] }
}

/// A file has a readable length.
pub fn length(file: &File) -> Vec<String> {
    let lines = file.product().lines().count();
    if lines > LONGEST { vec![format!("{lines} product lines, at most {LONGEST}")] } else { Vec::new() }
}

/// No part of the path has an empty name.
pub fn name(file: &File) -> Vec<String> {
    let parts = file.path.trim_end_matches(".rs").split('/');
    parts.filter(|part| EMPTY_NAMES.contains(part)).map(|part| format!("`{part}` says nothing")).collect()
}

/// Product code neither unwraps nor gives an `expect` without a reason.
pub fn unwraps(file: &File) -> Vec<String> {
    let code = file.code();
    let calls = Regex::new(r#"\.unwrap\(\)|\.expect\(\s*" {0,11}"\)"#).unwrap();
    calls
        .find_iter(code)
        .map(|found| format!("line {}: {}", row(code, found.start()), found.as_str().trim()))
        .collect()
}

/// Names that belong to one folder stay there, and the model has no serde.
pub fn strays(file: &File) -> Vec<String> {
    let code = file.code();
    static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        STRAYS.iter().map(|(pattern, home)| (Regex::new(pattern).unwrap(), *home)).collect()
    });
    let mut complaints = Vec::new();
    for (pattern, home) in PATTERNS.iter() {
        let found = pattern.find(code).filter(|_| !file.path.starts_with(*home));
        complaints.extend(found.map(|found| {
            format!("line {}: `{}` belongs to {home}", row(code, found.start()), found.as_str())
        }));
    }
    if file.path.starts_with("src/model/") && code.contains("serde") {
        complaints.push("`serde` may not be used in the model".into());
    }
    complaints
}

fn row(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Files that no `mod` line names: they are not compiled.
pub fn orphans(files: &[File]) -> Vec<String> {
    let declaration = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))? )?mod (\w+);").unwrap();
    let mut declared = vec!["src".to_string()];
    for file in files {
        let folder = module_folder(&file.path);
        declared.extend(declaration.captures_iter(&file.text).map(|found| format!("{folder}/{}", &found[1])));
    }
    let lost = files.iter().filter(|file| !declared.contains(&module_folder(&file.path)));
    lost.map(|file| format!("{}: no `mod` line names it", file.path)).collect()
}

/// At most one `thiserror` enum in a folder.
pub fn error_enums(files: &[File]) -> Vec<String> {
    let derived = Regex::new(r"#\[derive\([^)]*\b(?:thiserror::)?Error\b[^)]*\)\]").unwrap();
    let mut by_folder: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let count = derived.find_iter(file.code()).count();
        by_folder.entry(folder).or_default().extend(std::iter::repeat_n(file.path.as_str(), count));
    }
    let crowded = by_folder.into_iter().filter(|(_, files)| files.len() > 1);
    crowded
        .map(|(folder, files)| format!("{folder}: more than one error enum: {}", files.join(", ")))
        .collect()
}

/// Relative links of a Markdown page that lead nowhere.
pub fn dead_links(page: &File, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let targets = link.captures_iter(&page.text).map(|found| found[1].to_string());
    let local = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '<']));
    local
        .filter(|target| !exists(target.split('#').next().unwrap_or("")))
        .map(|target| format!("{}: no such file: {target}", page.path))
        .collect()
}

/// The entries of a register and the files of its folder are the same.
pub fn register(folder: &str, files: &[File], names: &[String]) -> Vec<String> {
    let inside = files
        .iter()
        .filter_map(|file| file.path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".rs"));
    let stems: Vec<&str> = inside.filter(|stem| *stem != "mod").collect();
    let unregistered = stems.iter().filter(|stem| !names.iter().any(|name| name == *stem));
    let missing = names.iter().filter(|name| !stems.contains(&name.as_str()));
    unregistered
        .map(|stem| format!("{folder}/{stem}.rs is in no register"))
        .chain(missing.map(|name| format!("`{name}` has no file in {folder}")))
        .collect()
}

fn complaints(rule: fn(&File) -> Vec<String>, path: &str, text: &str) -> usize {
    rule(&File::new(path, text)).len()
}

#[test]
fn a_file_without_a_sentence_is_seen() {
    for text in ["fn f() {}", "//! no capital.", "//! No stop", "//!\n//! Late.", "// A comment."] {
        assert_eq!(complaints(opening, "src/a.rs", text), 1, "{text}");
    }
    assert_eq!(complaints(opening, "src/a.rs", "//! Two lines\n//! are fine.\n//!\n//! more"), 0);
}

#[test]
fn a_long_file_is_seen_and_its_tests_do_not_count() {
    let lines = "x\n".repeat(LONGEST);
    assert_eq!(complaints(length, "src/a.rs", &format!("{lines}x\n")), 1);
    assert_eq!(complaints(length, "src/a.rs", &format!("{lines}#[cfg(test)]\nmod tests {{\n{lines}}}")), 0);
}

#[test]
fn an_empty_name_is_seen() {
    assert_eq!(complaints(name, "src/a/utils.rs", ""), 1);
    assert_eq!(complaints(name, "src/common/a.rs", ""), 1);
    assert_eq!(complaints(name, "src/commonly/a.rs", ""), 0);
}

#[test]
fn unwraps_are_seen_outside_tests_comments_and_strings() {
    assert_eq!(
        complaints(unwraps, "src/a.rs", "fn f() { x.unwrap(); y.expect(\"short\"); z.expect(\"\") }"),
        3
    );
    let fine =
        "fn f() { x.unwrap_or(1); y.expect(\"a list has a first entry\"); \".unwrap()\" } // .unwrap()\n";
    assert_eq!(
        complaints(unwraps, "src/a.rs", &format!("{fine}#[cfg(test)]\nmod tests {{\n x.unwrap() }}")),
        0
    );
}

#[test]
fn strays_are_seen_outside_their_folder_only() {
    for text in [
        "use ruff_python_ast::Expr;",
        "println!()",
        "eprint!()",
        "std::env::var(x)",
        "Timestamp::now()",
        "syn::Item",
    ] {
        assert_eq!(complaints(strays, "src/rule/a.rs", text), 1, "{text}");
    }
    assert_eq!(complaints(strays, "src/language/python/a.rs", "use ruff_python_ast::Expr;"), 0);
    assert_eq!(complaints(strays, "src/cli/a.rs", "println!()"), 0);
    assert_eq!(complaints(strays, "src/model/a.rs", "use serde::Serialize;"), 1);
    assert_eq!(complaints(strays, "src/report/a.rs", "use serde::Serialize;"), 0);
}

#[test]
fn an_orphan_is_seen() {
    let top = File::new("src/lib.rs", "pub mod a;\n");
    let folder = File::new("src/a/mod.rs", "mod b;\n");
    let child = File::new("src/a/b.rs", "");
    assert!(orphans(&[top.clone(), folder.clone(), child]).is_empty());
    assert_eq!(
        orphans(&[top, folder, File::new("src/a/lost.rs", "")]),
        ["src/a/lost.rs: no `mod` line names it"]
    );
}

#[test]
fn a_second_error_enum_is_seen() {
    let one = "#[derive(Debug, thiserror::Error)]\nenum A {}\n";
    assert!(error_enums(&[File::new("src/a/x.rs", one), File::new("src/b/y.rs", one)]).is_empty());
    assert_eq!(
        error_enums(&[File::new("src/a/x.rs", one), File::new("src/a/y.rs", "#[derive(Error)]\nenum B {}")])
            .len(),
        1
    );
}

#[test]
fn dead_links_are_seen_and_addresses_are_left_alone() {
    let page = File::new("README.md", "[a](docs/a.md#top) [b](gone.md) [c](https://x.y/z) [d](#here)");
    assert_eq!(dead_links(&page, |target| target == "docs/a.md"), ["README.md: no such file: gone.md"]);
}

#[test]
fn a_register_is_compared_both_ways() {
    let files =
        [File::new("src/f/mod.rs", ""), File::new("src/f/json.rs", ""), File::new("src/f/lost.rs", "")];
    assert_eq!(register("src/f", &files, &["json".into(), "full".into()]).len(), 2);
    assert!(register("src/f", &files, &["json".into(), "lost".into()]).is_empty());
}
