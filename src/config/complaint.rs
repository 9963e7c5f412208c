//! What is wrong with a configuration, as plain data: whoever shows it decides how.

use super::place::{ConfigSource, Place};
use crate::model::Span;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// One thing that is wrong in a configuration file.
#[derive(Debug, Clone)]
pub struct Complaint {
    /// The file.
    pub source: Arc<ConfigSource>,
    /// The bytes to underline.
    pub span: Span,
    /// What is wrong, without a final full stop.
    pub message: String,
    /// A few words for under the caret.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Another place that explains it.
    pub related: Option<RelatedPlace>,
}

/// Another place that explains a complaint.
#[derive(Debug, Clone)]
pub struct RelatedPlace {
    /// The file.
    pub source: Arc<ConfigSource>,
    /// The bytes to underline.
    pub span: Span,
    /// What is to be seen there.
    pub label: String,
}

impl Complaint {
    /// A complaint without help and related place.
    pub(super) fn new(place: &Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        let (message, label) = (message.into(), label.into());
        Self { source: place.source.clone(), span: place.span, message, label, help: None, related: None }
    }

    /// The same with help.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with another place.
    pub(super) fn related(mut self, place: &Place, label: impl Into<String>) -> Self {
        let source = place.source.clone();
        self.related = Some(RelatedPlace { source, span: place.span, label: label.into() });
        self
    }
}

/// One line: `file:row:column: message`.
impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.source.position(self.span.start);
        write!(formatter, "{}:{}:{}: {}", self.source.path(), at.row, at.column, self.message)
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No folder from the start upwards holds a configuration.
    #[error(
        "no configuration found: looked in {} and every folder above it for ssot.toml, .ssot.toml, pyproject.toml \
         with [tool.ssot-lint] and Cargo.toml with [workspace.metadata.ssot-lint] or [package.metadata.ssot-lint]",
        start.display()
    )]
    NotFound {
        /// The folder where the search began.
        start: PathBuf,
        /// The files that were looked into and hold no table of ours, in the order of the search.
        passed_over: Vec<PathBuf>,
    },
    /// The configuration file itself cannot be read.
    #[error("cannot read {}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The configuration was read and is wrong; never empty, sorted by file and place.
    #[error("{}", lines(.0))]
    Invalid(Vec<Complaint>),
}

impl ConfigError {
    /// The complaints; empty unless it is [`ConfigError::Invalid`].
    pub fn complaints(&self) -> &[Complaint] {
        match self {
            Self::Invalid(complaints) => complaints,
            _ => &[],
        }
    }
}

fn lines(complaints: &[Complaint]) -> String {
    complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Text from a file for use in a message: in backquotes, control characters escaped, and cut where it gets long.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut shown = String::from("`");
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown.push('`');
    shown
}

/// The candidate nearest to `text`, when one is near enough to be what was meant.
pub fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 100;
    if text.len() > LONGEST {
        return None;
    }
    let plain = text.to_lowercase().replace(['_', ' '], "-");
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&plain, &candidate.to_lowercase()), candidate)
        })
        .filter(|(similarity, _)| *similarity >= 0.6)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_found_and_far_ones_are_not() {
        let keys = ["legacy", "local-name", "remove-on"];
        assert_eq!(nearest("legasy", keys), Some("legacy"));
        assert_eq!(nearest("local_name", keys), Some("local-name"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), keys), None);
    }

    #[test]
    fn quoted_text_holds_no_control_character_and_has_an_end() {
        assert_eq!(quoted("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert!(quoted(&"x".repeat(1 << 20)).len() < 200);
    }
}
