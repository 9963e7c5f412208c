//! Names that go with a match, where the code around still needs them.

use super::going::may_be_read;
use super::usages::{Planner, Spelled};
use crate::language::pattern::{Dropped, Target, unbound};
use crate::model::{Binding, BindingId, BindingKind, Exports, FileFacts, ImportForm, ScopeKind, Span};
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
                    dropped.targets.iter().any(|target| target.span.contains(span))
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
        let is_part = |target: &&Target| {
            let mut bindings = facts.bindings.iter();
            let mut references = facts.references.iter();
            !bindings.any(|binding| target.span.contains(binding.span))
                || references.any(|reference| target.span.contains(reference.segments[0].span))
        };
        let part = dropped.targets.iter().find(is_part)?;
        Some(format!("`{}` is set by what would go", part.span.of(self.request.source.text())))
    }

    /// Why a binding cannot go with the code in `left`.
    fn reader(&self, facts: &FileFacts, id: BindingId, left: Span, dropped: &Dropped) -> Option<String> {
        let Binding { name, scope, kind, span, .. } = &facts.bindings[id as usize];
        let (scope, text) = (*scope, self.request.source.text());
        let is_named = dropped.targets.iter().any(|target| target.is_named && target.span.contains(*span));
        if facts.scopes[scope as usize].kind == ScopeKind::Class && !is_named {
            return Some(format!("`{name}` is an attribute of the class, which would go"));
        }
        let is_import = matches!(kind, BindingKind::Import(_));
        // What is bound as the head of a statement is there for its body; the rest of a module is there for everybody.
        let is_held =
            matches!(kind, BindingKind::Definition) || self.request.tree.assignment_around(*span).is_some();
        if scope == 0 && is_held && !is_import && !is_named && !is_private(name) {
            return Some(format!("`{name}` is a name of the module, which others may read"));
        }
        let is_needed = self.is_read(facts, id, left, dropped)
            || may_be_read(facts, text, name, left)
            || facts.scopes[scope as usize].span.of(text).contains("locals(")
            || scope == 0 && self.is_asked_for(facts, name);
        is_needed.then(|| unbound(name))
    }

    /// Whether something that stays in the file reads a binding, and nothing has bound the name anew by then.
    fn is_read(&self, facts: &FileFacts, id: BindingId, left: Span, dropped: &Dropped) -> bool {
        let Binding { name, scope, .. } = &facts.bindings[id as usize];
        // `import a.b` binds `a`, but what brings in `a.b` is only that.
        let binds_anew = |other: &Binding| match other.kind {
            BindingKind::Import(import) => {
                let import = &facts.imports[import as usize];
                import.form != ImportForm::Module || import.alias.is_some()
            }
            _ => true,
        };
        let others = facts.bindings.iter().filter(|other| other.scope == *scope && other.name == *name);
        let others = others.filter(|other| !left.contains(other.span) && binds_anew(other));
        let others: Vec<u32> = others.map(|other| other.span.start).collect();
        let tree = self.request.tree;
        let mut readers = facts.references.iter().filter(|reference| reference.bindings.contains(&id));
        readers.any(|read| {
            let at = read.segments[0].span;
            match left.contains(at) {
                true => dropped.kept.iter().any(|kept| kept.contains(at)),
                false => !others.iter().any(|&binding| tree.is_bound_between(left, binding, at.start)),
            }
        })
    }

    /// Whether the module hands a name on, or others take it from there.
    fn is_asked_for(&self, facts: &FileFacts, name: &str) -> bool {
        let view = self.request.view;
        let is_exported = match &facts.exports {
            Exports::Explicit { names, .. } => names.iter().any(|export| *export.name == *name),
            Exports::Implicit | Exports::Visible => false,
        };
        let asked = self.request.asked.zip(view.module_path(0));
        is_exported || asked.is_some_and(|(asked, module)| asked.has(&module, name, (view.file, 0)))
    }
}

/// True for a name that is nobody else's by convention (PEP 8, "Descriptive: Naming Styles").
fn is_private(name: &str) -> bool {
    name.starts_with('_') && !name.ends_with("__")
}
