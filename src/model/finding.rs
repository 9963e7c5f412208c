//! One thing to report: where, what, why, and whether it can be mended.

use super::{Position, Span};
use std::fmt;
use std::sync::Arc;

/// The kinds of finding. The code is a contract; the number never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Could not be decoded or parsed.
    Unreadable,
    /// A declared legacy path is written.
    LegacyPath,
    /// A canonical symbol is reached by an undeclared path.
    BypassPath,
    /// A second importable name for a canonical symbol.
    Alias,
    /// Another definition under a canonical symbol's name.
    DuplicateDefinition,
    /// A string that is used as an import path names a legacy path.
    StringPath,
    /// A first-party module is asked for a name that it does not provide.
    UnresolvedImport,
    /// Modules that import each other at import time.
    ImportCycle,
    /// A `[[usage]]` pattern.
    Usage,
    /// A shim past its date, impure, or without references left.
    Shim,
    /// An import that a `[[policy]]` does not want.
    Policy,
    /// One file importable under two module names.
    DualRoot,
    /// A suppression that hides nothing, has expired or has a malformed date.
    UnusedSuppression,
    /// A rule whose canonical path does not exist.
    StaleRule,
}

impl Code {
    /// All codes, by number.
    pub const ALL: [Self; 14] = [
        Self::Unreadable,
        Self::LegacyPath,
        Self::BypassPath,
        Self::Alias,
        Self::DuplicateDefinition,
        Self::StringPath,
        Self::UnresolvedImport,
        Self::ImportCycle,
        Self::Usage,
        Self::Shim,
        Self::Policy,
        Self::DualRoot,
        Self::UnusedSuppression,
        Self::StaleRule,
    ];

    /// True for the kinds that are uses of a symbol by another path than the canonical one.
    pub const fn is_use(self) -> bool {
        matches!(self, Self::LegacyPath | Self::BypassPath | Self::StringPath | Self::Policy)
    }

    /// The readable name, `legacy-path`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::LegacyPath => "legacy-path",
            Self::BypassPath => "bypass-path",
            Self::Alias => "alias",
            Self::DuplicateDefinition => "duplicate-definition",
            Self::StringPath => "string-path",
            Self::UnresolvedImport => "unresolved-import",
            Self::ImportCycle => "import-cycle",
            Self::Usage => "usage",
            Self::Shim => "shim",
            Self::Policy => "policy",
            Self::DualRoot => "dual-root",
            Self::UnusedSuppression => "unused-suppression",
            Self::StaleRule => "stale-rule",
        }
    }

    /// The code with this text (`SSOT001`) or name (`legacy-path`), in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| {
            code.to_string().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text)
        })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SSOT{:03}", *self as u8)
    }
}

/// How much a finding matters; `Off` is never reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// Not reported.
    Off,
    /// Worth knowing.
    Info,
    /// Should change.
    Warning,
    /// Must change.
    #[default]
    Error,
}

impl Severity {
    /// The word used in configuration and output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads the word used in configuration.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::Info, Self::Warning, Self::Error].into_iter().find(|known| known.as_str() == text)
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Resolution proved it.
    Proved,
    /// The text says so, but something could not be seen.
    Likely,
    /// A guess by name.
    Guess,
}

impl Certainty {
    /// The word used in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }
}

/// How a path is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `import a.b`.
    Import,
    /// `from a import b`.
    FromImport,
    /// `from a import *`.
    StarImport,
    /// `a.b.c` in code.
    Attribute,
    /// `use a::b;`.
    Use,
    /// `use a::*;`.
    GlobUse,
    /// `extern crate a;`.
    ExternCrate,
    /// `a::b` in code.
    Path,
    /// A link in documentation.
    DocLink,
    /// `type B = a::B;`.
    TypeAlias,
    /// A string that is used as a path.
    String,
    /// A path that is data: in a configuration file, or in a string that is kept, sent or compared.
    Data,
    /// A piece of code that a pattern describes.
    Usage,
    /// A path in a rule.
    Rule,
}

impl Form {
    /// The word used in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::FromImport => "from-import",
            Self::StarImport => "star-import",
            Self::Attribute => "attribute",
            Self::Use => "use",
            Self::GlobUse => "glob-use",
            Self::ExternCrate => "extern-crate",
            Self::Path => "path",
            Self::DocLink => "doc-link",
            Self::TypeAlias => "type-alias",
            Self::String => "string",
            Self::Data => "data",
            Self::Usage => "usage",
            Self::Rule => "rule",
        }
    }
}

/// Whether and how a finding can be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// `migrate` mends it and keeps the meaning.
    Safe,
    /// `migrate` can mend it, but the meaning may change.
    Unsafe,
    /// `migrate` leaves it, for this reason.
    Refused(String),
    /// Nothing to mend.
    None,
}

/// Where a finding sits, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The first character.
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// Where in that file.
    pub location: Location,
    /// What is to be seen there.
    pub label: String,
}

/// The lines around a finding, kept so that reporting needs no second read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// Whole lines, but for what `cut` says; bytes that cannot be shown are replaced.
    pub text: String,
    /// How many bytes of the first line are left out in front of `text`: what stands beside a path in data is shown to nobody.
    pub cut: u32,
    /// Row of the first line, from 1.
    pub first_row: u32,
    /// The finding inside `text`, in bytes.
    pub span: Span,
}

/// One thing to report.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// The id of the rule that asked for it.
    pub rule: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// The bytes it points at.
    pub span: Span,
    /// The same for people.
    pub location: Location,
    /// One sentence without a final full stop.
    pub message: String,
    /// What to do about it, as one sentence without a final full stop.
    pub help: Option<String>,
    /// The absolute path that is written.
    pub written: Option<String>,
    /// The absolute path to write instead.
    pub canonical: Option<String>,
    /// How the path is written.
    pub form: Option<Form>,
    /// The hops from the written path to the symbol.
    pub route: Vec<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// Whether it can be mended.
    pub fix: Fix,
    /// Names the finding across edits elsewhere: made of file, symbol, form, scope and ordinal, never of line numbers.
    pub fingerprint: String,
    /// The lines around it.
    pub excerpt: Excerpt,
}
