//! Declared paths in attribute chains.

use super::{Details, Finder, Match};
use crate::graph::declared::Standing;
use crate::model::{
    Access, BindingId, BindingKind, PathKind, Place, Reference, ReferenceId, Site, Start, Stem, SymbolPath,
};

impl Finder<'_> {
    pub(super) fn references(&mut self) {
        for id in 0..self.view.facts.references.len() as ReferenceId {
            let reference = &self.view.facts.references[id as usize];
            let is_path = reference.segments.len() > 1 || self.links_module(reference);
            if is_path && reference.place != Place::Export {
                self.reference(id, reference);
            }
        }
    }

    /// A link in documentation may consist of nothing but the name of a module that is declared here.
    fn links_module(&self, reference: &Reference) -> bool {
        let is_declared = || self.declared_here(&reference.bindings).is_some();
        let is_bound = !reference.bindings.is_empty();
        reference.place == Place::Doc && is_bound && (self.writes_root(reference) || is_declared())
    }

    fn reference(&mut self, id: ReferenceId, reference: &Reference) {
        let attributes = &reference.segments[1..];
        let Some(root) = self.root(reference) else { return };
        let written = self.view.canonical(root.join(attributes.iter().map(|segment| &segment.name)));
        let root_is_written = self.writes_root(reference);
        let spelled_here = attributes.len() + usize::from(root_is_written);
        if self.view.is_inside(reference.scope, &written) {
            return; // A module around the place itself: `pub(in crate::a)`.
        }
        self.note_policy_by_chain(reference, &written, spelled_here);
        if !Self::only_reads(reference) {
            self.note_patch(&written);
        }
        let Some(found) = self.find(written, spelled_here) else { return };
        if Self::only_reads(reference) {
            self.note_bypass(&found, spelled_here, true);
        }
        let own = found.own.min(spelled_here);
        let ends_in_module = found.rest() == 0 && found.declared.kind == PathKind::Module;
        if ends_in_module && reference.place == Place::Code && self.has_twin(&found.reached) {
            return; // No expression and no type ends in a module: it is the function or type of that name.
        }
        if found.rest() >= own {
            return; // The attributes lie behind the declared path: the import that binds the name is the finding.
        }
        let is_from_star = root_is_written && reference.start != Start::Top && reference.bindings.is_empty();
        if is_from_star && found.rest() == attributes.len() && found.declared.kind != PathKind::Module {
            return; // The star brings the name in: that is the finding.
        }
        let root_home = self.view.canonical(root.clone());
        let root_moved = self.declared.moved(&root_home);
        let root_is_flagged = !root_is_written && root_moved != root_home;
        let changes = self.changes(&found, &root, &root_moved, attributes.len());
        if root_is_flagged && !changes {
            return;
        }
        let spelled = !root_is_flagged && (found.hops.is_empty() || changes);
        if !spelled && !changes && !root_is_written {
            return;
        }
        let obstacle = obstacle(reference);
        let stem = self.stem(&found, &root_moved, attributes.len());
        let stem = (!root_is_written || !found.hops.is_empty()).then_some(stem);
        self.record(Site::Reference(id), found, Details { spelled, stem, obstacle });
    }

    /// True when the first segment is itself a part of the path, and no import decides what it means: the name of a
    /// module that is declared here or comes from a star, or a top-level name.
    fn writes_root(&self, reference: &Reference) -> bool {
        let is_module =
            |&binding: &BindingId| matches!(self.view.binding(binding).kind, BindingKind::Module(_));
        match reference.start {
            Start::Root | Start::Around(_) => false,
            Start::Top => true,
            Start::Scope | Start::ScopeOrTop => {
                let is_declared = || self.declared_here(&reference.bindings).is_some();
                self.view.facts.is_declarative && (reference.bindings.iter().all(is_module) || is_declared())
            }
        }
    }

    /// What the first name stands for. Several bindings may differ as long as the chain ends in one place once
    /// everything has moved.
    fn root(&self, reference: &Reference) -> Option<SymbolPath> {
        if let Some(root) = self.declared_here(&reference.bindings) {
            return Some(root);
        }
        if let Some(root) = self.root_from_star(reference).or_else(|| self.view.root(reference)) {
            return Some(root);
        }
        self.view.identity(reference, &|path| self.declared.moved(path))?;
        let attributes = reference.segments[1..].iter().map(|segment| &segment.name);
        let mut roots = reference.bindings.iter().filter_map(|&binding| self.view.bound(binding));
        roots.find(|root| {
            let path = self.view.canonical(root.join(attributes.clone()));
            self.declared.moved(&path) != path
        })
    }

    /// The beginning of a chain that may stay: its root when it was written straight, else the root and everything up
    /// to the name that hands the rest on.
    fn stem(&self, found: &Match<'_>, root_moved: &SymbolPath, attributes: usize) -> Stem {
        if found.hops.is_empty() {
            return Stem { path: root_moved.clone(), kept: 1 };
        }
        let alias = found.reached.prefix(found.reached.len() - found.own);
        Stem { path: self.declared.moved(&alias), kept: 1 + attributes - found.own }
    }

    /// Whether a chain has to be written differently once what its root stands for has moved.
    pub(super) fn changes(
        &self,
        found: &Match<'_>,
        root: &SymbolPath,
        root_moved: &SymbolPath,
        attributes: usize,
    ) -> bool {
        let Standing::Legacy(target) = &found.declared.standing else { return false };
        let after = target.join(&found.reached.segments()[found.matched..]);
        if found.hops.is_empty() {
            let own = &found.written.segments()[found.written.len() - attributes..];
            return root_moved == root || root_moved.join(own) != after;
        }
        let alias = found.reached.prefix(found.reached.len() - found.own);
        let own = &found.reached.segments()[found.reached.len() - found.own..];
        self.declared.moved(&alias).join(own) != after
    }

    /// The path of a name that comes from a star import, when one of its attributes is relevant.
    fn root_from_star(&self, reference: &Reference) -> Option<SymbolPath> {
        let own =
            if self.view.facts.is_declarative { &reference.segments[..] } else { &reference.segments[1..] };
        let is_relevant = own.iter().any(|segment| self.declared.ends_in(&segment.name));
        if is_relevant { self.view.root_by_star(reference) } else { None }
    }
}

/// Why a keyword of `patch.multiple` stays.
pub(super) const FIXED: &str = "the name is a keyword that other code relies on";

/// Why a chain cannot be rewritten, as far as the place tells.
fn obstacle(reference: &Reference) -> Option<String> {
    let reason = match reference.place {
        Place::Opaque => "it stands in a string annotation or macro whose text is not plain code",
        Place::Template => "it stands in the body of a macro and is resolved where the macro is used",
        Place::Fixed => FIXED,
        _ if reference.access == Access::Delete => "it is deleted here",
        _ => return None,
    };
    Some(reason.to_owned())
}
