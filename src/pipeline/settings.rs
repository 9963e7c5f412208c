//! From the configuration as written to what the stages work with.

use super::Settings;
use super::usages::{self, RulesByPath, UsageRule};
use crate::config::{
    self, Configuration, Dates, ImportFrom, LocalName, Place, Placed, PolicyDeclaration, RuleDeclaration,
    UsageDeclaration,
};
use crate::graph::Policy;
use crate::language::pattern::Pattern;
use crate::model::{Excerpt, Language, Location, SymbolPath};
use crate::rule::{Lifecycle, Override, Rule, RuleKind, RulePlace, RuleSet, WrittenUsage};
use jiff::civil::Date;
use rayon::prelude::*;
use std::path::PathBuf;

impl Settings {
    /// What `configuration` asks for on the day `today`.
    pub fn new(configuration: &Configuration, today: Date) -> Self {
        let values =
            |placed: &[Placed<String>]| placed.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
        let rules = configuration.rules.iter().enumerate();
        let mut rules: Vec<Rule> =
            rules.map(|(index, declaration)| rule(configuration, index, declaration, today)).collect();
        let mut policies = Vec::new();
        for declared in &configuration.policies {
            let wants_facade = declared.import_from == ImportFrom::Facade;
            policies.push(Policy { rule: rules.len(), packages: declared.globs.clone(), wants_facade });
            rules.extend(policy(declared));
        }
        let mut usages = Vec::new();
        let mut patterns = Vec::new();
        let by_path = RulesByPath::new(&rules);
        let read: Vec<_> = configuration.usages.par_iter().map(usages::pattern).collect();
        for (declared, pattern) in configuration.usages.iter().zip(read) {
            patterns.push(usage(declared, &pattern, today));
            let rule = rules.len() + usages.len();
            usages.push(UsageRule::new(rule, declared.language, pattern, &by_path));
        }
        rules.extend(patterns);
        let overrides = configuration.overrides.iter().map(|declared| Override {
            paths: declared.globs.clone(),
            rules: declared.rules.as_deref().map(values).unwrap_or_default().into_iter().collect(),
            severity: declared.severity,
        });
        Self {
            root: configuration.root.clone(),
            exclude: values(&configuration.exclude),
            declaring: declaring(configuration),
            python_roots: configuration.python_roots.as_deref().map(values),
            rules: RuleSet {
                rules,
                overrides: overrides.collect(),
                stops: configuration.stops.clone(),
                policies,
            },
            usages,
            today,
            ..Self::default()
        }
    }
}

/// Manifests hold other things besides: the tables of ours in them are passed over when they are read.
fn declaring(configuration: &Configuration) -> Vec<PathBuf> {
    let files = configuration.sources.iter().map(|source| configuration.root.join(source.path()));
    let is_manifest = |file: &PathBuf| file.ends_with("pyproject.toml") || file.ends_with("Cargo.toml");
    files.filter(|file| !is_manifest(file)).collect()
}

fn rule(configuration: &Configuration, index: usize, declaration: &RuleDeclaration, today: Date) -> Rule {
    // From `remove_on` its shims are findings of their own.
    let lifecycle = Lifecycle { gone_on: None, ..lifecycle(declaration.dates) };
    // The targets are sorted by rule: with many rules each must not look through all of them.
    let targets = &configuration.targets;
    let first = targets.partition_point(|target| target.rule < index);
    let own = targets[first..].iter().take_while(|target| target.rule == index);
    let moves: Vec<(SymbolPath, SymbolPath)> =
        own.map(|target| (target.legacy.clone(), target.target.clone())).collect();
    Rule {
        id: declaration.id.value.clone(),
        canonical: declaration.canonical.value.clone(),
        moves,
        facades: declaration.facades.iter().map(|facade| facade.value.clone()).collect(),
        kind: match declaration.kind {
            config::RuleKind::Symbol => RuleKind::Symbol,
            config::RuleKind::Module => RuleKind::Module,
        },
        usage: None,
        keeps_local_name: declaration.local_name == LocalName::Keep,
        message: declaration.message.clone(),
        severity: lifecycle.severity(declaration.severity, today),
        dates: lifecycle.told(today),
        is_suppressible: declaration.is_suppressible,
        remove_on: declaration.dates.remove_on,
        removed_in: declaration.removed_in.as_ref().map(|version| version.value.clone()),
        reached: declaration.reached.clone(),
        place: place(&declaration.canonical.place),
    }
}

/// The rule that a policy's findings have: all that its patterns have in common stands for the canonical path.
fn policy(declared: &PolicyDeclaration) -> Option<Rule> {
    let pattern = declared.packages.first()?;
    let separator = if pattern.value.contains("::") { "::" } else { "." };
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{']);
    let mut common: Vec<&str> = pattern.value.split(separator).take_while(is_plain).collect();
    if common.is_empty() {
        common.push(&pattern.value); // All packages: they have no name in common.
    }
    let language = if separator == "::" { Language::Rust } else { Language::Python };
    let canonical = SymbolPath::new(language, common);
    Some(Rule {
        message: declared.message.clone(),
        severity: declared.severity,
        is_suppressible: declared.is_suppressible,
        ..Rule::new(declared.name(), RuleKind::Policy, canonical, place(&pattern.place))
    })
}

/// The rule that a pattern's findings have.
fn usage(declared: &UsageDeclaration, pattern: &Pattern, today: Date) -> Rule {
    let lifecycle = lifecycle(declared.dates);
    let path = pattern.paths().max_by_key(|path| path.len()).cloned();
    let canonical = path.unwrap_or_else(|| SymbolPath::new(declared.language, [declared.name()]));
    let written = |text: &Placed<String>| text.value.clone();
    Rule {
        usage: Some(WrittenUsage {
            find: written(&declared.find),
            replace: declared.replace.as_ref().map(written),
        }),
        message: declared.message.clone(),
        severity: lifecycle.severity(declared.severity, today),
        dates: lifecycle.told(today),
        is_suppressible: declared.is_suppressible,
        ..Rule::new(declared.name(), RuleKind::Usage, canonical, place(&declared.find.place))
    }
}

const fn lifecycle(dates: Dates) -> Lifecycle {
    Lifecycle { deprecated_on: dates.deprecated_on, error_on: dates.error_on, gone_on: dates.remove_on }
}

fn place(place: &Place) -> RulePlace {
    let (source, span) = (&place.source, place.span);
    let text = source.text();
    let row = source.position(span.start).row;
    let start = text[..span.start as usize].rfind(['\n', '\r']).map_or(0, |at| at as u32 + 1);
    let length = text[start as usize..].find(['\n', '\r']).unwrap_or(text.len() - start as usize);
    let line = crate::model::Span::new(start, start + length as u32);
    let location = Location { start: source.position(span.start), end: source.position(span.end) };
    let inside = crate::model::Span::new(span.start - line.start, span.end.min(line.end) - line.start);
    let excerpt = Excerpt { text: line.of(text).to_owned(), cut: 0, first_row: row, span: inside };
    RulePlace { file: source.path().into(), span, location: Some(location), excerpt }
}
