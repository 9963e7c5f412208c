//! From a name as written in one file to the absolute path that it stands for.

use super::MOST_HOPS;
use super::SymbolGraph;
use super::body::Body;
use super::imported::{ImportedPaths, Part};
use super::modules::ModuleId;
use super::provided::{Provided, used_as};
use super::symbol_graph::Known;
use crate::model::{
    Binding, BindingId, BindingKind, FileFacts, FileId, Import, ImportForm, Language, Namespaces, Reference,
    ScopeId, ScopeKind, Segment, Start, StringBase, SymbolPath,
};

/// The package that an example in documentation is: none that a path can name.
const EXAMPLE: &str = "<example>";

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
    imported: &'graph ImportedPaths,
}

impl<'graph> View<'graph> {
    /// The view from `file`; `None` when its facts are not known.
    pub fn new(graph: &'graph SymbolGraph, file: FileId) -> Option<Self> {
        let Known { facts, imported } = graph.known(file)?;
        Some(Self { graph, file, module: graph.modules().of_file(file), facts, imported })
    }

    /// The absolute name of the module in whose body `scope` lies.
    pub fn module_path(&self, scope: ScopeId) -> Option<SymbolPath> {
        if self.facts.is_in_example(scope) {
            return Some(SymbolPath::new(self.language(), [EXAMPLE]).join(self.facts.inner_modules(scope)));
        }
        let own = self.graph.modules().module(self.module?).name();
        Some(own.join(self.facts.inner_modules(scope)))
    }

    /// True when `scope` lies in the module `path`, or in one inside of it.
    pub fn is_inside(&self, scope: ScopeId, path: &SymbolPath) -> bool {
        match self.module {
            Some(own) if self.facts.module_scope(scope) == 0 && !self.facts.is_in_example(scope) => {
                self.graph.modules().module(own).name().starts_with(path)
            }
            _ => self.module_path(scope).is_some_and(|own| own.starts_with(path)),
        }
    }

    /// A binding of this file.
    pub fn binding(&self, id: BindingId) -> &'graph Binding {
        &self.facts.bindings[id as usize]
    }

    /// The package or module `level - 1` above the one that relative paths in `scope` start from; `None` when that leads
    /// out of the top.
    fn around(&self, level: u32, scope: ScopeId) -> Option<SymbolPath> {
        let package = match self.facts.module_scope(scope) {
            0 => self.graph.modules().package(self.module?)?,
            inner => self.module_path(inner)?,
        };
        let depth = package.len().checked_sub(level as usize - 1).filter(|&depth| depth > 0)?;
        Some(package.prefix(depth))
    }

    /// The absolute path of what is written as `names` from `start`, which must not be a name of the scope.
    fn absolute(&self, start: Start, scope: ScopeId, names: &[&str]) -> Option<SymbolPath> {
        let path = match start {
            Start::Around(level) => self.below(&self.around(level, scope)?, names),
            Start::Root => self.below(&self.module_path(scope)?.prefix(1), names),
            Start::Top | Start::ScopeOrTop if !names.is_empty() => SymbolPath::new(self.language(), names),
            _ => return None,
        };
        Some(self.canonical(path))
    }

    /// The absolute path of `names` below the module `base`; an `extern crate` there stands for what it brings in (Rust
    /// reference, "Extern crate declarations").
    fn below(&self, base: &SymbolPath, names: &[&str]) -> SymbolPath {
        let path = base.join(names);
        let Some((first, rest)) = names.split_first().filter(|_| self.facts.is_declarative) else {
            return path;
        };
        let known = self.graph.modules().longest(&path, Some(self.file));
        if known.is_some_and(|(_, count)| count > base.len()) {
            return path;
        }
        let body = self.graph.body_of(base, Some(self.file));
        let external = body.and_then(|body| body.extern_crate(first));
        external.map_or(path, |external| external.join(rest))
    }

    /// The absolute path of a string in import position.
    pub fn absolute_string(&self, base: &StringBase, level: u32, segments: &[Segment]) -> Option<SymbolPath> {
        let names: Vec<&str> = segments.iter().map(|segment| &*segment.name).collect();
        match base {
            StringBase::Package(package) if level > 0 => {
                let depth = package.len().checked_sub(level as usize - 1).filter(|&depth| depth > 0)?;
                let package = package[..depth].iter().map(|name| &**name);
                Some(self.canonical(SymbolPath::new(self.language(), package).join(names)))
            }
            StringBase::Root if level > 0 => None,
            _ if level > 0 => self.absolute(Start::Around(level), 0, &names),
            _ => self.absolute(Start::Top, 0, &names),
        }
    }

    /// `path` with its first-party module spelled by the module's preferred name.
    pub fn canonical(&self, path: SymbolPath) -> SymbolPath {
        self.graph.modules().canonical(path, Some(self.file))
    }

    /// The module part of an import; `None` when it is not known, or when there is none (`use name;`).
    pub fn imported_module(&self, import: &Import) -> Option<SymbolPath> {
        self.imported.get(self.facts, import, Part::Module, || {
            self.started_from(import, import.path.iter(), MOST_HOPS)
        })
    }

    /// The whole path that an import writes: module and name; for a star the module.
    pub fn imported(&self, import: &Import) -> Option<SymbolPath> {
        self.imported_within(import, MOST_HOPS)
    }

    fn imported_within(&self, import: &Import, hops: usize) -> Option<SymbolPath> {
        self.imported.get(self.facts, import, Part::Whole, || {
            self.started_from(import, import.path.iter().chain(&import.member), hops)
        })
    }

    fn started_from<'segment>(
        &self,
        import: &Import,
        segments: impl Iterator<Item = &'segment Segment>,
        hops: usize,
    ) -> Option<SymbolPath> {
        let names: Vec<&str> = segments.map(|segment| &*segment.name).collect();
        if import.roots.is_empty() {
            let by_star = self.first_by_star(import, &names);
            return by_star.or_else(|| self.absolute(import.start, import.scope, &names));
        }
        let mut roots = import.roots.iter().map(|&root| self.path_of(root, hops));
        let first = roots.next()??;
        let agree = roots.all(|root| root.as_ref() == Some(&first));
        (agree && !names.is_empty()).then(|| self.canonical(first.followed_by(&names[1..])))
    }

    /// The path of an import whose first name only a star import beside it can bind. Star imports themselves are not asked for
    /// this: they could wait for each other.
    fn first_by_star(&self, import: &Import, names: &[&str]) -> Option<SymbolPath> {
        let is_open = import.start == Start::ScopeOrTop && import.form != ImportForm::Star;
        let (first, rest) = names.split_first().filter(|_| is_open)?;
        let top = SymbolPath::new(self.language(), [first]);
        if self.graph.modules().find(&top, Some(self.file)).is_some() {
            return None;
        }
        match self.provided_by_star(import.scope, first) {
            Provided::Alias(path) => Some(self.canonical(path.followed_by(rest))),
            _ => None,
        }
    }

    /// The path of what a binding binds, be it another name or a definition of this module.
    fn path_of(&self, binding: BindingId, hops: usize) -> Option<SymbolPath> {
        let Binding { kind, scope, name, .. } = self.binding(binding);
        let is_item = self.facts.scopes[*scope as usize].kind == ScopeKind::Module;
        match kind {
            BindingKind::Definition if is_item => Some(self.module_path(*scope)?.join([name])),
            _ => self.bound_within(binding, hops),
        }
    }

    /// The path that a binding's name stands for, when it is another name for something.
    pub fn bound(&self, binding: BindingId) -> Option<SymbolPath> {
        self.bound_within(binding, MOST_HOPS)
    }

    fn bound_within(&self, binding: BindingId, hops: usize) -> Option<SymbolPath> {
        match self.facts.bindings[binding as usize].kind {
            BindingKind::Import(import) => {
                let import = &self.facts.imports[import as usize];
                let path = self.imported_within(import, hops.checked_sub(1)?)?;
                let binds_top = import.form == ImportForm::Module && import.alias.is_none();
                // `import a.b` binds `a`; the top segment as written, for it may be one of several roots.
                Some(if binds_top { SymbolPath::new(path.language(), [&import.path[0].name]) } else { path })
            }
            BindingKind::Alias(reference) if hops > 0 => {
                self.meaning_within(&self.facts.references[reference as usize], hops - 1)
            }
            BindingKind::Module(_) => {
                let binding = self.binding(binding);
                Some(self.canonical(self.module_path(binding.scope)?.join([&binding.name])))
            }
            _ => None,
        }
    }

    /// The absolute path of the first segment of a reference: all its bindings agree on it.
    pub fn root(&self, reference: &Reference) -> Option<SymbolPath> {
        self.root_within(reference, MOST_HOPS)
    }

    fn root_within(&self, reference: &Reference, hops: usize) -> Option<SymbolPath> {
        if reference.bindings.is_empty() {
            return self.unbound_root(reference);
        }
        let mut bindings = self.meant(reference);
        let first = self.bound_within(bindings.next()?, hops)?;
        bindings.all(|other| self.bound_within(other, hops).as_ref() == Some(&first)).then_some(first)
    }

    /// What binds the first name of a reference, but for `None`, which stands for what is missing, and for `del`: whoever reads
    /// the name does so before.
    pub fn meant(&self, reference: &Reference) -> impl Iterator<Item = BindingId> {
        let is_nothing = |&binding: &BindingId| {
            let binding = &self.facts.bindings[binding as usize];
            binding.is_nothing || binding.kind == BindingKind::Deletion
        };
        let is_all = reference.bindings.iter().all(is_nothing);
        reference.bindings.iter().copied().filter(move |binding| is_all || !is_nothing(binding))
    }

    /// What the first segment stands for when no name of the file does: keywords, and names of the top.
    pub(super) fn unbound_root(&self, reference: &Reference) -> Option<SymbolPath> {
        let names: &[&str] = match reference.start {
            Start::Scope => return None,
            Start::Root | Start::Around(_) => &[],
            Start::Top | Start::ScopeOrTop => &[&reference.segments[0].name],
        };
        self.absolute(reference.start, reference.scope, names)
    }

    /// Where re-exports lead from `path`. Facts that were not read end the way, on both sides of a comparison alike.
    pub fn end_of(&self, path: SymbolPath, moved: &dyn Fn(&SymbolPath) -> SymbolPath) -> SymbolPath {
        // What moves may have several names where it comes to lie.
        let moved = |path: &SymbolPath| self.canonical(moved(path));
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
        Some(self.canonical(root.followed_by(reference.segments[1..].iter().map(|segment| &segment.name))))
    }

    /// The path of a module or another name that `scope` sees under `name`; `None` for everything else.
    pub fn name_in(&self, scope: ScopeId, name: &str) -> Option<SymbolPath> {
        let Some((_, bindings)) = self.facts.lookup(scope, name) else {
            return match self.provided_by_star(scope, name) {
                Provided::Alias(path) => Some(path),
                _ => None,
            };
        };
        let types = bindings.iter().filter(|&&id| self.binding(id).namespaces.meets(Namespaces::TYPE));
        let mut paths = types.map(|&binding| self.bound(binding));
        let first = paths.next()??;
        paths.all(|path| path.as_ref() == Some(&first)).then_some(first)
    }

    /// One hop: when a first-party module on the way of `path` only hands the next name on, the path behind it, and
    /// the number of segments of `path` that the hop has used up.
    pub fn hop(&self, path: &SymbolPath) -> Option<(SymbolPath, usize)> {
        let (there, count) = self.graph.body(path, Some(self.file))?;
        let Some(name) = path.segments().get(count) else { return self.hop_over_module(path) };
        match there.provided(name, used_as(path.len(), count)) {
            Provided::Alias(target) if target != *path => {
                Some((there.view.canonical(target.join(&path.segments()[count + 1..])), count + 1))
            }
            _ => None,
        }
    }

    /// A package that takes a name from the module of that name has it instead of the module: `from .Widget import Widget`.
    fn hop_over_module(&self, path: &SymbolPath) -> Option<(SymbolPath, usize)> {
        let around = self.graph.body_of(&path.parent()?, Some(self.file))?;
        if around.view.facts.is_declarative {
            return None;
        }
        match around.provided(path.name(), Namespaces::ALL) {
            Provided::Alias(target) if target != *path && target.starts_with(path) => {
                Some((target, path.len()))
            }
            _ => None,
        }
    }

    fn language(&self) -> Language {
        self.graph.modules().language(self.file)
    }
}

impl Body<'_> {
    /// The crate that `extern crate` binds to `name` here.
    fn extern_crate(&self, name: &str) -> Option<SymbolPath> {
        self.bindings(name).iter().find_map(|&id| match self.view.binding(id).kind {
            BindingKind::Import(import) => {
                let import = &self.view.facts.imports[import as usize];
                (import.form == ImportForm::Module).then(|| self.view.imported(import))?
            }
            _ => None,
        })
    }
}
