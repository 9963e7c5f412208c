//! Bisects a failed batch on the disk: some of its files are migrated, judged, and put back, until it is known which of
//! them break the validation.

use super::bisect::bisect;
use super::judge::Judge;
use crate::cli::failure::Failure;
use crate::cli::migrate::Unwritable;
use crate::model::{FilePlan, Plan};
use crate::report::{Fault, LeftOut, count};
use crate::transaction::{self, Batch, TransactionError};
use std::collections::HashSet;

/// What a bisection leaves to be done.
pub(super) struct Remedy {
    /// The plan for the files that pass together; it was on the disk and passed.
    pub plan: Plan,
    /// The other files.
    pub left_out: Vec<LeftOut>,
}

/// Finds the files of `plan` that break the validation, which failed with `fault`, in at most `limit` validations. The tree
/// is as it was before the batch, and is so again afterwards. `None`: the validation fails on that tree too.
///
/// # Errors
/// When a trial cannot be planned, written or put back.
pub(super) fn bisect_batch(
    judge: &Judge<'_>,
    batch: &Batch,
    plan: &Plan,
    (fault, limit): (&Fault, usize),
) -> Result<Option<Remedy>, Failure> {
    let mut trials = Trials { judge, batch, files: paths(plan), limit, count: 0, passing: Plan::default() };
    trials.announce("no files");
    if let Some(fault) = judge.judge()? {
        let message = format!("{} fails without the migration too: {fault}", judge.title);
        judge.job.terminal.warning(message, None);
        return Ok(None);
    }
    let found = bisect(plan.files.len(), fault.clone(), limit - 1, |changes| trials.ask(changes))?;
    let Trials { files, passing, .. } = trials;
    let mut left_out: Vec<LeftOut> = Vec::new();
    let with_fault = found.bad.into_iter().map(|(change, fault)| (change, Some(fault)));
    for (change, fault) in with_fault.chain(found.undecided.into_iter().map(|change| (change, None))) {
        left_out.push(LeftOut { filename: files[change].clone(), fault });
    }
    left_out.sort_by(|one, other| one.filename.cmp(&other.filename));
    Ok(Some(Remedy { plan: passing, left_out }))
}

struct Trials<'a> {
    judge: &'a Judge<'a>,
    batch: &'a Batch,
    /// The files in question; a change is an index into this list.
    files: Vec<String>,
    limit: usize,
    count: usize,
    /// The last plan that passed: the good files of the search so far.
    passing: Plan,
}

impl Trials<'_> {
    fn announce(&mut self, what: &str) {
        self.count += 1;
        let (title, count, limit) = (&self.judge.title, self.count, self.limit);
        let line = format!("{title}: bisecting, validation {count} of at most {limit}, with {what} migrated");
        self.judge.job.terminal.note(&line);
    }

    /// Plans these files alone: names that they share with the others are kept working, as for any other files that must
    /// stay. Then migrates them, judges the result and puts everything back.
    fn ask(&mut self, changes: &[usize]) -> Result<Option<Fault>, Failure> {
        let job = self.judge.job;
        let wanted: HashSet<&str> = changes.iter().map(|&change| self.files[change].as_str()).collect();
        let plan = job.plan(Some(&|path| wanted.contains(path)), None, &Unwritable::new())?;
        if is_same(&plan, &self.passing) {
            return Ok(None);
        }
        self.announce(&count(plan.files.len(), "file"));
        let run = job.commit(&plan, Some(self.batch.clone()), None)?;
        let judged = self.judge.judge();
        self.judge.undo(&run, Some(&plan), judged.as_ref().ok().and_then(Option::as_ref))?;
        match transaction::forget(job.disk, &job.opened.settings.root, &run) {
            Ok(()) | Err(TransactionError::UnknownRun(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let fault = judged?;
        if fault.is_none() {
            self.passing = plan;
        }
        Ok(fault)
    }
}

fn is_same(one: &Plan, other: &Plan) -> bool {
    let result = |file: &FilePlan| (file.path().clone(), file.after().to_vec());
    one.files.iter().map(result).eq(other.files.iter().map(result))
}

fn paths(plan: &Plan) -> Vec<String> {
    plan.files.iter().map(|file| file.path().to_string()).collect()
}
