//! `run.json`: what one run is, what it did to which files, and in what state it is.

use super::digest::Digest;
use super::disk::Disk;
use super::place::objection;
use super::stat::{Mode, Mtime, Seen};
use super::{RefusedFile, TransactionError};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::Path;

type Result<T> = std::result::Result<T, TransactionError>;

/// The version of the format that this program writes, and the only one it reads.
pub const VERSION: u32 = 1;
/// A larger `run.json` is refused, in bytes; about 400,000 files.
pub(super) const LARGEST_RECORD: u64 = 256 << 20;

/// One run, as `run.json` holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRecord {
    /// Version of the format.
    pub version: u32,
    /// The run's name, and its folder's: the time, and a short sum of what it changes.
    pub id: String,
    /// How far it came.
    pub state: RunState,
    /// Grows with each run of a root; orders runs of the same second.
    pub sequence: u64,
    /// The version of ssot-lint.
    pub tool_version: String,
    /// When it began.
    pub date: Date,
    /// The ids of the rules.
    pub rules: Vec<String>,
    /// The batch, when it was one.
    pub batch: Option<Batch>,
    /// The run that this one rolls back.
    pub undoes: Option<String>,
    /// The files that it changes, sorted by path.
    pub files: Vec<FileRecord>,
    /// Further files that it leaves beside them: backups, kept versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<FileRecord>,
    /// Folders that it had to create, parents first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<String>,
    /// The run in effect that rolled this one back. Not stored here: it follows from that run's `undoes`.
    #[serde(skip)]
    pub undone_by: Option<String>,
    /// Versions that someone wrote while the run was at work, kept under these names. Not stored.
    #[serde(skip)]
    pub kept: Vec<RefusedFile>,
}

/// What makes a run one of several of a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Its name; `None` for the files that no batch names.
    pub name: Option<String>,
    /// The first run of the same migration; `None` for that one itself.
    pub migration: Option<String>,
    /// The commands that are to judge the run; until they have, it counts as not validated.
    pub validate: Vec<String>,
}

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// Its originals are safe; files may be old or new. On the disk after an interruption only.
    Prepared,
    /// Every file is new.
    Committed,
    /// It was interrupted, and every file is old again.
    Recovered,
}

/// One file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Path of the real file, relative to the root, with `/`.
    pub path: String,
    /// The path by which the plan reached it, when a symlink led there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// What it was; `None` when the run creates it.
    pub before: Option<FileState>,
    /// What it becomes; `None` when the run removes it.
    pub after: Option<FileState>,
}

/// A file at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileState {
    /// The sum of its bytes.
    pub sha256: Digest,
    /// Their number.
    pub size: u64,
    /// Its mode, where files have one.
    pub mode: Option<Mode>,
    /// When it was last changed; `None` for "when the run wrote it".
    pub mtime: Option<Mtime>,
}

/// A moment, written as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(pub jiff::Timestamp);

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.0.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        text.parse().map(Self).map_err(|error: jiff::Error| error.to_string())
    }
}

impl RunRecord {
    /// Every file it touches, copies included, in the order in which it does.
    pub fn all_files(&self) -> impl Iterator<Item = &FileRecord> {
        self.files.iter().chain(&self.copies)
    }

    /// The first run of the migration that it belongs to: as a rule itself.
    pub fn migration(&self) -> &str {
        self.batch.as_ref().and_then(|batch| batch.migration.as_deref()).unwrap_or(&self.id)
    }

    /// True when its changes stand in the tree.
    pub fn is_in_effect(&self) -> bool {
        self.state == RunState::Committed && self.undone_by.is_none()
    }

    /// The same run in another state, as bytes of `run.json`.
    pub(super) fn json(&self, state: RunState) -> Vec<u8> {
        let record = Self { state, ..self.clone() };
        let mut bytes = serde_json::to_vec_pretty(&record).expect("a record has string keys only");
        bytes.push(b'\n');
        bytes
    }

    /// Reads `run.json` in `folder`, trusting nothing in it.
    pub(super) fn read(disk: &Disk, folder: &Path) -> Result<Self> {
        let damaged = |reason: String| TransactionError::damaged(&folder.join("run.json"), reason);
        if disk.look(folder)? != Seen::Folder {
            return Err(TransactionError::damaged(folder, "it is no folder"));
        }
        let path = folder.join("run.json");
        match disk.look(&path)? {
            Seen::File(stat) if stat.size <= LARGEST_RECORD => {}
            Seen::File(stat) => return Err(damaged(format!("{} bytes are too many for a run", stat.size))),
            Seen::Absent => return Err(damaged("it is missing".into())),
            other => return Err(damaged(format!("it is {}", other.oddity().unwrap_or("no file")))),
        }
        let record: Self = serde_json::from_slice(&disk.read(&path, LARGEST_RECORD)?)
            .map_err(|error| damaged(format!("it is no record of a run: {error}")))?;
        record.objection().map_or(Ok(record), |reason| Err(damaged(reason)))
    }

    /// What makes the record unfit to be acted on.
    fn objection(&self) -> Option<String> {
        if self.version != VERSION {
            return Some(format!("its format has version {}, this program knows {VERSION}", self.version));
        }
        if let Some(id) = [self.id.as_str(), self.migration()].into_iter().find(|id| !is_id(id)) {
            return Some(format!("{id:?} is no name of a run"));
        }
        let mut seen = HashSet::new();
        self.all_files()
            .find_map(|file| {
                let reason =
                    if seen.insert(&file.path) { file.objection() } else { Some("it is listed twice") };
                reason.map(|reason| format!("{:?}: {reason}", file.path))
            })
            .or_else(|| {
                let folder = self.folders.iter().find_map(|path| objection(path).map(|why| (path, why)));
                folder.map(|(path, why)| format!("{path:?}: {why}"))
            })
    }
}

impl FileRecord {
    fn objection(&self) -> Option<&'static str> {
        if self.before.is_none() && self.after.is_none() {
            return Some("nothing happens to it");
        }
        objection(&self.path)
    }
}

/// Whether `id` can be the name of a run and of its folder.
pub(super) fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !id.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str) -> RunRecord {
        let state = FileState { sha256: Digest::of(b"x"), size: 1, mode: Some(Mode(0o644)), mtime: None };
        RunRecord {
            version: VERSION,
            id: "20261120T101500Z-4f2a".into(),
            state: RunState::Committed,
            sequence: 1,
            tool_version: "0.1.0".into(),
            date: Date(jiff::Timestamp::UNIX_EPOCH),
            rules: vec!["rule".into()],
            batch: Some(Batch { name: Some("tests".into()), migration: None, validate: vec!["true".into()] }),
            undoes: None,
            files: vec![FileRecord { path: path.into(), via: None, before: None, after: Some(state) }],
            copies: vec![],
            folders: vec![],
            undone_by: None,
            kept: vec![],
        }
    }

    fn read(bytes: &[u8]) -> Result<RunRecord> {
        let folder = tempfile::tempdir().unwrap();
        let plain = super::super::dress::Dress::plain();
        Disk::default().write_new(&folder.path().join("run.json"), bytes, &plain).unwrap();
        RunRecord::read(&Disk::default(), folder.path())
    }

    #[test]
    fn what_is_written_is_read() {
        let record = record("a.py");
        assert_eq!(read(&record.json(RunState::Committed)).unwrap(), record);
    }

    #[test]
    fn a_record_too_large_for_a_run_is_not_even_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = Disk::default().open_lock(&folder.path().join("run.json")).unwrap();
        // Nothing but a hole.
        file.set_len(LARGEST_RECORD + 1).unwrap();
        let error = RunRecord::read(&Disk::default(), folder.path()).unwrap_err().to_string();
        assert!(error.contains("268435457 bytes are too many for a run"), "{error}");
    }

    #[test]
    fn records_that_lie_are_refused() {
        let good = String::from_utf8(record("a.py").json(RunState::Committed)).unwrap();
        let cut = &good[..good.len() / 2];
        let future = good.replace("\"version\": 1", "\"version\": 2");
        let name = good.replace("20261120T101500Z-4f2a", "../../x");
        let link = good.replace("\"migration\": null", "\"migration\": \"../x\"");
        let sum = good.replace("\"size\"", "\"sise\"");
        for text in [cut, &future, &name, &link, &sum, "", "[]", &"[".repeat(100_000)] {
            assert!(read(text.as_bytes()).is_err(), "{}", &text[..text.len().min(40)]);
        }
        for path in ["/etc/passwd", "../x", ".git/config"] {
            assert!(read(&record(path).json(RunState::Committed)).is_err(), "{path}");
        }
    }
}
