//! Paths that lead to a symbol with a canonical path and that nobody declared.

use super::{Finder, Match, Origin, Standing};
use crate::graph::bypass::Bypass;
use crate::model::{
    Access, BindingId, BindingKind, ImportForm, PathKind, Place, Reference, Site, StringForm, SymbolPath,
};

impl Finder<'_> {
    /// Notes a path that leads to a symbol by re-exports which no rule speaks of. `spelled` segments at its end are written
    /// in this place, the name that is handed on must be one of them.
    pub(super) fn note_bypass(&mut self, found: &Match<'_>, spelled: usize, is_looked_up: bool) {
        let Some((rule, canonical, rest)) = self.symbol_behind(found) else { return };
        let is_written_here = rest <= found.own && rest < spelled;
        let path = found.written.prefix(found.written.len() - rest);
        let is_known = self.declared.get(&path).is_some();
        if !is_written_here || is_known || !found.is_handed_on {
            return;
        }
        let canonical = canonical.clone();
        let mut route = found.hops.clone();
        if let Origin::Found(further) = &found.declared.origin {
            route.extend_from_slice(&further.route); // The way goes on over a path that was found before.
        }
        let kind = PathKind::Unknown;
        let bypass =
            Bypass { path, canonical, rule, kind, route, is_source: false, is_looked_up, is_patched: false };
        self.found.bypasses.push(bypass);
    }

    /// The symbol that a path leads to, be it by the name that a module which is to go has for it: its rule, its canonical
    /// path, and how many segments stand behind it.
    fn symbol_behind(&self, found: &Match<'_>) -> Option<(usize, &SymbolPath, usize)> {
        let end = found.reached.prefix(found.matched);
        if let Some((rule, canonical)) = self.declared.symbol(&end) {
            return Some((rule, canonical, found.rest()));
        }
        let Standing::Legacy(target) = &found.declared.standing else { return None };
        let full = target.join(&found.reached.segments()[found.matched..]);
        self.declared.symbol_beyond(&full, target.len())
    }

    /// Whether an import runs each time that a function does: then it looks the name up while the code runs.
    pub(super) fn is_late(&self, import: &crate::model::Import) -> bool {
        import.scope != self.view.facts.module_scope(import.scope)
    }

    /// Whether a chain only reads its last name; what is patched or deleted is meant in its own place.
    pub(super) const fn only_reads(reference: &Reference) -> bool {
        matches!(reference.access, Access::Read)
            && !matches!(reference.place, Place::NameInString | Place::Export)
    }

    /// Whether a place may write a path that nobody declared.
    pub(super) fn may_bypass(&self, site: &Site, bypass: &Bypass) -> bool {
        bypass.is_source && self.is_inside(site, bypass)
            || self.stays_with_patch(site, bypass)
            || self.is_only_way(site, bypass)
    }

    /// Where the canonical path cannot be named, another one goes round nothing.
    fn is_only_way(&self, site: &Site, bypass: &Bypass) -> bool {
        self.view.facts.is_declarative && self.out_of_reach(site, &bypass.canonical).is_some()
    }

    /// A facade gets the symbol from somewhere, and the package around it may use the inside of the package.
    fn is_inside(&self, site: &Site, bypass: &Bypass) -> bool {
        let Some(own) = self.view.module_path(self.scope_of(site)) else { return false };
        let facade = bypass.canonical.parent();
        let is_on_the_way = || match site {
            Site::Import(id) | Site::StarMember(id, _) => {
                let import = &self.view.facts.imports[*id as usize];
                bypass.route.iter().any(|hop| hop.file == self.view.file && self.binds(import, &hop.path))
            }
            _ => false,
        };
        facade.is_some_and(|facade| own.starts_with(&facade)) || is_on_the_way()
    }

    fn binds(&self, import: &crate::model::Import, path: &SymbolPath) -> bool {
        let own = self.view.module_path(import.scope);
        let is_own = |name: &str| own.as_ref().is_some_and(|own| own.join([name]) == *path);
        match import.binding {
            Some(binding) => is_own(&self.view.binding(binding).name),
            None => import.form == ImportForm::Star && is_own(path.name()),
        }
    }

    /// A patch stays where the name is looked up: in the module itself, as long as that reads it; and so do those who look at
    /// what was put there. Otherwise it moves when others look the name up in the module, for they move.
    fn stays_with_patch(&self, site: &Site, bypass: &Bypass) -> bool {
        let is_patch = self.patches(site);
        let looks_up = || match site {
            Site::Reference(_) => true,
            Site::Import(id) => self.is_late(&self.view.facts.imports[*id as usize]),
            Site::StarMember(..) | Site::PathString(_) => false,
        };
        let is_about_patch = is_patch || bypass.is_patched && looks_up();
        is_patch && !bypass.is_looked_up || is_about_patch && self.uses_itself(bypass)
    }

    /// Notes where something else is put in the place of a name.
    pub(super) fn note_patch(&mut self, path: &SymbolPath) {
        if self.declared.ends_in(path.name()) {
            self.found.patched.push(path.clone());
        }
    }

    fn patches(&self, site: &Site) -> bool {
        match site {
            Site::PathString(id) => self.view.facts.strings[*id as usize].form == StringForm::PatchTarget,
            Site::Reference(id) => !Self::only_reads(&self.view.facts.references[*id as usize]),
            _ => false,
        }
    }

    /// Whether the module of a path reads the name that it hands on.
    fn uses_itself(&self, bypass: &Bypass) -> bool {
        let Some(body) = bypass.path.parent().and_then(|module| self.view.graph.body_of(&module, None))
        else {
            return true;
        };
        let is_another = |&id: &BindingId| {
            matches!(body.view.binding(id).kind, BindingKind::Import(_) | BindingKind::Alias(_))
        };
        let name = bypass.path.name();
        !body.bindings(name).iter().all(is_another) || body.reads(name)
    }
}
