//! Changes in a short notation for the tests of this folder, applied to a small file.

use super::super::lower::lower;
use crate::language::{LanguageError, Surroundings};
use crate::model::{
    Addition, Edit, Edition, FileChanges, FileFacts, FilePlan, ItemChange, Language, SourceFile, SymbolPath,
};

/// What a test asks for.
#[derive(Debug, Default, Clone)]
pub(super) struct Wish {
    pub changes: FileChanges,
    pub edition: Edition,
    pub package: Option<&'static str>,
}

/// The import that is written `leaf`, its other name included; `leaf@2` is the second one.
fn find(text: &str, facts: &FileFacts, leaf: &str) -> u32 {
    let (leaf, number) = leaf.split_once('@').unwrap_or((leaf, "1"));
    let mut found = (0..).zip(&facts.imports).filter(|(_, import)| {
        let alias = import.alias.as_ref().map(|alias| format!(" as {}", alias.span.of(text)));
        format!("{}{}", import.span.of(text), alias.unwrap_or_default()) == leaf
    });
    found.nth(number.parse::<usize>().unwrap() - 1).unwrap_or_else(|| panic!("no import {leaf} in {text}")).0
}

fn read(text: &str, wish: &Wish) -> (SourceFile, FileFacts) {
    let source = SourceFile::new("src/lib.rs", Language::Rust, text.to_owned());
    let facts = lower(&source, wish.edition);
    assert_eq!(facts.errors, [], "{text}");
    (source, facts)
}

/// Reads `A -> own::new::A; B -> own::x::B as B; - C; + D beside A` into `changes`, for `rule`.
fn add(changes: &mut FileChanges, text: &str, facts: &FileFacts, script: &str, rule: &str) {
    let path = |text: &str| SymbolPath::new(Language::Rust, text.trim().split("::").collect::<Vec<_>>());
    let aliased = |text: &str| match text.trim().split_once(" as ") {
        Some((target, local)) => (path(target), Some(local.trim().to_owned())),
        None => (path(text), None),
    };
    let rule = rule.to_owned();
    for line in script.split(';').map(str::trim).filter(|line| !line.is_empty()) {
        let rule = rule.clone();
        if let Some(leaf) = line.strip_prefix("- ") {
            changes.items.insert(find(text, facts, leaf), ItemChange::Remove { rule });
        } else if let Some(added) = line.strip_prefix("+ ") {
            let (what, beside) = added.split_once(" beside ").unwrap();
            let (target, alias) = aliased(what);
            let beside = find(text, facts, beside);
            changes.additions.push(Addition { beside, target, whole_module: false, alias, rule });
        } else {
            let (leaf, to) = line.split_once(" -> ").unwrap();
            let (target, local) = aliased(to);
            changes.items.insert(find(text, facts, leaf), ItemChange::Move { target, local, rule });
        }
    }
}

fn made(
    source: &SourceFile,
    facts: &FileFacts,
    changes: &FileChanges,
    wish: &Wish,
) -> Result<Vec<Edit>, LanguageError> {
    let package = SymbolPath::new(Language::Rust, wish.package.unwrap_or("own").split("::"));
    let spell = |target: &SymbolPath| (&*target.segments()[0] != "lost").then(|| target.clone());
    let surroundings = Surroundings { package: Some(&package), edition: wish.edition, spell: &spell };
    super::edits(source, facts, &surroundings, changes)
}

/// Applies a script as [`add`] reads it, on top of the wish's own changes.
pub(super) fn apply_as(text: &str, script: &str, wish: Wish) -> Result<String, LanguageError> {
    let (source, facts) = read(text, &wish);
    let mut changes = wish.changes.clone();
    add(&mut changes, text, &facts, script, "rule");
    let edits = made(&source, &facts, &changes, &wish)?;
    let plan = FilePlan::compose("src/lib.rs".into(), text.as_bytes(), text, edits).unwrap();
    Ok(String::from_utf8(plan.after().to_vec()).unwrap())
}

/// The edits of several scripts, each for a rule that is named by its number.
pub(super) fn edits_as(text: &str, scripts: &[&str]) -> Vec<Edit> {
    let wish = Wish::default();
    let (source, facts) = read(text, &wish);
    let mut changes = FileChanges::default();
    for (number, script) in scripts.iter().enumerate() {
        add(&mut changes, text, &facts, script, &number.to_string());
    }
    made(&source, &facts, &changes, &wish).unwrap()
}

/// As [`apply_as`], in the root module of crate `own`.
pub(super) fn apply(text: &str, script: &str) -> String {
    apply_as(text, script, Wish::default()).unwrap()
}

/// Each case is a text, its changes, and what it becomes.
pub(super) fn check(cases: &[(&str, &str, &str)]) {
    for (text, script, expected) in cases {
        assert_eq!(apply(text, script), *expected, "\n{text}with {script}");
    }
}
