//! Decides from a file's bytes whether it can matter at all, so that most files are never parsed.

use super::word_set::{WordSet, is_word_byte};
use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::UnicodeNormalization;

/// From this many words on it is faster to look every identifier up in a set (measured).
const MANY: usize = 100;

/// Whether a word at these byte offsets counts.
pub type Matters<'file> = dyn FnMut(usize, usize) -> bool + 'file;

/// A word counts wherever it stands.
const fn anywhere(_start: usize, _end: usize) -> bool {
    true
}

/// A set of words to look for.
#[derive(Debug)]
pub struct Prefilter {
    /// `None` when there is no word: then no file can matter.
    words: Option<Words>,
    has_foreign_word: bool,
}

/// Words with numbers, looked for as wholes.
#[derive(Debug)]
pub(super) enum Words {
    Few(AhoCorasick),
    Many {
        plain: WordSet,
        /// Those of other bytes (`größe`, `r#type`), and their numbers.
        foreign: Option<(AhoCorasick, Vec<usize>)>,
    },
}

impl Prefilter {
    /// A filter for whole-word occurrences of any of `words` (identifiers in normal form).
    pub fn new<'word>(words: impl IntoIterator<Item = &'word str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        let has_foreign_word = words.iter().any(|word| !word.is_ascii());
        let words = (!words.is_empty()).then(|| Words::new(&words));
        Self { words, has_foreign_word }
    }

    /// True when `bytes` may hold one of the words in a place where `matters` (asked with the word's start and end)
    /// says that it counts. Never a false no: an identifier may be written in characters that only its normal form
    /// shows (PEP 3131), a string with escapes, and a file that is not UTF-8 is always a yes.
    pub fn may_matter(&self, bytes: &[u8], matters: &mut Matters<'_>) -> bool {
        let Some(words) = &self.words else { return false };
        if words.occur(bytes, matters) || hides_in_escapes(words, bytes) {
            return true;
        }
        if bytes.is_ascii() {
            return false;
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return true };
        if self.has_foreign_word {
            return words.occur(text.nfkc().collect::<String>().as_bytes(), &mut anywhere);
        }
        text.chars().any(hides_ascii)
            && words.occur(text.nfkc().collect::<String>().as_bytes(), &mut anywhere)
    }
}

impl Words {
    /// The number of a word is its place among `words`.
    pub fn new(words: &[&str]) -> Self {
        if words.len() < MANY {
            return Self::Few(automaton(words));
        }
        let numbered = words.iter().copied().zip(0..);
        let (plain, foreign): (Vec<_>, Vec<_>) =
            numbered.partition(|(word, _)| word.bytes().all(is_word_byte));
        let (foreign, numbers): (Vec<&str>, Vec<usize>) = foreign.into_iter().unzip();
        let foreign = (!foreign.is_empty()).then(|| (automaton(&foreign), numbers));
        Self::Many { plain: WordSet::new(plain), foreign }
    }

    /// Tells the number and the place, in bytes, of every word that stands in `bytes` as a whole, until `tell` says that it is
    /// enough. True when it did. Those with letters outside of ASCII may come last.
    pub fn find(&self, bytes: &[u8], tell: &mut dyn FnMut(usize, usize, usize) -> bool) -> bool {
        match self {
            Self::Few(words) => find(words, bytes, tell),
            Self::Many { plain, foreign } => {
                plain.find(bytes, &mut *tell)
                    || foreign.as_ref().is_some_and(|(words, numbers)| {
                        find(words, bytes, &mut |word, start, end| tell(numbers[word], start, end))
                    })
            }
        }
    }

    /// True when one of the words stands in `bytes` as a whole, where it counts.
    fn occur(&self, bytes: &[u8], matters: &mut Matters<'_>) -> bool {
        self.find(bytes, &mut |_, start, end| matters(start, end))
    }
}

/// What finds the longest of some words.
fn automaton(words: &[&str]) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest);
    builder.build(words).expect("words of a configuration are few and short")
}

/// A leftmost-longest search finds every whole word: a longer or earlier match would have to run over the boundary.
fn find(words: &AhoCorasick, bytes: &[u8], tell: &mut dyn FnMut(usize, usize, usize) -> bool) -> bool {
    let mut found = words.find_iter(bytes).filter(|found| is_whole(bytes, found.start(), found.end()));
    found.any(|found| tell(found.pattern().as_usize(), found.start(), found.end()))
}

/// True when no word goes on at either end.
fn is_whole(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map(|at| bytes[at]);
    let after = bytes.get(end).copied();
    !before.is_some_and(is_word_byte) && !after.is_some_and(is_word_byte)
}

/// Strings may spell a word with escapes (`"a\x2eVAT"`), or break it over two lines.
fn hides_in_escapes(words: &Words, bytes: &[u8]) -> bool {
    let mut escapes =
        memchr::memchr_iter(b'\\', bytes).filter(|&at| bytes.get(at + 1).is_some_and(is_spelling)).peekable();
    if escapes.peek().is_none() {
        return false;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in escapes.filter(|&at| at + 1 < bytes.len()) {
        if at < from {
            continue;
        }
        plain.extend_from_slice(&bytes[from..at]);
        let (spelled, length) = unescape(&bytes[at + 1..]);
        plain.extend(spelled);
        from = (at + 1 + length).min(bytes.len());
    }
    plain.extend_from_slice(&bytes[from..]);
    words.occur(&plain, &mut anywhere)
}

/// The escapes that can stand for a letter, a digit or a dot, and the line break that vanishes (Python reference,
/// 2.4.1.1).
fn is_spelling(byte: &u8) -> bool {
    matches!(byte, b'x' | b'u' | b'U' | b'N' | b'0'..=b'7' | b'\n' | b'\r')
}

/// What the escape behind a backslash spells, as far as it is ASCII, and how many bytes it takes.
fn unescape(rest: &[u8]) -> (Option<u8>, usize) {
    let number = |digits: &[u8], radix| {
        let text = std::str::from_utf8(digits).ok()?;
        let value = u32::from_str_radix(text, radix).ok()?;
        u8::try_from(value).ok().filter(u8::is_ascii).or(Some(b' '))
    };
    match rest {
        [b'\r', b'\n', ..] => (None, 2),
        [b'\n' | b'\r', ..] => (None, 1),
        [kind @ (b'x' | b'u' | b'U'), digits @ ..] => {
            let length = match kind {
                b'x' => 2,
                b'u' => 4,
                _ => 8,
            };
            (digits.get(..length).and_then(|digits| number(digits, 16)), 1 + length)
        }
        [b'N', b'{', ..] => (Some(b' '), 1),
        _ => {
            let length = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(*byte)).count();
            (number(&rest[..length], 8), length.max(1))
        }
    }
}

/// True for a character whose normal form holds ASCII letters, digits or the underscore (`ﬁ`, `𝐚`, `ª`).
pub(super) fn hides_ascii(character: char) -> bool {
    !character.is_ascii()
        && std::iter::once(character).nfkc().any(|part| part.is_ascii_alphanumeric() || part == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_matter(words: &[&str], text: &str) -> bool {
        Prefilter::new(words.iter().copied()).may_matter(text.as_bytes(), &mut anywhere)
    }

    #[test]
    fn only_whole_words_count() {
        assert!(may_matter(&["manager"], "from a.manager import X"));
        assert!(!may_matter(&["manager"], "from a.managers import my_manager"));
        assert!(may_matter(&["a_b", "b"], "xa_b b"));
        assert!(may_matter(&["man", "manager"], "man"));
        assert!(!may_matter(&[], "anything"));
    }

    #[test]
    fn of_many_words_each_is_found_as_a_whole() {
        let names: Vec<String> = (0..1000).map(|number| format!("name_{number}")).collect();
        let many: Vec<&str> = names.iter().map(String::as_str).chain(["größe", "r#type"]).collect();
        assert!(may_matter(&many, "from a import (x, name_999)"));
        assert!(may_matter(&many, "name_0"));
        assert!(may_matter(&many, "x.größe = 1"));
        assert!(may_matter(&many, "use a::r#type;"));
        assert!(may_matter(&many, r"'a\x2ename_7'"));
        assert!(!may_matter(&many, "from a import name_1000, my_name_1, größen"));
    }

    #[test]
    fn identifiers_in_another_form_are_seen() {
        assert!(may_matter(&["file"], "import ﬁle"));
        assert!(may_matter(&["Manager"], "𝐌anager()"));
        assert!(may_matter(&["größe"], "gro\u{308}ße = 1"));
        assert!(!may_matter(&["Manager"], "# naïve — nothing here"));
    }

    #[test]
    fn words_spelled_with_escapes_are_seen() {
        for text in [r"'a\x2eVAT'", r"'a.\x56AT'", r"'\u0056AT'", r"'\126AT'", "'V\\\nAT'", r"'\U00000056AT'"]
        {
            assert!(may_matter(&["VAT"], text), "{text}");
        }
        assert!(!may_matter(&["VAT"], r"'\x56ATS' '\n \x'"));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_never_a_no() {
        assert!(Prefilter::new(["X"]).may_matter(b"# \xe9", &mut anywhere));
    }
}
