//! Where things lie: the state folder in the root, and which paths of the root a run may touch.

use super::TransactionError;
use super::disk::Disk;
use super::stat::Seen;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, TransactionError>;

/// The name of the state folder.
pub const STATE_FOLDER: &str = ".ssot-lint";

/// A project root and the places in its state folder.
#[derive(Debug, Clone)]
pub(super) struct Place {
    root: PathBuf,
}

impl Place {
    /// The place for `root`, symlinks in the root's own path resolved.
    pub(super) fn of(root: &Path) -> Result<Self> {
        let root = root.canonicalize().map_err(TransactionError::io(root, "find"))?;
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn state(&self) -> PathBuf {
        self.root.join(STATE_FOLDER)
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.state().join("lock")
    }

    /// Locked through a whole migration; the lock proper only through each of its runs.
    pub(super) fn reservation(&self) -> PathBuf {
        self.state().join("migration.lock")
    }

    /// A journal that is not complete, or one that is to be forgotten; worthless.
    pub(super) fn preparing(&self) -> PathBuf {
        self.state().join("preparing")
    }

    /// The journal of the run that is writing, or was interrupted.
    pub(super) fn current(&self) -> PathBuf {
        self.state().join("current")
    }

    pub(super) fn runs(&self) -> PathBuf {
        self.state().join("runs")
    }

    pub(super) fn run(&self, id: &str) -> PathBuf {
        self.runs().join(id)
    }

    /// The file at `path` (relative, with `/`), which must not be reached through a symlink.
    ///
    /// # Errors
    /// The reason why the path is refused, or an I/O error.
    pub(super) fn confined(&self, disk: &Disk, path: &str) -> Result<PathBuf> {
        let damaged = |reason: &str| TransactionError::damaged(Path::new(path), reason);
        if let Some(reason) = objection(path) {
            return Err(damaged(reason));
        }
        require_plain_parents(disk, &self.root, path)?;
        Ok(self.root.join(path))
    }
}

/// Refuses `path` when a folder on the way from `base` is a symlink or no folder; absent folders are fine.
pub(super) fn require_plain_parents(disk: &Disk, base: &Path, path: &str) -> Result<()> {
    let Some((parents, _)) = path.rsplit_once('/') else { return Ok(()) };
    let mut folder = base.to_path_buf();
    for part in parents.split('/') {
        folder.push(part);
        match disk.look(&folder)? {
            Seen::Folder => {}
            Seen::Absent => return Ok(()),
            Seen::File(_) => return Err(TransactionError::damaged(&folder, "it is a file, not a folder")),
            Seen::Odd(kind) => {
                let reason = format!("it is {kind}; only real folders are followed here");
                return Err(TransactionError::damaged(&folder, reason));
            }
        }
    }
    Ok(())
}

/// Why a run may not touch `path`, judged by its text alone.
pub(super) fn objection(path: &str) -> Option<&'static str> {
    if path.is_empty() || path.contains('\0') {
        return Some("it is no path");
    }
    if cfg!(windows) && path.contains(['\\', ':']) {
        return Some("it is no relative path with `/`");
    }
    let own = |part: &str| part.eq_ignore_ascii_case(STATE_FOLDER);
    for (index, part) in path.split('/').enumerate() {
        match part {
            "" if index == 0 => return Some("it is an absolute path"),
            "" | "." | ".." => return Some("its path is not a plain one below the root"),
            _ if part.eq_ignore_ascii_case(".git") => return Some("it belongs to git"),
            _ if index == 0 && own(part) => return Some("it belongs to ssot-lint"),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_root_or_reach_into_state_are_refused() {
        for path in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "x\0y", ".git/hooks/update"]
        {
            assert!(objection(path).is_some(), "{path:?}");
        }
        assert_eq!(objection("/etc/passwd"), Some("it is an absolute path"));
        assert_eq!(objection("a//b"), Some("its path is not a plain one below the root"));
        assert!(objection("sub/.GIT/config").is_some());
        assert!(objection(".SSOT-lint/current/run.json").is_some());
        for path in ["a.py", "a b/c\n.py", "..a/b", ".github/x.py", "-rf"] {
            assert_eq!(objection(path), None, "{path:?}");
        }
        for path in ["a:b.py", "C:/a.py", "a\\b.py"] {
            assert_eq!(objection(path).is_some(), cfg!(windows), "{path:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_symlink_on_the_way_is_refused_even_when_it_stays_inside() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("out")).unwrap();
        let place = Place::of(folder.path()).unwrap();
        assert!(place.confined(&Disk::default(), "out/passwd").is_err());
        assert!(place.confined(&Disk::default(), "new/passwd").is_ok());
    }
}
