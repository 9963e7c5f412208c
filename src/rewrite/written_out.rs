//! Chains in languages where a path can be written out anywhere: through an import, from what the scope sees, or in full.

use super::chains::{Chain, segment_edits};
use super::file_planner::FilePlanner;
use crate::language::{Surroundings, front_end};
use crate::model::{BindingId, Place, Reference, SymbolPath};

impl FilePlanner<'_> {
    /// Writes a chain whose beginning cannot stay: through an import of the new home when an import binds its root, from
    /// a module that the scope sees when such a one is its root, else in full.
    pub(super) fn spell_out(&mut self, root: Option<BindingId>, chain: &Chain<'_>) -> Result<(), String> {
        let reference = self.reference(chain.id);
        // Whether the text can be taken apart shows before an import is added for it.
        let probe = vec![String::new(); chain.covered + 1];
        let separator = chain.target.language().separator();
        segment_edits(self.text_of(reference), &reference.segments[..chain.covered], &probe, separator)?;
        // Without a stem the first name is itself a part of the legacy path: the import behind it is the shim.
        let is_imported =
            chain.found.stem.is_some() && root.is_some_and(|root| self.is_import(root).is_some());
        if is_imported && reference.place == Place::Code && self.reroot(root, chain).is_ok() {
            return Ok(());
        }
        let names = match self.seen_from_scope(reference, &chain.target) {
            Some(names) => names,
            None => self.in_full(reference, &chain.target)?,
        };
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        self.respell_chain(chain, 0, &names)?;
        self.rerooted.insert(chain.id);
        Ok(())
    }

    /// `target` from a module that lies beside the one with which the reference begins, when the scope sees it as well.
    fn seen_from_scope(&self, reference: &Reference, target: &SymbolPath) -> Option<Vec<String>> {
        let name = |segment: &str| self.view.name_in(reference.scope, segment);
        let root = name(&reference.segments[0].name)?;
        let around =
            root.parent().filter(|around| target.starts_with(around) && target.len() > around.len())?;
        let names = &target.segments()[around.len()..];
        let is_seen = name(&names[0]).is_some_and(|path| path == target.prefix(around.len() + 1));
        is_seen.then(|| names.iter().map(|name| name.to_string()).collect())
    }

    /// `target` with nothing left to the scope.
    fn in_full(&self, reference: &Reference, target: &SymbolPath) -> Result<Vec<String>, String> {
        if &*reference.segments[0].name == "$crate" {
            return Err(
                "the path is resolved in the crate of the macro, and the new one lies elsewhere".to_owned()
            );
        }
        let modules = self.view.graph.modules();
        let is_own = !self.view.facts.is_in_example(reference.scope);
        let package = self.view.module.filter(|_| is_own).and_then(|module| modules.package(module));
        let spell = |path: &SymbolPath| modules.spelled_in(path, self.view.file);
        let edition = (self.request.edition)(self.view.file);
        let surroundings = Surroundings { package: package.as_ref(), edition, spell: &spell };
        let text = front_end(target.language()).inline_path(target, &surroundings);
        let text = text.ok_or_else(|| format!("`{target}` cannot be reached from this file"))?;
        Ok(text
            .split(target.language().separator())
            .map(|name| name.trim_start_matches("r#").to_owned())
            .collect())
    }
}
