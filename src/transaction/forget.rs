//! Forgets a run that was only a trial: when it is undone, neither it nor its undoing says anything about the tree.

use super::disk::Disk;
use super::place::Place;
use super::{TransactionError, commit, history};
use std::path::Path;

type Result<T> = std::result::Result<T, TransactionError>;

/// Removes the folders of `run` and of the run that undid it.
///
/// Whatever interrupts this, the history stays true: the run goes first, and an undoing without its run is harmless.
///
/// # Errors
/// When the run is not undone, another process works here, or the disk fails.
pub fn forget(root: &Path, run: &str) -> Result<()> {
    let (disk, place) = (Disk::default(), Place::of(root)?);
    let _lock = commit::begin(&disk, &place)?;
    let runs = history::read(&disk, &place)?;
    let found = runs.records.iter().find(|record| record.id == run);
    let record = found.ok_or_else(|| TransactionError::UnknownRun(run.to_owned()))?;
    let Some(by) = &record.undone_by else {
        return Err(TransactionError::damaged(
            &place.run(run),
            "the run is in effect, so it is not forgotten",
        ));
    };
    for id in [&record.id, by] {
        // Renamed first: half a run among the others would count as a damaged one.
        disk.remove_tree(&place.forgotten())?;
        disk.rename(&place.run(id), &place.forgotten())?;
    }
    disk.remove_tree(&place.forgotten())
}

#[cfg(test)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::super::{rollback, runs};
    use super::*;

    #[test]
    fn an_undone_run_is_forgotten_with_its_undoing_and_nothing_else_is() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let disk = Disk::default();
        let kept = trial.run_on(&disk, &["b.py".into()], ("old", "new"), None).unwrap().id;
        let run = trial.run_on(&disk, &["a.py".into()], ("old", "new"), None).unwrap().id;
        assert!(matches!(forget(trial.root(), &run), Err(TransactionError::Damaged { .. })));
        rollback(trial.root(), None, &BACK).unwrap();
        forget(trial.root(), &run).unwrap();
        let runs = runs(trial.root()).unwrap();
        assert_eq!(runs.records.iter().map(|record| &record.id).collect::<Vec<_>>(), [&kept]);
        assert!(runs.unreadable.is_empty());
        assert!(!trial.path(".ssot-lint/forgotten").exists());
        assert!(matches!(forget(trial.root(), &run), Err(TransactionError::UnknownRun(_))));
    }
}
