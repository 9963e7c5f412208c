//! Disks on which something goes wrong at one step.

use ssot_lint::transaction::{Disk, Step};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub const EINTR: i32 = 4;
pub const EIO: i32 = 5;
pub const EACCES: i32 = 13;
pub const ENOSPC: i32 = 28;

/// How often an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// That one operation.
    Once(i32),
    /// That operation and all later ones. Without the code that follows a failure it would be a kill.
    Ever(i32),
    /// All operations on the path of that one, from then on.
    Place(i32),
    /// As `Ever`, on a disk without exchange and second names.
    Plain(i32),
}

/// A disk on which nothing goes wrong; it does not wait for the platters, which no test here can cut off.
pub fn calm() -> Disk {
    Disk::default().waiting(false)
}

/// A disk that is struck at its `at`-th step, from 0, and the number of steps that it saw.
pub fn struck(at: usize, fault: Fault) -> (Disk, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let (seen, place) = (Arc::clone(&count), Mutex::new(PathBuf::new()));
    let disk = Disk::gated(Arc::new(move |step: Step<'_>| {
        let number = seen.fetch_add(1, Ordering::SeqCst);
        let (hit, code) = match fault {
            Fault::Once(code) => (number == at, code),
            Fault::Ever(code) | Fault::Plain(code) => (number >= at, code),
            Fault::Place(code) => (is_at_place(&place, number == at, step), code),
        };
        let lacks = matches!(fault, Fault::Plain(_)) && ["exchange", "link"].contains(&step.action);
        match (hit, lacks) {
            (true, _) => Err(io::Error::from_raw_os_error(code)),
            (false, true) => Err(io::ErrorKind::Unsupported.into()),
            (false, false) => Ok(()),
        }
    }));
    (disk.waiting(false), count)
}

fn is_at_place(place: &Mutex<PathBuf>, is_first: bool, step: Step<'_>) -> bool {
    let mut place = place.lock().unwrap();
    if is_first {
        *place = step.path.to_path_buf();
    }
    *place == step.path
}
