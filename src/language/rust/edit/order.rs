//! The order in which `rustfmt` sorts imports, in the style editions until 2021 and since 2024.

use super::tree::{End, Tree, plain};
use std::cmp::Ordering;

/// One of the two orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Small letters first, then names in camel case, then names in capitals, each byte by byte.
    Classic,
    /// As versions: capitals first, numbers by value (style edition 2024).
    Version,
}

impl Order {
    pub fn is_sorted(self, trees: &[Tree]) -> bool {
        trees.is_sorted_by(|one, other| self.compare(one, other).is_le())
    }

    /// Compares two trees of one group or run.
    pub fn compare(self, one: &Tree, other: &Tree) -> Ordering {
        let (left, right) = (segments(one), segments(other));
        for (left, right) in left.iter().zip(&right) {
            let order = self.compare_segments(left, right);
            if order.is_ne() {
                return order;
            }
        }
        left.len().cmp(&right.len()).then_with(|| match (left.last(), right.last()) {
            (Some(Part::Name(_, one)), Some(Part::Name(_, other))) => self.compare_aliases(*one, *other),
            _ => Ordering::Equal,
        })
    }

    fn compare_aliases(self, one: Option<&str>, other: Option<&str>) -> Ordering {
        match (one, other) {
            (Some(one), Some(other)) => self.compare_names(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }

    fn compare_segments(self, one: &Part<'_>, other: &Part<'_>) -> Ordering {
        match (one, other) {
            (Part::Name(one, _), Part::Name(other, _)) => {
                rank(one).cmp(&rank(other)).then_with(|| self.compare_names(one, other))
            }
            (Part::Group(one), Part::Group(other)) => self.compare_groups(one, other),
            (one, other) => class(one).cmp(&class(other)),
        }
    }

    fn compare_groups(self, one: &[Tree], other: &[Tree]) -> Ordering {
        for (one, other) in one.iter().zip(other) {
            let order = self.compare(one, other);
            if order.is_ne() {
                return order;
            }
        }
        one.len().cmp(&other.len())
    }

    fn compare_names(self, one: &str, other: &str) -> Ordering {
        match self {
            Self::Classic => case(one).cmp(&case(other)).then_with(|| one.cmp(other)),
            Self::Version => version(plain(one), plain(other)),
        }
    }
}

/// A part of a path as far as sorting sees it.
enum Part<'tree> {
    Name(&'tree str, Option<&'tree str>),
    Star,
    Group(&'tree [Tree]),
}

fn segments(tree: &Tree) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::with_capacity(tree.path.len() + 2);
    if tree.is_global {
        parts.push(Part::Name("", None));
    }
    parts.extend(tree.path.iter().map(|name| Part::Name(name, None)));
    match &tree.end {
        End::Star => parts.push(Part::Star),
        End::Group(group) => parts.push(Part::Group(&group.items)),
        End::Name(alias) => {
            if let Some(Part::Name(_, last)) = parts.last_mut() {
                *last = alias.as_deref();
            }
        }
    }
    parts
}

/// `self`, `super` and `crate` come before other names.
fn rank(name: &str) -> u8 {
    match name {
        "self" => 0,
        "super" => 1,
        "crate" => 2,
        _ => 3,
    }
}

fn class(part: &Part<'_>) -> u8 {
    match part {
        Part::Name(..) => 0,
        Part::Star => 1,
        Part::Group(_) => 2,
    }
}

/// Small, camel and capitals.
fn case(name: &str) -> u8 {
    let is_capitals = name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric());
    match name.chars().next() {
        _ if is_capitals => 2,
        Some(first) if first.is_uppercase() => 1,
        _ => 0,
    }
}

/// Numbers by value, all else by character; `_` first (the style guide's "version-sorting").
fn version(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (a, rest_left) = chunk(left);
        let (b, rest_right) = chunk(right);
        if a.is_empty() || b.is_empty() {
            return a.len().cmp(&b.len()).then_with(|| zeros(one).cmp(&zeros(other)));
        }
        let order = match (number(a), number(b)) {
            (Some(a), Some(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            _ => a.cmp(b),
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (rest_left, rest_right);
    }
}

/// A run of digits, or of others.
fn chunk(text: &str) -> (&str, &str) {
    let Some(first) = text.chars().next() else { return ("", "") };
    let is_digit = first.is_ascii_digit();
    let end = text.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(text.len());
    text.split_at(end)
}

fn number(chunk: &str) -> Option<&str> {
    chunk.starts_with(|c: char| c.is_ascii_digit()).then(|| chunk.trim_start_matches('0'))
}

fn zeros(text: &str) -> usize {
    text.len() - text.replace('0', "").len()
}
