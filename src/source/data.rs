//! Searches files that are not code for the beginnings of paths, in parallel.

use super::decode::decode_data;
use super::read::{BUFFER, fill};
use super::{ReadError, Tree};
use crate::model::{Notation, SourceFile};
use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem::Finder;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The beginnings of paths, to be found in one pass over the bytes of a file.
#[derive(Debug, Default)]
pub struct Literals {
    /// `None` when there is none: then nothing is read for them.
    automaton: Option<AhoCorasick>,
    /// What every comment holds that hides findings.
    mark: Option<Finder<'static>>,
}

/// A file in which something was found: its number, its text, and where a literal begins in that, in bytes; or why it could
/// not be read.
pub type Searched = (usize, Result<(SourceFile, Vec<u32>), ReadError>);

impl Literals {
    /// Looks for `literals`, and for comments with `mark` in them.
    pub fn new(literals: BTreeSet<String>, mark: &str) -> Self {
        let build = |literals: BTreeSet<String>| {
            let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(literals);
            built.expect("paths of a configuration are few and short")
        };
        let automaton = (!literals.is_empty()).then(|| build(literals));
        Self { automaton, mark: Some(Finder::new(mark).into_owned()) }
    }

    /// True when there is nothing to look for.
    pub const fn is_empty(&self) -> bool {
        self.automaton.is_none()
    }

    /// Where a literal begins in `bytes`, none of whose names goes on behind it.
    pub fn places(&self, bytes: &[u8]) -> Vec<u32> {
        let found = self.automaton.iter().flat_map(|automaton| automaton.find_iter(bytes));
        let whole = found.filter(|found| ends_name(bytes, found.end()));
        whole.map(|found| found.start() as u32).collect()
    }

    /// Comments are part of every notation but JSON.
    fn may_be_suppressed(&self, notation: Notation, bytes: &[u8]) -> bool {
        let is_marked = |mark: &Finder<'_>| mark.find(bytes).is_some();
        notation != Notation::Json && self.mark.as_ref().is_some_and(is_marked)
    }
}

/// True when no name goes on at `end`; characters outside ASCII are looked at later.
fn ends_name(bytes: &[u8], end: usize) -> bool {
    !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The files among those with the given numbers in which one of `literals` stands, or a comment that may hide findings.
/// Binary files, those with a null byte, are passed over.
pub fn search_data(tree: &Tree, files: &[usize], literals: &Literals) -> Vec<Searched> {
    let look = |&number: &usize| -> Option<Searched> {
        let data = &tree.data[number];
        BUFFER.with_borrow_mut(|buffer| {
            if let Err(error) = fill(&data.file, buffer) {
                return Some((number, Err(error)));
            }
            let places = literals.places(buffer);
            let may_tell = !places.is_empty() || literals.may_be_suppressed(data.notation, buffer);
            if !may_tell || memchr::memchr(0, buffer).is_some() {
                return None;
            }
            Some((number, Ok((decode_data(&data.file.path, data.file.language, buffer), places))))
        })
    };
    files.par_iter().with_min_len(16).with_max_len(64).filter_map(look).collect()
}
