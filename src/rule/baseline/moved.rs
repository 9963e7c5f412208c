//! Known findings of a file that was moved or renamed: they are no new ones in its new place.

use super::Comparison;
use crate::model::{Finding, KnownFinding};
use crate::rule::draft::{fingerprint, place_in_file};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of the files of `renames` (old and new path), under their new paths.
pub fn rename(known: &mut [KnownFinding], renames: &[(String, String)]) {
    let renames: FxHashMap<&str, &str> = renames.iter().map(|(old, new)| (&**old, &**new)).collect();
    for known in known {
        if let Some(&file) = renames.get(&*known.file) {
            known.fingerprint = fingerprint(file, place_in_file(&known.fingerprint));
            known.file = file.into();
        }
    }
}

/// Lets each file with new findings only inherit what was known of a file that is gone. The old entries stay among the
/// missing ones: the baseline is to be written anew.
pub(super) fn follow(known: &[KnownFinding], comparison: &mut Comparison, exists: &dyn Fn(&str) -> bool) {
    let mut gone = known_in_lost_files(known, &comparison.missing, exists);
    if gone.is_empty() {
        return;
    }
    let mut inherited: FxHashMap<Arc<str>, Places> = FxHashMap::default();
    for (file, places) in in_unknown_files(known, &comparison.new) {
        let heritage = predecessor(&gone, &file, &places).and_then(|before| gone.remove(&before));
        inherited.extend(heritage.map(|heritage| (file, heritage)));
    }
    let is_inherited = |finding: &Finding| {
        inherited.get(&finding.file).is_some_and(|known| known.contains(place_in_file(&finding.fingerprint)))
    };
    let (moved, new): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(&mut comparison.new).into_iter().partition(is_inherited);
    comparison.new = new;
    comparison.known.extend(moved);
}

/// Places of findings, as fingerprints tell them.
type Places = FxHashSet<String>;

/// What is known of files that are there no more.
fn known_in_lost_files(
    known: &[KnownFinding],
    missing: &[KnownFinding],
    exists: &dyn Fn(&str) -> bool,
) -> BTreeMap<Arc<str>, Places> {
    let files: FxHashSet<&str> = missing.iter().map(|known| &*known.file).collect();
    let files: FxHashSet<&str> = files.into_iter().filter(|file| !exists(file)).collect();
    let mut lost: BTreeMap<Arc<str>, Places> = BTreeMap::new();
    for entry in known.iter().filter(|entry| files.contains(&*entry.file)) {
        lost.entry(Arc::clone(&entry.file)).or_default().insert(place_in_file(&entry.fingerprint).to_owned());
    }
    lost
}

/// New findings in files of which nothing is known.
fn in_unknown_files(known: &[KnownFinding], new: &[Finding]) -> BTreeMap<Arc<str>, Places> {
    let files: FxHashSet<&str> = known.iter().map(|entry| &*entry.file).collect();
    let mut unknown: BTreeMap<Arc<str>, Places> = BTreeMap::new();
    for finding in new.iter().filter(|finding| !files.contains(&*finding.file)) {
        let places = unknown.entry(Arc::clone(&finding.file)).or_default();
        places.insert(place_in_file(&finding.fingerprint).to_owned());
    }
    unknown
}

/// The lost file that `file` has the most in common with; of several, one with the same name, then the first.
fn predecessor(lost: &BTreeMap<Arc<str>, Places>, file: &str, places: &Places) -> Option<Arc<str>> {
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let ranked = lost.iter().map(|(before, known)| {
        (known.intersection(places).count(), name(before) == name(file), Reverse(before))
    });
    let (_, _, Reverse(before)) = ranked.filter(|(shared, ..)| *shared > 0).max()?;
    Some(Arc::clone(before))
}
