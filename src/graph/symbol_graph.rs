//! The facts of all files that had to be read, and what is still wanted.

use super::ModuleIndex;
use super::imported::ImportedPaths;
use super::modules::ModuleId;
use crate::model::{FileFacts, FileId, Name, ScopeId, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

thread_local! {
    /// How often facts were asked for on this thread that were not there.
    static MISSED: Cell<usize> = const { Cell::new(0) };
}

/// Modules, their facts as far as they were read, and the demands that resolution raised.
#[derive(Debug, Default)]
pub struct SymbolGraph {
    modules: Arc<ModuleIndex>,
    facts: FxHashMap<FileId, Arc<Known>>,
    /// Paths that led to something once: what is not there any more had them.
    presumed: Arc<FxHashSet<SymbolPath>>,
    demands: Mutex<Demands>,
}

/// The facts of one file, and what was found out from them.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) facts: Arc<FileFacts>,
    pub(super) imported: ImportedPaths,
}

/// What resolution could not answer yet, and what it learned about other files on its way.
#[derive(Debug, Default)]
pub struct Demands {
    /// Files whose facts are needed.
    pub files: FxHashSet<FileId>,
    /// Names that a module (by the scope of its body) hands on by a star import and that another one asks it for.
    pub reached: FxHashMap<(FileId, ScopeId), BTreeSet<Name>>,
    grown: BTreeSet<FileId>,
}

impl SymbolGraph {
    /// A graph without facts. Modules that are gone had the paths in `presumed`.
    pub fn new(modules: Arc<ModuleIndex>, presumed: FxHashSet<SymbolPath>) -> Self {
        Self { modules, presumed: Arc::new(presumed), ..Self::default() }
    }

    /// The modules.
    pub fn modules(&self) -> &ModuleIndex {
        &self.modules
    }

    /// Adds or replaces the facts of a file.
    pub fn insert(&mut self, file: FileId, facts: Arc<FileFacts>) {
        let imported = ImportedPaths::of(&facts);
        self.facts.insert(file, Arc::new(Known { facts, imported }));
    }

    /// A graph with the same modules and facts, for trying a change.
    pub fn fork(&self) -> Self {
        let reached = self.lock().reached.clone();
        let demands = Mutex::new(Demands { reached, ..Demands::default() });
        let (modules, presumed) = (Arc::clone(&self.modules), Arc::clone(&self.presumed));
        Self { modules, facts: self.facts.clone(), presumed, demands }
    }

    /// Whether `path` led to something once.
    pub(super) fn is_presumed(&self, path: &SymbolPath) -> bool {
        self.presumed.contains(path)
    }

    /// The files whose facts are known, in order.
    pub fn files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.facts.keys().copied().collect();
        files.sort_unstable();
        files
    }

    /// The facts of a file, when they were read.
    pub fn facts(&self, file: FileId) -> Option<&Arc<FileFacts>> {
        self.known(file).map(|known| &known.facts)
    }

    /// The same, and what was found out from them.
    pub(super) fn known(&self, file: FileId) -> Option<&Known> {
        self.facts.get(&file).map(|known| &**known)
    }

    /// The facts of a module; when they were not read yet they are demanded, and the answer is `None` for now.
    pub fn demand(&self, module: ModuleId) -> Option<&Arc<FileFacts>> {
        let file = self.modules.module(module).file?;
        let known = self.facts(file);
        if known.is_none() {
            MISSED.set(MISSED.get() + 1);
            self.lock().files.insert(file);
        }
        known
    }

    /// Notes that somebody asks the module with the body `scope` of `file` for `name`.
    pub fn reach(&self, file: FileId, scope: ScopeId, name: &str) {
        let mut demands = self.lock();
        let is_new = demands.reached.entry((file, scope)).or_default().insert(name.into());
        if is_new {
            demands.grown.insert(file);
        }
    }

    /// The names that others ask that module for and that it may hand on by a star import, sorted.
    pub fn reached_names(&self, file: FileId, scope: ScopeId) -> Vec<Name> {
        self.lock()
            .reached
            .get(&(file, scope))
            .map(|names| names.iter().cloned().collect())
            .unwrap_or_default()
    }

    /// The files demanded since the last call, sorted.
    pub fn take_demanded_files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = std::mem::take(&mut self.lock().files).into_iter().collect();
        files.sort_unstable();
        files
    }

    /// The files for which a name was noted by [`SymbolGraph::reach`] since the last call that had not been known before.
    pub fn take_grown(&self) -> Vec<FileId> {
        std::mem::take(&mut self.lock().grown).into_iter().collect()
    }

    /// What `question` answers, and whether all facts that it asked for were there. The question must stay on its thread.
    pub fn is_answered<T>(question: impl FnOnce() -> T) -> (T, bool) {
        let before = MISSED.get();
        let answer = question();
        (answer, MISSED.get() == before)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Demands> {
        self.demands.lock().expect("no thread panics while it holds the demands")
    }
}
