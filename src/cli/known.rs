//! What `check` need not report: what a baseline holds, and what was there before the branch.

use super::arguments::{Check, Global};
use super::failure::Failure;
use super::progress::Bar;
use super::project::Opened;
use crate::git::Repository;
use crate::model::{KnownFinding, Language, Outcome, SourceFile};
use crate::pipeline::{self, ProjectError};
use crate::rule::{self, Reach, Selection};
use crate::source::Commits;
use std::io;
use std::path::{Path, PathBuf};

/// The name of a baseline when none is given, in the project root.
pub(super) const BASELINE: &str = ".ssot-baseline";

/// A baseline that was read.
pub(super) struct BaselineFile {
    /// As somebody gave it.
    pub name: String,
    path: PathBuf,
    pub entries: Vec<KnownFinding>,
    /// What it says, byte for byte.
    pub text: String,
}

impl BaselineFile {
    /// Reads a baseline that must be there.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        Self::find(path, &name)?.ok_or_else(|| {
            let path = quoted(&name);
            Failure::usage(
                format!("{name}: no such file"),
                format!("`ssot-lint baseline --output {path}` writes it with the findings of today"),
            )
        })
    }

    /// Reads a baseline, which people know as `name`; `None` when there is no such file.
    pub fn find(path: &Path, name: &str) -> Result<Option<Self>, Failure> {
        let (name, path) = (name.to_owned(), path.to_path_buf());
        let failed = |source| Failure::Output { what: name.clone(), source };
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(failed)?,
        };
        // What is not UTF-8 is no line of a baseline.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match rule::parse_baseline(&text) {
            Ok(entries) => Ok(Some(Self { name, path, entries, text })),
            Err(faults) => {
                let source = SourceFile::new(name.as_str(), Language::Python, text);
                Err(Failure::Baseline(source, faults))
            }
        }
    }

    /// Takes what is known out of what is reported, and adds what is stale.
    pub fn hide(&self, outcome: &mut Outcome, opened: &Opened, selection: &Selection) {
        let missing = rule::hide(outcome, &self.entries, &|path| opened.has_file(path));
        let paths = opened.asked_paths();
        let reach = Reach::new(&paths, selection, &outcome.findings);
        outcome.stale = missing.into_iter().filter(|known| reach.covers(known)).collect();
    }

    /// The command that takes out what is stale, with the check's own choice of files and kinds.
    pub fn remedy(&self, command: &Check, global: &Global, opened: &Opened) -> String {
        let mut words = vec!["ssot-lint baseline".to_owned()];
        words
            .extend(global.config.iter().map(|file| format!("--config {}", quoted(&file.to_string_lossy()))));
        if self.path.canonicalize().ok() != opened.settings.root.join(BASELINE).canonicalize().ok() {
            words.push(format!("--output {}", quoted(&self.name)));
        }
        let codes = &command.codes;
        let codes =
            [("select", &codes.select), ("extend-select", &codes.extend_select), ("ignore", &codes.ignore)];
        let given = codes.into_iter().filter(|(_, values)| !values.is_empty());
        words.extend(given.map(|(option, values)| format!("--{option} {}", values.join(","))));
        let paths = command.stdin_filename.as_ref().map_or(&*command.paths, std::slice::from_ref);
        words.extend(paths.iter().map(|path| quoted(&path.to_string_lossy())));
        words.join(" ")
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "_-./+:@%,=\\".contains(character);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// The findings of the commit in which this branch left `revision`.
pub(super) fn since(
    revision: &str,
    opened: &Opened,
    selection: &Selection,
    bar: &Bar,
) -> Result<Vec<KnownFinding>, Failure> {
    let settings = &opened.settings;
    let repository = Repository::find(&settings.root)?;
    let base = repository.merge_base(revision)?;
    let renames = repository.renames(&base)?;
    // What was asked for may have had another name then.
    let mut scope = opened.scope.clone();
    let is_asked_for = |new: &str| opened.scope.iter().any(|path| settings.root.join(new).starts_with(path));
    scope.extend(renames.iter().filter(|(_, new)| is_asked_for(new)).map(|(old, _)| settings.root.join(old)));
    let tree = Commits::new(repository).tree(&base, &settings.walk(&scope)).map_err(ProjectError::from)?;
    let outcome = pipeline::check_tree(settings, tree, selection, None, bar);
    let mut known: Vec<KnownFinding> = outcome.findings.iter().map(KnownFinding::from).collect();
    rule::rename(&mut known, &renames);
    Ok(known)
}
