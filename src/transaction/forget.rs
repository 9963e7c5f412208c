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
pub fn forget(disk: &Disk, root: &Path, run: &str) -> Result<()> {
    let place = Place::of(root)?;
    let _lock = commit::begin(disk, &place)?;
    let runs = history::read(disk, &place)?;
    let found = runs.records.iter().find(|record| record.id == run);
    let record = found.ok_or_else(|| TransactionError::UnknownRun(run.to_owned()))?;
    let Some(by) = &record.undone_by else {
        return Err(TransactionError::damaged(
            &place.run(run),
            "the run is in effect, so it is not forgotten",
        ));
    };
    for id in [&record.id, by] {
        // Renamed first: half a run among the others would count as a damaged one. What is left here goes with the next run.
        disk.rename(&place.run(id), &place.preparing())?;
        disk.remove_tree(&place.preparing())?;
    }
    disk.flush(&[place.runs(), place.state()])
}

#[cfg(test)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::super::{rollback, runs};
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn an_undone_run_is_forgotten_with_its_undoing_and_nothing_else_is() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let disk = Disk::default();
        let kept = trial.run_on(&disk, &["b.py".into()], ("old", "new"), None).unwrap().id;
        let run = trial.run_on(&disk, &["a.py".into()], ("old", "new"), None).unwrap().id;
        assert!(matches!(forget(&disk, trial.root(), &run), Err(TransactionError::Damaged { .. })));
        rollback(trial.root(), None, &BACK).unwrap();
        forget(&disk, trial.root(), &run).unwrap();
        let runs = runs(trial.root()).unwrap();
        assert_eq!(runs.records.iter().map(|record| &record.id).collect::<Vec<_>>(), [&kept]);
        assert!(runs.unreadable.is_empty());
        assert!(!trial.path(".ssot-lint/preparing").exists());
        assert!(matches!(forget(&disk, trial.root(), &run), Err(TransactionError::UnknownRun(_))));
    }
    #[test]
    fn cut_off_after_any_step_it_leaves_a_history_that_is_true() {
        for at in 0.. {
            let trial = Trial::of(&["a.py"]);
            let run = trial.run(None).unwrap().id;
            rollback(trial.root(), None, &BACK).unwrap();
            let steps = AtomicUsize::new(0);
            let disk = Disk::gated(Arc::new(move |_| match steps.fetch_add(1, Ordering::SeqCst) < at {
                true => Ok(()),
                false => Err(std::io::ErrorKind::Other.into()),
            }));
            let is_done = forget(&disk, trial.root(), &run).is_ok();
            let left = runs(trial.root()).unwrap();
            assert!(left.unreadable.is_empty(), "step {at}");
            let in_effect = left.records.iter().filter(|left| left.is_in_effect() && left.undoes.is_none());
            assert_eq!(in_effect.count(), 0, "step {at}");
            trial.run(None).unwrap();
            assert!(!trial.path(".ssot-lint/preparing").exists(), "step {at}");
            if is_done {
                return;
            }
        }
    }
}
