//! The modules of a project, as the front ends of all languages find them.

use super::project::Settings;
use crate::graph::ModuleIndex;
use crate::language::{Folder, front_end, languages};
use crate::model::{Edition, FileId, SymbolPath};
use crate::source::{Tree, TreeFile};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The modules of all languages.
pub(super) struct Layouts {
    pub modules: ModuleIndex,
    pub editions: FxHashMap<FileId, Edition>,
    pub unreached: Vec<FileId>,
}

/// Asks every front end.
pub(super) fn layouts(settings: &Settings, tree: &Tree) -> Layouts {
    let declared = settings.rules.rules.iter();
    let hints: Vec<SymbolPath> = declared
        .flat_map(|rule| rule.moves.iter().map(|(from, _)| from.clone()).chain([rule.canonical.clone()]))
        .collect();
    let manifests: Vec<&str> = tree.manifests.iter().map(|path| &**path).collect();
    let built: Vec<&str> = tree.built.iter().map(|path| &**path).collect();
    let read = |path: &str| tree.text(&settings.root, path);
    let (mut modules, mut editions, mut unreached, mut externs) =
        (Vec::new(), FxHashMap::default(), Vec::new(), Vec::new());
    for language in languages() {
        let of_language = |(_, file): &(usize, &TreeFile)| file.language == language;
        let files = tree.files.iter().enumerate().filter(of_language);
        let files: Vec<(FileId, &str)> = files.map(|(id, file)| (id as FileId, &*file.path)).collect();
        let roots = settings.python_roots.as_deref();
        let folder =
            Folder { files: &files, manifests: &manifests, built: &built, read: &read, roots, hints: &hints };
        let layout = front_end(language).layout(&folder);
        modules.extend(layout.modules);
        externs.extend(layout.externs);
        editions.extend(layout.editions);
        unreached.extend(layout.unreached);
    }
    let files = tree.files.iter().map(|file| (Arc::clone(&file.path), file.language)).collect();
    Layouts { modules: ModuleIndex::new(modules, files, externs), editions, unreached }
}
