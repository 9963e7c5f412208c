//! Paths that a policy does not want.

use super::Finder;
use crate::graph::bypass::Bypass;
use crate::graph::trace::Trace;
use crate::model::{Import, PathKind, Reference, SymbolPath};

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

    /// The same for the names that a star import brings in and that this file uses.
    pub(super) fn note_policy_by_star(&mut self, star: &Import, module: &SymbolPath) {
        if !self.declared.has_policies() {
            return;
        }
        let importer = (self.view.file, star.scope);
        for name in self.view.names_from_star(star) {
            if self.view.graph.star_provides(module, importer, name) == Some(true) {
                self.note_policy(&module.join([name]), 1, self.is_late(star));
            }
        }
    }

    fn note_policy(&mut self, path: &SymbolPath, spelled: usize, is_looked_up: bool) {
        let Some(Trace { definition, mut route, rest }) = self.view.trace(path) else { return };
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
        if route.is_empty() {
            route.extend(self.view.hop_place(&definition).map(|(hop, _)| hop));
        }
        let kind = if self.view.facts.is_declarative { PathKind::Unknown } else { PathKind::Symbol };
        let (path, rule, is_source) = (written, policy.rule, policy.wants_facade);
        self.found.bypasses.push(Bypass {
            path,
            canonical,
            rule,
            kind,
            route,
            is_source,
            is_looked_up,
            is_patched: false,
        });
    }
}
