//! Changes of files, as the operating system tells them.

use crate::cli::failure::Failure;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _, recommended_watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

/// Tells of changes until it is dropped.
pub(super) struct Watcher {
    system: RecommendedWatcher,
    root: PathBuf,
    folders: BTreeSet<PathBuf>,
}

impl Watcher {
    /// Sends the path of everything that changes below `root`.
    ///
    /// # Errors
    /// When the system does not let us watch so much, or anything.
    pub fn new(root: &Path, sender: Sender<PathBuf>) -> Result<Self, Failure> {
        let all = root.to_path_buf();
        let tell = move |event: notify::Result<Event>| {
            for path in paths(event, &all) {
                // The receiver goes when the program ends.
                let _ = sender.send(path);
            }
        };
        let system = recommended_watcher(tell).map_err(|error| failed(root, &error))?;
        let mut watcher = Self { system, root: root.to_path_buf(), folders: BTreeSet::new() };
        watcher.watch(root, RecursiveMode::Recursive)?;
        Ok(watcher)
    }

    /// Sends the path of everything that changes right in one of `folders` as well. True when one of them is new: what
    /// changed there before was missed.
    ///
    /// # Errors
    /// When the system does not let us watch so much.
    pub fn also(&mut self, folders: Vec<PathBuf>) -> Result<bool, Failure> {
        let mut is_new = false;
        for folder in folders {
            if !self.folders.contains(&folder) {
                self.watch(&folder, RecursiveMode::NonRecursive)?;
                self.folders.insert(folder);
                is_new = true;
            }
        }
        Ok(is_new)
    }

    fn watch(&mut self, folder: &Path, mode: RecursiveMode) -> Result<(), Failure> {
        self.system.watch(folder, mode).map_err(|error| failed(&self.root, &error))
    }
}

fn failed(root: &Path, error: &notify::Error) -> Failure {
    let help = match error.kind {
        notify::ErrorKind::MaxFilesWatch => "allow more with `sysctl fs.inotify.max_user_watches=524288`",
        _ => "leave out --watch, and run the command again after a change",
    };
    Failure::usage(format!("{} cannot be watched: {error}", root.display()), help)
}

/// What an event speaks of. That a file was opened or read is no change: we do that ourselves.
fn paths(event: notify::Result<Event>, all: &Path) -> Vec<PathBuf> {
    match event {
        Ok(event) if event.need_rescan() => vec![all.to_path_buf()],
        Ok(event) if event.kind.is_access() => Vec::new(),
        Ok(event) => event.paths,
        // Something may have been missed.
        Err(_) => vec![all.to_path_buf()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::EventKind;
    use notify::event::{AccessKind, Flag, ModifyKind};

    #[test]
    fn reading_is_no_change_and_what_was_missed_is_one_of_everything() {
        let event = |kind| Event::new(kind).add_path("a/x.py".into());
        let told = |event| paths(event, Path::new("a"));
        assert_eq!(told(Ok(event(EventKind::Modify(ModifyKind::Any)))), [Path::new("a/x.py")]);
        assert!(told(Ok(event(EventKind::Access(AccessKind::Any)))).is_empty());
        assert_eq!(told(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan))), [Path::new("a")]);
        assert_eq!(told(Err(notify::Error::generic("lost"))), [Path::new("a")]);
    }
}
