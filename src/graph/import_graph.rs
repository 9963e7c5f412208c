//! Which module loads which while it is imported (Python reference, section 5.3): certain edges only, each with the
//! import that makes it.

use super::SymbolGraph;
use super::components::components;
use super::cycles::{Arrow, Cause, cycles};
use super::import_order::runs_at_import;
use super::modules::ModuleId;
use super::resolve::View;
use super::written_name::WrittenName;
use crate::model::{BindingKind, FileId, Import, ImportId, SymbolPath};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::sync::Arc;

/// Modules and what they load.
pub struct ImportGraph<'graph> {
    graph: &'graph SymbolGraph,
    /// By name; the nodes.
    modules: Vec<ModuleId>,
    /// By their ends; the edges.
    loads: Vec<Load>,
    arrows: Vec<Arrow>,
}

/// One module loads another.
#[derive(Debug, Clone)]
pub struct Load {
    /// The module that runs.
    pub from: ModuleId,
    /// Its file.
    pub file: FileId,
    /// The first import in it that loads the other one.
    pub import: ImportId,
    /// The module that is loaded.
    pub to: ModuleId,
    /// The module that the import asks for: `to`, or one inside of it.
    pub asked: ModuleId,
}

/// What one import loads.
struct Loaded {
    import: ImportId,
    /// Byte offset of the import.
    offset: u32,
    asked: Option<ModuleId>,
    /// The packages around what is asked, but for those around the importer: they run first.
    packages: Vec<ModuleId>,
}

impl<'graph> ImportGraph<'graph> {
    /// Reads the imports of all known files.
    pub fn new(graph: &'graph SymbolGraph) -> Self {
        let views: Vec<View<'_>> =
            graph.files().into_iter().filter_map(|file| View::new(graph, file)).filter(can_run).collect();
        let packages: FxHashSet<Arc<str>> = views.par_iter().flat_map_iter(View::roots_as_packages).collect();
        let loads: Vec<(Load, Cause)> =
            views.par_iter().flat_map_iter(|view| loads_of(*view, &packages)).collect();
        let path = |module: &ModuleId| graph.modules().module(*module).name();
        let ends: FxHashSet<ModuleId> = loads.iter().flat_map(|(load, _)| [load.from, load.to]).collect();
        let mut modules: Vec<ModuleId> = ends.into_iter().collect();
        modules.sort_unstable_by(|left, right| path(left).cmp(path(right)).then(left.cmp(right)));
        let mut found = Self { graph, modules, loads: Vec::new(), arrows: Vec::new() };
        found.connect(loads);
        found
    }

    /// Numbers what was found: nodes by name, edges by their ends.
    fn connect(&mut self, loads: Vec<(Load, Cause)>) {
        let mut nodes = vec![0; self.graph.modules().len()];
        for (node, &module) in (0..).zip(&self.modules) {
            nodes[module as usize] = node;
        }
        let ends = |load: &Load| (nodes[load.from as usize], nodes[load.to as usize]);
        let mut order: Vec<(u32, u32, u32)> = Vec::with_capacity(loads.len());
        // What comes along is counted from the first load of the same module.
        let mut firsts = vec![usize::MAX; self.modules.len()];
        for (index, (load, _)) in loads.iter().enumerate() {
            let (from, to) = ends(load);
            order.push((from, to, index as u32));
            firsts[from as usize] = firsts[from as usize].min(index);
        }
        order.sort_unstable();
        let mut places = vec![0; loads.len()];
        for (new, &(_, _, old)) in (0..).zip(&order) {
            places[old as usize] = new;
        }
        self.arrows.reserve(loads.len());
        self.loads.reserve(loads.len());
        for &(from, to, old) in &order {
            let (load, cause) = &loads[old as usize];
            let place = |other: &u32| places[firsts[from as usize] + *other as usize];
            let cause = match cause {
                Cause::Asked => Cause::Asked,
                Cause::Along(with) => Cause::Along(with.iter().map(place).collect()),
            };
            self.arrows.push(Arrow { from, to, cause });
            self.loads.push(load.clone());
        }
    }

    /// Cycles of loads that share none, each beginning at the first of its modules by name. A package runs before the
    /// modules inside, so a cycle counts only when some module is asked for that lies in no other module of the cycle.
    pub fn cycles(&self) -> Vec<Vec<&Load>> {
        let is_real = |cycle: &[u32]| {
            let path = |node: u32| self.graph.modules().module(self.modules[node as usize]).name();
            let is_inside = |node: u32, other: u32| node != other && path(node).starts_with(path(other));
            cycle.iter().map(|&arrow| &self.arrows[arrow as usize]).any(|arrow| {
                let mut others = cycle.iter().map(|&other| self.arrows[other as usize].from);
                arrow.cause == Cause::Asked && !others.any(|other| is_inside(arrow.to, other))
            })
        };
        let found = cycles(self.modules.len(), &self.arrows, &is_real);
        found.into_iter().map(|cycle| self.in_order(cycle)).collect()
    }

    fn in_order(&self, mut cycle: Vec<u32>) -> Vec<&Load> {
        let first = (0..cycle.len()).min_by_key(|&at| self.arrows[cycle[at] as usize].from);
        cycle.rotate_left(first.unwrap_or_default());
        cycle.into_iter().map(|arrow| &self.loads[arrow as usize]).collect()
    }

    /// The modules that load each other over written imports, each group with a number of its own; modules that nobody
    /// loads and that load nothing are in none.
    pub fn knots(&self) -> FxHashMap<ModuleId, u32> {
        let out = self.written_loads();
        let next = |node: u32, at: usize| out[node as usize].get(at).map(|&to| (to, at + 1));
        let components = components(self.modules.len(), next);
        self.modules.iter().copied().zip(components).collect()
    }

    /// The loads that are written, not those of packages that only run along.
    pub fn asked(&self) -> impl Iterator<Item = &Load> {
        let both = self.loads.iter().zip(&self.arrows);
        both.filter(|(_, arrow)| arrow.cause == Cause::Asked).map(|(load, _)| load)
    }

    /// A shortest way over written imports from one module to another, both included.
    pub fn way(&self, from: ModuleId, to: ModuleId) -> Option<Vec<ModuleId>> {
        let node = |module: ModuleId| self.modules.iter().position(|&known| known == module);
        let (from, to) = (node(from)? as u32, node(to)? as u32);
        let out = self.written_loads();
        let mut came_from = FxHashMap::from_iter([(from, from)]);
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front().filter(|&at| at != to) {
            for &next in &out[at as usize] {
                came_from.entry(next).or_insert_with(|| {
                    open.push_back(next);
                    at
                });
            }
        }
        let mut way = vec![to];
        while *way.last()? != from {
            way.push(*came_from.get(way.last()?)?);
        }
        Some(way.into_iter().rev().map(|node| self.modules[node as usize]).collect())
    }

    fn written_loads(&self) -> Vec<Vec<u32>> {
        let mut out = vec![Vec::new(); self.modules.len()];
        for arrow in self.arrows.iter().filter(|arrow| arrow.cause == Cause::Asked) {
            out[arrow.from as usize].push(arrow.to);
        }
        out
    }

    /// The preferred name of a module.
    pub fn name(&self, module: ModuleId) -> &'graph SymbolPath {
        self.graph.modules().module(module).name()
    }
}

/// True when importing is what runs the file: stubs are for type checkers, and what does not parse cannot run.
fn can_run(view: &View<'_>) -> bool {
    let modules = view.graph.modules();
    let is_stub = |module: ModuleId| modules.module(module).is_stub;
    !view.facts.is_declarative && view.facts.errors.is_empty() && view.module.is_some_and(|own| !is_stub(own))
}

/// The loads of one module. Those that come along name the others by their place in this list.
fn loads_of(view: View<'_>, packages: &FxHashSet<Arc<str>>) -> Vec<(Load, Cause)> {
    let Some(from) = view.module else { return Vec::new() };
    let mut around = view.graph.ancestors(from);
    around.push(from);
    let mut found = all_loaded(view, &around, packages);
    found.sort_unstable_by_key(|loaded| loaded.offset);
    let load = |loaded: &Loaded, to| Load {
        from,
        file: view.file,
        import: loaded.import,
        to,
        asked: loaded.asked.unwrap_or(to),
    };
    let mut loads = Vec::new();
    let mut places: FxHashMap<ModuleId, u32> = FxHashMap::default();
    for loaded in &found {
        let Some(to) = loaded.asked.filter(|&to| to != from && !places.contains_key(&to)) else { continue };
        places.insert(to, loads.len() as u32);
        loads.push((load(loaded, to), Cause::Asked));
    }
    loads.extend(along(&found, &places).into_iter().map(|(first, package, with)| {
        // What brings a package without an edge of its own to a module stays.
        let with: Option<Vec<u32>> = with.into_iter().collect();
        (load(&found[first], package), Cause::Along(with.unwrap_or_default()))
    }));
    loads
}

/// The packages that nobody asks for, each with the first import that brings it, and the edges of all that do.
fn along(found: &[Loaded], places: &FxHashMap<ModuleId, u32>) -> Vec<(usize, ModuleId, Vec<Option<u32>>)> {
    let mut brought: Vec<(usize, ModuleId, Vec<Option<u32>>)> = Vec::new();
    let mut order: FxHashMap<ModuleId, usize> = FxHashMap::default();
    for (index, loaded) in found.iter().enumerate() {
        let edge = loaded.asked.and_then(|asked| places.get(&asked).copied());
        for &package in loaded.packages.iter().filter(|package| !places.contains_key(package)) {
            let place = *order.entry(package).or_insert_with(|| {
                brought.push((index, package, Vec::new()));
                brought.len() - 1
            });
            brought[place].2.push(edge);
        }
    }
    brought
}

/// What the imports of a file load that run with it. `around` are the module itself and its packages.
fn all_loaded(view: View<'_>, around: &[ModuleId], packages: &FxHashSet<Arc<str>>) -> Vec<Loaded> {
    let imports = view.inner_imports().filter(|(_, import)| runs_at_import(view.facts, import));
    let is_sure = |import: &Import| !may_mean_another(view, import, packages);
    imports
        .filter(|(_, import)| is_sure(import))
        .filter_map(|(id, import)| loaded(view, id, import, around))
        .collect()
}

fn loaded(view: View<'_>, id: ImportId, import: &Import, around: &[ModuleId]) -> Option<Loaded> {
    let modules = view.graph.modules();
    let path = view.imported_module(import)?;
    let whole = view.imported(import).filter(|whole| whole.len() > path.len());
    let hides = |package: ModuleId| !around.contains(&package) && hides(view.graph, package, import);
    let member = whole.filter(|whole| {
        modules.find(whole, Some(view.file)).is_some()
            && !modules.find(&path, Some(view.file)).is_some_and(hides)
    });
    let asked = member.unwrap_or(path);
    let mut found = Loaded { import: id, offset: import.span.start, asked: None, packages: Vec::new() };
    let with_file = |(module, _): &(ModuleId, _)| modules.module(*module).file.is_some();
    for (module, name) in modules.along(&asked, view.file).filter(with_file) {
        if name.path.len() == asked.len() {
            found.asked = Some(module);
        } else if !around.contains(&module) {
            found.packages.push(module);
        }
    }
    Some(found)
}

/// True when a package that has run gives the name of one of its modules to something else: `from .fu import fu`.
fn hides(graph: &SymbolGraph, package: ModuleId, import: &Import) -> bool {
    let view = graph.modules().module(package).file.and_then(|file| View::new(graph, file));
    let (Some(view), Some(member)) = (view, &import.member) else { return false };
    let last = view.facts.scopes[0].names.get(&member.name).and_then(|bindings| bindings.last());
    let module = graph.modules().module(package).name().join([&member.name]);
    last.is_some_and(|&last| match view.binding(last).kind {
        BindingKind::Deletion => false,
        _ => view.bound(last).as_ref() != Some(&module),
    })
}

/// True for a single name that is a module only for scripts in its folder, when others take the folder for a package:
/// then the name belongs to the standard library or to another project.
fn may_mean_another(view: View<'_>, import: &Import, packages: &FxHashSet<Arc<str>>) -> bool {
    let is_in_package = |top: WrittenName<'_>| {
        let root = &top.name.root;
        !root.is_empty() && packages.contains(root)
    };
    // Most paths begin below the root of the project: the others are looked at whole.
    let may_mean = view.written_top(import).is_some_and(is_in_package);
    may_mean && view.written_import(import).is_some_and(|path| view.written_modules(&path).len() == 1)
}
