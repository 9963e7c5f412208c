//! Keys of dictionaries that would stand there twice once a path in one of them has moved.

use super::data::told_of_keys;
use super::file_planner::FilePlanner;
use crate::model::{Site, Use};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A key that changes: its place, what it is, what it becomes.
type Renamed<'run> = (Site, &'run str, String);

impl FilePlanner<'_> {
    /// What speaks against each of `uses` that is such a key.
    pub(super) fn doubled_keys(&self, uses: &[Use]) -> FxHashMap<Site, String> {
        let dictionaries = &self.view.facts.data_keys;
        let mut places: FxHashMap<u32, (usize, &str)> = FxHashMap::default();
        for (number, keys) in dictionaries.iter().enumerate() {
            places.extend(keys.iter().map(|(key, span)| (span.start, (number, &**key))));
        }
        let mut renamed: BTreeMap<usize, Vec<Renamed<'_>>> = BTreeMap::new();
        for found in uses.iter().filter(|_| !places.is_empty()) {
            let Site::PathString(id) = found.site else { continue };
            let string = &self.view.facts.strings[id as usize];
            if let Some(&(number, key)) = places.get(&string.span.start)
                && let Ok(edits) = self.plan_string(string, found)
            {
                let mut new = key.to_owned();
                for (span, text) in edits.into_iter().rev().filter(|_| string.editable) {
                    let (start, end) = (span.start - string.span.start, span.end - string.span.start);
                    new.replace_range(start as usize..end as usize, &text);
                }
                renamed.entry(number).or_default().push((found.site.clone(), key, new));
            }
        }
        let told = renamed.into_iter().flat_map(|(number, renamed)| {
            let keys: FxHashSet<&str> = dictionaries[number].iter().map(|(key, _)| &**key).collect();
            let (sites, pairs): (Vec<Site>, Vec<_>) =
                renamed.into_iter().map(|(site, old, new)| (site, Some((old, new)))).unzip();
            let told = told_of_keys(&|key| keys.contains(key), &pairs);
            sites.into_iter().zip(told).filter_map(|(site, reason)| Some((site, reason?)))
        });
        told.collect()
    }
}
