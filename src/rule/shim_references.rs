//! What refers to shims, over all files whose facts are known: a shim may go when nothing is left.

use super::draft;
use crate::graph::{FileUses, Provided, Shim, ShimIndex, SymbolGraph, View, task_names};
use crate::model::{
    BindingKind, DATA_STAYS, FileFacts, FileId, Form, Import, ImportForm, ImportId, Place,
    Reference as Chain, ScopeId, Site, Span, Start, SymbolPath,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// A place that refers to a shim.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// How the path is written.
    pub form: Form,
    /// The absolute path.
    pub written: SymbolPath,
    /// Why it cannot be rewritten, when that is plain from the place itself.
    pub obstacle: Option<String>,
    /// The other shim in which the place lies, or that the place makes; as index into the shims.
    pub shim: Option<usize>,
}

/// What refers to each of `shims`, by file and place. What stands in a shim is no reference to it.
pub fn references(graph: &SymbolGraph, uses: &[(FileId, FileUses)], shims: &[Shim]) -> Vec<Vec<Reference>> {
    let (index, task_names) = (ShimIndex::new(shims), task_names(graph));
    let of_file = |(file, uses): &(FileId, FileUses)| {
        let view = View::new(graph, *file)?;
        let mut look = Look { view, shims, index: &index, task_names: &task_names, found: BTreeMap::new() };
        look.imports();
        look.chains();
        look.exports();
        look.strings();
        look.uses(uses);
        Some(look.found)
    };
    let found: Vec<_> = uses.par_iter().filter_map(of_file).collect();
    let mut references = vec![Vec::new(); shims.len()];
    for ((shim, _), reference) in found.into_iter().flatten() {
        references[shim].push(reference);
    }
    for found in &mut references {
        found.sort_by_key(|reference| (reference.file, reference.span));
    }
    references
}

/// Why a path that is data is not rewritten by a plain `migrate`.
fn stays(facts: &FileFacts, site: &Site) -> Option<String> {
    facts.data_role(site).map(|_| DATA_STAYS.to_owned())
}

struct Look<'run> {
    view: View<'run>,
    shims: &'run [Shim],
    index: &'run ShimIndex,
    /// Under these tasks are registered: they name no module.
    task_names: &'run FxHashSet<SymbolPath>,
    /// By shim and place: one place may be found in several ways.
    found: BTreeMap<(usize, Site), Reference>,
}

/// A place, as far as it does not depend on the shim.
struct At {
    site: Site,
    scope: ScopeId,
    span: Span,
    form: Form,
    obstacle: Option<String>,
}

impl Look<'_> {
    /// Every import of a shim, or of anything by way of one.
    fn imports(&mut self) {
        let facts = self.view.facts;
        for (id, import) in (0..).zip(&facts.imports) {
            let by_star = self.import_by_star(import);
            let Some(path) = by_star.or_else(|| self.view.imported(import)) else { continue };
            let form = draft::import_form(import.form, path.language());
            let (scope, span) = (import.scope, import.span);
            self.note(&path, &At { site: Site::Import(id), scope, span, form, obstacle: None });
        }
    }

    /// The path of an import whose first name comes from a star import: no name of the file binds it.
    fn import_by_star(&self, import: &Import) -> Option<SymbolPath> {
        let may_be = import.start == Start::ScopeOrTop && import.roots.is_empty();
        let mut names = import.path.iter().chain(&import.member).map(|segment| &segment.name);
        let first = names.next().filter(|_| may_be)?;
        match self.view.provided_by_star(import.scope, first) {
            Provided::Alias(root) => Some(self.view.canonical(root.join(names))),
            _ => None,
        }
    }

    /// True when the first name of a chain comes by an import or another name, which is a reference itself.
    fn follows(&self, chain: &Chain) -> bool {
        let is_other = |kind: BindingKind| matches!(kind, BindingKind::Import(_) | BindingKind::Alias(_));
        chain.bindings.iter().any(|&binding| is_other(self.view.binding(binding).kind))
    }

    /// Chains that spell the path of a shim out, and not only begin with a name that an import of it binds.
    fn chains(&mut self) {
        let facts = self.view.facts;
        for (id, reference) in (0..).zip(&facts.references) {
            let is_chain = reference.segments.len() > 1 && reference.place != Place::Export;
            let root = || self.view.root_by_star(reference).or_else(|| self.view.root(reference));
            let Some(root) = is_chain.then(root).flatten() else { continue };
            let attributes = reference.segments[1..].iter().map(|segment| &segment.name);
            let path = self.view.canonical(root.join(attributes));
            let follows = self.follows(reference);
            let span = draft::chain_span(reference, 0);
            let form = draft::reference_form(reference, path.language());
            let at = At { site: Site::Reference(id), scope: reference.scope, span, form, obstacle: None };
            for shim in self.index.on_the_way(&path).collect::<Vec<_>>() {
                if !follows || !root.starts_with(&self.shims[shim].path) {
                    self.put(shim, &path, &at);
                }
            }
        }
    }

    /// Modules that a package names in `__all__` without importing them: a star import loads them (Python reference, section 7.11).
    fn exports(&mut self) {
        let modules = self.view.graph.modules();
        for (id, reference) in (0..).zip(&self.view.facts.references) {
            let is_open = reference.place == Place::Export && reference.bindings.is_empty();
            let [name] = &*reference.segments else { continue };
            let own = self.view.module_path(reference.scope).filter(|_| is_open);
            let path = own.map(|own| own.join([&name.name]));
            let Some(path) = path.filter(|path| modules.find(path, Some(self.view.file)).is_some()) else {
                continue;
            };
            let obstacle = Some("`__all__` of the package names it".to_owned());
            let form = draft::reference_form(reference, path.language());
            let at =
                At { site: Site::Reference(id), scope: reference.scope, span: name.span, form, obstacle };
            self.note(&path, &at);
        }
    }

    fn strings(&mut self) {
        let facts = self.view.facts;
        for (id, string) in (0..).zip(&facts.strings) {
            let path = self.view.absolute_string(&string.base, string.level, &string.segments);
            let Some(path) = path else { continue };
            let site = Site::PathString(id);
            let obstacle = stays(facts, &site);
            if obstacle.is_some() && self.task_names.contains(&path) {
                continue;
            }
            let form = if obstacle.is_some() { Form::Data } else { Form::String };
            let at = At { site, scope: string.scope, span: string.span, form, obstacle };
            self.note(&path, &at);
            string.members.iter().for_each(|member| self.note(&path.join([&member.name]), &at));
        }
    }

    /// The places that a migration would change: they know of names that come by a star, and of what stands in the way.
    fn uses(&mut self, uses: &FileUses) {
        let facts = self.view.facts;
        for found in uses.uses.iter().filter(|found| found.spelled) {
            let path = found.legacy.join(&found.written.segments()[found.matched..]);
            let (site, scope) = match &found.site {
                Site::Import(id) | Site::StarMember(id, _) => {
                    (Site::Import(*id), facts.imports[*id as usize].scope)
                }
                Site::Reference(id) => (found.site.clone(), facts.references[*id as usize].scope),
                Site::PathString(id) => (found.site.clone(), facts.strings[*id as usize].scope),
            };
            let (span, form) = (draft::use_span(facts, found), draft::use_form(facts, found));
            let obstacle = found.obstacle.clone().or_else(|| stays(facts, &site));
            self.note(&path, &At { site, scope, span, form, obstacle });
        }
    }

    fn note(&mut self, path: &SymbolPath, at: &At) {
        for shim in self.index.on_the_way(path).collect::<Vec<_>>() {
            self.put(shim, path, at);
        }
    }

    fn put(&mut self, shim: usize, path: &SymbolPath, at: &At) {
        let around = self.view.module_path(at.scope);
        let made = self.made_by(&at.site);
        // The package of a module may bind the module's own name: that import needs it all the same.
        let is_itself = match self.shims[shim].is_module {
            true => around.as_ref().is_some_and(|around| self.is_part_of(around, shim)),
            false => made.as_ref().is_some_and(|made| self.is_part_of(made, shim)),
        };
        if is_itself {
            return;
        }
        let holder = |path: &SymbolPath| self.index.on_the_way(path).filter(|&other| other != shim).last();
        let other = made.as_ref().and_then(holder).or_else(|| around.as_ref().and_then(holder));
        self.found.insert(
            (shim, at.site.clone()),
            Reference {
                file: self.view.file,
                span: at.span,
                form: at.form,
                written: path.clone(),
                obstacle: at.obstacle.clone(),
                shim: other,
            },
        );
    }

    fn is_part_of(&self, path: &SymbolPath, shim: usize) -> bool {
        path.starts_with(&self.shims[shim].path)
    }

    /// The path of the name that an import makes for others.
    fn made_by(&self, site: &Site) -> Option<SymbolPath> {
        let Site::Import(id) = site else { return None };
        let import = &self.view.facts.imports[*id as ImportId as usize];
        let binding = self.view.binding(import.binding.filter(|_| import.form != ImportForm::Star)?);
        let is_module = self.view.facts.module_scope(binding.scope) == binding.scope;
        is_module.then(|| Some(self.view.module_path(binding.scope)?.join([&binding.name])))?
    }
}
