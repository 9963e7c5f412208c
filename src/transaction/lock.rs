//! One writer at a time: the state folder with its lock.

use super::disk::Disk;
use super::dress::Dress;
use super::place::Place;
use super::stat::Seen;
use super::{Held, TransactionError};
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

type Result<T> = std::result::Result<T, TransactionError>;

/// Held as long as nobody else may write in the root; the system releases it with the process.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    _held: Held,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Said out loud: a child process that is just starting shares the open file for a moment, and the lock with it.
        let _ = self.file.unlock();
    }
}

/// Makes the state folder where it is missing, and takes the lock.
///
/// # Errors
/// When another process holds it, or the folder is not to be trusted.
pub(super) fn acquire(disk: &Disk, place: &Place) -> Result<Lock> {
    let held = disk.hold();
    require_folder(disk, &place.state())?;
    ignore_itself(disk, &place.state())?;
    require_folder(disk, &place.runs())?;
    let path = place.lock();
    if let Some(kind) = disk.look(&path)?.oddity() {
        return Err(TransactionError::damaged(&path, format!("it is {kind}, not a lock file")));
    }
    let file = disk.open_lock(&path)?;
    take(&file, &path)?;
    Ok(Lock { file, _held: held })
}

/// Locks the open file at `path`, or says who is in the way.
pub(super) fn take(file: &File, path: &Path) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => return Err(TransactionError::Locked(path.to_path_buf())),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(TransactionError::io(path, "lock")(error)),
        }
    }
}

fn require_folder(disk: &Disk, path: &Path) -> Result<()> {
    match disk.look(path)? {
        Seen::Folder => Ok(()),
        Seen::Absent => disk.create_folder(path),
        _ => Err(TransactionError::damaged(path, "it is no folder, so it cannot hold the journal")),
    }
}

/// The folder keeps itself out of git.
fn ignore_itself(disk: &Disk, state: &Path) -> Result<()> {
    let path = state.join(".gitignore");
    match disk.look(&path)? {
        Seen::Absent => {}
        // What an interruption left.
        Seen::File(stat) if stat.size == 0 => disk.remove(&path)?,
        _ => return Ok(()),
    }
    disk.write_new(&path, b"*\n", &Dress::plain())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_writer_is_turned_away_until_the_first_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path()).unwrap();
        let first = acquire(&Disk::default(), &place).unwrap();
        assert!(matches!(acquire(&Disk::default(), &place), Err(TransactionError::Locked(_))));
        drop(first);
        assert!(acquire(&Disk::default(), &place).is_ok());
        assert_eq!(std::fs::read(place.state().join(".gitignore")).unwrap(), b"*\n");
    }

    #[test]
    fn a_child_process_that_shares_the_file_does_not_hold_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path()).unwrap();
        let first = acquire(&Disk::default(), &place).unwrap();
        let shared = first.file.try_clone().unwrap();
        drop(first);
        assert!(acquire(&Disk::default(), &place).is_ok());
        drop(shared);
    }

    #[test]
    fn an_empty_gitignore_is_what_an_interruption_left_and_any_other_is_the_users() {
        let trial = super::super::trial::Trial::of(&[]);
        let place = Place::of(trial.root()).unwrap();
        for (found, left) in [("", "*\n"), ("runs/*/originals\n", "runs/*/originals\n")] {
            trial.write(".ssot-lint/.gitignore", found);
            drop(acquire(&Disk::default(), &place).unwrap());
            assert_eq!(trial.read(".ssot-lint/.gitignore"), left);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_state_folder_that_leads_elsewhere_is_refused() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), folder.path().join(".ssot-lint")).unwrap();
        let place = Place::of(folder.path()).unwrap();
        assert!(matches!(acquire(&Disk::default(), &place), Err(TransactionError::Damaged { .. })));
        assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 0);
    }
}
