//! The paths that rules speak of, found by the longest declared prefix.

use super::{Bypass, ModuleIndex, Policy};
use crate::model::{Language, Name, PathKind, PerLanguage, Shapes, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The declared paths, each under its canonical spelling (see [`super::ModuleIndex::canonical`]).
#[derive(Debug, Default, Clone)]
pub struct DeclaredPaths {
    paths: PerLanguage<FxHashMap<Vec<Name>, Declared>>,
    /// Names declared legacy directly below a path, for star imports.
    children: FxHashMap<SymbolPath, Vec<Name>>,
    /// All of them, as whole paths.
    legacy: FxHashSet<SymbolPath>,
    names: FxHashSet<Name>,
    /// What the last names of all declared paths look like: most others are refused by that.
    ends: Shapes,
    follows_every_name: bool,
    /// Every declared path of a symbol with a rule of its own, and the rule.
    symbols: FxHashMap<SymbolPath, usize>,
    /// The canonical path of each such rule.
    canonicals: FxHashMap<usize, SymbolPath>,
    /// Every path that somebody follows to such a symbol.
    reached: FxHashSet<SymbolPath>,
    /// What becomes of found paths that stay and whose name a migration changes.
    renamed: FxHashMap<SymbolPath, Declared>,
    policies: Vec<Policy>,
    longest: usize,
    /// The same of the paths of symbols.
    longest_symbol: usize,
}

/// What is declared of one path.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The rule, as index into the rule set; `None` for a name that a migration renames.
    pub rule: Option<usize>,
    /// Wanted or not.
    pub standing: Standing,
    /// What the path leads to.
    pub kind: PathKind,
    /// Who says so.
    pub origin: Origin,
}

impl Declared {
    /// True when no rule speaks of the path.
    pub const fn is_found(&self) -> bool {
        matches!(self.origin, Origin::Found(_))
    }
}

/// Who says what a path is.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A rule: it speaks of a name, whatever release of it a package gets.
    Rule,
    /// The code itself: it holds only in packages that depend on this very code.
    Code,
    /// Nobody: the path was found by following re-exports.
    Found(Arc<Bypass>),
}

/// Whether a declared path may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The one path that is wanted.
    Canonical,
    /// Allowed besides.
    Facade,
    /// To be replaced by the path given.
    Legacy(SymbolPath),
}

impl DeclaredPaths {
    /// Adds a path; the first declaration of a path stays.
    pub fn declare(&mut self, path: &SymbolPath, declared: Declared) {
        if declared.rule.is_none() && self.get(path).is_some_and(Declared::is_found) {
            self.renamed.insert(path.clone(), declared);
            return;
        }
        self.longest = self.longest.max(path.len());
        if let (Standing::Legacy(_), Some(parent)) = (&declared.standing, path.parent()) {
            self.names.insert(path.name().into());
            if self.legacy.insert(path.clone()) {
                self.children.entry(parent).or_default().push(path.name().into());
            }
        }
        self.ends.add(path.name());
        self.paths[path.language()].entry(path.segments().to_vec()).or_insert(declared);
    }

    /// Adds a path of a symbol with a rule of its own; the first rule that speaks of a path has it.
    pub fn declare_symbol(&mut self, rule: usize, path: &SymbolPath, is_canonical: bool) {
        self.names.insert(path.name().into());
        self.longest_symbol = self.longest_symbol.max(path.len());
        self.symbols.entry(path.clone()).or_insert(rule);
        if is_canonical {
            self.canonicals.insert(rule, path.clone());
        }
    }

    /// The rule of the symbol that exactly this path is declared for, and the symbol's canonical path.
    pub fn symbol(&self, path: &SymbolPath) -> Option<(usize, &SymbolPath)> {
        let rule = *self.symbols.get(path)?;
        Some((rule, self.canonicals.get(&rule)?))
    }

    /// The same for the longest beginning of `path` that is declared, with more than `count` segments; and how many segments
    /// stand behind it.
    pub fn symbol_beyond(&self, path: &SymbolPath, count: usize) -> Option<(usize, &SymbolPath, usize)> {
        let longest = path.len().min(self.longest_symbol);
        (count + 1..=longest).rev().find_map(|count| {
            let (rule, canonical) = self.symbol(&path.prefix(count))?;
            Some((rule, canonical, path.len() - count))
        })
    }

    /// The modules that rules speak of, or whose names they do; those found by following re-exports are not among them.
    pub fn modules(&self, modules: &ModuleIndex) -> FxHashSet<SymbolPath> {
        let module = |(path, declared): (SymbolPath, &Declared)| {
            let is_module = modules.find(&path, None).is_some();
            let owner = if is_module { Some(path) } else { path.parent() };
            owner.filter(|owner| declared.rule.is_some() && modules.find(owner, None).is_some())
        };
        let own = |language: Language| {
            let paths = self.paths[language].iter();
            let paths = paths.filter(|(_, declared)| matches!(declared.origin, Origin::Rule));
            paths.map(move |(path, declared)| (SymbolPath::new(language, path), declared))
        };
        [Language::Python, Language::Rust].into_iter().flat_map(own).filter_map(module).collect()
    }

    /// The canonical paths of all symbols with a rule of their own.
    pub fn canonicals(&self) -> impl Iterator<Item = (usize, &SymbolPath)> {
        self.canonicals.iter().map(|(&rule, path)| (rule, path))
    }

    /// Adds what is canonical where no rule speaks of a symbol.
    pub fn declare_policies(&mut self, policies: Vec<Policy>) {
        self.policies = policies;
    }

    /// The first policy that speaks of what `module` defines.
    pub fn policy(&self, module: &SymbolPath) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.speaks_of(module))
    }

    /// True when nothing is declared: then no path can fall under anything.
    pub fn is_empty(&self) -> bool {
        self.longest == 0 && self.policies.is_empty() && self.symbols.is_empty()
    }

    /// True when there is a policy.
    pub fn has_policies(&self) -> bool {
        !self.policies.is_empty()
    }

    /// Adds a path that was found by following re-exports. False when something is declared of it already.
    pub fn declare_found(&mut self, bypass: Arc<Bypass>) -> bool {
        if self.get(&bypass.path).is_some() {
            return false;
        }
        let is_written = !bypass.is_source;
        self.reached.extend(bypass.route.iter().filter(|_| is_written).map(|hop| hop.path.clone()));
        let kind = self.get(&bypass.canonical).map_or(bypass.kind, |declared| declared.kind);
        let standing = Standing::Legacy(self.moved(&bypass.canonical));
        self.symbols.insert(bypass.path.clone(), bypass.rule);
        let path = bypass.path.clone();
        self.declare(
            &path,
            Declared { rule: Some(bypass.rule), standing, kind, origin: Origin::Found(bypass) },
        );
        true
    }

    /// What becomes of a found path where it may stay: its name may change.
    pub fn renamed(&self, path: &SymbolPath) -> Option<&Declared> {
        self.renamed.get(path)
    }

    /// True when somebody gets a symbol by this path, be it over further hops.
    pub fn is_reached(&self, path: &SymbolPath) -> bool {
        self.reached.contains(path)
    }

    /// Adds a name that a file may know a symbol by. False when it is known already.
    pub fn note_name(&mut self, name: &str) -> bool {
        self.names.insert(name.into())
    }

    /// The longest declared prefix of `path` and its number of segments.
    pub fn longest(&self, path: &SymbolPath) -> Option<(usize, &Declared)> {
        let (segments, paths) = (path.segments(), &self.paths[path.language()]);
        let longest = segments.len().min(self.longest);
        let mut counts = (1..=longest).rev().filter(|&count| self.ends.may_hold(&segments[count - 1]));
        counts.find_map(|count| Some((count, paths.get(&segments[..count])?)))
    }

    /// True when a declared legacy path is what `path` falls under.
    pub fn is_legacy(&self, path: &SymbolPath) -> bool {
        self.longest(path).is_some_and(|(_, declared)| matches!(declared.standing, Standing::Legacy(_)))
    }

    /// What is declared of exactly this path.
    pub fn get(&self, path: &SymbolPath) -> Option<&Declared> {
        self.paths[path.language()].get(path.segments())
    }

    /// The paths that are declared legacy.
    pub const fn legacy_paths(&self) -> &FxHashSet<SymbolPath> {
        &self.legacy
    }

    /// The paths that go because a migration renames what they lead to.
    pub fn renamed_paths(&self) -> impl Iterator<Item = &SymbolPath> {
        self.legacy.iter().filter(|path| self.get(path).is_some_and(|declared| declared.rule.is_none()))
    }

    /// The names below `parent` that are declared legacy.
    pub fn legacy_names(&self, parent: &SymbolPath) -> &[Name] {
        self.children.get(parent).map_or(&[], Vec::as_slice)
    }

    /// The legacy paths that lie below `parent`, as what follows it, and their targets.
    pub fn legacy_below(&self, parent: &SymbolPath) -> impl Iterator<Item = (&[Name], &SymbolPath)> {
        let below = self.paths[parent.language()]
            .iter()
            .filter(|(path, _)| path.len() > parent.len() && path.starts_with(parent.segments()));
        below.filter_map(move |(path, declared)| match &declared.standing {
            Standing::Legacy(target) => Some((&path[parent.len()..], target)),
            _ => None,
        })
    }

    /// True when some declared legacy path, or another path to a symbol with a rule, ends in `name`, or may do.
    pub fn ends_in(&self, name: &str) -> bool {
        self.follows_every_name || self.names.contains(name)
    }

    /// From now on every name may be one of a symbol with a rule: files that give it a name of their own need not be known.
    pub const fn follow_every_name(&mut self) {
        self.follows_every_name = true;
    }

    /// What `path` becomes: the same path when no declared legacy path is a prefix of it.
    pub fn moved(&self, path: &SymbolPath) -> SymbolPath {
        match self.longest(path) {
            Some((count, Declared { standing: Standing::Legacy(target), .. })) => {
                target.join(&path.segments()[count..])
            }
            _ => path.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SymbolPath {
        SymbolPath::parse(text).unwrap()
    }

    fn declared() -> DeclaredPaths {
        let mut paths = DeclaredPaths::default();
        let legacy = |to: &str| Standing::Legacy(path(to));
        for (text, standing) in [
            ("a.old", legacy("a.old.impl")),
            ("a.old.impl", Standing::Canonical),
            ("a.old.Name", legacy("a.new.Other")),
        ] {
            paths.declare(
                &path(text),
                Declared { rule: Some(0), standing, kind: PathKind::Unknown, origin: Origin::Rule },
            );
        }
        paths
    }

    #[test]
    fn the_longest_declared_prefix_decides() {
        let moved = |text: &str| declared().moved(&path(text)).to_string();
        assert_eq!(moved("a.old.thing"), "a.old.impl.thing");
        assert_eq!(moved("a.old.Name.attribute"), "a.new.Other.attribute");
        assert_eq!(moved("a.old.impl.thing"), "a.old.impl.thing");
        assert_eq!(moved("a.older.thing"), "a.older.thing");
    }

    #[test]
    fn names_below_a_module_are_known() {
        let paths = declared();
        assert_eq!(paths.legacy_names(&path("a.old")), ["Name"]);
        assert!(paths.legacy_names(&path("a.new")).is_empty());
    }
}
