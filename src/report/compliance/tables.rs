//! The tables of a report, whatever they are written as.

use super::{Breakdown, Extent};
use crate::model::{Compliance, Moment, RuleCount};
use crate::report::summary::percent;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The name of what has none.
const NAMELESS: &str = "(none)";

/// One table: a heading, and a row for each name.
pub struct Table<'a> {
    pub heading: &'static str,
    /// What the names are.
    pub column: &'static str,
    pub rows: Vec<(&'a str, RuleCount)>,
}

/// The tables that are wanted and can be made; in each, those with the most to do come first.
pub fn tables<'a>(compliance: &'a Compliance, extent: &Extent) -> Vec<Table<'a>> {
    let known = [
        (Breakdown::Rule, "By rule", "rule", Some(&compliance.by_rule)),
        (Breakdown::Package, "By package", "package", Some(&compliance.by_package)),
        (Breakdown::Owner, "By owner", "owner", compliance.by_owner.as_ref()),
    ];
    let wanted = known.into_iter().filter(|(by, ..)| extent.by.contains(by));
    wanted
        .filter_map(|(_, heading, column, counts)| Some(Table { heading, column, rows: rows(counts?) }))
        .collect()
}

fn rows<'a>(counts: &'a BTreeMap<String, RuleCount>) -> Vec<(&'a str, RuleCount)> {
    let name = |(name, count): (&'a String, &RuleCount)| {
        (if name.is_empty() { NAMELESS } else { name.as_str() }, *count)
    };
    let mut rows: Vec<(&'a str, RuleCount)> = counts.iter().map(name).collect();
    rows.sort_by_key(|(_, count)| Reverse(count.uses() - count.canonical_uses));
    rows
}

/// `27 %`, or a dash where there is no use.
pub fn share(count: RuleCount) -> String {
    count.compliance().map_or_else(|| "–".to_owned(), |share| format!("{} %", percent(share)))
}

/// Canonical uses of all uses.
pub fn fraction(count: RuleCount) -> String {
    format!("{} of {}", count.canonical_uses, count.uses())
}

/// One line that sums up.
pub fn headline(compliance: &Compliance) -> String {
    let total = compliance.total;
    match total.compliance() {
        None => "No use of any path that rules speak of".to_owned(),
        Some(share) => format!("Compliance {} %: {} uses are canonical", percent(share), fraction(total)),
    }
}

/// The commit as people know it, and how much of it could not be read.
pub fn label(moment: &Moment) -> String {
    let id: String = moment.commit.chars().take(10).collect();
    match moment.unreadable {
        0 => id,
        count => format!("{id} ({count} unreadable)"),
    }
}
