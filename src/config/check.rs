//! Compares the tables of all files with each other: ids, overrides, and where the paths lead.

use super::complaint::{Complaint, nearest, quoted};
use super::declaration::{Configuration, RuleDeclaration, WithoutEffect};
use super::gather::Gathered;
use super::place::{ConfigSource, Placed};
use super::target::resolve;
use super::version::{Version, manifest, of_project};
use crate::model::Language;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Makes the configuration of what was gathered.
///
/// # Errors
/// Every complaint there is, sorted by file and place.
pub(super) fn finish(
    root: PathBuf,
    file: PathBuf,
    gathered: Gathered,
) -> Result<Configuration, Vec<Complaint>> {
    let Gathered {
        sources,
        exclude,
        python_roots,
        mut rules,
        ids,
        overrides,
        policies,
        batches,
        usages,
        mut complaints,
        is_complete,
    } = gathered;
    repeated(&ids, "id", "an id names one rule, in all files together", &mut complaints);
    let names: Vec<Placed<String>> = batches.iter().map(|batch| batch.name.clone()).collect();
    repeated(&names, "name", "`migrate --batch` takes a batch by its name", &mut complaints);
    name_rules(&mut rules, &ids);
    let mut without_effect = Vec::new();
    note_versions(&mut rules, &root, &mut without_effect);
    let routes = resolve(&rules, &mut complaints);
    if is_complete {
        let wanted = overrides.iter().filter_map(|one| one.rules.as_ref()).flatten();
        unknown_ids(wanted, &rules, &ids, &mut complaints);
    }
    if !complaints.is_empty() {
        sort(&mut complaints, &sources);
        return Err(complaints);
    }
    let (targets, stops) = (routes.targets, routes.stops);
    Ok(Configuration {
        root,
        file,
        sources,
        exclude,
        python_roots,
        rules,
        overrides,
        policies,
        usages,
        batches,
        without_effect,
        targets,
        stops,
    })
}

/// Notes which rules name a version that the project has come to.
fn note_versions(rules: &mut [RuleDeclaration], root: &Path, without_effect: &mut Vec<WithoutEffect>) {
    let mut known: HashMap<Language, Option<String>> = HashMap::new();
    for rule in rules {
        let Some(named) = &rule.removed_in else { continue };
        let language = rule.canonical.value.language();
        let current = known.entry(language).or_insert_with(|| of_project(root, language));
        let parse = |text: &str| Version::parse(language, text);
        let versions = current.as_deref().and_then(parse).zip(parse(&named.value));
        if versions.is_none() {
            without_effect.push(WithoutEffect {
                message: "`removed-in` has no effect: the version of the project is not known".to_owned(),
                help: Some(format!(
                    "{} at the project root says it; `remove-on` takes a day",
                    manifest(language)
                )),
                place: named.place.clone(),
            });
        }
        rule.reached = current.clone().filter(|_| versions.is_some_and(|(current, end)| current >= end));
    }
}

/// Complains about each of `words` that was given before; `what` they are, and why they have to differ.
fn repeated(words: &[Placed<String>], what: &str, help: &str, complaints: &mut Vec<Complaint>) {
    let mut first: HashMap<&str, &Placed<String>> = HashMap::new();
    for word in words {
        if let Some(earlier) = first.get(word.value.as_str()) {
            let message = format!("the {what} {} is given twice", quoted(&word.value));
            let complaint = Complaint::new(&word.place, message, "given again")
                .related(&earlier.place, "first given here")
                .help(help);
            complaints.push(complaint);
        } else {
            first.insert(&word.value, word);
        }
    }
}

/// Gives every rule without an id its canonical path as id, with a number when that is taken.
fn name_rules(rules: &mut [RuleDeclaration], ids: &[Placed<String>]) {
    let mut taken: HashSet<String> = ids.iter().map(|id| id.value.clone()).collect();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for rule in rules.iter_mut().filter(|rule| rule.id.value.is_empty()) {
        let base = rule.canonical.value.to_string();
        let number = numbers.entry(base.clone()).or_insert(1);
        let mut id = base.clone();
        while !taken.insert(id.clone()) {
            *number += 1;
            id = format!("{base}-{number}");
        }
        rule.id = rule.canonical.with(id);
    }
}

fn unknown_ids<'a>(
    wanted: impl Iterator<Item = &'a Placed<String>>,
    rules: &[RuleDeclaration],
    ids: &[Placed<String>],
    complaints: &mut Vec<Complaint>,
) {
    /// Comparisons made for suggestions: they are a courtesy, and must not make a large file slow.
    const COURTESY: usize = 1_000_000;
    let known: HashSet<&str> =
        rules.iter().map(|rule| &rule.id).chain(ids).map(|id| id.value.as_str()).collect();
    let mut listed: Vec<&str> = known.iter().copied().collect();
    listed.sort_unstable();
    let mut left = COURTESY;
    for id in wanted.filter(|id| !known.contains(id.value.as_str())) {
        let candidates = if left >= listed.len() { &listed[..] } else { &[] };
        left -= candidates.len();
        let label = match nearest(&id.value, candidates.iter().copied()) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => "no such rule".into(),
        };
        let message = format!("no rule has the id {}", quoted(&id.value));
        let help = "`ssot-lint rules` lists the ids";
        complaints.push(Complaint::new(&id.place, message, label).help(help));
    }
}

fn sort(complaints: &mut [Complaint], sources: &[Arc<ConfigSource>]) {
    let order: HashMap<*const ConfigSource, usize> =
        sources.iter().enumerate().map(|(index, source)| (Arc::as_ptr(source), index)).collect();
    complaints.sort_by_key(|complaint| (order.get(&Arc::as_ptr(&complaint.source)).copied(), complaint.span));
}

#[cfg(test)]
mod tests {
    use super::super::tests::{complaints, load_text};

    #[test]
    fn an_id_given_twice_is_a_complaint_also_across_kinds_of_table() {
        let found = complaints(
            "[[symbol]]\nid = \"x\"\ncanonical = \"a.X\"\nlegacy = []\n[[usage]]\nid = \"x\"\nfind = \"f()\"\n",
        );
        assert_eq!(
            found,
            ["6 the id `x` is given twice | x | given again | an id names one rule, in all files together"]
        );
    }

    #[test]
    fn two_batches_of_one_name_are_a_complaint() {
        let batch = "[[batch]]\nname = 'tests'\npaths = ['x']\n";
        let found = complaints(&format!("{batch}{batch}"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("5 the name `tests` is given twice | tests | given again"), "{found:?}");
    }

    #[test]
    fn derived_ids_are_unique_and_leave_given_ones_alone() {
        let text = "[[symbol]]\ncanonical='a.X'\nlegacy=['b.X']\n[[symbol]]\ncanonical='a.X'\nlegacy=['c.X']\n\
                    [[symbol]]\nid='a.X'\ncanonical='a.X'\nlegacy=['d.X']\n";
        let read = load_text(text).unwrap();
        let ids: Vec<&str> = read.rules.iter().map(|rule| rule.id.value.as_str()).collect();
        assert_eq!(ids, ["a.X-2", "a.X-3", "a.X"]);
    }

    #[test]
    fn an_override_of_an_unknown_rule_is_a_complaint() {
        let text = "[[symbol]]\nid='vat-rate'\ncanonical='a.X'\nlegacy=[]\n\
                    [[override]]\npaths=['t']\nseverity='off'\nrules=['vat-rates', 'a.X']\n";
        let found = complaints(text);
        assert!(
            found[0].starts_with("8 no rule has the id `vat-rates` | vat-rates | did you mean `vat-rate`?"),
            "{found:?}"
        );
        assert!(found[1].starts_with("8 no rule has the id `a.X`"), "{found:?}");
    }
}
