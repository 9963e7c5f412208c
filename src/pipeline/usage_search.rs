//! Which files may hold what a pattern describes: told from their bytes.

use super::project::Project;
use super::search::glance_at_imports;
use super::usages::UsageRule;
use super::words::Words;
use crate::model::{Language, SymbolPath};
use crate::source::{Matters, Search, Vocabulary};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What is looked for in files of each language.
pub(super) struct UsageSearch {
    searches: FxHashMap<Language, Search<'static>>,
    everywhere: FxHashSet<Language>,
    closer: FxHashMap<Language, Closer>,
}

/// A closer look at a file that holds a word of a pattern: whether it holds all of one.
struct Closer {
    words: Vocabulary,
    patterns: Vec<Needs>,
}

/// The words that a pattern needs, by their numbers.
struct Needs {
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
        Self { searches: words.into_iter().map(search).collect(), everywhere, closer }
    }

    pub(super) fn of(&self, language: Language) -> Option<&Search<'static>> {
        self.searches.get(&language)
    }

    /// True when every file of the language may hold something.
    pub(super) fn is_everywhere(&self, language: Language) -> bool {
        self.everywhere.contains(&language)
    }
}

impl Project<'_> {
    /// True when a file with these bytes may hold what a pattern describes.
    pub(super) fn may_hold_usage(&self, language: Language, bytes: &[u8]) -> bool {
        let search = &self.usage_search;
        let begins_path = |first: &str| self.graph.modules().begins_path(language, first);
        search.is_everywhere(language)
            || search.of(language).is_some_and(|search| search.may_matter(language, bytes))
                && search.closer[&language].may_hold(language, bytes, &begins_path)
    }
}

impl Closer {
    fn new(usages: &[UsageRule], language: Language) -> Self {
        let usages: Vec<&UsageRule> = usages.iter().filter(|usage| usage.language == language).collect();
        let mut words: BTreeSet<String> = BTreeSet::new();
        for usage in &usages {
            words.extend(usage.pattern.required().iter().cloned());
            for (path, names) in usage.names() {
                words.extend(path.segments().iter().map(ToString::to_string));
                words.extend(names.iter().cloned());
            }
        }
        let words = Vocabulary::new(words);
        let number = |word: &str| words.number(word).expect("every word was put in");
        let patterns = usages.iter().map(|usage| Needs {
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

    /// Whether all words of one pattern are there. A path that begins outside of the project is written whole, or its last name
    /// is imported from somewhere.
    fn may_hold(&self, language: Language, bytes: &[u8], begins_path: &dyn Fn(&str) -> bool) -> bool {
        // Names may hide in other forms of their letters, and in Rust imports are not told from the rest.
        if !bytes.is_ascii() || language != Language::Python {
            return true;
        }
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
        self.patterns.iter().any(|needs| {
            needs.plain.iter().all(|&word| there[word])
                && needs.paths.iter().all(|Path { first, end, last, path }| {
                    last.iter().any(|&word| there[word])
                        && (linked.contains(end)
                            || imported[*first]
                            || begins_path(&path.segments()[0])
                            || last.iter().any(|&word| imported[word])
                            || has_star_import(bytes))
                })
        })
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
