//! Compliance for people: tables on a terminal.

use super::Extent;
use super::tables::{Table, fraction, headline, label, share, tables};
use crate::model::{Compliance, Moment, RuleCount};
use crate::report::{Style, clean};
use anstyle::{AnsiColor, Style as Look};
use std::io;

/// So many rows of a table are shown.
const MOST_ROWS: usize = 30;

/// So many other paths are shown.
const MOST_PATHS: usize = 10;

/// Writes tables, the most used other paths, and the past.
pub fn render(
    compliance: &Compliance,
    extent: &Extent,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let look = if compliance.total.findings == 0 {
        AnsiColor::Green.on_default().bold()
    } else {
        Look::new().bold()
    };
    writeln!(out, "{}", style.paint(look, &headline(compliance)))?;
    for table in tables(compliance, extent) {
        write_table(&table, style, out)?;
    }
    write_paths(compliance, style, out)?;
    write_history(&compliance.history, style, out)
}

fn write_heading(heading: &str, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(Look::new().bold(), heading))
}

fn write_table(table: &Table<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write_heading(table.heading, style, out)?;
    let width = table.rows.iter().take(MOST_ROWS).map(|(_, count)| fraction(*count).len()).max().unwrap_or(0);
    for (name, count) in table.rows.iter().take(MOST_ROWS) {
        write_row(*count, width, &clean::one_line(name), out)?;
    }
    write_rest(table.rows.len(), MOST_ROWS, out)
}

fn write_row(count: RuleCount, width: usize, name: &str, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "  {:>5}  {:>width$}  {name}", share(count), fraction(count))
}

fn write_rest(all: usize, shown: usize, out: &mut dyn io::Write) -> io::Result<()> {
    match all.saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more (all of them in --output-format json)"),
    }
}

fn write_paths(compliance: &Compliance, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    if compliance.detours.is_empty() {
        return Ok(());
    }
    write_heading("Other paths", style, out)?;
    let width = compliance.detours[0].uses.to_string().len();
    for detour in compliance.detours.iter().take(MOST_PATHS) {
        let (written, canonical) = (clean::one_line(&detour.written), clean::one_line(&detour.canonical));
        writeln!(out, "  {:>width$}  {written} -> {canonical}", detour.uses)?;
    }
    write_rest(compliance.detours.len(), MOST_PATHS, out)
}

fn write_history(history: &[Moment], style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    if history.is_empty() {
        return Ok(());
    }
    write_heading("History", style, out)?;
    let width = history.iter().map(|moment| fraction(moment.total).len()).max().unwrap_or(0);
    for moment in history {
        let subject = clean::one_line(&moment.subject).chars().take(60).collect::<String>();
        write_row(moment.total, width, &format!("{}  {}  {subject}", moment.date, label(moment)), out)?;
    }
    Ok(())
}
