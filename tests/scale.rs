//! A tree of the team's size: everything is found and nothing else, migrated, importable without the shims, reversible.

#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::print_stdout, reason = "a test may say what it could not do")]

mod generator;
mod tree;

use generator::{GeneratedFile, Occurrence, Size};
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;
use tree::{assert_same, delete, python, read, ssot_lint, write};

/// The modules that the migration makes superfluous.
const SHIMS: [&str; 2] =
    ["netra_backend/app/websocket_core/manager.py", "netra_backend/app/websocket_core/unified_manager.py"];

/// Imports every module below the working folder, runs each module's probes, then the tests.
const RUN_EVERYTHING: &str = r#"
import importlib, io, pathlib, sys, traceback, unittest
sys.path.insert(0, "")
failures, modules, probes = [], [], 0
for path in sorted(pathlib.Path().glob("[!.]*/**/*.py")):
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
sys.exit("\n".join(failures[:10]) or 0)
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
    python(root, &["-c", RUN_EVERYTHING], "as generated");

    assert_findings(root, &truth);

    let migrate = ["migrate", "--execute", "--backup"];
    ssot_lint(root, &migrate, 0);
    assert_findings(root, &BTreeSet::new());
    let migrated = read(root);
    assert_ne!(original, migrated, "the migration wrote files");
    ssot_lint(root, &migrate, 0);
    assert_same(&read(root), &migrated, "after a second migration");

    let shims = delete(root, &SHIMS);
    python(root, &["-c", RUN_EVERYTHING], "migrated, without the shims");
    write(root, &shims);

    ssot_lint(root, &["rollback"], 0);
    assert_same(&read(root), &original, "after the rollback");
}

fn generate() -> Vec<GeneratedFile> {
    let mut files = Vec::new();
    generator::generate(&Size::TEAM, |file| files.push(file)).expect("the team's size makes sense");
    files
}

/// A way that nobody declared leads over a page that imports the class from a shim for itself.
fn assert_leads_through_a_page(root: &Path, bypass: &serde_json::Value) {
    let written = bypass["written"].as_str().expect("a written path");
    let module =
        written.strip_suffix(".UnifiedWebSocketManager").expect("only this name is taken from pages");
    let file = root.join(module.replace('.', "/") + ".py");
    let text = std::fs::read(&file).expect("the page is there");
    let text = String::from_utf8_lossy(&text);
    assert!(text.contains("import") && text.contains("UnifiedWebSocketManager"), "{written}");
    assert!(!SHIMS.iter().any(|shim| file.ends_with(shim)), "{written}");
}

/// Runs `check` and compares what it found with `truth`, place by place.
fn assert_findings(root: &Path, truth: &BTreeSet<(String, Occurrence)>) {
    let json = ssot_lint(root, &["check", "--output-format", "json"], i32::from(!truth.is_empty()));
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON on standard output");
    let findings = report["findings"].as_array().expect("a list of findings");
    // The decoys have classes of the same name: told as such, and no reason to fail.
    let (namesakes, findings): (Vec<_>, Vec<_>) =
        findings.iter().partition(|finding| finding["code"] == "SSOT004");
    assert!(namesakes.iter().all(|finding| finding["severity"] == "info"), "{namesakes:?}");
    let (bypasses, findings): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding["code"] == "SSOT002");
    bypasses.iter().for_each(|bypass| assert_leads_through_a_page(root, bypass));
    assert_eq!(bypasses.is_empty(), truth.is_empty(), "pages are reached into until all has moved");
    let found: BTreeSet<String> = findings.iter().map(|finding| place_of_finding(finding)).collect();
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
