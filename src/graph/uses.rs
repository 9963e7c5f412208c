//! Finds the places in one file where a declared path is written.

use super::SymbolGraph;
use super::declared::{Declared, DeclaredPaths, Standing};
use super::resolve::View;
use crate::model::{
    Access, BindingKind, FileId, Import, ImportForm, ImportId, PathKind, PathString, Place, Reference,
    ReferenceId, Site, Stem, StringForm, StringId, SymbolPath, Use,
};

/// Longer routes are not followed; cycles of re-exports end here too.
const MOST_HOPS: usize = 32;

/// What one file writes of the declared paths.
#[derive(Debug, Default)]
pub struct FileUses {
    /// Places that a migration has to change, in the order imports, references, strings.
    pub uses: Vec<Use>,
    /// The rule of each place where a canonical path is written.
    pub canonical: Vec<usize>,
}

/// Finds what `file` writes of the declared paths. Facts that are missing for an answer are demanded from the graph;
/// once they are there the same question must be asked again.
pub fn uses(graph: &SymbolGraph, declared: &DeclaredPaths, file: FileId) -> FileUses {
    let Some(view) = View::new(graph, file) else { return FileUses::default() };
    let mut finder = Finder { view, declared, found: FileUses::default() };
    finder.imports();
    finder.references();
    finder.strings();
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
    route: Vec<String>,
}

impl Match<'_> {
    /// Segments behind the declared path.
    fn rest(&self) -> usize {
        self.reached.len() - self.matched
    }
}

impl<'graph> Finder<'graph> {
    fn imports(&mut self) {
        for id in 0..self.view.facts.imports.len() as ImportId {
            let import = &self.view.facts.imports[id as usize];
            match import.form {
                ImportForm::Star => self.star(id, import),
                ImportForm::Module | ImportForm::Member => self.import(id, import),
            }
        }
    }

    fn import(&mut self, id: ImportId, import: &Import) {
        let Some(path) = self.view.imported(import) else { return };
        self.note_reached(import);
        let Some((matched, declared)) = self.declared.longest(&path) else { return };
        let in_module_part = matched < path.len() || import.form == ImportForm::Module;
        if in_module_part && declared.kind == PathKind::Symbol {
            return;
        }
        if !in_module_part && declared.kind == PathKind::Module && self.is_hidden_submodule(&path) {
            return;
        }
        self.record(Site::Import(id), direct(path, matched, declared), Details::spelled());
    }

    /// `from package import name` where the package binds the name to something that is not its submodule.
    fn is_hidden_submodule(&self, path: &SymbolPath) -> bool {
        let modules = self.view.graph.modules();
        let Some(parent) = path.parent() else { return false };
        let Some(id) = modules.find(parent.segments(), Some(self.view.file)) else { return false };
        let Some(facts) = self.view.graph.demand(id) else { return false };
        let Some(there) = modules.module(id).file.and_then(|file| View::new(self.view.graph, file)) else {
            return false;
        };
        let Some(bindings) = facts.scopes[0].names.get(path.name()) else { return false };
        !bindings.iter().any(|&binding| there.bound(binding).is_some_and(|bound| bound == *path))
            && modules.find(path.segments(), Some(self.view.file)).is_some()
    }

    /// Tells the module asked for that `name` is wanted from it: it may come from a star import there.
    fn note_reached(&self, import: &Import) {
        let Some(member) = &import.member else { return };
        if !self.declared.ends_in(&member.name) {
            return;
        }
        let Some(module) = self.view.imported_module(import) else { return };
        self.reach(&module, &member.name);
    }

    fn reach(&self, module: &SymbolPath, name: &str) {
        if let Some(id) = self.view.graph.modules().find(module.segments(), Some(self.view.file)) {
            let known =
                self.view.graph.demand(id).is_some_and(|facts| facts.scopes[0].names.contains_key(name));
            if !known {
                self.view.graph.reach(id, name);
            }
        }
    }

    fn star(&mut self, id: ImportId, import: &Import) {
        let Some(module) = self.view.imported_module(import) else { return };
        if let Some((matched, declared)) = self.declared.longest(&module)
            && declared.kind != PathKind::Symbol
        {
            self.record(Site::Import(id), direct(module.clone(), matched, declared), Details::spelled());
        }
        for name in self.names_from_stars() {
            if !self.declared.legacy_names(&module).contains(&name) {
                self.reach(&module, &name);
                continue;
            }
            if self.view.graph.star_provides(&module, self.view.file, &name, MOST_HOPS) == Some(false) {
                continue;
            }
            let path = module.join([&name]);
            if self.moves_with_star(&module, &path) {
                continue;
            }
            if let Some(declared) = self.declared.get(&path) {
                let matched = path.len();
                self.record(Site::StarMember(id, name), direct(path, matched, declared), Details::spelled());
            }
        }
    }

    /// True when the star import itself moves, and brings the same name in from its new module.
    fn moves_with_star(&self, module: &SymbolPath, path: &SymbolPath) -> bool {
        let (new_module, new_path) = (self.declared.moved(module), self.declared.moved(path));
        new_module != *module
            && new_path == new_module.join([path.name()])
            && self.view.graph.star_provides(&new_module, self.view.file, path.name(), MOST_HOPS)
                != Some(false)
    }

    /// The relevant names that this file uses, or hands on, and that nothing in it binds.
    fn names_from_stars(&self) -> Vec<Box<str>> {
        let facts = self.view.facts;
        let unbound = facts.references.iter().filter(|reference| reference.bindings.is_empty());
        let used = unbound.map(|reference| reference.segments[0].name.clone());
        let handed_on = self.view.graph.reached_names(self.view.file).into_iter();
        let handed_on = handed_on.filter(|name| !facts.scopes[0].names.contains_key(name));
        let mut names: Vec<Box<str>> =
            used.chain(handed_on).filter(|name| self.declared.ends_in(name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn references(&mut self) {
        for id in 0..self.view.facts.references.len() as ReferenceId {
            let reference = &self.view.facts.references[id as usize];
            if reference.segments.len() > 1 && reference.place != Place::Export {
                self.reference(id, reference);
            }
        }
    }

    fn reference(&mut self, id: ReferenceId, reference: &Reference) {
        let attributes = &reference.segments[1..];
        let Some(root) = self.view.root(reference).or_else(|| self.root_from_star(reference)) else { return };
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
    fn changes(
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

    /// The declared path under which `written` falls, straight or through re-exports. `own` is the number of segments
    /// at the end of the path that were written in this place.
    fn find(&self, written: SymbolPath, own: usize) -> Option<Match<'graph>> {
        if let Some((matched, declared)) = self.declared.longest(&written) {
            return Some(Match { own, ..direct(written, matched, declared) });
        }
        let mut reached = written.clone();
        let mut route = vec![written.to_string()];
        let mut own = own;
        for _ in 0..MOST_HOPS {
            let relevant =
                reached.segments()[reached.len() - own..].iter().any(|name| self.declared.ends_in(name));
            let (next, used) = if relevant { self.view.hop(&reached)? } else { return None };
            own = own.min(reached.len() - used);
            route.push(next.to_string());
            reached = next;
            if let Some((matched, declared)) = self.declared.longest(&reached) {
                return Some(Match { written, reached, own, matched, declared, route });
            }
        }
        None
    }

    fn strings(&mut self) {
        for id in 0..self.view.facts.strings.len() as StringId {
            let string = &self.view.facts.strings[id as usize];
            if string.members.is_empty() {
                self.string(id, string)
            } else {
                self.string_with_members(id, string)
            }
        }
    }

    fn string(&mut self, id: StringId, string: &PathString) {
        let Some(path) = self.view.absolute_string(&string.base, string.level, &string.segments) else {
            return;
        };
        let length = path.len();
        let Some(found) = self.find(path, length) else { return };
        let names_module = string.form == StringForm::ModuleName;
        if names_module && found.declared.kind == PathKind::Symbol {
            return;
        }
        if !found.route.is_empty() && found.rest() >= found.own {
            return; // The place of lookup stays; only what is looked up there moves.
        }
        let mut stem = None;
        if !found.route.is_empty() {
            let alias = found.reached.prefix(found.reached.len() - found.own);
            let moved = self.declared.moved(&alias);
            if !self.changes(&found, &alias, &moved, found.own) {
                return;
            }
            stem = Some(Stem { path: moved, kept: string.segments.len().saturating_sub(found.own) });
        }
        let details = Details { stem, obstacle: not_editable(string), ..Details::spelled() };
        self.record(Site::PathString(id), found, details);
    }

    /// `patch.multiple("a.b", X=…, Y=…)`: the string moves only when everything named under it moves along.
    fn string_with_members(&mut self, id: StringId, string: &PathString) {
        let Some(path) = self.view.absolute_string(&string.base, string.level, &string.segments) else {
            return;
        };
        let moved: Vec<_> =
            string.members.iter().map(|member| self.declared.moved(&path.join([&member.name]))).collect();
        let first = moved[0].parent().expect("a member's path has a parent");
        let together = moved
            .iter()
            .zip(&string.members)
            .all(|(to, member)| to.name() == &*member.name && to.parent().as_ref() == Some(&first));
        let first_member = path.join([&string.members[0].name]);
        let declared = string.members.iter().find_map(|member| self.legacy(&path.join([&member.name])));
        let Some((matched, declared)) = declared.or_else(|| self.legacy(&path)) else { return };
        let names = "the names that are patched do not all move to one module under the same name";
        let obstacle = not_editable(string).or_else(|| (!together).then(|| names.to_owned()));
        let mut found = direct(first_member, matched, declared);
        found.matched = found.matched.min(path.len());
        let site = Site::PathString(id);
        let before = self.found.uses.len();
        self.record(site, found, Details { obstacle, ..Details::spelled() });
        if let Some(new) = self.found.uses.get_mut(before) {
            new.written = path.clone();
            new.matched = path.len();
            new.target = first;
        }
    }

    fn legacy(&self, path: &SymbolPath) -> Option<(usize, &'graph Declared)> {
        self.declared.longest(path).filter(|(_, declared)| matches!(declared.standing, Standing::Legacy(_)))
    }

    fn record(&mut self, site: Site, found: Match<'_>, details: Details) {
        let target = match (&found.declared.standing, found.declared.rule) {
            (Standing::Legacy(target), _) => target,
            (Standing::Canonical, Some(rule)) => return self.found.canonical.push(rule),
            _ => return,
        };
        let full = target.join(&found.reached.segments()[found.matched..]);
        let round_trip = match self.own_source(&site, &full) {
            OwnSource::Provides => return,
            OwnSource::RoundTrip => Some("the canonical module itself imports it here".to_owned()),
            OwnSource::No => None,
        };
        // A name that another file is about to bind does not exist yet.
        let is_known = found.declared.rule.is_some();
        let missing = || match self.view.graph.exists(&full, Some(self.view.file)) {
            Some(false) if is_known => Some(format!("`{full}` does not exist")),
            _ => None,
        };
        self.found.uses.push(Use {
            site,
            legacy: found.reached.prefix(found.matched),
            matched: found.written.len() - found.rest(),
            target: target.clone(),
            kind: found.declared.kind,
            rule: found.declared.rule,
            spelled: details.spelled && found.declared.rule.is_some(),
            stem: details.stem,
            obstacle: round_trip.or(details.obstacle).or_else(missing),
            route: found.route,
            written: found.written,
        });
    }

    /// Whether this file is the canonical module and the import is where it gets the symbol from: then the path is not
    /// a detour but the source.
    fn own_source(&self, site: &Site, target: &SymbolPath) -> OwnSource {
        let (Site::Import(_) | Site::StarMember(..)) = site else { return OwnSource::No };
        let Some(own) = self.view.module.map(|id| self.view.graph.modules().module(id).name()) else {
            return OwnSource::No;
        };
        if !target.starts_with(own) {
            return OwnSource::No;
        }
        let Some(name) = target.segments().get(own.len()) else { return OwnSource::Provides };
        let facts = self.view.facts;
        let bindings = facts.scopes[0].names.get(name).map_or(&[][..], Vec::as_slice);
        let defined = bindings.iter().any(|&binding| {
            matches!(facts.bindings[binding as usize].kind, BindingKind::Definition | BindingKind::Value)
        });
        let is_submodule = self.view.graph.modules().find(&target.segments()[..=own.len()], None).is_some();
        match (defined, is_submodule) {
            (true, _) => OwnSource::RoundTrip,
            (false, true) => OwnSource::No,
            (false, false) => OwnSource::Provides,
        }
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
    Match { reached: path.clone(), written: path, own, matched, declared, route: Vec::new() }
}

fn not_editable(string: &PathString) -> Option<String> {
    (!string.editable).then(|| "the string is not one plain literal".to_owned())
}
