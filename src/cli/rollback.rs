//! `rollback`: undo a migration.

use super::Exit;
use super::arguments::{Global, Rollback};
use super::failure::Failure;
use super::migrate::tell_recovery;
use super::project::{now, root};
use super::terminal::Terminal;
use crate::report::{count, one_line};
use crate::transaction::{self, Disk, RollbackOptions, RollbackReport, RunRecord, Runs};
use std::fmt::Write;

/// Runs the command.
pub(super) fn run(
    command: &Rollback,
    global: &Global,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    let root = root(global)?;
    let is_known = root.join(transaction::STATE_FOLDER).is_dir();
    let _reservation =
        (!command.dry_run && is_known).then(|| transaction::reserve(disk, &root)).transpose()?;
    if !command.dry_run {
        tell_recovery(transaction::recover_on(disk, &root)?, terminal);
        disk.go_on()?;
    }
    let options = RollbackOptions {
        dry_run: command.dry_run,
        force: command.force,
        now: now()?,
        tool_version: env!("CARGO_PKG_VERSION"),
        sync: true,
    };
    let report = transaction::rollback_on(disk, &root, command.run.as_deref(), &options)?;
    terminal.print(text(&report, command.dry_run, terminal).as_bytes())?;
    tell_others(&transaction::runs(&root)?, &report, terminal);
    Ok(if report.left.is_empty() { Exit::Clean } else { Exit::Trouble })
}

/// The other batches of the same migration stay: somebody may think that they went with this one.
fn tell_others(runs: &Runs, report: &RollbackReport, terminal: &Terminal) {
    let Some(run) = runs.records.iter().find(|run| run.id == report.run) else { return };
    let is_other = |other: &&RunRecord| {
        let is_of_it = other.migration() == run.migration() && other.id != run.id;
        is_of_it && other.undoes.is_none() && other.is_in_effect()
    };
    let others: Vec<&RunRecord> = runs.records.iter().filter(is_other).collect();
    if let Some(next) = others.first() {
        let count = count(others.len(), "other run");
        terminal.note(&format!(
            "{count} of this migration in effect; the newest goes with `ssot-lint rollback {}`.",
            next.id
        ));
    }
}

fn text(report: &RollbackReport, dry_run: bool, terminal: &Terminal) -> String {
    let mut text = String::new();
    let groups = [
        ("restored", &report.restored),
        ("created again", &report.recreated),
        ("removed", &report.removed),
        ("kept as", &report.kept),
    ];
    if dry_run || terminal.verbose {
        for (what, files) in groups {
            for file in files {
                let _ = writeln!(text, "{what}: {}", one_line(file));
            }
        }
    } else {
        for file in &report.kept {
            let _ = writeln!(text, "kept as: {}", one_line(file));
        }
    }
    for left in &report.left {
        let _ = writeln!(text, "left: {}: {}", one_line(&left.path), one_line(&left.reason));
    }
    if terminal.quiet {
        return text;
    }
    let files = count(report.restored.len() + report.recreated.len(), "file");
    let removed = match report.removed.len() {
        0 => String::new(),
        removed => format!(", {removed} removed"),
    };
    let _ = match &report.by {
        Some(by) => writeln!(text, "Rolled back run {}: {files} restored{removed} (run {by}).", report.run),
        None => writeln!(text, "Would roll back run {}: {files}. Nothing was written.", report.run),
    };
    text
}
