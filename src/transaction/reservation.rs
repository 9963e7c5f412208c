//! One migration at a time: a lock that is held also between the runs of a migration, while commands judge them.

use super::TransactionError;
use super::disk::Disk;
use super::lock;
use super::place::Place;
use super::stat::Seen;
use std::fs::File;
use std::path::Path;

type Result<T> = std::result::Result<T, TransactionError>;

/// Held as long as no other migration and no rollback may begin in the root; the system releases it with the process.
#[derive(Debug)]
#[must_use = "dropped, it lets others begin"]
pub struct Reservation {
    file: File,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // Said out loud: a child process that is just starting shares the open file for a moment, and the lock with it.
        let _ = self.file.unlock();
    }
}

/// Reserves `root` for one migration. Runs inside of it take the lock of their own as ever, so that commands that judge
/// them can look around.
///
/// # Errors
/// When another process holds the reservation or writes there, or the state folder is not to be trusted.
pub fn reserve(disk: &Disk, root: &Path) -> Result<Reservation> {
    let place = Place::of(root).map_err(TransactionError::untouched)?;
    lock_out_others(disk, &place).map_err(|error| match disk.look(&place.current()) {
        // Nothing was changed by us, but the tree may be half-way all the same.
        Ok(seen) if seen != Seen::Absent => error.unrecovered("in .ssot-lint/current"),
        _ => error.untouched(),
    })
}

fn lock_out_others(disk: &Disk, place: &Place) -> Result<Reservation> {
    // Makes the folder where it is missing, and looks it over.
    drop(lock::acquire(disk, place)?);
    let path = place.reservation();
    if let Some(kind) = disk.look(&path)?.oddity() {
        return Err(TransactionError::damaged(&path, format!("it is {kind}, not a lock file")));
    }
    let file = disk.open_lock(&path)?;
    lock::take(&file, &path)?;
    Ok(Reservation { file })
}

#[cfg(test)]
mod tests {
    use super::super::trial::Trial;
    use super::*;

    #[test]
    fn a_second_migration_is_turned_away_until_the_first_is_over() {
        let trial = Trial::of(&["a.py"]);
        let first = reserve(&Disk::default(), trial.root()).unwrap();
        assert!(matches!(reserve(&Disk::default(), trial.root()), Err(TransactionError::Locked(_))));
        trial.run(None).unwrap();
        drop(first);
        assert!(reserve(&Disk::default(), trial.root()).is_ok());
    }

    #[test]
    fn a_child_process_that_shares_the_file_does_not_hold_the_reservation() {
        let trial = Trial::of(&["a.py"]);
        let first = reserve(&Disk::default(), trial.root()).unwrap();
        let shared = first.file.try_clone().unwrap();
        drop(first);
        assert!(reserve(&Disk::default(), trial.root()).is_ok());
        drop(shared);
    }

    #[test]
    fn what_fails_over_an_interrupted_run_does_not_say_that_all_is_well() {
        let trial = Trial::of(&["a.py"]);
        let plan = Trial::plan(&["a.py".into()], "old", "new");
        drop(super::super::prepare(&trial.request(&plan, None)).unwrap().commit().unwrap());
        let disk = Disk::gated(std::sync::Arc::new(|step| match step.action {
            "open" => Err(std::io::ErrorKind::PermissionDenied.into()),
            _ => Ok(()),
        }));
        let error = reserve(&disk, trial.root()).unwrap_err().to_string();
        assert!(error.contains("lock: cannot open") && error.contains("some files may be new"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_leads_elsewhere_is_refused() {
        let (trial, other) = (Trial::of(&["a.py"]), Trial::of(&[]));
        drop(reserve(&Disk::default(), trial.root()).unwrap());
        trial.remove(".ssot-lint/migration.lock");
        std::os::unix::fs::symlink(other.path("x"), trial.path(".ssot-lint/migration.lock")).unwrap();
        let error = reserve(&Disk::default(), trial.root()).unwrap_err().to_string();
        assert!(error.contains("a symlink") && error.ends_with("nothing was changed"), "{error}");
        assert!(other.names().is_empty());
    }
}
