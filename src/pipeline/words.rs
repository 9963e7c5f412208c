//! The words that make a file relevant.

use crate::model::Shapes;
use std::collections::BTreeSet;

/// A set of words that is asked for every name of a project, nearly always in vain.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: BTreeSet<String>,
    shapes: Shapes,
}

impl Words {
    /// True when `name` is one of them.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.shapes.may_hold(name) && self.words.contains(name)
    }

    /// All of them, sorted.
    pub(super) const fn all(&self) -> &BTreeSet<String> {
        &self.words
    }

    pub(super) fn insert(&mut self, word: String) {
        self.shapes.add(&word);
        self.words.insert(word);
    }
}

impl Extend<String> for Words {
    fn extend<Source: IntoIterator<Item = String>>(&mut self, words: Source) {
        words.into_iter().for_each(|word| self.insert(word));
    }
}

impl FromIterator<String> for Words {
    fn from_iter<Source: IntoIterator<Item = String>>(words: Source) -> Self {
        let mut all = Self::default();
        all.extend(words);
        all
    }
}
