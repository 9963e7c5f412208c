//! The register of output formats.

mod azure;
mod checkstyle;
mod concise;
mod diff;
mod full;
mod github;
mod gitlab;
mod grouped;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod rdjson;
mod sarif;

use super::Style;
use crate::model::Outcome;
use std::io;

/// The signature of every format: writes `outcome` to `out`.
pub type Render = fn(&Outcome, &Style, &mut dyn io::Write) -> io::Result<()>;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Findings with their source lines, in the manner of rustc.
    #[default]
    Full,
    /// One line for each finding.
    Concise,
    /// Findings under the name of their file.
    Grouped,
    /// One JSON object.
    Json,
    /// One JSON object for each finding, on a line of its own.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// Reviewdog's diagnostic format.
    Rdjson,
    /// Checkstyle's XML.
    Checkstyle,
    /// Logging commands of Azure Pipelines.
    Azure,
    /// A table for a comment at a pull request.
    Markdown,
    /// The edits that mend the findings.
    Diff,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 14] = [
        Self::Full,
        Self::Concise,
        Self::Grouped,
        Self::Json,
        Self::JsonLines,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Rdjson,
        Self::Checkstyle,
        Self::Azure,
        Self::Markdown,
        Self::Diff,
    ];

    /// Name on the command line, description and writer.
    const fn entry(self) -> (&'static str, &'static str, Render) {
        match self {
            Self::Full => ("full", "Findings with their source lines", full::render),
            Self::Concise => ("concise", "One line for each finding", concise::render),
            Self::Grouped => ("grouped", "Findings under the name of their file", grouped::render),
            Self::Json => ("json", "One JSON object", json::render),
            Self::JsonLines => ("json-lines", "One JSON object a line for each finding", json_lines::render),
            Self::Sarif => ("sarif", "SARIF 2.1.0, for code scanning", sarif::render),
            Self::Github => ("github", "Annotations of GitHub Actions", github::render),
            Self::Gitlab => ("gitlab", "A code quality report for GitLab", gitlab::render),
            Self::Junit => ("junit", "JUnit's XML: a suite for each file", junit::render),
            Self::Rdjson => ("rdjson", "Reviewdog's JSON, with suggestions", rdjson::render),
            Self::Checkstyle => ("checkstyle", "Checkstyle's XML", checkstyle::render),
            Self::Azure => ("azure", "Logging commands of Azure Pipelines", azure::render),
            Self::Markdown => ("markdown", "A table for a comment at a pull request", markdown::render),
            Self::Diff => ("diff", "The edits that mend the findings, as one diff", diff::render),
        }
    }

    /// Name on the command line.
    pub const fn name(self) -> &'static str {
        self.entry().0
    }

    /// One line for the help text.
    pub const fn description(self) -> &'static str {
        self.entry().1
    }

    /// The format with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// True for formats that programs read: they take no colour and nothing else may stand on the same stream.
    pub const fn is_for_machines(self) -> bool {
        !matches!(self, Self::Full | Self::Concise | Self::Grouped | Self::Markdown)
    }

    /// True for formats that show the edits: the outcome must hold a plan for them.
    pub const fn shows_edits(self) -> bool {
        matches!(self, Self::Sarif | Self::Rdjson | Self::Diff)
    }

    /// Writes `outcome` to `out`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn render(self, outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        (self.entry().2)(outcome, style, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_its_format() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.name()), Some(format));
        }
        assert_eq!(Format::parse("xml"), None);
    }

    #[test]
    fn no_format_panics_or_passes_escapes_on_peculiar_findings() {
        let outcome = crate::report::made_up::peculiar();
        for format in Format::ALL {
            let mut bytes = Vec::new();
            format.render(&outcome, &Style::default(), &mut bytes).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let raw = if format.is_for_machines() { &['\x1b'][..] } else { &['\x1b', '\u{9b}', '\u{202e}'] };
            assert!(!text.contains(raw), "{}: {text}", format.name());
            assert!(text.len() < 250_000, "{}: {} bytes", format.name(), text.len());
        }
    }
}
