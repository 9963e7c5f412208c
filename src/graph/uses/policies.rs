//! Paths that a policy does not want.

use super::{Finder, MOST_HOPS};
use crate::graph::bypass::Bypass;
use crate::model::{Hop, Import, PathKind, Reference, SymbolPath};

impl Finder<'_> {
    /// An import of a name by another path than the policy of its packages wants.
    pub(super) fn note_policy_by_import(&mut self, import: &Import, path: &SymbolPath) {
        let is_name = import.member.as_ref().is_some_and(|member| *member.name == *path.name());
        if is_name && self.declared.has_policies() {
            let spelled = if self.view.facts.is_declarative { import.path.len() + 1 } else { 1 };
            self.note_policy(path, spelled, self.is_late(import));
        }
    }

    /// The same for a chain; `spelled` segments at its end are written there.
    pub(super) fn note_policy_by_chain(&mut self, reference: &Reference, path: &SymbolPath, spelled: usize) {
        if self.declared.has_policies() && Self::only_reads(reference) {
            self.note_policy(path, spelled, true);
        }
    }

    fn note_policy(&mut self, path: &SymbolPath, spelled: usize, is_looked_up: bool) {
        if self.view.graph.modules().longest(path, Some(self.view.file)).is_none() {
            return;
        }
        let Some((definition, route, rest)) = self.definition(path) else { return };
        let Some(policy) = definition.parent().and_then(|module| self.declared.policy(&module)) else {
            return;
        };
        let canonical = if policy.wants_facade {
            self.view.graph.facade(policy, &definition, self.view)
        } else {
            definition.clone()
        };
        let written = path.prefix(path.len() - rest);
        let is_ruled =
            self.declared.longest(&written).is_some() || self.declared.longest(&canonical).is_some();
        if written == canonical || rest >= spelled || is_ruled {
            return;
        }
        let kind = if self.view.facts.is_declarative { PathKind::Unknown } else { PathKind::Symbol };
        let (path, rule, is_source) = (written, policy.rule, policy.wants_facade);
        self.found.bypasses.push(Bypass { path, canonical, rule, kind, route, is_source, is_looked_up });
    }

    /// Where the symbol behind a path is defined, the re-exports on the way, and how many segments of the path follow it.
    fn definition(&self, path: &SymbolPath) -> Option<(SymbolPath, Vec<Hop>, usize)> {
        let (mut at, mut rest, mut route) = (path.clone(), 0, Vec::new());
        for _ in 0..MOST_HOPS {
            let Some((next, used)) = self.view.hop(&at) else { break };
            let (hop, is_open) = self.view.hop_place(&at)?;
            if !is_open {
                return None;
            }
            rest = at.len() - used;
            route.push(hop);
            at = next;
        }
        let (_, count) = self.view.graph.body(&at, Some(self.view.file))?;
        let definition = (count < at.len()).then(|| at.prefix(count + 1))?;
        let behind = at.len() - definition.len();
        let is_clean = route.is_empty() || behind <= rest;
        if route.is_empty() {
            route.push(self.view.hop_place(&at)?.0);
        }
        (is_clean && self.view.graph.is_definition(&definition, self.view.file))
            .then_some((definition, route, behind))
    }
}
