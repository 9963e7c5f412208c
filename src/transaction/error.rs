//! What can go wrong between a plan and the disk, each with the state in which it leaves the tree.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A failure of the transaction stage. Every message names the file, what is wrong, and how the tree stands.
#[derive(Debug, thiserror::Error)]
pub enum TransactionError {
    /// Another process works in the same root.
    #[error("{path}: another ssot-lint is changing files here (the lock is held); nothing was changed", path = .0.display())]
    Locked(PathBuf),
    /// An interrupted run must be recovered first.
    #[error("run {0} was interrupted and is not recovered yet; nothing was changed")]
    Unfinished(String),
    /// Some files cannot be changed safely; the list is complete.
    #[error("{} cannot be changed safely; nothing was written{}", count(.0.len(), "file"), Listed(.0))]
    Refused(Vec<RefusedFile>),
    /// The `--backup` suffix is no part of a file name.
    #[error("the backup suffix {0:?} must be part of a file name; nothing was written")]
    Suffix(String),
    /// The command stopped before it changed anything.
    #[error("{0}; nothing was changed")]
    Untouched(Box<Self>),
    /// An operation of the file system failed.
    #[error("{}: cannot {action}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a verb.
        action: &'static str,
        /// The system's answer.
        source: io::Error,
    },
    /// The state folder or something in it cannot be trusted.
    #[error("{}: {reason}", .path.display())]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody asked to stop, usually by a signal.
    #[error("stopped on request")]
    Stopped,
    /// A file was changed by someone else while the transaction ran.
    #[error("{0}: was changed by someone else while the run was writing")]
    Interference(String),
    /// The run failed and was taken back at once.
    #[error("{cause}; the run was stopped and every file put back{}", Except(.left))]
    Undone {
        /// What stopped the run.
        cause: Box<Self>,
        /// Files that someone else changed meanwhile: left as they are.
        left: Vec<RefusedFile>,
    },
    /// The run failed and could not be taken back at once.
    #[error(
        "{cause}; putting the files back failed too ({undo}); some files may be new and some old until the next \
         ssot-lint command that writes, which mends that"
    )]
    Interrupted {
        /// What stopped the run.
        cause: Box<Self>,
        /// What stopped the way back.
        undo: Box<Self>,
    },
    /// Every file is new, but the last step failed.
    #[error(
        "run {run} is applied to every file, but not confirmed on disk ({cause}); the next ssot-lint command that \
         writes adds what is missing"
    )]
    Unconfirmed {
        /// The run.
        run: String,
        /// What failed.
        cause: Box<Self>,
    },
    /// An interrupted run could not be put back now.
    #[error(
        "{cause}; run {run} was interrupted before and is not put back yet: some files may be new and some old until \
         an ssot-lint command that writes succeeds"
    )]
    Unrecovered {
        /// The run.
        run: String,
        /// What failed.
        cause: Box<Self>,
    },
    /// No run has this name.
    #[error("there is no run {0:?}; nothing was changed")]
    UnknownRun(String),
    /// There is no run that could be rolled back.
    #[error("there is no migration left to roll back")]
    NothingToRollBack,
    /// The run is rolled back already.
    #[error("run {run} was rolled back already, by run {by}; nothing was changed")]
    AlreadyRolledBack {
        /// The run asked for.
        run: String,
        /// The run that undid it.
        by: String,
    },
    /// The run never took effect.
    #[error("run {0} was interrupted and put back: there is nothing to roll back; nothing was changed")]
    NeverApplied(String),
    /// Newer runs changed the same files.
    #[error("roll back {} first: newer than {run}, in the same files; nothing was changed", .newer.join(", then "))]
    NewerRuns {
        /// The run asked for.
        run: String,
        /// The runs to roll back first, in this order.
        newer: Vec<String>,
    },
    /// The newest run may be one that cannot be read.
    #[error("run {run} may be the newest, but {reason}; name the run to roll back; nothing was changed")]
    UnreadableNewest {
        /// The run.
        run: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// git answered with an error.
    #[error("git {command} failed: {message}")]
    Git {
        /// The subcommand.
        command: &'static str,
        /// What git said.
        message: String,
    },
}

impl TransactionError {
    /// For `map_err`: names the path and what was tried.
    pub(super) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, action, source }
    }

    /// Adds to a bare failure that nothing was changed before it.
    pub(super) fn untouched(self) -> Self {
        match self {
            Self::Io { .. } | Self::Damaged { .. } | Self::Interference(_) | Self::Stopped => {
                Self::Untouched(Box::new(self))
            }
            other => other,
        }
    }

    /// Adds that an interrupted run still waits, unless the error tells how the tree stands.
    pub(super) fn unrecovered(self, run: &str) -> Self {
        match self {
            Self::Io { .. } | Self::Damaged { .. } | Self::Interference(_) => {
                Self::Unrecovered { run: run.to_owned(), cause: Box::new(self) }
            }
            other => other,
        }
    }

    /// What to do about it, where the message does not say.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Locked(_) => Some("wait until it has ended, and start the command again"),
            _ => None,
        }
    }

    /// True when nothing failed: the work was stopped on request, and the tree is as it was before.
    pub fn is_stop(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Untouched(cause) | Self::Undone { cause, .. } => cause.is_stop(),
            _ => false,
        }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_path_buf(), reason: reason.into() }
    }
}

/// A file that a run must not touch, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusedFile {
    /// Path relative to the root, with `/`.
    pub path: String,
    /// Why, without a final full stop.
    pub reason: String,
}

impl RefusedFile {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for RefusedFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.escape_debug(), self.reason)
    }
}

/// Prints each file on a line of its own, indented.
struct Listed<'a>(&'a [RefusedFile]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|file| write!(formatter, "\n  {file}"))
    }
}

/// The files that someone else changed.
struct Except<'a>(&'a [RefusedFile]);

impl fmt::Display for Except<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => Ok(()),
            files => write!(formatter, ", with these exceptions:{}", Listed(files)),
        }
    }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_all_listed_and_names_cannot_break_the_line() {
        let error = TransactionError::Refused(vec![
            RefusedFile::new("a.py", "it is a hard link"),
            RefusedFile::new("b\n.py", "it is read-only"),
        ]);
        let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "2 files cannot be changed safely; nothing was written");
        assert_eq!(lines[1..], ["  a.py: it is a hard link", "  b\\n.py: it is read-only"]);
    }

    #[test]
    fn a_stop_on_request_is_told_from_a_failure_and_only_a_lock_needs_help() {
        let failed = || TransactionError::io(Path::new("a.py"), "write")(std::io::Error::other("broken"));
        let untouched = |cause| TransactionError::Untouched(Box::new(cause));
        assert!(untouched(TransactionError::Stopped).is_stop());
        assert!(!failed().is_stop() && !untouched(failed()).is_stop());
        let locked = TransactionError::Locked("lock".into());
        assert!(locked.help().is_some_and(|help| help.contains("start the command again")));
        assert_eq!(failed().help(), None);
    }

    #[test]
    fn what_was_not_put_back_is_named() {
        let undone = |left: &[RefusedFile]| {
            let cause = Box::new(TransactionError::Stopped);
            TransactionError::Undone { cause, left: left.to_vec() }.to_string()
        };
        let left = [RefusedFile::new("a.py", "was changed by someone else")];
        assert!(undone(&[]).ends_with("every file put back"), "{}", undone(&[]));
        assert!(undone(&left).ends_with("with these exceptions:\n  a.py: was changed by someone else"));
    }
}
