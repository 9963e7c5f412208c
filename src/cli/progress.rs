//! A progress bar for work that takes longer than a moment.

use super::terminal::Terminal;
use crate::pipeline::Progress;
use crate::transaction::Disk;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Shorter work shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error that appears after a second.
pub(super) struct Bar {
    is_wanted: bool,
    started: Instant,
    total: AtomicUsize,
    done: AtomicUsize,
    bar: Mutex<OnceLock<ProgressBar>>,
    disk: Option<Disk>,
}

impl Bar {
    pub fn new(terminal: &Terminal) -> Self {
        Self {
            is_wanted: terminal.shows_progress(),
            started: Instant::now(),
            total: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            bar: Mutex::new(OnceLock::new()),
            disk: None,
        }
    }

    /// The same bar for work that is given up when `disk` is to stop.
    pub fn until(mut self, disk: &Disk) -> Self {
        self.disk = Some(disk.clone());
        self
    }

    /// Removes the bar from the screen.
    pub fn clear(&self) {
        if let Ok(bar) = self.bar.lock()
            && let Some(bar) = bar.get()
        {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Progress for Bar {
    fn start(&self, files: usize) {
        self.total.store(files, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        if let Ok(bar) = self.bar.lock()
            && let Some(bar) = bar.get()
        {
            // One command may look at the files of several commits, one after the other.
            bar.reset();
            bar.set_length(files as u64);
        }
    }

    fn advance(&self, files: usize) {
        let done = self.done.fetch_add(files, Ordering::Relaxed) + files;
        if !self.is_wanted || self.started.elapsed() < PATIENCE {
            return;
        }
        let Ok(bar) = self.bar.lock() else { return };
        let total = self.total.load(Ordering::Relaxed) as u64;
        bar.get_or_init(|| new_bar(total)).set_position(done as u64);
    }

    fn goes_on(&self) -> bool {
        self.disk.as_ref().is_none_or(|disk| disk.go_on().is_ok())
    }
}

fn new_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_start_begins_anew() {
        let bar = Bar {
            is_wanted: true,
            started: Instant::now().checked_sub(PATIENCE).unwrap(),
            total: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            bar: Mutex::new(OnceLock::new()),
            disk: None,
        };
        let shown = || {
            let bar = bar.bar.lock().unwrap();
            let bar = bar.get().unwrap();
            (bar.position(), bar.length(), bar.is_finished())
        };
        bar.start(5);
        bar.advance(5);
        assert_eq!(shown(), (5, Some(5), false));
        bar.start(7);
        assert_eq!(shown(), (0, Some(7), false));
        bar.advance(3);
        assert_eq!(shown(), (3, Some(7), false));
        bar.clear();
        bar.start(2);
        bar.advance(1);
        assert_eq!(shown(), (1, Some(2), false), "a bar that was removed comes back for more work");
    }
}
