//! Why git cannot answer, in words for the person who asked.

use std::path::PathBuf;

/// A question that git cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no program `git`.
    #[error("git was not found")]
    Missing,
    /// The project lies in no work tree.
    #[error("{} is not in a git work tree", .0.display())]
    NotARepository(PathBuf),
    /// The name stands for no commit.
    #[error("`{name}` is no commit here")]
    UnknownRevision {
        /// As it was given.
        name: String,
        /// True when older commits were not fetched.
        is_shallow: bool,
    },
    /// HEAD stands for no commit yet.
    #[error("the repository has no commit yet")]
    NoCommit,
    /// Two commits have no history in common, as far as it is here.
    #[error("`{name}` and HEAD have no commit in common")]
    NoMergeBase {
        /// As it was given.
        name: String,
        /// True when older commits were not fetched.
        is_shallow: bool,
    },
    /// git failed.
    #[error("git {command} failed: {message}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What git said.
        message: String,
    },
    /// git said something that it never says.
    #[error("git {0} gave an answer that cannot be read")]
    Answer(&'static str),
    /// git could not be started or spoken to.
    #[error("git: {0}")]
    Io(#[from] std::io::Error),
}

impl GitError {
    /// What to do about it.
    pub const fn help(&self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("install git, or see that it is on the PATH"),
            Self::NotARepository(_) => {
                Some("run it in a clone of the project; `git init` makes a new repository")
            }
            Self::NoCommit => Some("commit something first"),
            Self::UnknownRevision { is_shallow: true, .. } | Self::NoMergeBase { is_shallow: true, .. } => {
                Some(
                    "this is a shallow clone: `git fetch --unshallow` brings the rest (in GitHub Actions: \
                 `fetch-depth: 0` of actions/checkout)",
                )
            }
            Self::UnknownRevision { .. } => {
                Some("name a branch, tag or commit; `git fetch` brings branches such as `origin/main`")
            }
            Self::NoMergeBase { .. } => Some("name a revision that this branch grew from"),
            Self::Failed { .. } | Self::Answer(_) | Self::Io(_) => None,
        }
    }
}
