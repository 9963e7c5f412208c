//! Which files may hold what a pattern describes: told from their bytes, and then from their syntax.

use super::project::Project;
use super::search::glance_at_roots;
use super::usage_names::HandedOn;
use super::usage_words::{Closer, Possible};
use super::usages::UsageRule;
use super::words::Words;
use crate::language::front_end;
use crate::language::pattern::{BoundNames, Found, PatternSet, SyntaxTree, Written};
use crate::model::{FileId, Language, SourceFile, SymbolPath};
use crate::source::{Matters, Search, Vocabulary, look_through};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

/// What is looked for in files of each language.
pub(super) struct UsageSearch {
    searches: FxHashMap<Language, Search<'static>>,
    everywhere: FxHashSet<Language>,
    closer: FxHashMap<Language, Closer>,
    /// For a path in a pattern the last names under which it may be written.
    names: FxHashMap<SymbolPath, BTreeSet<String>>,
    /// Which of these modules of the project hand on.
    handed_on: HandedOn,
    /// True when a name that a file imports may stand for anything: few files are looked at.
    is_loose: bool,
}

impl UsageSearch {
    pub(super) fn new(usages: &[UsageRule], handed_on: HandedOn, is_loose: bool) -> Self {
        let mut everywhere = FxHashSet::default();
        let mut words: FxHashMap<Language, Words> = FxHashMap::default();
        let mut names: FxHashMap<SymbolPath, BTreeSet<String>> = FxHashMap::default();
        for (path, more) in usages.iter().flat_map(UsageRule::names) {
            let handed_on = handed_on.get(path).into_iter().flatten().map(|(name, _)| name.clone());
            names.entry(path.clone()).or_default().extend(more.last.iter().cloned().chain(handed_on));
        }
        for usage in usages {
            let anchors = usage.anchors(&names);
            if anchors.is_empty() || is_loose {
                everywhere.insert(usage.language);
            }
            words.entry(usage.language).or_default().extend(anchors.into_iter().map(str::to_owned));
        }
        let closer = |&language| (language, Closer::new(usages, language, &names, &handed_on));
        let closer = words.keys().map(closer).collect();
        let search = |(language, words): (Language, Words)| {
            (language, Search::new(words.all().iter().map(String::as_str), &anywhere))
        };
        let searches = words.into_iter().map(search).collect();
        Self { searches, everywhere, closer, names, handed_on, is_loose }
    }

    pub(super) const fn is_loose(&self) -> bool {
        self.is_loose
    }

    pub(super) const fn handed_on(&self) -> &HandedOn {
        &self.handed_on
    }

    /// The last names under which the path of a pattern may be written.
    pub(super) fn names(&self, path: &SymbolPath) -> impl Iterator<Item = &str> {
        self.names.get(path).into_iter().flatten().map(String::as_str)
    }

    pub(super) fn of(&self, language: Language) -> Option<&Search<'static>> {
        self.searches.get(&language)
    }

    /// True when every file of the language may hold something.
    pub(super) fn is_everywhere(&self, language: Language) -> bool {
        self.everywhere.contains(&language)
    }

    /// The patterns of which a file with these bytes may hold something.
    fn possible(&self, language: Language, bytes: &[u8], begins_path: &dyn Fn(&str) -> bool) -> Possible {
        let Some(closer) = self.closer.get(&language) else { return Possible::default() };
        // In Rust imports are not told from the rest.
        if language == Language::Python
            && let Some(bytes) = closer.words.in_plain_form(bytes)
        {
            return closer.possible(language, &bytes, begins_path, self.is_loose);
        }
        let is_there = self.is_everywhere(language)
            || self.of(language).is_some_and(|search| search.may_matter(language, bytes));
        if is_there { closer.every() } else { Possible::default() }
    }
}

/// Which packages from outside of the project its imports bring in.
#[derive(Debug, Default)]
pub(super) enum Brought {
    /// Nobody has looked yet: files wait in which a pattern may describe something only if they are.
    Unknown { waiting: Vec<FileId> },
    /// Those that were learned.
    Known,
    /// Nobody looks: it may be any.
    #[default]
    Any,
}

/// What a look at the bytes of a file came to.
pub(super) enum Chance {
    /// No pattern describes anything in it.
    None,
    /// It is known later.
    Later,
    /// These may, as indexes into the settings.
    Now(Vec<usize>),
}

/// The syntax of a file, and the patterns that may describe something in it.
#[derive(Debug)]
pub(super) struct UsageTree {
    pub tree: SyntaxTree,
    /// As indexes into the settings.
    pub usages: Vec<usize>,
    /// What they describe, whatever the names stand for.
    pub found: Vec<Found>,
}

impl Project<'_> {
    /// Looks for what patterns describe in every file that is read from now on.
    pub(super) fn watch_usages(&mut self) {
        let usages = &self.settings.usages;
        let new = || UsageSearch::new(usages, HandedOn::default(), self.asks_for_few());
        self.usage_search = (!usages.is_empty()).then(new);
        // What a memory keeps must not depend on other files.
        if self.memory.is_none() {
            self.brought = Brought::Unknown { waiting: Vec::new() };
        }
    }

    /// True when a file with these bytes holds a word of a pattern.
    pub(super) fn may_hold_usage(&self, language: Language, bytes: &[u8]) -> bool {
        let Some(search) = &self.usage_search else { return false };
        search.is_everywhere(language)
            || search.of(language).is_some_and(|search| search.may_matter(language, bytes))
    }

    /// What the patterns may describe in a file by the words of a search.
    pub(super) fn possible_by(&self, search: &UsageSearch, source: &SourceFile) -> Possible {
        let begins_path = |first: &str| self.graph.modules().begins_path(source.language(), first);
        search.possible(source.language(), source.bytes(), &begins_path)
    }

    /// The patterns of which a file may hold something: told from its bytes.
    pub(super) fn chance(&self, source: &SourceFile) -> Chance {
        let Some(search) = &self.usage_search else { return Chance::None };
        let Possible { mut now, by_import } = self.possible_by(search, source);
        match &self.brought {
            Brought::Unknown { .. } if now.is_empty() && !by_import.is_empty() => return Chance::Later,
            Brought::Unknown { .. } | Brought::Any => {
                now.extend(by_import.into_iter().map(|(usage, _)| usage))
            }
            Brought::Known => {
                let holds =
                    |(_, needed): &(usize, Vec<String>)| needed.iter().all(|one| self.packages.contains(one));
                now.extend(by_import.into_iter().filter(holds).map(|(usage, _)| usage));
            }
        }
        now.sort_unstable();
        if now.is_empty() { Chance::None } else { Chance::Now(now) }
    }

    /// Takes note of a file of which it is known later what patterns may describe in it.
    pub(super) fn wait(&mut self, file: FileId) {
        if let Brought::Unknown { waiting } = &mut self.brought {
            waiting.push(file);
        }
    }

    /// The files that wait. From now on no other does.
    pub(super) fn end_waiting(&mut self) -> Vec<FileId> {
        let Brought::Unknown { waiting } = &mut self.brought else { return Vec::new() };
        let waiting = mem::take(waiting);
        self.brought = Brought::Any;
        if !waiting.is_empty() {
            self.learn_packages();
            self.brought = Brought::Known;
        }
        waiting
    }

    /// The packages from outside that patterns begin with and any file imports, as far as they were learned.
    pub(super) const fn packages(&self) -> &FxHashSet<String> {
        &self.packages
    }

    /// Learns once which packages from outside that patterns begin with are imported by any file.
    pub(super) fn learn_packages(&mut self) {
        if !mem::replace(&mut self.knows_packages, true) {
            self.packages = self.imported_packages();
        }
    }

    fn imported_packages(&self) -> FxHashSet<String> {
        let usages = self.settings.usages.iter().filter(|usage| usage.language == Language::Python);
        self.imported(usages.flat_map(|usage| usage.pattern.paths().map(|path| &*path.segments()[0])))
    }

    /// Those of some packages from outside which any file imports.
    pub(super) fn imported<'name>(&self, roots: impl Iterator<Item = &'name str>) -> FxHashSet<String> {
        let language = Language::Python; // In Rust a file names every crate as it is called.
        let begins_path = |name: &str| self.graph.modules().begins_path(language, name);
        let roots = roots.map(str::to_owned);
        let roots = Vocabulary::new(roots.filter(|root| !begins_path(root)).collect());
        if roots.is_empty() {
            return FxHashSet::default();
        }
        let files: Vec<FileId> =
            (0..self.tree.files.len() as FileId).filter(|&file| self.language(file) == language).collect();
        let found = look_through(&self.tree, &files, |language, bytes| {
            let Some(bytes) = roots.in_plain_form(bytes) else { return (0..roots.len()).collect() };
            let mut found = FxHashSet::default();
            let mut begins = glance_at_roots(language, &bytes);
            roots.tell(&bytes, |root, start, end| {
                if begins(start, end) {
                    found.insert(root);
                }
            });
            found
        });
        found.into_iter().flatten().map(|root| roots.word(root).to_owned()).collect()
    }

    /// What the `possible` patterns may describe in a text, whatever its names stand for; the tree comes back when that is
    /// nothing, or when nobody asked for the file.
    pub(super) fn usage_tree(
        &self,
        (file, language): (FileId, Language),
        tree: SyntaxTree,
        possible: &[usize],
    ) -> Result<UsageTree, SyntaxTree> {
        if !self.tree.files[file as usize].in_scope {
            return Err(tree);
        }
        let may_stand_for = self.may_stand_for(language, &tree);
        let found = self.patterns(possible).search(&tree, &may_stand_for);
        drop(may_stand_for);
        let rules: FxHashSet<usize> = found.iter().map(|found| found.rule).collect();
        let is_found = |usage: &usize| rules.contains(&self.settings.usages[*usage].rule);
        let usages: Vec<usize> = possible.iter().copied().filter(is_found).collect();
        if usages.is_empty() { Err(tree) } else { Ok(UsageTree { tree, usages, found }) }
    }

    /// Whether a chain of names in a text may stand for the path in a pattern: a look at the text alone.
    pub(super) fn may_stand_for<'run>(
        &'run self,
        language: Language,
        tree: &'run SyntaxTree,
    ) -> impl Fn(Written<'_>, &SymbolPath) -> bool + 'run {
        // In Rust imports are not told from the rest.
        let bound = (language == Language::Python).then(|| BoundNames::new(tree));
        let names = self.usage_search.as_ref().map(|search| &search.names);
        let is_loose = self.usage_search.as_ref().is_some_and(UsageSearch::is_loose);
        move |written: Written<'_>, path: &SymbolPath| {
            let names = names.and_then(|names| names.get(path));
            bound.as_ref().is_none_or(|bound| {
                is_loose && bound.binds_first(written.names)
                    || bound.may_stand_for(written.names, path, names)
            })
        }
    }

    /// Takes note of a file's new text.
    pub(super) fn note_usages(&mut self, file: FileId, source: &SourceFile) {
        self.brought = Brought::Any; // It may bring in what nobody did before.
        let tree = match self.chance(source) {
            Chance::Now(possible) => {
                let tree = front_end(source.language()).syntax(source.text()).ok();
                tree.and_then(|tree| self.usage_tree((file, source.language()), tree, &possible).ok())
            }
            Chance::None | Chance::Later => None,
        };
        match tree {
            Some(tree) => drop(self.usage_trees.insert(file, Arc::new(tree))),
            None => drop(self.usage_trees.remove(&file)),
        }
    }

    /// Those of the patterns with these indexes.
    pub(super) fn patterns(&self, usages: &[usize]) -> PatternSet<'_> {
        let usages = usages.iter().map(|&usage| &self.settings.usages[usage]);
        PatternSet::new(usages.map(|usage| (usage.rule, &usage.pattern)))
    }
}

/// A word of a pattern counts wherever it stands.
pub(super) fn anywhere<'file>(_: Language, _: &'file [u8]) -> Box<Matters<'file>> {
    Box::new(|_, _| true)
}
