//! Compliance as Markdown: the tables, the past, and the graph of import paths.

use super::Extent;
use super::mermaid;
use super::tables::{fraction, headline, label, share, tables};
use crate::model::Compliance;
use crate::report::{Style, clean};
use std::io;

/// So many rows of a table are written.
const MOST_ROWS: usize = 50;

/// Writes a section for each table.
pub fn render(
    compliance: &Compliance,
    extent: &Extent,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "## Canonical imports\n\n{}.", headline(compliance))?;
    for table in tables(compliance, extent) {
        writeln!(
            out,
            "\n### {}\n\n| {} | compliance | canonical uses |\n|---|---:|---:|",
            table.heading, table.column
        )?;
        for (name, count) in table.rows.iter().take(MOST_ROWS) {
            writeln!(out, "| {} | {} | {} |", cell(name), share(*count), fraction(*count))?;
        }
        if table.rows.len() > MOST_ROWS {
            writeln!(out, "| and {} more | | |", table.rows.len() - MOST_ROWS)?;
        }
    }
    if !compliance.history.is_empty() {
        writeln!(
            out,
            "\n### History\n\n| day | commit | compliance | canonical uses | |\n|---|---|---:|---:|---|"
        )?;
        for moment in &compliance.history {
            let (share, fraction) = (share(moment.total), fraction(moment.total));
            let subject = if moment.subject.is_empty() { String::new() } else { cell(&moment.subject) };
            writeln!(out, "| {} | {} | {share} | {fraction} | {subject} |", moment.date, label(moment))?;
        }
    }
    if !compliance.detours.is_empty() {
        writeln!(out, "\n### Import paths\n\n```mermaid")?;
        mermaid::render(compliance, extent, style, out)?;
        writeln!(out, "```")?;
    }
    Ok(())
}

/// Text from outside as code: nothing in it is markup, ends the cell or calls people.
fn cell(text: &str) -> String {
    format!("`{}`", clean::one_line(text).replace('`', "'").replace('|', "\\|"))
}
