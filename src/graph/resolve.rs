//! From a name as written in one file to the absolute path that it stands for.

use super::SymbolGraph;
use super::modules::ModuleId;
use crate::model::{
    BindingId, BindingKind, Exports, FileFacts, FileId, Import, ImportForm, Reference, ScopeKind, Segment,
    StringBase, SymbolPath,
};
use std::collections::BTreeSet;

/// Longer chains of aliases are not followed; cycles end here too.
const MOST_HOPS: usize = 32;

/// Resolution seen from one file.
#[derive(Clone, Copy)]
pub struct View<'graph> {
    /// The graph.
    pub graph: &'graph SymbolGraph,
    /// The file.
    pub file: FileId,
    /// The module that the file provides.
    pub module: Option<ModuleId>,
    /// Its facts.
    pub facts: &'graph FileFacts,
}

/// What a name of a module stands for.
pub enum Provided {
    /// Defined there, or a plain value.
    Here,
    /// Another name for this path.
    Alias(SymbolPath),
    /// Not bound there.
    Missing,
    /// Not known: facts are missing or something hides names.
    Unknown,
}

impl<'graph> View<'graph> {
    /// The view from `file`; `None` when its facts are not known.
    pub fn new(graph: &'graph SymbolGraph, file: FileId) -> Option<Self> {
        let facts = graph.facts(file)?;
        Some(Self { graph, file, module: graph.modules().of_file(file), facts })
    }

    /// The absolute path of `segments` behind `level` dots; `None` when the dots lead out of the top package.
    pub fn absolute(&self, level: u32, segments: &[Segment]) -> Option<SymbolPath> {
        let names = segments.iter().map(|segment| &*segment.name);
        if level == 0 {
            if segments.is_empty() {
                return None;
            }
            let path = SymbolPath::new(self.language()?, names);
            return Some(self.canonical(&path));
        }
        let package = self.graph.modules().package(self.module?)?;
        let depth = package.len().checked_sub(level as usize - 1).filter(|&depth| depth > 0)?;
        Some(self.canonical(&package.prefix(depth).join(names)))
    }

    /// The absolute path of a string in import position.
    pub fn absolute_string(&self, base: &StringBase, level: u32, segments: &[Segment]) -> Option<SymbolPath> {
        match base {
            StringBase::Package(package) if level > 0 => {
                let depth = package.len().checked_sub(level as usize - 1).filter(|&depth| depth > 0)?;
                let names = package[..depth].iter().map(|name| &**name);
                let path = SymbolPath::new(self.language()?, names);
                Some(self.canonical(&path.join(segments.iter().map(|segment| &segment.name))))
            }
            StringBase::Root if level > 0 => None,
            _ => self.absolute(level, segments),
        }
    }

    /// `path` with its first-party module spelled by the module's preferred name.
    pub fn canonical(&self, path: &SymbolPath) -> SymbolPath {
        self.graph.modules().canonical(path, Some(self.file))
    }

    /// The module part of an import.
    pub fn imported_module(&self, import: &Import) -> Option<SymbolPath> {
        self.absolute(import.start.level(), &import.path)
    }

    /// The whole path that an import writes: module and name; for a star the module.
    pub fn imported(&self, import: &Import) -> Option<SymbolPath> {
        let module = self.imported_module(import)?;
        Some(match &import.member {
            Some(member) => self.canonical(&module.join([&member.name])),
            None => module,
        })
    }

    /// The path that a binding's name stands for, when it is another name for something.
    pub fn bound(&self, binding: BindingId) -> Option<SymbolPath> {
        self.bound_within(binding, MOST_HOPS)
    }

    fn bound_within(&self, binding: BindingId, hops: usize) -> Option<SymbolPath> {
        match self.facts.bindings[binding as usize].kind {
            BindingKind::Import(import) => {
                let import = &self.facts.imports[import as usize];
                let path = self.imported(import)?;
                let binds_top = import.form == ImportForm::Module && import.alias.is_none();
                // `import a.b` binds `a`; the top segment as written, for it may be one of several roots.
                Some(if binds_top { SymbolPath::new(path.language(), [&import.path[0].name]) } else { path })
            }
            BindingKind::Alias(reference) if hops > 0 => {
                self.meaning_within(&self.facts.references[reference as usize], hops - 1)
            }
            _ => None,
        }
    }

    /// The absolute path of the first segment of a reference: all its bindings agree on it.
    pub fn root(&self, reference: &Reference) -> Option<SymbolPath> {
        self.root_within(reference, MOST_HOPS)
    }

    fn root_within(&self, reference: &Reference, hops: usize) -> Option<SymbolPath> {
        let mut bindings = reference.bindings.iter();
        let first = self.bound_within(*bindings.next()?, hops)?;
        bindings.all(|&other| self.bound_within(other, hops).as_ref() == Some(&first)).then_some(first)
    }

    /// What a whole chain stands for in the end, once every path has gone through `moved` and re-exports are followed;
    /// `None` for local values, for names that nothing binds, and where bindings disagree even then.
    pub fn identity(
        &self,
        reference: &Reference,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
    ) -> Option<SymbolPath> {
        self.identity_within(reference, moved, MOST_HOPS)
    }

    fn identity_within(
        &self,
        reference: &Reference,
        moved: &dyn Fn(&SymbolPath) -> SymbolPath,
        hops: usize,
    ) -> Option<SymbolPath> {
        let path = |&binding: &BindingId| {
            let root = match self.facts.bindings[binding as usize].kind {
                BindingKind::Alias(alias) if hops > 0 => {
                    self.identity_within(&self.facts.references[alias as usize], moved, hops - 1)?
                }
                _ => self.bound(binding)?,
            };
            let attributes = reference.segments[1..].iter().map(|segment| &segment.name);
            Some(self.end_of(self.canonical(&root.join(attributes)), moved))
        };
        let mut paths = reference.bindings.iter().map(path);
        let first = paths.next()??;
        paths.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// What a name that nothing binds stands for in the end, when a star import brings it in.
    pub fn star_identity(&self, name: &str, moved: &dyn Fn(&SymbolPath) -> SymbolPath) -> Option<SymbolPath> {
        match self.provided_by_star(name) {
            Provided::Alias(path) => Some(self.end_of(self.canonical(&path), moved)),
            _ => None,
        }
    }

    /// Where re-exports lead from `path`. Facts that were not read end the way, on both sides of a comparison alike.
    fn end_of(&self, path: SymbolPath, moved: &dyn Fn(&SymbolPath) -> SymbolPath) -> SymbolPath {
        let mut end = moved(&path);
        for _ in 0..MOST_HOPS {
            match self.hop(&end).map(|(next, _)| moved(&next)) {
                Some(next) if next != end => end = next,
                _ => break,
            }
        }
        end
    }

    /// The absolute path that a whole chain stands for; `None` for local values and names that nothing binds.
    pub fn meaning(&self, reference: &Reference) -> Option<SymbolPath> {
        self.meaning_within(reference, MOST_HOPS)
    }

    fn meaning_within(&self, reference: &Reference, hops: usize) -> Option<SymbolPath> {
        let root = self.root_within(reference, hops)?;
        Some(self.canonical(&root.join(reference.segments[1..].iter().map(|segment| &segment.name))))
    }

    /// What `name` stands for in the module scope of this file.
    pub fn provided(&self, name: &str) -> Provided {
        let Some(bindings) = self.facts.scopes[0].names.get(name) else { return self.provided_by_star(name) };
        let mut paths = bindings.iter().map(|&binding| self.bound(binding));
        let Some(first) = paths.next().flatten() else { return Provided::Here };
        if paths.all(|path| path.as_ref() == Some(&first)) { Provided::Alias(first) } else { Provided::Here }
    }

    fn provided_by_star(&self, name: &str) -> Provided {
        let stars =
            self.facts.imports.iter().filter(|import| import.form == ImportForm::Star && import.scope == 0);
        let mut is_unknown = !self.facts.blind_spots.is_empty() || !self.facts.errors.is_empty();
        // A later star import binds a name anew.
        for star in stars.rev() {
            let Some(module) = self.imported_module(star) else { return Provided::Unknown };
            match self.graph.star_provides(&module, self.file, name, MOST_HOPS) {
                Some(true) => return Provided::Alias(module.join([name])),
                Some(false) => {}
                None => is_unknown = true,
            }
        }
        if is_unknown { Provided::Unknown } else { Provided::Missing }
    }

    /// The names that this file reads and that a star import may bring in: those that nothing here binds, and those that
    /// are read before anything here binds them.
    pub fn names_from_stars(&self) -> BTreeSet<&'graph str> {
        let facts = self.facts;
        let is_early = |reference: &&Reference| {
            let (at, here) = (reference.segments[0].span.start, reference.scope);
            reference.bindings.iter().all(|&binding| {
                let binding = &facts.bindings[binding as usize];
                let is_own_class =
                    binding.scope == here && facts.scopes[here as usize].kind == ScopeKind::Class;
                let comes_later = binding.scope == 0 && binding.span.start >= at && here == 0;
                is_own_class || comes_later || binding.scope == 0 && binding.kind == BindingKind::Deletion
            })
        };
        facts.references.iter().filter(is_early).map(|reference| &*reference.segments[0].name).collect()
    }

    /// One hop: when a first-party module on the way of `path` only hands the next name on, the path behind it, and
    /// the number of segments of `path` that the hop has used up.
    pub fn hop(&self, path: &SymbolPath) -> Option<(SymbolPath, usize)> {
        let (module, count) = self.graph.modules().longest(path.segments(), Some(self.file))?;
        let name = path.segments().get(count)?;
        self.graph.demand(module)?;
        let there = View::new(self.graph, self.graph.modules().module(module).file?)?;
        match there.provided(name) {
            Provided::Alias(target) if target != *path => {
                Some((there.canonical(&target.join(&path.segments()[count + 1..])), count + 1))
            }
            _ => None,
        }
    }

    fn language(&self) -> Option<crate::model::Language> {
        // Only files that are modules of some language have a path; others import absolutely.
        Some(self.module.map_or(crate::model::Language::Python, |module| {
            self.graph.modules().module(module).name().language()
        }))
    }
}

impl SymbolGraph {
    /// Whether a path leads to something; `None` when that cannot be known: it is not first-party, or not read (yet).
    /// Members of classes are not asked for.
    pub fn exists(&self, path: &SymbolPath, importer: Option<FileId>) -> Option<bool> {
        let (module, count) = self.modules().longest(path.segments(), importer)?;
        let Some(name) = path.segments().get(count) else { return Some(true) };
        let Some(file) = self.modules().module(module).file else { return Some(false) };
        self.demand(module)?;
        match View::new(self, file)?.provided(name) {
            Provided::Here | Provided::Alias(_) => Some(true),
            Provided::Missing => Some(false),
            Provided::Unknown => None,
        }
    }

    /// False when `from module import …` must fail: on the way stands a first-party name that is no module.
    pub fn may_be_module(&self, module: &SymbolPath, importer: Option<FileId>) -> bool {
        let Some((known, count)) = self.modules().longest(module.segments(), importer) else { return true };
        let Some(name) = module.segments().get(count) else { return true };
        let file = self.modules().module(known).file;
        match file.and_then(|file| View::new(self, file)).map(|there| there.provided(name)) {
            Some(Provided::Here) => false,
            Some(Provided::Alias(target)) => target == module.prefix(count + 1),
            Some(Provided::Missing | Provided::Unknown) | None => true,
        }
    }

    /// The names that `from module import *` brings in; `None` when they cannot all be known.
    pub fn star_names(&self, module: &SymbolPath, importer: FileId) -> Option<Vec<Box<str>>> {
        let id = self.modules().find(module.segments(), Some(importer))?;
        let facts = self.demand(id)?;
        if !facts.errors.is_empty() || !facts.blind_spots.is_empty() {
            return None;
        }
        match &facts.exports {
            Exports::Explicit { names, complete } => {
                complete.then(|| names.iter().map(|name| name.name.clone()).collect())
            }
            Exports::Visible => None,
            Exports::Implicit if facts.imports.iter().any(|import| import.form == ImportForm::Star) => None,
            Exports::Implicit => {
                Some(facts.scopes[0].names.keys().filter(|name| !name.starts_with('_')).cloned().collect())
            }
        }
    }

    /// Whether `from module import *` brings `name` in; `None` when that cannot be known (yet).
    pub fn star_provides(
        &self,
        module: &SymbolPath,
        importer: FileId,
        name: &str,
        hops: usize,
    ) -> Option<bool> {
        let id = self.modules().find(module.segments(), Some(importer))?;
        let facts = self.demand(id)?;
        let there = View::new(self, self.modules().module(id).file?)?;
        if let Exports::Explicit { names, complete } = &facts.exports {
            let listed = names.iter().any(|listed| *listed.name == *name);
            return if listed || *complete { Some(listed) } else { None };
        }
        if let Some(bindings) = facts.scopes[0].names.get("__all__") {
            // The export list of another module: `from other import __all__`.
            let list =
                bindings.first().and_then(|&binding| there.bound(binding)).and_then(|path| path.parent());
            let list = list.filter(|_| hops > 0 && bindings.len() == 1);
            return list.and_then(|owner| self.star_provides(&owner, there.file, name, hops - 1));
        }
        if name.starts_with('_') {
            return Some(false);
        }
        if facts.scopes[0].names.contains_key(name) {
            return Some(true);
        }
        let stars =
            facts.imports.iter().filter(|import| import.form == ImportForm::Star && import.scope == 0);
        let mut unknown = hops == 0;
        for star in stars.take(if hops == 0 { 0 } else { usize::MAX }) {
            match there
                .imported_module(star)
                .and_then(|from| self.star_provides(&from, there.file, name, hops - 1))
            {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        if unknown { None } else { Some(false) }
    }
}
