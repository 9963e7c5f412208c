//! The two half-done states of a run: its journal is written, its files are written.

use super::disk::{Disk, folders_of};
use super::journal::{self, Change, Draft};
use super::lock::{self, Lock};
use super::place::Place;
use super::record::{RunRecord, RunState};
use super::slot::{Slot, slots};
use super::stat::Seen;
use super::{Policy, RefusedFile, Request, TransactionError, check, recover};
use rayon::prelude::*;
use std::path::PathBuf;

type Result<T> = std::result::Result<T, TransactionError>;

/// What both states know; holds the lock.
#[derive(Debug)]
struct Work {
    disk: Disk,
    place: Place,
    record: RunRecord,
    _lock: Lock,
}

/// The originals are safe, and no file is touched yet. Dropped, it leaves a journal that the next run clears away.
#[derive(Debug)]
#[must_use = "nothing is written to the files before `commit`"]
pub struct Prepared {
    work: Work,
    draft: Draft,
    refused: Vec<RefusedFile>,
}

/// Every file is new, but the run is not closed. Dropped, it is taken back by [`super::recover()`].
#[derive(Debug)]
#[must_use = "the next command takes the run back unless it is sealed"]
pub struct Committed {
    work: Work,
}

/// Makes the run of `request` ready: locks the root, compares every file with the plan, saves the originals.
///
/// # Errors
/// When a file is refused, another process works here, or the disk fails; no source file is changed then.
pub fn prepare(request: &Request<'_>) -> Result<Prepared> {
    prepare_on(&Disk::default(), request)
}

/// [`prepare`] on a disk of the caller's choice.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_on(disk: &Disk, request: &Request<'_>) -> Result<Prepared> {
    let disk = &disk.waiting(request.sync);
    let place = Place::of(request.root).map_err(TransactionError::untouched)?;
    if let Some(suffix) = request.backup_suffix.as_ref().filter(|suffix| !is_suffix(suffix)) {
        return Err(TransactionError::Suffix(suffix.clone()));
    }
    let lock = begin(disk, &place).map_err(TransactionError::untouched)?;
    let checked = check::examine(disk, &place, request);
    disk.go_on().map_err(TransactionError::untouched)?;
    if request.policy == Policy::Stop && !checked.refused.is_empty() {
        return Err(TransactionError::Refused(checked.refused));
    }
    let draft = Draft {
        tool_version: request.tool_version.to_owned(),
        now: request.now,
        rules: request.rules.clone(),
        batch: request.batch.clone(),
        undoes: None,
        files: checked.files,
        copies: checked.copies,
        folders: Vec::new(),
        log: checked.log,
    };
    let prepared = Prepared::write(disk, place, lock, draft)?;
    Ok(Prepared { refused: checked.refused, ..prepared })
}

fn is_suffix(suffix: &str) -> bool {
    !suffix.is_empty() && !suffix.contains(['/', '\\', '\0'])
}

/// Takes the lock and makes sure that no interrupted run waits.
pub(super) fn begin(disk: &Disk, place: &Place) -> Result<Lock> {
    let lock = lock::acquire(disk, place)?;
    match disk.look(&place.current())? {
        Seen::Absent => {
            disk.remove_tree(&place.preparing())?;
            Ok(lock)
        }
        _ => {
            let id = RunRecord::read(disk, &place.current()).map(|record| record.id);
            Err(TransactionError::Unfinished(id.unwrap_or_else(|_| "in .ssot-lint/current".to_owned())))
        }
    }
}

impl Prepared {
    /// Writes the journal of `draft`.
    pub(super) fn write(disk: &Disk, place: Place, lock: Lock, draft: Draft) -> Result<Self> {
        let record = journal::write(disk, &place, &draft).map_err(|error| {
            // A half-written journal is worthless, and the next run clears it away if this fails.
            let _ = disk.remove_tree(&place.preparing());
            error.untouched()
        })?;
        let work = Work { disk: disk.clone(), place, record, _lock: lock };
        Ok(Self { work, draft, refused: Vec::new() })
    }

    /// The run as it will be filed.
    pub fn record(&self) -> &RunRecord {
        &self.work.record
    }

    /// The files that are left out, under [`Policy::Skip`].
    pub fn refused(&self) -> &[RefusedFile] {
        &self.refused
    }

    /// Gives every file its new bytes.
    ///
    /// # Errors
    /// When a file cannot be written or was changed meanwhile. The run is then taken back at once; if that fails
    /// too, the error says so, and the next command takes it back.
    pub fn commit(self) -> Result<Committed> {
        let Self { work, draft, .. } = self;
        let Work { disk, place, .. } = &work;
        if let Err(error) = disk.rename(&place.preparing(), &place.current()) {
            let _ = disk.remove_tree(&place.preparing());
            return Err(error.untouched());
        }
        match work.apply(&draft) {
            Ok(()) => Ok(Committed { work }),
            Err(cause) => Err(work.take_back(cause)),
        }
    }
}

impl Committed {
    /// Closes the run: from here on it can be rolled back, but is not taken back by itself.
    ///
    /// # Errors
    /// When closing fails. The error says whether the files are new or were put back.
    pub fn seal(self) -> Result<RunRecord> {
        let mut work = self.work;
        if let Err(cause) = work.confirm_old() {
            return Err(work.take_back(cause));
        }
        if let Err(cause) = journal::commit(&work.disk, &work.place) {
            return Err(work.decide(cause));
        }
        let Work { disk, place, record, .. } = &mut work;
        finish(disk, place, record).map_err(|cause| TransactionError::Unconfirmed {
            run: record.id.clone(),
            cause: Box::new(cause),
        })?;
        Ok(work.record)
    }
}

/// What follows the point of no return: flush it, clear away the swapped-out files, file the journal.
pub(super) fn finish(disk: &Disk, place: &Place, record: &mut RunRecord) -> Result<()> {
    disk.flush(&[place.current()])?;
    let (slots, mut kept) = (slots(place, record), Vec::new());
    for slot in &slots {
        slot.sweep(disk, &mut kept)?;
    }
    // Filed first and swept later, a power cut could leave the swept files for good.
    disk.flush(&folders_of(slots.iter().map(|slot| slot.target.as_path())))?;
    journal::file_away(disk, place, record)?;
    record.state = RunState::Committed;
    record.kept = kept;
    Ok(())
}

impl Work {
    /// First all new files beside the old ones, then one exchange after the other.
    fn apply(&self, draft: &Draft) -> Result<()> {
        self.disk.flush(&[self.place.state()])?;
        for folder in &self.record.folders {
            self.disk.create_folder(&self.place.root().join(folder))?;
        }
        let slots = slots(&self.place, &self.record);
        let changes: Vec<&Change> = draft.changes().collect();
        slots.par_iter().zip(&changes).try_for_each(|(slot, change)| {
            self.disk.go_on()?;
            let like = change.like.as_ref().map(|like| self.place.root().join(like));
            slot.stage(&self.disk, change.after.as_deref().unwrap_or_default(), like.as_deref())
        })?;
        let created = self.record.folders.iter().map(|folder| self.place.root().join(folder));
        let targets: Vec<PathBuf> = slots.iter().map(|slot| slot.target.clone()).chain(created).collect();
        let folders = folders_of(targets.iter().map(PathBuf::as_path));
        let staged = slots.iter().filter(|slot| slot.file.after.is_some()).map(|slot| slot.tmp.clone());
        self.disk.flush(&staged.chain(folders.iter().cloned()).collect::<Vec<PathBuf>>())?;
        slots.par_iter().try_for_each(|slot| slot.confirm_staged(&self.disk))?;
        slots.iter().try_for_each(|slot| self.disk.go_on().and_then(|()| slot.arm(&self.disk)))?;
        slots.iter().try_for_each(|slot| self.disk.go_on().and_then(|()| slot.apply(&self.disk)))?;
        self.disk.flush(&folders)
    }

    /// An editor that had a file open may still have written to what was swapped out.
    fn confirm_old(&self) -> Result<()> {
        self.disk.go_on()?;
        slots(&self.place, &self.record).par_iter().try_for_each(|slot: &Slot<'_>| {
            match slot.holds_old(&self.disk)? {
                true => Ok(()),
                false => Err(TransactionError::Interference(slot.file.path.clone())),
            }
        })
    }

    /// After a failed closing, which may have taken place all the same, over a network for instance: the record tells.
    fn decide(&self, cause: TransactionError) -> TransactionError {
        match RunRecord::read(&self.disk, &self.place.current()).map(|record| record.state) {
            Ok(RunState::Prepared) => self.take_back(cause),
            Ok(_) => TransactionError::Unconfirmed { run: self.record.id.clone(), cause: Box::new(cause) },
            Err(undo) => TransactionError::Interrupted { cause: Box::new(cause), undo: Box::new(undo) },
        }
    }

    fn take_back(&self, cause: TransactionError) -> TransactionError {
        let cause = Box::new(cause);
        match recover::put_back(&self.disk, &self.place, &self.record) {
            Ok(left) => TransactionError::Undone { cause, left },
            Err(undo) => TransactionError::Interrupted { cause, undo: Box::new(undo) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::Trial;
    use super::*;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// A disk on which somebody saves `a.py` just before it is exchanged for the first time.
    fn with_editor(trial: &Trial) -> Disk {
        let (path, waiting) = (trial.path("a.py").canonicalize().unwrap(), AtomicBool::new(true));
        Disk::gated(Arc::new(move |step| {
            let is_moment = step.action == "exchange" && step.path == path;
            if is_moment && waiting.swap(false, Ordering::SeqCst) {
                std::fs::File::options().write(true).truncate(true).open(&path)?.write_all(b"mine")?;
            }
            Ok(())
        }))
    }

    #[test]
    fn an_edit_in_the_last_moment_is_not_lost() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let disk = with_editor(&trial);
        let error = trial.run_on(&disk, &["a.py".into(), "b.py".into()], ("old", "new"), None).unwrap_err();
        assert!(matches!(&error, TransactionError::Undone { left, .. } if left.len() == 1), "{error}");
        assert_eq!((trial.read("a.py"), trial.read("b.py")), ("mine".into(), "old".into()));
        assert_eq!(trial.names(), ["a.py", "b.py"]);
        // And the file is not left with a second name.
        trial.write("a.py", "old");
        trial.run(None).unwrap();
    }

    #[test]
    fn an_editor_that_writes_into_the_swapped_out_file_stops_the_run() {
        let trial = Trial::of(&["a.py"]);
        let open = std::fs::File::options().write(true).open(trial.path("a.py")).unwrap();
        let plan = Trial::plan(&["a.py".into()], "old", "new");
        let request = trial.request(&plan, None);
        let committed = prepare(&request).unwrap().commit().unwrap();
        (&open).write_all(b"mine").unwrap();
        assert!(matches!(committed.seal(), Err(TransactionError::Undone { .. })));
        assert_eq!((trial.read("a.py"), trial.names().len()), ("mine".into(), 1));
    }

    #[test]
    fn what_is_dropped_half_done_is_taken_back_by_the_next_command() {
        let trial = Trial::of(&["a.py"]);
        let plan = Trial::plan(&["a.py".into()], "old", "new");
        let request = trial.request(&plan, None);
        drop(prepare(&request).unwrap());
        assert_eq!(recover::recover(trial.root()).unwrap(), None);
        drop(prepare(&request).unwrap().commit().unwrap());
        assert!(matches!(prepare(&request), Err(TransactionError::Unfinished(_))));
        assert!(recover::recover(trial.root()).unwrap().is_some());
        assert!(trial.run(None).is_ok());
    }
}
