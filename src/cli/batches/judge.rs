//! Judges the runs of one batch by its commands, and takes back those that fail.

use super::validation::run_command;
use crate::cli::failure::Failure;
use crate::cli::migrate::Job;
use crate::cli::project::now;
use crate::model::Plan;
use crate::report::{Fault, count, one_line};
use crate::transaction::{self, RollbackOptions, Stop, TransactionError};
use std::path::Path;

/// What judges a batch.
pub(super) struct Judge<'a> {
    pub job: &'a Job<'a>,
    /// The batch, for people.
    pub title: String,
    pub commands: Vec<String>,
}

impl Judge<'_> {
    /// Runs the commands one after the other, up to the first that fails.
    ///
    /// # Errors
    /// When the work is to stop.
    pub fn judge(&self) -> Result<Option<Fault>, Failure> {
        for command in &self.commands {
            self.job.disk.go_on()?;
            self.job.terminal.note(&format!("{}: running `{}`", self.title, one_line(command)));
            let fault = run_command(self.job.disk, self.root(), command)?;
            if fault.is_some() {
                return Ok(fault);
            }
        }
        Ok(None)
    }

    /// The commands have passed for `runs`, the first of which carried out `plan`.
    pub fn accept(&self, runs: &[String], plan: &Plan) -> Result<(), Failure> {
        if self.commands.is_empty() {
            return Ok(());
        }
        for run in runs {
            match transaction::mark_validated(self.job.disk, self.root(), run) {
                Err(TransactionError::UnknownRun(run)) => {
                    self.warn_of_loss(&run, "there is no way back but git");
                }
                marked => marked?,
            }
        }
        self.tell_touched(plan);
        Ok(())
    }

    /// Takes back a run after `fault`, or because the work is to stop. When the run itself is gone from the disk, `plan` says
    /// how.
    ///
    /// # Errors
    /// When the files are not what the run left, or the disk fails.
    pub fn undo(&self, run: &str, plan: Option<&Plan>, fault: Option<&Fault>) -> Result<(), Failure> {
        let options = RollbackOptions {
            dry_run: false,
            force: false,
            now: now()?,
            tool_version: env!("CARGO_PKG_VERSION"),
            sync: true,
        };
        // The way back is not stopped.
        let disk = &self.job.disk.until(&Stop::default());
        match (transaction::rollback_on(disk, self.root(), Some(run), &options), plan) {
            (Ok(report), _) => {
                for left in &report.left {
                    self.job.terminal.warning(format!("{}: {}", left.path, left.reason), None);
                }
                Ok(())
            }
            (Err(TransactionError::AlreadyRolledBack { .. }), _) => Ok(()),
            (Err(TransactionError::UnknownRun(_)), Some(plan)) => {
                self.warn_of_loss(run, "the files are put back from memory");
                let back = Job { disk, ..*self.job }.commit(&plan.reversed(), None, None);
                back.map(drop).map_err(|failure| match failure {
                    Failure::Transaction(cause) => self.not_rolled_back(run, fault, cause),
                    other => other,
                })
            }
            (Err(cause), _) => Err(self.not_rolled_back(run, fault, cause)),
        }
    }

    fn not_rolled_back(&self, run: &str, fault: Option<&Fault>, cause: TransactionError) -> Failure {
        let passed = || "the validation is over".to_owned();
        Failure::NotRolledBack {
            batch: self.title.clone(),
            fault: fault.map_or_else(passed, ToString::to_string),
            run: run.to_owned(),
            cause: Box::new(cause),
        }
    }

    fn warn_of_loss(&self, run: &str, consequence: &str) {
        let message = format!("{}: run {run} is gone from .ssot-lint", self.title);
        let help = format!("its validation must have deleted it; {consequence}");
        self.job.terminal.warning(message, Some(help));
    }

    /// A command that writes into the files just migrated stands in the way of `rollback`.
    fn tell_touched(&self, plan: &Plan) {
        let is_touched =
            |path: &str, after: &[u8]| std::fs::read(self.root().join(path)).is_ok_and(|now| now != after);
        let touched = plan.files.iter().filter(|file| is_touched(file.path(), file.after()));
        let touched: Vec<&str> = touched.map(|file| &**file.path()).collect();
        if let Some(first) = touched.first() {
            let (title, files) = (&self.title, count(touched.len(), "file"));
            let message =
                format!("{title}: its validation changed {files} that it had just written: {first}");
            let help = "`rollback` will leave them alone unless --force is given".to_owned();
            self.job.terminal.warning(message, Some(help));
        }
    }

    fn root(&self) -> &Path {
        &self.job.opened.settings.root
    }
}
