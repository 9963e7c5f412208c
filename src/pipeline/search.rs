//! Which files are read: those that hold a word of a rule where it counts, and those that ask a module of one.

use super::project::{Progress, Project, Purpose};
use super::words::Words;
use crate::graph::ModuleIndex;
use crate::language::{MARK, front_end, languages};
use crate::model::{FileId, Language, SymbolPath};
use crate::source::{Matters, Search, scan};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

impl Project<'_> {
    /// Reads every import from the modules that rules speak of, whatever it asks them for.
    pub(super) const fn watch_imports(&mut self) {
        self.watches_imports = true;
    }

    /// Reads every file with a comment that may hide a finding.
    pub(super) const fn watch_suppressions(&mut self) {
        self.watches_suppressions = true;
    }

    /// Reads those of `files` that can matter, each of them once.
    pub(super) fn search(&mut self, files: &[FileId], progress: &dyn Progress) {
        progress.start(files.len());
        let asked = match self.watches_imports {
            true => self.declared.modules(self.graph.modules()),
            false => FxHashSet::default(),
        };
        let mark = self.watches_suppressions.then_some(MARK);
        for language in languages() {
            let words = Search::new(self.words[&language].all().iter().map(String::as_str), &glance);
            let mut names: BTreeSet<&str> = asked.iter().map(SymbolPath::name).collect();
            let from_outside = Search::new(names.iter().copied(), &glance_at_imports);
            if !names.is_empty() {
                // `from . import name` asks without the module's name.
                names.insert("import");
            }
            let from_inside = Search::new(names, &glance_at_imports);
            let modules = self.graph.modules();
            let of_language = files.iter().copied().filter(|&file| self.language(file) == language);
            let (inside, outside): (Vec<FileId>, Vec<FileId>) =
                of_language.partition(|&file| lies_inside(modules, file, &asked));
            for (files, imports) in [(inside, &from_inside), (outside, &from_outside)] {
                for part in files.chunks(files.len().div_ceil(16).max(256)).take_while(|_| progress.goes_on())
                {
                    let found = scan(&self.tree, part, &[&words, imports], mark);
                    self.take(found);
                    progress.advance(part.len());
                }
            }
        }
        self.read_usages(files);
    }

    /// What is looked for in the files of each language.
    pub(super) fn searches(&self) -> FxHashMap<Language, Search<'static>> {
        let search = |(&language, words): (&Language, &Words)| {
            (language, Search::new(words.all().iter().map(String::as_str), &glance))
        };
        self.words.iter().map(search).collect()
    }

    /// Reads those of `files` that are not known yet and may hold one of `words`. True when one of these had not been
    /// looked for.
    pub(super) fn scan_for(
        &mut self,
        language: Language,
        words: &BTreeSet<String>,
        files: &[FileId],
    ) -> bool {
        let known = self.words.entry(language).or_default();
        let new: BTreeSet<String> = words.difference(known.all()).cloned().collect();
        if new.is_empty() {
            return false;
        }
        known.extend(new.iter().cloned());
        // In a check the facts that are known hold nothing of the new words.
        let is_open = |file: &FileId| {
            let is_small = self.purpose != Purpose::Fix;
            self.language(*file) == language && (is_small || self.graph.facts(*file).is_none())
        };
        let rest: Vec<FileId> = files.iter().copied().filter(is_open).collect();
        let found = scan(&self.tree, &rest, &[&Search::new(new.iter().map(String::as_str), &glance)], None);
        self.take(found);
        true
    }
}

/// True for a file in one of `packages`.
fn lies_inside(modules: &ModuleIndex, file: FileId, packages: &FxHashSet<SymbolPath>) -> bool {
    let own = modules.of_file(file).map(|id| modules.module(id).name());
    own.is_some_and(|own| (1..=own.len()).any(|count| packages.contains(&own.prefix(count))))
}

/// Where in a file a word counts.
pub(super) fn glance<'file>(language: Language, bytes: &'file [u8]) -> Box<Matters<'file>> {
    front_end(language).glance(bytes)
}

/// Where in a file an import may begin with the name of a package.
pub(super) fn glance_at_roots<'file>(language: Language, bytes: &'file [u8]) -> Box<Matters<'file>> {
    front_end(language).glance_at_roots(bytes)
}

/// Where in a file the name of a module may be asked for something by an import.
pub(super) fn glance_at_imports<'file>(language: Language, bytes: &'file [u8]) -> Box<Matters<'file>> {
    front_end(language).glance_at_imports(bytes)
}
