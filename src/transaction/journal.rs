//! The journal of a run: its record, the originals, the audit trail and the plain-shell way back.

use super::digest::Digest;
use super::disk::{Disk, folders_of};
use super::dress::Dress;
use super::place::{Place, require_plain_parents};
use super::record::{Batch, Date, FileRecord, FileState, LARGEST_RECORD, RunRecord, RunState, VERSION};
use super::stat::Seen;
use super::{TransactionError, history, script};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, TransactionError>;

/// The record in its next state, ready to take the place of `run.json` in one rename.
const NEXT: &str = "run.next.json";

/// One file that a run is to change.
#[derive(Debug)]
pub(super) struct Change {
    pub file: FileRecord,
    /// The bytes that it holds now.
    pub before: Option<Vec<u8>>,
    /// The bytes that it is to hold.
    pub after: Option<Vec<u8>>,
    /// The file whose owner and attributes a created one takes over, relative to the root.
    pub like: Option<String>,
}

/// A run before it has a journal.
#[derive(Debug)]
pub(super) struct Draft {
    pub tool_version: String,
    pub now: jiff::Timestamp,
    pub rules: Vec<String>,
    pub batch: Option<Batch>,
    pub undoes: Option<String>,
    pub files: Vec<Change>,
    pub copies: Vec<Change>,
    pub folders: Vec<String>,
    /// The lines of the audit trail.
    pub log: Vec<u8>,
}

impl Draft {
    /// All changes, in the order of [`RunRecord::all_files`].
    pub(super) fn changes(&self) -> impl Iterator<Item = &Change> {
        self.files.iter().chain(&self.copies)
    }

    fn record(&self, place: &Place, disk: &Disk) -> Result<RunRecord> {
        let records = |changes: &[Change]| changes.iter().map(|change| change.file.clone()).collect();
        Ok(RunRecord {
            version: VERSION,
            id: self.free_id(place, disk)?,
            state: RunState::Prepared,
            sequence: history::next_sequence(disk, place)?,
            tool_version: self.tool_version.clone(),
            date: Date(self.now),
            rules: self.rules.clone(),
            batch: self.batch.clone(),
            undoes: self.undoes.clone(),
            files: records(&self.files),
            copies: records(&self.copies),
            folders: self.folders.clone(),
            undone_by: None,
            kept: Vec::new(),
        })
    }

    /// A name that no run has: the time, and four digits made of what changes.
    fn free_id(&self, place: &Place, disk: &Disk) -> Result<String> {
        let time = self.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut content = String::new();
        for change in self.changes() {
            let sum = |side: &Option<FileState>| side.as_ref().map(|state| state.sha256.to_string());
            content += &format!(
                "{:?}{:?}{:?}\n",
                change.file.path,
                sum(&change.file.before),
                sum(&change.file.after)
            );
        }
        loop {
            let sum = Digest::of(content.as_bytes()).to_string();
            let id = format!("{time}-{}", &sum[..4]);
            if disk.look(&place.run(&id))? == Seen::Absent {
                return Ok(id);
            }
            content.push('+');
        }
    }
}

/// Writes the journal of `draft` to the folder for unfinished ones, verified and flushed.
pub(super) fn write(disk: &Disk, place: &Place, draft: &Draft) -> Result<RunRecord> {
    let record = draft.record(place, disk)?;
    let folder = place.preparing();
    let json = record.json(RunState::Prepared);
    if json.len() as u64 > LARGEST_RECORD {
        return Err(TransactionError::damaged(place.root(), "too many files for one run: use batches"));
    }
    disk.create_folder(&folder)?;
    let mut written = write_originals(disk, place, draft, &folder)?;
    for (name, bytes) in [
        ("run.json", json),
        (NEXT, record.json(RunState::Committed)),
        ("log.jsonl", draft.log.clone()),
        ("rollback.sh", script::rollback(&record).into_bytes()),
    ] {
        let path = folder.join(name);
        disk.write_new(&path, &bytes, &Dress::plain())?;
        written.push(path);
    }
    // Every folder on the way holds a name without which a file cannot be found; the first run made the topmost too.
    let folders: BTreeSet<PathBuf> =
        written.iter().flat_map(|path| path.ancestors().skip(1)).map(Path::to_path_buf).collect();
    written.extend(folders.into_iter().filter(|folder| folder.starts_with(place.root())));
    disk.flush(&written)?;
    Ok(record)
}

/// Saves what the files hold now, and reads it back.
///
/// A second name for the file is enough, and far cheaper than a copy: the run never writes to it, it only puts
/// another file in its place. Where the file system has no second names, the bytes are copied.
fn write_originals(disk: &Disk, place: &Place, draft: &Draft, journal: &Path) -> Result<Vec<PathBuf>> {
    let originals = journal.join("originals");
    // A file may have been hidden from others by the mode of its folder only.
    disk.create_private_folder(&originals)?;
    let copies: Vec<(&Change, PathBuf)> = draft
        .changes()
        .filter(|change| change.before.is_some())
        .map(|change| (change, originals.join(&change.file.path)))
        .collect();
    for folder in folders_of(copies.iter().map(|(_, path)| path.as_path())) {
        disk.create_folders(&folder)?;
    }
    copies.par_iter().try_for_each(|(change, path)| {
        disk.go_on()?;
        let (Some(bytes), Some(state)) = (&change.before, &change.file.before) else { return Ok(()) };
        let target = place.root().join(&change.file.path);
        if !disk.link(&target, path)? {
            disk.write_new(
                path,
                bytes,
                &Dress { like: Some(&target), mode: state.mode, mtime: state.mtime },
            )?;
        }
        match original(disk, journal, &change.file.path, state) {
            // Nobody touches the new folder: what differs is what came from the file.
            Err(TransactionError::Damaged { .. }) => {
                Err(TransactionError::Interference(change.file.path.clone()))
            }
            verified => verified.map(drop),
        }
    })?;
    Ok(copies.into_iter().map(|(_, path)| path).collect())
}

/// The bytes that `path` held before the run of `journal`; what was damaged or is not in its place is refused.
pub(super) fn original(disk: &Disk, journal: &Path, path: &str, state: &FileState) -> Result<Vec<u8>> {
    let originals = journal.join("originals");
    require_plain_parents(disk, journal, &format!("originals/{path}"))?;
    let copy = originals.join(path);
    let damaged = |reason: &str| Err(TransactionError::damaged(&copy, reason));
    match disk.look(&copy)? {
        Seen::File(stat) if stat.size == state.size => {}
        Seen::File(_) => return damaged("the saved original is damaged: it has another size"),
        Seen::Absent => return damaged("the saved original is missing"),
        Seen::Folder | Seen::Odd(_) => return damaged("the saved original is no regular file"),
    }
    let bytes = disk.read(&copy, state.size)?;
    if Digest::of(&bytes) == state.sha256 { Ok(bytes) } else { damaged("the saved original is damaged") }
}

/// Turns the record in the current journal to `Committed` in one rename: the point of no return.
pub(super) fn commit(disk: &Disk, place: &Place) -> Result<()> {
    let folder = place.current();
    disk.rename(&folder.join(NEXT), &folder.join("run.json"))
}

/// Turns the record in the current journal to `Recovered`.
pub(super) fn give_up(disk: &Disk, place: &Place, record: &RunRecord) -> Result<()> {
    let (folder, next) = (place.current(), place.current().join(NEXT));
    disk.remove(&next)?;
    disk.write_new(&next, &record.json(RunState::Recovered), &Dress::plain())?;
    disk.flush(std::slice::from_ref(&next))?;
    disk.rename(&next, &folder.join("run.json"))?;
    disk.flush(&[folder])
}

/// Files the current journal among the finished runs.
pub(super) fn file_away(disk: &Disk, place: &Place, record: &RunRecord) -> Result<()> {
    disk.rename(&place.current(), &place.run(&record.id))?;
    disk.flush(&[place.runs(), place.state()])
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::trial::{BACK, Trial};
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    #[test]
    fn originals_are_for_nobody_else() {
        let trial = Trial::of(&["a.py"]);
        let id = trial.run(None).unwrap().id;
        let originals = trial.path(&format!(".ssot-lint/runs/{id}/originals"));
        assert_eq!(originals.metadata().unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_file_system_with_neither_second_names_nor_exchanges_will_do() {
        let trial = Trial::of(&["a.py"]);
        let file = std::fs::File::open(trial.path("a.py")).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(0o640)).unwrap();
        let disk = Disk::gated(std::sync::Arc::new(|step| match step.action {
            "link" | "exchange" => Err(std::io::ErrorKind::Unsupported.into()),
            _ => Ok(()),
        }));
        let id = trial.run_on(&disk, &["a.py".into()], ("old", "new"), None).unwrap().id;
        let original = trial.path(&format!(".ssot-lint/runs/{id}/originals/a.py")).metadata().unwrap();
        assert_eq!((original.mode() & 0o7777, original.nlink()), (0o640, 1));
        assert_eq!((trial.read("a.py"), trial.names().len()), ("new".into(), 1));
        super::super::rollback_on(&disk, trial.root(), None, &BACK).unwrap();
        let mode = trial.path("a.py").metadata().unwrap().mode();
        assert_eq!((trial.read("a.py"), mode & 0o7777), ("old".into(), 0o640));
    }
}
