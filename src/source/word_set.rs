//! Many words, all looked for in one pass over the bytes of a file.

use rustc_hash::FxHashMap;

/// So many bytes are looked at together: one bit each in a number.
const BLOCK: usize = 64;

/// How many bits a [`Sieve`] has.
const BITS: usize = 1 << 16;

/// Words in ASCII with numbers. Most words of a file are not among them, so they have to be refused fast: to build an automaton
/// of thousands of words takes longer than to read the files.
#[derive(Debug)]
pub(super) struct WordSet {
    numbers: FxHashMap<Box<[u8]>, usize>,
    sieve: Sieve,
}

/// A quick no for most words, by their length and three of their bytes.
#[derive(Debug)]
struct Sieve(Box<[u64; BITS / 64]>);

impl WordSet {
    /// The set of `words`, each with its number.
    pub fn new<'word>(words: impl IntoIterator<Item = (&'word str, usize)>) -> Self {
        let mut set = Self { numbers: FxHashMap::default(), sieve: Sieve(Box::new([0; BITS / 64])) };
        for (word, number) in words {
            debug_assert!(!word.is_empty() && word.bytes().all(is_word_byte), "{word} is no ASCII word");
            set.sieve.add(word.as_bytes());
            set.numbers.insert(word.as_bytes().into(), number);
        }
        set
    }

    /// Tells the number and the place, in bytes, of every whole word in `bytes`, in their order, until `tell` says that it is
    /// enough. True when it did.
    pub fn find(&self, bytes: &[u8], mut tell: impl FnMut(usize, usize, usize) -> bool) -> bool {
        each_word(bytes, |start, end| {
            let word = &bytes[start..end];
            self.sieve.may_hold(word)
                && self.numbers.get(word).is_some_and(|&number| tell(number, start, end))
        })
    }
}

impl Sieve {
    fn add(&mut self, word: &[u8]) {
        let bit = Self::bit(word);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn may_hold(&self, word: &[u8]) -> bool {
        let bit = Self::bit(word);
        self.0[bit / 64] & (1 << (bit % 64)) != 0
    }

    /// Words are never empty.
    fn bit(word: &[u8]) -> usize {
        let (first, middle, last) = (word[0], word[word.len() / 2], word[word.len() - 1]);
        let key = u32::from_le_bytes([first, middle, last, word.len() as u8]);
        (key.wrapping_mul(0x9E37_79B1) >> 16) as usize
    }
}

/// Bytes of characters outside ASCII count as a boundary: better one file too many.
pub(super) const fn is_word_byte(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26 || byte.wrapping_sub(b'0') < 10 || byte == b'_'
}

/// Calls `found` with the start and the end of each run of word bytes, until it says that it is enough.
fn each_word(bytes: &[u8], mut found: impl FnMut(usize, usize) -> bool) -> bool {
    let mut start = 0;
    let mut is_inside = 0;
    let mut blocks = bytes.chunks_exact(BLOCK);
    let mut at = 0;
    let mut look = |word_bytes: u64, at: usize| {
        // Each bit says that a word begins or ends there, in turns.
        let mut borders = word_bytes ^ (word_bytes << 1 | is_inside);
        is_inside = word_bytes >> (BLOCK - 1);
        while borders != 0 {
            let border = borders.trailing_zeros() as usize;
            borders &= borders - 1;
            if word_bytes & (1 << border) != 0 {
                start = at + border;
            } else if found(start, at + border) {
                return true;
            }
        }
        false
    };
    for block in &mut blocks {
        if look(word_bytes(block), at) {
            return true;
        }
        at += BLOCK;
    }
    // What is left is made up to a block and a byte that ends the last word.
    let mut rest = [b' '; BLOCK];
    rest[..blocks.remainder().len()].copy_from_slice(blocks.remainder());
    look(word_bytes(&rest), at)
}

/// Which of the bytes of a block belong to words: a bit each, the first the lowest.
fn word_bytes(block: &[u8]) -> u64 {
    let mut flags = [0_u8; BLOCK];
    for (flag, &byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(is_word_byte(byte));
    }
    let eight = |flags: &[u8]| {
        let flags = u64::from_le_bytes(flags.try_into().expect("eight of them"));
        flags.wrapping_mul(0x0102_0408_1020_4080) >> 56 // Each flag in a byte of its own becomes a bit of the highest byte.
    };
    flags.chunks_exact(8).rev().fold(0, |bits, flags| bits << 8 | eight(flags))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &[u8]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        each_word(text, |start, end| {
            all.push((start, end));
            false
        });
        all
    }

    #[test]
    fn whole_words_are_told_in_their_order() {
        let set = WordSet::new([("send", 0), ("x", 1), ("send_all", 2)]);
        let mut told = Vec::new();
        let tell = |number, start, end| {
            told.push((number, start, end));
            false
        };
        assert!(!set.find("send_all(x.send, xx) é+x".as_bytes(), tell));
        assert_eq!(told, [(2, 0, 8), (1, 9, 10), (0, 11, 15), (1, 24, 25)]);
    }

    #[test]
    fn a_search_ends_when_it_is_enough() {
        let set = WordSet::new([("x", 1)]);
        let mut count = 0;
        assert!(set.find(b"x x x", |_, _, _| {
            count += 1;
            count == 2
        }));
        assert_eq!(count, 2);
    }

    #[test]
    fn words_may_reach_over_blocks() {
        for length in [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            for before in [0, 1, BLOCK - 1, BLOCK] {
                let text = format!("{}{}", " ".repeat(before), "a".repeat(length));
                assert_eq!(words(text.as_bytes()), [(before, before + length)]);
            }
        }
    }

    proptest! {
        #[test]
        fn every_run_of_word_bytes_is_a_word(text in prop::collection::vec("[a_Z09 .é\n{@`/:]{0,90}", 0..4)) {
            let text = text.concat();
            let parts = text.split(|character: char| !character.is_ascii() || !is_word_byte(character as u8));
            let expected: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            let found: Vec<&str> = words(text.as_bytes()).into_iter().map(|(start, end)| &text[start..end]).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn what_was_added_is_found(names in prop::collection::btree_set("[a-z_]{1,70}", 1..8)) {
            let set = WordSet::new(names.iter().enumerate().map(|(number, name)| (name.as_str(), number)));
            let text: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut told = Vec::new();
            set.find(text.join("+").as_bytes(), |number, _, _| { told.push(number); false });
            prop_assert_eq!(told, (0..names.len()).collect::<Vec<_>>());
        }
    }
}
