//! Lists the source files of a project, in a stable order.

use super::exclusion::{Exclusion, IGNORE_FILES, is_passed_over};
use super::overlay::Overlay;
use crate::git::GitError;
use crate::model::{Language, Notation};
use ignore::{WalkBuilder, WalkState};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Says how the files below it make Rust packages.
const MANIFEST: &str = "Cargo.toml";

/// Extensions of compiled modules, and of the sources that they are most often built from.
const BUILT: [&str; 7] = ["so", "pyd", "pyx", "c", "cc", "cpp", "proto"];

/// What stands behind `.env.`; a copy of such a file may have any other ending.
const STAGES: [&str; 11] = [
    "ci",
    "defaults",
    "dev",
    "development",
    "dist",
    "example",
    "local",
    "production",
    "sample",
    "staging",
    "test",
];

/// Files that are not code and that their names tell.
const NAMED: [(&str, Notation); 10] = [
    ("Procfile", Notation::Lines),
    (".importlinter", Notation::Lines),
    (".coveragerc", Notation::Lines),
    (".flake8", Notation::Lines),
    (".pylintrc", Notation::Lines),
    ("Pipfile", Notation::Toml),
    ("Pipfile.lock", Notation::Json),
    ("poetry.lock", Notation::Toml),
    ("pdm.lock", Notation::Toml),
    ("uv.lock", Notation::Toml),
];

/// The source files below a root, sorted by path.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files; a `FileId` is an index into this list.
    pub files: Vec<TreeFile>,
    /// Folders and files that could not be looked at, with the reason.
    pub unreadable: Vec<(Arc<str>, String)>,
    /// Files that say how others make packages (`Cargo.toml`), relative to the root, sorted.
    pub manifests: Vec<Arc<str>>,
    /// Files that stand for Python modules without a text, relative to the root, sorted.
    pub built: Vec<Arc<str>>,
    /// The files that are not code, sorted by path; none where nobody asks for them.
    pub data: Vec<DataFile>,
    /// The texts of a tree that is not on the disk, by path relative to the root.
    pub(super) held: Option<FxHashMap<Arc<str>, Arc<[u8]>>>,
}

impl Tree {
    /// The text of any file below `root`, by its path relative to that; `None` when it cannot be read.
    pub fn text(&self, root: &Path, path: &str) -> Option<String> {
        match (&self.held, self.overlaid(path)) {
            (Some(held), _) => held.get(path).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()),
            (None, Some(text)) => str::from_utf8(text).ok().map(str::to_owned),
            (None, None) => std::fs::read_to_string(root.join(path)).ok(),
        }
    }

    /// The same files, in order, so that their numbers are the same in every run.
    pub(super) fn sorted(mut self) -> Self {
        self.files.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        self.files.dedup_by(|left, right| left.absolute == right.absolute);
        self.data.sort_unstable_by(|left, right| left.file.path.cmp(&right.file.path));
        self.data.dedup_by(|left, right| left.file.absolute == right.file.absolute);
        self.unreadable.sort();
        self.manifests.sort();
        self.built.sort();
        self
    }

    /// Adds a file that lies below the root, where it matters.
    pub(super) fn add(&mut self, walk: &Walk<'_>, path: PathBuf) {
        let &Walk { root, scope, .. } = walk;
        self.data.extend(walk.data_file(&path));
        if path.file_name().is_some_and(|name| name == MANIFEST) {
            self.manifests.push(relative(root, &path).into());
        } else if is_built(&path) {
            self.built.push(relative(root, &path).into());
        } else {
            self.files.extend(tree_file(root, path, scope));
        }
    }

    /// Every file, code or not.
    pub fn all_files(&mut self) -> impl Iterator<Item = &mut TreeFile> {
        self.files.iter_mut().chain(self.data.iter_mut().map(|data| &mut data.file))
    }

    /// The text that a file is taken to hold in place of that on the disk.
    pub fn overlaid(&self, path: &str) -> Option<&[u8]> {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        self.files[at].text.as_deref()
    }
}

/// One file of the tree.
#[derive(Debug, Clone)]
pub struct TreeFile {
    /// Relative to the root, with `/`; bytes that are not UTF-8 are replaced.
    pub path: Arc<str>,
    /// Where it can be opened.
    pub absolute: PathBuf,
    /// What it is taken to hold; `None`: what is on the disk.
    pub text: Option<Arc<[u8]>>,
    /// By its extension; of a file that is not code, that of the paths in it.
    pub language: Language,
    /// True when it lies in the paths that were asked for.
    pub in_scope: bool,
}

/// A file that is not code, in which paths are data.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// The file.
    pub file: TreeFile,
    /// How it is written.
    pub notation: Notation,
}

/// Why a walk cannot start.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A path that was asked for is not there.
    #[error("{path}: no such file or folder")]
    Missing {
        /// As it was given.
        path: String,
    },
    /// A path that was asked for lies outside the project.
    #[error("{path}: outside the project root {root}")]
    Outside {
        /// As it was given.
        path: String,
        /// The project root.
        root: String,
    },
    /// A glob of `files.exclude` is malformed.
    #[error("`files.exclude`: {0}")]
    Exclude(#[from] ignore::Error),
    /// A commit cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// What is walked.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// Everything below it is; absolute.
    pub root: &'a Path,
    /// Globs of what is left out, in the syntax of `.gitignore`, which is respected too.
    pub exclude: &'a [String],
    /// The paths asked for (absolute, below `root`, existing or among `overlays`); when empty, the whole tree is.
    pub scope: &'a [PathBuf],
    /// Leaves a file out also when it is named in `scope`; else a named file is taken in any case.
    pub force_exclude: bool,
    /// Texts in place of those on the disk.
    pub overlays: &'a [Overlay],
    /// True when files that are not code are wanted.
    pub wants_data: bool,
    /// Files that declare paths (absolute): they are no data.
    pub declaring: &'a [PathBuf],
}

impl<'a> Walk<'a> {
    /// The whole tree as it is on the disk.
    pub const fn whole(root: &'a Path, exclude: &'a [String]) -> Self {
        let (scope, overlays, declaring) = (&[], &[], &[]);
        Self { root, exclude, scope, force_exclude: false, overlays, wants_data: false, declaring }
    }

    fn check_scope(&self) -> Result<(), WalkError> {
        for path in self.scope {
            let shown = path.display().to_string();
            if !path.exists() && !self.overlays.iter().any(|overlay| overlay.is_for(path)) {
                return Err(WalkError::Missing { path: shown });
            }
            if !path.starts_with(self.root) {
                return Err(WalkError::Outside { path: shown, root: self.root.display().to_string() });
            }
        }
        Ok(())
    }

    fn add_named_files(&self, tree: &mut Tree) {
        let named = self.scope.iter().filter(|path| !self.force_exclude && path.is_file());
        for path in named {
            tree.files.extend(tree_file(self.root, path.clone(), self.scope));
            tree.data.extend(self.data_file(path));
        }
    }

    /// A file as one that is not code, when it is such and wanted.
    fn data_file(&self, path: &Path) -> Option<DataFile> {
        let notation = notation_of(path).filter(|_| self.wants_data)?;
        let is_declaring = || self.declaring.iter().any(|declaring| declaring == path);
        let file = || file_of(self.root, path.to_owned(), self.scope, Language::Python);
        (!is_declaring()).then(|| DataFile { file: file(), notation })
    }

    /// Puts the texts where they belong: into the files that are there, and beside them.
    fn lay_over(&self, exclusion: &Exclusion, tree: &mut Tree) {
        for overlay in self.overlays {
            let is_there = tree.all_files().any(|file| overlay.is_for(&file.absolute));
            if !(is_there || self.force_exclude && exclusion.covers(&overlay.absolute, false)) {
                tree.files.extend(tree_file(self.root, overlay.absolute.clone(), self.scope));
                tree.data.extend(self.data_file(&overlay.absolute));
            }
            // A file that is named too may be listed twice here.
            for file in tree.all_files().filter(|file| overlay.is_for(&file.absolute)) {
                file.text = Some(Arc::clone(&overlay.text));
            }
        }
    }
}

/// Walks everything below the root.
///
/// # Errors
/// When a path of the scope does not exist or lies outside the root, or a glob is malformed.
pub fn walk(walk: &Walk<'_>) -> Result<Tree, WalkError> {
    let root = walk.root;
    walk.check_scope()?;
    let exclusion = Exclusion::new(root, walk.exclude)?;
    let mut builder = WalkBuilder::new(root);
    builder.hidden(false).require_git(false).follow_links(false).overrides(exclusion.globs());
    builder.filter_entry(|entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        !is_folder || entry.depth() == 0 || !is_passed_over(entry.path())
    });
    let found = Mutex::new(Tree::default());
    builder.threads(rayon::current_num_threads().min(12)).build_parallel().run(|| {
        let mut batch = Batch { tree: &found, own: Tree::default() };
        Box::new(move |entry| {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    batch.own.add(walk, entry.into_path());
                }
                Ok(_) => {}
                Err(error) => batch.report(root, &error),
            }
            WalkState::Continue
        })
    });
    let mut tree = found.into_inner().expect("no thread of the walk panics");
    walk.add_named_files(&mut tree);
    walk.lay_over(&exclusion, &mut tree);
    Ok(tree.sorted())
}

/// The files that one thread has found; handed over when the thread ends, so that threads do not wait for each other.
struct Batch<'tree> {
    tree: &'tree Mutex<Tree>,
    own: Tree,
}

impl Batch<'_> {
    fn report(&self, root: &Path, error: &ignore::Error) {
        let path = failing_path(error).unwrap_or(root);
        let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        let mut tree = self.tree.lock().expect("no thread of the walk panics");
        tree.unreadable.push((relative(root, path).into(), reason));
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut tree = self.tree.lock().expect("no thread of the walk panics");
        tree.files.append(&mut self.own.files);
        tree.data.append(&mut self.own.data);
        tree.manifests.append(&mut self.own.manifests);
        tree.built.append(&mut self.own.built);
    }
}

fn failing_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => failing_path(err),
        _ => None,
    }
}

/// The language of a file, by its extension.
pub fn language_of(path: &Path) -> Option<Language> {
    match path.extension()?.to_str()? {
        "py" | "pyi" => Some(Language::Python),
        "rs" => Some(Language::Rust),
        _ => None,
    }
}

/// How a file that is not code is written, by its name.
pub fn notation_of(path: &Path) -> Option<Notation> {
    let name = path.file_name()?.to_str()?;
    if matches!(name, "ssot.toml" | ".ssot.toml") {
        return None; // It declares paths.
    }
    let stage = name.strip_prefix(".env.");
    if name == ".env" || stage.is_some_and(|stage| STAGES.contains(&stage)) {
        return Some(Notation::Lines);
    }
    if let Some((_, notation)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*notation);
    }
    match path.extension()?.to_str()? {
        "json" | "jsonc" | "json5" => Some(Notation::Json),
        "yaml" | "yml" => Some(Notation::Yaml),
        "toml" => Some(Notation::Toml),
        "ini" | "cfg" | "conf" | "env" => Some(Notation::Lines),
        _ => None,
    }
}

/// True when a walk may take the file for what it is or says, by its name alone.
pub fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    let is_read = language_of(path).is_some() || notation_of(path).is_some();
    is_read || is_built(path) || is_toml || IGNORE_FILES.contains(&name)
}

/// True for a compiled module, or a source of one.
fn is_built(path: &Path) -> bool {
    path.extension().and_then(|found| found.to_str()).is_some_and(|found| BUILT.contains(&found))
}

fn tree_file(root: &Path, absolute: PathBuf, scope: &[PathBuf]) -> Option<TreeFile> {
    let language = language_of(&absolute)?;
    Some(file_of(root, absolute, scope, language))
}

fn file_of(root: &Path, absolute: PathBuf, scope: &[PathBuf], language: Language) -> TreeFile {
    let in_scope = scope.is_empty() || scope.iter().any(|asked| absolute.starts_with(asked));
    TreeFile { path: relative(root, &absolute).into(), absolute, text: None, language, in_scope }
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
