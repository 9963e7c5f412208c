//! Files that are not what a source file mostly is: links, pipes, odd names, odd bytes, odd depths.

use super::{CONSUMER, Project, RULES};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

const MOVED: &str = "from shop.tax import VAT\n";

/// The codes of the findings of each file.
fn codes(project: &Project) -> BTreeMap<String, Vec<String>> {
    let said = project.run(&["check", "--output-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        codes.entry(text("filename")).or_default().push(text("code"));
    }
    codes
}

fn bytes(project: &Project, path: &str) -> Vec<u8> {
    fs::read(project.root().join(path)).unwrap()
}

fn project_of(files: &[(&str, Vec<u8>)]) -> Project {
    let project = Project::new();
    fs::remove_file(project.root().join("shop/cart.py")).unwrap();
    for (path, text) in files {
        project.write(path, text);
    }
    project
}

#[test]
fn links_pipes_and_sockets_are_passed_over() {
    let project = Project::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("other.py"), CONSUMER).unwrap();
    let root = project.root();
    symlink("cart.py", root.join("shop/link.py")).unwrap();
    symlink(outside.path().join("other.py"), root.join("shop/out.py")).unwrap();
    symlink(outside.path(), root.join("out")).unwrap();
    symlink(".", root.join("shop/again")).unwrap();
    symlink("second", root.join("first")).unwrap();
    symlink("first", root.join("second")).unwrap();
    symlink("self.py", root.join("self.py")).unwrap();
    symlink("nowhere.py", root.join("dangling.py")).unwrap();
    let pipe = Command::new("mkfifo").arg(root.join("pipe.py")).status().unwrap();
    assert!(pipe.success());
    let _socket = UnixListener::bind(root.join("socket.py")).unwrap();

    assert_eq!(codes(&project).into_keys().collect::<Vec<_>>(), ["shop/cart.py"]);
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    assert_eq!(project.read("shop/cart.py"), MOVED);
    assert_eq!(fs::read_link(root.join("shop/link.py")).unwrap(), Path::new("cart.py"));
    assert_eq!(fs::read_to_string(outside.path().join("other.py")).unwrap(), CONSUMER);
}

#[test]
fn bytes_are_kept_whatever_they_are() {
    let with = |before: &[u8], import: &str, after: &[u8]| [before, import.as_bytes(), after].concat();
    type Frame = (&'static str, &'static [u8], &'static [u8]);
    let frames: [Frame; 5] = [
        ("mark.py", b"\xef\xbb\xbf", b""),
        ("latin.py", b"# -*- coding: latin-1 -*-\nname = '\xe9'\n", b"# \xe9\n"),
        ("mixed.py", b"a = 1\r\nb = 2\rc = 3\n", b"d = 4\r"),
        ("no_end.py", b"", b"x = VAT"),
        ("Name with space, and more.py", b"\x0c\n", b""),
    ];
    let before: Vec<(&str, Vec<u8>)> =
        frames.iter().map(|(path, before, after)| (*path, with(before, CONSUMER, after))).collect();
    let project = project_of(&before);
    assert_eq!(codes(&project).len(), frames.len());
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    for (path, before, after) in frames {
        assert_eq!(bytes(&project, path), with(before, MOVED, after), "{path}");
    }
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    for (path, text) in &before {
        assert_eq!(bytes(&project, path), *text, "{path}");
    }
}

#[test]
fn what_cannot_be_decoded_is_told_once() {
    let utf16: Vec<u8> =
        b"\xff\xfe".iter().copied().chain(CONSUMER.bytes().flat_map(|byte| [byte, 0])).collect();
    let files = [
        ("binary.py", (0..=255).cycle().take(4096).collect()),
        ("latin.py", b"from shop.prices import VAT  # \xe9\n".to_vec()),
        ("null.py", b"from shop.prices import VAT\n\0\n".to_vec()),
        ("utf16.py", utf16),
        ("empty.py", Vec::new()),
        // Another name of the symbol: files are looked at again for it.
        ("more.py", b"from shop.prices import VAT\nTAX = VAT\n".to_vec()),
        ("reader.py", b"from more import TAX\n".to_vec()),
    ];
    let project = project_of(&files);
    let codes = codes(&project);
    for unread in ["binary.py", "latin.py", "utf16.py"] {
        assert_eq!(codes[unread], ["SSOT000"], "{unread}");
    }
    assert_eq!(codes["null.py"], ["SSOT001", "SSOT000"]);
    assert!(!codes.contains_key("empty.py"));
    assert_eq!(project.run(&["check"]).code, Some(2));
}

#[test]
fn a_file_that_is_too_large_is_told() {
    let project = project_of(&[("large.py", CONSUMER.into())]);
    fs::File::options()
        .write(true)
        .open(project.root().join("large.py"))
        .unwrap()
        .set_len(300 << 20)
        .unwrap();
    let said = project.run(&["check"]);
    assert_eq!(said.code, Some(2));
    assert!(said.out.contains("larger than 256 MiB"), "{}", said.out);
}

#[test]
fn a_large_file_is_migrated() {
    let comments = "# nothing to see here, line after line after line after line after\n".repeat(150_000);
    let project = project_of(&[("large.py", format!("{CONSUMER}{comments}").into_bytes())]);
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    assert_eq!(bytes(&project, "large.py"), format!("{MOVED}{comments}").into_bytes());
}

#[test]
fn modes_and_owners_stay() {
    let project = project_of(&[("run.py", CONSUMER.into()), ("own.py", CONSUMER.into())]);
    let (run, own) = (project.root().join("run.py"), project.root().join("own.py"));
    fs::set_permissions(&run, fs::Permissions::from_mode(0o751)).unwrap();
    // Only the superuser can give a file away; for others it stays what it is.
    let is_given = std::os::unix::fs::chown(&own, Some(1234), Some(4321)).is_ok();
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    assert_eq!(fs::metadata(&run).unwrap().mode() & 0o7777, 0o751);
    let metadata = fs::metadata(&own).unwrap();
    assert!(!is_given || (metadata.uid(), metadata.gid()) == (1234, 4321));
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(fs::metadata(&run).unwrap().mode() & 0o7777, 0o751);
    let metadata = fs::metadata(&own).unwrap();
    assert!(!is_given || (metadata.uid(), metadata.gid()) == (1234, 4321));
}

#[test]
fn names_that_differ_only_in_case_are_two_files() {
    let project =
        project_of(&[("twin.py", CONSUMER.into()), ("Twin.py", format!("{CONSUMER}x = VAT\n").into())]);
    if bytes(&project, "twin.py") == bytes(&project, "Twin.py") {
        return; // The file system knows one file only.
    }
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    assert_eq!(
        (project.read("twin.py"), project.read("Twin.py")),
        (MOVED.into(), format!("{MOVED}x = VAT\n"))
    );
}

#[test]
fn control_characters_in_a_name_do_not_reach_the_terminal() {
    let project = project_of(&[("a\u{1b}[31m\nb.py", CONSUMER.into())]);
    let said = project.run(&["check", "--output-format", "concise"]);
    assert_eq!(
        said.out.lines().next().unwrap(),
        "a\\u{1b}[31m\\nb.py:1:25: SSOT001 `shop.prices.VAT` is a legacy path of `shop.tax.VAT`"
    );
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    assert_eq!(project.read("a\u{1b}[31m\nb.py"), MOVED);
}

#[test]
fn files_that_cannot_be_replaced_are_refused_by_name() {
    let project = project_of(&[
        ("one.py", CONSUMER.into()),
        ("read_only.py", CONSUMER.into()),
        ("fine.py", CONSUMER.into()),
    ]);
    fs::hard_link(project.root().join("one.py"), project.root().join("two.py")).unwrap();
    fs::set_permissions(project.root().join("read_only.py"), fs::Permissions::from_mode(0o444)).unwrap();
    let said = project.run(&["migrate", "--execute", "--backup"]);
    assert_eq!(said.code, Some(2));
    for line in [
        "one.py: it is a hard link: 2 names share the file",
        "two.py: it is a hard link",
        "read_only.py: it is read-only",
    ] {
        assert!(said.err.contains(line), "{}", said.err);
    }
    assert_eq!(project.read("fine.py"), CONSUMER);
}

#[test]
fn the_others_go_on_when_the_user_says_so() {
    let consumer = "from shop.prices import TAX\n";
    let project = project_of(&[("fine.py", consumer.into()), ("read_only.py", consumer.into())]);
    project.write("ssot.toml", RULES.replace("prices.VAT", "prices.TAX"));
    project.write("shop/prices.py", "from shop.tax import VAT as TAX\n");
    // Somebody patches the name that stays what it is.
    let patch = "from unittest import mock\nmock.patch('read_only.TAX')\n";
    project.write("reader.py", patch);
    fs::set_permissions(project.root().join("read_only.py"), fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(2));
    assert_eq!(project.read("fine.py"), consumer);

    let said = project.run(&["migrate", "--execute", "--backup", "--keep-going"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let refusal = "read_only.py:1:25: not migrated: `shop.prices.TAX`: it is read-only";
    assert!(said.err.contains(refusal), "{}", said.err);
    assert_eq!(project.read("fine.py"), MOVED);
    assert_eq!(project.read("read_only.py"), consumer);
    assert_eq!(project.read("reader.py"), patch);
}

#[test]
fn a_name_that_is_no_text_is_refused_by_name() {
    let project = Project::new();
    let name = OsStr::from_bytes(b"bad\xff.py");
    if fs::write(project.root().join(name), CONSUMER).is_err() {
        return; // The file system takes only names that are text.
    }
    let said = project.run(&["migrate", "--dry-run"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("its name is not valid Unicode"), "{}", said.err);
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(1));
    assert_eq!(project.read("shop/cart.py"), MOVED);
    assert_eq!(fs::read_to_string(project.root().join(name)).unwrap(), CONSUMER);
}

#[test]
fn folders_deeper_than_a_path_can_be_are_told() {
    let project = Project::new();
    let script = "i=0; while [ $i -lt 100 ]; do d=dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd; mkdir $d; cd -P $d; i=$((i+1)); done; echo 'from shop.prices import VAT' > x.py";
    let made = Command::new("sh").args(["-c", script]).current_dir(project.root()).status().unwrap();
    if !made.success() {
        return; // The shell cannot make such a tree.
    }
    let said = project.run(&["check"]);
    assert_eq!(said.code, Some(2));
    assert!(said.out.contains("could not be read: File name too long"), "{}", said.out);
}

#[test]
fn no_depth_of_nesting_ends_the_program() {
    const DEPTH: usize = 10_000;
    let nested = |open: &str, middle: &str, close: &str| {
        format!("{CONSUMER}x = {}{middle}{}\n", open.repeat(DEPTH), close.repeat(DEPTH)).into_bytes()
    };
    let block = |head: &str, depth: usize| {
        let lines: String = (0..depth).map(|at| format!("{}{head}\n", " ".repeat(at))).collect();
        format!("{CONSUMER}{lines}{}VAT\n", " ".repeat(depth)).into_bytes()
    };
    let files = [
        ("parentheses.py", nested("(", "VAT", ")")),
        ("lists.py", nested("[", "VAT", "]")),
        ("dicts.py", nested("{1:", "VAT", "}")),
        ("calls.py", nested("VAT(", "", ")")),
        ("attributes.py", format!("{CONSUMER}x = VAT{}\n", ".a".repeat(DEPTH)).into()),
        ("sums.py", nested("VAT + ", "1", "")),
        ("negations.py", nested("not ", "VAT", "")),
        ("signs.py", nested("-", "VAT", "")),
        ("lambdas.py", nested("lambda: ", "VAT", "")),
        ("choices.py", nested("VAT if VAT else ", "VAT", "")),
        ("annotation.py", nested("0; y: '", "", "")),
        ("open.py", nested("(", "", "")),
        ("targets.py", nested("0; ", "", "").into_iter().chain(b"[".repeat(DEPTH)).collect()),
        ("blocks.py", block("if VAT:", 1500)),
        ("functions.py", block("def f():", 1500)),
        (
            "dots.py",
            format!("{CONSUMER}from {} import VAT\nimport shop{}\n", ".".repeat(DEPTH), ".a".repeat(DEPTH))
                .into(),
        ),
        ("statements.py", format!("{CONSUMER}{}\n", "VAT; ".repeat(DEPTH)).into()),
        ("braces.rs", format!("fn f() {}{}\n", "{".repeat(DEPTH), "}".repeat(DEPTH)).into()),
        ("modules.rs", format!("{}{}\n", "mod a {".repeat(DEPTH), "}".repeat(DEPTH)).into()),
        ("types.rs", format!("type A = {}u8{};\n", "Box<".repeat(DEPTH), ">".repeat(DEPTH)).into()),
        ("paths.rs", format!("fn f() {{ shop::prices::VAT{}; }}\n", "::a".repeat(DEPTH)).into()),
        ("uses.rs", format!("use {}b{};\n", "a::{".repeat(DEPTH), "}".repeat(DEPTH)).into()),
    ];
    let project = project_of(&files);
    let codes = codes(&project);
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".py")) {
        assert!(codes[*path].contains(&"SSOT001".to_owned()), "{path}: {:?}", codes[*path]);
    }
    let said = project.run(&["migrate", "--dry-run"]);
    assert!(said.code.is_some_and(|code| code <= 2), "{}", said.err);
}
