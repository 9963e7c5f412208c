//! The absolute names of modules: as their own package spells them, and as the packages that depend on it do.

use super::Project;
use super::manifest::Manifests;
use super::targets::Kind;
use super::tree::Visit;
use crate::model::{FileId, Language, Module, ModuleName, Reach, SymbolPath};
use rustc_hash::FxHashMap;
use semver::Version;
use std::cmp::Reverse;
use std::sync::Arc;

/// How the targets of a project are called, and where.
pub(super) struct Names {
    /// The folder of each target's package.
    roots: Vec<Arc<str>>,
    /// What dependents call a library: by target, the name, the folder of the dependent, and what it gets.
    dependents: FxHashMap<usize, Vec<(String, Arc<str>, Reach)>>,
    /// The roots of libraries that share their name with a newer one: by target, the name with the version.
    versioned: FxHashMap<usize, String>,
    /// The target that `crate` means in a rule.
    only: Option<usize>,
}

impl Names {
    /// The names of the targets of a project.
    pub(super) fn new(project: &Project, manifests: &Manifests) -> Self {
        let folders: Vec<Arc<str>> =
            manifests.list().iter().map(|manifest| Arc::from(&*manifest.folder)).collect();
        let roots = project.owners.iter().map(|&owner| Arc::clone(&folders[owner])).collect();
        let mut dependents: FxHashMap<usize, Vec<(String, Arc<str>, Reach)>> = FxHashMap::default();
        let libraries = libraries(project);
        for (dependent, manifest) in manifests.list().iter().enumerate() {
            for dependency in manifests.dependencies(manifest) {
                let library = manifests.in_folder(&dependency.folder).and_then(|owner| libraries.get(&owner));
                let Some(&library) = library else { continue };
                let name = dependency.name.unwrap_or_else(|| project.targets[library].root.clone());
                let reach = if dependency.is_release { Reach::Release } else { Reach::Below };
                dependents.entry(library).or_default().push((name, Arc::clone(&folders[dependent]), reach));
            }
        }
        let versioned = versioned(project, manifests, &libraries);
        Self { roots, dependents, versioned, only: only(project, manifests) }
    }

    /// The module that a file is; `visits` is not empty.
    pub(super) fn module(&self, file: FileId, visits: &[&Visit]) -> Module {
        let own = visits.iter().map(|visit| ModuleName {
            path: SymbolPath::new(Language::Rust, &visit.path),
            root: Arc::clone(&self.roots[visit.target]),
            reach: Reach::Below,
        });
        let mut names: Vec<ModuleName> = own.collect();
        // The first name identifies the module everywhere; who may write it says the same name below its root.
        let mut identity = ModuleName { reach: Reach::Everywhere, ..names[0].clone() };
        if let Some(root) = self.versioned.get(&visits[0].target) {
            identity.path = below(root, visits[0]);
        }
        names.insert(0, identity);
        for visit in visits {
            for (name, root, reach) in self.dependents.get(&visit.target).into_iter().flatten() {
                let name = ModuleName { path: below(name, visit), root: Arc::clone(root), reach: *reach };
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let only = visits.iter().filter(|visit| Some(visit.target) == self.only);
        names.extend(only.map(|visit| ModuleName {
            path: below("crate", visit),
            root: Arc::from(""),
            reach: Reach::Everywhere,
        }));
        Module { file: Some(file), names, is_package: true, is_stub: false, is_opaque: false }
    }
}

/// The path of a module with another name for its root.
fn below(root: &str, visit: &Visit) -> SymbolPath {
    SymbolPath::new(Language::Rust, std::iter::once(root).chain(visit.path[1..].iter().map(|name| &**name)))
}

/// The library of each package that has one.
fn libraries(project: &Project) -> FxHashMap<usize, usize> {
    let targets = project.targets.iter().zip(&project.owners).enumerate();
    let libraries = targets.filter(|(_, (target, _))| target.kind == Kind::Library);
    libraries.map(|(index, (_, &owner))| (owner, index)).collect()
}

/// The depth of its folder, its version, its folder, its target.
type Library<'project> = (usize, Reverse<Version>, &'project str, usize);

/// Libraries of one name need names of their own: the one nearest to the top keeps the plain one, of several the newest.
/// The form is that of package specifications (The Cargo Book, "Package ID Specifications"); packages that even have the
/// same version are told apart by their folders.
fn versioned(
    project: &Project,
    manifests: &Manifests,
    libraries: &FxHashMap<usize, usize>,
) -> FxHashMap<usize, String> {
    let mut by_root: FxHashMap<&str, Vec<Library<'_>>> = FxHashMap::default();
    for (&owner, &library) in libraries {
        let manifest = &manifests.list()[owner];
        let (folder, version) = (manifest.folder.trim_end_matches('/'), manifests.version(manifest));
        let depth = folder.split_terminator('/').count();
        let root = &*project.targets[library].root;
        by_root.entry(root).or_default().push((depth, Reverse(version), folder, library));
    }
    let mut versioned = FxHashMap::default();
    for (root, mut same) in by_root {
        same.sort();
        for (_, Reverse(version), folder, library) in &same[1..] {
            let is_single = same.iter().filter(|other| other.1.0 == *version).count() == 1;
            let mark = if is_single { version.to_string() } else { (*folder).to_owned() };
            versioned.insert(*library, format!("{root}@{mark}"));
        }
    }
    versioned
}

/// The library or main binary of a project with a single package.
fn only(project: &Project, manifests: &Manifests) -> Option<usize> {
    let packages = manifests.list().iter().filter(|manifest| manifest.name().is_some()).count();
    let is_main = |target: &super::Target| !target.root.contains('/');
    project.targets.iter().position(is_main).filter(|_| packages == 1)
}
