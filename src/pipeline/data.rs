//! Files that are not code: which of them hold a path that rules speak of, and what they hold.

use super::project::Project;
use crate::graph::{data_use, is_like_file};
use crate::language::{MARK, data};
use crate::model::{DataPath, DataUse, FileFacts, Finding, Language, Notation, SourceFile, Span, SymbolPath};
use crate::rewrite::doubled_keys;
use crate::rule::{Selection, Suppressions, data_findings, triage, unreadable};
use crate::source::{Literals, decode_data, search_data};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One such file.
pub(super) struct DataRead {
    /// Which of the tree's it is.
    pub number: usize,
    pub source: SourceFile,
    pub paths: Vec<DataPath>,
    /// All keys and names of sections; none when no path stands in one.
    keys: FxHashSet<Box<str>>,
    /// Its suppressions; data has no other facts.
    pub facts: FileFacts,
}

/// The files that hold something, and those that could not be read.
#[derive(Default)]
pub(super) struct DataFound {
    /// What was looked for.
    literals: Literals,
    pub read: Vec<DataRead>,
    pub unreadable: Vec<(Arc<str>, String)>,
}

/// What a check says of files that are not code.
#[derive(Default)]
pub(super) struct DataTold {
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Finding>,
}

impl DataRead {
    fn new(number: usize, source: SourceFile, notation: Notation, starts: &[u32]) -> Self {
        let data::DataFacts { paths, keys, suppressions } = data::read(&source, notation, starts);
        let facts = FileFacts { suppressions, ..FileFacts::default() };
        Self { number, source, paths, keys, facts }
    }
}

impl DataFound {
    /// A file with other bytes.
    pub(super) fn read_again(&self, read: &DataRead, notation: Notation, bytes: &[u8]) -> DataRead {
        let source = decode_data(read.source.path(), read.source.language(), bytes);
        DataRead::new(read.number, source, notation, &self.literals.places(bytes))
    }
}

impl Project<'_> {
    /// Searches the files that were asked for; none is read when no rule speaks of a Python path.
    pub(super) fn read_data(&self) -> DataFound {
        let modules = self.graph.modules();
        let legacy = self.rules.legacy_paths(modules).map(|(_, path)| path);
        // A file may spell a path from another root than the module's preferred name does.
        let as_written =
            self.rules.rules.iter().flat_map(|rule| rule.moves.iter().map(|(from, _)| from.clone()));
        self.search_data(legacy.chain(as_written), false)
    }

    /// The same for any paths; with `everywhere` in all files, whatever was asked for.
    pub(super) fn search_data(&self, paths: impl Iterator<Item = SymbolPath>, everywhere: bool) -> DataFound {
        let literals: BTreeSet<String> = paths.flat_map(|path| beginnings(&path)).collect();
        let literals = Literals::new(literals, MARK);
        let mut found = DataFound { literals, read: Vec::new(), unreadable: Vec::new() };
        if found.literals.is_empty() {
            return found;
        }
        let files = self.tree.data.iter().enumerate().filter(|(_, data)| everywhere || data.file.in_scope);
        let files: Vec<usize> = files.map(|(number, _)| number).collect();
        for (number, searched) in search_data(&self.tree, &files, &found.literals) {
            let file = &self.tree.data[number];
            match searched {
                Ok((source, starts)) => {
                    found.read.push(DataRead::new(number, source, file.notation, &starts));
                }
                Err(reason) => found.unreadable.push((Arc::clone(&file.file.path), reason)),
            }
        }
        found
    }

    /// The paths in a file that rules call legacy.
    pub(super) fn data_uses(&self, read: &DataRead) -> Vec<DataUse> {
        let uses = read.paths.iter().filter_map(|path| data_use(&self.graph, &self.declared, path));
        let mut uses: Vec<DataUse> = uses.collect();
        let masked = read.source.is_masked().then(|| "the file is not UTF-8".to_owned());
        let doubled = doubled_keys(self.graph.modules(), read.source.text(), &read.keys, &uses);
        for (found, doubled) in uses.iter_mut().zip(doubled) {
            found.obstacle = masked.clone().or(found.obstacle.take()).or(doubled);
        }
        uses
    }

    /// Reads what it takes to say all that can be said of the paths in these files.
    pub(super) fn read_for_data(&mut self, found: &DataFound) {
        loop {
            found.read.par_iter().for_each(|read| drop(self.data_uses(read)));
            if !self.read_demanded() {
                return;
            }
        }
    }

    /// The paths in a file, each where it stands, in the spelling of the project's modules; without what is rather the name of a
    /// file, or one of the names of tasks.
    pub(super) fn data_symbols(
        &self,
        read: &DataRead,
        task_names: &FxHashSet<SymbolPath>,
    ) -> Vec<(SymbolPath, Span)> {
        let symbol = |path: &DataPath| {
            let names = path.names.iter().map(|(name, _)| name);
            let symbol = self.graph.modules().canonical(SymbolPath::new(Language::Python, names), None);
            let is_declared = || {
                self.declared.get(&symbol).is_some() || data_use(&self.graph, &self.declared, path).is_some()
            };
            let is_path = !is_like_file(path) || is_declared();
            let is_path = is_path && !task_names.contains(&symbol);
            is_path.then_some((symbol, path.span))
        };
        read.paths.iter().filter_map(symbol).collect()
    }

    /// The findings in files that are not code.
    pub(super) fn tell_data(&self, found: &DataFound, selection: &Selection) -> DataTold {
        let (rules, today) = (&*self.rules, self.settings.today);
        let suppressions = Suppressions { rules, selection, is_complete: self.is_complete(), today };
        let tell = |read: &DataRead| {
            let findings = triage(rules, data_findings(rules, &read.source, &self.data_uses(read)));
            suppressions.part(&read.facts, &read.source, findings)
        };
        let mut told = DataTold::default();
        for parted in found.read.par_iter().map(tell).collect::<Vec<_>>() {
            told.findings.extend(parted.left);
            told.suppressed.extend(parted.hidden);
        }
        told.findings.extend(found.unreadable.iter().map(|(path, reason)| unreadable(path, reason)));
        told
    }
}

/// What a path begins with, however it is written: its first two names. A path of one name is a word like others.
fn beginnings(path: &SymbolPath) -> Vec<String> {
    match path.segments() {
        [first, second, ..] if path.language() == Language::Python => {
            vec![format!("{first}.{second}"), format!("{first}:{second}")]
        }
        _ => Vec::new(),
    }
}
