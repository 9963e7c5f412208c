//! Which names of which modules other files ask for, over all files whose facts are known.

use super::modules::ModuleId;
use super::{SymbolGraph, View};
use crate::model::{FileId, ImportForm, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};

/// The names that files ask of modules, by module.
#[derive(Debug, Default)]
pub struct AskedNames {
    by_module: FxHashMap<ModuleId, FxHashMap<Box<str>, FxHashSet<FileId>>>,
}

/// Stands for every name: a star import.
const ALL: &str = "*";

impl AskedNames {
    /// Reads all known files once.
    pub fn new(graph: &SymbolGraph) -> Self {
        let mut asked = Self::default();
        for view in graph.files().into_iter().filter_map(|file| View::new(graph, file)) {
            for import in &view.facts.imports {
                match import.form {
                    ImportForm::Star => asked.note_star(view, view.imported_module(import)),
                    ImportForm::Module | ImportForm::Member => asked.note(view, view.imported(import)),
                }
            }
            for reference in view.facts.references.iter().filter(|reference| reference.segments.len() > 1) {
                asked.note(view, view.meaning(reference));
            }
            for string in &view.facts.strings {
                asked.note(view, view.absolute_string(&string.base, string.level, &string.segments));
            }
        }
        asked
    }

    /// True when a file other than `owner` asks `module` for `name`.
    pub fn has(&self, module: ModuleId, name: &str, owner: FileId) -> bool {
        let Some(names) = self.by_module.get(&module) else { return false };
        [name, ALL].iter().filter_map(|name| names.get(*name)).flatten().any(|&file| file != owner)
    }

    fn note(&mut self, view: View<'_>, path: Option<SymbolPath>) {
        let Some(path) = path else { return };
        let Some((module, count)) = view.graph.modules().longest(path.segments(), Some(view.file)) else {
            return;
        };
        if let Some(name) = path.segments().get(count) {
            self.insert(module, name, view.file);
        }
    }

    fn note_star(&mut self, view: View<'_>, module: Option<SymbolPath>) {
        let module = module.and_then(|path| view.graph.modules().find(path.segments(), Some(view.file)));
        if let Some(module) = module {
            self.insert(module, ALL, view.file);
        }
    }

    fn insert(&mut self, module: ModuleId, name: &str, file: FileId) {
        let names = self.by_module.entry(module).or_default();
        match names.get_mut(name) {
            Some(files) => drop(files.insert(file)),
            None => drop(names.insert(name.into(), FxHashSet::from_iter([file]))),
        }
    }
}
