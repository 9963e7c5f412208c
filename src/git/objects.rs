//! What a commit holds: its files by path, and their bytes by object.

use super::command::{command, not_started, output};
use super::{GitError, Repository};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::Arc;

/// The id of a file's content.
pub type Object = Arc<str>;

/// One file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the project root, with `/`; bytes that are not UTF-8 are replaced.
    pub path: String,
    /// Its content.
    pub object: Object,
}

impl Repository {
    /// The plain files of `commit` below the project root. Symlinks and submodules are left out.
    ///
    /// # Errors
    /// When git fails.
    pub fn files(&self, commit: &str) -> Result<Vec<Entry>, GitError> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        if !self.prefix().is_empty() {
            arguments.extend(["--", self.prefix()]);
        }
        let listed = output(self.root(), &arguments)?;
        let records = listed.split(|&byte| byte == 0).filter(|record| !record.is_empty());
        let entries = records.map(|record| entry(record, self.prefix()).ok_or(GitError::Answer("ls-tree")));
        entries.filter_map(Result::transpose).collect()
    }

    /// The bytes of each of `objects`: ids, or `COMMIT:PATH`, with the path from the top of the repository; `None` for
    /// what is not there.
    ///
    /// # Errors
    /// When git fails.
    pub fn contents(&self, objects: &[Object]) -> Result<Vec<Option<Arc<[u8]>>>, GitError> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let mut git = command(self.root());
        let git = git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = git.stderr(Stdio::null()).spawn().map_err(not_started)?;
        let contents = exchange(&mut child, objects);
        if contents.is_err() {
            // It may still be writing.
            let _ = child.kill();
        }
        child.wait()?;
        contents
    }
}

/// `MODE TYPE OBJECT<tab>PATH`; the outer `None` for what is no such record, the inner for what is no plain file.
fn entry(record: &[u8], prefix: &str) -> Option<Option<Entry>> {
    let tab = record.iter().position(|&byte| byte == b'\t')?;
    let head = std::str::from_utf8(&record[..tab]).ok()?;
    let [mode, _, object] = head.split(' ').collect::<Vec<_>>()[..] else { return None };
    let path = String::from_utf8_lossy(&record[tab + 1..]);
    let path = path.strip_prefix(prefix)?.to_owned();
    Some(mode.starts_with("100").then(|| Entry { path, object: object.into() }))
}

/// Asks for all objects while the answers are read: git waits for a reader when its pipe is full.
fn exchange(child: &mut Child, objects: &[Object]) -> Result<Vec<Option<Arc<[u8]>>>, GitError> {
    let input = child.stdin.take().expect("standard input was asked to be a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("standard output was asked to be a pipe"));
    std::thread::scope(move |scope| {
        scope.spawn(move || ask_for(input, objects));
        let found = objects.iter().map(|_| answer(&mut answers)).collect();
        // After an answer that cannot be read nobody reads on: git must see that, or whoever asks waits for it for ever.
        drop(answers);
        found
    })
}

/// When git goes away, so do its answers: that is told there.
fn ask_for(input: ChildStdin, objects: &[Object]) {
    let mut input = io::BufWriter::new(input);
    for object in objects {
        // A line break would be a second question.
        if writeln!(input, "{}", object.replace('\n', "\0")).is_err() {
            return;
        }
    }
    let _ = input.flush();
}

/// `OBJECT TYPE SIZE`, the bytes and a line feed; or `NAME missing`.
fn answer(answers: &mut impl BufRead) -> Result<Option<Arc<[u8]>>, GitError> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let head = head.trim_end_matches('\n');
    if head.ends_with(" missing") {
        return Ok(None);
    }
    let size = head.rsplit_once(' ').and_then(|(_, size)| size.parse().ok());
    let size: usize = size.ok_or(GitError::Answer("cat-file"))?;
    let mut bytes = vec![0; size + 1];
    answers.read_exact(&mut bytes)?;
    bytes.pop();
    Ok(Some(bytes.into()))
}
