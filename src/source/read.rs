//! Reads files, in parallel, keeping only those that can matter.

use super::{Matters, Prefilter, Tree, TreeFile, decode};
use crate::model::{FileId, Language, SourceFile};
use rayon::prelude::*;
use std::cell::RefCell;
use std::fs::File;
use std::io::Read;

/// Larger files, in bytes, are not read: spans are 32 bits wide, and no source file is like that.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Why a file cannot be looked at; becomes a finding of its own.
pub type ReadError = String;

/// A file that can matter, or one that could not be read.
pub type Scanned = (FileId, Result<SourceFile, ReadError>);

thread_local! {
    /// One buffer for each thread: most files are read, found irrelevant and forgotten.
    pub(super) static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes, for the bytes of one file, the question where in it a word counts.
pub type Context = dyn for<'file> Fn(Language, &'file [u8]) -> Box<Matters<'file>> + Sync;

/// What is looked for in files: words, and where these count.
pub struct Search<'context> {
    words: Prefilter,
    context: &'context Context,
}

impl<'context> Search<'context> {
    /// Looks for `words` (see [`Prefilter::new`]) in the places that `context` allows.
    pub fn new<'word>(words: impl IntoIterator<Item = &'word str>, context: &'context Context) -> Self {
        Self { words: Prefilter::new(words), context }
    }

    /// True when a file with these bytes may hold one of the words where it counts (see [`Prefilter::may_matter`]).
    pub fn may_matter(&self, language: Language, bytes: &[u8]) -> bool {
        self.words.may_matter(bytes, &mut *(self.context)(language, bytes))
    }
}

/// Reads the files with the given ids and returns, in the same order, those in which `search` may find something, and
/// those that could not be read.
pub fn scan(tree: &Tree, files: &[FileId], search: &Search<'_>) -> Vec<Scanned> {
    let may_matter = |_, language, bytes: &[u8]| search.may_matter(language, bytes).then_some(());
    sift(tree, files, may_matter).into_iter().map(|(scanned, ())| scanned).collect()
}

/// The same for those of whose bytes `judge` has something to say, with what it says. A file that could not be read goes
/// with the default.
pub fn sift<Judgement: Default + Send>(
    tree: &Tree,
    files: &[FileId],
    judge: impl Fn(FileId, Language, &[u8]) -> Option<Judgement> + Sync,
) -> Vec<(Scanned, Judgement)> {
    let look = |&id: &FileId| {
        let file = &tree.files[id as usize];
        BUFFER.with_borrow_mut(|buffer| match fill(file, buffer) {
            Ok(()) => {
                let judgement = judge(id, file.language, buffer)?;
                Some(((id, decode(&file.path, file.language, buffer)), judgement))
            }
            Err(error) => Some(((id, Err(error)), Judgement::default())),
        })
    };
    files.par_iter().with_min_len(16).with_max_len(64).filter_map(look).collect()
}

/// What `find` makes of the bytes of each of the files with the given ids that can be read, in any order.
pub fn look_through<Found: Send>(
    tree: &Tree,
    files: &[FileId],
    find: impl Fn(Language, &[u8]) -> Found + Sync,
) -> Vec<Found> {
    let look = |&id: &FileId| {
        let file = &tree.files[id as usize];
        BUFFER.with_borrow_mut(|buffer| {
            fill(file, buffer).ok()?;
            Some(find(file.language, buffer))
        })
    };
    files.par_iter().with_min_len(16).with_max_len(64).filter_map(look).collect()
}

/// Reads the files with the given ids, whatever is in them.
pub fn read(tree: &Tree, files: &[FileId]) -> Vec<Scanned> {
    files.par_iter().map(|&id| (id, read_one(tree, id))).collect()
}

/// Reads one file, whatever is in it.
///
/// # Errors
/// The reason why it cannot be read or decoded.
pub fn read_one(tree: &Tree, id: FileId) -> Result<SourceFile, ReadError> {
    let file = &tree.files[id as usize];
    BUFFER
        .with_borrow_mut(|buffer| fill(file, buffer).and_then(|()| decode(&file.path, file.language, buffer)))
}

/// Puts the bytes of a file into `buffer`, in place of what was there.
pub(super) fn fill(file: &TreeFile, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    buffer.clear();
    if let Some(text) = &file.text {
        check_size(text.len() as u64)?;
        buffer.extend_from_slice(text);
        return Ok(());
    }
    let mut open = File::open(&file.absolute).map_err(|error| error.to_string())?;
    let size = open.metadata().map_err(|error| error.to_string())?.len();
    check_size(size)?;
    buffer.reserve(size as usize + 1);
    open.read_to_end(buffer).map_err(|error| error.to_string())?;
    Ok(())
}

fn check_size(size: u64) -> Result<(), ReadError> {
    if size > LARGEST { Err(format!("larger than {} MiB", LARGEST / (1024 * 1024))) } else { Ok(()) }
}
