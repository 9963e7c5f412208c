//! What was made of files that one tree has in common with the one before: a content is parsed once.

use super::reading::Lowered;
use super::usage_names::HandedOn;
use crate::model::Edition;
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

/// Facts by what they are made of. They depend on nothing else, as long as only findings are wanted.
#[derive(Debug, Default)]
pub struct Memory {
    known: Mutex<FxHashMap<Ingredients, Known>>,
}

/// All that the facts of a file are made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Ingredients {
    /// The address of the content, which is kept with the facts: it stands for the bytes.
    address: usize,
    path: Arc<str>,
    edition: Edition,
    wanted: u64,
}

#[derive(Debug)]
struct Known {
    content: Arc<[u8]>,
    lowered: Lowered,
    is_of_this_tree: bool,
}

impl Ingredients {
    /// Those of the file at `path`. What is `wanted` of it: uses of these words, whether definitions are compared, and what
    /// patterns are asked about.
    pub fn new(
        content: &Arc<[u8]>,
        path: &Arc<str>,
        edition: Edition,
        wanted: (&BTreeSet<String>, bool, Option<&HandedOn>),
    ) -> Self {
        let mut hasher = FxHasher::default();
        wanted.hash(&mut hasher);
        let address = content.as_ptr().addr();
        Self { address, path: Arc::clone(path), edition, wanted: hasher.finish() }
    }
}

impl Memory {
    /// What is known already, else what `lower` makes.
    pub(super) fn recall(
        &self,
        content: &Arc<[u8]>,
        ingredients: Ingredients,
        lower: impl FnOnce() -> Lowered,
    ) -> Lowered {
        if let Some(known) = self.lock().get_mut(&ingredients)
            && Arc::ptr_eq(&known.content, content)
        {
            known.is_of_this_tree = true;
            return known.lowered.clone();
        }
        let lowered = lower(); // Others may look things up meanwhile.
        let known = Known { content: Arc::clone(content), lowered: lowered.clone(), is_of_this_tree: true };
        self.lock().insert(ingredients, known);
        lowered
    }

    /// Begins with another tree: what the last one did not need is forgotten.
    pub(super) fn next_tree(&self) {
        self.lock().retain(|_, known| std::mem::take(&mut known.is_of_this_tree));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<Ingredients, Known>> {
        self.known.lock().expect("nothing panics while the lock is held")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_is_lowered_once_and_forgotten_when_a_tree_does_without_it() {
        let memory = Memory::default();
        let (content, path): (Arc<[u8]>, Arc<str>) = (Arc::from(*b"x"), "a.py".into());
        let ask = |words: &[&str], answer: &str| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            let ingredients = Ingredients::new(&content, &path, Edition::default(), (&words, false, None));
            memory.recall(&content, ingredients, || Err(answer.to_owned())).unwrap_err()
        };
        assert_eq!(ask(&[], "first"), "first");
        assert_eq!(ask(&[], "second"), "first");
        assert_eq!(ask(&["word"], "other"), "other");
        memory.next_tree();
        assert_eq!(ask(&[], "third"), "first");
        memory.next_tree();
        assert_eq!(ask(&["word"], "forgotten"), "forgotten");
    }
}
