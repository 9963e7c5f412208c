//! The register of formats in which compliance is told, and what is told in each.

mod badge;
mod json;
mod markdown;
mod mermaid;
mod tables;
mod text;

pub use tables::headline;

use super::Style;
use crate::model::Compliance;
use std::io;

/// The signature of every format: writes `compliance` to `out`.
pub type RenderCompliance = fn(&Compliance, &Extent, &Style, &mut dyn io::Write) -> io::Result<()>;

/// What uses are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breakdown {
    /// Rules.
    Rule,
    /// Python packages and Rust crates.
    Package,
    /// Owners, as `CODEOWNERS` names them.
    Owner,
}

/// How much is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// The tables.
    pub by: Vec<Breakdown>,
}

/// A format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ComplianceFormat {
    /// Tables for people.
    #[default]
    Text,
    /// The same for a page or a comment, with the graph.
    Markdown,
    /// One JSON object.
    Json,
    /// A graph of the import paths.
    Mermaid,
    /// The data of a badge, as shields.io reads it from an endpoint.
    Badge,
}

impl ComplianceFormat {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Text, Self::Markdown, Self::Json, Self::Mermaid, Self::Badge];

    /// Name on the command line, description and writer.
    const fn entry(self) -> (&'static str, &'static str, RenderCompliance) {
        match self {
            Self::Text => ("text", "Tables for people", text::render),
            Self::Markdown => ("markdown", "Tables and the graph, for a page or a comment", markdown::render),
            Self::Json => ("json", "One JSON object", json::render),
            Self::Mermaid => ("mermaid", "A graph of the import paths", mermaid::render),
            Self::Badge => ("badge", "The data of a shields.io endpoint badge", badge::render),
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

    /// Writes `compliance` to `out`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn render(
        self,
        compliance: &Compliance,
        extent: &Extent,
        style: &Style,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        (self.entry().2)(compliance, extent, style, out)
    }
}

#[cfg(test)]
mod tests;
