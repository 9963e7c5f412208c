//! Where something stands in a configuration file.

use crate::model::{LineIndex, Position, Span};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// One configuration file that was read: a name to show, and its text to point into.
pub struct ConfigSource {
    path: String,
    text: String,
    lines: OnceLock<LineIndex>,
}

impl ConfigSource {
    /// A source with the name that people see and its whole text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// Path relative to the project root with `/`, `builtin:NAME`, or an absolute path for a file elsewhere.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text; bytes that are not UTF-8 are replaced (such a file is always complained about).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Row and column of the byte at `offset`; an offset behind the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.text.len() as u32);
        self.lines.get_or_init(|| LineIndex::new(&self.text)).position(offset, &self.text)
    }
}

/// Only the name: the text may be long.
impl fmt::Debug for ConfigSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ConfigSource").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A range of bytes in a configuration file.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub source: Arc<ConfigSource>,
    /// The bytes in its text.
    pub span: Span,
}

impl Place {
    /// Row and column of the first character.
    pub fn start(&self) -> Position {
        self.source.position(self.span.start)
    }
}

/// A value and where it is written. For a plain string the span lies inside the quotes.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub place: Place,
}

impl<T> Placed<T> {
    /// Another value at the same place.
    pub fn with<U>(&self, value: U) -> Placed<U> {
        Placed { value, place: self.place.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_rows_and_characters_and_end_at_the_end() {
        let source = ConfigSource::new("ssot.toml", "a\né = 1\n");
        let position = source.position(source.text().find('=').unwrap() as u32);
        assert_eq!((position.row, position.column), (2, 3));
        assert_eq!(source.position(u32::MAX), source.position(source.text().len() as u32));
    }
}
