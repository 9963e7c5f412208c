//! Paths in files that are not code, and what rules say of them.

use super::{Name, Span, SymbolPath};

/// Why `migrate` leaves a path in data.
pub const DATA_STAYS: &str = "the path is data: rewritten only with --include-data";

/// How a file that is not code is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// JSON, with or without comments.
    Json,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Sections, keys and values in lines: `.ini`, `.cfg`, `.conf`, `.env`, `Procfile`.
    Lines,
}

/// A dotted path in such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPath {
    /// All of its names, in bytes; what stands for everything below it (`.*`) is not among them.
    pub span: Span,
    /// Each name and where it stands; at least two.
    pub names: Vec<(Name, Span)>,
    /// How many names stand in front of a colon: `shop.prices:VAT` has 2.
    pub colon: Option<usize>,
    /// True when everything below it is meant: `shop.prices.*`.
    pub is_glob: bool,
    /// True when it is a value or key as a whole, or has a colon: then it hardly means anything else.
    pub is_plain: bool,
    /// The key or the name of a section that holds it.
    pub key: Option<Span>,
}

/// A path in data that a rule calls legacy.
#[derive(Debug, Clone)]
pub struct DataUse {
    /// The path.
    pub path: DataPath,
    /// How many of its names the legacy path accounts for.
    pub matched: usize,
    /// What these names become.
    pub target: SymbolPath,
    /// The rule, as index.
    pub rule: usize,
    /// Why it cannot be rewritten, when that is plain from the place itself.
    pub obstacle: Option<String>,
}

impl DataUse {
    /// The path as it is written, with dots.
    pub fn written(&self) -> String {
        dotted(self.path.names.iter().map(|(name, _)| name))
    }

    /// The path to write, with dots.
    pub fn canonical(&self) -> String {
        dotted(self.target.segments().iter().chain(self.rest()))
    }

    /// The names behind the legacy path.
    pub fn rest(&self) -> impl Iterator<Item = &Name> {
        self.path.names[self.matched..].iter().map(|(name, _)| name)
    }
}

fn dotted<'name>(names: impl Iterator<Item = &'name Name>) -> String {
    names.map(|name| &**name).collect::<Vec<_>>().join(".")
}
