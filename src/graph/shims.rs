//! Modules and single names that are there only to hand something on under a path that rules call legacy.

use super::body::Body;
use super::{DeclaredPaths, Standing, SymbolGraph};
use crate::model::{BindingId, BindingKind, FileId, ImportForm, ScopeId, Span, SymbolPath, Visibility};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A module or name that hands something on.
#[derive(Debug, Clone)]
pub struct Shim {
    /// The path of the module, or of the name.
    pub path: SymbolPath,
    /// True for a whole module.
    pub is_module: bool,
    /// The file that holds it.
    pub file: FileId,
    /// The handed-on name; of a module that is a file the default span.
    pub span: Span,
    /// The declared paths that it makes; not empty.
    pub parts: Vec<ShimPart>,
    /// What a module does besides, in the order of the text: what stands behind "it", and where.
    pub impurities: Vec<(String, Span)>,
}

/// A declared path that a shim makes.
#[derive(Debug, Clone)]
pub struct ShimPart {
    /// The rule that calls the path legacy, as index into the rule set.
    pub rule: usize,
    /// The path.
    pub path: SymbolPath,
    /// Where it is made.
    pub span: Span,
}

impl SymbolGraph {
    /// The shims at the `legacy` paths, each with its rule, sorted by path. The facts of all files that hold one must be known.
    pub fn shims(&self, declared: &DeclaredPaths, legacy: &[(usize, SymbolPath)]) -> Vec<Shim> {
        let mut finder = Finder {
            graph: self,
            declared,
            shims: BTreeMap::new(),
            items: BTreeMap::new(),
            below: self.below(),
        };
        legacy.iter().for_each(|(rule, path)| finder.look(*rule, path));
        finder.gather();
        finder.shims.into_values().collect()
    }

    /// The names of all modules that have a text, sorted.
    fn below(&self) -> Vec<SymbolPath> {
        let modules = self.modules();
        let named = modules.all().filter(|module| module.file.is_some() && !module.is_stub);
        let mut names: Vec<SymbolPath> = named.map(|module| module.name().clone()).collect();
        names.sort_unstable();
        names
    }
}

struct Finder<'graph> {
    graph: &'graph SymbolGraph,
    declared: &'graph DeclaredPaths,
    shims: BTreeMap<SymbolPath, Shim>,
    /// Names that are handed on, by the module that binds them.
    items: BTreeMap<SymbolPath, Vec<ShimPart>>,
    /// The names of all modules with a text, sorted.
    below: Vec<SymbolPath>,
}

impl<'graph> Finder<'graph> {
    fn look(&mut self, rule: usize, path: &SymbolPath) {
        if let Some(body) = self.graph.body_of(path, None) {
            self.module(rule, path.clone(), body);
        } else if let Some(part) = self.item(rule, path) {
            self.items.entry(path.parent().expect("a name lies in a module")).or_default().push(part);
        }
        let inner: Vec<SymbolPath> = self.modules_below(path).cloned().collect();
        for inner in inner {
            if let Some(body) = self.graph.body_of(&inner, None).filter(|_| self.is_legacy(&inner)) {
                self.module(rule, inner, body);
            }
        }
    }

    fn is_legacy(&self, path: &SymbolPath) -> bool {
        let declared = self.declared.longest(path).map(|(_, declared)| &declared.standing);
        matches!(declared, Some(Standing::Legacy(_)))
    }

    fn modules_below(&self, path: &SymbolPath) -> impl Iterator<Item = &SymbolPath> {
        let first = self.below.partition_point(|name| name <= path);
        self.below[first..].iter().take_while(move |name| name.starts_with(path))
    }

    /// Notes a module of which every name is legacy.
    fn module(&mut self, rule: usize, path: SymbolPath, body: Body<'graph>) {
        if self.shims.contains_key(&path) || body.path().as_ref() != Some(&path) {
            return;
        }
        let span = self.place_of(&path, body.scope);
        let impurities = self.impurities(&path, body);
        let parts = vec![ShimPart { rule, path: path.clone(), span }];
        let shim =
            Shim { path: path.clone(), is_module: true, file: body.view.file, span, parts, impurities };
        self.shims.insert(path, shim);
    }

    /// Where a module stands: the name of one that is written out in another one.
    fn place_of(&self, path: &SymbolPath, scope: ScopeId) -> Span {
        let outer = path.parent().filter(|_| scope != 0);
        let outer = outer.and_then(|outer| self.graph.body_of(&outer, None));
        let binding =
            outer.and_then(|outer| Some(outer.view.binding(*outer.bindings(path.name()).first()?).span));
        binding.unwrap_or_default()
    }

    /// A name that its module only hands on.
    fn item(&self, rule: usize, path: &SymbolPath) -> Option<ShimPart> {
        let (body, count) = self.graph.body(path, None)?;
        let name = path.segments().get(count).filter(|_| count + 1 == path.len())?;
        let bindings = body.bindings(name);
        if bindings.is_empty() {
            let span = match body.lazy(name) {
                Some(lazy) => lazy.name.span,
                // The module that stands in its place hands every name on.
                None if body.stand_in().is_some() => body.stand_in()?.1,
                None => star(body).filter(|_| self.graph.exists(path, None) == Some(true))?,
            };
            return Some(ShimPart { rule, path: path.clone(), span });
        }
        let hands_on = |&id: &BindingId| {
            let binding = body.view.binding(id);
            (matches!(binding.kind, BindingKind::Import(_) | BindingKind::Alias(_)) || body.is_shim(id))
                && binding.visibility != Visibility::Around(0)
        };
        // What the module uses itself is not there for others.
        let is_shim = bindings.iter().all(hands_on) && !body.reads(name);
        is_shim.then(|| ShimPart { rule, path: path.clone(), span: body.view.binding(bindings[0]).span })
    }

    /// Makes one shim of the names of a module that holds nothing else, and one of each name of other modules.
    fn gather(&mut self) {
        for (module, parts) in std::mem::take(&mut self.items) {
            let Some(body) = self.graph.body_of(&module, None) else { continue };
            if let Some(known) = self.shims.get_mut(&module) {
                known.parts.extend(parts);
            } else if self.is_all(&module, body, &parts) {
                let (file, span) = (body.view.file, self.place_of(&module, body.scope));
                let impurities = self.impurities(&module, body);
                let shim = Shim { path: module.clone(), is_module: true, file, span, parts, impurities };
                self.shims.insert(module, shim);
            } else {
                let file = body.view.file;
                for part in parts {
                    let (path, span, impurities) = (part.path.clone(), part.span, Vec::new());
                    let item = Shim {
                        path: path.clone(),
                        is_module: false,
                        file,
                        span,
                        parts: vec![part],
                        impurities,
                    };
                    self.shims.insert(path, item);
                }
            }
        }
    }

    /// True when `parts` are all that a module has to offer.
    fn is_all(&self, module: &SymbolPath, body: Body<'_>, parts: &[ShimPart]) -> bool {
        let declared: FxHashSet<&str> = parts.iter().map(|part| part.path.name()).collect();
        let lazy = body.lazy_names().map(|lazy| &*lazy.name.name);
        let mut names = body.names().into_iter().chain(lazy).filter(|name| !name.starts_with('_'));
        let is_inside = |name: &str| {
            let bindings = body.bindings(name);
            !bindings.is_empty() && bindings.iter().all(|&id| self.is_inside(body, id))
        };
        names.all(|name| declared.contains(name) || is_inside(name))
            && !self.is_top_package(module)
            && self.modules_below(module).next().is_none()
    }

    /// True for what holds a whole package: it is never there for one name only.
    fn is_top_package(&self, path: &SymbolPath) -> bool {
        let modules = self.graph.modules();
        path.len() == 1 && modules.find(path, None).is_some_and(|id| modules.module(id).is_package)
    }

    /// True for what nobody asks the module for: what it keeps to itself, and what comes from outside of the project.
    fn is_inside(&self, body: Body<'_>, id: BindingId) -> bool {
        let binding = body.view.binding(id);
        let is_foreign = || {
            let path = body.view.bound(id);
            path.is_some_and(|path| self.graph.modules().longest(&path, Some(body.view.file)).is_none())
        };
        match binding.kind {
            BindingKind::Import(_) => binding.visibility == Visibility::Around(0) || is_foreign(),
            BindingKind::Deletion => true,
            BindingKind::Module(_) => body.is_bag(id),
            _ => binding.visibility == Visibility::Around(0),
        }
    }

    /// What a module does besides handing on.
    fn impurities(&self, path: &SymbolPath, body: Body<'_>) -> Vec<(String, Span)> {
        let facts = body.view.facts;
        let is_lazy = !body.bindings("__getattr__").is_empty();
        let mut found: BTreeMap<(Span, String), ()> = BTreeMap::new();
        for name in body.names() {
            for &id in body.bindings(name) {
                let binding = body.view.binding(id);
                let what = match binding.kind {
                    BindingKind::Definition if body.is_shim(id) => continue,
                    BindingKind::Module(_) if body.is_bag(id) => continue,
                    BindingKind::Definition if !matches!(name, "__getattr__" | "__dir__") => "defines",
                    BindingKind::Value if !(is_about_module(name) || is_lazy && name.starts_with('_')) => {
                        "sets"
                    }
                    BindingKind::Module(_) if !self.is_legacy(&path.join([name])) => "holds the module",
                    _ => continue,
                };
                found.insert((binding.span, format!("{what} `{name}`")), ());
            }
        }
        let deeds = facts.deeds.iter().filter(|deed| deed.scope == body.scope);
        found.extend(deeds.map(|deed| ((deed.span, deed.kind.as_str().to_owned()), ())));
        let is_bound = |inner: &&SymbolPath| !body.bindings(&inner.segments()[path.len()]).is_empty();
        let inner = self.modules_below(path).filter(|inner| !self.is_legacy(inner));
        let inner = inner.filter(|inner| !facts.is_declarative || !is_bound(inner));
        found.extend(inner.map(|inner| ((Span::default(), format!("holds the module `{inner}`")), ())));
        if !facts.errors.is_empty() {
            found.insert((Span::default(), "cannot be read as a whole".to_owned()), ());
        }
        found.into_keys().map(|(span, what)| (what, span)).collect()
    }
}

/// Names by which a module speaks of itself.
fn is_about_module(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__") && name != "__path__"
}

/// The last star import of a module that others may read.
fn star(body: Body<'_>) -> Option<Span> {
    let imports = body.view.facts.imports.iter().rev();
    let mut stars = imports.filter(|import| import.form == ImportForm::Star && import.scope == body.scope);
    stars.find(|star| star.visibility != Visibility::Around(0)).map(|star| star.span)
}

/// Shims by path, to find those that lie on the way of a written one.
pub struct ShimIndex {
    by_path: FxHashMap<SymbolPath, usize>,
    longest: usize,
}

impl ShimIndex {
    /// An index of `shims`.
    pub fn new(shims: &[Shim]) -> Self {
        let by_path = shims.iter().enumerate().map(|(index, shim)| (shim.path.clone(), index)).collect();
        let longest = shims.iter().map(|shim| shim.path.len()).max().unwrap_or_default();
        Self { by_path, longest }
    }

    /// The shims that a path goes through or ends in, outermost first.
    pub fn on_the_way(&self, path: &SymbolPath) -> impl Iterator<Item = usize> {
        (1..=path.len().min(self.longest)).filter_map(|count| self.by_path.get(&path.prefix(count)).copied())
    }
}
