//! The modules of a Rust project: packages, targets, and the tree of `mod` items below each crate root.

mod declarations;
mod files;
mod manifest;
mod names;
mod targets;
mod tree;

use crate::language::{Folder, Layout};
use crate::model::{Edition, FileId};
use files::{FileIndex, Files, folder_of};
use manifest::Manifests;
use names::Names;
use rustc_hash::FxHashMap;
use targets::{Target, targets};

/// Finds the modules of a project.
pub(super) fn layout(folder: &Folder<'_>) -> Layout {
    let files = Files::new(folder.files);
    let manifests = Manifests::read(folder);
    let project = Project::new(&manifests, &files);
    let visits = tree::walk(&project.targets, folder, &files);
    let names = Names::new(&project, &manifests);
    let externs = manifests.list().iter().filter_map(|manifest| manifests.externs(manifest)).collect();
    let mut layout = Layout { externs, ..Layout::default() };
    let mut reached = vec![false; files.len()];
    let mut included = Vec::new();
    for visits in by_file(&project, &visits, files.len()) {
        let (first, file) = (visits[0], visits[0].file);
        reached[file as usize] = true;
        for same in modules(&visits) {
            let modules = if same[0].is_included { &mut included } else { &mut layout.modules };
            modules.push(names.module(files.id(file), &same));
        }
        note(&mut layout.editions, files.id(file), project.edition(first.target));
    }
    layout.modules.extend(included); // Behind the files that have the names by right.
    for file in (0..files.len() as FileIndex).filter(|&file| !reached[file as usize]) {
        layout.unreached.push(files.id(file));
        let package = manifests.around(folder_of(files.path(file)));
        let edition = package.map_or(Edition::Current, |package| manifests.edition(package));
        note(&mut layout.editions, files.id(file), edition);
    }
    layout.unreached.sort_unstable();
    layout
}

/// What Cargo would compile.
struct Project {
    targets: Vec<Target>,
    /// The package of each target, as index into the manifests.
    owners: Vec<usize>,
    /// The edition of each manifest's package.
    editions: Vec<Edition>,
}

impl Project {
    fn new(manifests: &Manifests, files: &Files<'_>) -> Self {
        let mut project = Self { targets: Vec::new(), owners: Vec::new(), editions: Vec::new() };
        for (index, manifest) in manifests.list().iter().enumerate() {
            let edition = manifests.edition(manifest);
            project.editions.push(edition);
            project.targets.extend(targets(manifest, edition, files));
            project.owners.resize(project.targets.len(), index);
        }
        project
    }

    fn edition(&self, target: usize) -> Edition {
        self.editions[self.owners[target]]
    }
}

/// The visits of each file that was reached, in the order of preference.
fn by_file<'run>(
    project: &Project,
    visits: &'run [tree::Visit],
    files: usize,
) -> Vec<Vec<&'run tree::Visit>> {
    let mut by_file: Vec<Vec<&tree::Visit>> = vec![Vec::new(); files];
    for visit in visits {
        by_file[visit.file as usize].push(visit);
    }
    by_file.retain(|visits| !visits.is_empty());
    for visits in &mut by_file {
        visits.sort_by_key(|visit| (visit.is_included, project.targets[visit.target].kind, visit.target));
    }
    by_file
}

/// The visits that are one module, for each module that a file is: in one target every place that declares it makes a
/// module of its own, with its own items (Rust reference, "The path attribute").
fn modules<'run>(visits: &[&'run tree::Visit]) -> Vec<Vec<&'run tree::Visit>> {
    let mut modules: Vec<Vec<&tree::Visit>> = Vec::new();
    for &visit in visits {
        let is_other = |known: &&tree::Visit| known.target != visit.target || known.path == visit.path;
        let is_vague = visit.is_included || visit.is_template;
        match modules.iter_mut().find(|module| is_vague || module.iter().all(is_other)) {
            Some(module) => module.push(visit),
            None => modules.push(vec![visit]),
        }
    }
    modules
}

fn note(editions: &mut FxHashMap<FileId, Edition>, file: FileId, edition: Edition) {
    if edition != Edition::Current {
        editions.insert(file, edition);
    }
}

#[cfg(test)]
mod tests;
