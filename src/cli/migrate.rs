//! `migrate`: show what would change, or change it.

use super::Exit;
use super::arguments::{Global, Migrate};
use super::failure::Failure;
use super::progress::Bar;
use super::project::{Opened, now, open};
use super::terminal::Terminal;
use crate::model::Plan;
use crate::pipeline::{self, FixRequest};
use crate::report::{self, Format, MigrationSummary};
use crate::rewrite::unified_diff;
use crate::transaction::{self, Disk, GitState, Policy, Recovered, Recovery, Request};

/// Runs the command.
pub(super) fn run(
    command: &Migrate,
    global: &Global,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    let opened = open(&command.paths, global, terminal)?;
    check_rules(command, &opened)?;
    if command.execute {
        tell_recovery(transaction::recover_on(disk, &opened.settings.root)?, terminal);
        disk.go_on()?;
    }
    let bar = Bar::new(terminal);
    let request = FixRequest { settings: &opened.settings, scope: &opened.scope, rules: &command.rule };
    let plan = pipeline::fix(&request, &bar)?;
    bar.clear();
    let run = if command.execute { execute(command, &opened, &plan, terminal, disk)? } else { None };
    if !command.execute && command.output_format != Format::Json {
        terminal.print(&unified_diff(&plan))?;
    }
    summarize(command, &plan, run.as_deref(), terminal)?;
    Ok(exit(&plan))
}

/// Says what became of a run that was interrupted.
pub(super) fn tell_recovery(recovery: Option<Recovery>, terminal: &Terminal) {
    let Some(recovery) = recovery else { return };
    let what = match recovery.outcome {
        Recovered::PutBack => "every file was put back as it was before",
        Recovered::Finished => "it was complete, and is closed now",
    };
    terminal.warning(format!("run {} was interrupted: {what}", recovery.run), None);
    for left in &recovery.left {
        terminal.warning(format!("{}: {}", left.path, left.reason), None);
    }
}

fn check_rules(command: &Migrate, opened: &Opened) -> Result<(), Failure> {
    // What the code itself declares is known only once it has been read.
    let known = |id: &String| {
        id.starts_with("deprecated:") || opened.settings.rules.rules.iter().any(|rule| rule.id == *id)
    };
    if let Some(unknown) = command.rule.iter().find(|id| !known(id)) {
        return Err(Failure::usage(
            format!("no rule has the id `{unknown}`"),
            "`ssot-lint rules` lists them",
        ));
    }
    match command.batch.first() {
        Some(batch) => {
            let help = "give the paths of the batch instead";
            Err(Failure::usage(format!("`--batch {batch}`: batches have no effect in this version"), help))
        }
        None => Ok(()),
    }
}

/// Writes the plan; the id of the run, or `None` when there is nothing to write.
fn execute(
    command: &Migrate,
    opened: &Opened,
    plan: &Plan,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Option<String>, Failure> {
    if plan.files.is_empty() {
        return Ok(None);
    }
    let root = &opened.settings.root;
    if command.backup.is_none() && !command.allow_dirty {
        require_clean(opened, plan)?;
    }
    let mut rules: Vec<String> =
        plan.files.iter().flat_map(|file| file.edits()).map(|edit| edit.rule.clone()).collect();
    rules.sort();
    rules.dedup();
    let request = Request {
        root,
        plan,
        tool_version: env!("CARGO_PKG_VERSION"),
        rules,
        batch: None,
        backup_suffix: command.backup_suffix().map(str::to_owned),
        now: now()?,
        sync: true,
        policy: Policy::Stop,
    };
    let record = transaction::prepare_on(disk, &request)?.commit()?.seal()?;
    for kept in &record.kept {
        terminal.warning(format!("{}: {}", kept.path, kept.reason), None);
    }
    Ok(Some(record.id))
}

/// Without a backup git must hold what is about to be overwritten.
fn require_clean(opened: &Opened, plan: &Plan) -> Result<(), Failure> {
    let paths: Vec<&str> = plan.files.iter().map(|file| &**file.path()).collect();
    let help = "commit them, or give `--backup` to keep every original, or `--allow-dirty`";
    match transaction::dirty_files(&opened.settings.root, &paths)? {
        GitState::Clean => Ok(()),
        GitState::NotARepository => Err(Failure::usage(
            "no way back: the project is in no git work tree",
            "give `--backup` to keep every original, or `--allow-dirty`",
        )),
        GitState::Dirty(files) => {
            let shown: Vec<String> = files.iter().take(10).map(|file| format!("  {file}")).collect();
            let more = files.len().saturating_sub(shown.len());
            let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
            let list = shown.join("\n");
            let message = format!("no way back: git does not hold these files as they are\n{list}{more}");
            Err(Failure::usage(message, help))
        }
    }
}

fn summarize(command: &Migrate, plan: &Plan, run: Option<&str>, terminal: &Terminal) -> Result<(), Failure> {
    let summary = MigrationSummary { plan, run, is_written: command.execute };
    let unwritable = |source| Failure::Output { what: "the summary".into(), source };
    let mut text = Vec::new();
    if command.output_format == Format::Json {
        report::migration_json(&summary, &mut text).map_err(unwritable)?;
        return terminal.print(&text);
    }
    report::migration(&summary, terminal.errors(), &mut text).map_err(unwritable)?;
    terminal.warn(&text);
    Ok(())
}

fn exit(plan: &Plan) -> Exit {
    if !plan.unreadable.is_empty() {
        Exit::Trouble
    } else if plan.refusals.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    }
}
