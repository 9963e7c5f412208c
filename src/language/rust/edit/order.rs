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
        let (mut left, mut right) = (segments(one), segments(other));
        loop {
            let order = match (left.next(), right.next()) {
                (Some(left), Some(right)) => self.compare_segments(&left, &right),
                (None, None) => return self.compare_aliases(alias(one), alias(other)),
                (left, right) => left.is_some().cmp(&right.is_some()),
            };
            if order.is_ne() {
                return order;
            }
        }
    }

    fn compare_aliases(self, one: Option<&str>, other: Option<&str>) -> Ordering {
        match (one, other) {
            (Some(one), Some(other)) => self.compare_names(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }

    fn compare_segments(self, one: &Part<'_>, other: &Part<'_>) -> Ordering {
        match (one, other) {
            (Part::Name(one), Part::Name(other)) => {
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
    Name(&'tree str),
    Star,
    Group(&'tree [Tree]),
}

fn segments(tree: &Tree) -> impl Iterator<Item = Part<'_>> {
    let tail = match &tree.end {
        End::Star => Some(Part::Star),
        End::Group(group) => Some(Part::Group(&group.items)),
        End::Name(_) => None,
    };
    let global = tree.is_global.then_some(Part::Name(""));
    global.into_iter().chain(tree.path.iter().map(|name| Part::Name(name))).chain(tail)
}

fn alias(tree: &Tree) -> Option<&str> {
    if let End::Name(alias) = &tree.end { alias.as_deref() } else { None }
}

/// `self`, `super`, `crate` and a leading `::` come before other names.
fn rank(name: &str) -> u8 {
    match name {
        "self" => 0,
        "super" => 1,
        "crate" => 2,
        "" => 3,
        _ => 4,
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

/// Numbers by value, with more zeros in front first; `_` before all else (style guide, "Sorting").
fn version(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    let mut by_zeros = Ordering::Equal;
    while !left.is_empty() && !right.is_empty() {
        let ((a, rest_left), (b, rest_right)) = (chunk(left), chunk(right));
        let order = match (number(a), number(b)) {
            (Some(one), Some(other)) => {
                by_zeros = by_zeros.then_with(|| b.len().cmp(&a.len()));
                one.len().cmp(&other.len()).then_with(|| one.cmp(other))
            }
            _ => (a != "_").cmp(&(b != "_")).then_with(|| a.cmp(b)),
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (rest_left, rest_right);
    }
    left.len().min(1).cmp(&right.len().min(1)).then(by_zeros)
}

/// An underscore, a run of digits, or a run of others.
fn chunk(text: &str) -> (&str, &str) {
    let class = |c: char| if c == '_' { 0 } else { 1 + u8::from(c.is_ascii_digit()) };
    let first = text.chars().next().map_or(0, class);
    let end = text.find(|c| class(c) != first).unwrap_or(text.len());
    let end = if first == 0 { end.min(1) } else { end };
    text.split_at(end)
}

fn number(chunk: &str) -> Option<&str> {
    chunk.starts_with(|c: char| c.is_ascii_digit()).then(|| chunk.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::check;

    /// What `rustfmt` makes of the same names in the style editions 2021 and 2024.
    #[test]
    fn names_are_put_in_the_order_that_the_others_have() {
        let all =
            "new1 -> z::b10 as new1; New1 -> z::B10 as New1; NEW1 -> z::B_A as NEW1; new2 -> z::a_b as new2";
        check(&[
            (
                "use y::{new1, new2, New1, NEW1};\nuse z::{self, a, b2, d::E, A, B1, B2, CC, *};\n",
                all,
                "use z::{self, a, a_b as new2, b10 as new1, b2, d::E, A, B1, B10 as New1, B2, B_A as NEW1, CC, *};\n",
            ),
            (
                "use y::{NEW1, New1, new1, new2};\nuse z::{self, A, B1, B2, CC, a, b2, d::E, *};\n",
                all,
                "use z::{self, A, B_A as NEW1, B1, B2, B10 as New1, CC, a, a_b as new2, b2, b10 as new1, d::E, *};\n",
            ),
        ]);
    }

    #[test]
    fn keywords_and_a_leading_separator_come_first() {
        check(&[(
            "use self::Z;\nuse crate::Z;\nuse ::b::Z;\nuse b::A;\nuse Z::a;\n",
            "Z@3 -> own::a::Y as Z",
            "use self::Z;\nuse crate::a::Y as Z;\nuse crate::Z;\nuse b::A;\nuse Z::a;\n",
        )]);
        check(&[(
            "use crate::Z;\nuse ::b::Z;\nuse a::A;\n",
            "Z@2 -> c::Z",
            "use crate::Z;\nuse ::c::Z;\nuse a::A;\n",
        )]);
    }

    #[test]
    fn an_order_by_hand_stays() {
        check(&[
            ("use z::{c, a, b};\n", "a -> z::n::a", "use z::{c, n::a, b};\n"),
            (
                "use z::Z;\nuse b::{A, B};\nuse a::A;\n",
                "B -> c::B",
                "use z::Z;\nuse b::A;\nuse c::B;\nuse a::A;\n",
            ),
        ]);
    }
}
