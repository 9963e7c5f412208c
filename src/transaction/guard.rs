//! Whether git could bring files back: asked before a migration without backup.

use super::TransactionError;
use crate::git::command as git;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Output;

type Result<T> = std::result::Result<T, TransactionError>;

/// Up to this many paths are named to git; for more, the whole folder is asked about.
const NAMED_PATHS: usize = 200;

/// What git knows of some files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitState {
    /// There is no work tree here, or no git.
    NotARepository,
    /// Each file is committed as it is.
    Clean,
    /// These are not, sorted: changed, untracked, ignored, or beyond a symlink out of the root.
    Dirty(Vec<String>),
}

/// Asks git about `paths`, relative to `root`, with `/`.
///
/// # Errors
/// When git fails for another reason than that there is no repository.
pub fn dirty_files<S: AsRef<str>>(root: &Path, paths: &[S]) -> Result<GitState> {
    let Some(prefix) = work_tree_prefix(root)? else { return Ok(GitState::NotARepository) };
    let canonical = root.canonicalize().map_err(TransactionError::io(root, "find"))?;
    let real: Vec<(&str, Option<String>)> =
        paths.iter().map(|path| (path.as_ref(), real_path(&canonical, path.as_ref()))).collect();
    let known: Vec<&str> = real.iter().filter_map(|(_, path)| path.as_deref()).collect();
    let reported = Reported::read(&status(root, &known)?, &prefix);
    let mut dirty: Vec<String> = real
        .iter()
        .filter(|(_, path)| path.as_ref().is_none_or(|path| reported.covers(path)))
        .map(|(path, _)| (*path).to_owned())
        .collect();
    dirty.sort();
    Ok(if dirty.is_empty() { GitState::Clean } else { GitState::Dirty(dirty) })
}

/// git knows a file by its real path only; `None` when that lies outside or is gone.
fn real_path(root: &Path, path: &str) -> Option<String> {
    let real = root.join(path).canonicalize().ok()?;
    let parts: Option<Vec<&str>> = real.strip_prefix(root).ok()?.iter().map(OsStr::to_str).collect();
    parts.map(|parts| parts.join("/"))
}

/// The root's path in its work tree, with a final `/`, or empty at the top; `None` without a work tree.
fn work_tree_prefix(root: &Path) -> Result<Option<String>> {
    let arguments = ["rev-parse", "--is-inside-work-tree", "--show-prefix"];
    let output = match git(root).args(arguments).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && root.is_dir() => return Ok(None),
        output => output.map_err(TransactionError::io(root, "start git in"))?,
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match text.split_once('\n') {
        Some(("true", prefix)) if output.status.success() => {
            Ok(Some(prefix.strip_suffix('\n').unwrap_or(prefix).to_owned()))
        }
        _ if output.status.success() => Ok(None),
        _ if String::from_utf8_lossy(&output.stderr).contains("not a git repository") => Ok(None),
        _ => Err(failure("rev-parse", &output)),
    }
}

fn status(root: &Path, paths: &[&str]) -> Result<Vec<u8>> {
    let mut command = git(root);
    command.args(["status", "--porcelain=v1", "-z", "--no-renames"]);
    command.args(["--untracked-files=all", "--ignored=matching", "--"]);
    if paths.len() <= NAMED_PATHS {
        command.args(paths)
    } else {
        command.arg(".")
    };
    let output = command.output().map_err(TransactionError::io(root, "start git in"))?;
    if output.status.success() { Ok(output.stdout) } else { Err(failure("status", &output)) }
}

fn failure(command: &'static str, output: &Output) -> TransactionError {
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    TransactionError::Git { command, message }
}

/// The paths that git reported, relative to the root; a folder stands for all in it.
#[derive(Debug, Default)]
struct Reported(HashSet<String>);

impl Reported {
    fn read(status: &[u8], prefix: &str) -> Self {
        let entries = status.split(|&byte| byte == 0).filter_map(|entry| entry.get(3..));
        let paths = entries.map(|path| String::from_utf8_lossy(path).into_owned());
        Self(
            paths
                .map(|path| path.trim_end_matches('/').to_owned())
                .filter_map(|path| below(&path, prefix))
                .collect(),
        )
    }

    fn covers(&self, path: &str) -> bool {
        let parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.0.contains("")
            || self.0.contains(path)
            || parents.into_iter().any(|parent| self.0.contains(parent))
    }
}

/// `path`, given from the top of the work tree, as seen from `prefix`; empty for a folder around it.
fn below(path: &str, prefix: &str) -> Option<String> {
    let around = prefix.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    if around { Some(String::new()) } else { path.strip_prefix(prefix).map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(root: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let output = git(root).args(identity).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn write(root: &Path, path: &str, text: &str) {
        let (path, plain) = (root.join(path), super::super::dress::Dress::plain());
        let disk = super::super::Disk::default();
        disk.create_folders(path.parent().unwrap()).unwrap();
        disk.remove(&path).unwrap();
        disk.write_new(&path, text.as_bytes(), &plain).unwrap();
    }

    #[test]
    fn changed_untracked_ignored_and_foreign_files_are_not_covered() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("sub");
        for (path, text) in [(".gitignore", "ign/\n"), ("clean.py", ""), ("changed.py", ""), ("ign/x.py", "")]
        {
            write(&root, path, text);
        }
        assert_eq!(dirty_files(&root, &["clean.py"]).unwrap(), GitState::NotARepository);
        run(folder.path(), &["init", "-q"]);
        run(folder.path(), &["add", "."]);
        run(folder.path(), &["commit", "-qm", "x"]);
        assert_eq!(dirty_files(&root, &["clean.py", "changed.py"]).unwrap(), GitState::Clean);
        write(&root, "changed.py", "new");
        write(&root, "new\n[a].py", "");
        let paths = ["new\n[a].py", "clean.py", "changed.py", "ign/x.py", "gone.py"];
        let expected = ["changed.py", "gone.py", "ign/x.py", "new\n[a].py"].map(String::from).to_vec();
        assert_eq!(dirty_files(&root, &paths).unwrap(), GitState::Dirty(expected.clone()));
        let many: Vec<&str> = paths.iter().copied().cycle().take(NAMED_PATHS + 5).collect();
        let GitState::Dirty(mut dirty) = dirty_files(&root, &many).unwrap() else { panic!("not dirty") };
        dirty.dedup();
        assert_eq!(dirty, expected);
    }

    #[test]
    fn a_repository_that_git_cannot_read_is_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &["init", "-q"]);
        write(folder.path(), ".git/config", "[broken");
        let error = dirty_files(folder.path(), &["a.py"]).unwrap_err();
        assert!(
            matches!(&error, TransactionError::Git { message, .. } if message.contains("config")),
            "{error}"
        );
    }

    #[test]
    fn the_inside_of_a_repository_is_no_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &["init", "-q", "--bare"]);
        assert_eq!(dirty_files(folder.path(), &["HEAD"]).unwrap(), GitState::NotARepository);
    }
}
