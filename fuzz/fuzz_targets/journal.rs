//! A state folder that somebody has tampered with: whatever it says, nothing outside of the root is written, and no file
//! of the root that no run is about.
#![no_main]

use ssot_lint::model::{Edit, FilePlan, Plan, Span};
use ssot_lint::transaction::{Policy, Request, RollbackOptions, prepare, recover, rollback, runs};
use ssot_lint_fuzz::laws::{self, Tree};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The root lies in a folder with others.
const FILES: [(&str, &str); 6] = [
    ("root/shop/cart.py", "from shop.old import VAT\n"),
    ("root/top.py", "from shop.old import VAT\n"),
    ("root/keep.txt", "keep"),
    ("outside/shop/cart.py", "from shop.tax import VAT\n"),
    ("outside/cart.py", "from shop.old import VAT\n"),
    ("secret.py", "from shop.tax import VAT\n"),
];

/// What a record may be made to say, and where a link may be made to lead.
const WORDS: [&str; 22] = [
    "../secret.py",
    "../outside/cart.py",
    "shop/../../secret.py",
    "/etc/hosts",
    "keep.txt",
    "shop",
    "shop/cart.py",
    "top.py",
    ".git/config",
    ".ssot-lint/lock",
    "shop//cart.py",
    "C:\\secret.py",
    "",
    "null",
    "18446744073709551616",
    "\"prepared\"",
    "\"committed\"",
    "\"recovered\"",
    "{}",
    "[]",
    "shop/cart.py\",\"path\":\"../secret.py",
    "\u{0}",
];

/// A tree with an interrupted run, and one with a finished run.
fn trees() -> &'static [Tree; 2] {
    static TREES: OnceLock<[Tree; 2]> = OnceLock::new();
    TREES.get_or_init(|| [migrated(false), migrated(true)])
}

fn migrated(is_sealed: bool) -> Tree {
    let tree: Tree = FILES.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect();
    let folder = laws::write(&tree);
    let root = folder.path().join("root");
    let change = |path: &str| {
        let text = "from shop.old import VAT\n";
        let edit = Edit { span: Span::new(5, 13), text: "shop.tax".into(), rule: "vat".into() };
        FilePlan::compose(path.into(), text.as_bytes(), text, vec![edit]).expect("the edit fits")
    };
    let plan = Plan { files: ["shop/cart.py", "top.py"].map(change).into(), ..Plan::default() };
    let request = Request {
        root: &root,
        plan: &plan,
        tool_version: "0.1.0",
        rules: vec!["vat".into()],
        batch: None,
        backup_suffix: Some(".bak".into()),
        now: jiff::Timestamp::UNIX_EPOCH,
        sync: false,
        policy: Policy::Stop,
    };
    let committed = prepare(&request).and_then(|prepared| prepared.commit()).expect("a run without faults");
    if is_sealed {
        committed.seal().expect("a run without faults");
    }
    laws::read(folder.path())
}

libfuzzer_sys::fuzz_target!(init: ssot_lint_fuzz::work_alone(), |data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let mut tree = trees()[usize::from(first % 2)].clone();
    let mut input = Input(rest);
    let links = tamper(&mut tree, &mut input);
    let folder = laws::write(&tree);
    links.iter().for_each(|(at, to)| link(folder.path(), at, to));
    let before = others(&folder);
    let root = folder.path().join("root");
    let options = RollbackOptions {
        dry_run: false,
        force: first & 2 > 0,
        now: jiff::Timestamp::UNIX_EPOCH,
        tool_version: "0.1.0",
        sync: false,
    };
    if let Ok(runs) = runs(&root) {
        assert!(runs.records.len() + runs.unreadable.len() < 10);
    }
    let _ = recover(&root);
    let _ = rollback(&root, None, &options);
    let _ = rollback(&root, Some("19700101T000000Z-0000"), &options);
    let after = others(&folder);
    assert!(before == after, "{links:?}\n{before:#?}\n{after:#?}");
});

/// The fuzzer's bytes, read from the front; zeros at the end.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> usize {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        usize::from(*first)
    }

    fn bytes(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// Changes the state folder, or files that runs are about; returns the links to make: where, and to what.
fn tamper(tree: &mut Tree, input: &mut Input<'_>) -> Vec<(String, String)> {
    let mut links = Vec::new();
    while !input.0.is_empty() && links.len() < 3 {
        let state: Vec<String> = tree.keys().filter(|path| path.starts_with("root/")).cloned().collect();
        let (kind, at) = (input.byte() % 8, input.byte());
        let path = match kind {
            0..4 => state.iter().find(|path| path.ends_with("/run.json")).unwrap_or(&state[0]),
            _ => &state[at % state.len()],
        };
        if path == "root/keep.txt" {
            continue;
        }
        match kind {
            0..3 => splice(tree.get_mut(path).expect("a path of the tree"), kind, at, input),
            3 => drop(tree.insert(path.clone(), input.bytes(usize::MAX).to_vec())),
            4 => drop(tree.insert(path.clone(), input.bytes(8).to_vec())),
            5 => drop(tree.remove(path)),
            _ => {
                let depth = 2 + input.byte() % 5;
                let place: Vec<&str> = path.split('/').take(depth).collect();
                let up = "../".repeat(place.len() - 1);
                let to = ["outside", "secret.py", "outside/shop", "outside/cart.py", "root/keep.txt"];
                links.push((place.join("/"), up + to[input.byte() % to.len()]));
            }
        }
    }
    links
}

/// Puts a word or bytes into a text, or one word in the place of another.
fn splice(text: &mut Vec<u8>, kind: usize, high: usize, input: &mut Input<'_>) {
    let at = ((high << 8) + input.byte()) % (text.len() + 1);
    let word = WORDS[input.byte() % WORDS.len()];
    match kind {
        0 => {
            let end = (at + input.byte() % 32).min(text.len());
            drop(text.splice(at..end, word.bytes()));
        }
        1 => {
            let end = (at + input.byte() % 32).min(text.len());
            let length = input.byte() % 32;
            drop(text.splice(at..end, input.bytes(length).iter().copied()));
        }
        _ => {
            let old = ["shop/cart.py", "top.py", "\"prepared\"", "\"committed\"", "null", "shop/cart.py.bak"];
            let new = String::from_utf8_lossy(text).replacen(old[high % old.len()], word, 1 + at % 3);
            *text = new.into_bytes();
        }
    }
}

/// Replaces what is at `at` by a symbolic link.
fn link(base: &Path, at: &str, to: &str) {
    let place = base.join(at);
    let kind = fs::symlink_metadata(&place);
    let _ = match kind.map(|kind| kind.is_dir()) {
        Ok(true) => fs::remove_dir_all(&place),
        Ok(false) => fs::remove_file(&place),
        Err(_) => Ok(()),
    };
    let _ = symlink(to, place);
}

/// Everything that no run may touch.
fn others(folder: &TempDir) -> Tree {
    let mut tree = laws::read(folder.path());
    tree.retain(|path, _| !path.starts_with("root/") || path == "root/keep.txt");
    tree
}
