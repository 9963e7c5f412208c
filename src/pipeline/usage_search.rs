//! Which files may hold what a pattern describes: told from their bytes, and then from their syntax.

use super::project::Project;
use super::search::glance_at_imports;
use super::usages::UsageRule;
use super::words::Words;
use crate::language::front_end;
use crate::language::pattern::{BoundNames, PatternSet, SyntaxTree, Written};
use crate::model::{FileId, Language, SourceFile, SymbolPath};
use crate::source::{Matters, Search, Vocabulary};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is looked for in files of each language.
pub(super) struct UsageSearch {
    searches: FxHashMap<Language, Search<'static>>,
    everywhere: FxHashSet<Language>,
    closer: FxHashMap<Language, Closer>,
    /// For a path in a pattern the last names under which it may be written, where these are several.
    names: FxHashMap<SymbolPath, BTreeSet<String>>,
}

/// A closer look at a file that holds a word of a pattern: whether it holds all of one.
struct Closer {
    words: Vocabulary,
    patterns: Vec<Needs>,
}

/// The words that a pattern needs, by their numbers.
struct Needs {
    /// The pattern, as index into the settings.
    usage: usize,
    plain: Vec<usize>,
    paths: Vec<Path>,
}

/// A path in a pattern.
struct Path {
    /// Its first name.
    first: usize,
    /// The last two names of it.
    end: (usize, usize),
    /// The last names under which it may be written.
    last: Vec<usize>,
    path: SymbolPath,
}

impl UsageSearch {
    pub(super) fn new(usages: &[UsageRule]) -> Self {
        let mut everywhere = FxHashSet::default();
        let mut words: FxHashMap<Language, Words> = FxHashMap::default();
        for usage in usages {
            let anchors = usage.anchors();
            if anchors.is_empty() {
                everywhere.insert(usage.language);
            }
            words.entry(usage.language).or_default().extend(anchors.into_iter().map(str::to_owned));
        }
        let closer = words.keys().map(|&language| (language, Closer::new(usages, language))).collect();
        let search = |(language, words): (Language, Words)| {
            (language, Search::new(words.all().iter().map(String::as_str), &anywhere))
        };
        let names = usages.iter().flat_map(UsageRule::names).filter(|(_, names)| names.len() > 1);
        let names = names.map(|(path, names)| (path.clone(), names.clone())).collect();
        Self { searches: words.into_iter().map(search).collect(), everywhere, closer, names }
    }

    pub(super) fn of(&self, language: Language) -> Option<&Search<'static>> {
        self.searches.get(&language)
    }

    /// True when every file of the language may hold something.
    pub(super) fn is_everywhere(&self, language: Language) -> bool {
        self.everywhere.contains(&language)
    }

    /// The patterns of which a file with these bytes may hold something, as indexes into the settings.
    fn possible(&self, language: Language, bytes: &[u8], begins_path: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let Some(closer) = self.closer.get(&language) else { return Vec::new() };
        // Names may hide in other forms of their letters, and in Rust imports are not told from the rest.
        if language == Language::Python && closer.words.is_plain_in(bytes) {
            return closer.possible(language, bytes, begins_path);
        }
        let is_there = self.is_everywhere(language)
            || self.of(language).is_some_and(|search| search.may_matter(language, bytes));
        closer.patterns.iter().filter(|_| is_there).map(|needs| needs.usage).collect()
    }
}

/// The syntax of a file, and the patterns that may describe something in it.
#[derive(Debug)]
pub(super) struct UsageTree {
    pub tree: SyntaxTree,
    /// As indexes into the settings.
    pub usages: Vec<usize>,
}

impl Project<'_> {
    /// Looks for what patterns describe in every file that is read from now on.
    pub(super) fn watch_usages(&mut self) {
        let usages = &self.settings.usages;
        self.usage_search = (!usages.is_empty()).then(|| UsageSearch::new(usages));
    }

    /// The patterns of which a file that was asked for may hold something, as indexes into the settings: told from its bytes.
    pub(super) fn possible_usages(&self, file: FileId, source: &SourceFile) -> Vec<usize> {
        let in_scope = self.tree.files[file as usize].in_scope;
        let Some(search) = self.usage_search.as_ref().filter(|_| in_scope) else { return Vec::new() };
        let begins_path = |first: &str| self.graph.modules().begins_path(source.language(), first);
        search.possible(source.language(), source.bytes(), &begins_path)
    }

    /// What the `possible` patterns may describe in a text, whatever its names stand for; `None` when that is nothing.
    pub(super) fn usage_tree(
        &self,
        language: Language,
        tree: SyntaxTree,
        possible: &[usize],
    ) -> Option<UsageTree> {
        let may_stand_for = self.may_stand_for(language, &tree);
        let found = self.patterns(possible).search(&tree, &may_stand_for);
        drop(may_stand_for);
        let found: FxHashSet<usize> = found.iter().map(|found| found.rule).collect();
        let is_found = |usage: &usize| found.contains(&self.settings.usages[*usage].rule);
        let usages: Vec<usize> = possible.iter().copied().filter(is_found).collect();
        (!usages.is_empty()).then_some(UsageTree { tree, usages })
    }

    /// Whether a chain of names in a text may stand for the path in a pattern: a look at the text alone.
    pub(super) fn may_stand_for<'run>(
        &'run self,
        language: Language,
        tree: &'run SyntaxTree,
    ) -> impl Fn(Written<'_>, &SymbolPath) -> bool + 'run {
        // In Rust imports are not told from the rest.
        let bound = (language == Language::Python).then(|| BoundNames::new(tree));
        let names = self.usage_search.as_ref().map(|search| &search.names).filter(|names| !names.is_empty());
        move |written: Written<'_>, path: &SymbolPath| {
            let names = names.and_then(|names| names.get(path));
            bound.as_ref().is_none_or(|bound| bound.may_stand_for(written.names, path, names))
        }
    }

    /// Takes note of a file's new text.
    pub(super) fn note_usages(&mut self, file: FileId, source: &SourceFile) {
        let possible = self.possible_usages(file, source);
        let tree = || front_end(source.language()).syntax(source.text()).ok();
        let tree = (!possible.is_empty())
            .then(tree)
            .flatten()
            .and_then(|tree| self.usage_tree(source.language(), tree, &possible));
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

impl Closer {
    fn new(usages: &[UsageRule], language: Language) -> Self {
        let usages: Vec<(usize, &UsageRule)> =
            usages.iter().enumerate().filter(|(_, usage)| usage.language == language).collect();
        let mut words: BTreeSet<String> = BTreeSet::new();
        for (_, usage) in &usages {
            words.extend(usage.pattern.required().iter().cloned());
            for (path, names) in usage.names() {
                words.extend(path.segments().iter().map(ToString::to_string));
                words.extend(names.iter().cloned());
            }
        }
        let words = Vocabulary::new(words);
        let number = |word: &str| words.number(word).expect("every word was put in");
        let patterns = usages.iter().map(|&(index, usage)| Needs {
            usage: index,
            plain: usage.pattern.required().iter().map(|word| number(word)).collect(),
            paths: usage
                .names()
                .iter()
                .map(|(path, names)| Path {
                    first: number(&path.segments()[0]),
                    end: (number(&path.segments()[path.len() - 2]), number(path.name())),
                    last: names.iter().map(|name| number(name)).collect(),
                    path: path.clone(),
                })
                .collect(),
        });
        let patterns = patterns.collect();
        Self { words, patterns }
    }

    /// The patterns of which all words are there. A path that begins outside of the project is written whole, or its last name
    /// is imported from somewhere.
    fn possible(&self, language: Language, bytes: &[u8], begins_path: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let mut there = vec![false; self.words.len()];
        let mut imported = vec![false; self.words.len()];
        let mut asks = glance_at_imports(language, bytes);
        let mut last = None;
        let mut linked = FxHashSet::default();
        self.words.tell(bytes, |word, start, end| {
            there[word] = true;
            imported[word] = imported[word] || asks(start, end);
            let before = last.replace((word, end));
            linked.extend(
                before.filter(|(_, at)| is_link(&bytes[*at..start])).map(|(before, _)| (before, word)),
            );
        });
        let mut star = None;
        let mut has_star = || *star.get_or_insert_with(|| has_star_import(bytes));
        let mut is_possible = |needs: &&Needs| {
            needs.plain.iter().all(|&word| there[word])
                && needs.paths.iter().all(|Path { first, end, last, path }| {
                    last.iter().any(|&word| there[word])
                        && (linked.contains(end)
                            || imported[*first]
                            || begins_path(&path.segments()[0])
                            || last.iter().any(|&word| imported[word])
                            || has_star())
                })
        };
        self.patterns.iter().filter(|needs| is_possible(needs)).map(|needs| needs.usage).collect()
    }
}

/// Whether what stands between two names joins them to a chain.
fn is_link(between: &[u8]) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' | b'\\');
    between.contains(&b'#') || between.iter().filter(|byte| !is_blank(byte)).eq([b'.'].iter())
}

/// Whether something may bring names in without telling them.
fn has_star_import(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"import")
        .any(|at| bytes[at + b"import".len()..].trim_ascii_start().starts_with(b"*"))
}

/// A word of a pattern counts wherever it stands.
fn anywhere<'file>(_: Language, _: &'file [u8]) -> Box<Matters<'file>> {
    Box::new(|_, _| true)
}
