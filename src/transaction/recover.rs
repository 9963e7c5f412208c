//! After an interruption: the run that was at work is taken back, or finished when it was past the point of no return.

use super::disk::{Disk, folders_of};
use super::place::{Place, require_plain_parents};
use super::record::{RunRecord, RunState};
use super::slot::{Slot, slots};
use super::stat::Seen;
use super::{RefusedFile, TransactionError, commit, journal, lock};
use rayon::prelude::*;
use std::path::Path;

type Result<T> = std::result::Result<T, TransactionError>;

/// What was done about an interrupted run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The run.
    pub run: String,
    /// How the tree stands now.
    pub outcome: Recovered,
    /// How many files the run is about.
    pub files: usize,
    /// What someone else changed meanwhile: each with what became of it.
    pub left: Vec<RefusedFile>,
}

/// How the tree stands after a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovered {
    /// Every file is as it was before the run.
    PutBack,
    /// Every file is new: only the closing was missing.
    Finished,
}

/// Ends what an interrupted command left in `root`. Call it before every command that writes; without an interrupted
/// run it costs two looks at the disk.
///
/// # Errors
/// When the journal is damaged or the disk fails: nothing is lost then, and the next call tries again.
pub fn recover(root: &Path) -> Result<Option<Recovery>> {
    recover_on(&Disk::default(), root)
}

/// [`recover`] on a disk of the caller's choice.
///
/// # Errors
/// As [`recover`].
pub fn recover_on(disk: &Disk, root: &Path) -> Result<Option<Recovery>> {
    let place = Place::of(root).map_err(TransactionError::untouched)?;
    let exists = |path: &Path| Ok(disk.look(path)? != Seen::Absent);
    if exists(&place.current()).map_err(TransactionError::untouched)? {
        return end_current(disk, &place).map_err(|error| error.unrecovered("in .ssot-lint/current"));
    }
    if exists(&place.preparing()).map_err(TransactionError::untouched)? {
        clear(disk, &place).map_err(TransactionError::untouched)?;
    }
    Ok(None)
}

/// Removes a journal that came to nothing.
fn clear(disk: &Disk, place: &Place) -> Result<()> {
    let _lock = lock::acquire(disk, place)?;
    disk.remove_tree(&place.preparing())
}

fn end_current(disk: &Disk, place: &Place) -> Result<Option<Recovery>> {
    let _lock = lock::acquire(disk, place)?;
    disk.remove_tree(&place.preparing())?;
    // Another process may have ended it before it let go of the lock.
    if disk.look(&place.current())? == Seen::Absent {
        return Ok(None);
    }
    let record = RunRecord::read(disk, &place.current())?;
    let (run, is_committed) = (record.id.clone(), record.state == RunState::Committed);
    end(disk, place, record).map(Some).map_err(|cause| match is_committed {
        true => TransactionError::Unconfirmed { run, cause: Box::new(cause) },
        false => cause.unrecovered(&run),
    })
}

fn end(disk: &Disk, place: &Place, mut record: RunRecord) -> Result<Recovery> {
    require_confined(disk, place, &record)?;
    let (outcome, left) = match record.state {
        RunState::Prepared => (Recovered::PutBack, put_back(disk, place, &record)?),
        RunState::Recovered => {
            release(disk, place, &record)?;
            journal::file_away(disk, place, &record)?;
            (Recovered::PutBack, Vec::new())
        }
        RunState::Committed => {
            commit::finish(disk, place, &mut record)?;
            (Recovered::Finished, std::mem::take(&mut record.kept))
        }
    };
    Ok(Recovery { files: record.files.len(), run: record.id, outcome, left })
}

/// No path of the record may lead out of the root, nor its original out of the journal: originals are removed in the end.
/// All are looked at before the first is touched.
fn require_confined(disk: &Disk, place: &Place, record: &RunRecord) -> Result<()> {
    record.all_files().try_for_each(|file| {
        place.confined(disk, &file.path)?;
        require_plain_parents(disk, &place.state(), &format!("current/originals/{}", file.path))
    })
}

/// Makes every file old again and files the journal away as recovered. Returns what someone else changed.
pub(super) fn put_back(disk: &Disk, place: &Place, record: &RunRecord) -> Result<Vec<RefusedFile>> {
    let (slots, current) = (slots(place, record), place.current());
    // Everything is looked at before anything is touched: a damaged original must not stop it half-way.
    let situations = slots.par_iter().map(|slot| slot.situation(disk)).collect::<Result<Vec<_>>>()?;
    for (slot, &situation) in slots.iter().zip(&situations) {
        if let (true, Some(before)) = (slot.needs_original(situation), &slot.file.before) {
            journal::original(disk, &current, &slot.file.path, before)?;
        }
    }
    let mut left = Vec::new();
    for (slot, situation) in slots.iter().zip(situations) {
        slot.put_back(disk, &current, situation, &mut left)?;
    }
    for folder in record.folders.iter().rev() {
        disk.remove_empty(&place.root().join(folder))?;
    }
    let folders = folders_of(slots.iter().map(|slot| slot.target.as_path()));
    let present = folders.into_iter().filter(|folder| folder.is_dir()).collect::<Vec<_>>();
    disk.flush(&present)?;
    journal::give_up(disk, place, record)?;
    release(disk, place, record)?;
    journal::file_away(disk, place, record)?;
    Ok(left)
}

/// Forgets the originals that are back in their place: left there, they would be second names of living files.
fn release(disk: &Disk, place: &Place, record: &RunRecord) -> Result<()> {
    let current = place.current();
    let slots: Vec<Slot<'_>> =
        slots(place, record).into_iter().filter(|slot| slot.file.before.is_some()).collect();
    for slot in &slots {
        let original = current.join("originals").join(&slot.file.path);
        if slot.is_put_back(disk)? || disk.is_same_file(&original, &slot.target)? {
            disk.remove(&original)?;
        }
    }
    let originals = slots.iter().map(|slot| current.join("originals").join(&slot.file.path));
    let folders = folders_of(originals.collect::<Vec<_>>().iter().map(|path| path.as_path()));
    disk.flush(&folders)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::*;

    /// A tree with the journal of a finished run moved to where an interrupted one lies, after `forge`.
    fn forged(forge: impl Fn(&str) -> String) -> Trial {
        let trial = Trial::of(&["app/a.py", "top.py"]);
        let id = trial.run(None).unwrap().id;
        let run = format!(".ssot-lint/runs/{id}");
        let json = trial.read(&format!("{run}/run.json")).replace("committed", "prepared");
        trial.write(&format!("{run}/run.json"), &forge(&json));
        Disk::default().rename(&trial.path(&run), &trial.path(".ssot-lint/current")).unwrap();
        trial
    }

    #[test]
    fn a_good_journal_brings_the_file_back() {
        let trial = forged(str::to_owned);
        let recovery = recover(trial.root()).unwrap().unwrap();
        assert_eq!((recovery.outcome, trial.read("app/a.py")), (Recovered::PutBack, "old".into()));
        let error = super::super::rollback(trial.root(), Some(&recovery.run), &BACK).unwrap_err();
        assert!(matches!(error, TransactionError::NeverApplied(_)), "{error}");
    }

    #[test]
    fn a_journal_that_lies_is_refused_and_nothing_is_touched() {
        for (from, to) in [
            ("app/a.py", "../app/a.py"),
            ("app/a.py", "/app/a.py"),
            ("app/a.py", ".git/config"),
            ("app/a.py", "app/b.py/../a.py"),
            ("\"version\": 1", "\"version\": 7"),
            ("19700101T000000Z", "../../19700101T000000Z"),
            ("}", ""),
        ] {
            let trial = forged(|json| json.replace(from, to));
            let error = recover(trial.root()).unwrap_err();
            assert!(matches!(error, TransactionError::Unrecovered { .. }), "{from} -> {to}: {error}");
            assert_eq!((trial.read("app/a.py"), trial.names().len()), ("new".into(), 2), "{from} -> {to}");
        }
    }

    #[test]
    fn a_damaged_original_is_refused_and_nothing_is_touched() {
        let trial = forged(str::to_owned);
        trial.write(".ssot-lint/current/originals/top.py", "odl");
        let error = recover(trial.root()).unwrap_err();
        assert!(matches!(error, TransactionError::Unrecovered { .. }), "{error}");
        assert!(error.to_string().contains("damaged"), "{error}");
        assert_eq!((trial.read("app/a.py"), trial.read("top.py")), ("new".into(), "new".into()));
    }

    #[test]
    fn a_damaged_original_that_is_not_needed_is_no_obstacle() {
        let trial = forged(str::to_owned);
        trial.write(".ssot-lint/current/originals/top.py", "odl");
        trial.write("top.py", "old");
        recover(trial.root()).unwrap().unwrap();
        assert_eq!((trial.read("app/a.py"), trial.read("top.py")), ("old".into(), "old".into()));
    }

    #[test]
    fn a_damaged_original_of_a_file_that_someone_changed_is_no_obstacle() {
        let trial = forged(str::to_owned);
        trial.write(".ssot-lint/current/originals/top.py", "odl");
        trial.write("top.py", "mine");
        recover(trial.root()).unwrap().unwrap();
        assert_eq!((trial.read("app/a.py"), trial.read("top.py")), ("old".into(), "mine".into()));
    }

    #[test]
    fn the_original_of_a_file_that_someone_changed_is_kept_and_only_that() {
        let trial = forged(str::to_owned);
        trial.write("top.py", "mine");
        let recovery = recover(trial.root()).unwrap().unwrap();
        let left: Vec<&str> = recovery.left.iter().map(|left| left.path.as_str()).collect();
        assert_eq!((left, trial.read("top.py")), (vec!["top.py"], "mine".into()));
        let original = |path: &str| trial.read(&format!(".ssot-lint/runs/{}/originals/{path}", recovery.run));
        assert_eq!((original("top.py"), original("app/a.py")), ("old".into(), "absent".into()));
    }

    #[test]
    fn two_versions_of_others_are_both_kept() {
        let trial = forged(str::to_owned);
        let id = RunRecord::read(&Disk::default(), &trial.path(".ssot-lint/current")).unwrap().id;
        trial.write(&format!(".ssot-lint-{id}-1.swap"), "theirs");
        trial.write(&format!(".ssot-lint-{id}-1.tmp"), "th");
        trial.write("top.py", "mine");
        let recovery = recover(trial.root()).unwrap().unwrap();
        let kept = format!("top.py.ssot-lint-kept-{id}");
        assert!(recovery.left.iter().any(|left| left.reason.contains(&kept)), "{:?}", recovery.left);
        assert_eq!((trial.read("top.py"), trial.read(&kept)), ("mine".into(), "theirs".into()));
        assert_eq!(trial.names(), ["app/a.py", "top.py", &kept]);
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_root_are_not_followed() {
        let (trial, outside) = (forged(str::to_owned), Trial::of(&["a.py"]));
        outside.write("a.py", "new");
        Disk::default().remove_tree(&trial.path("app")).unwrap();
        std::os::unix::fs::symlink(outside.root(), trial.path("app")).unwrap();
        assert!(recover(trial.root()).unwrap_err().to_string().contains("a symlink"));
        assert_eq!((outside.read("a.py"), outside.names().len()), ("new".into(), 1));
    }

    #[cfg(unix)]
    #[test]
    fn originals_that_lie_elsewhere_are_neither_used_nor_removed() {
        for link in ["current/originals/app", "current/originals", "current"] {
            let (trial, outside) = (forged(str::to_owned), Trial::of(&["a.py", "app/a.py"]));
            // Files that are old already need no original: nobody reads it, but it is removed.
            trial.write("app/a.py", "old");
            trial.write("top.py", "old");
            let link = trial.path(&format!(".ssot-lint/{link}"));
            let moved = outside.path("moved");
            Disk::default().rename(&link, &moved).unwrap();
            std::os::unix::fs::symlink(&moved, &link).unwrap();
            let before = outside.names();
            let error = recover(trial.root()).unwrap_err().to_string();
            let is_refused = error.contains("a symlink") || error.contains("no folder");
            assert!(is_refused, "{}: {error}", link.display());
            assert_eq!(outside.names(), before, "{}", link.display());
        }
    }
}
