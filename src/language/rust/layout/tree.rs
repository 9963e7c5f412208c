//! The tree of modules of each target, from its root file on (Rust Reference, "Module source filenames").

use super::declarations::{Declaration, Inline, declarations};
use super::files::{FileIndex, Files, folder_of, join, join_folder};
use super::targets::Target;
use crate::language::Folder;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A file has no more names than this in one target.
const MOST_NAMES: usize = 8;
/// Paths are no longer than this.
const LONGEST_PATH: usize = 128;

/// A file as a module of a target.
#[derive(Debug)]
pub(super) struct Visit {
    /// The target, as index into the list of all.
    pub(super) target: usize,
    pub(super) file: FileIndex,
    /// The path from the root of the target, that one included.
    pub(super) path: Vec<Box<str>>,
    directory: Directory,
    /// True for a file that another one includes: it is only a part of the module.
    pub(super) is_included: bool,
    /// True for a module that a macro declares, wherever it is called.
    pub(super) is_template: bool,
}

/// Where the files of submodules are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Directory {
    /// The folder of the file, or of an inline module.
    folder: String,
    /// The folder in it that a file outside of `mod.rs` gives to its submodules.
    own: Option<Box<str>>,
}

/// Every file that the targets reach, those near the roots first.
pub(super) fn walk(targets: &[Target], folder: &Folder<'_>, files: &Files<'_>) -> Vec<Visit> {
    let mut walk = Walk { files, visits: Vec::new(), known: FxHashMap::default() };
    for (index, target) in targets.iter().enumerate() {
        let directory = Directory::of(files, target.file);
        let path = vec![target.root.as_str().into()];
        walk.visit(Visit {
            target: index,
            file: target.file,
            path,
            directory,
            is_included: false,
            is_template: false,
        });
    }
    let mut declared: Vec<Option<Vec<Declaration>>> = vec![None; files.len()];
    let mut from = 0;
    while from < walk.visits.len() {
        let to = walk.visits.len();
        let mut unread: Vec<FileIndex> = walk.visits[from..to].iter().map(|visit| visit.file).collect();
        unread.retain(|&file| declared[file as usize].is_none());
        unread.sort_unstable();
        unread.dedup();
        let read = |&file: &FileIndex| (folder.read)(files.path(file)).map(|text| declarations(&text));
        let found: Vec<Option<Vec<Declaration>>> = unread.par_iter().map(read).collect();
        for (file, found) in unread.into_iter().zip(found) {
            declared[file as usize] = Some(found.unwrap_or_default());
        }
        for parent in from..to {
            let declarations = declared[walk.visits[parent].file as usize].as_deref();
            for declaration in declarations.unwrap_or_default() {
                walk.declared(parent, declaration);
            }
        }
        from = to;
    }
    walk.visits
}

struct Walk<'run> {
    files: &'run Files<'run>,
    visits: Vec<Visit>,
    /// The visits of a file in a target.
    known: FxHashMap<(usize, FileIndex), Vec<usize>>,
}

impl Walk<'_> {
    /// Notes a file as a module, unless it is its own ancestor or known by this name.
    fn visit(&mut self, visit: Visit) {
        let known = self.known.entry((visit.target, visit.file)).or_default();
        let is_old = known.iter().any(|&known| visit.path.starts_with(&self.visits[known].path));
        if !is_old && known.len() < MOST_NAMES && visit.path.len() <= LONGEST_PATH {
            known.push(self.visits.len());
            self.visits.push(visit);
        }
    }

    /// Visits the files that a declaration stands for. A macro is most often called from the root.
    fn declared(&mut self, parent: usize, declaration: &Declaration) {
        self.descend(parent, declaration);
        if declaration.is_template {
            self.descend(self.visits[parent].target, declaration);
        }
    }

    /// Visits the files that a declaration stands for in a module.
    fn descend(&mut self, parent: usize, declaration: &Declaration) {
        let Visit { target, file, path, directory, .. } = &self.visits[parent];
        let inner = declaration.inside.iter().try_fold(directory.clone(), Directory::inside);
        let names = declaration.inside.iter().map(|inline| &inline.name).chain(&declaration.name);
        let path: Vec<Box<str>> = path.iter().chain(names).cloned().collect();
        let found = match &declaration.name {
            Some(name) => inner.map(|inner| inner.files(name, declaration, self.files)).unwrap_or_default(),
            None => Directory::of(self.files, *file).named(declaration, self.files),
        };
        let (target, is_included, is_template) =
            (*target, declaration.name.is_none(), declaration.is_template);
        for (file, directory) in found {
            self.visit(Visit { target, file, path: path.clone(), directory, is_included, is_template });
        }
    }
}

impl Directory {
    /// What a crate root, a `mod.rs` or a file named by an attribute gives to its submodules: its own folder.
    fn of(files: &Files<'_>, file: FileIndex) -> Self {
        Self { folder: folder_of(files.path(file)).to_owned(), own: None }
    }

    /// With the folder that belongs to a file outside of `mod.rs`.
    fn submodules(&self) -> String {
        self.own.as_ref().map_or_else(|| self.folder.clone(), |own| format!("{}{own}/", self.folder))
    }

    /// The folder of an inline module; `None` when it lies outside of the project.
    fn inside(self, inline: &Inline) -> Option<Self> {
        let folder = match &inline.path {
            Some(path) => join_folder(&self.folder, path)?,
            None => format!("{}{}/", self.submodules(), inline.name),
        };
        Some(Self { folder, own: None })
    }

    /// The files that exist for a module, and where their own submodules lie.
    fn files(&self, name: &str, declaration: &Declaration, files: &Files<'_>) -> Vec<(FileIndex, Self)> {
        let mut found = self.named(declaration, files);
        if declaration.is_conventional {
            found.extend(self.conventional(name, files));
        }
        found
    }

    /// The files that a declaration names by their paths.
    fn named(&self, declaration: &Declaration, files: &Files<'_>) -> Vec<(FileIndex, Self)> {
        let named = declaration.paths.iter().filter_map(|path| files.find(&join(&self.folder, path)?));
        named.map(|file| (file, Self::of(files, file))).collect()
    }

    fn conventional(&self, name: &str, files: &Files<'_>) -> Option<(FileIndex, Self)> {
        let folder = self.submodules();
        let beside = || {
            let file = files.find(&format!("{folder}{name}.rs"))?;
            Some((file, Self { folder: folder.clone(), own: Some(name.into()) }))
        };
        let below = || {
            let file = files.find(&format!("{folder}{name}/mod.rs"))?;
            Some((file, Self::of(files, file)))
        };
        beside().or_else(below)
    }
}
