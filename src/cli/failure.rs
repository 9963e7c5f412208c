//! Why a command failed, in words for the person who started it.

use crate::config::ConfigError;
use crate::git::GitError;
use crate::model::SourceFile;
use crate::pipeline::ProjectError;
use crate::rule::Fault;
use crate::source::WalkError;
use crate::transaction::TransactionError;
use std::borrow::Cow;
use std::io;

/// A failure of a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The tree.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Writing or rolling back.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// A baseline that cannot be used: all that is wrong with it.
    #[error("{file}: not a usable baseline", file = .0.path())]
    Baseline(SourceFile, Vec<Fault>),
    /// The repository.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Standard output, or the file given for it.
    #[error("{what}: {source}")]
    Output {
        /// What was to be written.
        what: String,
        /// The system's answer.
        source: io::Error,
    },
    /// A batch failed, and its files could not be put back.
    #[error("{batch}: {fault}, and its files are not put back: {cause}")]
    NotRolledBack {
        /// The batch, for people.
        batch: String,
        /// Why they were to be put back.
        fault: String,
        /// The run that is still in effect.
        run: String,
        /// Why it is.
        cause: Box<TransactionError>,
    },
    /// Wrong usage that only shows once everything is known.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
}

impl Failure {
    /// Wrong usage with a way out.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: Some(help.into()) }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Config(ConfigError::NotFound { .. }) => Some(
                "write an `ssot.toml` in the project's root; `ssot-lint check --help` and the README show how"
                    .into(),
            ),
            Self::NotRolledBack { run, cause, .. } if matches!(**cause, TransactionError::Refused(_)) => Some(
                format!(
                    "somebody changed these files since, perhaps the validation command itself; `ssot-lint rollback \
                     {run} --force` puts the originals back and keeps the changed versions beside them"
                )
                .into(),
            ),
            Self::NotRolledBack { run, .. } => {
                Some(format!("`ssot-lint rollback {run}` tries it again").into())
            }
            Self::Usage { help, .. } => help.as_deref().map(Into::into),
            Self::Transaction(error) => error.help().map(Into::into),
            Self::Git(error) | Self::Project(ProjectError::Walk(WalkError::Git(error))) => {
                error.help().map(Into::into)
            }
            _ => None,
        }
    }

    /// True when nothing failed: the work was stopped by a signal, and the tree is as it was before.
    pub fn is_stop(&self) -> bool {
        matches!(self, Self::Transaction(error) if error.is_stop())
    }

    /// True when the reader of our output has gone away: nothing is wrong then.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
