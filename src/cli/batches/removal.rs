//! Deletes shims batch by batch, once all batches are migrated: each batch's as a run of its own, which its commands judge.

use super::{Migration, Part, Stage, report};
use crate::cli::failure::Failure;
use crate::cli::migrate::Removed;
use crate::cli::progress::Bar;
use crate::model::{Plan, Refusal, ShimStatus};
use crate::pipeline::{self, Removal, RemovalRequest};
use crate::report::{BatchState, Fault, count};
use std::collections::BTreeSet;

/// The removal as far as it has come.
pub(super) struct Removals<'run, 'a> {
    migration: &'run Migration<'a>,
    pub removed: Removed,
    /// Why shims stay that the commands want back.
    wanted: Vec<Refusal>,
    /// The batches of those.
    failed: BTreeSet<Option<usize>>,
}

impl<'run, 'a> Removals<'run, 'a> {
    pub fn new(migration: &'run Migration<'a>) -> Self {
        let (wanted, failed) = (Vec::new(), BTreeSet::new());
        Self { migration, removed: Removed::default(), wanted, failed }
    }

    /// Deletes what can go of each batch in turn.
    ///
    /// # Errors
    /// When nothing can be planned, written or put back, or the work is to stop: what was done before then counts.
    pub fn run(&mut self) -> Result<(), Failure> {
        let ended = self.go_through();
        let refusals = &mut self.removed.plan.refusals;
        refusals.append(&mut self.wanted);
        refusals.sort_by_key(|refusal| (refusal.file.clone(), refusal.location));
        ended
    }

    fn go_through(&mut self) -> Result<(), Failure> {
        for part in self.migration.parts {
            self.migration.job.disk.go_on()?;
            let Removal { plan, shims } = self.plan(part)?;
            let mut stage = Stage { part, report: report(part, BatchState::Stopped), plan: Plan::default() };
            stage.report.validate = self.migration.commands(part, &plan);
            stage.take(plan);
            let ended = match (stage.plan.files.is_empty(), self.migration.job.command.execute) {
                (true, _) => Ok(()),
                (false, false) => {
                    stage.report.state = BatchState::Planned;
                    Ok(())
                }
                (false, true) => self.execute(&mut stage, &shims),
            };
            self.take(stage);
            ended?;
        }
        Ok(())
    }

    /// Plans the shims of a batch. Those of the batches before it may go now, when only files of this one had kept them.
    fn plan(&self, part: &Part<'a>) -> Result<Removal, Failure> {
        let job = self.migration.job;
        let so_far = self.migration.parts.iter().take_while(|other| other.index != part.index);
        let so_far: BTreeSet<Option<usize>> = so_far
            .map(|other| other.index)
            .chain([part.index])
            .filter(|part| !self.failed.contains(part))
            .collect();
        let may_change = |path: &str| {
            so_far.contains(&self.migration.batch_of(path)) && !self.migration.left_out.contains(path)
        };
        let done = [&self.migration.plan, &self.removed.plan];
        let bar = Bar::new(job.terminal).until(job.disk);
        let request = RemovalRequest {
            settings: &job.opened.settings,
            scope: &job.opened.scope,
            rules: &job.command.rule,
            among: Some(&may_change),
            assumed: if job.command.execute { &[] } else { &done },
        };
        Ok(pipeline::removal(&request, &bar)?)
    }

    fn execute(&mut self, stage: &mut Stage<'a>, shims: &[ShimStatus]) -> Result<(), Failure> {
        let migration = self.migration;
        let batch = migration.batch(stage);
        stage.report.run = migration.job.write(&stage.plan, Some(batch), &self.written())?;
        let Some(run) = stage.report.run.clone() else { return Ok(()) };
        let title = stage.part.title();
        let gone = count(shims.len(), "shim");
        migration.job.terminal.note(&format!("{title}: removed {gone}, run {run}"));
        stage.report.state = BatchState::Done;
        let judge = migration.judge(stage);
        let judged = judge.judge();
        if let Ok(None) = judged {
            return judge.accept(std::slice::from_ref(&run), &stage.plan);
        }
        stage.report.fault = judged.as_ref().ok().cloned().flatten();
        stage.report.state = BatchState::NotRolledBack;
        judge.undo(&run, Some(&stage.plan), stage.report.fault.as_ref())?;
        stage.report.state = BatchState::RolledBack;
        if let Some(fault) = judged? {
            self.keep(stage, shims, &fault);
        }
        Ok(())
    }

    /// What this command has written: for that there is a way back.
    fn written(&self) -> Plan {
        let migrated = self.migration.plan.files.iter().chain(&self.removed.plan.files);
        Plan { files: migrated.cloned().collect(), ..Plan::default() }
    }

    /// Nobody tries again to delete what the commands want back.
    fn keep(&mut self, stage: &mut Stage<'_>, shims: &[ShimStatus], fault: &Fault) {
        self.failed.insert(stage.part.index);
        self.failed.extend(shims.iter().map(|shim| self.migration.batch_of(&shim.file)));
        let reason = || format!("without it {fault}");
        self.wanted.extend(shims.iter().map(|shim| pipeline::shim_refusal(shim, reason())));
        let is_over = |refusal: &Refusal| self.failed.contains(&self.migration.batch_of(&refusal.file));
        let over = stage.plan.refusals.extract_if(.., |refusal| is_over(refusal));
        self.wanted.extend(over);
    }

    fn take(&mut self, stage: Stage<'_>) {
        let Stage { report, plan, .. } = stage;
        let removed = &mut self.removed.plan;
        // Each batch is planned with the shims of those before.
        removed.refusals = plan.refusals;
        removed.unreadable = plan.unreadable;
        if report.state.is_in_effect() || report.state == BatchState::Planned {
            removed.files.extend(plan.files);
            removed.mended += plan.mended;
        }
        if !report.files.is_empty() {
            self.removed.batches.push(report);
        }
    }
}
