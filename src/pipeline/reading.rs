//! From files to facts, and which texts are kept beside them.

use super::memory::Ingredients;
use super::project::{Progress, Project, Purpose};
use super::usage_search::{Chance, UsageSearch, UsageTree};
use crate::language::{Extent, front_end};
use crate::model::{FileFacts, FileId, Relevance, SourceFile};
use crate::source::{Scanned, read, read_one};
use rayon::iter::Either;
use rayon::prelude::*;
use std::sync::Arc;

/// So many files one thread takes at most before another one may have the rest: files differ much in size.
const FILES_AT_ONCE: usize = 16;

/// So many files are searched for usages before their texts are put away again.
pub(super) const TEXTS_AT_ONCE: usize = 512;

/// What a file says; or why it could not be read.
pub(super) type Lowered = Result<Reading, String>;

/// What a file says.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The text, where it is kept.
    source: Option<Arc<SourceFile>>,
    facts: Arc<FileFacts>,
    /// Its syntax, when a pattern may describe something in it.
    usage: Option<Arc<UsageTree>>,
    /// Whether it is known later if one may.
    waits: bool,
}

impl Project<'_> {
    /// Reads every file that is not known yet; no text is kept. Returns those that may hold a word of a rule, or do not
    /// parse.
    pub(super) fn read_all(&mut self, progress: Option<&dyn Progress>) -> Vec<FileId> {
        let unknown = (0..self.tree.files.len() as FileId).filter(|&file| self.graph.facts(file).is_none());
        let unknown: Vec<FileId> = unknown.collect();
        progress.inspect(|progress| progress.start(unknown.len()));
        let searches = self.searches();
        let lower = |&file: &FileId| {
            let source = read_one(&self.tree, file);
            let matters = source.as_ref().map_or(true, |source| {
                let (language, bytes) = (source.language(), source.bytes());
                searches.get(&language).is_some_and(|search| search.may_matter(language, bytes))
            });
            let lowered = self.lower(file, source);
            progress.inspect(|progress| progress.advance(1));
            let is_of_interest = lowered.as_ref().is_ok_and(|reading| {
                reading.usage.is_some() || reading.waits || !reading.facts.errors.is_empty()
            });
            ((file, lowered), (matters || is_of_interest).then_some(file))
        };
        let (lowered, matter): (Vec<_>, Vec<Option<FileId>>) =
            unknown.par_iter().with_max_len(FILES_AT_ONCE).map(lower).unzip();
        self.keep(lowered);
        self.take_waiting();
        matter.into_iter().flatten().collect()
    }

    pub(super) fn take(&mut self, found: Vec<Scanned>) {
        let found = found.into_par_iter().with_max_len(FILES_AT_ONCE);
        let lowered = found.map(|(id, source)| (id, self.lower(id, source))).collect();
        self.keep(lowered);
    }

    /// Takes those files in which a pattern may describe something, and those of which nothing can be said. False when there is
    /// none.
    pub(super) fn take_usages(&mut self, found: Vec<Scanned>) -> bool {
        // What a memory keeps need not be looked at again with the next tree.
        let leaves_out = self.memory.is_none();
        let found = found.into_par_iter().with_max_len(FILES_AT_ONCE);
        let lower = |(id, source): Scanned| {
            if !leaves_out {
                return Some(Either::Left((id, self.lower(id, source))));
            }
            let chance = self.chance_of(&source);
            match chance {
                Chance::None if source.is_ok() => None,
                Chance::Later => Some(Either::Right(id)),
                Chance::None | Chance::Now(_) => {
                    Some(Either::Left((id, self.lower_anew(id, source, chance, true)?)))
                }
            }
        };
        let (lowered, waiting): (Vec<(FileId, Lowered)>, Vec<FileId>) =
            found.filter_map(lower).partition_map(|either| either);
        let is_some = !lowered.is_empty();
        self.keep(lowered);
        waiting.into_iter().for_each(|file| self.wait(file));
        is_some
    }

    /// Takes those of the files that wait in which a pattern may describe something. False when there is none.
    pub(super) fn take_waiting(&mut self) -> bool {
        let mut is_some = false;
        for part in self.end_waiting().chunks(TEXTS_AT_ONCE) {
            let found = read(&self.tree, part);
            is_some |= self.take_usages(found);
        }
        is_some
    }

    /// The facts of a file, and its text when somebody will ask for it.
    fn lower(&self, id: FileId, source: Result<SourceFile, String>) -> Lowered {
        let file = &self.tree.files[id as usize];
        let lower = || {
            let chance = self.chance_of(&source);
            self.lower_anew(id, source, chance, false).expect("only a look for usages leaves files out")
        };
        match (self.memory, &file.text) {
            // For other purposes facts depend on the modules too.
            (Some(memory), Some(content)) if self.purpose == Purpose::Check => {
                let handed_on = self.usage_search.as_ref().map(UsageSearch::handed_on);
                let wanted = (self.words[&file.language].all(), self.compares, handed_on);
                let ingredients = Ingredients::new(content, &file.path, self.edition(id), wanted);
                memory.recall(content, ingredients, lower)
            }
            _ => lower(),
        }
    }

    fn chance_of(&self, source: &Result<SourceFile, String>) -> Chance {
        source.as_ref().map_or(Chance::None, |source| self.chance(source))
    }

    /// `None` for a file that parses and holds nothing that a pattern may describe, when `only_usages` are wanted.
    fn lower_anew(
        &self,
        id: FileId,
        source: Result<SourceFile, String>,
        chance: Chance,
        only_usages: bool,
    ) -> Option<Lowered> {
        let source = match source {
            Ok(source) => source,
            Err(reason) => return Some(Err(reason)),
        };
        let words = &self.words[&source.language()];
        let modules = self.graph.modules();
        let begins_path = |name: &str| modules.begins_path(source.language(), name);
        let relevance = Relevance {
            is_relevant: &|name| words.contains(name),
            begins_path: (self.purpose == Purpose::Survey).then_some(&begins_path as _),
            compares: self.compares,
        };
        let relevance = (self.purpose != Purpose::Fix).then_some(&relevance);
        let (front_end, edition) = (front_end(source.language()), self.edition(id));
        let mut usage = None;
        let mut facts = match &chance {
            Chance::None | Chance::Later => front_end.lower(&source, edition, relevance),
            Chance::Now(possible) => front_end.lower_after(&source, edition, relevance, &mut |tree| {
                match self.usage_tree((id, source.language()), tree, possible) {
                    Ok(tree) => {
                        usage = Some(tree);
                        Extent::Everything // A pattern may ask what any name stands for.
                    }
                    Err(tree) if only_usages && !self.may_hand_on(source.language(), &tree, possible) => {
                        Extent::Nothing
                    }
                    Err(_) => Extent::Relevant,
                }
            })?,
        };
        relevance.filter(|_| usage.is_none()).inspect(|relevance| facts.forget_local_uses(relevance));
        let is_kept = self.purpose == Purpose::Fix || usage.is_some() || !facts.errors.is_empty();
        let source = is_kept.then(|| Arc::new(source));
        let waits = matches!(chance, Chance::Later);
        Some(Ok(Reading { source, facts: Arc::new(facts), usage: usage.map(Arc::new), waits }))
    }

    fn keep(&mut self, lowered: Vec<(FileId, Lowered)>) {
        for (id, result) in lowered {
            let facts = match result {
                Ok(Reading { source, facts, usage, waits }) => {
                    if waits {
                        self.wait(id);
                    }
                    self.sources.extend(source.map(|source| (id, source)));
                    self.usage_trees.extend(usage.map(|usage| (id, usage)));
                    facts
                }
                Err(reason) => {
                    self.unreadable.insert(id, reason.clone());
                    Arc::new(FileFacts::unreadable(reason))
                }
            };
            self.graph.insert(id, facts);
        }
    }
}
