//! `rollback`: undo a migration.

use super::Exit;
use super::arguments::{Global, Rollback};
use super::failure::Failure;
use super::migrate::tell_recovery;
use super::project::{now, root};
use super::terminal::Terminal;
use crate::transaction::{self, Disk, RollbackOptions, RollbackReport};
use std::fmt::Write;

/// Runs the command.
pub(super) fn run(
    command: &Rollback,
    global: &Global,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    let root = root(global)?;
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
    Ok(if report.left.is_empty() { Exit::Clean } else { Exit::Trouble })
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
                let _ = writeln!(text, "{what}: {file}");
            }
        }
    } else {
        for file in &report.kept {
            let _ = writeln!(text, "kept as: {file}");
        }
    }
    for left in &report.left {
        let _ = writeln!(text, "left: {}: {}", left.path, left.reason);
    }
    if terminal.quiet {
        return text;
    }
    let count = report.restored.len() + report.recreated.len();
    let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let _ = match &report.by {
        Some(by) => writeln!(text, "Rolled back run {}: {files} restored (run {by}).", report.run),
        None => writeln!(text, "Would roll back run {}: {files}. Nothing was written.", report.run),
    };
    text
}
