//! The absolute names of modules: as their own package spells them, and as the packages that depend on it do.

use super::Project;
use super::manifest::Manifests;
use super::targets::Kind;
use super::tree::Visit;
use crate::model::{FileId, Language, Module, ModuleName, SymbolPath};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// How the targets of a project are called, and where.
pub(super) struct Names {
    /// The folder of each target's package.
    roots: Vec<Arc<str>>,
    /// What dependents call a library: by target, the name and the folder of the dependent.
    dependents: FxHashMap<usize, Vec<(String, Arc<str>)>>,
    /// The target that `crate` means in a rule.
    only: Option<usize>,
}

impl Names {
    /// The names of the targets of a project.
    pub(super) fn new(project: &Project, manifests: &Manifests) -> Self {
        let folders: Vec<Arc<str>> =
            manifests.list().iter().map(|manifest| Arc::from(&*manifest.folder)).collect();
        let roots = project.owners.iter().map(|&owner| Arc::clone(&folders[owner])).collect();
        let mut dependents: FxHashMap<usize, Vec<(String, Arc<str>)>> = FxHashMap::default();
        let libraries = libraries(project);
        for (dependent, manifest) in manifests.list().iter().enumerate() {
            for dependency in manifests.dependencies(manifest) {
                let library = manifests.in_folder(&dependency.folder).and_then(|owner| libraries.get(&owner));
                let Some(&library) = library else { continue };
                let name = dependency.name.unwrap_or_else(|| project.targets[library].root.clone());
                dependents.entry(library).or_default().push((name, Arc::clone(&folders[dependent])));
            }
        }
        Self { roots, dependents, only: only(project, manifests) }
    }

    /// The module that a file is; `visits` is not empty.
    pub(super) fn module(&self, file: FileId, visits: &[&Visit]) -> Module {
        let own = visits.iter().map(|visit| ModuleName {
            path: SymbolPath::new(Language::Rust, &visit.path),
            root: Arc::clone(&self.roots[visit.target]),
            local: true,
        });
        let mut names: Vec<ModuleName> = own.collect();
        // The first name identifies the module everywhere; who may write it says the same name below its root.
        let identity = ModuleName { local: false, ..names[0].clone() };
        names.insert(0, identity);
        for visit in visits {
            for (name, root) in self.dependents.get(&visit.target).into_iter().flatten() {
                let name = ModuleName { path: below(name, visit), root: Arc::clone(root), local: true };
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let only = visits.iter().filter(|visit| Some(visit.target) == self.only);
        names.extend(only.map(|visit| ModuleName {
            path: below("crate", visit),
            root: Arc::from(""),
            local: false,
        }));
        Module { file: Some(file), names, is_package: true, is_stub: false }
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

/// The library or main binary of a project with a single package.
fn only(project: &Project, manifests: &Manifests) -> Option<usize> {
    let packages = manifests.list().iter().filter(|manifest| manifest.name().is_some()).count();
    let is_main = |target: &super::Target| !target.root.contains('/');
    project.targets.iter().position(is_main).filter(|_| packages == 1)
}
