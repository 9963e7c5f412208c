//! The mark of a run whose validation is over: without it an interrupted validation would look like a passed one.

use super::TransactionError;
use super::disk::Disk;
use super::dress::Dress;
use super::place::Place;
use super::record::{RunRecord, is_id};
use super::stat::Seen;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, TransactionError>;

/// Notes that the commands of `run`, in the root, have passed.
///
/// # Errors
/// When there is no such run or the disk fails; the run then goes on counting as not validated.
pub fn mark_validated(disk: &Disk, root: &Path, run: &str) -> Result<()> {
    let place = Place::of(root)?;
    if !is_id(run) || disk.look(&place.run(run))? != Seen::Folder {
        return Err(TransactionError::UnknownRun(run.to_owned()));
    }
    let mark = mark(&place, run);
    if disk.look(&mark)? == Seen::Absent {
        disk.write_new(&mark, b"", &Dress::plain())?;
    }
    disk.flush(&[mark, place.run(run)])
}

/// True when the run is to be validated and was not, as far as the disk knows.
pub(super) fn is_awaited(disk: &Disk, place: &Place, record: &RunRecord) -> Result<bool> {
    let has_commands = record.batch.as_ref().is_some_and(|batch| !batch.validate.is_empty());
    Ok(has_commands && disk.look(&mark(place, &record.id))? == Seen::Absent)
}

fn mark(place: &Place, run: &str) -> PathBuf {
    place.run(run).join("validated")
}

#[cfg(test)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::super::{Batch, Request, prepare, rollback, runs};
    use super::*;

    fn run(trial: &Trial, validate: &[&str]) -> String {
        let plan = Trial::plan(&["a.py".into()], "old", "new");
        let validate = validate.iter().map(|command| (*command).to_owned()).collect();
        let batch = Some(Batch { name: Some("tests".into()), migration: None, validate });
        let request = Request { batch, ..trial.request(&plan, None) };
        prepare(&request).unwrap().commit().unwrap().seal().unwrap().id
    }

    #[test]
    fn a_run_with_commands_counts_as_not_validated_until_it_is_marked_or_undone() {
        let trial = Trial::of(&["a.py"]);
        let unvalidated = || runs(trial.root()).unwrap().unvalidated;
        let first = run(&trial, &["true"]);
        assert_eq!(unvalidated(), [first.as_str()]);
        mark_validated(&Disk::default(), trial.root(), &first).unwrap();
        mark_validated(&Disk::default(), trial.root(), &first).unwrap();
        assert!(unvalidated().is_empty());
        rollback(trial.root(), None, &BACK).unwrap();
        let second = run(&trial, &["true"]);
        assert_eq!(unvalidated(), [second]);
        rollback(trial.root(), None, &BACK).unwrap();
        assert!(unvalidated().is_empty());
        run(&trial, &[]);
        assert!(unvalidated().is_empty());
    }

    #[test]
    fn only_a_run_can_be_marked() {
        let trial = Trial::of(&["a.py"]);
        for name in ["../x", "", "nothing"] {
            let error = mark_validated(&Disk::default(), trial.root(), name).unwrap_err();
            assert!(matches!(error, TransactionError::UnknownRun(_)), "{error}");
        }
    }
}
