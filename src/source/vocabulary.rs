//! Which of some words stand in a file, all looked for in one pass.

use super::prefilter::{Words, hides_ascii};
use std::collections::BTreeSet;

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

    /// True when none of the words can stand in `bytes` in another form of its letters (PEP 3131).
    pub fn is_plain_in(&self, bytes: &[u8]) -> bool {
        let has_foreign_word = || self.words.iter().any(|word| !word.is_ascii());
        bytes.is_ascii()
            || !has_foreign_word()
                && std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(hides_ascii))
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
    fn words_in_another_form_are_not_plain() {
        let words = Vocabulary::new(["file".to_owned()].into());
        assert!(words.is_plain_in("file = '°'".as_bytes()));
        assert!(!words.is_plain_in("ﬁle = 1".as_bytes()));
        assert!(!words.is_plain_in(b"file = '\xe9'"));
        let words = Vocabulary::new(["größe".to_owned()].into());
        assert!(!words.is_plain_in("gro\u{308}ße".as_bytes()));
        assert!(words.is_plain_in(b"x"));
    }
}
