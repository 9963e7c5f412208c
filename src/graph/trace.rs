//! From a written path to the place that defines what it leads to.

use super::MOST_HOPS;
use super::resolve::View;
use crate::model::{Hop, SymbolPath};

/// Where a path leads.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The path under which the symbol is defined.
    pub definition: SymbolPath,
    /// The re-exports on the way; empty when the definition itself is written.
    pub route: Vec<Hop>,
    /// How many segments of the path follow the symbol.
    pub rest: usize,
}

impl View<'_> {
    /// Follows `path` to the definition of a first-party symbol; `None` when it leads to a module, out of the project, through
    /// an import for somebody's own use (Rust), or when the symbol may be one of several.
    pub fn trace(&self, path: &SymbolPath) -> Option<Trace> {
        self.graph.modules().longest(path, Some(self.file))?;
        let (mut at, mut left, mut route) = (path.clone(), path.len(), Vec::new());
        while let Some((next, used)) = self.hop(&at).filter(|_| route.len() < MOST_HOPS) {
            let (hop, _) = self.hop_place(&at).filter(|(_, is_open)| *is_open)?;
            left = at.len() - used;
            route.push(hop);
            at = next;
        }
        let (_, count) = self.graph.body(&at, Some(self.file))?;
        let definition = (count < at.len()).then(|| at.prefix(count + 1))?;
        let rest = at.len() - definition.len();
        let is_symbol = rest <= left && self.graph.is_definition(&definition, self.file);
        is_symbol.then_some(Trace { definition, route, rest })
    }
}
