//! Names that are there without an import (Rust Reference, "Preludes").

/// Types that no module has to import, sorted (Rust Reference, "Language prelude").
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32",
    "u64", "u8", "usize",
];

/// Names of the prelude of the standard library in every edition, but for those that `core` does not have: sorted.
const NAMES: [&str; 34] = [
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "Sync",
    "Unpin",
    "drop",
];

/// Those that `core` does not have.
const OF_STD: [&str; 5] = ["Box", "String", "ToOwned", "ToString", "Vec"];

/// Whether a name is that of a type of the language.
pub(super) fn is_primitive(name: &str) -> bool {
    PRIMITIVES.binary_search(&name).is_ok()
}

/// Whether a name is in the prelude of the standard library, whatever the edition.
pub(super) fn is_in_library(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok() || needs_std(name)
}

/// Whether a name of the prelude is missing in a crate that is `#![no_std]`.
pub(super) fn needs_std(name: &str) -> bool {
    OF_STD.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted_so_that_they_are_found() {
        assert!(NAMES.is_sorted() && PRIMITIVES.is_sorted());
        assert!(is_in_library("Some") && is_in_library("Vec") && is_primitive("u8"));
        assert!(!is_in_library("HashMap") && !is_in_library("TryFrom"));
    }
}
