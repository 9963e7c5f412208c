//! Paths that lead to a symbol by re-exports which no rule speaks of.

use super::MOST_HOPS;
use super::body::Body;
use super::resolve::View;
use super::{DeclaredPaths, SymbolGraph};
use crate::model::{BindingId, Hop, Import, ImportForm, PathKind, Span, SymbolPath, Visibility};

/// A path that nobody declared and that leads to a symbol with a canonical path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bypass {
    /// The path.
    pub path: SymbolPath,
    /// The path to write instead.
    pub canonical: SymbolPath,
    /// The rule of the symbol, as index into the rule set.
    pub rule: usize,
    /// What it leads to, when nothing is declared of the canonical path.
    pub kind: PathKind,
    /// The names on the way, `path` first; the symbol itself is not among them.
    pub route: Vec<Hop>,
    /// True when the canonical path is a facade that gets the symbol by this path.
    pub is_source: bool,
    /// True when somebody reads the name from its module while the code runs, not only once at import.
    pub is_looked_up: bool,
    /// True when somebody puts something else in the place of the name: tests do.
    pub is_patched: bool,
}

impl SymbolGraph {
    /// The paths by which facades that are canonical get their symbols, down to where these are defined.
    pub fn sources(&self, declared: &DeclaredPaths) -> Vec<Bypass> {
        let mut canonicals: Vec<_> = declared.canonicals().collect();
        canonicals.sort_unstable_by_key(|(rule, _)| *rule);
        canonicals.into_iter().flat_map(|(rule, canonical)| self.sources_of(rule, canonical)).collect()
    }

    fn sources_of(&self, rule: usize, canonical: &SymbolPath) -> Vec<Bypass> {
        let mut sources = Vec::new();
        let mut route = Vec::new();
        let mut at = canonical.clone();
        while let Some((next, hop)) = self.next_hop(&at).filter(|_| route.len() < MOST_HOPS) {
            // Something else than the symbol itself: a member of it.
            if next == *canonical || route.iter().any(|known: &Hop| known.path == next) {
                break;
            }
            route.push(hop);
            let route = route.iter().rev().cloned().collect();
            let canonical = canonical.clone();
            let path = next.clone();
            let kind = PathKind::Unknown;
            sources.push(Bypass {
                path,
                canonical,
                rule,
                kind,
                route,
                is_source: true,
                is_looked_up: false,
                is_patched: false,
            });
            at = next;
        }
        sources
    }

    /// Where a path leads that only hands a name on, and the place that does so.
    fn next_hop(&self, path: &SymbolPath) -> Option<(SymbolPath, Hop)> {
        let (body, count) = self.body(path, None)?;
        let (next, used) = body.view.hop(path)?;
        let name = path.segments().get(count).filter(|_| used == path.len())?;
        let (span, _) = body.provider(name)?;
        Some((next, Hop { path: path.clone(), file: body.view.file, span }))
    }
}

impl View<'_> {
    /// The place that hands the next name of `path` on, and whether others than the modules inside may use it.
    pub fn hop_place(&self, path: &SymbolPath) -> Option<(Hop, bool)> {
        let (body, count) = match self.graph.body(path, Some(self.file))? {
            // A package that has something else under the name of its module.
            (_, count) if count == path.len() => {
                (self.graph.body_of(&path.parent()?, Some(self.file))?, count - 1)
            }
            found => found,
        };
        let (span, visibility) = body.provider(&path.segments()[count])?;
        let hop = Hop { path: path.prefix(count + 1), file: body.view.file, span };
        Some((hop, visibility != Visibility::Around(0)))
    }
}

impl Body<'_> {
    /// Where `name` is bound here, or the star import that brings it in, and who may read it.
    fn provider(&self, name: &str) -> Option<(Span, Visibility)> {
        let binding = |&id: &BindingId| (self.view.binding(id).span, self.view.binding(id).visibility);
        let bound = self.bindings(name).first().map(binding);
        let star = || {
            let imports = self.view.facts.imports.iter().rev();
            let stars: Vec<&Import> = imports
                .filter(|import| import.form == ImportForm::Star && import.scope == self.scope)
                .collect();
            let brings = |star: &&&Import| {
                let module = self.view.imported_module(star);
                let importer = (self.view.file, self.scope);
                module.and_then(|module| self.view.graph.star_provides(&module, importer, name)) == Some(true)
            };
            // Of several the last one counts; where none is known to, it may be any of them.
            let star = stars.iter().find(brings).or(stars.first());
            star.map(|star| (star.span, star.visibility))
        };
        let stand_in = || self.stand_in().map(|(_, span)| (span, Visibility::Public));
        let lazy = || self.lazy(name).map(|lazy| (lazy.name.span, Visibility::Public));
        stand_in().or(bound).or_else(lazy).or_else(star)
    }
}
