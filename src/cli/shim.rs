//! `shim`: show or write the shims of rules.

use super::Exit;
use super::arguments::{Global, MigrateFormat, Shim};
use super::failure::Failure;
use super::migrate::{Writing, check_rules, commit, exit, require_clean, reserve, tell_recovery};
use super::project::{Opened, open};
use super::terminal::Terminal;
use crate::model::Plan;
use crate::pipeline::{self, ShimRequest};
use crate::report::{self, ShimSummary, unified_diff};
use crate::transaction::{self, Disk};

/// Runs the command.
pub(super) fn run(
    command: &Shim,
    global: &Global,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    let opened = open(&[], global, terminal)?;
    check_rules(&command.rules, &opened)?;
    let root = &opened.settings.root;
    let _reservation = reserve(disk, root, command.execute, false)?;
    if command.execute {
        tell_recovery(transaction::recover_on(disk, root)?, terminal);
        disk.go_on()?;
    }
    let kind = command.kind.map(Into::into);
    let request = ShimRequest { settings: &opened.settings, rules: &command.rules, kind };
    let plan = pipeline::shim(&request)?;
    let run = if command.execute { write(command, &opened, &plan, (disk, terminal))? } else { None };
    let summary = ShimSummary { plan: &plan, run: run.as_deref(), is_written: command.execute };
    tell(command, &summary, terminal)?;
    Ok(exit(&plan))
}

/// The id of the run, or `None` when there is nothing to write.
fn write(
    command: &Shim,
    opened: &Opened,
    plan: &Plan,
    (disk, terminal): Writing<'_>,
) -> Result<Option<String>, Failure> {
    if plan.files.is_empty() {
        return Ok(None);
    }
    if command.backup.is_none() && !command.allow_dirty {
        require_clean(opened, plan, &Plan::default())?;
    }
    let root = &opened.settings.root;
    commit(root, plan, None, command.backup_suffix(), (disk, terminal)).map(Some)
}

/// The diff of a preview, and the summary.
fn tell(command: &Shim, summary: &ShimSummary<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let unwritable = |source| Failure::Output { what: "the summary".into(), source };
    let mut text = Vec::new();
    if command.output_format == MigrateFormat::Json {
        report::shim_json(summary, &mut text).map_err(unwritable)?;
        return terminal.print(&text);
    }
    if !summary.is_written {
        terminal.print(&unified_diff(summary.plan))?;
    }
    report::shim(summary, terminal.errors(), &mut text).map_err(unwritable)?;
    terminal.warn(&text);
    Ok(())
}
