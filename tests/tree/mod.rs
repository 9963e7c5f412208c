//! A tree of files on disk: the program and CPython run in it, and all its bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output};

/// What a tree holds: path to bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Runs the program in `root` and expects the exit code `code`; returns what it wrote to standard output.
pub fn ssot_lint(root: &Path, arguments: &[&str], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ssot-lint"))
        .args(arguments)
        .current_dir(root)
        .output()
        .expect("the program that cargo built runs");
    let text = String::from_utf8_lossy(&output.stderr);
    let first = text.lines().take(60).collect::<Vec<_>>().join("\n");
    assert_eq!(output.status.code(), Some(code), "{arguments:?} said:\n{first}");
    String::from_utf8(output.stdout).expect("standard output is UTF-8")
}

/// Runs CPython in `root` and expects that it ends well; says so when there is none.
pub fn python(root: &Path, arguments: &[&str], state: &str) {
    let run = Command::new("python3").arg("-B").args(arguments).current_dir(root).output();
    let Ok(Output { status, stdout, stderr }) = run else {
        // Not `println!`: the test runner would keep that to itself.
        writeln!(io::stderr(), "python3 was not found: {state}, nothing was run")
            .expect("standard error is open");
        return;
    };
    println!("{state}: {}", String::from_utf8_lossy(&stdout).trim());
    assert!(status.success(), "{state}:\n{}", String::from_utf8_lossy(&stderr));
}

/// Every file below `root` but the program's own.
pub fn read(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the tree") {
            let path = entry.expect("an entry of the tree").path();
            if !path.is_dir() {
                let name = path.strip_prefix(root).expect("a file below the root").to_string_lossy();
                files.insert(name.replace('\\', "/"), fs::read(&path).expect("a file of the tree"));
            } else if !path.ends_with(".ssot-lint") {
                folders.push(path);
            }
        }
    }
    files
}

/// Writes `files` below `root`, which need not exist.
pub fn write(root: &Path, files: &Files) {
    for (name, bytes) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder of the tree");
        fs::write(path, bytes).expect("a file of the tree");
    }
}

/// Deletes `names` below `root` and returns what they held.
pub fn delete(root: &Path, names: &[&str]) -> Files {
    let held = names.iter().map(|name| {
        let bytes = fs::read(root.join(name)).expect("the file is there");
        fs::remove_file(root.join(name)).expect("the file can go");
        ((*name).to_owned(), bytes)
    });
    held.collect()
}

/// Compares two states of a tree byte for byte.
pub fn assert_same(files: &Files, expected: &Files, when: &str) {
    let names: BTreeSet<_> = files.keys().chain(expected.keys()).collect();
    let different: Vec<_> =
        names.into_iter().filter(|name| files.get(*name) != expected.get(*name)).collect();
    assert!(different.is_empty(), "{when} {} files differ: {:?}", different.len(), different.first());
}
