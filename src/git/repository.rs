//! A project's repository: where the project lies in it, and its commits.

use super::GitError;
use super::command::{ask, line, output};
use std::path::{Path, PathBuf};

/// The repository that holds a project.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
    prefix: String,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its full id.
    pub id: String,
    /// When it was made, as seconds since 1970 in UTC.
    pub time: i64,
    /// The first line of its message.
    pub subject: String,
}

impl Repository {
    /// The repository around the project root `root`.
    ///
    /// # Errors
    /// When there is no git, or no work tree here.
    pub fn find(root: &Path) -> Result<Self, GitError> {
        let answer = ask(root, &["rev-parse", "--is-inside-work-tree", "--show-prefix"])?;
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        let message = String::from_utf8_lossy(&answer.stderr);
        match text.split_once('\n') {
            Some(("true", prefix)) if answer.status.success() => Ok(Self {
                root: root.to_path_buf(),
                prefix: prefix.strip_suffix('\n').unwrap_or(prefix).to_owned(),
            }),
            _ if answer.status.success() || message.contains("not a git repository") => {
                Err(GitError::NotARepository(root.to_path_buf()))
            }
            _ => Err(super::command::failure("rev-parse", &answer)),
        }
    }

    /// The project root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the project lies in the repository: empty at its top, else a path with a final `/`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The id of the newest commit that `revision` and HEAD have in common.
    ///
    /// # Errors
    /// When `revision` is no commit, or there is none in common.
    pub fn merge_base(&self, revision: &str) -> Result<String, GitError> {
        let head = self.commit("HEAD")?.ok_or(GitError::NoCommit)?;
        let name = || revision.to_owned();
        let Some(other) = self.commit(revision)? else {
            return Err(GitError::UnknownRevision { name: name(), is_shallow: self.is_shallow()? });
        };
        match line(&self.root, &["merge-base", &head, &other])? {
            Some(base) => Ok(base),
            None => Err(GitError::NoMergeBase { name: name(), is_shallow: self.is_shallow()? }),
        }
    }

    /// The files that `commit` has under another path than the index: old and new path, relative to the project root.
    ///
    /// # Errors
    /// When git fails.
    pub fn renames(&self, commit: &str) -> Result<Vec<(String, String)>, GitError> {
        let found = output(
            &self.root,
            // Of the work tree git would ask filters, which are programs of the configuration.
            &[
                "diff",
                "--cached",
                "--find-renames",
                "--diff-filter=R",
                "--name-status",
                "--relative",
                "-z",
                commit,
            ],
        )?;
        let text = String::from_utf8_lossy(&found);
        let fields: Vec<&str> = text.split_terminator('\0').collect();
        Ok(fields.chunks_exact(3).map(|rename| (rename[1].to_owned(), rename[2].to_owned())).collect())
    }

    /// The newest `count` commits along first parents from HEAD, the newest first; fewer when there are fewer.
    ///
    /// # Errors
    /// When there is no commit yet.
    pub fn first_parents(&self, count: usize) -> Result<Vec<Commit>, GitError> {
        let head = self.commit("HEAD")?.ok_or(GitError::NoCommit)?;
        let count = format!("--max-count={count}");
        let arguments =
            ["log", "--first-parent", "--no-show-signature", "-z", "--format=%H %ct %s", &count, &head];
        let text = output(&self.root, &arguments)?;
        let text = String::from_utf8_lossy(&text);
        let records = text.split('\0').filter(|record| !record.is_empty());
        records.map(|record| commit(record).ok_or(GitError::Answer("log"))).collect()
    }

    /// The full id of the commit that `revision` stands for.
    fn commit(&self, revision: &str) -> Result<Option<String>, GitError> {
        if revision.starts_with('-') {
            return Ok(None); // It would be an option.
        }
        line(&self.root, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])
    }

    fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(line(&self.root, &["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"))
    }
}

fn commit(record: &str) -> Option<Commit> {
    let (id, rest) = record.split_once(' ')?;
    let (time, subject) = rest.split_once(' ')?;
    Some(Commit { id: id.to_owned(), time: time.parse().ok()?, subject: subject.to_owned() })
}
