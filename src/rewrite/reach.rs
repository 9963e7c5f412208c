//! How far the modules on a path go, as far as that is known, and what that lets a file write.

use super::usages::Planner;
use crate::model::{Import, ImportForm, ImportId, SymbolPath};

impl Planner<'_> {
    /// How many names of a path lead to something that can be imported, with members of it behind. `None` where that is not
    /// known. Where there is `another_way` nothing is ventured.
    pub(super) fn reach(&self, path: &SymbolPath, another_way: bool) -> Option<usize> {
        // A module can be asked for what it holds, whatever that is; what that one holds may be a module nobody has loaded.
        let most = if another_way { 1 } else { 2 };
        self.known_reach(path).or_else(|| {
            let known = self.known_beginning(path);
            (path.len() <= known + most).then_some((known + 1).min(path.len()))
        })
    }

    /// The same for a path whose modules are known.
    pub(super) fn known_reach(&self, path: &SymbolPath) -> Option<usize> {
        self.known_module(path).map(|count| (count + 1).min(path.len()))
    }

    /// How many names of a path lead to the innermost module that is known.
    pub(super) fn known_module(&self, path: &SymbolPath) -> Option<usize> {
        let view = self.request.view;
        let body = view.graph.body(path, Some(view.file)).map(|(_, count)| count);
        let known = view.graph.modules().longest(path, Some(view.file)).map(|(_, count)| count);
        body.max(known).or_else(|| self.front_end().standard_module(path))
    }

    /// The package of a path from outside that this file can do without: all its imports of it may fail, or not run. What
    /// was written by one of these goes on to be.
    pub(super) fn guarded<'path>(&self, path: &'path SymbolPath, via: &[ImportId]) -> Option<&'path str> {
        let first = &*path.segments()[0];
        let is_own = self.request.view.graph.modules().begins_path(path.language(), first);
        if self.facts().is_declarative || is_own || self.front_end().is_standard(first) {
            return None;
        }
        let from_there = |import: &&Import| import.path.first().is_some_and(|own| &*own.name == first);
        let imports = &self.facts().imports;
        let is_new = !imports.iter().any(|import| from_there(&import));
        let is_there = imports.iter().filter(from_there).any(|import| self.is_at_top(import))
            || via.iter().any(|&id| from_there(&&imports[id as usize]));
        (!is_there && !is_new).then_some(first)
    }

    /// How many names of a path from outside of the project name a module for sure: the first one, and what this file imports
    /// or imports from.
    fn known_beginning(&self, path: &SymbolPath) -> usize {
        let view = self.request.view;
        let of_import = |import: &Import| match import.form {
            ImportForm::Module => view.imported(import),
            ImportForm::Member | ImportForm::Star => view.imported_module(import),
        };
        let shared = |module: SymbolPath| {
            module.segments().iter().zip(path.segments()).take_while(|(one, other)| one == other).count()
        };
        self.facts().imports.iter().filter_map(of_import).map(shared).fold(1, usize::max)
    }

    /// Whether a package has something else under the name of a module on the way: then only an import leads through that.
    pub(super) fn is_behind_other(&self, path: &SymbolPath) -> bool {
        let view = self.request.view;
        let modules = view.graph.modules();
        let known = modules.longest(path, Some(view.file)).map_or(0, |(_, count)| count);
        let is_other = || view.graph.is_hidden_module(&path.prefix(known), view.file);
        !self.facts().is_declarative && known > 1 && is_other()
    }
}
