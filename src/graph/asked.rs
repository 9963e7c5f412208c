//! Which names of which modules other files ask for, over all files whose facts are known.

use super::{SymbolGraph, View};
use crate::model::{Access, FileId, ImportForm, Name, ScopeId, StringForm, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};

/// The names that modules are asked for, by module.
#[derive(Debug, Default)]
pub struct AskedNames {
    by_module: FxHashMap<SymbolPath, FxHashMap<Name, FxHashSet<Asker>>>,
    /// What somebody puts another thing in the place of: `mock.patch("a.b")`, `patch.object(a, "b")`, `a.b = …`.
    replaced: FxHashSet<SymbolPath>,
}

/// Who asks: a file, and the scope of the module body in it.
type Asker = (FileId, ScopeId);

/// Stands for every name: a star import.
const ALL: &str = "*";

impl AskedNames {
    /// Reads all known files once.
    pub fn new(graph: &SymbolGraph) -> Self {
        let mut asked = Self::default();
        for view in graph.files().into_iter().filter_map(|file| View::new(graph, file)) {
            for import in &view.facts.imports {
                let asker = (view.file, view.facts.module_scope(import.scope));
                match import.form {
                    ImportForm::Star => asked.note_star(view, asker, view.imported_module(import)),
                    ImportForm::Module | ImportForm::Member => asked.note(view, asker, view.imported(import)),
                }
            }
            for reference in view.facts.references.iter().filter(|reference| reference.segments.len() > 1) {
                let asker = (view.file, view.facts.module_scope(reference.scope));
                let path = view.meaning(reference);
                if reference.access != Access::Read {
                    asked.note_replaced(view, path.clone());
                }
                asked.note(view, asker, path);
            }
            for string in &view.facts.strings {
                let path = view.absolute_string(&string.base, string.level, &string.segments);
                if string.form == StringForm::PatchTarget {
                    asked.note_replaced(view, path.clone().map(|path| view.canonical(path)));
                }
                let members =
                    string.members.iter().filter_map(|member| Some(path.as_ref()?.join([&member.name])));
                for member in members.collect::<Vec<_>>() {
                    asked.note_replaced(view, Some(view.canonical(member.clone())));
                    asked.note(view, (view.file, 0), Some(member));
                }
                asked.note(view, (view.file, 0), path);
            }
        }
        asked
    }

    /// True when a module other than the one with the body `owner` asks `module` for `name`.
    pub fn has(&self, module: &SymbolPath, name: &str, owner: (FileId, ScopeId)) -> bool {
        let Some(names) = self.by_module.get(module) else { return false };
        [name, ALL].iter().filter_map(|name| names.get(*name)).flatten().any(|&asker| asker != owner)
    }

    /// The same for a name that somebody writes out: no star import.
    pub fn has_by_name(&self, module: &SymbolPath, name: &str, owner: (FileId, ScopeId)) -> bool {
        let askers = self.by_module.get(module).and_then(|names| names.get(name));
        askers.is_some_and(|askers| askers.iter().any(|&asker| asker != owner))
    }

    /// True when something puts another thing in the place of what this path names.
    pub fn is_replaced(&self, path: &SymbolPath) -> bool {
        self.replaced.contains(path)
    }

    /// A patch of `page.tax.rate` puts its thing in the place of `shop.tax.rate` where `page` imports `shop.tax`.
    fn note_replaced(&mut self, view: View<'_>, path: Option<SymbolPath>) {
        let Some(path) = path else { return };
        let owner = path.parent().map(|owner| view.end_of(owner, &SymbolPath::clone));
        self.replaced.extend(owner.map(|owner| owner.join([path.name()])));
        self.replaced.insert(path);
    }

    fn note(&mut self, view: View<'_>, asker: Asker, path: Option<SymbolPath>) {
        let Some(path) = path else { return };
        let Some((_, count)) = view.graph.modules().longest(&path, Some(view.file)) else { return };
        // Modules may be written out inside the file that is found: then they are asked for what follows.
        for index in count..path.len() {
            self.insert(path.prefix(index), &path.segments()[index], asker);
        }
    }

    fn note_star(&mut self, view: View<'_>, asker: Asker, module: Option<SymbolPath>) {
        let is_known = |path: &SymbolPath| view.graph.modules().longest(path, Some(view.file)).is_some();
        if let Some(module) = module.filter(is_known) {
            self.insert(module, ALL, asker);
        }
    }

    fn insert(&mut self, module: SymbolPath, name: &str, asker: Asker) {
        let names = self.by_module.entry(module).or_default();
        match names.get_mut(name) {
            Some(askers) => drop(askers.insert(asker)),
            None => drop(names.insert(name.into(), FxHashSet::from_iter([asker]))),
        }
    }
}
