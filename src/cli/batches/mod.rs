//! `migrate` batch by batch: each is planned on the tree as the former left it, written, judged by its commands, and taken
//! back when they fail.

mod bisect;
mod choice;
mod trials;
mod validation;

pub(super) use choice::{Part, choose};

use super::Exit;
use super::failure::Failure;
use super::migrate::{Job, exit};
use super::project::now;
use super::terminal::Terminal;
use crate::model::{Plan, Severity};
use crate::report::{BatchReport, BatchState, Fault, MigrationSummary, Notice, batch_name, count};
use crate::transaction::{self, Batch, RollbackOptions, TransactionError};
use std::path::Path;
use trials::{Remedy, bisect_batch};
use validation::validate;

/// Runs the command for `parts`, in this order.
pub(super) fn run(job: &Job<'_>, parts: &[Part<'_>]) -> Result<Exit, Failure> {
    let mut migration = Migration { job, reports: Vec::new(), plan: Plan::default(), first: None };
    let mut parts = parts.iter();
    let mut ended = Ok(());
    for part in parts.by_ref() {
        ended = migration.advance(part);
        if ended.is_err() || migration.has_failed() {
            break;
        }
    }
    migration.reports.extend(parts.map(|part| report(part, BatchState::NotRun)));
    let told = migration.tell();
    ended.and(told)?;
    Ok(migration.exit())
}

/// Says which runs an interrupted command has left without their validation. Those of `parts` are about to be judged.
pub(super) fn tell_unvalidated(job: &Job<'_>, parts: &[Part<'_>]) -> Result<(), Failure> {
    let runs = transaction::runs(&job.opened.settings.root)?;
    for run in runs.records.iter().filter(|run| runs.unvalidated.contains(&run.id)) {
        let name = run.batch.as_ref().and_then(|batch| batch.name.as_deref());
        let is_next = parts.iter().any(|part| part.name == name && !part.validate.is_empty());
        let (title, id) = (batch_name(name), &run.id);
        let help = match is_next {
            true => "its commands are run now".to_owned(),
            false => format!("`ssot-lint rollback {id}` takes it back"),
        };
        job.terminal
            .warning(format!("run {id} ({title}) was interrupted before it was validated"), Some(help));
    }
    Ok(())
}

/// The migration as far as it has come.
struct Migration<'a> {
    job: &'a Job<'a>,
    reports: Vec<BatchReport>,
    /// What stands in the tree, or would after a preview.
    plan: Plan,
    /// The first run.
    first: Option<String>,
}

/// One batch as far as it has come.
struct Stage {
    report: BatchReport,
    plan: Plan,
}

impl Migration<'_> {
    fn advance(&mut self, part: &Part<'_>) -> Result<(), Failure> {
        let mut stage = Stage { report: report(part, BatchState::Stopped), plan: Plan::default() };
        let ended = match self.job.command.execute {
            true => self.execute(part, &mut stage),
            false => self.preview(part, &mut stage),
        };
        self.take(stage);
        ended
    }

    fn preview(&self, part: &Part<'_>, stage: &mut Stage) -> Result<(), Failure> {
        stage.take(self.job.plan(Some(&|path| self.owns(part, path)), Some(&self.plan))?);
        let is_idle = stage.plan.files.is_empty();
        stage.report.state = if is_idle { BatchState::NothingToDo } else { BatchState::Planned };
        Ok(())
    }

    fn execute(&mut self, part: &Part<'_>, stage: &mut Stage) -> Result<(), Failure> {
        let waiting = waiting(self.root(), part)?;
        stage.take(self.job.plan(Some(&|path| self.owns(part, path)), None)?);
        if stage.plan.files.is_empty() && waiting.is_empty() {
            stage.report.state = BatchState::NothingToDo;
            return Ok(());
        }
        let new = self.write(part, &stage.plan)?;
        let runs: Vec<String> = new.into_iter().chain(waiting).collect();
        stage.report.run = runs.first().cloned();
        stage.report.state = BatchState::Done;
        let Some(fault) = validate(self.root(), part, self.job.terminal) else {
            return self.accept(part, stage, &runs);
        };
        stage.report.fault = Some(fault.clone());
        stage.report.state = BatchState::NotRolledBack;
        for run in &runs {
            let plan = (stage.report.run.as_ref() == Some(run)).then_some(&stage.plan);
            undo(self.job, part, run, plan, Some(&fault))?;
        }
        stage.report.state = BatchState::RolledBack;
        match self.job.command.bisect {
            Some(limit) => self.bisect(part, stage, &fault, limit as usize)?,
            None => self.tell_fault(part, stage, &fault),
        }
        Ok(())
    }

    /// Writes a plan as a run of this migration.
    fn write(&mut self, part: &Part<'_>, plan: &Plan) -> Result<Option<String>, Failure> {
        let run = self.job.write(plan, Some(self.batch(part)))?;
        if let Some(run) = &run {
            self.first.get_or_insert_with(|| run.clone());
            let (places, files) = (count(plan.mended, "finding"), count(plan.files.len(), "file"));
            self.job.terminal.note(&format!("{}: migrated {places} in {files}, run {run}", part.title()));
        }
        Ok(run)
    }

    fn batch(&self, part: &Part<'_>) -> Batch {
        Batch {
            name: part.name.map(str::to_owned),
            migration: self.first.clone(),
            validate: part.validate.clone(),
        }
    }

    /// The commands have passed.
    fn accept(&self, part: &Part<'_>, stage: &Stage, runs: &[String]) -> Result<(), Failure> {
        if part.validate.is_empty() {
            return Ok(());
        }
        for run in runs {
            match transaction::mark_validated(self.root(), run) {
                Err(TransactionError::UnknownRun(run)) => {
                    let message = format!("{}: run {run} is gone from .ssot-lint", part.title());
                    let help = "its validation must have deleted it; there is no way back but git".to_owned();
                    self.job.terminal.warning(message, Some(help));
                }
                marked => marked?,
            }
        }
        tell_touched(self.root(), part, &stage.plan, self.job.terminal);
        Ok(())
    }

    /// Keeps those files of a failed batch that pass.
    fn bisect(
        &mut self,
        part: &Part<'_>,
        stage: &mut Stage,
        fault: &Fault,
        limit: usize,
    ) -> Result<(), Failure> {
        let plan = self.job.plan(Some(&|path| self.owns(part, path)), None)?;
        let batch = self.batch(part);
        let Some(Remedy { plan, left_out }) = bisect_batch(self.job, part, &batch, &plan, (fault, limit))?
        else {
            return Ok(());
        };
        stage.report.left_out = left_out;
        let Some(run) = self.write(part, &plan)? else { return Ok(()) };
        stage.take(plan);
        transaction::mark_validated(self.root(), &run)?;
        stage.report.run = Some(run);
        stage.report.fault = None;
        stage.report.state = BatchState::Done;
        Ok(())
    }

    fn tell_fault(&self, part: &Part<'_>, stage: &Stage, fault: &Fault) {
        let files = count(stage.plan.files.len(), "file");
        let help = format!("{files} put back as before; `--bisect` finds those that break it");
        self.job.terminal.notice(&[Notice {
            severity: Severity::Error,
            message: format!("{} failed: {fault}", part.title()),
            places: Vec::new(),
            help: Some(help),
        }]);
    }

    fn take(&mut self, stage: Stage) {
        let Stage { report, plan } = stage;
        if report.state.is_in_effect() || report.state == BatchState::Planned {
            self.plan.files.extend(plan.files);
            self.plan.mended += plan.mended;
        }
        self.plan.refusals.extend(plan.refusals);
        self.plan.unreadable.extend(plan.unreadable);
        self.reports.push(report);
    }

    fn tell(&mut self) -> Result<(), Failure> {
        let plan = &mut self.plan;
        plan.refusals.sort_by(|left, right| (&left.file, left.location).cmp(&(&right.file, right.location)));
        plan.unreadable.sort();
        plan.unreadable.dedup();
        self.job.tell(&MigrationSummary {
            plan,
            run: None,
            batches: &self.reports,
            is_written: self.job.command.execute,
        })
    }

    fn has_failed(&self) -> bool {
        self.reports.last().is_some_and(|report| report.fault.is_some())
    }

    fn exit(&self) -> Exit {
        let is_whole = |report: &BatchReport| report.fault.is_none() && report.left_out.is_empty();
        let batches = if self.reports.iter().all(is_whole) { Exit::Clean } else { Exit::Findings };
        exit(&self.plan).max(batches)
    }

    fn owns(&self, part: &Part<'_>, path: &str) -> bool {
        self.job.opened.configuration.batch_of(path) == part.index
    }

    fn root(&self) -> &Path {
        &self.job.opened.settings.root
    }
}

impl Stage {
    fn take(&mut self, plan: Plan) {
        self.report.files = plan.files.iter().map(|file| file.path().to_string()).collect();
        self.report.mended = plan.mended;
        self.plan = plan;
    }
}

fn report(part: &Part<'_>, state: BatchState) -> BatchReport {
    BatchReport {
        name: part.name.map(str::to_owned),
        state,
        files: Vec::new(),
        mended: 0,
        run: None,
        validate: part.validate.clone(),
        fault: None,
        left_out: Vec::new(),
    }
}

/// Runs of the same batch that are in effect and were never judged, the newest first.
fn waiting(root: &Path, part: &Part<'_>) -> Result<Vec<String>, Failure> {
    if part.validate.is_empty() {
        return Ok(Vec::new());
    }
    let runs = transaction::runs(root)?;
    let is_same = |name: &Option<String>| name.as_deref() == part.name;
    let of_part =
        runs.records.iter().filter(|run| run.batch.as_ref().is_some_and(|batch| is_same(&batch.name)));
    Ok(of_part.map(|run| run.id.clone()).filter(|id| runs.unvalidated.contains(id)).collect())
}

/// Takes back a run of `part` whose validation is over. A run that is gone from the disk is taken back by its plan.
fn undo(
    job: &Job<'_>,
    part: &Part<'_>,
    run: &str,
    plan: Option<&Plan>,
    fault: Option<&Fault>,
) -> Result<(), Failure> {
    let not_rolled_back = |cause| Failure::NotRolledBack {
        batch: part.title(),
        fault: fault.map_or_else(|| "on trial".to_owned(), ToString::to_string),
        run: run.to_owned(),
        cause: Box::new(cause),
    };
    let options = RollbackOptions {
        dry_run: false,
        force: false,
        now: now()?,
        tool_version: env!("CARGO_PKG_VERSION"),
        sync: true,
    };
    match (transaction::rollback(&job.opened.settings.root, Some(run), &options), plan) {
        (Ok(report), _) => {
            for left in &report.left {
                job.terminal.warning(format!("{}: {}", left.path, left.reason), None);
            }
            Ok(())
        }
        (Err(TransactionError::AlreadyRolledBack { .. }), _) => Ok(()),
        (Err(TransactionError::UnknownRun(_)), Some(plan)) => {
            let message = format!("{}: run {run} is gone from .ssot-lint", part.title());
            let help = "its validation must have deleted it; the files are put back from memory".to_owned();
            job.terminal.warning(message, Some(help));
            job.commit(&plan.reversed(), None, None).map(drop).map_err(|failure| match failure {
                Failure::Transaction(cause) => not_rolled_back(cause),
                other => other,
            })
        }
        (Err(cause), _) => Err(not_rolled_back(cause)),
    }
}

/// A command that writes into the files just migrated stands in the way of `rollback`.
fn tell_touched(root: &Path, part: &Part<'_>, plan: &Plan, terminal: &Terminal) {
    let is_touched = |path: &str, after: &[u8]| std::fs::read(root.join(path)).is_ok_and(|now| now != after);
    let touched = plan.files.iter().filter(|file| is_touched(file.path(), file.after()));
    let touched: Vec<&str> = touched.map(|file| &**file.path()).collect();
    if let Some(first) = touched.first() {
        let (title, count) = (part.title(), touched.len());
        let message =
            format!("{title}: {count} of its files were changed while it was validated: {first}, …");
        let help = "`rollback` will leave these alone unless --force is given".to_owned();
        terminal.warning(message, Some(help));
    }
}
