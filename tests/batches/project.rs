//! A small project with batches, the program run in it, and every byte of its tree.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub const RULES: &str =
    "[[symbol]]\nid = \"vat\"\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\"]\n";
pub const OLD: &str = "from shop.prices import VAT\n";
pub const NEW: &str = "from shop.tax import VAT\n";

/// Files by path: bytes, mode, time of the last change in nanoseconds.
pub type Snapshot = BTreeMap<String, (Vec<u8>, u32, i64)>;

/// A project in a folder of its own, with room for a log beside it.
pub struct Project {
    folder: TempDir,
}

/// What the program said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A `[[batch]]` over all files below the folder of its name.
pub fn batch(name: &str, validate: &str) -> String {
    format!("[[batch]]\nname = \"{name}\"\npaths = [\"{name}/\"]\nvalidate = ['''{validate}''']\n")
}

impl Project {
    /// One old import in each of `files`; what `batches` says besides the rule.
    pub fn new(batches: &str, files: &[&str]) -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        project.write("ssot.toml", format!("{RULES}{batches}"));
        project.write("shop/__init__.py", "");
        project.write("shop/tax.py", "VAT = 1\n");
        project.write("shop/prices.py", NEW);
        files.iter().for_each(|file| project.write(file, OLD));
        project
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// A file outside the project.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// The lines that commands have written to `../log`.
    pub fn log(&self) -> Vec<String> {
        let text = fs::read_to_string(self.beside("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ssot-lint"));
        command.args(arguments).current_dir(self.root()).env("SSOT_LINT_NOW", "2026-11-20T10:15:00Z");
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().unwrap())
    }

    /// `migrate --execute --backup` and more.
    pub fn execute(&self, more: &[&str]) -> Said {
        self.run(&[&["migrate", "--execute", "--backup"], more].concat())
    }

    /// The runs, the newest first.
    pub fn runs(&self) -> Vec<Value> {
        let said = self.run(&["runs", "--output-format", "json"]);
        serde_json::from_str(&said.out).unwrap()
    }

    /// Every file but the program's own.
    pub fn snapshot(&self) -> Snapshot {
        let mut files = Snapshot::new();
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let (path, metadata) = (entry.path(), entry.metadata().unwrap());
                if !metadata.is_dir() {
                    let time = metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec();
                    let state = (fs::read(&path).unwrap(), metadata.mode(), time);
                    files.insert(relative(&self.root(), &path), state);
                } else if !path.ends_with(".ssot-lint") && !path.ends_with(".git") {
                    folders.push(path);
                }
            }
        }
        files
    }

    /// The files of `snapshot` that are not the same now, and new ones.
    pub fn changed(&self, snapshot: &Snapshot) -> Vec<String> {
        let now = self.snapshot();
        let names = now.keys().chain(snapshot.keys().filter(|name| !now.contains_key(*name)));
        names.filter(|name| now.get(*name) != snapshot.get(*name)).cloned().collect()
    }

    pub fn git(&self, arguments: &[&str]) -> bool {
        let identity =
            ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"];
        let run = Command::new("git").args(identity).args(arguments).current_dir(self.root()).output();
        run.is_ok_and(|output| output.status.success())
    }

    /// False, with a word, where there is no git.
    pub fn commit_all(&self) -> bool {
        let done =
            self.git(&["init", "-q"]) && self.git(&["add", "."]) && self.git(&["commit", "-qm", "start"]);
        if !done {
            println!("git was not found: nothing was tried");
        }
        done
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
}

impl Said {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The program ended with `code` and said all of `words` on standard error.
    #[track_caller]
    pub fn expect(&self, code: i32, words: &[&str]) -> &Self {
        assert_eq!(self.code, Some(code), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "it does not say `{word}`:\n{}", self.err);
        }
        self
    }

    /// The lines about batches at the end, without the ids of runs.
    pub fn states(&self) -> Vec<String> {
        let lines = self.err.lines().skip_while(|line| *line != "Batches:").skip(1);
        let lines = lines.take_while(|line| line.starts_with("  "));
        lines.map(|line| line.split(", run ").next().unwrap().trim().to_owned()).collect()
    }
}
