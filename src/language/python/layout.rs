//! From the folder layout to absolute module names (Python reference, section 5; namespace packages: PEP 420).

use super::standard_library::is_standard;
use crate::model::{FileId, Language, Module, ModuleName, Reach, SymbolPath};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Folders below the project root that customarily hold packages.
const USUAL_ROOTS: [&str; 3] = ["src/", "lib/", "python/"];

/// Folders whose packages only matter to the files inside: samples and test data.
const SIDE_FOLDERS: [&str; 12] = [
    "tests",
    "test",
    "testing",
    "examples",
    "example",
    "docs",
    "doc",
    "fixtures",
    "data",
    "benchmarks",
    "vendor",
    "third_party",
];

/// A folder that may be on the import path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Root {
    /// Order of preference among roots that contain a file; lower is better.
    rank: usize,
    reach: Reach,
    /// True when it is configured, or usual.
    is_certain: bool,
}

/// The modules that `files` (sorted by path) provide, folders without a file of their own included. `built` are files that
/// stand for modules without a text.
pub fn modules(
    files: &[(FileId, &str)],
    built: &[&str],
    roots: Option<&[String]>,
    hints: &[SymbolPath],
) -> Vec<Module> {
    let folders = Folders::new(files);
    let roots = find_roots(&folders, roots);
    let hints: FxHashSet<&str> = hints.iter().map(|path| &*path.segments()[0]).collect();
    let names = Names { roots: &roots, hints: &hints };
    let of_file = |&(file, path): &(FileId, &str)| {
        let (stem, is_stub) = stem(path)?;
        let is_package = stem == "__init__" || stem.ends_with("/__init__");
        let importable = if is_package { stem.strip_suffix("__init__").unwrap_or(stem) } else { stem };
        let names = names.of(importable.trim_end_matches('/'), folder_of(path));
        let is_reached = !names.is_empty();
        is_reached.then_some(Module { file: Some(file), names, is_package, is_stub, is_opaque: false })
    };
    let mut found: Vec<Module> = files.par_iter().filter_map(of_file).collect();
    let plain_folders =
        folders.all.iter().filter(|folder| !folder.is_empty() && !folders.packages.contains(*folder));
    for folder in plain_folders {
        let names = names.of(folder.trim_end_matches('/'), folder_of(folder.trim_end_matches('/')));
        if !names.is_empty() {
            found.push(Module { file: None, names, is_package: true, is_stub: false, is_opaque: false });
        }
    }
    for path in built {
        let (folder, name) = path.split_at(folder_of(path).len());
        let path = format!("{folder}{}", name.split('.').next().unwrap_or(name));
        let names = names.of(&path, folder);
        if !names.is_empty() {
            found.push(Module { file: None, names, is_package: false, is_stub: false, is_opaque: true });
        }
    }
    found
}

/// Folders are written with `/` at the end; the project root is the empty string.
struct Folders<'path> {
    /// Every folder with a file somewhere below it, sorted.
    all: Vec<&'path str>,
    packages: FxHashSet<&'path str>,
    /// Folders with a file directly inside.
    with_files: FxHashSet<&'path str>,
}

impl<'path> Folders<'path> {
    fn new(files: &[(FileId, &'path str)]) -> Self {
        let (mut all, mut packages) = (FxHashSet::default(), FxHashSet::default());
        let mut with_files = FxHashSet::default();
        for &(_, path) in files {
            let mut folder = folder_of(path);
            if with_files.insert(folder) {
                while all.insert(folder) && !folder.is_empty() {
                    folder = folder_of(folder.trim_end_matches('/'));
                }
            }
            if stem(path).is_some_and(|(stem, _)| stem == "__init__" || stem.ends_with("/__init__")) {
                packages.insert(folder_of(path));
            }
        }
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_unstable();
        Self { all, packages, with_files }
    }

    /// The folder that holds the outermost package around `package`.
    fn outside_of(&self, package: &'path str) -> &'path str {
        let mut folder = package;
        while self.packages.contains(folder) && !folder.is_empty() {
            folder = folder_of(folder.trim_end_matches('/'));
        }
        folder
    }
}

fn find_roots(folders: &Folders<'_>, given: Option<&[String]>) -> FxHashMap<String, Root> {
    let mut roots = FxHashMap::default();
    match given {
        Some(given) => {
            for (rank, root) in given.iter().enumerate() {
                roots.entry(as_folder(root)).or_insert(Root {
                    rank,
                    reach: Reach::Everywhere,
                    is_certain: true,
                });
            }
        }
        None => find_global_roots(folders, &mut roots),
    }
    for &folder in &folders.with_files {
        if !folders.packages.contains(folder) {
            roots.entry(folder.to_owned()).or_insert(Root {
                rank: usize::MAX,
                reach: Reach::Below,
                is_certain: false,
            });
        }
    }
    roots
}

fn find_global_roots(folders: &Folders<'_>, roots: &mut FxHashMap<String, Root>) {
    // Of nested roots the inner one gives the name that code uses.
    let rank = |folder: &str| 1000 - folder.matches('/').count().min(999);
    let global = |folder: &str| Root { rank: rank(folder), reach: Reach::Everywhere, is_certain: true };
    roots.insert(String::new(), global(""));
    for usual in USUAL_ROOTS {
        if folders.all.contains(&usual) && !folders.packages.contains(usual) {
            roots.insert(usual.to_owned(), global(usual));
        }
    }
    for package in &folders.packages {
        let outside = folders.outside_of(package);
        let is_aside = outside.split('/').any(|part| SIDE_FOLDERS.contains(&part));
        roots.entry(outside.to_owned()).or_insert(Root {
            rank: rank(outside),
            reach: if is_aside { Reach::Below } else { Reach::Everywhere },
            is_certain: false,
        });
    }
}

struct Names<'layout> {
    roots: &'layout FxHashMap<String, Root>,
    hints: &'layout FxHashSet<&'layout str>,
}

impl Names<'_> {
    /// The absolute names of the module at `path` (without extension) in `folder`, the preferred one first.
    fn of(&self, path: &str, folder: &str) -> Vec<ModuleName> {
        let mut found = Vec::new();
        let mut root = folder;
        loop {
            if let Some(&kind) = self.roots.get(root)
                && let Some(name) = self.name(path, root, kind)
            {
                found.push((kind, name));
            }
            if root.is_empty() {
                break;
            }
            root = folder_of(root.trim_end_matches('/'));
        }
        found.sort_by_key(|(kind, name)| (kind.reach, !self.is_hinted(name), kind.rank));
        found.into_iter().map(|(_, name)| name).collect()
    }

    fn name(&self, path: &str, root: &str, kind: Root) -> Option<ModuleName> {
        let below = path.strip_prefix(root).filter(|below| !below.is_empty())?;
        let dotted = below.replace('/', ".");
        let path = SymbolPath::parse(&dotted).filter(|path| path.language() == Language::Python)?;
        // The inside of a namespace package may look like a root that holds a `json`.
        let is_guessed = !kind.is_certain && is_standard(&path.segments()[0]);
        // `shop/shop.py` in a folder without a file for the package is the module `shop.shop`.
        let repeats = !kind.is_certain && root.trim_end_matches('/').rsplit('/').next() == Some(below);
        let is_hinted = self.hints.contains(&*path.segments()[0]);
        let is_name = !below.contains('.') && (!is_guessed || is_hinted) && !repeats;
        is_name.then(|| ModuleName { path, root: Arc::from(root), reach: kind.reach })
    }

    fn is_hinted(&self, name: &ModuleName) -> bool {
        self.hints.contains(&*name.path.segments()[0])
    }
}

/// The path without its extension, and whether it is a stub.
fn stem(path: &str) -> Option<(&str, bool)> {
    match path.rsplit_once('.')? {
        (stem, "py") => Some((stem, false)),
        (stem, "pyi") => Some((stem, true)),
        _ => None,
    }
}

fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

fn as_folder(root: &str) -> String {
    let trimmed = root.trim_start_matches("./").trim_matches('/');
    if trimmed.is_empty() || trimmed == "." { String::new() } else { format!("{trimmed}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str], roots: Option<&[&str]>, hints: &[&str]) -> Vec<String> {
        let files: Vec<(FileId, &str)> =
            paths.iter().enumerate().map(|(id, path)| (id as FileId, *path)).collect();
        let roots: Option<Vec<String>> = roots.map(|roots| roots.iter().map(ToString::to_string).collect());
        let hints: Vec<SymbolPath> = hints.iter().map(|hint| SymbolPath::parse(hint).unwrap()).collect();
        let found = modules(&files, &[], roots.as_deref(), &hints);
        let in_files = found.iter().filter(|module| module.file.is_some());
        in_files
            .map(|module| module.names.iter().map(|n| n.path.to_string()).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn a_package_is_named_from_the_folder_that_holds_it() {
        assert_eq!(names(&["app/__init__.py", "app/x.py"], None, &[]), ["app", "app.x"]);
        assert_eq!(names(&["src/app/__init__.py", "src/app/x.py"], None, &[])[1], "app.x src.app.x");
    }

    #[test]
    fn configured_roots_come_in_their_order() {
        let paths = ["src/app/__init__.py"];
        assert_eq!(names(&paths, Some(&[".", "src"]), &[]), ["src.app app"]);
        assert_eq!(names(&paths, Some(&["src/"]), &[]), ["app"]);
    }

    #[test]
    fn a_folder_without_init_can_be_a_package_when_rules_say_so() {
        let paths = ["backend/app/__init__.py", "backend/app/x.py"];
        assert_eq!(names(&paths, None, &[])[1], "app.x backend.app.x");
        assert_eq!(names(&paths, None, &["backend.app.x.Y"])[1], "backend.app.x app.x");
    }

    #[test]
    fn names_that_no_import_can_spell_are_left_out() {
        assert_eq!(names(&["my-scripts/run.py", "a/b.c.py"], None, &[]), ["run"]);
    }
}
