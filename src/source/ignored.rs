//! Which files of a commit the walk of a folder would leave out: by `.gitignore`, by exclusions, by their folder.

use super::WalkError;
use super::exclusion::{Exclusion, IGNORE_FILES, PASSED_OVER};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::Override;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// What is left out of a commit. Paths are relative to the top of the repository, with `/`.
pub(super) struct Ignored {
    excluded: Override,
    prefix: String,
    /// By name of the rule file and folder, the latter empty or with a final `/`.
    rules: FxHashMap<(&'static str, String), Gitignore>,
    environments: FxHashSet<String>,
    /// Verdicts on folders.
    known: FxHashMap<String, bool>,
}

impl Ignored {
    /// Nothing but what `exclude` names below `root`, which lies at `prefix` (empty, or with a final `/`).
    ///
    /// # Errors
    /// When a glob is malformed.
    pub fn new(root: &Path, exclude: &[String], prefix: &str) -> Result<Self, WalkError> {
        Ok(Self {
            excluded: Exclusion::new(root, exclude)?.globs(),
            prefix: prefix.to_owned(),
            rules: FxHashMap::default(),
            environments: FxHashSet::default(),
            known: FxHashMap::default(),
        })
    }

    /// Takes in the text of a rule file in `folder` (empty, or with a final `/`). Lines that are no globs are passed
    /// over, as git does.
    pub fn add_rules(&mut self, name: &'static str, folder: &str, text: &[u8]) {
        let mut builder = GitignoreBuilder::new(folder.trim_end_matches('/'));
        for line in String::from_utf8_lossy(text).trim_start_matches('\u{feff}').lines() {
            let _ = builder.add_line(None, line);
        }
        if let Ok(rules) = builder.build() {
            self.rules.insert((name, folder.to_owned()), rules);
        }
    }

    /// Says that `folder` (without a final `/`) is a virtual environment.
    pub fn add_environment(&mut self, folder: &str) {
        self.environments.insert(folder.to_owned());
    }

    /// Whether the file at `path` is left out.
    pub fn covers(&mut self, path: &str) -> bool {
        let folder = path.rfind('/').map(|at| &path[..at]);
        folder.is_some_and(|folder| self.covers_folder(folder)) || self.is_named(path, false)
    }

    fn covers_folder(&mut self, folder: &str) -> bool {
        if folder.len() < self.prefix.len() {
            return false; // It holds the project.
        }
        if let Some(&known) = self.known.get(folder) {
            return known;
        }
        let (parent, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let verdict = !parent.is_empty() && self.covers_folder(parent)
            || PASSED_OVER.contains(&name)
            || self.environments.contains(folder)
            || self.is_named(folder, true);
        self.known.insert(folder.to_owned(), verdict);
        verdict
    }

    /// Whether a glob names exactly this path; of several, the exclusions win, then the rule file nearest to it.
    fn is_named(&self, path: &str, is_folder: bool) -> bool {
        let below = path.strip_prefix(&self.prefix).unwrap_or(path);
        if self.excluded.matched(below, is_folder).is_ignore() {
            return true;
        }
        for name in IGNORE_FILES {
            for folder in folders_around(path) {
                let Some(rules) = self.rules.get(&(name, folder.to_owned())) else { continue };
                let verdict = rules.matched(path, is_folder);
                if !verdict.is_none() {
                    return verdict.is_ignore();
                }
            }
        }
        false
    }
}

/// The folders around `path`, the nearest first, each with a final `/`; the top is empty.
pub(super) fn folders_around(path: &str) -> impl Iterator<Item = &str> {
    path.trim_end_matches('/').rmatch_indices('/').map(|(at, _)| &path[..=at]).chain([""])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rule_wins_and_a_folder_takes_all_that_is_in_it() {
        let mut ignored = Ignored::new(Path::new("/p"), &["third_party/".to_owned()], "back/").unwrap();
        ignored.add_rules(".gitignore", "", b"*.gen.py\nbuild/\n");
        ignored.add_rules(".gitignore", "back/app/", b"!kept.gen.py\n");
        ignored.add_environment("back/env");
        for path in
            ["back/x.gen.py", "back/build/a.py", "back/third_party/a/b.py", "back/env/a.py", "back/.tox/a.py"]
        {
            assert!(ignored.covers(path), "{path}");
        }
        for path in ["back/app/kept.gen.py", "back/app/a.py", "back/builder/a.py", "back/third_party.py"] {
            assert!(!ignored.covers(path), "{path}");
        }
    }

    #[test]
    fn a_folder_above_the_project_is_never_left_out() {
        let mut ignored = Ignored::new(Path::new("/p"), &[], "build/app/").unwrap();
        ignored.add_rules(".gitignore", "", b"build/\n");
        assert!(!ignored.covers("build/app/a.py"));
    }
}
