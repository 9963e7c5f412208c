//! A shim that is to be written: which module, what it hands on, and what it tells those who use it.

use super::{Name, SourceFile, SymbolPath};
use std::sync::Arc;

/// How a shim hands on what it is asked for. Languages with one way only take [`ShimKind::Lazy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShimKind {
    /// Name by name, when somebody asks for it; each one is warned.
    Lazy,
    /// The module is the canonical one under a second name, so that what is patched in one is patched in the other.
    Alias,
}

/// A shim as it should be.
#[derive(Debug)]
pub struct ShimOrder {
    /// The module.
    pub path: SymbolPath,
    /// How it hands on.
    pub kind: ShimKind,
    /// The canonical module, when every name of the shim is to be found there.
    pub whole: Option<SymbolPath>,
    /// What is known of its names, sorted; with `whole` there may be more.
    pub names: Vec<HandedOn>,
    /// When the shim as a whole goes; empty when nobody says, or when its names go at different times.
    pub goes: String,
    /// The text that is there now.
    pub present: Option<Arc<SourceFile>>,
    /// A text of the project, for its quotes and line ends.
    pub pattern: Option<Arc<SourceFile>>,
}

/// One name that a shim hands on.
#[derive(Debug)]
pub struct HandedOn {
    /// The name in the shim.
    pub name: Name,
    /// The canonical module.
    pub home: SymbolPath,
    /// The name there.
    pub target: Name,
    /// When it goes, as `it goes on 2027-06-01`; empty when nobody says.
    pub goes: String,
    /// Where it is defined, in languages in which a shim depends on what it hands on.
    pub origin: Option<Origin>,
}

/// The place of a definition.
#[derive(Debug)]
pub struct Origin {
    /// The file.
    pub source: Arc<SourceFile>,
    /// The modules written out in the file that lead to it, outermost first.
    pub inner: Vec<Name>,
    /// The module that holds it, as the shim can spell it.
    pub module: SymbolPath,
    /// Its name there.
    pub name: Name,
}

impl ShimOrder {
    /// The names that others may read without knowing the module well: those without a leading underscore.
    pub fn public(&self) -> impl Iterator<Item = &HandedOn> {
        self.names.iter().filter(|handed| !handed.name.starts_with('_'))
    }

    /// The text whose style a new one follows.
    pub fn model(&self) -> &str {
        let source = self.present.as_deref().or(self.pattern.as_deref());
        source.map_or("", SourceFile::text)
    }
}
