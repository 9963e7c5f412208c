//! Every first-party symbol with the paths by which it is used, counted over the whole project.

use super::trace::Trace;
use super::{DeclaredPaths, Policy, SymbolGraph, View};
use crate::model::{
    Access, Exports, FileId, Hop, Import, ImportForm, Place, Reference, ScopeKind, SymbolPath, Visibility,
};
use globset::GlobSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A symbol that is used by several paths.
#[derive(Debug, Clone)]
pub struct CountedSymbol {
    /// The path under which it is defined.
    pub definition: SymbolPath,
    /// Where that is.
    pub place: Option<Hop>,
    /// The paths in use, most used first.
    pub paths: Vec<CountedPath>,
    /// The shallowest package that exports it on purpose, when there is one.
    pub facade: Option<SymbolPath>,
}

/// One path to a symbol.
#[derive(Debug, Clone)]
pub struct CountedPath {
    /// The path.
    pub path: SymbolPath,
    /// How often it is written; re-exports that make further paths are not counted.
    pub uses: usize,
    /// The re-exports by which it works; empty for the definition.
    pub route: Vec<Hop>,
}

/// Uses of one symbol by path, with the route of each.
type Paths = BTreeMap<SymbolPath, (usize, Vec<Hop>)>;

impl SymbolGraph {
    /// The symbols with two or more paths in use, those with the most uses off the most used path first. Symbols that
    /// `declared` has a rule for are left out. Needs the facts of every file.
    pub fn census(&self, declared: &DeclaredPaths) -> Vec<CountedSymbol> {
        let files = self.files();
        let views: Vec<View<'_>> = files.into_iter().filter_map(|file| View::new(self, file)).collect();
        let found: Vec<(SymbolPath, SymbolPath, Vec<Hop>)> =
            views.par_iter().flat_map_iter(|view| of_file(*view)).collect();
        let mut symbols: FxHashMap<SymbolPath, Paths> = FxHashMap::default();
        for (definition, path, route) in found {
            let paths = symbols.entry(definition).or_default();
            paths.entry(path).or_insert_with(|| (0, route)).0 += 1;
        }
        let several = symbols.into_par_iter().filter(|(_, paths)| paths.len() > 1);
        let unruled = several.filter(|(definition, paths)| {
            paths.keys().chain([definition]).all(|path| declared.longest(path).is_none())
        });
        let everything = Policy { rule: 0, packages: everything(), wants_facade: true };
        let mut counted: Vec<CountedSymbol> =
            unruled.map(|(definition, paths)| self.counted(definition, paths, &everything)).collect();
        counted.sort_by_cached_key(|symbol| {
            (
                std::cmp::Reverse(symbol.astray()),
                std::cmp::Reverse(symbol.uses()),
                symbol.definition.to_string(),
            )
        });
        counted
    }

    fn counted(&self, definition: SymbolPath, paths: Paths, everything: &Policy) -> CountedSymbol {
        let paths = paths.into_iter().map(|(path, (uses, route))| CountedPath { path, uses, route });
        let mut paths: Vec<CountedPath> = paths.collect();
        paths.sort_by(|left, right| right.uses.cmp(&left.uses).then_with(|| left.path.cmp(&right.path)));
        let home = definition.parent().and_then(|module| self.body_of(&module, None));
        let view = home.map(|body| body.view);
        let place = view.and_then(|view| Some(view.hop_place(&definition)?.0));
        let facade = view.map(|view| self.facade(everything, &definition, view));
        let facade = facade.filter(|facade| *facade != definition);
        CountedSymbol { definition, place, paths, facade }
    }
}

fn everything() -> GlobSet {
    let glob = globset::Glob::new("**").expect("the pattern is valid");
    globset::GlobSetBuilder::new().add(glob).build().expect("one pattern makes a set")
}

impl CountedSymbol {
    /// The files that its routes lead through.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        let hops = self.paths.iter().flat_map(|path| &path.route).chain(&self.place);
        hops.map(|hop| hop.file)
    }

    /// All uses.
    pub fn uses(&self) -> usize {
        self.paths.iter().map(|path| path.uses).sum()
    }

    /// Uses by other paths than the most used one.
    pub fn astray(&self) -> usize {
        self.uses() - self.paths.first().map_or(0, |path| path.uses)
    }
}

/// The uses of first-party symbols in one file: definition, written path, route.
fn of_file(view: View<'_>) -> Vec<(SymbolPath, SymbolPath, Vec<Hop>)> {
    let mut found = Vec::new();
    let mut known: FxHashMap<SymbolPath, Option<Trace>> = FxHashMap::default();
    let mut note = |path: SymbolPath, spelled: usize| {
        let trace = known.entry(path.clone()).or_insert_with(|| view.trace(&path));
        if let Some(Trace { definition, route, rest }) = trace
            && *rest < spelled
        {
            found.push((definition.clone(), path.prefix(path.len() - *rest), route.clone()));
        }
    };
    for import in &view.facts.imports {
        let is_name = import.form == ImportForm::Member && !view.facts.is_in_example(import.scope);
        if is_name
            && !hands_on(view, import)
            && let Some(path) = view.imported(import)
        {
            let spelled = if view.facts.is_declarative { import.path.len() + 1 } else { 1 };
            note(path, spelled);
        }
    }
    for reference in view.facts.references.iter().filter(|reference| is_chain(reference)) {
        if view.facts.is_in_example(reference.scope) {
            continue;
        }
        if let Some(path) = view.meaning(reference) {
            note(path, reference.segments.len() - 1);
        }
    }
    found
}

/// Whether an import is there for others: it makes a path, and is no use of one.
fn hands_on(view: View<'_>, import: &Import) -> bool {
    let Some(binding) = import.binding else { return false };
    let facts = view.facts;
    if facts.scopes[import.scope as usize].kind != ScopeKind::Module {
        return false;
    }
    if facts.is_declarative {
        return import.visibility != Visibility::Around(0);
    }
    let name = &view.binding(binding).name;
    let is_listed = matches!(&facts.exports, Exports::Explicit { names, .. } if names.iter().any(|listed| listed.name == *name));
    is_listed || !import.is_used
}

fn is_chain(reference: &Reference) -> bool {
    let is_plain = matches!(reference.place, Place::Code | Place::Opaque | Place::Template);
    reference.segments.len() > 1 && reference.access == Access::Read && is_plain
}
