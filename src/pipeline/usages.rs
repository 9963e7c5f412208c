//! `[[usage]]`: from patterns as they are written to the places in the project that they describe.

use super::project::Project;
use super::reading::TEXTS_AT_ONCE;
use super::usage_search::UsageTree;
use crate::config::{PatternFault, PatternText, UsageDeclaration};
use crate::graph::{Chains, View};
use crate::language::pattern::{Found, Key, Pattern, PatternError, Written, WrittenPattern};
use crate::language::{front_end, languages};
use crate::model::{FileId, Language, SymbolPath, UsageMatch};
use crate::rule::Rule;
use crate::source::{read_one, sift};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::iter;
use std::sync::Arc;

/// A pattern with its rule.
#[derive(Debug)]
pub struct UsageRule {
    /// The rule, as index into the rule set.
    pub rule: usize,
    /// The language.
    pub language: Language,
    /// The pattern.
    pub pattern: Pattern,
    names: FxHashMap<SymbolPath, PathNames>,
}

/// What rules say of a path in a pattern.
#[derive(Debug, Clone)]
pub(super) struct PathNames {
    /// The last names of all paths that they give the same symbol.
    pub last: BTreeSet<String>,
    /// Whether there are such paths besides its own.
    pub has_others: bool,
}

/// The rules that speak of paths, by these.
pub(super) struct RulesByPath<'rules>(FxHashMap<&'rules SymbolPath, Vec<&'rules Rule>>);

impl<'rules> RulesByPath<'rules> {
    pub fn new(rules: &'rules [Rule]) -> Self {
        let mut by_path: FxHashMap<&SymbolPath, Vec<&Rule>> = FxHashMap::default();
        for rule in rules.iter().filter(|rule| rule.kind.is_of_paths()) {
            let moves = rule.moves.iter().flat_map(|(from, to)| [from, to]);
            for path in iter::once(&rule.canonical).chain(moves).chain(&rule.facades) {
                by_path.entry(path).or_default().push(rule);
            }
        }
        Self(by_path)
    }

    fn names(&self, path: &SymbolPath) -> PathNames {
        let mut last = BTreeSet::from([path.name().to_owned()]);
        for rule in self.0.get(path).into_iter().flatten() {
            last.insert(rule.canonical.name().to_owned());
            let others = rule.moves.iter().map(|(from, _)| from).chain(&rule.facades);
            last.extend(others.map(|path| path.name().to_owned()));
        }
        let has_others = (1..=path.len()).any(|count| self.0.contains_key(&path.prefix(count)));
        PathNames { last, has_others }
    }
}

impl UsageRule {
    /// The pattern of the rule with this index, among `others`.
    pub(super) fn new(rule: usize, language: Language, pattern: Pattern, others: &RulesByPath<'_>) -> Self {
        let names = pattern.paths().map(|path| (path.clone(), others.names(path))).collect();
        Self { rule, language, pattern, names }
    }

    /// The pattern's paths, each with what rules say of it.
    pub(super) const fn names(&self) -> &FxHashMap<SymbolPath, PathNames> {
        &self.names
    }

    /// Words of which a text holds one at least when it holds what the pattern describes; none when nothing can be said. `names`
    /// are those of its paths.
    pub(super) fn anchors<'names>(
        &'names self,
        names: &'names FxHashMap<SymbolPath, BTreeSet<String>>,
    ) -> Vec<&'names str> {
        let plain = self.pattern.required();
        match plain.iter().max_by_key(|word| word.len()) {
            Some(word) => vec![word],
            None => {
                let names = self.names.keys().filter_map(|path| names.get(path));
                let names = names.min_by_key(|names| names.len());
                names.into_iter().flatten().map(String::as_str).collect()
            }
        }
    }
}

/// What patterns describe in one file.
pub(super) struct FileMatches {
    pub tree: Arc<UsageTree>,
    /// Outer ones first.
    pub found: Vec<Found>,
}

impl Project<'_> {
    /// Reads those of `files` in which a pattern may describe something. False when there is none that was not read.
    pub(super) fn read_usages(&mut self, files: &[FileId]) -> bool {
        let mut candidates = Vec::new();
        let is_some = self.scan_for_usages(files, &mut candidates);
        self.complete_usages(files, candidates) || is_some
    }

    /// The same when `files` have been looked through, and these `candidates` hold a word of a pattern.
    pub(super) fn complete_usages(&mut self, files: &[FileId], mut candidates: Vec<FileId>) -> bool {
        let rest = self.rest_for_usages(files);
        let mut is_some = self.scan_for_usages(&rest, &mut candidates);
        is_some |= self.take_waiting();
        let is_known = |file: &FileId| self.graph.facts(*file).is_some();
        candidates.extend(files.iter().copied().filter(is_known));
        candidates.sort_unstable();
        candidates.dedup();
        self.read_usages_handed_on(files, candidates) || is_some
    }

    /// Reads those of `files` that are not known and may hold what a pattern describes. False when there is none.
    fn scan_for_usages(&mut self, files: &[FileId], candidates: &mut Vec<FileId>) -> bool {
        let is_open = |file: &FileId| self.graph.facts(*file).is_none();
        let files: Vec<FileId> = files.iter().copied().filter(is_open).collect();
        let mut is_some = false;
        for part in files.chunks(TEXTS_AT_ONCE) {
            let judge =
                |_, language: Language, bytes: &[u8]| self.may_hold_usage(language, bytes).then_some(());
            let found: Vec<_> = sift(&self.tree, part, judge).into_iter().map(|(file, ())| file).collect();
            candidates.extend(found.iter().map(|(file, _)| *file));
            is_some |= self.take_usages(found);
        }
        is_some
    }

    /// What patterns describe in the files asked for.
    pub(super) fn usage_matches(&mut self) -> FxHashMap<FileId, Vec<UsageMatch>> {
        let matches = self.search_usages();
        let usages = &self.settings.usages;
        let of_file = |(file, matches): (FileId, FileMatches)| {
            let found = matches.found.iter().map(|found| UsageMatch {
                rule: found.rule,
                span: found.span,
                is_statement: usages
                    .iter()
                    .any(|usage| usage.rule == found.rule && usage.pattern.is_statement()),
            });
            (file, found.collect())
        };
        matches.into_iter().map(of_file).collect()
    }

    /// The same with the trees. Files are read until every name is known that they ask for.
    pub(super) fn search_usages(&mut self) -> Vec<(FileId, FileMatches)> {
        let mut files: Vec<FileId> = self.usage_trees.keys().copied().collect();
        files.sort_unstable();
        if !files.is_empty() {
            self.learn_packages();
        }
        loop {
            let found = files.par_iter().filter_map(|&file| Some((file, self.matches_in(file)?)));
            let found: Vec<(FileId, FileMatches)> = found.collect();
            if !self.read_demanded() {
                return found.into_iter().filter(|(_, matches)| !matches.found.is_empty()).collect();
            }
        }
    }

    /// Whether a Rust file that was read has macros and this word behind the first of them: a macro may read a name wherever it is
    /// called.
    pub(super) fn is_in_macro(&self, name: &str) -> bool {
        const MACRO: &str = "macro_rules!";
        let sources = self.sources.values().filter(|source| source.language() == Language::Rust);
        let mut macros = sources.filter_map(|source| Some(&source.text()[source.text().find(MACRO)?..]));
        macros.any(|text| text.contains(name))
    }

    /// Whether the crate that a Rust file is part of does without `std`, be it under a condition.
    pub(super) fn is_without_std(&self, file: FileId) -> bool {
        let modules = self.graph.modules();
        let root = modules
            .of_file(file)
            .and_then(|own| modules.find(&modules.module(own).name().prefix(1), Some(file)));
        let root = root.and_then(|root| modules.module(root).file).unwrap_or(file);
        let says_so = |text: &str| {
            let mut attributes = text.lines().map(str::trim_start).filter(|line| line.starts_with("#!["));
            attributes.any(|line| line.contains("no_std"))
        };
        match self.source(root) {
            Some(source) => says_so(source.text()),
            None => read_one(&self.tree, root).is_ok_and(|source| says_so(source.text())),
        }
    }

    /// `None` for a file that does not parse.
    fn matches_in(&self, file: FileId) -> Option<FileMatches> {
        let tree = self.usage_trees.get(&file)?;
        let view = View::new(&self.graph, file).filter(|view| view.facts.errors.is_empty())?;
        let chains = Chains::new(view, &self.declared, self.packages());
        let stands_for =
            |written: Written<'_>, path: &SymbolPath| chains.stand_for(written.start, written.names, path);
        let mut found = self.patterns(&tree.usages).search_again(&tree.tree, &tree.found, &stands_for);
        let usages = tree.usages.iter().map(|&usage| &self.settings.usages[usage]);
        let patterns: FxHashMap<usize, &Pattern> = usages.map(|usage| (usage.rule, &usage.pattern)).collect();
        found.retain(|found| {
            let mut builtins = found.builtins(patterns[&found.rule], &tree.tree);
            builtins.all(|(name, start)| chains.is_builtin_at(start, name) != Some(false))
        });
        Some(FileMatches { tree: Arc::clone(tree), found })
    }
}

/// The pattern of a `[[usage]]` that was read already.
pub(super) fn pattern(declared: &UsageDeclaration) -> Pattern {
    let written = WrittenPattern {
        find: &declared.find.value,
        replace: declared.replace.as_ref().map(|replace| replace.value.as_str()),
        constraints: declared
            .constraints
            .iter()
            .map(|(name, pattern)| (&*name.value, &*pattern.value))
            .collect(),
    };
    Pattern::new(front_end(declared.language), &written)
        .expect("a pattern of a configuration was read when that was loaded")
}

/// Reads a pattern for [`crate::config::load`]. Without a language it is of the first one that can read it: Python, else Rust.
///
/// # Errors
/// What is wrong with it.
pub fn read_pattern(text: &PatternText<'_>) -> Result<Language, PatternFault> {
    let written =
        WrittenPattern { find: text.find, replace: text.replace, constraints: text.constraints.clone() };
    let read = |language: Language| Pattern::new(front_end(language), &written).map(|_| language);
    let is_path = |pattern: &str| pattern.contains("::");
    let is_rust = is_path(text.find) || text.replace.is_some_and(is_path);
    let looks_like = if is_rust { Language::Rust } else { Language::Python };
    let fault = |error: PatternError| PatternFault {
        key: match error.key {
            Key::Find => "find",
            Key::Replace => "replace",
            Key::Where => "where",
        },
        message: error.message,
    };
    match text.language {
        Some(language) => read(language).map_err(fault),
        None => {
            let mut faults = None;
            for language in languages() {
                match read(language) {
                    Ok(language) => return Ok(language),
                    Err(error) if language == looks_like => faults = Some(error),
                    Err(_) => {}
                }
            }
            Err(fault(faults.expect("the language that it looks like was tried")))
        }
    }
}
