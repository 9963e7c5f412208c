//! The way back: a finished run is undone by a new run that restores what the old one saved.

use super::check::{blemish, state};
use super::disk::Disk;
use super::journal::{self, Change, Draft};
use super::place::Place;
use super::record::{Batch, FileRecord, FileState, RunRecord, RunState};
use super::slot::kept_name;
use super::stat::Seen;
use super::{Prepared, RefusedFile, Runs, TransactionError, commit, history, log};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, TransactionError>;

/// How to roll back.
#[derive(Debug, Clone, Copy)]
pub struct RollbackOptions<'a> {
    /// Look and report only.
    pub dry_run: bool,
    /// Restore files too that were changed since; that version is kept beside them.
    pub force: bool,
    /// The present.
    pub now: jiff::Timestamp,
    /// The version of ssot-lint.
    pub tool_version: &'a str,
    /// Whether to wait for the disk.
    pub sync: bool,
}

/// What a rollback did, or would do. All paths are relative to the root, with `/`, and sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RollbackReport {
    /// The run that is undone.
    pub run: String,
    /// The run that undoes it; `None` after a dry run.
    pub by: Option<String>,
    /// Files that get their old bytes back.
    pub restored: Vec<String>,
    /// Files that were deleted since and come back.
    pub recreated: Vec<String>,
    /// Files that the run had created and that go: its backups.
    pub removed: Vec<String>,
    /// Files that hold the old bytes already.
    pub unchanged: Vec<String>,
    /// Versions that are kept, under these names.
    pub kept: Vec<String>,
    /// What someone else changed while the rollback was at work.
    pub left: Vec<RefusedFile>,
}

/// Undoes `run`, or the newest migration that is in effect.
///
/// # Errors
/// When a file was changed since (without force), newer runs changed the same files, an original is damaged, or the
/// disk fails. The tree is then as it was before, unless the error says otherwise.
pub fn rollback(root: &Path, run: Option<&str>, options: &RollbackOptions<'_>) -> Result<RollbackReport> {
    rollback_on(&Disk::default(), root, run, options)
}

/// [`rollback`] on a disk of the caller's choice.
///
/// # Errors
/// As [`rollback`].
pub fn rollback_on(
    disk: &Disk,
    root: &Path,
    run: Option<&str>,
    options: &RollbackOptions<'_>,
) -> Result<RollbackReport> {
    let disk = &disk.waiting(options.sync);
    let place = Place::of(root).map_err(TransactionError::untouched)?;
    if options.dry_run {
        return Way::find(disk, &place, run, options)
            .map(|way| way.report)
            .map_err(TransactionError::untouched);
    }
    let lock = commit::begin(disk, &place).map_err(TransactionError::untouched)?;
    let Way { report, draft, .. } =
        Way::find(disk, &place, run, options).map_err(TransactionError::untouched)?;
    let record = Prepared::write(disk, place, lock, draft)?.commit()?.seal()?;
    Ok(RollbackReport { by: Some(record.id), left: record.kept, ..report })
}

/// The way back from one run.
struct Way<'a> {
    disk: &'a Disk,
    place: &'a Place,
    journal: PathBuf,
    force: bool,
    report: RollbackReport,
    draft: Draft,
    refused: Vec<RefusedFile>,
}

/// A file as it is now.
struct Present {
    bytes: Vec<u8>,
    state: FileState,
    /// Why it must not be replaced.
    blemish: Option<String>,
}

/// Why a file cannot be put back.
enum Obstacle {
    /// It is not what the run left.
    Changed(String),
    /// It, or its original, cannot be had.
    Failed(TransactionError),
}

impl From<TransactionError> for Obstacle {
    fn from(error: TransactionError) -> Self {
        Self::Failed(error)
    }
}

/// What is to be done about one file.
enum Turn {
    Nothing,
    Unchanged,
    Remove(Change),
    Recreate(Change),
    /// The change, and the version to keep if there is one.
    Restore(Change, Option<Vec<u8>>),
}

impl<'a> Way<'a> {
    fn find(
        disk: &'a Disk,
        place: &'a Place,
        run: Option<&str>,
        options: &RollbackOptions<'_>,
    ) -> Result<Self> {
        let runs = history::read(disk, place)?;
        let target = choose(&runs, run)?;
        require_newest(&runs, target)?;
        let mut way = Self {
            disk,
            place,
            journal: place.run(&target.id),
            force: options.force,
            report: RollbackReport { run: target.id.clone(), ..RollbackReport::default() },
            draft: draft(target, options),
            refused: Vec::new(),
        };
        way.walk(target);
        if !way.refused.is_empty() {
            way.refused.sort();
            return Err(TransactionError::Refused(way.refused));
        }
        way.draft.folders = way.missing_folders()?;
        Ok(way)
    }

    fn walk(&mut self, target: &RunRecord) {
        let main = target.files.par_iter().map(|file| (file, self.turn(file)));
        let copies = target.copies.par_iter().map(|file| (file, self.turn_copy(file)));
        for (file, turn) in main.chain(copies).collect::<Vec<_>>() {
            match turn {
                Ok(turn) => self.take(file, turn, &target.id),
                Err(Obstacle::Changed(reason)) => self.refused.push(RefusedFile::new(&file.path, reason)),
                Err(Obstacle::Failed(error)) => {
                    self.refused.push(RefusedFile::new(&file.path, error.to_string()));
                }
            }
        }
    }

    fn take(&mut self, file: &FileRecord, turn: Turn, run: &str) {
        let path = file.path.clone();
        let change = match turn {
            Turn::Nothing => return,
            Turn::Unchanged => return self.report.unchanged.push(path),
            Turn::Remove(change) => {
                self.report.removed.push(path);
                change
            }
            Turn::Recreate(change) => {
                self.report.recreated.push(path);
                change
            }
            Turn::Restore(change, kept) => {
                if let Some(bytes) = kept {
                    self.keep(&change, bytes, run);
                }
                self.report.restored.push(path);
                change
            }
        };
        self.draft.log.extend(log::restored(&change.file, run));
        self.draft.files.push(change);
    }

    /// A changed version goes beside its file, as a file that the rollback creates.
    fn keep(&mut self, change: &Change, bytes: Vec<u8>, run: &str) {
        let path = &change.file.path;
        let is_free = |name: &String| !self.place.root().join(name).exists();
        let Some(name) = (1..1000).map(|number| kept_name(path, run, number)).find(is_free) else {
            return self.refused.push(RefusedFile::new(path, "too many kept versions lie beside it"));
        };
        let file =
            FileRecord { path: name.clone(), via: None, before: None, after: change.file.before.clone() };
        self.draft.copies.push(Change { file, before: None, after: Some(bytes), like: Some(path.clone()) });
        self.report.kept.push(name);
    }

    /// What a file of the run needs, or why it is refused.
    fn turn(&self, file: &FileRecord) -> std::result::Result<Turn, Obstacle> {
        let now = self.present(file)?;
        let Some(wanted) = &file.before else { return self.turn_created(file, now) };
        let original = || Ok::<_, Obstacle>((self.original(file, wanted)?, wanted.clone()));
        let Some(now) = now else {
            return Ok(Turn::Recreate(change(file, None, Some(original()?))));
        };
        if now.state.sha256 == wanted.sha256 {
            return Ok(Turn::Unchanged);
        }
        let is_ours = is_after(file, &now);
        if !is_ours && !self.force {
            let reason = "it was changed since the run (--force keeps that version beside it)";
            return Err(Obstacle::Changed(reason.into()));
        }
        let now = now.replaceable()?;
        let kept = (!is_ours).then(|| now.bytes.clone());
        Ok(Turn::Restore(change(file, Some(now), Some(original()?)), kept))
    }

    /// A file that the run created goes again.
    fn turn_created(&self, file: &FileRecord, now: Option<Present>) -> std::result::Result<Turn, Obstacle> {
        match now {
            None => Ok(Turn::Unchanged),
            Some(now) if is_after(file, &now) => {
                Ok(Turn::Remove(change(file, Some(now.replaceable()?), None)))
            }
            Some(_) => Err(Obstacle::Changed("it was changed since the run, which had created it".into())),
        }
    }

    /// Backups and kept versions belong to the user as soon as they hold anything else than the run wrote.
    fn turn_copy(&self, file: &FileRecord) -> std::result::Result<Turn, Obstacle> {
        match self.turn(file) {
            Ok(Turn::Unchanged) | Err(Obstacle::Changed(_)) => Ok(Turn::Nothing),
            turn => turn,
        }
    }

    /// The file now; `None` when it is gone.
    fn present(&self, file: &FileRecord) -> std::result::Result<Option<Present>, Obstacle> {
        let path = self.place.confined(self.disk, &file.path)?;
        match self.disk.look(&path)? {
            Seen::Absent => Ok(None),
            Seen::File(stat) => {
                let bytes = self.disk.read(&path, u64::MAX)?;
                let state = state(&bytes, &stat);
                Ok(Some(Present { bytes, state, blemish: blemish(&path, &stat)? }))
            }
            other => Err(Obstacle::Changed(format!("it is {} now", other.oddity().unwrap_or("unknown")))),
        }
    }

    fn original(&self, file: &FileRecord, wanted: &FileState) -> Result<Vec<u8>> {
        journal::original(self.disk, &self.journal, &file.path, wanted)
    }

    /// The folders that a file comes back to, as far as they are gone; parents first.
    fn missing_folders(&self) -> Result<Vec<String>> {
        let mut missing = BTreeSet::new();
        for change in self.draft.files.iter().filter(|change| change.file.before.is_none()) {
            let path = &change.file.path;
            for (at, _) in path.match_indices('/') {
                let folder = &path[..at];
                if self.disk.look(&self.place.root().join(folder))? == Seen::Absent {
                    missing.insert(folder.to_owned());
                }
            }
        }
        Ok(missing.into_iter().collect())
    }
}

impl Present {
    fn replaceable(self) -> std::result::Result<Self, Obstacle> {
        match self.blemish {
            Some(reason) => Err(Obstacle::Changed(reason)),
            None => Ok(self),
        }
    }
}

/// True when the file still holds what the run wrote.
fn is_after(file: &FileRecord, now: &Present) -> bool {
    file.after.as_ref().is_some_and(|after| after.sha256 == now.state.sha256)
}

fn change(file: &FileRecord, now: Option<Present>, wanted: Option<(Vec<u8>, FileState)>) -> Change {
    let (before, old) = now.map_or((None, None), |now| (Some(now.bytes), Some(now.state)));
    let (after, new) = wanted.map_or((None, None), |(bytes, state)| (Some(bytes), Some(state)));
    let file = FileRecord { path: file.path.clone(), via: file.via.clone(), before: old, after: new };
    Change { file, before, after, like: None }
}

fn draft(target: &RunRecord, options: &RollbackOptions<'_>) -> Draft {
    Draft {
        tool_version: options.tool_version.to_owned(),
        now: options.now,
        rules: target.rules.clone(),
        batch: target.batch.as_ref().map(|batch| Batch {
            name: batch.name.clone(),
            migration: Some(target.migration().to_owned()),
            validate: Vec::new(),
        }),
        undoes: Some(target.id.clone()),
        files: Vec::new(),
        copies: Vec::new(),
        folders: Vec::new(),
        log: Vec::new(),
    }
}

/// The run that is meant.
fn choose<'a>(runs: &'a Runs, run: Option<&str>) -> Result<&'a RunRecord> {
    let Some(id) = run else { return choose_newest(runs) };
    if let Some(bad) = runs.unreadable.iter().find(|bad| bad.id == id) {
        return Err(TransactionError::damaged(Path::new(&bad.id), &*bad.reason));
    }
    let record = runs.records.iter().find(|record| record.id == id);
    let record = record.ok_or_else(|| TransactionError::UnknownRun(id.to_owned()))?;
    match (record.state, &record.undone_by) {
        (RunState::Prepared, _) => Err(TransactionError::Unfinished(id.to_owned())),
        (RunState::Recovered, _) => Err(TransactionError::NeverApplied(id.to_owned())),
        (RunState::Committed, Some(by)) => {
            Err(TransactionError::AlreadyRolledBack { run: id.to_owned(), by: by.clone() })
        }
        (RunState::Committed, None) => Ok(record),
    }
}

fn choose_newest(runs: &Runs) -> Result<&RunRecord> {
    let newest = runs.records.iter().find(|record| record.is_in_effect() && record.undoes.is_none());
    let after = newest.map_or("", |record| &record.id);
    // Names begin with the time; a run that cannot be read might be the one that is meant.
    match runs.unreadable.iter().find(|bad| bad.id.as_str() > after) {
        Some(bad) => {
            Err(TransactionError::UnreadableNewest { run: bad.id.clone(), reason: bad.reason.clone() })
        }
        None => newest.ok_or(TransactionError::NothingToRollBack),
    }
}

/// Refuses when migrations in effect that are newer than `target` changed the same files.
fn require_newest(runs: &Runs, target: &RunRecord) -> Result<()> {
    let own: HashSet<&str> = target.all_files().map(|file| file.path.as_str()).collect();
    let newer: Vec<String> = runs
        .records
        .iter()
        .take_while(|record| record.id != target.id)
        .filter(|record| record.is_in_effect() && record.undoes.is_none())
        .filter(|record| record.all_files().any(|file| own.contains(file.path.as_str())))
        .map(|record| record.id.clone())
        .collect();
    match newer.is_empty() {
        true => Ok(()),
        false => Err(TransactionError::NewerRuns { run: target.id.clone(), newer }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::*;

    const FORCED: RollbackOptions<'_> = RollbackOptions { force: true, ..BACK };

    #[test]
    fn a_file_changed_since_stops_all_unless_forced_and_then_that_version_is_kept() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let id = trial.run(None).unwrap().id;
        trial.write("b.py", "mine");
        let error = rollback(trial.root(), None, &BACK).unwrap_err();
        assert!(matches!(&error, TransactionError::Refused(files) if files.len() == 1), "{error}");
        assert_eq!((trial.read("a.py"), trial.read("b.py")), ("new".into(), "mine".into()));
        let report = rollback(trial.root(), None, &FORCED).unwrap();
        let kept = format!("b.py.ssot-lint-kept-{id}");
        assert_eq!(report.kept, [kept.as_str()]);
        assert_eq!(
            (trial.read("a.py"), trial.read("b.py"), trial.read(&kept)),
            ("old".into(), "old".into(), "mine".into())
        );
    }

    #[test]
    fn a_deleted_file_comes_back_with_its_folder() {
        let trial = Trial::of(&["a.py", "b/c/d.py"]);
        trial.run(None).unwrap();
        trial.remove("b/c/d.py");
        Disk::default().remove_tree(&trial.path("b")).unwrap();
        let report = rollback(trial.root(), None, &BACK).unwrap();
        assert_eq!((report.recreated, trial.read("b/c/d.py")), (vec!["b/c/d.py".into()], "old".into()));
    }

    #[test]
    fn a_dry_run_reports_and_writes_nothing() {
        let trial = Trial::of(&["a.py"]);
        trial.run(None).unwrap();
        let report = rollback(trial.root(), None, &RollbackOptions { dry_run: true, ..BACK }).unwrap();
        assert_eq!(
            (report.restored, report.by, trial.read("a.py")),
            (vec!["a.py".into()], None, "new".into())
        );
    }

    #[test]
    fn newer_runs_over_the_same_files_go_first() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let disk = Disk::default();
        let first = trial.run(None).unwrap().id;
        let second = trial.run_on(&disk, &["b.py".into()], ("new", "newer"), None).unwrap().id;
        let error = rollback(trial.root(), Some(&first), &FORCED).unwrap_err();
        assert!(
            matches!(&error, TransactionError::NewerRuns { newer, .. } if *newer == [second.clone()]),
            "{error}"
        );
        assert_eq!(rollback(trial.root(), None, &BACK).unwrap().run, second);
        assert_eq!(rollback(trial.root(), None, &BACK).unwrap().run, first);
        assert_eq!((trial.read("a.py"), trial.read("b.py")), ("old".into(), "old".into()));
    }

    #[test]
    fn a_rollback_can_be_rolled_back_by_name_only() {
        let trial = Trial::of(&["a.py"]);
        let id = trial.run(None).unwrap().id;
        let by = rollback(trial.root(), None, &BACK).unwrap().by.unwrap();
        assert!(matches!(rollback(trial.root(), None, &BACK), Err(TransactionError::NothingToRollBack)));
        let again = rollback(trial.root(), Some(&id), &BACK).unwrap_err();
        assert!(matches!(again, TransactionError::AlreadyRolledBack { .. }), "{again}");
        rollback(trial.root(), Some(&by), &BACK).unwrap();
        assert_eq!(trial.read("a.py"), "new");
        assert_eq!(rollback(trial.root(), None, &BACK).unwrap().run, id);
        assert_eq!(trial.read("a.py"), "old");
    }

    #[test]
    fn backups_go_unless_someone_used_them() {
        let trial = Trial::of(&["a.py", "b.py"]);
        trial.run(Some(".bak")).unwrap();
        assert_eq!(trial.names(), ["a.py", "a.py.bak", "b.py", "b.py.bak"]);
        trial.write("b.py.bak", "mine");
        rollback(trial.root(), None, &BACK).unwrap();
        assert_eq!(trial.names(), ["a.py", "b.py", "b.py.bak"]);
    }

    /// A disk that fails the first rename to a path with this end.
    fn failing_at(end: &'static str) -> Disk {
        let waiting = std::sync::atomic::AtomicBool::new(true);
        Disk::gated(std::sync::Arc::new(move |step| {
            let is_it = step.action == "rename to" && step.path.ends_with(end);
            match is_it && waiting.swap(false, std::sync::atomic::Ordering::SeqCst) {
                true => Err(std::io::Error::other("broken")),
                false => Ok(()),
            }
        }))
    }

    #[test]
    fn a_failure_takes_the_folders_away_again_that_it_made() {
        let trial = Trial::of(&["a.py", "b/c/d.py"]);
        trial.run(None).unwrap();
        Disk::default().remove_tree(&trial.path("b")).unwrap();
        let error = rollback_on(&failing_at("b/c/d.py"), trial.root(), None, &BACK).unwrap_err();
        assert!(matches!(error, TransactionError::Undone { .. }), "{error}");
        assert!(!trial.path("b").exists() && trial.read("a.py") == "new");
        rollback(trial.root(), None, &BACK).unwrap();
        assert_eq!(trial.read("b/c/d.py"), "old");
    }

    #[test]
    fn a_failure_brings_the_backups_back_that_it_took_away() {
        let trial = Trial::of(&["a.py"]);
        trial.run(Some(".bak")).unwrap();
        let error = rollback_on(&failing_at("current/run.json"), trial.root(), None, &BACK).unwrap_err();
        assert!(matches!(error, TransactionError::Undone { .. }), "{error}");
        assert_eq!((trial.read("a.py"), trial.read("a.py.bak")), ("new".into(), "old".into()));
        rollback(trial.root(), None, &BACK).unwrap();
        assert_eq!((trial.read("a.py"), trial.names().len()), ("old".into(), 1));
    }

    #[test]
    fn a_damaged_original_stops_it_before_anything_is_changed() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let id = trial.run(None).unwrap().id;
        for (found, reason) in [("odl", "damaged"), ("older", "damaged: it has another size")] {
            trial.write(&format!(".ssot-lint/runs/{id}/originals/b.py"), found);
            let error = rollback(trial.root(), None, &FORCED).unwrap_err().to_string();
            assert!(error.contains("b.py") && error.contains(reason), "{error}");
            assert_eq!((trial.read("a.py"), trial.read("b.py")), ("new".into(), "new".into()));
        }
    }

    #[test]
    fn a_run_that_cannot_be_read_is_damaged_and_another_one_is_not() {
        let trial = Trial::of(&["a.py"]);
        let id = trial.run(None).unwrap().id;
        let bad = "19600101T000000Z-0000";
        trial.write(&format!(".ssot-lint/runs/{bad}/run.json"), "{");
        let error = rollback(trial.root(), Some(bad), &BACK).unwrap_err().to_string();
        assert!(error.contains("it is no record of a run"), "{error}");
        assert_eq!(rollback(trial.root(), Some(&id), &BACK).unwrap().run, id);
    }

    #[test]
    fn the_log_of_a_rollback_names_each_file_and_the_run() {
        let trial = Trial::of(&["a.py"]);
        let id = trial.run(None).unwrap().id;
        let by = rollback(trial.root(), None, &BACK).unwrap().by.unwrap();
        let log = trial.read(&format!(".ssot-lint/runs/{by}/log.jsonl"));
        let start =
            format!("{{\"file\":\"a.py\",\"line\":1,\"rule\":\"rollback of {id}\",\"before\":\"sha256:");
        assert!(log.starts_with(&start) && log.lines().count() == 1, "{log}");
    }

    #[test]
    fn what_someone_writes_to_the_old_file_at_the_last_moment_is_kept_and_told() {
        let trial = Trial::of(&["a.py"]);
        trial.run(None).unwrap();
        let root = trial.root().to_path_buf();
        let disk = Disk::gated(std::sync::Arc::new(move |step| {
            if step.action == "rename to" && step.path.ends_with("current/run.json") {
                let names = Disk::default().names(&root).unwrap();
                let swap = names.iter().find(|name| name.to_string_lossy().ends_with(".swap")).unwrap();
                Disk::default().remove(&root.join(swap)).unwrap();
                let plain = super::super::dress::Dress::plain();
                Disk::default().write_new(&root.join(swap), b"mine", &plain).unwrap();
            }
            Ok(())
        }));
        let report = rollback_on(&disk, trial.root(), None, &BACK).unwrap();
        let kept = format!("a.py.ssot-lint-kept-{}", report.by.unwrap());
        assert!(matches!(&*report.left, [left] if left.reason.contains(&kept)), "{:?}", report.left);
        assert_eq!((trial.read("a.py"), trial.read(&kept)), ("old".into(), "mine".into()));
    }

    #[test]
    fn unknown_names_are_no_paths() {
        let trial = Trial::of(&["a.py"]);
        trial.run(None).unwrap();
        for name in ["../..", "", "nothing"] {
            let error = rollback(trial.root(), Some(name), &BACK).unwrap_err();
            assert!(matches!(error, TransactionError::UnknownRun(_)), "{error}");
        }
    }
}
