//! Which of some words stand in a file, all looked for in one pass.

use super::prefilter::{Words, hides_ascii};
use std::borrow::Cow;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Words with numbers.
#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<String>,
    search: Words,
}

impl Vocabulary {
    /// The vocabulary of `words`.
    pub fn new(words: BTreeSet<String>) -> Self {
        let words: Vec<String> = words.into_iter().collect();
        let search = Words::new(&words.iter().map(String::as_str).collect::<Vec<_>>());
        Self { search, words }
    }

    /// The number of a word.
    pub fn number(&self, word: &str) -> Option<usize> {
        self.words.binary_search_by(|known| known.as_str().cmp(word)).ok()
    }

    /// The word with a number.
    pub fn word(&self, number: usize) -> &str {
        &self.words[number]
    }

    /// How many words there are.
    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// True when there is none.
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A text in the form in which the words stand in it, since names may be written in other forms of their letters (PEP 3131);
    /// `None` for bytes that are not UTF-8.
    pub fn in_plain_form<'text>(&self, bytes: &'text [u8]) -> Option<Cow<'text, [u8]>> {
        if bytes.is_ascii() {
            return Some(Cow::Borrowed(bytes));
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let has_foreign_word = || self.words.iter().any(|word| !word.is_ascii());
        match text.chars().any(hides_ascii) || has_foreign_word() {
            true => Some(Cow::Owned(text.nfkc().collect::<String>().into_bytes())),
            false => Some(Cow::Borrowed(bytes)),
        }
    }

    /// Tells the number and the place, in bytes, of every whole word in `bytes`. Those with letters outside of ASCII may come last.
    pub fn tell(&self, bytes: &[u8], mut tell: impl FnMut(usize, usize, usize)) {
        self.search.find(bytes, &mut |word, start, end| {
            tell(word, start, end);
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_told_with_their_places() {
        let words = Vocabulary::new(["send", "send_all", "x"].map(str::to_owned).into());
        let mut told = Vec::new();
        words.tell(b"send_all(x.send, xx)", |word, start, end| told.push((word, start, end)));
        assert_eq!(told, [(1, 0, 8), (2, 9, 10), (0, 11, 15)]);
        assert_eq!(words.number("x"), Some(2));
        assert_eq!(words.number("xx"), None);
    }

    #[test]
    fn words_in_another_form_are_told_too() {
        let told = |word: &str, text: &[u8]| {
            let words = Vocabulary::new([word.to_owned()].into());
            let text = words.in_plain_form(text)?;
            let mut count = 0;
            words.tell(&text, |_, _, _| count += 1);
            Some(count)
        };
        assert_eq!(told("file", "file = '°³'".as_bytes()), Some(1));
        assert_eq!(told("file", "ﬁle = 1".as_bytes()), Some(1));
        assert_eq!(told("file", b"file = '\xe9'"), None);
        assert_eq!(told("größe", "gro\u{308}ße".as_bytes()), Some(1));
        assert_eq!(told("größe", b"x"), Some(0));
    }
}
