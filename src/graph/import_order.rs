//! What happens when a module is imported first: which modules run, in which order, and which name is asked for before
//! it is there (Python reference, section 5; `ImportError` for partially initialised modules).

use super::SymbolGraph;
use super::modules::ModuleId;
use super::resolve::View;
use crate::model::{FileFacts, FileId, Import, ImportForm, ScopeKind, SymbolPath};
use rustc_hash::{FxHashMap, FxHashSet};

/// Room for one more module on the way; long chains of imports are common.
const STACK: usize = 64 * 1024;

/// A name that is asked for while its module is still being imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooEarly {
    /// The module that asks.
    pub asker: SymbolPath,
    /// Its file.
    pub file: FileId,
    /// The module that is asked, still running.
    pub asked: SymbolPath,
    /// The name.
    pub name: String,
}

impl SymbolGraph {
    /// The modules that run when `module` is imported, itself included, as far as their facts are known; those of
    /// others are demanded.
    pub fn loaded_by(&self, module: ModuleId) -> FxHashSet<ModuleId> {
        let mut loaded = FxHashSet::default();
        let mut open = vec![module];
        while let Some(next) = open.pop() {
            if !loaded.insert(next) {
                continue;
            }
            open.extend(self.ancestors(next));
            self.demand(next);
            let Some(view) = self.modules().module(next).file.and_then(|file| View::new(self, file)) else {
                continue;
            };
            let imports = view.facts.imports.iter().filter(|import| runs_at_import(view.facts, import));
            open.extend(imports.flat_map(|import| targets(view, import)));
        }
        loaded
    }

    /// Imports `module` into a fresh interpreter, in mind.
    ///
    /// # Errors
    /// With the first name that is asked for too early.
    pub fn import_first(&self, module: ModuleId) -> Result<(), TooEarly> {
        Interpreter { graph: self, modules: FxHashMap::default(), starved: FxHashMap::default() }.load(module)
    }

    /// The packages around a module, outermost first.
    fn ancestors(&self, module: ModuleId) -> Vec<ModuleId> {
        let name = self.modules().module(module).name();
        let file = self.modules().module(module).file;
        (1..name.len()).filter_map(|count| self.modules().find(&name.segments()[..count], file)).collect()
    }

    /// The modules that the imports of `file` at import time lead to.
    pub fn imported_at_load(&self, file: FileId) -> FxHashSet<ModuleId> {
        let Some(view) = View::new(self, file) else { return FxHashSet::default() };
        let imports = view.facts.imports.iter().filter(|import| runs_at_import(view.facts, import));
        imports.flat_map(|import| targets(view, import)).collect()
    }
}

/// Modules that have begun to run.
struct Interpreter<'graph> {
    graph: &'graph SymbolGraph,
    /// How far each module has come: the byte offset of the statement that runs; `None` when it is done.
    modules: FxHashMap<ModuleId, Option<u32>>,
    /// Modules with a star import from a module that was running then, and how far that had come.
    starved: FxHashMap<ModuleId, (ModuleId, u32)>,
}

impl Interpreter<'_> {
    fn load(&mut self, module: ModuleId) -> Result<(), TooEarly> {
        for package in self.graph.ancestors(module) {
            self.run(package)?;
        }
        self.run(module)
    }

    fn run(&mut self, module: ModuleId) -> Result<(), TooEarly> {
        if self.modules.contains_key(&module) {
            return Ok(());
        }
        self.modules.insert(module, Some(0));
        let file = self.graph.modules().module(module).file;
        if let Some(view) = file.and_then(|file| View::new(self.graph, file)) {
            let mut imports: Vec<&Import> =
                view.facts.imports.iter().filter(|import| runs_at_import(view.facts, import)).collect();
            imports.sort_by_key(|import| (import.statement.start, import.span.start));
            for import in imports {
                self.modules.insert(module, Some(import.statement.start));
                let done = stacker::maybe_grow(STACK, STACK * 16, || self.import(view, import));
                // What fails under `try` is caught there.
                if !import.in_try {
                    done?;
                }
            }
        }
        self.modules.insert(module, None);
        Ok(())
    }

    fn import(&mut self, view: View<'_>, import: &Import) -> Result<(), TooEarly> {
        for target in targets(view, import) {
            self.load(target)?;
        }
        let Some(path) = view.imported_module(import) else { return Ok(()) };
        let Some(asked) = self.graph.modules().find(path.segments(), Some(view.file)) else { return Ok(()) };
        let running = self.modules.get(&asked).copied().flatten();
        let Some(member) = &import.member else {
            let is_star = import.form == ImportForm::Star;
            if let (true, Some(own), Some(offset)) = (is_star, view.module, running) {
                self.starved.insert(own, (asked, offset));
            }
            return Ok(());
        };
        let is_there = match (running, self.starved.get(&asked)) {
            (Some(offset), _) => self.is_there(asked, &member.name, offset, view.file),
            (None, Some(&(source, offset))) => {
                self.is_there(asked, &member.name, u32::MAX, view.file)
                    || self.is_there(source, &member.name, offset, view.file)
            }
            (None, None) => true,
        };
        if is_there {
            return Ok(());
        }
        let asker =
            view.module.map_or_else(|| path.clone(), |id| self.graph.modules().module(id).name().clone());
        Err(TooEarly { asker, file: view.file, asked: path, name: member.name.to_string() })
    }

    /// Whether a module holds a name already: bound by a statement before the one at `offset`, or a submodule.
    fn is_there(&self, asked: ModuleId, name: &str, offset: u32, importer: FileId) -> bool {
        let module = self.graph.modules().module(asked);
        if self.graph.modules().find(module.name().join([name]).segments(), Some(importer)).is_some() {
            return true;
        }
        let Some(facts) = module.file.and_then(|file| self.graph.facts(file)) else { return true };
        let is_fed = |import: &Import| import.form == ImportForm::Star && import.statement.end <= offset;
        let has_star = !self.starved.contains_key(&asked) && facts.imports.iter().any(is_fed);
        let bindings = facts.scopes[0].names.get(name).map_or(&[][..], Vec::as_slice);
        let is_bound = bindings.iter().any(|&binding| facts.bindings[binding as usize].span.end <= offset);
        has_star || is_bound || !facts.blind_spots.is_empty() || !facts.errors.is_empty()
    }
}

/// True for an import that runs when its module is imported: not in a function, not for type checkers only.
fn runs_at_import(facts: &FileFacts, import: &Import) -> bool {
    let mut scope = Some(import.scope);
    while let Some(at) = scope {
        let here = &facts.scopes[at as usize];
        if !matches!(here.kind, ScopeKind::Module | ScopeKind::Class) {
            return false;
        }
        scope = here.parent;
    }
    !import.type_checking
}

/// The first-party modules that an import loads besides the packages around them.
fn targets(view: View<'_>, import: &Import) -> Vec<ModuleId> {
    let modules = view.graph.modules();
    let Some(path) = view.imported_module(import) else { return Vec::new() };
    let own = modules.longest(path.segments(), Some(view.file)).filter(|(_, count)| *count == path.len());
    let whole = view.imported(import).filter(|whole| whole.len() > path.len());
    let member = whole.and_then(|whole| modules.find(whole.segments(), Some(view.file)));
    own.map(|(id, _)| id).into_iter().chain(member).collect()
}
