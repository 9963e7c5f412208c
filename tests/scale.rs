//! A tree of the team's size: everything is found and nothing else, migrated, importable without the shims, reversible.

#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::print_stdout, reason = "a test may say what it could not do")]

mod generator;

use generator::{GeneratedFile, Occurrence, Size};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The modules that the migration makes superfluous.
const SHIMS: [&str; 2] =
    ["netra_backend/app/websocket_core/manager.py", "netra_backend/app/websocket_core/unified_manager.py"];

/// What a tree holds: path to bytes.
type Files = BTreeMap<String, Vec<u8>>;

/// Imports every module below the working folder, runs each module's probes, then the tests.
const RUN_EVERYTHING: &str = r#"
import importlib, io, pathlib, sys, traceback, unittest
sys.path.insert(0, "")
failures, modules, probes = [], [], 0
for path in sorted(pathlib.Path().rglob("*.py")):
    parts = path.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    try:
        module = importlib.import_module(name)
        modules.append(module)
        for key, probe in list(vars(module).items()):
            if key.startswith("probe_"):
                probes += 1
                probe()
    except Exception:
        failures.append(f"{path}\n{traceback.format_exc(limit=-2)}")
suite = unittest.TestSuite(map(unittest.defaultTestLoader.loadTestsFromModule, modules))
result = unittest.TextTestRunner(io.StringIO()).run(suite)
failures += [f"{test}\n{text}" for test, text in result.failures + result.errors]
print(len(modules), "modules,", probes, "probes,", result.testsRun, "tests,", len(failures), "failures")
sys.exit("\n".join(failures[:10]))
"#;

#[test]
fn the_tree_is_of_the_teams_size_and_the_same_every_time() {
    let files = generate();
    let legacy = files.iter().filter(|file| !file.occurrences.is_empty());
    assert_eq!(files.len(), 3_000);
    assert_eq!(legacy.count(), 1_423);
    assert_eq!(files.iter().map(|file| file.occurrences.len()).sum::<usize>(), 2_232);
    let again = generate();
    assert!(files.iter().zip(&again).all(|(one, other)| one.path == other.path && one.bytes == other.bytes));
}

#[test]
fn other_sizes_keep_the_number_of_occurrences() {
    let size = Size { files: 200, occurrences: 120, lines: 0, seed: 5 };
    let (mut files, mut occurrences) = (0, 0);
    generator::generate(&size, |file| {
        files += 1;
        occurrences += file.occurrences.len();
    })
    .expect("so many fit");
    assert_eq!((files, occurrences), (200, 120));
    assert!(generator::generate(&Size { files: 20, ..size }, |_| ()).is_err());
}

#[test]
fn a_tree_of_the_teams_size_is_found_migrated_and_restored() {
    let folder = TempDir::new().expect("a temporary folder");
    let root = folder.path();
    let mut truth = BTreeSet::new();
    generator::write(&Size::TEAM, root, |file| {
        truth.extend(file.occurrences.iter().map(|found| (file.path.clone(), found.clone())));
    })
    .expect("the tree can be written");
    let original = read(root);
    run_everything(root, "as generated");

    assert_findings(root, &truth);

    let migrate = ["migrate", "--execute", "--backup"];
    expect_exit(&ssot_lint(root, &migrate), 0, "migrate");
    assert_findings(root, &BTreeSet::new());
    let migrated = read(root);
    assert_ne!(original, migrated, "the migration wrote files");
    expect_exit(&ssot_lint(root, &migrate), 0, "the second migrate");
    assert_same(&read(root), &migrated, "after a second migration");

    let shims = SHIMS.map(|shim| fs::read(root.join(shim)).expect("the shim is there"));
    SHIMS.iter().for_each(|shim| fs::remove_file(root.join(shim)).expect("the shim can go"));
    run_everything(root, "migrated, without the shims");
    SHIMS
        .iter()
        .zip(shims)
        .for_each(|(shim, text)| fs::write(root.join(shim), text).expect("it can come back"));

    expect_exit(&ssot_lint(root, &["rollback"]), 0, "rollback");
    assert_same(&read(root), &original, "after the rollback");
}

fn generate() -> Vec<GeneratedFile> {
    let mut files = Vec::new();
    generator::generate(&Size::TEAM, |file| files.push(file)).expect("the team's size makes sense");
    files
}

fn ssot_lint(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ssot-lint"))
        .args(arguments)
        .current_dir(root)
        .output()
        .expect("the binary that cargo built runs")
}

fn expect_exit(output: &Output, code: i32, what: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    let tail = text.lines().rev().take(40).collect::<Vec<_>>().join("\n");
    assert_eq!(output.status.code(), Some(code), "{what}; the last lines it said, last first:\n{tail}");
}

/// Runs `check` and compares what it found with `truth`, place by place.
fn assert_findings(root: &Path, truth: &BTreeSet<(String, Occurrence)>) {
    let output = ssot_lint(root, &["check", "--output-format", "json"]);
    expect_exit(&output, i32::from(!truth.is_empty()), "check");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON on standard output");
    let findings = report["findings"].as_array().expect("a list of findings");
    let found: BTreeSet<String> = findings.iter().map(place_of_finding).collect();
    let truth: BTreeSet<String> = truth
        .iter()
        .map(|(file, place)| {
            format!("{file}:{}:{} {} {}", place.row, place.column, place.code, place.written)
        })
        .collect();
    let missed: Vec<_> = truth.difference(&found).collect();
    let invented: Vec<_> = found.difference(&truth).collect();
    assert!(
        missed.is_empty() && invented.is_empty(),
        "{} missed: {:#?}\n{} invented: {:#?}",
        missed.len(),
        &missed[..missed.len().min(20)],
        invented.len(),
        &invented[..invented.len().min(20)],
    );
    assert_eq!(findings.len(), truth.len(), "no place is reported twice");
}

fn place_of_finding(finding: &serde_json::Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or("?");
    let start = &finding["location"];
    format!("{}:{}:{} {} {}", text("filename"), start["row"], start["column"], text("code"), text("written"))
}

/// Every file below `root` but the tool's own.
fn read(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the tree") {
            let path = entry.expect("an entry of the tree").path();
            if path.is_dir() {
                if !path.ends_with(".ssot-lint") {
                    folders.push(path);
                }
                continue;
            }
            let name = path.strip_prefix(root).expect("a file below the root").to_string_lossy().into_owned();
            files.insert(name, fs::read(&path).expect("a file of the tree"));
        }
    }
    files
}

fn assert_same(files: &Files, expected: &Files, when: &str) {
    let names: BTreeSet<_> = files.keys().chain(expected.keys()).collect();
    let different: Vec<_> =
        names.into_iter().filter(|name| files.get(*name) != expected.get(*name)).collect();
    assert!(different.is_empty(), "{when} {} files differ: {:?}", different.len(), different.first());
}

/// Lets CPython import and run all that is below `root`; says so when there is none.
fn run_everything(root: &Path, state: &str) {
    let python = Command::new("python3").args(["-B", "-c", RUN_EVERYTHING]).current_dir(root).output();
    let Ok(output) = python else {
        println!("python3 was not found: nothing was imported");
        return;
    };
    println!("{state}: {}", String::from_utf8_lossy(&output.stdout).trim());
    assert!(output.status.success(), "{state}:\n{}", String::from_utf8_lossy(&output.stderr));
}
