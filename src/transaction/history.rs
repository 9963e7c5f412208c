//! The finished runs of a root: their order, and which of them are still in effect.

use super::disk::Disk;
use super::place::Place;
use super::record::{RunRecord, RunState, is_id};
use super::stat::Seen;
use super::{TransactionError, UnreadableRun, validation};
use std::collections::HashMap;
use std::path::Path;

type Result<T> = std::result::Result<T, TransactionError>;

/// Every run of a root.
#[derive(Debug, Default)]
pub struct Runs {
    /// Those that can be read, the newest first; an interrupted one too.
    pub records: Vec<RunRecord>,
    /// Those that cannot.
    pub unreadable: Vec<UnreadableRun>,
    /// Those in effect whose validation was never finished, the newest first.
    pub unvalidated: Vec<String>,
}

/// Lists the runs of `root`. Changes nothing and needs no lock.
///
/// # Errors
/// When the state folder cannot be listed; a single bad run is part of the answer.
pub fn runs(root: &Path) -> Result<Runs> {
    read(&Disk::default(), &Place::of(root)?)
}

pub(super) fn read(disk: &Disk, place: &Place) -> Result<Runs> {
    let mut runs = Runs::default();
    if !is_real_folder(disk, &place.state())? {
        return Ok(runs);
    }
    if disk.look(&place.current())? != Seen::Absent {
        runs.add("current", RunRecord::read(disk, &place.current()));
    }
    if is_real_folder(disk, &place.runs())? {
        for name in disk.names(&place.runs())? {
            let name = name.to_string_lossy();
            runs.add(&name, read_one(disk, place, &name));
        }
    }
    runs.records.sort_by(|a, b| (b.sequence, &b.id).cmp(&(a.sequence, &a.id)));
    mark_undone(&mut runs.records);
    for record in runs.records.iter().filter(|record| record.is_in_effect()) {
        if validation::is_awaited(disk, place, record)? {
            runs.unvalidated.push(record.id.clone());
        }
    }
    Ok(runs)
}

fn is_real_folder(disk: &Disk, path: &Path) -> Result<bool> {
    match disk.look(path)? {
        Seen::Folder => Ok(true),
        Seen::Absent => Ok(false),
        _ => Err(TransactionError::damaged(path, "it is no folder, so it cannot hold the journal")),
    }
}

fn read_one(disk: &Disk, place: &Place, name: &str) -> Result<RunRecord> {
    let folder = place.runs().join(name);
    if !is_id(name) {
        return Err(TransactionError::damaged(&folder, "this is no name of a run"));
    }
    let record = RunRecord::read(disk, &folder)?;
    match (record.id == name, record.state) {
        (false, _) => {
            Err(TransactionError::damaged(&folder, format!("its record is that of run {}", record.id)))
        }
        (true, RunState::Prepared) => Err(TransactionError::damaged(&folder, "its record is not finished")),
        (true, RunState::Committed | RunState::Recovered) => Ok(record),
    }
}

impl Runs {
    fn add(&mut self, id: &str, record: Result<RunRecord>) {
        match record {
            Ok(record) => self.records.push(record),
            Err(error) => {
                self.unreadable.push(UnreadableRun { id: id.to_owned(), reason: error.to_string() })
            }
        }
    }
}

/// A run is undone by a newer one that names it, unless that one is undone itself.
fn mark_undone(newest_first: &mut [RunRecord]) {
    let mut undoers: HashMap<String, String> = HashMap::new();
    for record in newest_first {
        record.undone_by = undoers.get(&record.id).cloned();
        if let (true, Some(target)) = (record.is_in_effect(), &record.undoes) {
            undoers.entry(target.clone()).or_insert_with(|| record.id.clone());
        }
    }
}

/// A number above those of all runs so far; unreadable runs do not count.
pub(super) fn next_sequence(disk: &Disk, place: &Place) -> Result<u64> {
    let newest = read(disk, place)?.records.iter().map(|record| record.sequence).max();
    Ok(newest.unwrap_or(0).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::*;

    #[test]
    fn runs_are_listed_newest_first_with_what_became_of_them() {
        let trial = Trial::of(&["a.py"]);
        assert!(runs(trial.root()).unwrap().records.is_empty());
        let first = trial.run(None).unwrap().id;
        let by = super::super::rollback(trial.root(), None, &BACK).unwrap().by;
        let second = trial.run(None).unwrap().id;
        let records = runs(trial.root()).unwrap().records;
        let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(ids, [second.as_str(), by.as_deref().unwrap(), first.as_str()]);
        assert_eq!((&records[0].undone_by, &records[2].undone_by), (&None, &by));
    }

    #[test]
    fn a_bad_run_is_reported_and_never_guessed_around() {
        let trial = Trial::of(&["a.py"]);
        trial.run(None).unwrap();
        trial.write(".ssot-lint/runs/99990101T000000Z-0000/run.json", "{");
        trial.write(".ssot-lint/runs/stray", "");
        let runs = runs(trial.root()).unwrap();
        assert_eq!((runs.records.len(), runs.unreadable.len()), (1, 2));
        let error = super::super::rollback(trial.root(), None, &BACK).unwrap_err();
        assert!(matches!(error, TransactionError::UnreadableNewest { .. }), "{error}");
        assert_eq!(trial.read("a.py"), "new");
    }

    #[cfg(unix)]
    #[test]
    fn runs_that_lie_elsewhere_are_not_read() {
        let (trial, other) = (Trial::of(&["a.py"]), Trial::of(&["a.py"]));
        for each in [&trial, &other] {
            each.run(None).unwrap();
        }
        let own = trial.path(".ssot-lint/runs");
        Disk::default().remove_tree(&own).unwrap();
        std::os::unix::fs::symlink(other.path(".ssot-lint/runs"), &own).unwrap();
        let error = runs(trial.root()).unwrap_err().to_string();
        assert!(error.contains("it is no folder"), "{error}");
    }
}
