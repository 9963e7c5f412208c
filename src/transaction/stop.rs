//! A wish to stop that comes from outside while files are being written, obeyed between two files.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether the work is to stop, and whether the process may simply be ended: shared with what hears the signals.
#[derive(Debug, Clone)]
pub struct Stop {
    wanted: Arc<AtomicBool>,
    idle: Arc<AtomicBool>,
    holders: Arc<AtomicUsize>,
}

impl Default for Stop {
    fn default() -> Self {
        let idle = Arc::new(AtomicBool::new(true));
        Self { wanted: Arc::default(), idle, holders: Arc::default() }
    }
}

impl Stop {
    /// Set it, and the work stops before its next file.
    pub const fn wanted(&self) -> &Arc<AtomicBool> {
        &self.wanted
    }

    /// True as long as nothing is being written: ending the process then leaves nothing half-done.
    pub const fn idle(&self) -> &Arc<AtomicBool> {
        &self.idle
    }

    /// True when the work is to stop.
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::SeqCst)
    }

    /// Says that ending the process now would leave something half-done, until the answer is dropped.
    pub fn hold(&self) -> Held {
        self.holders.fetch_add(1, Ordering::SeqCst);
        self.idle.store(false, Ordering::SeqCst);
        Held(self.clone())
    }
}

/// Something is half-done.
#[derive(Debug)]
#[must_use = "dropped, it says that nothing is half-done any more"]
pub struct Held(Stop);

impl Drop for Held {
    fn drop(&mut self) {
        if self.0.holders.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.idle.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::Trial;
    use super::super::{Disk, TransactionError};
    use super::*;

    fn is_idle(stop: &Stop) -> bool {
        stop.idle().load(Ordering::SeqCst)
    }

    #[test]
    fn it_is_idle_again_when_the_last_holder_is_gone() {
        let stop = Stop::default();
        let (one, two) = (stop.hold(), stop.hold());
        drop(one);
        assert!(!is_idle(&stop));
        drop(two);
        assert!(is_idle(&stop));
    }

    #[test]
    fn a_run_that_is_to_stop_writes_nothing_and_is_idle_when_it_is_over() {
        let (trial, stop) = (Trial::of(&["a.py"]), Stop::default());
        stop.wanted().store(true, Ordering::SeqCst);
        let files = ["a.py".to_owned()];
        let error = trial.run_on(&Disk::default().until(&stop), &files, ("old", "new"), None).unwrap_err();
        assert!(error.is_stop() && matches!(error, TransactionError::Untouched(_)), "{error}");
        assert!(is_idle(&stop));
        assert_eq!((trial.read("a.py"), trial.names().len()), ("old".into(), 1));
    }

    #[test]
    fn nothing_is_idle_while_files_are_written() {
        let (trial, stop) = (Trial::of(&["a.py"]), Stop::default());
        let plan = Trial::plan(&["a.py".into()], "old", "new");
        let disk = Disk::default().until(&stop);
        let committed =
            super::super::prepare_on(&disk, &trial.request(&plan, None)).unwrap().commit().unwrap();
        assert!(!is_idle(&stop));
        committed.seal().unwrap();
        assert!(is_idle(&stop));
    }
}
