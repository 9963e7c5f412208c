//! How git is called: in one folder, with no variables of a caller, and running no other program.

use super::GitError;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

/// git in `root`, as the repository found there is set up, but running no program that its configuration names.
pub fn command(root: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(root)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .env("GIT_LITERAL_PATHSPECS", "1");
    // A hook's variables speak of the repository that called it.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.args(["-c", "core.fsmonitor=false"]);
    command
}

/// What git answers to `arguments`, whatever its exit code.
pub(super) fn ask(root: &Path, arguments: &[&str]) -> Result<Output, GitError> {
    command(root).args(arguments).output().map_err(not_started)
}

/// What git writes to standard output.
pub(super) fn output(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = ask(root, arguments)?;
    if output.status.success() { Ok(output.stdout) } else { Err(failure(arguments[0], &output)) }
}

/// The first line that git writes, when it succeeds and writes one.
pub(super) fn line(root: &Path, arguments: &[&str]) -> Result<Option<String>, GitError> {
    let output = ask(root, arguments)?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().filter(|_| output.status.success()).map(str::to_owned))
}

pub(super) fn not_started(source: io::Error) -> GitError {
    if source.kind() == io::ErrorKind::NotFound { GitError::Missing } else { GitError::Io(source) }
}

pub(super) fn failure(command: &str, output: &Output) -> GitError {
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    GitError::Failed { command: command.to_owned(), message }
}
