//! A closer look at a file that holds a word of a pattern: whether it holds all of one, told from its bytes.

use super::search::glance_at_imports;
use super::usage_names::HandedOn;
use super::usages::{PathNames, UsageRule};
use crate::model::{Language, SymbolPath};
use crate::source::Vocabulary;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::LazyCell;
use std::collections::BTreeSet;

/// The words of all patterns of one language.
pub(super) struct Closer {
    pub words: Vocabulary,
    patterns: Vec<Needs>,
    spelled: Spelled,
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
    /// Its place among all paths.
    number: usize,
    /// Its first name.
    first: usize,
    /// The last two names of it.
    end: (usize, usize),
    /// The last names under which it may be written.
    last: Vec<usize>,
    /// Names by which modules hand it on, each with the last name of the module.
    handed_on: Vec<(usize, usize)>,
    /// Whether rules give the symbol other paths.
    has_others: bool,
    path: SymbolPath,
}

/// What the patterns may describe in a file, as indexes into the settings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Possible {
    /// Told by the file itself.
    pub now: Vec<usize>,
    /// Only if imports somewhere bring packages in that lie outside of the project, and which.
    pub by_import: Vec<(usize, Vec<String>)>,
}

/// Paths as chains of words, to be followed while a file is read.
#[derive(Debug, Default)]
struct Spelled {
    next: FxHashMap<(u32, usize), u32>,
    /// The paths that end at a state, by their numbers.
    ends: FxHashMap<u32, Vec<usize>>,
    states: u32,
}

/// What one file was seen to hold.
struct Seen {
    there: Vec<bool>,
    /// Those that stand in an import.
    imported: Vec<bool>,
    /// Words that stand side by side in a chain.
    linked: FxHashSet<(usize, usize)>,
    /// The paths that are spelled in full, by their numbers.
    spelled: FxHashSet<usize>,
}

impl Closer {
    /// With the last names under which each path may be written, and what modules hand on.
    pub fn new(
        usages: &[UsageRule],
        language: Language,
        last_names: &FxHashMap<SymbolPath, BTreeSet<String>>,
        handed_on: &HandedOn,
    ) -> Self {
        let usages: Vec<(usize, &UsageRule)> =
            usages.iter().enumerate().filter(|(_, usage)| usage.language == language).collect();
        let mut words: BTreeSet<String> = BTreeSet::new();
        for (_, usage) in &usages {
            words.extend(usage.pattern.required().iter().cloned());
            for path in usage.names().keys() {
                words.extend(path.segments().iter().map(ToString::to_string));
                words.extend(last_names[path].iter().cloned());
                words.extend(handed_on.get(path).into_iter().flatten().map(|(_, module)| module.clone()));
            }
        }
        let words = Vocabulary::new(words);
        let number = |word: &str| words.number(word).expect("every word was put in");
        let mut spelled = Spelled::default();
        let mut paths = 0;
        let mut path = |(path, names): (&SymbolPath, &PathNames)| {
            paths += 1;
            let segments: Vec<usize> = path.segments().iter().map(|name| number(name)).collect();
            spelled.add(&segments, paths);
            Path {
                number: paths,
                end: (segments[segments.len() - 2], segments[segments.len() - 1]),
                first: segments[0],
                last: last_names[path].iter().map(|name| number(name)).collect(),
                handed_on: (handed_on.get(path).into_iter().flatten())
                    .map(|(name, module)| (number(name), number(module)))
                    .collect(),
                has_others: names.has_others,
                path: path.clone(),
            }
        };
        let patterns = usages.iter().map(|&(index, usage)| Needs {
            usage: index,
            plain: usage.pattern.required().iter().map(|word| number(word)).collect(),
            paths: usage.names().iter().map(&mut path).collect(),
        });
        let patterns = patterns.collect();
        Self { words, patterns, spelled }
    }

    /// The patterns of which all words are there. A path that begins outside of the project is written in full, or an import
    /// brings it in. With `is_loose` nothing is said of paths.
    pub fn possible(
        &self,
        language: Language,
        bytes: &[u8],
        begins_path: &dyn Fn(&str) -> bool,
        is_loose: bool,
    ) -> Possible {
        let seen = self.see(language, bytes);
        let has_star = LazyCell::new(|| has_star_import(bytes));
        let mut possible = Possible::default();
        for needs in &self.patterns {
            let mut packages = Vec::new();
            let holds = |path: &Path| {
                let root = &path.path.segments()[0];
                if is_loose {
                    return true;
                }
                if !path.last.iter().any(|&word| seen.there[word]) {
                    return false;
                }
                if path.has_others || seen.spelled.contains(&path.number) || begins_path(root) {
                    return true;
                }
                let is_handed_on =
                    |&(name, module): &(usize, usize)| seen.there[name] && seen.imported[module];
                if path.handed_on.iter().any(is_handed_on) {
                    return true;
                }
                packages.push(root.to_string());
                seen.linked.contains(&path.end)
                    || seen.imported[path.first]
                    || path.last.iter().any(|&word| seen.imported[word])
                    || *has_star
            };
            if needs.plain.iter().all(|&word| seen.there[word]) && needs.paths.iter().all(holds) {
                match packages.is_empty() {
                    true => possible.now.push(needs.usage),
                    false => possible.by_import.push((needs.usage, packages)),
                }
            }
        }
        possible
    }

    /// All patterns, of which nothing can be said.
    pub fn every(&self) -> Possible {
        Possible { now: self.patterns.iter().map(|needs| needs.usage).collect(), ..Possible::default() }
    }

    fn see(&self, language: Language, bytes: &[u8]) -> Seen {
        let mut seen = Seen {
            there: vec![false; self.words.len()],
            imported: vec![false; self.words.len()],
            linked: FxHashSet::default(),
            spelled: FxHashSet::default(),
        };
        let mut asks = glance_at_imports(language, bytes);
        // A name on a line behind a `#` may stand in a comment, or behind a string with that: then it is part of a chain.
        let (mut main, mut aside) = (None, None);
        self.words.tell(bytes, |word, start, end| {
            seen.there[word] = true;
            seen.imported[word] = seen.imported[word] || asks(start, end);
            let mut states = Vec::new();
            if !follows_dot(&bytes[..start]) {
                states.extend(self.spelled.next.get(&(0, word)));
            }
            let befores = [&main, &aside].into_iter().flatten();
            let befores = befores.filter(|before: &&Seat| is_link(&bytes[before.end..start]));
            for before in befores {
                seen.linked.insert((before.word, word));
                states.extend(before.states.iter().filter_map(|&at| self.spelled.next.get(&(at, word))));
            }
            for ends in states.iter().filter_map(|state| self.spelled.ends.get(state)) {
                seen.spelled.extend(ends);
            }
            let seat = Some(Seat { word, end, states });
            *(if follows_hash(&bytes[..start]) { &mut aside } else { &mut main }) = seat;
        });
        seen
    }
}

/// A word in a file, and which chains it may be part of.
struct Seat {
    word: usize,
    end: usize,
    states: Vec<u32>,
}

impl Spelled {
    fn add(&mut self, words: &[usize], path: usize) {
        let mut at = 0;
        for &word in words {
            at = *self.next.entry((at, word)).or_insert_with(|| {
                self.states += 1;
                self.states
            });
        }
        self.ends.entry(at).or_default().push(path);
    }
}

/// Whether what stands between two names joins them to a chain: a dot, with comments and whatever means nothing there.
fn is_link(between: &[u8]) -> bool {
    let lines = between.split(|&byte| byte == b'\n' || byte == b'\r');
    let code = lines.map(|line| memchr::memchr(b'#', line).map_or(line, |at| &line[..at]));
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\x0c' | b'\\' | b'(' | b')');
    code.flatten().filter(|byte| !is_blank(byte)).eq([b'.'].iter())
}

/// Whether there is a `#` on the line before what follows.
fn follows_hash(before: &[u8]) -> bool {
    let line = memchr::memrchr2(b'\n', b'\r', before).map_or(before, |at| &before[at + 1..]);
    line.contains(&b'#')
}

/// Whether a name that follows is part of a chain which has begun before.
fn follows_dot(before: &[u8]) -> bool {
    let mut lines = before.rsplit(|&byte| byte == b'\n' || byte == b'\r');
    let own = lines.next().into_iter();
    let above = lines.map(|line| memchr::memchr(b'#', line).map_or(line, |at| &line[..at]));
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0c' | b'\\');
    let last = |line: &[u8]| line.iter().copied().rfind(|byte| !is_blank(byte));
    own.chain(above).find_map(last) == Some(b'.')
}

/// Whether something may bring names in without telling them.
fn has_star_import(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"import")
        .any(|at| bytes[at + b"import".len()..].trim_ascii_start().starts_with(b"*"))
}

#[cfg(test)]
mod tests {
    use super::super::usages::RulesByPath;
    use super::*;
    use crate::language::front_end;
    use crate::language::pattern::{Pattern, WrittenPattern};

    /// What may be found now, and by which packages.
    fn possible(find: &str, text: &str) -> (bool, Vec<String>) {
        let written = WrittenPattern { find, replace: None, constraints: Vec::new() };
        let pattern = Pattern::new(front_end(Language::Python), &written).unwrap();
        let usage = UsageRule::new(0, Language::Python, pattern, &RulesByPath::new(&[]));
        let names = usage.names().iter().map(|(path, names)| (path.clone(), names.last.clone()));
        let names = names.collect();
        let closer = Closer::new(&[usage], Language::Python, &names, &HandedOn::default());
        let Possible { now, by_import } =
            closer.possible(Language::Python, text.as_bytes(), &|name| name == "shop", false);
        (now == [0], by_import.into_iter().flat_map(|(_, packages)| packages).collect())
    }

    #[test]
    fn a_chain_is_found_however_it_is_laid_out() {
        for text in [
            "lib.tax.rate(1)",
            "x = (lib\n  .tax  # no x.y\n  # rate\n  .rate(1))",
            "x = (lib).tax \\\n .rate(1)",
            "# rate\nlib.tax.rate(1)",
            "tax  # lib.\nlib.tax.rate(1)",
            "tax(1)  # ( see there\nlib.tax.rate(1)",
            "'#'; lib.tax.rate(1)",
            "'#'.join((lib\n.tax.rate(1)))",
            "rate.lib; lib.tax.rate.more",
        ] {
            assert_eq!(possible("lib.tax.rate($X)", text), (true, vec![]), "{text}");
        }
        for text in ["x.lib.tax.rate(1)", "lib.tax; rate(1)", "lib.tax()", "lib.tax + x.rate", ""] {
            assert!(!possible("lib.tax.rate($X)", text).0, "{text}");
        }
    }

    #[test]
    fn other_spellings_need_an_import_of_the_package() {
        for text in [
            "from lib.tax import rate",
            "import lib.tax as t\nt.rate(1)",
            "from x import rate as r",
            "from x import *\nrate(1)",
            "x.tax.rate(1)",
        ] {
            assert_eq!(possible("lib.tax.rate($X)", text), (false, vec!["lib".to_owned()]), "{text}");
        }
        assert_eq!(possible("shop.tax.rate($X)", "x.rate(1)"), (true, vec![]));
        assert_eq!(possible("lib.tax.rate($X)", "import lib"), (false, vec![]));
    }
}
