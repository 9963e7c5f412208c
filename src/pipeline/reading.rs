//! From files to facts, and which texts are kept beside them.

use super::memory::Ingredients;
use super::project::{Progress, Project, Purpose};
use crate::language::front_end;
use crate::model::{FileFacts, FileId, Relevance, SourceFile};
use crate::source::{Scanned, read_one};
use rayon::prelude::*;
use std::sync::Arc;

/// So many files one thread takes at most before another one may have the rest: files differ much in size.
const FILES_AT_ONCE: usize = 16;

/// A file's text, where it is kept, and facts; or why it could not be read.
pub(super) type Lowered = Result<(Option<Arc<SourceFile>>, Arc<FileFacts>), String>;

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
                    || self.may_hold_usage(language, bytes)
            });
            let lowered = self.lower(file, source);
            progress.inspect(|progress| progress.advance(1));
            let is_broken = lowered.as_ref().is_ok_and(|(_, facts)| !facts.errors.is_empty());
            ((file, lowered), (matters || is_broken).then_some(file))
        };
        let (lowered, matter): (Vec<_>, Vec<Option<FileId>>) =
            unknown.par_iter().with_max_len(FILES_AT_ONCE).map(lower).unzip();
        self.keep(lowered);
        matter.into_iter().flatten().collect()
    }

    pub(super) fn take(&mut self, found: Vec<Scanned>) {
        let found = found.into_par_iter().with_max_len(FILES_AT_ONCE);
        let lowered = found.map(|(id, source)| (id, self.lower(id, source))).collect();
        self.keep(lowered);
    }

    /// The facts of a file, and its text when somebody will ask for it.
    fn lower(&self, id: FileId, source: Result<SourceFile, String>) -> Lowered {
        let file = &self.tree.files[id as usize];
        match (self.memory, &file.text) {
            // For other purposes facts depend on the modules too.
            (Some(memory), Some(content)) if self.purpose == Purpose::Check => {
                let wanted = (self.words[&file.language].all(), self.compares);
                let ingredients = Ingredients::new(content, &file.path, self.edition(id), wanted);
                memory.recall(content, ingredients, || self.lower_anew(id, source))
            }
            _ => self.lower_anew(id, source),
        }
    }

    fn lower_anew(&self, id: FileId, source: Result<SourceFile, String>) -> Lowered {
        let source = source?;
        let words = &self.words[&source.language()];
        let may_be_usage = self.may_hold_usage(source.language(), source.bytes());
        let modules = self.graph.modules();
        let begins_path = |name: &str| modules.begins_path(source.language(), name);
        let relevance = Relevance {
            is_relevant: &|name| words.contains(name),
            begins_path: (self.purpose == Purpose::Survey).then_some(&begins_path as _),
            compares: self.compares,
        };
        // A pattern may ask what any name stands for.
        let relevance = (self.purpose != Purpose::Fix && !may_be_usage).then_some(&relevance);
        let mut facts = front_end(source.language()).lower(&source, self.edition(id), relevance);
        relevance.inspect(|relevance| facts.forget_local_uses(relevance));
        let is_kept = self.purpose == Purpose::Fix || may_be_usage || !facts.errors.is_empty();
        Ok((is_kept.then(|| Arc::new(source)), Arc::new(facts)))
    }

    fn keep(&mut self, lowered: Vec<(FileId, Lowered)>) {
        for (id, result) in lowered {
            let facts = match result {
                Ok((source, facts)) => {
                    self.sources.extend(source.map(|source| (id, source)));
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
