//! What happens when a module is imported first: which modules run, in which order, and which name is asked for before
//! it is there (Python reference, section 5; `ImportError` for partially initialised modules).

use super::SymbolGraph;
use super::modules::ModuleId;
use super::resolve::View;
use crate::model::{FileFacts, FileId, Import, ImportForm, Name, Runs, ScopeKind, SymbolPath};
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

    /// The packages around a module, outermost first.
    pub(super) fn ancestors(&self, module: ModuleId) -> Vec<ModuleId> {
        let name = self.modules().module(module).name();
        let file = self.modules().module(module).file;
        (1..name.len()).filter_map(|count| self.modules().find(&name.prefix(count), file)).collect()
    }

    /// The modules that the imports of `file` at import time lead to.
    pub fn imported_at_load(&self, file: FileId) -> FxHashSet<ModuleId> {
        let Some(view) = View::new(self, file) else { return FxHashSet::default() };
        let imports = view.facts.imports.iter().filter(|import| runs_at_import(view.facts, import));
        imports.flat_map(|import| targets(view, import)).collect()
    }
}

/// What every known module does while it is imported, worked out once so that many imports can be tried.
pub struct ImportOrder<'graph> {
    graph: &'graph SymbolGraph,
    modules: FxHashMap<ModuleId, Steps>,
}

/// What one module does.
struct Steps {
    /// The packages around it, outermost first.
    packages: Vec<ModuleId>,
    /// Its imports, in the order in which they run.
    imports: Vec<Step>,
}

/// One imported name.
struct Step {
    /// Byte offset of the statement.
    offset: u32,
    /// The modules that it loads.
    targets: Vec<ModuleId>,
    /// The first-party module that is asked.
    asked: Option<ModuleId>,
    /// The name that it is asked for; `None` for a whole module or a star.
    name: Option<Name>,
    is_star: bool,
    in_try: bool,
}

impl<'graph> ImportOrder<'graph> {
    /// Reads the imports of all known files.
    pub fn new(graph: &'graph SymbolGraph) -> Self {
        let known = graph.files().into_iter().filter_map(|file| View::new(graph, file));
        let steps = known.filter_map(|view| Some((view.module?, Steps::of(view))));
        Self { graph, modules: steps.collect() }
    }

    /// Imports `module` into a fresh interpreter, in mind.
    ///
    /// # Errors
    /// With the first name that is asked for too early.
    pub fn import_first(&self, module: ModuleId) -> Result<(), TooEarly> {
        Interpreter { order: self, modules: FxHashMap::default(), starved: FxHashMap::default() }.load(module)
    }
}

impl Steps {
    fn of(view: View<'_>) -> Self {
        let modules = view.graph.modules();
        let mut imports: Vec<&Import> =
            view.facts.imports.iter().filter(|import| runs_at_import(view.facts, import)).collect();
        imports.sort_by_key(|import| (import.statement.start, import.span.start));
        let step = |import: &Import| Step {
            offset: import.statement.start,
            targets: targets(view, import),
            asked: view.imported_module(import).and_then(|path| modules.find(&path, Some(view.file))),
            name: import.member.as_ref().map(|member| member.name.clone()),
            is_star: import.form == ImportForm::Star,
            in_try: import.in_try,
        };
        let packages = view.module.map(|module| view.graph.ancestors(module)).unwrap_or_default();
        Self { packages, imports: imports.into_iter().map(step).collect() }
    }
}

/// Modules that have begun to run.
struct Interpreter<'order> {
    order: &'order ImportOrder<'order>,
    /// How far each module has come: the byte offset of the statement that runs; `None` when it is done.
    modules: FxHashMap<ModuleId, Option<u32>>,
    /// Modules with a star import from a module that was running then, and how far that had come.
    starved: FxHashMap<ModuleId, (ModuleId, u32)>,
}

impl Interpreter<'_> {
    fn load(&mut self, module: ModuleId) -> Result<(), TooEarly> {
        if self.modules.contains_key(&module) {
            return Ok(());
        }
        let order = self.order;
        for &package in order.modules.get(&module).map_or(&[][..], |steps| &steps.packages) {
            self.run(package)?;
        }
        self.run(module)
    }

    fn run(&mut self, module: ModuleId) -> Result<(), TooEarly> {
        if self.modules.contains_key(&module) {
            return Ok(());
        }
        self.modules.insert(module, Some(0));
        let order = self.order;
        for step in order.modules.get(&module).map_or(&[][..], |steps| &steps.imports) {
            self.modules.insert(module, Some(step.offset));
            let done = stacker::maybe_grow(STACK, STACK * 16, || self.import(module, step));
            // What fails under `try` is caught there.
            if !step.in_try {
                done?;
            }
        }
        self.modules.insert(module, None);
        Ok(())
    }

    fn import(&mut self, own: ModuleId, step: &Step) -> Result<(), TooEarly> {
        for &target in &step.targets {
            self.load(target)?;
        }
        let Some(asked) = step.asked else { return Ok(()) };
        let running = self.modules.get(&asked).copied().flatten();
        let Some(name) = &step.name else {
            if let (true, Some(offset)) = (step.is_star, running) {
                self.starved.insert(own, (asked, offset));
            }
            return Ok(());
        };
        let is_there = match (running, self.starved.get(&asked)) {
            (Some(offset), _) => self.is_there(asked, name, offset),
            (None, Some(&(source, offset))) => {
                self.is_there(asked, name, u32::MAX) || self.is_there(source, name, offset)
            }
            (None, None) => true,
        };
        let module = |id: ModuleId| self.order.graph.modules().module(id);
        match module(own).file.filter(|_| !is_there) {
            Some(file) => Err(TooEarly {
                asker: module(own).name().clone(),
                file,
                asked: module(asked).name().clone(),
                name: name.to_string(),
            }),
            None => Ok(()),
        }
    }

    /// Whether a module holds a name already: bound by a statement before the one at `offset`, or a submodule.
    fn is_there(&self, asked: ModuleId, name: &str, offset: u32) -> bool {
        let graph = self.order.graph;
        let module = graph.modules().module(asked);
        if graph.modules().find(&module.name().join([name]), module.file).is_some() {
            return true;
        }
        let Some(facts) = module.file.and_then(|file| graph.facts(file)) else { return true };
        let is_fed = |import: &Import| import.form == ImportForm::Star && import.statement.end <= offset;
        let has_star = !self.starved.contains_key(&asked) && facts.imports.iter().any(is_fed);
        let bindings = facts.scopes[0].bindings(name);
        let is_bound = bindings.iter().any(|&binding| facts.bindings[binding as usize].span.end <= offset);
        has_star || is_bound || !facts.blind_spots.is_empty() || !facts.errors.is_empty()
    }
}

/// True for an import that runs when its module is imported: not in a function, not for type checkers only, and not in
/// a language whose imports only declare.
pub(super) fn runs_at_import(facts: &FileFacts, import: &Import) -> bool {
    if facts.is_declarative {
        return false;
    }
    let mut scope = Some(import.scope);
    while let Some(at) = scope {
        let here = &facts.scopes[at as usize];
        if !matches!(here.kind, ScopeKind::Module | ScopeKind::Class) {
            return false;
        }
        scope = here.parent;
    }
    import.runs == Runs::Always
}

/// The first-party modules that an import loads besides the packages around them.
fn targets(view: View<'_>, import: &Import) -> Vec<ModuleId> {
    let modules = view.graph.modules();
    let Some(path) = view.imported_module(import) else { return Vec::new() };
    let own = modules.longest(&path, Some(view.file)).filter(|(_, count)| *count == path.len());
    let whole = view.imported(import).filter(|whole| whole.len() > path.len());
    let member = whole.and_then(|whole| modules.find(&whole, Some(view.file)));
    own.map(|(id, _)| id).into_iter().chain(member).collect()
}
