//! What is no part of the project: asked of one path, also of one that is not there.

use ignore::Match;
use ignore::gitignore::Gitignore;
use ignore::overrides::{Override, OverrideBuilder};
use std::path::{Path, PathBuf};

/// Folders that hold no code of the project: version control, caches, environments.
pub(super) const PASSED_OVER: [&str; 17] = [
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".tox",
    ".nox",
    ".venv",
    ".eggs",
    ".direnv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".ssot-lint",
    "__pycache__",
    "__pypackages__",
    "node_modules",
    "site-packages",
];

/// Marks the folder of a virtual environment.
pub(super) const ENVIRONMENT: &str = "pyvenv.cfg";

/// The files of patterns that a folder may hold, the one that outdoes the others first.
pub(super) const IGNORE_FILES: [&str; 2] = [".ignore", ".gitignore"];

/// What is left out below a root.
#[derive(Debug)]
pub struct Exclusion {
    root: PathBuf,
    globs: Override,
}

impl Exclusion {
    /// Leaves out what fits one of `exclude`, in the syntax of `.gitignore`, besides what is always left out.
    ///
    /// # Errors
    /// When a pattern is malformed.
    pub fn new(root: &Path, exclude: &[String]) -> Result<Self, ignore::Error> {
        let mut globs = OverrideBuilder::new(root);
        for glob in exclude {
            globs.add(&format!("!{glob}"))?;
        }
        Ok(Self { root: root.to_path_buf(), globs: globs.build()? })
    }

    /// The patterns as the walk takes them.
    pub(super) fn globs(&self) -> Override {
        self.globs.clone()
    }

    /// True when the walk does not come to `path` (absolute, below the root), were it there. Patterns of git that lie
    /// above the root or in its own settings are not asked.
    pub fn covers(&self, path: &Path, is_folder: bool) -> bool {
        let below = path.strip_prefix(&self.root).unwrap_or(Path::new(""));
        let mut steps: Vec<&Path> = below.ancestors().filter(|step| !step.as_os_str().is_empty()).collect();
        steps.reverse();
        steps.iter().any(|step| {
            let step = self.root.join(step);
            let is_folder = is_folder || step != path;
            is_folder && is_passed_over(&step)
                || match self.globs.matched(&step, is_folder) {
                    Match::None => self.is_ignored(&step, is_folder),
                    found => found.is_ignore(),
                }
        })
    }

    /// What the nearest file of patterns says that speaks of `path`.
    fn is_ignored(&self, path: &Path, is_folder: bool) -> bool {
        let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
        let files = folders.flat_map(|folder| IGNORE_FILES.map(|name| folder.join(name)));
        let asked = files.filter(|file| file.is_file()).map(|file| {
            let (patterns, _) = Gitignore::new(file);
            patterns.matched(path, is_folder).map(drop)
        });
        asked.into_iter().find(|found| !found.is_none()).is_some_and(|found| found.is_ignore())
    }
}

/// Virtual environments are known by their marker file, whatever their name.
pub(super) fn is_passed_over(folder: &Path) -> bool {
    folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| PASSED_OVER.contains(&name))
        || folder.join(ENVIRONMENT).exists()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay out folders")]
mod tests {
    use super::super::{Walk, walk};
    use super::*;
    use std::fs;

    #[test]
    fn the_walk_and_the_question_agree_on_every_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let write = |path: &str, text: &str| {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), text).unwrap();
        };
        let files = [
            "a.py",
            "third_party/a.py",
            "deep/third_party/a.py",
            "build/a.py",
            "build/kept.py",
            "gen/a_pb2.py",
            "gen/kept_pb2.py",
            "gen/deep/b_pb2.py",
            ".hidden/a.py",
            "node_modules/a.py",
            "env/lib/a.py",
            "docs/a.py",
            "docs/only/a.py",
            "src/third_party.py",
        ];
        files.iter().for_each(|file| write(file, ""));
        write("env/pyvenv.cfg", "");
        write(".gitignore", "build/\n*_pb2.py\n/docs/only\n");
        write("gen/.gitignore", "!kept_pb2.py\n");
        write("gen/.ignore", "deep\n");
        let exclude = ["third_party/".to_owned(), "/docs/a.*".to_owned()];
        let tree = walk(&Walk::whole(&root, &exclude)).unwrap();
        let exclusion = Exclusion::new(&root, &exclude).unwrap();
        let walked: Vec<&str> = tree.files.iter().map(|file| &*file.path).collect();
        let mut told = files.to_vec();
        told.retain(|file| !exclusion.covers(&root.join(file), false));
        told.sort_unstable();
        assert_eq!(told, walked);
        assert!(exclusion.covers(&root.join("third_party/new/x.py"), false));
        assert!(exclusion.covers(&root.join("build"), true) && !exclusion.covers(&root, true));
    }
}
