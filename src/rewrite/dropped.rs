//! Names that go with a match, where the code around still needs them.

use super::usages::{Planner, Spelled};
use crate::language::pattern::{Dropped, unbound};
use crate::model::{Binding, BindingId, Exports, FileFacts, ScopeKind, Span};
use std::collections::BTreeSet;

impl Planner<'_> {
    /// Takes out the jobs by which a name would go that is read elsewhere. What others may take from the module by such a name
    /// is added to `words`.
    pub(super) fn keep_bound(
        &self,
        spelled: &mut Vec<Spelled<'_>>,
        refused: &mut Vec<(Span, String, String)>,
        words: &mut BTreeSet<String>,
    ) {
        let tree = self.request.tree;
        let dropped = |one: &Spelled<'_>| one.job.found.dropped(one.job.pattern, tree);
        let is_asked = !self.facts().is_declarative;
        if !is_asked || spelled.iter().all(|one| dropped(one).targets.is_empty()) {
            return;
        }
        // What the project knows of the file may be less than what stands in it.
        let facts = self.front_end().lower(self.request.source, self.request.edition, None);
        spelled.retain(|one| {
            let dropped = dropped(one);
            let bound: Vec<BindingId> = (0..facts.bindings.len() as BindingId)
                .filter(|&id| {
                    let span = facts.bindings[id as usize].span;
                    dropped.targets.iter().any(|target| target.contains(span))
                })
                .collect();
            let of_module = bound.iter().map(|id| &facts.bindings[*id as usize]);
            let of_module = of_module.filter(|binding| binding.scope == 0);
            words.extend(of_module.map(|binding| binding.name.to_string()));
            let reason = bound.iter().find_map(|&id| self.reader(&facts, id, one.job.found.span, &dropped));
            let reason = reason.or_else(|| self.member_set(&facts, &dropped));
            refused.extend(
                reason.iter().map(|reason| (one.job.found.span, one.job.rule.to_owned(), reason.clone())),
            );
            reason.is_none()
        });
    }

    /// Why a part of something, of which nobody knows who reads it, cannot go.
    fn member_set(&self, facts: &FileFacts, dropped: &Dropped) -> Option<String> {
        let is_part = |target: &&Span| {
            let mut bindings = facts.bindings.iter();
            let mut references = facts.references.iter();
            !bindings.any(|binding| target.contains(binding.span))
                || references.any(|reference| target.contains(reference.segments[0].span))
        };
        let part = dropped.targets.iter().find(is_part)?;
        Some(format!("`{}` is set by what would go", part.of(self.request.source.text())))
    }

    /// Why a binding cannot go with the code in `left`.
    fn reader(&self, facts: &FileFacts, id: BindingId, left: Span, dropped: &Dropped) -> Option<String> {
        let Binding { name, scope, .. } = &facts.bindings[id as usize];
        let scope = *scope;
        if facts.scopes[scope as usize].kind == ScopeKind::Class {
            return Some(format!("`{name}` is an attribute of the class, which would go"));
        }
        let others: Vec<u32> = facts
            .bindings
            .iter()
            .filter(|other| other.scope == scope && other.name == *name && !left.contains(other.span))
            .map(|other| other.span.start)
            .collect();
        let is_read =
            facts.references.iter().filter(|reference| reference.bindings.contains(&id)).any(|read| {
                let at = read.segments[0].span;
                match left.contains(at) {
                    true => dropped.kept.iter().any(|kept| kept.contains(at)),
                    false => !others
                        .iter()
                        .any(|&binding| self.request.tree.is_bound_between(left, binding, at.start)),
                }
            });
        let view = self.request.view;
        let is_exported = || match &facts.exports {
            Exports::Explicit { names, .. } => names.iter().any(|export| export.name == *name),
            Exports::Implicit | Exports::Visible => false,
        };
        let is_asked = || {
            let module = view.module_path(0);
            module.is_some_and(|module| {
                self.request.asked.is_some_and(|asked| asked.has(&module, name, (view.file, 0)))
            })
        };
        let is_needed = is_read || scope == 0 && (is_exported() || is_asked());
        is_needed.then(|| unbound(name))
    }
}
