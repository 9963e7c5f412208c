//! `runs`: the audit log.

use super::Exit;
use super::arguments::{Global, ListFormat, Runs};
use super::failure::Failure;
use super::project::root;
use super::terminal::Terminal;
use crate::transaction::{self, RunRecord, RunState};
use serde::Serialize;
use std::fmt::Write;

/// Runs the command.
pub(super) fn run(command: &Runs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let runs = transaction::runs(&root(global)?)?;
    let text = match command.output_format {
        ListFormat::Text => text(&runs.records, terminal),
        ListFormat::Json => json(&runs.records)?,
    };
    terminal.print(text.as_bytes())?;
    for run in &runs.unreadable {
        terminal.warning(format!("run {} cannot be read: {}", run.id, run.reason), None);
    }
    Ok(if runs.unreadable.is_empty() { Exit::Clean } else { Exit::Trouble })
}

#[derive(Serialize)]
struct RunLine<'a> {
    id: &'a str,
    date: String,
    state: &'static str,
    tool_version: &'a str,
    batch: Option<&'a str>,
    rules: &'a [String],
    undoes: Option<&'a str>,
    undone_by: Option<&'a str>,
    files: Vec<&'a str>,
}

fn line(run: &RunRecord) -> RunLine<'_> {
    RunLine {
        id: &run.id,
        date: run.date.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        state: state(run),
        tool_version: &run.tool_version,
        batch: run.batch.as_deref(),
        rules: &run.rules,
        undoes: run.undoes.as_deref(),
        undone_by: run.undone_by.as_deref(),
        files: run.files.iter().map(|file| &*file.path).collect(),
    }
}

fn state(run: &RunRecord) -> &'static str {
    match (run.state, &run.undone_by) {
        (RunState::Prepared, _) => "interrupted",
        (RunState::Recovered, _) => "put back",
        (RunState::Committed, Some(_)) => "rolled back",
        (RunState::Committed, None) => "in effect",
    }
}

fn text(runs: &[RunRecord], terminal: &Terminal) -> String {
    if runs.is_empty() {
        return if terminal.quiet { String::new() } else { "No migration has been run here.\n".to_owned() };
    }
    let mut text = String::new();
    for run in runs {
        let line = line(run);
        let what = line.undoes.map_or_else(|| line.rules.join(", "), |run| format!("rollback of {run}"));
        let batch = line.batch.map(|batch| format!(" (batch {batch})")).unwrap_or_default();
        let _ = writeln!(
            text,
            "{}  {}  {}  {}  {what}{batch}",
            line.id,
            line.date,
            line.state,
            count(line.files.len())
        );
        for file in &line.files {
            let _ = writeln!(text, "    {file}");
        }
    }
    text
}

fn count(files: usize) -> String {
    format!("{files} file{}", if files == 1 { "" } else { "s" })
}

fn json(runs: &[RunRecord]) -> Result<String, Failure> {
    let lines: Vec<RunLine<'_>> = runs.iter().map(line).collect();
    let text = serde_json::to_string_pretty(&lines);
    let failed = |error: serde_json::Error| Failure::Output { what: "the list".into(), source: error.into() };
    text.map(|text| text + "\n").map_err(failed)
}
