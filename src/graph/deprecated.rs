//! Paths that the code itself calls legacy: re-exports with a mark of deprecation, which compilers pass over
//! (`#[deprecated]` on `pub use`, rust-lang/rust issue 30827).

use super::SymbolGraph;
use super::resolve::View;
use crate::model::{FileId, Span, SymbolPath};

/// A re-export that the code calls deprecated.
#[derive(Debug, Clone)]
pub struct DeprecatedPath {
    /// The path that it makes.
    pub path: SymbolPath,
    /// What it hands on.
    pub target: SymbolPath,
    /// What the mark tells users.
    pub note: Option<String>,
    /// The file that holds it.
    pub file: FileId,
    /// The handed-on name in it.
    pub span: Span,
}

impl SymbolGraph {
    /// The deprecated re-exports of all known files, by file and place.
    pub fn deprecated_paths(&self) -> Vec<DeprecatedPath> {
        let views = self.files().into_iter().filter_map(|file| View::new(self, file));
        views.flat_map(of_file).collect()
    }
}

fn of_file(view: View<'_>) -> Vec<DeprecatedPath> {
    let path = |mark: &crate::model::DeprecatedExport| {
        let import = &view.facts.imports[mark.import as usize];
        let binding = view.binding(import.binding?);
        let path = view.module_path(binding.scope)?.join([&binding.name]);
        let target = view.imported(import)?;
        let note = mark.note.as_deref().map(str::to_owned);
        (path != target).then_some(DeprecatedPath { path, target, note, file: view.file, span: import.span })
    };
    view.facts.deprecated.iter().filter_map(path).collect()
}
