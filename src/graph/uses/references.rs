//! Declared paths in attribute chains.

use super::{Details, Finder, MOST_HOPS, Match};
use crate::graph::declared::Standing;
use crate::model::{Access, ImportForm, Place, Reference, ReferenceId, Site, Stem, SymbolPath};

impl Finder<'_> {
    pub(super) fn references(&mut self) {
        for id in 0..self.view.facts.references.len() as ReferenceId {
            let reference = &self.view.facts.references[id as usize];
            if reference.segments.len() > 1 && reference.place != Place::Export {
                self.reference(id, reference);
            }
        }
    }

    fn reference(&mut self, id: ReferenceId, reference: &Reference) {
        let attributes = &reference.segments[1..];
        let Some(root) = self.root(reference) else { return };
        let written = self.view.canonical(&root.join(attributes.iter().map(|segment| &segment.name)));
        let Some(found) = self.find(written, attributes.len()) else { return };
        let own = found.own.min(attributes.len());
        if found.rest() >= own {
            return; // The attributes lie behind the declared path: the import that binds the name is the finding.
        }
        let root_moved = self.declared.moved(&self.view.canonical(&root));
        let root_is_flagged = root_moved != self.view.canonical(&root);
        let changes = self.changes(&found, &root, &root_moved, attributes.len());
        if root_is_flagged && !changes {
            return;
        }
        let spelled = !root_is_flagged && (found.route.is_empty() || changes);
        if !spelled && !changes {
            return;
        }
        let obstacle = match reference.place {
            Place::Opaque => Some("it stands in a string annotation that is not plain text".to_owned()),
            Place::Fixed => Some("the name is a keyword that other code relies on".to_owned()),
            _ if reference.access == Access::Delete => Some("it is deleted here".to_owned()),
            _ => None,
        };
        let stem = Some(self.stem(&found, &root_moved, attributes.len()));
        self.record(Site::Reference(id), found, Details { spelled, stem, obstacle });
    }

    /// What the first name stands for. Several bindings may differ as long as the chain ends in one place once
    /// everything has moved.
    fn root(&self, reference: &Reference) -> Option<SymbolPath> {
        if let Some(root) = self.view.root(reference).or_else(|| self.root_from_star(reference)) {
            return Some(root);
        }
        self.view.identity(reference, &|path| self.declared.moved(path))?;
        let attributes = reference.segments[1..].iter().map(|segment| &segment.name);
        let mut roots = reference.bindings.iter().filter_map(|&binding| self.view.bound(binding));
        roots.find(|root| {
            let path = self.view.canonical(&root.join(attributes.clone()));
            self.declared.moved(&path) != path
        })
    }

    /// The beginning of a chain that may stay: its root when it was written straight, else the root and everything up
    /// to the name that hands the rest on.
    fn stem(&self, found: &Match<'_>, root_moved: &SymbolPath, attributes: usize) -> Stem {
        if found.route.is_empty() {
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
        if found.route.is_empty() {
            let own = &found.written.segments()[found.written.len() - attributes..];
            return root_moved == root || root_moved.join(own) != after;
        }
        let alias = found.reached.prefix(found.reached.len() - found.own);
        let own = &found.reached.segments()[found.reached.len() - found.own..];
        self.declared.moved(&alias).join(own) != after
    }

    /// The path of a name that comes from a star import, when one of its attributes is relevant.
    fn root_from_star(&self, reference: &Reference) -> Option<SymbolPath> {
        let relevant = reference.segments[1..].iter().any(|segment| self.declared.ends_in(&segment.name));
        if !reference.bindings.is_empty() || !relevant {
            return None;
        }
        let name = &reference.segments[0].name;
        let stars = self.view.facts.imports.iter().filter(|import| import.form == ImportForm::Star);
        let mut modules = stars.filter_map(|star| self.view.imported_module(star));
        let provides = |module: &SymbolPath| {
            self.view.graph.star_provides(module, self.view.file, name, MOST_HOPS) == Some(true)
        };
        modules.find(|module| provides(module)).map(|module| module.join([name]))
    }
}
