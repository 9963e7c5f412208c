//! The modules of a project: from absolute names to modules and back.

use crate::model::{Externs, FileId, Language, Module, ModuleName, Name, PerLanguage, Reach, SymbolPath};
use rustc_hash::FxHashMap;

/// Index into the module list.
pub type ModuleId = u32;

/// A module, and which of its names is meant.
type Named = (ModuleId, u32);

/// The names of modules, segment by segment: every beginning of a path is looked up in one go.
#[derive(Debug)]
struct NameTree {
    /// The first one stands for no name at all. A list, for names may be nested as deep as anybody likes.
    nodes: Vec<NameNode>,
}

#[derive(Debug, Default)]
struct NameNode {
    parent: u32,
    children: FxHashMap<Name, u32>,
    named: Vec<Named>,
}

impl Default for NameTree {
    fn default() -> Self {
        Self { nodes: vec![NameNode::default()] }
    }
}

impl NameTree {
    fn insert(&mut self, path: &SymbolPath, named: Named) {
        let mut at = 0;
        for segment in path.segments() {
            let new = self.nodes.len() as u32;
            let next = *self.nodes[at as usize].children.entry(segment.clone()).or_insert(new);
            if next == new {
                self.nodes.push(NameNode { parent: at, ..NameNode::default() });
            }
            at = next;
        }
        self.nodes[at as usize].named.push(named);
    }

    /// The node of the longest known beginning of `path`, and the number of its segments.
    fn deepest(&self, path: &SymbolPath) -> (&NameNode, usize) {
        let mut node = &self.nodes[0];
        for (count, segment) in path.segments().iter().enumerate() {
            let Some(&next) = node.children.get(segment) else { return (node, count) };
            node = &self.nodes[next as usize];
        }
        (node, path.len())
    }
}

/// All modules of a project.
#[derive(Debug, Default)]
pub struct ModuleIndex {
    modules: Vec<Module>,
    by_name: PerLanguage<NameTree>,
    by_file: FxHashMap<FileId, ModuleId>,
    files: Vec<(std::sync::Arc<str>, Language)>,
    externs: Vec<Externs>,
    /// The package that each file belongs to, as index into `externs`.
    packages: Vec<Option<u32>>,
    /// Whether a module has names of different lengths.
    has_shorter_names: bool,
}

impl ModuleIndex {
    /// An index of `modules`; `files` are the paths and languages of all files by id, `externs` what packages can name besides.
    pub fn new(
        modules: Vec<Module>,
        files: Vec<(std::sync::Arc<str>, Language)>,
        externs: Vec<Externs>,
    ) -> Self {
        let packages = packages(&files, &externs);
        let mut index = Self { files, externs, packages, ..Self::default() };
        for (id, module) in modules.iter().enumerate() {
            if let Some(file) = module.file {
                // A file that is several modules is seen as the first of them.
                index.by_file.entry(file).or_insert(id as ModuleId);
            }
            index.has_shorter_names |= module.names.iter().any(|name| name.path.len() != module.name().len());
            for (nth, name) in module.names.iter().enumerate() {
                index.by_name[name.path.language()].insert(&name.path, (id as ModuleId, nth as u32));
            }
        }
        index.modules = modules;
        index
    }

    /// The module with this id.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id as usize]
    }

    /// The module that a file provides; `None` when no import can reach the file.
    pub fn of_file(&self, file: FileId) -> Option<ModuleId> {
        self.by_file.get(&file).copied()
    }

    /// The path of a file.
    pub fn path(&self, file: FileId) -> &std::sync::Arc<str> {
        &self.files[file as usize].0
    }

    /// The language of a file.
    pub fn language(&self, file: FileId) -> Language {
        self.files[file as usize].1
    }

    /// The module that `name` means for an import in `importer`, when it is first-party. Of several modules with one
    /// name the one whose root lies nearest around the importer wins, then the one with the shortest root.
    pub fn find(&self, name: &SymbolPath, importer: Option<FileId>) -> Option<ModuleId> {
        let (node, count) = self.by_name[name.language()].deepest(name);
        if count == name.len() { self.nearest(node, importer) } else { None }
    }

    /// True when some module has a name that is `first` or begins with it.
    pub fn begins_path(&self, language: Language, first: &str) -> bool {
        self.by_name[language].nodes[0].children.contains_key(first)
    }

    /// True when some module has names of different lengths: it lies below several roots.
    pub const fn has_shorter_names(&self) -> bool {
        self.has_shorter_names
    }

    /// True when modules below several roots have the name of the innermost module on `path`, and none of these roots lies
    /// around the importer: nobody knows which one is meant.
    pub fn is_one_of_several(&self, path: &SymbolPath, importer: Option<FileId>) -> bool {
        let (node, _) = self.by_name[path.language()].deepest(path);
        let is_text =
            |id: ModuleId| self.modules[id as usize].file.is_some() && !self.modules[id as usize].is_stub;
        let named = node.named.iter().filter(|&&(id, _)| is_text(id));
        let names: Vec<&ModuleName> =
            named.map(|&(id, nth)| &self.modules[id as usize].names[nth as usize]).collect();
        let is_around =
            |name: &&ModuleName| importer.is_some_and(|file| self.path(file).starts_with(&*name.root));
        names.len() > 1 && !names.iter().any(|name| name.is_local()) && !names.iter().any(is_around)
    }

    /// True when a stub describes the module `name`.
    pub fn has_stub(&self, name: &SymbolPath) -> bool {
        let (node, count) = self.by_name[name.language()].deepest(name);
        count == name.len() && node.named.iter().any(|&(id, _)| self.modules[id as usize].is_stub)
    }

    /// Of the modules with the name of `node` the one that the name means in `importer`.
    fn nearest(&self, node: &NameNode, importer: Option<FileId>) -> Option<ModuleId> {
        if let [(id, nth)] = node.named[..]
            && !self.modules[id as usize].names[nth as usize].is_local()
        {
            return Some(id);
        }
        let from = importer.map_or("", |file| &**self.path(file));
        let rank = |&(id, nth): &Named| {
            let module = &self.modules[id as usize];
            let found = &module.names[nth as usize];
            let around = match importer {
                Some(importer) if found.is_local() => self.holds(found, importer),
                _ => from.starts_with(&*found.root),
            };
            if found.is_local() && !around && importer.is_some() {
                return None;
            }
            let depth = found.root.len();
            let nearness = if around { depth } else { 0 };
            let rank = (module.file.is_none(), found.is_local() && !around, !around, usize::MAX - nearness);
            Some(((rank, depth, module.is_stub, id), id))
        };
        node.named.iter().filter_map(rank).min().map(|(_, id)| id)
    }

    /// The modules that the beginnings of `path` mean for an import in `importer`, outermost first; each with the name by
    /// which it is meant.
    pub fn along(
        &self,
        path: &SymbolPath,
        importer: FileId,
    ) -> impl Iterator<Item = (ModuleId, &ModuleName)> {
        let names = &self.by_name[path.language()];
        let nodes = path.segments().iter().scan(&names.nodes[0], |node, segment| {
            *node = &names.nodes[*node.children.get(segment)? as usize];
            Some(*node)
        });
        nodes.filter_map(move |node| {
            let module = self.nearest(node, Some(importer))?;
            let &(_, nth) = node.named.iter().find(|(id, _)| *id == module)?;
            Some((module, &self.modules[module as usize].names[nth as usize]))
        })
    }

    /// The longest prefix of `path` that is a first-party module: the module and its number of segments.
    pub fn longest(&self, path: &SymbolPath, importer: Option<FileId>) -> Option<(ModuleId, usize)> {
        let names = &self.by_name[path.language()];
        let (mut node, mut count) = names.deepest(path);
        while count > 0 {
            if let Some(id) = self.nearest(node, importer) {
                return Some((id, count));
            }
            (node, count) = (&names.nodes[node.parent as usize], count - 1);
        }
        None
    }

    /// `path` with its first-party module spelled by the module's preferred name, so that equal things have equal
    /// paths.
    pub fn canonical(&self, path: SymbolPath, importer: Option<FileId>) -> SymbolPath {
        let Some((id, count)) = self.longest(&path, importer) else { return path };
        let name = self.modules[id as usize].name();
        let is_preferred = name.segments() == &path.segments()[..count];
        if is_preferred { path } else { name.join(&path.segments()[count..]) }
    }

    /// `path` as `importer` can spell it: by a name of its module below the importer's own root when there is one, else
    /// by one that holds where the importer lies. A path that is not first-party stays; `None` when no name holds there.
    pub fn spelled_in(&self, path: &SymbolPath, importer: FileId) -> Option<SymbolPath> {
        let Some((module, count)) = self.longest(path, None) else {
            return self.spelled_extern(path, importer);
        };
        let own = self.of_file(importer).map(|own| &self.module(own).name().segments()[0]);
        let names = || self.module(module).names.iter();
        let below_own = names().find(|name| Some(&name.path.segments()[0]) == own);
        let holds_here = |name: &&ModuleName| name.reach == Reach::Below && self.holds(name, importer);
        let is_known_everywhere = names().all(|name| !name.is_local());
        let found = below_own
            .or_else(|| names().filter(holds_here).max_by_key(|name| name.root.len()))
            .or_else(|| names().next().filter(|_| is_known_everywhere))?;
        Some(found.path.join(&path.segments()[count..]))
    }

    /// True when `importer` belongs to the package of a path, or depends on it, be it on a release.
    pub fn reaches(&self, importer: FileId, path: &SymbolPath) -> bool {
        let found = self.longest(path, None).map(|(module, _)| &self.module(module).names);
        let holds_here = |name: &ModuleName| name.is_local() && self.holds(name, importer);
        found.is_some_and(|names| names.iter().any(holds_here) || !names.iter().any(ModuleName::is_local))
    }

    /// The same as [`ModuleIndex::spelled_in`] for a path that is not first-party: by the name that the nearest package around has for its beginning.
    fn spelled_extern(&self, path: &SymbolPath, importer: FileId) -> Option<SymbolPath> {
        let package = self.package_of(importer).filter(|_| path.language() == self.language(importer));
        let Some(nearest) = package else { return Some(path.clone()) };
        let name = nearest.names.get(&path.segments()[0])?;
        Some(SymbolPath::new(path.language(), [name]).join(&path.segments()[1..]))
    }

    /// True when files like `importer` can import by a local name: those of the package that it belongs to, or those below
    /// its root where there are no packages. What a package depends on is nothing to another one in a folder inside.
    fn holds(&self, name: &ModuleName, importer: FileId) -> bool {
        match self.package_of(importer) {
            Some(package) => package.root == name.root,
            None => self.path(importer).starts_with(&*name.root),
        }
    }

    fn package_of(&self, file: FileId) -> Option<&Externs> {
        self.packages[file as usize].map(|package| &self.externs[package as usize])
    }

    /// The package from which relative imports in `module` start; `None` for a module without a package.
    pub fn package(&self, module: ModuleId) -> Option<SymbolPath> {
        let module = self.module(module);
        if module.is_package { Some(module.name().clone()) } else { module.name().parent() }
    }

    /// Every module, by id.
    pub fn all(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter()
    }

    /// Number of modules.
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// True when there is no module.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }
}

/// The nearest package around each file of a language that has packages.
fn packages(files: &[(std::sync::Arc<str>, Language)], externs: &[Externs]) -> Vec<Option<u32>> {
    let by_root: FxHashMap<&str, u32> =
        (0..).zip(externs).map(|(index, externs)| (&*externs.root, index)).collect();
    let nearest = |(path, language): &(std::sync::Arc<str>, Language)| {
        let folders = std::iter::successors(Some(&**path), |path| {
            let path = path.trim_end_matches('/');
            (!path.is_empty()).then(|| &path[..path.rfind('/').map_or(0, |slash| slash + 1)])
        });
        let found = folders.skip(1).find_map(|folder| by_root.get(folder).copied());
        found.filter(|&found| externs[found as usize].language == *language)
    };
    files.iter().map(nearest).collect()
}
