//! What became of each batch of a migration, for people and for programs.

use super::{Style, clean, count};
use anstyle::{AnsiColor, Style as Look};
use serde::Serialize;
use std::io;

/// One batch of a migration.
#[derive(Debug, Clone)]
pub struct BatchReport {
    /// Its name; `None` for the files that no batch names.
    pub name: Option<String>,
    /// How far it came.
    pub state: BatchState,
    /// The files of its plan, sorted; without those that were left out.
    pub files: Vec<String>,
    /// How many findings the plan mends.
    pub mended: usize,
    /// The run that wrote it, also when it was rolled back.
    pub run: Option<String>,
    /// The commands that judge it; empty when there are none or none were wanted.
    pub validate: Vec<String>,
    /// What they said when they failed.
    pub fault: Option<Fault>,
    /// Files that a bisection left as they are, because they break the validation; sorted.
    pub left_out: Vec<LeftOut>,
}

/// How far a batch came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchState {
    /// A preview.
    Planned,
    /// Written, and validated where there is a command.
    Done,
    /// There was nothing to migrate in it.
    NothingToDo,
    /// Its validation failed or was stopped, and every file is as it was before.
    RolledBack,
    /// Its validation failed or was stopped, and its files are still new.
    NotRolledBack,
    /// It could not be planned or written.
    Stopped,
    /// An earlier batch ended the migration.
    NotRun,
}

impl BatchState {
    /// True when the batch's changes stand in the tree.
    pub const fn is_in_effect(self) -> bool {
        matches!(self, Self::Done | Self::NotRolledBack)
    }
}

/// A command that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The command as configured.
    pub command: String,
    /// Its exit status, when it ended by itself.
    pub status: Option<i32>,
    /// The same in words: `ended with exit status 1`.
    pub reason: String,
}

/// Says `` `pytest -q` ended with exit status 1 ``, on one line.
impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` {}", clean::one_line(&self.command), clean::one_line(&self.reason))
    }
}

/// A file that a bisection left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Path relative to the project root, with `/`.
    pub filename: String,
    /// What the validation says with it; `None` when it was never asked.
    pub fault: Option<Fault>,
}

/// A batch's name in a sentence: ``batch `tests` ``.
pub fn batch_name(name: Option<&str>) -> String {
    name.map_or_else(|| "the rest".to_owned(), |name| format!("batch `{}`", clean::one_line(name)))
}

/// One line for each batch, and one for each file that was left out; `what` their plans mend or delete.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn batches(
    batches: &[BatchReport],
    what: &str,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for left in batches.iter().flat_map(|batch| &batch.left_out) {
        let verdict = style.paint(AnsiColor::Yellow.on_default().bold(), "left out");
        let file = style.paint(Look::new().bold(), &clean::one_line(&left.filename));
        match &left.fault {
            Some(fault) => writeln!(out, "{file}: {verdict}: with it {fault}")?,
            None => writeln!(out, "{file}: {verdict}: no validation was left for it")?,
        }
    }
    if !style.summary || batches.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}:", if what == "shim" { "Shims in batches" } else { "Batches" })?;
    let names: Vec<String> = batches
        .iter()
        .map(|batch| batch.name.as_deref().map_or("(the rest)".into(), clean::one_line).into_owned())
        .collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (batch, name) in batches.iter().zip(names) {
        writeln!(out, "  {name:width$}  {}", line(batch, what))?;
    }
    Ok(())
}

fn line(batch: &BatchReport, what: &str) -> String {
    let places = format!("{} in {}", count(batch.mended, what), count(batch.files.len(), "file"));
    let fault = batch.fault.as_ref().map(|fault| format!(": {fault}")).unwrap_or_default();
    let run = batch.run.as_deref().map(|run| format!(", run {run}")).unwrap_or_default();
    match batch.state {
        BatchState::Planned if batch.validate.is_empty() => places,
        BatchState::Planned => format!("{places}; then {}", commands(&batch.validate)),
        BatchState::Done => {
            let validated = if batch.validate.is_empty() { "not validated" } else { "validated" };
            let left = match batch.left_out.len() {
                0 => String::new(),
                left => format!(" without {}", count(left, "file")),
            };
            format!("done{left}: {places}, {validated}{run}")
        }
        BatchState::NothingToDo => "nothing to migrate".to_owned(),
        BatchState::RolledBack if batch.fault.is_none() => "stopped and rolled back".to_owned(),
        BatchState::RolledBack => format!("failed and rolled back{fault}"),
        BatchState::NotRolledBack if batch.fault.is_none() => format!("stopped and not rolled back{run}"),
        BatchState::NotRolledBack => format!("failed and not rolled back{fault}{run}"),
        BatchState::Stopped => "stopped, see below".to_owned(),
        BatchState::NotRun => "not run".to_owned(),
    }
}

fn commands(commands: &[String]) -> String {
    let quoted = commands.iter().map(|command| format!("`{}`", clean::one_line(command)));
    quoted.collect::<Vec<_>>().join(", ")
}

/// The same for programs.
#[derive(Serialize)]
pub(super) struct BatchRecord<'a> {
    name: Option<&'a str>,
    state: BatchState,
    run: Option<&'a str>,
    mended: usize,
    files: &'a [String],
    validate: &'a [String],
    fault: Option<&'a Fault>,
    left_out: &'a [LeftOut],
}

impl<'a> From<&'a BatchReport> for BatchRecord<'a> {
    fn from(batch: &'a BatchReport) -> Self {
        Self {
            name: batch.name.as_deref(),
            state: batch.state,
            run: batch.run.as_deref(),
            mended: batch.mended,
            files: &batch.files,
            validate: &batch.validate,
            fault: batch.fault.as_ref(),
            left_out: &batch.left_out,
        }
    }
}
