//! Modules by the name under which a file writes them, before equal things get equal paths.

use super::modules::ModuleId;
use super::resolve::View;
use crate::model::{Import, ImportId, ModuleName, Segment, Start, StringBase, SymbolPath};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// A module of the project, and which of its names is written.
#[derive(Debug, Clone, Copy)]
pub struct WrittenName<'graph> {
    /// The module.
    pub module: ModuleId,
    /// The name.
    pub name: &'graph ModuleName,
}

impl<'graph> View<'graph> {
    /// The first-party modules on the way of an absolute path, by its first segments, outermost first.
    pub fn written_modules(&self, path: &SymbolPath) -> Vec<WrittenName<'graph>> {
        let along = self.graph.modules().along(path, self.file);
        along.map(|(module, name)| WrittenName { module, name }).collect()
    }

    /// The first-party module or package that an absolute import begins with; `None` for others.
    pub(super) fn written_top(&self, import: &Import) -> Option<WrittenName<'graph>> {
        let first = import.path.iter().chain(&import.member).next();
        let first = first.filter(|_| self.is_absolute(import))?;
        self.written_modules(&self.path_of_segments(&[first])).pop()
    }

    /// The imports that may lead to a module of the project.
    pub fn inner_imports(&self) -> impl Iterator<Item = (ImportId, &'graph Import)> + use<'graph> {
        let (modules, facts) = (self.graph.modules(), self.facts);
        let language = modules.language(self.file);
        let is_inner = move |import: &Import| {
            facts.is_declarative || import.may_stay_inside(&|name| modules.begins_path(language, name))
        };
        (0..).zip(&facts.imports).filter(move |(_, import)| is_inner(import))
    }

    /// The path that an absolute import writes, its member included; `None` for others.
    pub fn written_import(&self, import: &Import) -> Option<SymbolPath> {
        let segments: Vec<&Segment> = import.path.iter().chain(&import.member).collect();
        (self.is_absolute(import) && !segments.is_empty()).then(|| self.path_of_segments(&segments))
    }

    fn is_absolute(&self, import: &Import) -> bool {
        import.start == Start::Top && !self.facts.is_declarative
    }

    /// The path that an absolute string in import position writes; `None` for others.
    pub fn written_string(&self, base: &StringBase, level: u32, segments: &[Segment]) -> Option<SymbolPath> {
        let is_absolute = level == 0 && !self.facts.is_declarative && !matches!(base, StringBase::Package(_));
        let segments: Vec<&Segment> = segments.iter().collect();
        (is_absolute && !segments.is_empty()).then(|| self.path_of_segments(&segments))
    }

    fn path_of_segments(&self, segments: &[&Segment]) -> SymbolPath {
        SymbolPath::new(
            self.graph.modules().language(self.file),
            segments.iter().map(|segment| &segment.name),
        )
    }

    /// The roots that this file's imports show to be packages for it: a relative import goes through them, or a longer
    /// name of what lies below is written. A single name below such a root may mean something outside of the project.
    pub(super) fn roots_as_packages(&self) -> FxHashSet<Arc<str>> {
        if self.facts.is_declarative {
            return FxHashSet::default();
        }
        let level = |(_, import): (_, &Import)| match import.start {
            Start::Around(level) => Some(level),
            _ => None,
        };
        let highest = self.inner_imports().filter_map(level).max();
        let mut roots: FxHashSet<Arc<str>> = self.folders_around(highest.unwrap_or_default()).collect();
        if self.graph.modules().has_shorter_names() {
            let paths = self.inner_imports().filter_map(|(_, import)| self.written_import(import));
            paths.for_each(|path| roots.extend(self.longer_written(&path)));
        }
        roots
    }

    /// The roots of shorter names of the modules that `path` writes.
    fn longer_written(&self, path: &SymbolPath) -> impl Iterator<Item = Arc<str>> {
        self.written_modules(path).into_iter().flat_map(|written| {
            let names = self.graph.modules().module(written.module).names.iter();
            let shorter = names.filter(move |name| name.path.len() < written.name.path.len());
            shorter.map(|name| Arc::clone(&name.root))
        })
    }

    /// The folder of this file and those around it, as many as `count`.
    fn folders_around(&self, count: u32) -> impl Iterator<Item = Arc<str>> {
        let mut folder = &**self.graph.modules().path(self.file);
        (0..count).map_while(move |_| {
            folder = folder.trim_end_matches('/');
            folder = &folder[..=folder.rfind('/')?];
            Some(Arc::from(folder))
        })
    }
}
