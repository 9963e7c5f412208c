//! One file on its way from old to new and back, with two names beside it for the journey.
//!
//! `tmp` may hold half a file and can always be deleted. `swap` holds a whole one: the new bytes before the exchange,
//! the old ones after it, or what someone else wrote in between. Which of them is told by the sum of the bytes alone.

use super::digest::Digest;
use super::disk::Disk;
use super::dress::Dress;
use super::journal;
use super::place::Place;
use super::record::{FileRecord, RunRecord};
use super::stat::Seen;
use super::{RefusedFile, TransactionError};
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, TransactionError>;

/// How many names are tried for a version that is kept.
const KEPT_NAMES: u32 = 1000;

/// One file of a run with its places on the disk.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    pub file: &'a FileRecord,
    pub target: PathBuf,
    pub tmp: PathBuf,
    pub swap: PathBuf,
    run: &'a str,
}

/// What stands at a path, as far as the run knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    Absent,
    Before,
    After,
    /// Somebody else's bytes.
    Foreign,
}

/// The slots of a run. `check` makes sure that no path leads through a symlink.
pub(super) fn slots<'a>(place: &Place, record: &'a RunRecord) -> Vec<Slot<'a>> {
    record.all_files().enumerate().map(|(index, file)| Slot::new(place, &record.id, index, file)).collect()
}

impl<'a> Slot<'a> {
    fn new(place: &Place, run: &'a str, index: usize, file: &'a FileRecord) -> Self {
        let target = place.root().join(&file.path);
        // Short names of our own: the file's name may be as long as the system allows.
        let beside = |end: &str| target.with_file_name(format!(".ssot-lint-{run}-{index}.{end}"));
        Self { file, tmp: beside("tmp"), swap: beside("swap"), target, run }
    }

    /// Writes the new bytes beside the target.
    pub(super) fn stage(&self, disk: &Disk, bytes: &[u8], like: Option<&Path>) -> Result<()> {
        let Some(after) = &self.file.after else { return Ok(()) };
        let like = if self.file.before.is_some() { Some(self.target.as_path()) } else { like };
        disk.write_new(&self.tmp, bytes, &Dress { like, mode: after.mode, mtime: after.mtime })
    }

    /// Reads back what was written beside the target.
    pub(super) fn confirm_staged(&self, disk: &Disk) -> Result<()> {
        if self.file.after.is_none() || self.identify(disk, &self.tmp)? == Identity::After {
            return Ok(());
        }
        Err(TransactionError::damaged(&self.tmp, "the disk does not hold what was written"))
    }

    /// Declares the new bytes whole; they are flushed.
    pub(super) fn arm(&self, disk: &Disk) -> Result<()> {
        if self.file.after.is_none() {
            return Ok(());
        }
        if disk.rename_new(&self.tmp, &self.swap)? { Ok(()) } else { Err(self.interference()) }
    }

    /// Puts the new bytes in the target's place and looks at what came out.
    pub(super) fn apply(&self, disk: &Disk) -> Result<()> {
        if !self.is_old(self.identify(disk, &self.target)?) {
            return Err(self.interference());
        }
        let done = match (&self.file.before, &self.file.after) {
            (Some(_), Some(_)) => {
                if !disk.exchange(&self.swap, &self.target)? {
                    return disk.rename(&self.swap, &self.target);
                }
                true
            }
            (None, _) => return self.expect(disk.rename_new(&self.swap, &self.target)?),
            (Some(_), None) => disk.rename_new(&self.target, &self.swap)?,
        };
        self.expect(done && self.holds_old(disk)?)
    }

    fn expect(&self, fine: bool) -> Result<()> {
        if fine { Ok(()) } else { Err(self.interference()) }
    }

    /// True unless what came out of the target was written by somebody else, or is written to even now.
    pub(super) fn holds_old(&self, disk: &Disk) -> Result<bool> {
        Ok(match self.identify(disk, &self.swap)? {
            Identity::Before | Identity::Absent => true,
            Identity::After | Identity::Foreign => false,
        })
    }

    /// Removes what is left beside the target; somebody else's bytes are kept under a name that tells so.
    pub(super) fn sweep(&self, disk: &Disk, kept: &mut Vec<RefusedFile>) -> Result<()> {
        disk.remove(&self.tmp)?;
        let swap = self.identify(disk, &self.swap)?;
        self.clear_swap(disk, swap, kept)
    }

    /// What target and swap hold now.
    pub(super) fn situation(&self, disk: &Disk) -> Result<(Identity, Identity)> {
        Ok((self.identify(disk, &self.target)?, self.identify(disk, &self.swap)?))
    }

    /// True when the target is as it was before the run.
    pub(super) fn is_put_back(&self, disk: &Disk) -> Result<bool> {
        Ok(self.is_old(self.identify(disk, &self.target)?))
    }

    /// True when only the copy in the journal can bring the old bytes back.
    pub(super) fn needs_original(&self, (target, swap): (Identity, Identity)) -> bool {
        self.file.before.is_some()
            && !self.is_old(target)
            && self.is_new(target)
            && matches!(swap, Identity::Absent | Identity::After)
    }

    /// Makes the file old again. What somebody else changed stays, and is added to `left`.
    pub(super) fn put_back(
        &self,
        disk: &Disk,
        journal: &Path,
        (target, swap): (Identity, Identity),
        left: &mut Vec<RefusedFile>,
    ) -> Result<()> {
        disk.remove(&self.tmp)?;
        if self.is_old(target) {
            return self.clear_swap(disk, swap, left);
        }
        if !self.is_new(target) {
            left.push(self.left("was changed by someone else, and left as it is"));
            return self.clear_swap(disk, swap, left);
        }
        match (&self.file.before, &self.file.after) {
            (Some(_), Some(_)) => self.exchange_back(disk, journal, swap, left)?,
            (None, _) => self.withdraw(disk, swap, left)?,
            (Some(_), None) => self.return_to_empty_place(disk, journal, swap, left)?,
        }
        let swap = self.identify(disk, &self.swap)?;
        self.clear_swap(disk, swap, left)
    }

    fn exchange_back(
        &self,
        disk: &Disk,
        journal: &Path,
        swap: Identity,
        left: &mut Vec<RefusedFile>,
    ) -> Result<()> {
        match swap {
            Identity::Before => {}
            Identity::Foreign => left.push(self.left("was changed by someone else: that version is back")),
            Identity::Absent | Identity::After => {
                disk.remove(&self.swap)?;
                self.write_original(disk, journal, Some(&self.target))?;
                self.arm_again(disk)?;
            }
        }
        if disk.exchange(&self.swap, &self.target)? {
            return Ok(());
        }
        if self.identify(disk, &self.target)? == Identity::After {
            return disk.rename(&self.swap, &self.target);
        }
        left.push(self.left("was changed by someone else, and left as it is"));
        Ok(())
    }

    /// Takes away a file that the run created.
    fn withdraw(&self, disk: &Disk, swap: Identity, left: &mut Vec<RefusedFile>) -> Result<()> {
        self.clear_swap(disk, swap, left)?;
        self.expect(disk.rename_new(&self.target, &self.swap)?)
    }

    /// Brings back a file that the run removed.
    fn return_to_empty_place(
        &self,
        disk: &Disk,
        journal: &Path,
        swap: Identity,
        left: &mut Vec<RefusedFile>,
    ) -> Result<()> {
        match swap {
            Identity::Before => {}
            Identity::Foreign => left.push(self.left("was changed by someone else: that version is back")),
            Identity::Absent | Identity::After => {
                disk.remove(&self.swap)?;
                self.write_original(disk, journal, None)?;
                self.arm_again(disk)?;
            }
        }
        self.expect(disk.rename_new(&self.swap, &self.target)?)
    }

    fn write_original(&self, disk: &Disk, journal: &Path, like: Option<&Path>) -> Result<()> {
        let before = self.file.before.as_ref().expect("only a file that was there is brought back");
        let bytes = journal::original(disk, journal, &self.file.path, before)?;
        disk.write_new(&self.tmp, &bytes, &Dress { like, mode: before.mode, mtime: before.mtime })?;
        disk.flush(std::slice::from_ref(&self.tmp))
    }

    fn arm_again(&self, disk: &Disk) -> Result<()> {
        self.expect(disk.rename_new(&self.tmp, &self.swap)?)
    }

    fn clear_swap(&self, disk: &Disk, swap: Identity, left: &mut Vec<RefusedFile>) -> Result<()> {
        match swap {
            Identity::Absent => Ok(()),
            Identity::Before | Identity::After => disk.remove(&self.swap),
            Identity::Foreign => self.keep_aside(disk, left),
        }
    }

    fn keep_aside(&self, disk: &Disk, left: &mut Vec<RefusedFile>) -> Result<()> {
        for number in 1..KEPT_NAMES {
            let name = kept_name(&self.file.path, self.run, number);
            let end = name.rsplit('/').next().unwrap_or(&name);
            if disk.rename_new(&self.swap, &self.target.with_file_name(end))? {
                left.push(self.left(&format!("a version that someone else wrote is kept as {name}")));
                return Ok(());
            }
        }
        Err(self.interference())
    }

    fn identify(&self, disk: &Disk, path: &Path) -> Result<Identity> {
        let size = match disk.look(path)? {
            Seen::Absent => return Ok(Identity::Absent),
            Seen::File(stat) => stat.size,
            Seen::Folder | Seen::Odd(_) => return Ok(Identity::Foreign),
        };
        let fits =
            |side: &Option<_>| side.as_ref().is_some_and(|state: &super::FileState| state.size == size);
        if !fits(&self.file.before) && !fits(&self.file.after) {
            return Ok(Identity::Foreign);
        }
        let sum = Digest::of(&disk.read(path, u64::MAX)?);
        let is = |side: &Option<_>| side.as_ref().is_some_and(|state: &super::FileState| state.sha256 == sum);
        Ok(match (is(&self.file.before), is(&self.file.after)) {
            (true, _) => Identity::Before,
            (_, true) => Identity::After,
            _ => Identity::Foreign,
        })
    }

    fn is_old(&self, target: Identity) -> bool {
        target == if self.file.before.is_some() { Identity::Before } else { Identity::Absent }
    }

    fn is_new(&self, target: Identity) -> bool {
        target == if self.file.after.is_some() { Identity::After } else { Identity::Absent }
    }

    fn interference(&self) -> TransactionError {
        TransactionError::Interference(self.file.path.clone())
    }

    fn left(&self, reason: &str) -> RefusedFile {
        RefusedFile::new(&self.file.path, reason)
    }
}

/// The name under which a version of `path` is kept that a run would lose.
pub(super) fn kept_name(path: &str, run: &str, number: u32) -> String {
    match number {
        1 => format!("{path}.ssot-lint-kept-{run}"),
        _ => format!("{path}.ssot-lint-kept-{run}-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::Trial;
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_file_saved_just_before_the_exchange_keeps_its_name_and_the_run_is_undone() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let (path, waiting) = (trial.path("b.py"), AtomicBool::new(true));
        let disk = Disk::gated(std::sync::Arc::new(move |step| {
            let is_it = step.action == "exchange" && step.path == path;
            if is_it && waiting.swap(false, Ordering::SeqCst) {
                Disk::default().remove(&path).unwrap();
                Disk::default().write_new(&path, b"mine", &Dress::plain()).unwrap();
            }
            Ok(())
        }));
        let files = ["a.py", "b.py"].map(str::to_owned);
        let error = trial.run_on(&disk, &files, ("old", "new"), None).unwrap_err().to_string();
        assert!(error.contains("b.py"), "{error}");
        assert_eq!((trial.read("a.py"), trial.read("b.py")), ("old".into(), "mine".into()));
        assert_eq!(trial.names(), files);
    }

    #[test]
    fn without_exchanges_a_failed_run_is_taken_back_by_renames() {
        let trial = Trial::of(&["a.py", "b.py"]);
        let waiting = AtomicBool::new(true);
        let disk = Disk::gated(std::sync::Arc::new(move |step| match step.action {
            "exchange" => Err(std::io::ErrorKind::Unsupported.into()),
            "rename to" if step.path.ends_with("b.py") && waiting.swap(false, Ordering::SeqCst) => {
                Err(std::io::Error::other("broken"))
            }
            _ => Ok(()),
        }));
        let files = ["a.py", "b.py"].map(str::to_owned);
        let error = trial.run_on(&disk, &files, ("old", "new"), None).unwrap_err();
        assert!(matches!(&error, TransactionError::Undone { left, .. } if left.is_empty()), "{error}");
        assert_eq!((trial.read("a.py"), trial.read("b.py")), ("old".into(), "old".into()));
        assert_eq!(trial.names(), files);
    }

    #[test]
    fn a_new_file_that_cannot_be_taken_away_again_is_told() {
        let trial = Trial::of(&["a.py"]);
        let is_failing = AtomicBool::new(false);
        let disk = Disk::gated(std::sync::Arc::new(move |step| {
            let is_closing = step.action == "rename to" && step.path.ends_with("current/run.json");
            if is_closing && !is_failing.swap(true, Ordering::SeqCst) {
                return Err(std::io::Error::other("broken"));
            }
            let is_swap = step.path.extension().is_some_and(|end| end == "swap");
            if step.action == "rename to" && is_swap && is_failing.load(Ordering::SeqCst) {
                Disk::default().write_new(step.path, b"mine", &Dress::plain()).unwrap();
            }
            Ok(())
        }));
        let error = trial.run_on(&disk, &["a.py".into()], ("old", "new"), Some(".bak")).unwrap_err();
        assert!(matches!(error, TransactionError::Interrupted { .. }), "{error}");
        super::super::recover(trial.root()).unwrap();
        assert_eq!(trial.read("a.py"), "old");
        assert_eq!(trial.names().len(), 2, "{:?}", trial.names());
    }
}
