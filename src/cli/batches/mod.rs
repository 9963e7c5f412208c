//! `migrate` batch by batch: each is planned on the tree as the former left it, written, judged by its commands, and taken
//! back when they fail.

mod bisect;
mod choice;
mod judge;
mod removal;
mod trials;
mod validation;

pub(super) use choice::{Part, choose};

use super::Exit;
use super::failure::Failure;
use super::migrate::{Job, Removed, Unwritable, exit};
use crate::model::{Plan, Refusal, Severity};
use crate::report::{BatchReport, BatchState, Fault, MigrationSummary, Notice, batch_name, count};
use crate::transaction::{self, Batch};
use judge::Judge;
use removal::Removals;
use std::collections::BTreeSet;
use std::path::Path;
use trials::{Remedy, bisect_batch};

/// Runs the command for `parts`, in this order.
pub(super) fn run(job: &Job<'_>, parts: &[Part<'_>]) -> Result<Exit, Failure> {
    // A signal between two batches, or while one is planned, is a wish to stop: what became of each is told in any case.
    let _held = job.command.execute.then(|| job.disk.hold());
    let (reports, left_out, unwritable) = (Vec::new(), BTreeSet::new(), Unwritable::new());
    let mut migration =
        Migration { job, parts, reports, plan: Plan::default(), first: None, left_out, unwritable };
    let mut ended = Ok(());
    while migration.reports.len() < parts.len() && ended.is_ok() && !migration.has_failed() {
        ended = migration.advance();
    }
    let is_done = ended.is_ok() && !migration.has_failed();
    let not_run = parts[migration.reports.len()..].iter();
    migration.reports.extend(not_run.map(|part| report(part, BatchState::NotRun)));
    let mut removals = Removals::new(&migration);
    let is_wanted = is_done && job.command.remove_shims;
    let removal = if is_wanted { removals.run() } else { Ok(()) };
    let removed = is_wanted.then_some(removals.removed);
    let told = migration.tell(removed.as_ref());
    ended.and(removal).and(told)?;
    Ok(migration.exit().max(removed.map_or(Exit::Clean, |removed| removed.exit())))
}

/// Says which runs an interrupted command has left without their validation. Those of `parts` are about to be judged.
pub(super) fn tell_unvalidated(job: &Job<'_>, parts: &[Part<'_>]) -> Result<(), Failure> {
    let runs = transaction::runs(&job.opened.settings.root)?;
    for run in runs.records.iter().filter(|run| runs.unvalidated.contains(&run.id)) {
        let name = run.batch.as_ref().and_then(|batch| batch.name.as_deref());
        let is_next = parts.iter().any(|part| part.name == name && !part.validate.is_empty());
        let (title, id) = (batch_name(name), &run.id);
        let batches = &job.opened.configuration.batches;
        let is_judged =
            |name| batches.iter().any(|batch| batch.name.value == name && !batch.validate.is_empty());
        let help = match (is_next, name.is_some_and(is_judged)) {
            (true, _) => "its commands are run now".to_owned(),
            (false, true) => {
                format!("`migrate --execute` runs its commands, `ssot-lint rollback {id}` takes it back")
            }
            (false, false) => format!("`ssot-lint rollback {id}` takes it back"),
        };
        job.terminal
            .warning(format!("run {id} ({title}) was interrupted before it was validated"), Some(help));
    }
    Ok(())
}

/// The migration as far as it has come.
struct Migration<'a> {
    job: &'a Job<'a>,
    parts: &'a [Part<'a>],
    /// What became of the first parts; the next one is at work.
    reports: Vec<BatchReport>,
    /// What stands in the tree, or would after a preview.
    plan: Plan,
    /// The first run.
    first: Option<String>,
    /// Files that bisections have left as they are.
    left_out: BTreeSet<String>,
    /// Files that cannot be written.
    unwritable: Unwritable,
}

/// One batch as far as it has come.
struct Stage<'a> {
    part: &'a Part<'a>,
    report: BatchReport,
    plan: Plan,
}

impl<'a> Migration<'a> {
    fn advance(&mut self) -> Result<(), Failure> {
        self.job.disk.go_on()?;
        let part = &self.parts[self.reports.len()];
        let mut stage = Stage { part, report: report(part, BatchState::Stopped), plan: Plan::default() };
        let ended = match self.job.command.execute {
            true => self.execute(&mut stage),
            false => self.preview(&mut stage),
        };
        self.take(stage);
        ended
    }

    fn preview(&self, stage: &mut Stage<'_>) -> Result<(), Failure> {
        self.plan(stage, Some(&self.plan))?;
        let is_idle = stage.plan.files.is_empty();
        stage.report.state = if is_idle { BatchState::NothingToDo } else { BatchState::Planned };
        Ok(())
    }

    fn execute(&mut self, stage: &mut Stage<'_>) -> Result<(), Failure> {
        let waiting = waiting(self.root(), stage.part)?;
        self.plan(stage, None)?;
        if stage.plan.files.is_empty() && waiting.is_empty() {
            stage.report.state = BatchState::NothingToDo;
            return Ok(());
        }
        let new = self.write(stage)?;
        let runs: Vec<String> = new.into_iter().chain(waiting).collect();
        stage.report.run = runs.first().cloned();
        stage.report.state = BatchState::Done;
        let judge = self.judge(stage);
        let judged = judge.judge();
        if let Ok(None) = judged {
            return judge.accept(&runs, &stage.plan);
        }
        stage.report.fault = judged.as_ref().ok().cloned().flatten();
        stage.report.state = BatchState::NotRolledBack;
        for run in &runs {
            let plan = (stage.report.run.as_ref() == Some(run)).then_some(&stage.plan);
            judge.undo(run, plan, stage.report.fault.as_ref())?;
        }
        stage.report.state = BatchState::RolledBack;
        let Some(fault) = judged? else { return Ok(()) };
        match self.job.command.bisect {
            Some(limit) => self.bisect(stage, &fault, limit as usize)?,
            None => self.tell_fault(stage, &fault),
        }
        Ok(())
    }

    /// Plans the files of the batch. Those of the batches before it may change once more: some places can only move
    /// together, and the last of them comes with this batch. The commands of such a batch then judge this one too.
    fn plan(&self, stage: &mut Stage<'_>, assumed: Option<&Plan>) -> Result<(), Failure> {
        let plan = self.job.plan(Some(&|path| self.may_change(path)), assumed, &self.unwritable)?;
        stage.report.validate = self.commands(stage.part, &plan);
        stage.take(plan);
        Ok(())
    }

    /// The commands of a batch, and of those before it that `plan` changes too.
    fn commands(&self, own: &Part<'_>, plan: &Plan) -> Vec<String> {
        let mut commands = own.validate.clone();
        for part in self.parts.iter().take_while(|part| part.index != own.index) {
            let changes = plan.files.iter().any(|file| self.batch_of(file.path()) == part.index);
            commands.extend(part.validate.iter().filter(|_| changes).cloned());
        }
        let mut known = BTreeSet::new();
        commands.retain(|command| known.insert(command.clone()));
        commands
    }

    /// Writes the plan of a batch as a run of this migration.
    fn write(&mut self, stage: &mut Stage<'_>) -> Result<Option<String>, Failure> {
        let run = loop {
            match self.job.write(&stage.plan, Some(self.batch(stage)), &self.plan) {
                Ok(run) => break run,
                Err(failure) => self.job.leave_out(failure, &mut self.unwritable)?,
            }
            self.plan(stage, None)?;
        };
        if let Some(run) = &run {
            self.first.get_or_insert_with(|| run.clone());
            let (places, files) = (stage.plan.mended, stage.plan.files.len());
            let (places, files) = (count(places, "finding"), count(files, "file"));
            let title = stage.part.title();
            self.job.terminal.note(&format!("{title}: migrated {places} in {files}, run {run}"));
        }
        Ok(run)
    }

    fn batch(&self, stage: &Stage<'_>) -> Batch {
        Batch {
            name: stage.report.name.clone(),
            migration: self.first.clone(),
            validate: stage.report.validate.clone(),
        }
    }

    fn judge(&self, stage: &Stage<'_>) -> Judge<'a> {
        Judge { job: self.job, title: stage.part.title(), commands: stage.report.validate.clone() }
    }

    /// Keeps those files of a failed batch that pass.
    fn bisect(&mut self, stage: &mut Stage<'_>, fault: &Fault, limit: usize) -> Result<(), Failure> {
        self.plan(stage, None)?;
        let (judge, batch) = (self.judge(stage), self.batch(stage));
        let Some(Remedy { plan, left_out }) = bisect_batch(&judge, &batch, &stage.plan, (fault, limit))?
        else {
            return Ok(());
        };
        self.left_out.extend(left_out.iter().map(|left| left.filename.clone()));
        stage.report.left_out = left_out;
        if plan.files.is_empty() {
            return Ok(());
        }
        stage.take(plan);
        let run = self.write(stage)?;
        judge.accept(run.as_slice(), &stage.plan)?;
        stage.report.run = run;
        stage.report.fault = None;
        stage.report.state = BatchState::Done;
        Ok(())
    }

    fn tell_fault(&self, stage: &Stage<'_>, fault: &Fault) {
        let files = count(stage.plan.files.len(), "file");
        let help = format!("{files} put back as before; `--bisect` finds those that break it");
        self.job.terminal.notice(&[Notice {
            severity: Severity::Error,
            message: format!("{} failed: {fault}", stage.part.title()),
            places: Vec::new(),
            help: Some(help),
        }]);
    }

    fn take(&mut self, stage: Stage<'_>) {
        let Stage { report, plan, part } = stage;
        let has_failed = report.fault.is_some() || report.state == BatchState::Stopped;
        if report.state.is_in_effect() || report.state == BatchState::Planned {
            self.plan.files.extend(plan.files);
            self.plan.mended += plan.mended;
        }
        // Each batch is planned with the files of those before.
        self.plan.suppressed = self.plan.suppressed.max(plan.suppressed);
        let mut refusals = std::mem::take(&mut self.plan.refusals);
        // What an earlier batch had to leave is judged anew by each later one.
        refusals.retain(|refusal| has_failed || !self.may_change(&refusal.file));
        let is_new = |refusal: &Refusal| !has_failed || self.batch_of(&refusal.file) == part.index;
        refusals.extend(plan.refusals.into_iter().filter(is_new));
        self.plan.refusals = refusals;
        self.plan.unreadable.extend(plan.unreadable);
        self.reports.push(report);
    }

    fn tell(&mut self, removed: Option<&Removed>) -> Result<(), Failure> {
        let plan = &mut self.plan;
        plan.refusals.sort_by(|left, right| (&left.file, left.location).cmp(&(&right.file, right.location)));
        plan.unreadable.sort();
        plan.unreadable.dedup();
        self.job.tell(&MigrationSummary {
            plan,
            run: None,
            batches: &self.reports,
            includes_data: self.job.command.include_data,
            is_written: self.job.command.execute,
            removal: removed.map(Removed::report),
        })
    }

    fn has_failed(&self) -> bool {
        self.reports.last().is_some_and(|report| report.fault.is_some())
    }

    fn exit(&self) -> Exit {
        let is_whole = |report: &BatchReport| report.fault.is_none() && report.left_out.is_empty();
        let is_whole = self.reports.iter().all(is_whole) && self.unwritable.is_empty();
        let batches = if is_whole { Exit::Clean } else { Exit::Findings };
        exit(&self.plan).max(batches)
    }

    /// Whether the batch at work may change a file: one of its own, or of a batch before it.
    fn may_change(&self, path: &str) -> bool {
        let batch = self.batch_of(path);
        let so_far = &self.parts[..(self.reports.len() + 1).min(self.parts.len())];
        so_far.iter().any(|part| part.index == batch) && !self.left_out.contains(path)
    }

    fn batch_of(&self, path: &str) -> Option<usize> {
        self.job.opened.configuration.batch_of(path)
    }

    fn root(&self) -> &Path {
        &self.job.opened.settings.root
    }
}

impl Stage<'_> {
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
