//! Which of some words stand in a file, all looked for in one pass.

use super::prefilter::is_whole;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;

/// Words with numbers.
#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<String>,
    automaton: AhoCorasick,
}

impl Vocabulary {
    /// The vocabulary of `words`.
    pub fn new(words: BTreeSet<String>) -> Self {
        let words: Vec<String> = words.into_iter().collect();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words);
        Self { automaton: automaton.expect("words of a configuration are few and short"), words }
    }

    /// The number of a word.
    pub fn number(&self, word: &str) -> Option<usize> {
        self.words.binary_search_by(|known| known.as_str().cmp(word)).ok()
    }

    /// How many words there are.
    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// True when there is none.
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Tells the number and the place, in bytes, of every whole word in `bytes`.
    pub fn tell(&self, bytes: &[u8], mut tell: impl FnMut(usize, usize, usize)) {
        for found in self.automaton.find_iter(bytes) {
            if is_whole(bytes, found.start(), found.end()) {
                tell(found.pattern().as_usize(), found.start(), found.end());
            }
        }
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
}
