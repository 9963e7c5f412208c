//! `check --watch`: check again whenever something that matters has changed.

mod files;

use super::Exit;
use super::arguments::{Check, Global};
use super::check::once;
use super::failure::Failure;
use super::project::{Opened, open};
use super::terminal::Terminal;
use crate::pipeline::ProjectError;
use crate::source::{Exclusion, WalkError, is_part};
use files::Watcher;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// So long nothing changes before the next check begins: an editor or git writes several files at a time.
const QUIET: Duration = Duration::from_millis(50);

/// So long a check waits at most when something changes all the time.
const LONGEST: Duration = Duration::from_secs(1);

/// Runs the command; it ends with a signal, or when nobody reads its output any more.
pub(super) fn run(command: &Check, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut opened = open(&command.paths, global, terminal)?;
    let root = opened.settings.root.clone();
    let (sender, changes) = channel();
    // From here on no change is missed, also not during the first check.
    let mut watcher = Watcher::new(&root, sender)?;
    let mut watched = Watched::new(command, &opened)?;
    loop {
        while watcher.also(watched.folders_outside())? {
            // What was read there may have changed before it was watched.
            let Ok(again) = open(&command.paths, global, terminal) else { continue };
            (watched, opened) = (Watched::new(command, &again)?, again);
        }
        terminal.clear();
        match once(command, global, &mut opened, terminal) {
            Err(failure) if failure.is_closed_pipe() => return Ok(Exit::Clean),
            // No change of a file can mend that.
            Err(failure @ Failure::Usage { .. }) => return Err(failure),
            Err(failure) => drop(terminal.report(&failure)),
            Ok(_) => {}
        }
        loop {
            terminal.note(&format!("watching {} for changes; Ctrl-C ends it", root.display()));
            if !wait(&changes, &|path| watched.matters(path)) {
                return Ok(Exit::Clean);
            }
            match open(&command.paths, global, terminal) {
                Ok(again) => {
                    (watched, opened) = (Watched::new(command, &again)?, again);
                    break;
                }
                Err(failure) => {
                    terminal.clear();
                    terminal.report(&failure);
                }
            }
        }
    }
}

/// Waits until something that matters has changed and the rest of the change is there too. False when nothing can change
/// any more.
fn wait(changes: &Receiver<PathBuf>, matters: &dyn Fn(&Path) -> bool) -> bool {
    if !changes.iter().any(|path| matters(&path)) {
        return false;
    }
    let end = Instant::now() + LONGEST;
    while changes.recv_timeout(QUIET.min(end.saturating_duration_since(Instant::now()))).is_ok() {}
    true
}

/// What is looked at.
struct Watched {
    root: PathBuf,
    exclusion: Exclusion,
    /// The files of the configuration, wherever they lie.
    configuration: Vec<PathBuf>,
}

impl Watched {
    fn new(command: &Check, opened: &Opened) -> Result<Self, Failure> {
        let (root, configuration) = (&opened.settings.root, &opened.configuration);
        let exclusion = Exclusion::new(root, &opened.settings.exclude)
            .map_err(|error| ProjectError::from(WalkError::from(error)))?;
        let read = configuration.sources.iter().map(|source| root.join(source.path()));
        let read = read.chain(command.baseline.clone());
        let read = read.map(|path| path.canonicalize().unwrap_or(path));
        Ok(Self { root: root.clone(), exclusion, configuration: read.collect() })
    }

    /// The folders of configuration files that do not lie below the root.
    fn folders_outside(&self) -> Vec<PathBuf> {
        let outside =
            self.configuration.iter().filter(|file| !file.starts_with(&self.root) && file.is_file());
        outside.filter_map(|file| file.parent().map(Path::to_path_buf)).collect()
    }

    /// Whether a change at `path` may change what a check says. A folder may have come or gone with all that is in it.
    fn matters(&self, path: &Path) -> bool {
        if self.configuration.iter().any(|file| file == path) {
            return true;
        }
        // A pattern of `extend-rules` may take a new file in.
        if path.extension().is_some_and(|extension| extension == "toml")
            && self.folders_outside().iter().any(|folder| path.parent() == Some(folder))
        {
            return true;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_folder = path.is_dir();
        let may_matter = is_folder || is_part(path) || path.extension().is_none() && !path.exists();
        path.starts_with(&self.root)
            // Reports that are being written have such a name for a moment.
            && !name.starts_with(".ssot-lint")
            && may_matter
            && !self.exclusion.covers(path, is_folder)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay out folders")]
mod tests {
    use super::*;
    use std::fs;

    fn watched() -> (tempfile::TempDir, Watched) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("app")).unwrap();
        fs::create_dir_all(root.join("node_modules/x")).unwrap();
        fs::write(root.join(".gitignore"), "target/\n").unwrap();
        let exclusion = Exclusion::new(&root, &["third_party/".to_owned()]).unwrap();
        let configuration = vec![root.join("ssot.toml"), PathBuf::from("/elsewhere/rules.toml")];
        (folder, Watched { root, exclusion, configuration })
    }

    #[test]
    fn what_the_walk_takes_matters_and_the_rest_does_not() {
        let (_folder, watched) = watched();
        for path in [
            "app/x.py",
            "app/x.pyi",
            "lib.rs",
            "Cargo.toml",
            "rules/new.toml",
            ".gitignore",
            "app",
            "gone",
            "ssot.toml",
            "",
        ] {
            assert!(watched.matters(&watched.root.join(path)), "{path}");
        }
        for path in [
            "app/x.txt",
            "app/x.pyc",
            "third_party/x.py",
            "target/x.rs",
            "node_modules/x",
            "node_modules/x/y.py",
            ".git/index",
            ".ssot-lint/lock",
            ".ssot-lint-a1b2c3",
        ] {
            assert!(!watched.matters(&watched.root.join(path)), "{path}");
        }
        assert!(watched.matters(Path::new("/elsewhere/rules.toml")));
        assert!(!watched.matters(Path::new("/elsewhere/x.py")));
        assert!(watched.folders_outside().is_empty());
    }

    #[test]
    fn changes_that_come_together_are_one_and_idle_ones_are_none() {
        let (sender, changes) = channel();
        let matters = |path: &Path| path.ends_with("x.py");
        for path in ["a.txt", "x.py", "b.txt", "x.py"] {
            sender.send(path.into()).unwrap();
        }
        drop(sender);
        assert!(wait(&changes, &matters), "one change that matters is among them");
        assert!(!wait(&changes, &matters), "all of them were taken, and there are no more");
    }

    #[test]
    fn without_a_change_that_matters_no_check_begins() {
        let (sender, changes) = channel();
        sender.send("a.txt".into()).unwrap();
        drop(sender);
        assert!(!wait(&changes, &|_| false));
    }
}
