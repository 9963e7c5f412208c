//! Names by which modules of the project hand on what patterns speak of: other files may write them instead of the path.

use super::project::Project;
use super::usage_search::{UsageSearch, anywhere};
use crate::graph::View;
use crate::language::languages;
use crate::language::pattern::{BoundNames, SyntaxTree};
use crate::model::{BindingId, BindingKind, FileId, Language, Name, ScopeKind, SourceFile, SymbolPath};
use crate::source::{Scanned, Search, scan};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Of so few files among others each is looked at closely: that costs less than a search for such names in all files.
const FEW_FILES: usize = 64;

/// For the path of a pattern each name by which it is handed on, and the last name of the module that does so.
pub(super) type HandedOn = BTreeMap<SymbolPath, BTreeSet<(String, String)>>;

/// The paths of patterns, by the last names under which they may be written.
type PathsByName<'run> = FxHashMap<&'run str, Vec<&'run SymbolPath>>;

impl Project<'_> {
    /// True when only some files are asked for, and so few that each is looked at closely.
    pub(super) fn asks_for_few(&self) -> bool {
        let count = self.files_in_scope().len();
        count < self.tree.files.len() && count <= FEW_FILES
    }

    /// The files beside `files` in which something may be handed on.
    pub(super) fn rest_for_usages(&self, files: &[FileId]) -> Vec<FileId> {
        let has_paths = self.settings.usages.iter().any(|usage| !usage.names().is_empty());
        let is_loose = self.usage_search.as_ref().is_none_or(UsageSearch::is_loose);
        if is_loose || !has_paths || files.len() == self.tree.files.len() {
            return Vec::new();
        }
        let asked: FxHashSet<FileId> = files.iter().copied().collect();
        (0..self.tree.files.len() as FileId).filter(|file| !asked.contains(file)).collect()
    }

    /// Whether a text may hand on what one of the `possible` patterns speaks of.
    pub(super) fn may_hand_on(&self, language: Language, tree: &SyntaxTree, possible: &[usize]) -> bool {
        let Some(search) = self.usage_search.as_ref().filter(|search| !search.is_loose()) else {
            return false;
        };
        let bound = BoundNames::new(tree);
        let usages = possible.iter().map(|&usage| &self.settings.usages[usage]);
        usages.flat_map(|usage| usage.names().keys()).any(|path| {
            let is_own = self.begins_here(language, path);
            search.names(path).any(|name| bound.gives_name(name) || !is_own && bound.imports(name))
        })
    }

    /// Reads those of `files` in which a pattern may describe something by a name that a module of the project hands on.
    /// `candidates` hold a word of a pattern. True when there is one.
    pub(super) fn read_usages_handed_on(&mut self, files: &[FileId], mut candidates: Vec<FileId>) -> bool {
        if self.usage_search.as_ref().is_none_or(UsageSearch::is_loose) {
            return false; // Every name that a file imports was followed.
        }
        let mut is_some = false;
        while let Some(handed_on) = self.more_handed_on() {
            let new = UsageSearch::new(&self.settings.usages, handed_on, false);
            let Some(old) = self.usage_search.replace(new) else { return false };
            if !self.other_names(&old).is_empty() {
                candidates = files.to_vec();
            }
            let found = self.with_more_usages(&old, &candidates);
            is_some |= self.take_usages(found);
        }
        is_some
    }

    /// Those of `files` that may hold more than `old` has told: they hold a name that is handed on and was not known to be.
    fn with_more_usages(&self, old: &UsageSearch, files: &[FileId]) -> Vec<Scanned> {
        let Some(new) = &self.usage_search else { return Vec::new() };
        let count = |search: &UsageSearch, source: &SourceFile| {
            let possible = self.possible_by(search, source);
            possible.now.len() + possible.by_import.len()
        };
        let others = self.other_names(old);
        let mut all = Vec::new();
        for language in languages() {
            let of_language = |path: &&SymbolPath| path.language() == language;
            let names = new.handed_on().keys().filter(of_language).flat_map(|path| {
                let known = old.handed_on().get(path);
                let is_new = move |pair: &&(String, String)| known.is_none_or(|known| !known.contains(*pair));
                new.handed_on()[path].iter().filter(is_new).map(|(name, _)| name.as_str())
            });
            let files: Vec<FileId> =
                files.iter().copied().filter(|&file| self.language(file) == language).collect();
            let mut found = scan(&self.tree, &files, &Search::new(names, &anywhere));
            found.retain(|(file, source)| {
                let has_more = |source: &SourceFile| match count(new, source) {
                    0 => false,
                    many => {
                        let is_anew = others.iter().any(|name| source.text().contains(name));
                        is_anew || !self.usage_trees.contains_key(file) || many > count(old, source)
                    }
                };
                source.as_ref().is_ok_and(has_more)
            });
            all.extend(found);
        }
        all
    }

    /// Names by which something is handed on and that `old` did not look for at all.
    fn other_names(&self, old: &UsageSearch) -> Vec<&str> {
        let Some(new) = &self.usage_search else { return Vec::new() };
        let of_path = |path| new.names(path).filter(move |name| !old.names(path).any(|known| known == *name));
        new.handed_on().keys().flat_map(of_path).collect()
    }

    /// All such names; `None` when there is none but those that are looked for already.
    fn more_handed_on(&mut self) -> Option<HandedOn> {
        loop {
            let search = self.usage_search.as_ref()?;
            let mut paths = PathsByName::default();
            for path in self.settings.usages.iter().flat_map(|usage| usage.names().keys()) {
                search.names(path).for_each(|name| paths.entry(name).or_default().push(path));
            }
            let files = self.graph.files();
            let found: Vec<(SymbolPath, (String, String))> =
                files.par_iter().flat_map_iter(|&file| self.handed_on_in(file, &paths)).collect();
            if self.read_demanded() {
                continue;
            }
            let search = self.usage_search.as_ref()?;
            let mut all = search.handed_on().clone();
            let mut is_new = false;
            for (path, pair) in found {
                is_new |= all.entry(path).or_default().insert(pair);
            }
            return is_new.then_some(all);
        }
    }

    /// What the bodies of the modules in `file` hand on.
    fn handed_on_in(&self, file: FileId, paths: &PathsByName<'_>) -> Vec<(SymbolPath, (String, String))> {
        let Some(view) = View::new(&self.graph, file) else { return Vec::new() };
        let mut found = Vec::new();
        for id in 0..view.facts.bindings.len() as BindingId {
            let binding = view.binding(id);
            if view.facts.scopes[binding.scope as usize].kind != ScopeKind::Module {
                continue;
            }
            let named = last_written(view, id).and_then(|name| paths.get(&*name));
            for &path in named.into_iter().flatten() {
                let is_told = self.begins_here(path.language(), path) && *binding.name == *path.name();
                let module = (!is_told).then(|| view.module_path(binding.scope)).flatten();
                let end_of =
                    |path: SymbolPath| view.end_of(view.canonical(path), &|path| self.declared.moved(path));
                if let Some(module) = module
                    && view.bound(id).is_some_and(|bound| end_of(bound) == end_of(path.clone()))
                {
                    found.push((path.clone(), (binding.name.to_string(), module.name().to_owned())));
                }
            }
        }
        found
    }

    fn begins_here(&self, language: Language, path: &SymbolPath) -> bool {
        self.graph.modules().begins_path(language, &path.segments()[0])
    }
}

/// The last name of what a binding gives a name to.
fn last_written(view: View<'_>, id: BindingId) -> Option<Name> {
    match view.binding(id).kind {
        BindingKind::Import(import) => {
            view.facts.imports[import as usize].member.as_ref().map(|member| member.name.clone())
        }
        BindingKind::Alias(reference) => {
            view.facts.references[reference as usize].segments.last().map(|last| last.name.clone())
        }
        _ => None,
    }
}
