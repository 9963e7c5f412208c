//! From text to facts, one folder for each language, and back: a change in neutral terms as edits of text.

pub mod data;
pub mod pattern;
pub mod python;
pub mod rust;
mod suppression;

pub use suppression::{Hidden, Hiding, MARK, Wanted};

use crate::model::{
    Edit, Edition, Externs, FileChanges, FileFacts, FileId, Language, Module, Relevance, ShimOrder,
    SourceFile, Span, SymbolPath, SyntaxError,
};
use pattern::{Fragment, Replaced, SyntaxTree};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// Why a change cannot be put into text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// The statement is written in a way that the editor does not take apart.
    #[error("{0}")]
    Layout(String),
    /// The shim that was asked for cannot be made.
    #[error("{0}")]
    Shim(String),
    /// The text does not parse.
    #[error("the file does not parse")]
    Syntax,
}

/// What a front end may ask about the files of a project.
pub struct Folder<'run> {
    /// The files of the language: ids, and paths relative to the project root with `/`, sorted by path.
    pub files: &'run [(FileId, &'run str)],
    /// The manifests that say how files make packages (`Cargo.toml`), sorted by path.
    pub manifests: &'run [&'run str],
    /// Files that stand for modules without a text: extensions of the interpreter, and what they are built from.
    pub built: &'run [&'run str],
    /// The text of a file or manifest by its path; `None` when it cannot be read.
    pub read: &'run (dyn Fn(&str) -> Option<String> + Sync),
    /// The configured import roots.
    pub roots: Option<&'run [String]>,
    /// Paths that rules mention.
    pub hints: &'run [SymbolPath],
}

/// The modules of a language in a project.
#[derive(Debug, Default)]
pub struct Layout {
    /// The modules that the files provide, folders included.
    pub modules: Vec<Module>,
    /// What the packages can name besides, in languages where that is declared.
    pub externs: Vec<Externs>,
    /// Files that no target of any package reaches, sorted.
    pub unreached: Vec<FileId>,
    /// The files that are not in the edition of today.
    pub editions: FxHashMap<FileId, Edition>,
}

/// Where a file stands, and how paths are spelled from there.
pub struct Surroundings<'run> {
    /// Where relative imports of the file start: its package (Python), or the module that it is (Rust).
    pub package: Option<&'run SymbolPath>,
    /// The dialect.
    pub edition: Edition,
    /// A path as the file can spell it from a top-level name: below the name of its own root when it lies in the same
    /// tree of modules, else below the name that its package gives the other one. `None` when it cannot be reached.
    pub spell: &'run dyn Fn(&SymbolPath) -> Option<SymbolPath>,
}

/// The module that an import may ask for something by a word in it, as far as a glance can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// None.
    Nothing,
    /// The one with this path, or what the path stands for.
    Path {
        /// How many dots stand before it (PEP 328).
        level: usize,
        /// The names behind them.
        names: Vec<String>,
    },
    /// It may be any.
    Unclear,
}

/// The module that is asked by the word at these byte offsets.
pub type AskedAt<'file> = dyn FnMut(usize, usize) -> Asked + 'file;

impl Asked {
    /// The module with a path of these names behind `level` dots.
    pub fn path(level: usize, names: Vec<&str>) -> Self {
        Self::Path { level, names: names.into_iter().map(str::to_owned).collect() }
    }
}

/// How much of a file is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing at all.
    Nothing,
    /// What is relevant.
    Relevant,
    /// Every fact.
    Everything,
}

/// What a language's folder offers to the later stages.
pub trait FrontEnd: Sync {
    /// The language.
    fn language(&self) -> Language;

    /// Words that make a file relevant whatever the rules say.
    fn words(&self) -> &'static [&'static str];

    /// For a file that was not parsed: whether a word at these byte offsets can be part of an import path at all.
    fn glance<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file>;

    /// The same for a name that is imported: whether it can stand in an import, where these are told from the rest.
    fn glance_at_imports<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file>;

    /// The places where an import may stand, and which module it asks for something by the name at these byte offsets in one
    /// of them. The word `import` stands for a package that is asked without its name.
    fn glance_at_asked<'file>(&self, bytes: &'file [u8]) -> (Vec<Range<usize>>, Box<AskedAt<'file>>);

    /// The same for the name of a package: whether the path of an import can begin with it.
    fn glance_at_roots<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file>;

    /// Reads a file. Broken input gives facts with errors in them. With `relevance` a front end may leave out what
    /// [`FileFacts::forget_local_uses`] would forget.
    fn lower(&self, source: &SourceFile, edition: Edition, relevance: Option<&Relevance<'_>>) -> FileFacts;

    /// The same after a `look` at the syntax, which says how much of the file is wanted; `None` when that is nothing. A text
    /// that does not parse is not looked at.
    fn lower_after(
        &self,
        source: &SourceFile,
        edition: Edition,
        relevance: Option<&Relevance<'_>>,
        look: &mut dyn FnMut(SyntaxTree) -> Extent,
    ) -> Option<FileFacts> {
        match self.syntax(source.text()).map_or(Extent::Relevant, look) {
            Extent::Nothing => None,
            Extent::Relevant => Some(self.lower(source, edition, relevance)),
            Extent::Everything => Some(self.lower(source, edition, None)),
        }
    }

    /// Finds the modules of a project.
    fn layout(&self, folder: &Folder<'_>) -> Layout;

    /// Puts changes into text.
    ///
    /// # Errors
    /// When a statement cannot be taken apart with certainty.
    fn edits(
        &self,
        source: &SourceFile,
        facts: &FileFacts,
        surroundings: &Surroundings<'_>,
        changes: &FileChanges,
    ) -> Result<Vec<Edit>, LanguageError>;

    /// Takes out the items whose names stand at these places, each with the rule that wants it.
    ///
    /// # Errors
    /// When there is no item of its own at one of the places.
    fn without_items(
        &self,
        source: &SourceFile,
        names: &BTreeMap<Span, String>,
    ) -> Result<Vec<Edit>, LanguageError>;

    /// Whether an import of what has its name there also makes methods callable, which nobody sees by that name.
    fn brings_methods(&self, source: &SourceFile, name: Span) -> bool;

    /// `target` as it can stand in code with nothing imported; `None` when the language has no such form or the file
    /// cannot reach it.
    fn inline_path(&self, target: &SymbolPath, surroundings: &Surroundings<'_>) -> Option<String>;

    /// Whether a name is that of a top-level module of the standard library.
    fn is_standard(&self, name: &str) -> bool;

    /// How many names of a path name a module of the standard library; `None` where that is not known.
    fn standard_module(&self, path: &SymbolPath) -> Option<usize>;

    /// Whether a name is bound where nothing binds it.
    fn is_builtin(&self, name: &str) -> bool;

    /// Whether a name is there only where the whole standard library is.
    fn needs_std(&self, name: &str) -> bool;

    /// Whether an expression that stands where a statement may is the value of what stands around it.
    fn bare_expression_is_value(&self) -> bool;

    /// An import of `target` at the top of a file that has none; `None` where there is no place for it. Only for languages in which nothing can be named that was not
    /// imported.
    fn first_import(&self, tree: &SyntaxTree, target: &SymbolPath) -> Option<Replaced>;

    /// Writes comments that hide findings.
    fn hide(&self, source: &SourceFile, hiding: &Hiding<'_>) -> Hidden;

    /// The syntax of a whole text.
    ///
    /// # Errors
    /// When it does not parse.
    fn syntax(&self, text: &str) -> Result<SyntaxTree, SyntaxError>;

    /// The syntax of an expression or of some statements.
    ///
    /// # Errors
    /// When it does not parse.
    fn fragment(&self, text: &str) -> Result<Fragment, SyntaxError>;

    /// The facts of such a fragment, and the byte at which it begins in them.
    fn fragment_facts(&self, text: &str) -> (FileFacts, u32);

    /// The file of a new module `name` in the folder of the package around it; `None` where that alone makes no module.
    fn new_module(&self, name: &str) -> Option<String>;

    /// The text of a shim.
    ///
    /// # Errors
    /// When the language has no shim of this kind, or none for one of the names.
    fn shim(&self, order: &ShimOrder) -> Result<String, LanguageError>;

    /// The text of the file that only describes the shim to type checkers; `None` where there is no such thing.
    fn shim_stub(&self, order: &ShimOrder) -> Option<String>;

    /// A name as it is written: with the mark that a keyword needs to be one.
    fn name(&self, name: &str) -> String;
}

/// The front ends. One folder and one line here make a new language.
const REGISTER: [(Language, &dyn FrontEnd); 2] =
    [(Language::Python, &python::Python), (Language::Rust, &rust::Rust)];

/// The front end of a language.
pub fn front_end(language: Language) -> &'static dyn FrontEnd {
    let found = REGISTER.iter().find(|(known, _)| *known == language);
    found.map(|(_, front_end)| *front_end).expect("every language is registered")
}

/// The languages that are read.
pub fn languages() -> impl Iterator<Item = Language> {
    REGISTER.iter().map(|(language, _)| *language)
}
