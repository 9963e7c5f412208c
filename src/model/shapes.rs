//! A quick no for most names.

/// The first bytes and lengths of a set of names. Most names that are looked up are not in the set, and show it by these.
#[derive(Debug, Clone)]
pub struct Shapes {
    /// For each first byte the lengths that occur with it, one bit each; the last bit stands for all greater ones.
    lengths: Box<[u64; 256]>,
}

impl Default for Shapes {
    fn default() -> Self {
        Self { lengths: Box::new([0; 256]) }
    }
}

impl Shapes {
    /// Adds the shape of a name.
    pub fn add(&mut self, name: &str) {
        self.lengths[first(name)] |= length(name);
    }

    /// False only when no name that was added is equal to `name`.
    pub fn may_hold(&self, name: &str) -> bool {
        self.lengths[first(name)] & length(name) != 0
    }
}

fn first(name: &str) -> usize {
    name.bytes().next().unwrap_or_default().into()
}

fn length(name: &str) -> u64 {
    1 << name.len().min(63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_lengths_and_letters_are_refused() {
        let mut shapes = Shapes::default();
        assert!(!shapes.may_hold(""));
        shapes.add("vat");
        shapes.add(&"é".repeat(40));
        assert!(shapes.may_hold("vat") && shapes.may_hold("val") && shapes.may_hold(&"é".repeat(41)));
        assert!(!shapes.may_hold("va") && !shapes.may_hold("tax") && !shapes.may_hold(&"v".repeat(80)));
    }

    proptest! {
        #[test]
        fn what_was_added_is_never_refused(names in prop::collection::vec(".{0,80}", 0..8)) {
            let mut shapes = Shapes::default();
            names.iter().for_each(|name| shapes.add(name));
            prop_assert!(names.iter().all(|name| shapes.may_hold(name)));
        }
    }
}
