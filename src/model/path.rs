//! The absolute path of a symbol or module, as a list of segments.

use super::Name;
use ecow::EcoVec;
use std::fmt;
use std::ops::{Index, IndexMut};

/// The languages whose paths ssot-lint knows; it decides how a path is spelled and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Dotted paths: `package.module.Name`.
    Python,
    /// Paths with `::`: `crate_name::module::Name`.
    Rust,
}

/// One value for each language: equal names in two of them are different things.
#[derive(Debug, Default, Clone)]
pub struct PerLanguage<T>([T; 2]);

impl<T> Index<Language> for PerLanguage<T> {
    type Output = T;

    fn index(&self, language: Language) -> &T {
        &self.0[language as usize]
    }
}

impl<T> IndexMut<Language> for PerLanguage<T> {
    fn index_mut(&mut self, language: Language) -> &mut T {
        &mut self.0[language as usize]
    }
}

impl Language {
    /// Whether an import can take names from something that is no module: `use a::Enum::Variant`.
    pub const fn imports_from_types(self) -> bool {
        matches!(self, Self::Rust)
    }

    /// What stands between two segments in source text.
    pub const fn separator(self) -> &'static str {
        match self {
            Self::Python => ".",
            Self::Rust => "::",
        }
    }
}

/// An absolute path to a module or symbol: at least one segment, none of them empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolPath {
    language: Language,
    /// Shared by all copies.
    segments: EcoVec<Name>,
}

impl SymbolPath {
    /// A path of the given segments.
    ///
    /// # Panics
    /// When there is no segment: the callers always hold at least a module's name.
    pub fn new<S: AsRef<str>>(language: Language, segments: impl IntoIterator<Item = S>) -> Self {
        let segments: EcoVec<Name> =
            segments.into_iter().map(|segment| Name::from(segment.as_ref())).collect();
        assert!(!segments.is_empty(), "a symbol path has at least one segment");
        Self { language, segments }
    }

    /// Reads `a.b.c` or `a::b::c`. `None` when a segment is empty or not an identifier.
    pub fn parse(text: &str) -> Option<Self> {
        let language = if text.contains("::") { Language::Rust } else { Language::Python };
        let segments: Vec<&str> = text.split(language.separator()).collect();
        segments.iter().all(|segment| is_identifier(segment)).then(|| Self::new(language, segments))
    }

    /// The language whose spelling the path has.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The segments from the outermost package inwards.
    pub fn segments(&self) -> &[Name] {
        &self.segments
    }

    /// Number of segments; at least one.
    #[allow(clippy::len_without_is_empty, reason = "a path is never empty")]
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// The last segment: the name of the symbol or module itself.
    pub fn name(&self) -> &str {
        self.segments.last().expect("a symbol path has at least one segment")
    }

    /// The path without its last segment; `None` for a single segment.
    pub fn parent(&self) -> Option<Self> {
        (self.len() > 1).then(|| self.prefix(self.len() - 1))
    }

    /// The first `count` segments.
    ///
    /// # Panics
    /// When `count` is zero or more than [`SymbolPath::len`].
    pub fn prefix(&self, count: usize) -> Self {
        assert!(count > 0, "a symbol path has at least one segment");
        Self { language: self.language, segments: EcoVec::from(&self.segments[..count]) }
    }

    /// A path with further segments behind this one.
    pub fn join<S: AsRef<str>>(&self, rest: impl IntoIterator<Item = S>) -> Self {
        self.clone().followed_by(rest)
    }

    /// This path with further segments behind it.
    #[must_use]
    pub fn followed_by<S: AsRef<str>>(mut self, rest: impl IntoIterator<Item = S>) -> Self {
        self.segments.extend(rest.into_iter().map(|segment| Name::from(segment.as_ref())));
        self
    }

    /// True when `prefix` is this path or one of its ancestors.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.language == prefix.language && self.segments.starts_with(&prefix.segments[..])
    }
}

impl fmt::Display for SymbolPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                formatter.write_str(self.language.separator())?;
            }
            formatter.write_str(segment)?;
        }
        Ok(())
    }
}

/// Whether `text` can be one segment: letters, digits and underscores, not starting with a digit. Keywords pass:
/// a path may name a module that only `importlib` can reach.
fn is_identifier(text: &str) -> bool {
    let mut characters = text.strip_prefix("r#").unwrap_or(text).chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_printed_in_their_language() {
        assert_eq!(SymbolPath::parse("a.b.C").unwrap().to_string(), "a.b.C");
        assert_eq!(SymbolPath::parse("a::b::C").unwrap().language(), Language::Rust);
    }

    #[test]
    fn empty_and_malformed_segments_are_refused() {
        for text in ["", ".a", "a.", "a..b", "a b", "1a", "a::", "a-b"] {
            assert_eq!(SymbolPath::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_prefix_twin_is_no_ancestor() {
        let twin = SymbolPath::parse("a.managers.X").unwrap();
        assert!(!twin.starts_with(&SymbolPath::parse("a.manager").unwrap()));
        assert!(twin.starts_with(&SymbolPath::parse("a").unwrap()));
    }
}
