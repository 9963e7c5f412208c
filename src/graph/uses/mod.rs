//! Finds the places in one file where a declared path is written.

mod bypasses;
mod data;
mod imports;
mod policies;
mod references;
mod second_names;
mod strings;

use super::SymbolGraph;
use super::declared::{Declared, DeclaredPaths, Origin, Standing};
use super::resolve::View;
use super::{Bypass, MOST_HOPS};
use crate::model::{
    BindingId, BindingKind, DataRole, FileId, Hop, Import, ImportForm, PathKind, ScopeId, ScopeKind, Site,
    Stem, SymbolPath, Use,
};
pub use data::{MAY_BE_FILE, data_use, is_like_file, task_names};
pub use second_names::{SecondForm, SecondName};

/// What one file writes of the declared paths.
#[derive(Debug, Default)]
pub struct FileUses {
    /// Places that a migration has to change, in the order imports, references, strings.
    pub uses: Vec<Use>,
    /// The rule of each place where a canonical path is written.
    pub canonical: Vec<usize>,
    /// Paths written here that lead to a symbol with a canonical path and that nobody declared. Once they are declared as
    /// found, the places themselves are among `uses`.
    pub bypasses: Vec<Bypass>,
    /// Paths of names that this file puts something else in the place of: tests do.
    pub patched: Vec<SymbolPath>,
    /// Other names that this file gives to such symbols.
    pub second_names: Vec<SecondName>,
}

/// Finds what `file` writes of the declared paths. Facts that are missing for an answer are demanded from the graph;
/// once they are there the same question must be asked again.
pub fn uses(graph: &SymbolGraph, declared: &DeclaredPaths, file: FileId) -> FileUses {
    let Some(view) = View::new(graph, file).filter(|_| !declared.is_empty()) else {
        return FileUses::default();
    };
    let mut finder = Finder { view, declared, found: FileUses::default() };
    finder.imports();
    finder.references();
    finder.strings();
    finder.second_names();
    finder.found
}

struct Finder<'graph> {
    view: View<'graph>,
    declared: &'graph DeclaredPaths,
    found: FileUses,
}

/// A written path together with the declared path that it falls under.
struct Match<'graph> {
    /// The path as written.
    written: SymbolPath,
    /// The path after following re-exports; equal to `written` when there was none.
    reached: SymbolPath,
    /// Segments at the end of `reached` that come from the written path itself, not from a re-export.
    own: usize,
    /// Segments of `reached` that the declared path accounts for.
    matched: usize,
    declared: &'graph Declared,
    /// The re-exports on the way; empty when a declared path is written straight.
    hops: Vec<Hop>,
    /// The same as paths, from the written one to the declared one.
    route: Vec<String>,
    /// True when there are re-exports on the way, and none of them is an import for the module's own use only.
    is_handed_on: bool,
}

impl Match<'_> {
    /// Segments behind the declared path.
    fn rest(&self) -> usize {
        self.reached.len() - self.matched
    }
}

impl<'graph> Finder<'graph> {
    /// The declared path under which `written` falls, straight or through re-exports. `own` is the number of segments
    /// at the end of the path that were written in this place.
    fn find(&self, written: SymbolPath, own: usize) -> Option<Match<'graph>> {
        let straight = self.declared.longest(&written);
        if straight.is_some_and(|(matched, declared)| self.is_settled(&written, matched, declared)) {
            return straight.map(|(matched, declared)| Match { own, ..direct(written, matched, declared) });
        }
        let found = self.follow(&written, own);
        found.or_else(|| {
            straight.map(|(matched, declared)| Match { own, ..direct(written, matched, declared) })
        })
    }

    /// False where a declared module may still hand on a symbol that has a canonical path of its own.
    fn is_settled(&self, path: &SymbolPath, matched: usize, declared: &Declared) -> bool {
        let is_allowed = matches!(declared.standing, Standing::Canonical | Standing::Facade);
        let is_open = is_allowed && declared.rule.is_some() && matched < path.len();
        !is_open || self.declared.symbol(&path.prefix(matched)).is_some()
    }

    /// The same through re-exports only.
    fn follow(&self, written: &SymbolPath, mut own: usize) -> Option<Match<'graph>> {
        // The module may have been written by a longer name than the one it goes by.
        own = own.min(written.len());
        let may_lead_on = |reached: &SymbolPath, own: usize| {
            reached.segments()[reached.len() - own..].iter().any(|name| self.declared.ends_in(name))
        };
        if !may_lead_on(written, own) {
            return None;
        }
        let (mut reached, mut hops, mut route) = (written.clone(), Vec::new(), vec![written.to_string()]);
        let mut is_handed_on = true;
        for _ in 0..MOST_HOPS {
            if !may_lead_on(&reached, own) {
                return None;
            }
            self.note_star_on_the_way(&reached);
            let (next, used) = self.view.hop(&reached)?;
            let (hop, is_open) = self.view.hop_place(&reached)?;
            is_handed_on &= is_open;
            hops.push(hop);
            own = own.min(reached.len() - used).min(next.len());
            route.push(next.to_string());
            reached = next;
            if let Some((matched, declared)) = self.declared.longest(&reached)
                && self.is_settled(&reached, matched, declared)
            {
                return Some(Match {
                    written: written.clone(),
                    reached,
                    own,
                    matched,
                    declared,
                    hops,
                    route,
                    is_handed_on,
                });
            }
        }
        None
    }

    /// Tells the module on the way of `path` that its next name is wanted, when only a star import there can bind it.
    fn note_star_on_the_way(&self, path: &SymbolPath) {
        let graph = self.view.graph;
        let Some((body, count)) = graph.body(path, Some(self.view.file)) else { return };
        if let Some(name) = path.segments().get(count).filter(|name| body.bindings(name).is_empty()) {
            graph.reach(body.view.file, body.scope, name);
        }
    }

    fn record(&mut self, site: Site, found: Match<'_>, details: Details) {
        let Some(declared) = self.in_force(&site, &found) else { return };
        let target = match (&declared.standing, declared.rule) {
            (Standing::Legacy(target), _) => target,
            (Standing::Canonical, Some(rule)) if found.hops.is_empty() => {
                return self.found.canonical.push(rule);
            }
            _ => return,
        };
        let legacy = found.reached.prefix(found.matched);
        let bypass = match &declared.origin {
            Origin::Found(bypass) => Some(bypass),
            Origin::Rule | Origin::Code => None,
        };
        let full = target.join(&found.reached.segments()[found.matched..]);
        let round_trip = match self.own_source(&site, &full) {
            OwnSource::Provides => return,
            OwnSource::RoundTrip => Some("the canonical module itself imports it here".to_owned()),
            OwnSource::No => None,
        };
        // A name that another file is about to bind does not exist yet.
        let is_known = declared.rule.is_some();
        let obstacle = round_trip.or(details.obstacle);
        let obstacle = obstacle.or_else(|| match self.view.graph.exists(&full, Some(self.view.file)) {
            Some(false) if is_known && !self.is_free_name(&site) => Some(format!("`{full}` does not exist")),
            _ if self.view.facts.is_declarative => self.out_of_reach(&site, &full),
            _ => self.no_module(&site, &full),
        });
        self.found.uses.push(Use {
            site,
            legacy,
            matched: found.written.len() - found.rest(),
            target: target.clone(),
            kind: declared.kind,
            rule: declared.rule,
            spelled: details.spelled && declared.rule.is_some(),
            stem: details.stem,
            obstacle,
            route: found.route,
            hops: bypass.map(|bypass| bypass.route.clone()),
            written: found.written,
        });
    }

    /// What holds at a place of the path that was found there; `None` where it may stay.
    fn in_force<'found>(&self, site: &Site, found: &Match<'found>) -> Option<&'found Declared>
    where
        'graph: 'found,
    {
        let legacy = || found.reached.prefix(found.matched);
        match &found.declared.origin {
            Origin::Code if !self.view.graph.modules().reaches(self.view.file, &legacy()) => None,
            Origin::Found(bypass) if self.may_bypass(site, bypass) => self.declared.renamed(&legacy()),
            _ => Some(found.declared),
        }
    }

    /// Why `from … import …` cannot take `full` from its parent: that is a class, a function or a value.
    fn no_module(&self, site: &Site, full: &SymbolPath) -> Option<String> {
        let (Site::Import(id) | Site::StarMember(id, _)) = site else { return None };
        if self.view.facts.imports[*id as usize].form == ImportForm::Module {
            return None;
        }
        let graph = self.view.graph;
        let is_module = graph.modules().find(full, Some(self.view.file)).is_some();
        if is_module && graph.is_hidden_module(full, self.view.file) {
            return Some(format!("`{full}` is hidden by another name of its package"));
        }
        let parent = full.parent()?;
        let may_be = graph.may_be_module(&parent, Some(self.view.file));
        (!may_be).then(|| format!("`{parent}` is no module, nothing can be imported from it"))
    }

    /// True when a module has the name of something in another namespace beside it.
    fn has_twin(&self, path: &SymbolPath) -> bool {
        let graph = self.view.graph;
        let has_both = || {
            let body = graph.body_of(&path.parent()?, Some(self.view.file))?;
            let is_module = |&id: &BindingId| matches!(body.view.binding(id).kind, BindingKind::Module(_));
            let leads_to_module = |&id: &BindingId| {
                is_module(&id)
                    || body.view.bound(id).is_some_and(|path| graph.modules().find(&path, None).is_some())
            };
            let bindings = body.bindings(path.name());
            Some(bindings.iter().any(is_module) && !bindings.iter().all(leads_to_module))
        };
        self.view.facts.is_declarative && has_both().unwrap_or(false)
    }

    /// The path of a module that an import in this file hands on, when it is a declared legacy path: what begins with this
    /// name here writes that path.
    fn declared_here(&self, bindings: &[BindingId]) -> Option<SymbolPath> {
        let [binding] = bindings else { return None };
        let binding = self.view.binding(*binding);
        let is_import = matches!(binding.kind, BindingKind::Import(_));
        let facts = self.view.facts;
        let is_item = facts.scopes[binding.scope as usize].kind == ScopeKind::Module;
        if !facts.is_declarative || !is_import || !is_item || !self.declared.ends_in(&binding.name) {
            return None;
        }
        let path = self.view.module_path(binding.scope)?.join([&binding.name]);
        let declared = self.declared.get(&path)?;
        let is_module = matches!(declared.standing, Standing::Legacy(_)) && declared.kind == PathKind::Module;
        (is_module && declared.rule.is_some()).then_some(path)
    }

    /// Why the file cannot name `full`: it lies in a package that this one does not depend on, or it is private.
    fn out_of_reach(&self, site: &Site, full: &SymbolPath) -> Option<String> {
        let view = self.view;
        if view.graph.modules().spelled_in(full, view.file).is_none() {
            let what = match view.graph.modules().reaches(view.file, full) {
                true => "the package that this file belongs to depends on a release of it",
                false => "it is no dependency of the package that this file belongs to",
            };
            return Some(format!("`{}` cannot be named: {what}", full.prefix(1)));
        }
        let hidden = view.graph.hidden_part(full, (view.file, self.scope_of(site)))?;
        Some(format!("`{hidden}` is private, it cannot be named here"))
    }

    /// True for the name of a logger: it may go on behind the module as it likes.
    fn is_free_name(&self, site: &Site) -> bool {
        self.view.facts.data_role(site) == Some(DataRole::Logger)
    }

    fn scope_of(&self, site: &Site) -> ScopeId {
        let facts = self.view.facts;
        match site {
            Site::Import(id) | Site::StarMember(id, _) => facts.imports[*id as usize].scope,
            Site::Reference(id) => facts.references[*id as usize].scope,
            Site::PathString(id) => facts.strings[*id as usize].scope,
        }
    }

    /// Whether this file is the canonical module and the import is where it gets the symbol from: then the path is not
    /// a detour but the source.
    fn own_source(&self, site: &Site, target: &SymbolPath) -> OwnSource {
        let (Site::Import(id) | Site::StarMember(id, _)) = site else { return OwnSource::No };
        let import = &self.view.facts.imports[*id as usize];
        let Some(own) = self.view.module_path(import.scope) else { return OwnSource::No };
        if self.feeds(&own, import, target) {
            return OwnSource::Provides;
        }
        if !target.starts_with(&own) {
            return OwnSource::No;
        }
        let facts = self.view.facts;
        let Some(name) = target.segments().get(own.len()) else {
            // Where imports only declare, a module may import itself to have its name at hand.
            return if facts.is_declarative { OwnSource::No } else { OwnSource::Provides };
        };
        let scope = facts.module_scope(import.scope);
        let bindings = facts.scopes[scope as usize].bindings(name);
        let defined = bindings.iter().any(|&binding| {
            matches!(facts.bindings[binding as usize].kind, BindingKind::Definition | BindingKind::Value)
        });
        let is_module =
            |&binding: &BindingId| matches!(facts.bindings[binding as usize].kind, BindingKind::Module(_));
        let is_submodule = bindings.iter().any(is_module)
            || self.view.graph.modules().find(&target.prefix(own.len() + 1), None).is_some();
        if bindings.is_empty() && matches!(site, Site::Import(_)) && !self.may_provide_unseen() {
            return OwnSource::No;
        }
        match (defined, is_submodule) {
            // Where imports only declare, this gives what is defined here one more name.
            (true, _) if facts.is_declarative => OwnSource::No,
            (true, _) => OwnSource::RoundTrip,
            (false, true) => OwnSource::No,
            (false, false) => OwnSource::Provides,
        }
    }

    /// True when the way from `target` to what it stands for leads over the name that `import` binds in the module
    /// `own`: pointed at `target` it would go round in a circle.
    fn feeds(&self, own: &SymbolPath, import: &Import, target: &SymbolPath) -> bool {
        if !self.view.facts.is_declarative {
            return false; // In languages that run their imports this is a cycle, and found as one.
        }
        let Some(binding) = import.binding else { return false };
        let here = own.join([&self.view.binding(binding).name]);
        let mut at = target.clone();
        for _ in 0..MOST_HOPS {
            if at == here {
                return true;
            }
            match self.view.hop(&at) {
                Some((next, _)) => at = next,
                None => return false,
            }
        }
        false
    }

    /// True when the module may have names that no statement in it binds: from a star import, or by PEP 562.
    fn may_provide_unseen(&self) -> bool {
        let facts = self.view.facts;
        facts.scopes[0].names.contains_key("__getattr__")
            || facts.imports.iter().any(|import| import.form == ImportForm::Star && import.scope == 0)
    }
}

struct Details {
    spelled: bool,
    stem: Option<Stem>,
    obstacle: Option<String>,
}

impl Details {
    const fn spelled() -> Self {
        Self { spelled: true, stem: None, obstacle: None }
    }
}

enum OwnSource {
    No,
    Provides,
    RoundTrip,
}

fn direct(path: SymbolPath, matched: usize, declared: &Declared) -> Match<'_> {
    let own = path.len();
    Match {
        reached: path.clone(),
        written: path,
        own,
        matched,
        declared,
        hops: Vec::new(),
        route: Vec::new(),
        is_handed_on: false,
    }
}
