//! From text to facts, one folder for each language, and back: a change in neutral terms as edits of text.

pub mod python;

use crate::model::{Edit, FileChanges, FileFacts, FileId, Language, Module, SourceFile, SymbolPath};

/// Why a change cannot be put into text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// The statement is written in a way that the editor does not take apart.
    #[error("{0}")]
    Layout(String),
    /// The text does not parse.
    #[error("the file does not parse")]
    Syntax,
}

/// What a language's folder offers to the later stages.
pub trait FrontEnd: Sync {
    /// For a file that was not parsed: whether a word at these byte offsets can be part of an import path at all.
    fn glance<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file>;

    /// Reads a file. Broken input gives facts with errors in them.
    fn lower(&self, source: &SourceFile) -> FileFacts;

    /// The modules that the files provide, folders included. `files` holds ids and paths relative to the project root,
    /// sorted by path; `roots` are the configured import roots; `hints` are top-level names that rules mention.
    fn modules(
        &self,
        files: &[(FileId, &str)],
        roots: Option<&[String]>,
        hints: &[SymbolPath],
    ) -> Vec<Module>;

    /// Puts changes into text. `package` is where relative imports of the file start.
    ///
    /// # Errors
    /// When a statement cannot be taken apart with certainty.
    fn edits(
        &self,
        source: &SourceFile,
        facts: &FileFacts,
        package: Option<&SymbolPath>,
        changes: &FileChanges,
    ) -> Result<Vec<Edit>, LanguageError>;
}

/// The front ends. One folder and one line here make a new language.
const REGISTER: [(Language, &dyn FrontEnd); 1] = [(Language::Python, &python::Python)];

/// The front end of a language; `None` for one that this version does not read.
pub fn front_end(language: Language) -> Option<&'static dyn FrontEnd> {
    REGISTER.iter().find(|(known, _)| *known == language).map(|(_, front_end)| *front_end)
}
