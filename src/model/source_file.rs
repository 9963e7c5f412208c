//! A file as the stages see it: its bytes, the text that parsers read, and the modules it can be imported as.

use super::{Language, Name, SymbolPath};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Index of a file in the walk's sorted list; stable during one run only.
pub type FileId = u32;

/// The dialect of a language that a file is written in, as far as it matters to paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Edition {
    /// The one of today: Python 3, Rust 2018 and later.
    #[default]
    Current,
    /// Rust 2015: paths in `use` and behind a leading `::` begin at the root of the crate.
    Rust2015,
}

/// One decoded source file.
///
/// `text` and the bytes on disk have the same length and the same line breaks, so every [`super::Span`] is valid in
/// both. For files in a single-byte encoding each byte above 0x7f reads as `_` in `text`.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: Arc<str>,
    language: Language,
    text: String,
    original: Option<Vec<u8>>,
}

impl SourceFile {
    /// A UTF-8 file. `path` is relative to the project root, with `/`.
    pub fn new(path: impl Into<Arc<str>>, language: Language, text: String) -> Self {
        Self { path: path.into(), language, text, original: None }
    }

    /// A file whose bytes are not UTF-8: `text` stands in for `original` byte by byte.
    ///
    /// # Panics
    /// When the two differ in length.
    pub fn masked(path: impl Into<Arc<str>>, language: Language, text: String, original: Vec<u8>) -> Self {
        assert_eq!(text.len(), original.len(), "a masked text keeps every offset");
        Self { path: path.into(), language, text, original: Some(original) }
    }

    /// Path relative to the project root, with `/`.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The language that the file's name claims.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// What parsers read; byte offsets agree with [`SourceFile::bytes`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes as they are on disk.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// True when the bytes are not UTF-8 and `text` only stands in for them.
    pub const fn is_masked(&self) -> bool {
        self.original.is_some()
    }
}

/// A module: a file, or a folder that only holds modules (a namespace package, PEP 420).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The file, as index into the walk's list; `None` for a folder without a file of its own.
    pub file: Option<FileId>,
    /// Every absolute name under which it can be imported, the preferred one first; never empty.
    pub names: Vec<ModuleName>,
    /// True when submodules lie below it: relative imports start at the module itself.
    pub is_package: bool,
    /// True when the file only describes another one of the same name (`.pyi` beside `.py`).
    pub is_stub: bool,
    /// True for a module without a text: compiled, or written in another language. Nothing is known of its names.
    pub is_opaque: bool,
}

/// One absolute name of a module, and from where it is importable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleName {
    /// The absolute name.
    pub path: SymbolPath,
    /// The folder that has to be on the import path, relative to the project root, with `/` at its end; empty for
    /// the project root itself.
    pub root: Arc<str>,
    /// Who can import by this name.
    pub reach: Reach,
}

/// Who can import a module by one of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Every file.
    Everywhere,
    /// Only files below the name's root, as far as is known: a folder of scripts, a package and those that depend on it.
    Below,
    /// Those too, but what they import is a release of the module, which a change in the project does not touch: they
    /// depend on its package by a version.
    Release,
}

impl ModuleName {
    /// True when only files below the root can import by this name.
    pub fn is_local(&self) -> bool {
        self.reach != Reach::Everywhere
    }
}

/// What the files below a folder can name although it is not in the project: the dependencies of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Externs {
    /// The language of the package.
    pub language: Language,
    /// The folder, relative to the project root, with `/` at its end; empty for the project root itself.
    pub root: Arc<str>,
    /// The name of each, and what the files below the folder call it.
    pub names: FxHashMap<Name, Name>,
}

impl Module {
    /// The preferred absolute name.
    pub fn name(&self) -> &SymbolPath {
        &self.names.first().expect("a module has at least one name").path
    }
}
