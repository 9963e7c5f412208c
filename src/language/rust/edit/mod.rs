//! Changes of `use` declarations as edits of text.

use crate::language::{LanguageError, Surroundings};
use crate::model::{Edit, FileChanges, FileFacts, SourceFile, SymbolPath};

/// Puts `changes` into text.
pub(super) fn edits(
    _: &SourceFile,
    _: &FileFacts,
    _: &Surroundings<'_>,
    _: &FileChanges,
) -> Result<Vec<Edit>, LanguageError> {
    Ok(Vec::new())
}

/// `target` as it can stand in code.
pub(super) fn inline_path(_: &SymbolPath, _: &Surroundings<'_>) -> Option<String> {
    None
}
