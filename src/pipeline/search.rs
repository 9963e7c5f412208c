//! Which files are read: those that hold a word of a rule where it counts, and those that ask a module of one.

use super::project::{Progress, Project, Purpose};
use super::words::Words;
use crate::graph::ModuleIndex;
use crate::language::{Asked, MARK, front_end, languages};
use crate::model::{FileId, Language, SymbolPath};
use crate::source::{Matters, Prefilter, Scanned, Search, scan, sift};
use memchr::memmem::Finder;
use rayon::iter::Either;
use rayon::prelude::*;
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
        let mark = self.watches_suppressions.then(|| Finder::new(MARK));
        let mut with_usages = Vec::new();
        for language in languages() {
            let words = Search::new(self.words[&language].all().iter().map(String::as_str), &glance);
            let mut names: BTreeSet<&str> = asked.iter().map(SymbolPath::name).collect();
            let from_outside = Prefilter::new(names.iter().copied());
            if !names.is_empty() {
                // `from . import name` asks without the module's name.
                names.insert("import");
            }
            let from_inside = Prefilter::new(names);
            let modules = self.graph.modules();
            let of_language = files.iter().copied().filter(|&file| self.language(file) == language);
            let (inside, outside): (Vec<FileId>, Vec<FileId>) =
                of_language.partition(|&file| lies_inside(modules, file, &asked));
            for (files, imports) in [(inside, &from_inside), (outside, &from_outside)] {
                for part in files.chunks(files.len().div_ceil(16).max(256)).take_while(|_| progress.goes_on())
                {
                    let modules = self.graph.modules();
                    let judge = |file: FileId, language: Language, bytes: &[u8]| {
                        let is_for_rules = words.may_matter(language, bytes)
                            || asks(modules, file, &asked, imports, bytes)
                            || mark.as_ref().is_some_and(|mark| mark.find(bytes).is_some());
                        if is_for_rules {
                            return Some(WhatFor::Rules);
                        }
                        self.may_hold_usage(language, bytes).then_some(WhatFor::OnlyUsages)
                    };
                    let found = sift(&self.tree, part, judge);
                    let (for_rules, for_usages): (Vec<_>, Vec<_>) =
                        found.into_par_iter().partition_map(|(file, what_for)| match what_for {
                            WhatFor::Rules => Either::Left(file),
                            WhatFor::OnlyUsages => Either::Right(file),
                        });
                    with_usages.extend(for_usages.iter().map(|(file, _): &Scanned| *file));
                    self.take(for_rules);
                    self.take_usages(for_usages);
                    progress.advance(part.len());
                }
            }
        }
        self.complete_usages(files, with_usages);
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
        let found = scan(&self.tree, &rest, &Search::new(new.iter().map(String::as_str), &glance));
        self.take(found);
        true
    }
}

/// True for a file in one of `packages`.
fn lies_inside(modules: &ModuleIndex, file: FileId, packages: &FxHashSet<SymbolPath>) -> bool {
    let own = modules.of_file(file).map(|id| modules.module(id).name());
    own.is_some_and(|own| (1..=own.len()).any(|count| packages.contains(&own.prefix(count))))
}

/// What a file is read for.
#[derive(Default)]
enum WhatFor {
    /// A rule may speak of something in it.
    #[default]
    Rules,
    /// A pattern may describe something in it, nothing else.
    OnlyUsages,
}

/// True when an import in a file with these bytes may ask one of the modules in `asked`, whose last names are `names`.
fn asks(
    modules: &ModuleIndex,
    file: FileId,
    asked: &FxHashSet<SymbolPath>,
    names: &Prefilter,
    bytes: &[u8],
) -> bool {
    if asked.is_empty() {
        return false;
    }
    let (places, mut asked_at) = front_end(modules.language(file)).glance_at_asked(bytes);
    let mut matters = |start: usize, end: usize| match asked_at(start, end) {
        Asked::Nothing => false,
        Asked::Unclear => true,
        Asked::Path { level, names } => {
            let Some(path) = absolute(modules, file, level, &names) else { return true };
            match modules.find(&path, Some(file)) {
                Some(module) => asked.contains(&path) || asked.contains(modules.module(module).name()),
                // A module may have another one for an attribute.
                None => modules.longest(&path, Some(file)).is_some(),
            }
        }
    };
    places.into_iter().any(|place| {
        let from = place.start;
        names.may_matter(&bytes[place], &mut |start, end| matters(from + start, from + end))
    })
}

/// The path that a file writes with these names behind `level` dots; `None` when it is not known where they begin.
fn absolute(modules: &ModuleIndex, file: FileId, level: usize, names: &[String]) -> Option<SymbolPath> {
    let Some(above) = level.checked_sub(1) else {
        return Some(SymbolPath::new(modules.language(file), names));
    };
    let package = modules.package(modules.of_file(file)?)?;
    let depth = package.len().checked_sub(above).filter(|&depth| depth > 0)?;
    Some(package.prefix(depth).join(names))
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
