//! Python: facts from the syntax tree, module names from the folder layout, and import statements as text.

mod edit;
mod glance;
mod layout;
mod lower;

pub use lower::lower;

use glance::Glance;

use super::{FrontEnd, LanguageError};
use crate::model::{Edit, FileChanges, FileFacts, FileId, Module, SourceFile, SymbolPath};

/// The Python front end.
#[derive(Debug)]
pub struct Python;

impl FrontEnd for Python {
    fn glance<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        let mut glance = Glance::new(bytes);
        Box::new(move |start, end| glance.matters(start, end))
    }

    fn lower(&self, source: &SourceFile) -> FileFacts {
        lower(source)
    }

    fn modules(
        &self,
        files: &[(FileId, &str)],
        roots: Option<&[String]>,
        hints: &[SymbolPath],
    ) -> Vec<Module> {
        layout::modules(files, roots, hints)
    }

    fn edits(
        &self,
        source: &SourceFile,
        facts: &FileFacts,
        package: Option<&SymbolPath>,
        changes: &FileChanges,
    ) -> Result<Vec<Edit>, LanguageError> {
        edit::edits(source, facts, package, changes)
    }
}
