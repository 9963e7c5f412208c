//! Changes of files, as the operating system tells them.

use crate::cli::failure::Failure;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher, recommended_watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

/// Sends the path of everything that changes below `root` or in one of `folders`, until the watcher is dropped.
///
/// # Errors
/// When the system does not let us watch so much, or anything.
pub(super) fn watch(
    root: &Path,
    folders: &[PathBuf],
    sender: Sender<PathBuf>,
) -> Result<RecommendedWatcher, Failure> {
    let all = root.to_path_buf();
    let tell = move |event: notify::Result<Event>| {
        for path in paths(event, &all) {
            // The receiver goes when the program ends.
            let _ = sender.send(path);
        }
    };
    let failed = |error: notify::Error| {
        let help = match error.kind {
            notify::ErrorKind::MaxFilesWatch => "allow more with `sysctl fs.inotify.max_user_watches=524288`",
            _ => "leave out --watch, and run the command again after a change",
        };
        Failure::usage(format!("{} cannot be watched: {error}", root.display()), help)
    };
    let mut watcher = recommended_watcher(tell).map_err(failed)?;
    watcher.watch(root, RecursiveMode::Recursive).map_err(failed)?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(failed)?;
    }
    Ok(watcher)
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
