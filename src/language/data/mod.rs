//! Files that are not code: where a dotted path stands in one, and the comments that hide findings.
//!
//! No file is parsed for this: a scanner for each notation tells values from comments, and never fails.

mod json;
mod lines;
mod paths;
mod regions;
mod toml;
mod yaml;

use super::suppression::{LineStructure, may_be_suppressed, suppressions};
use crate::model::{BASELINE_HEADER, DataPath, Notation, SourceFile, Suppression};
use paths::path_at;
use regions::Regions;
use rustc_hash::FxHashSet;

/// What was found in one file.
#[derive(Debug, Default)]
pub struct DataFacts {
    /// The paths, in order.
    pub paths: Vec<DataPath>,
    /// All keys and names of sections, as written; none when no path stands in one.
    pub keys: FxHashSet<Box<str>>,
    /// Comments that hide findings.
    pub suppressions: Vec<Suppression>,
}

/// The paths that begin at `starts`, in bytes and in order, as far as they stand there as paths; and the suppressions.
pub fn read(source: &SourceFile, notation: Notation, starts: &[u32]) -> DataFacts {
    let text = source.text();
    if text.starts_with(BASELINE_HEADER) {
        return DataFacts::default(); // It repeats paths that were found elsewhere.
    }
    let regions = regions_of(text, notation);
    let mut paths: Vec<DataPath> = Vec::new();
    for found in starts.iter().filter_map(|&start| path_at(text, &regions, notation, start)) {
        // `a.b:c.d` may be a key with its value, and is taken for one path.
        if paths.last().is_none_or(|last| last.span.end <= found.span.start) {
            paths.push(found);
        }
    }
    let has_keys = paths.iter().any(|path| path.key.is_some());
    let keys = regions.scalars.iter().filter(|&&scalar| has_keys && Regions::is_key(text, notation, scalar));
    let keys = keys.map(|key| key.span.of(text).into()).collect();
    let is_marked = notation != Notation::Json && may_be_suppressed(text);
    let suppressions = if is_marked { suppressions(text, &structure(text, regions)) } else { Vec::new() };
    DataFacts { paths, keys, suppressions }
}

fn regions_of(text: &str, notation: Notation) -> Regions {
    match notation {
        Notation::Json => json::regions(text),
        Notation::Yaml => yaml::regions(text),
        Notation::Toml => toml::regions(text),
        Notation::Lines => lines::regions(text),
    }
}

/// Every line is a unit of its own, but for those that a value of several lines joins.
fn structure(text: &str, regions: Regions) -> LineStructure {
    let spans = regions.scalars.iter().map(|scalar| scalar.span);
    let joined = spans.filter(|span| span.of(text).contains(['\n', '\r'])).chain(regions.blocks).collect();
    LineStructure { comments: regions.comments, joined, ..LineStructure::default() }
}

/// Why a text is not what its notation asks for; `None` also where nobody can tell.
pub fn fault(text: &str, notation: Notation) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match notation {
        Notation::Json => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|error| error.to_string())
        }
        Notation::Toml => text.parse::<::toml::Table>().err().map(|error| error.message().to_owned()),
        Notation::Yaml | Notation::Lines => None,
    }
}
