//! `runs`: the audit log.

use super::Exit;
use super::arguments::{Global, ListFormat, Runs as Command};
use super::failure::Failure;
use super::project::root;
use super::terminal::Terminal;
use crate::report;
use crate::transaction::{self, RunRecord, RunState, Runs};
use serde::Serialize;
use std::fmt::Write;

/// Runs the command.
pub(super) fn run(command: &Command, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let runs = transaction::runs(&root(global)?)?;
    let text = match command.output_format {
        ListFormat::Text => text(&runs, terminal),
        ListFormat::Json => json(&runs)?,
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
    /// False while the commands of its batch have not passed: their run was interrupted.
    validated: bool,
    batch: Option<&'a str>,
    /// The first run of the same migration.
    migration: &'a str,
    rules: &'a [String],
    undoes: Option<&'a str>,
    undone_by: Option<&'a str>,
    files: Vec<&'a str>,
}

fn line<'a>(run: &'a RunRecord, runs: &Runs) -> RunLine<'a> {
    RunLine {
        id: &run.id,
        date: run.date.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        state: state(run),
        tool_version: &run.tool_version,
        validated: !runs.unvalidated.contains(&run.id),
        batch: run.batch.as_ref().and_then(|batch| batch.name.as_deref()),
        migration: run.migration(),
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

fn text(runs: &Runs, terminal: &Terminal) -> String {
    if runs.records.is_empty() {
        return if terminal.quiet { String::new() } else { "No migration has been run here.\n".to_owned() };
    }
    let mut text = String::new();
    for run in &runs.records {
        let line = line(run, runs);
        let what = line.undoes.map_or_else(|| line.rules.join(", "), |run| format!("rollback of {run}"));
        let state =
            if line.validated { line.state.to_owned() } else { format!("{}, not validated", line.state) };
        let (files, batch) = (report::count(line.files.len(), "file"), batch(&line));
        // A run folder may come from anywhere.
        let head = format!("{}  {}  {state}  {files}  {what}{batch}", line.id, line.date);
        let _ = writeln!(text, "{}", report::one_line(&head));
        for file in &line.files {
            let _ = writeln!(text, "    {}", report::one_line(file));
        }
    }
    text
}

/// The batch, and the migration when other runs belong to it.
fn batch(line: &RunLine<'_>) -> String {
    let migration = match line.migration == line.id || line.undoes.is_some() {
        true => String::new(),
        false => format!(" of migration {}", line.migration),
    };
    match line.batch {
        Some(batch) => format!(" (batch {batch}{migration})"),
        None if !migration.is_empty() => format!(" (the rest{migration})"),
        None => String::new(),
    }
}

fn json(runs: &Runs) -> Result<String, Failure> {
    let lines: Vec<RunLine<'_>> = runs.records.iter().map(|run| line(run, runs)).collect();
    let text = serde_json::to_string_pretty(&lines);
    let failed = |error: serde_json::Error| Failure::Output { what: "the list".into(), source: error.into() };
    text.map(|text| text + "\n").map_err(failed)
}
