//! SSOT006: a first-party module is asked for a name that it does not provide.

use super::{Sketch, Survey, draft};
use crate::graph::{Provided, View};
use crate::model::{
    Access, BindingId, BlindSpot, Certainty, Code, FileId, Form, Import, ImportForm, PathString, Place,
    Reference, ScopeId, Segment, Span, StringForm, SymbolPath,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// What is found in all known files. Of a module that rules speak of it is always told, of others when the code was asked for.
pub fn survey(survey: &Survey<'_>) -> Vec<Sketch> {
    let files = survey.graph.files();
    let views: Vec<View<'_>> = files.into_iter().filter_map(|file| View::new(survey.graph, file)).collect();
    let asked = survey.declared.modules(survey.graph.modules());
    let look = Look { survey, asked, written: written(&views) };
    views.par_iter().flat_map_iter(|view| look.file(*view)).collect()
}

/// What other files assign to from outside: it is there once they have run.
fn written(views: &[View<'_>]) -> FxHashSet<SymbolPath> {
    let of_view = |view: &View<'_>| {
        let writes = view.facts.references.iter().filter(|reference| reference.access == Access::Write);
        writes.filter_map(|reference| view.meaning(reference)).collect::<Vec<_>>()
    };
    views.par_iter().flat_map_iter(of_view).collect()
}

struct Look<'run> {
    survey: &'run Survey<'run>,
    /// The modules that rules speak of.
    asked: FxHashSet<SymbolPath>,
    written: FxHashSet<SymbolPath>,
}

impl Look<'_> {
    fn file(&self, view: View<'_>) -> Vec<Sketch> {
        let modules = self.survey.graph.modules();
        // In Rust the compiler tells; a stub may describe what no text shows.
        if view.facts.is_declarative || view.module.is_some_and(|id| modules.module(id).is_stub) {
            return Vec::new();
        }
        let imports = view.inner_imports().filter(|(_, import)| !import.in_try);
        let imports = imports.filter_map(|(_, import)| self.import(view, import));
        let chains = view.facts.references.iter().filter(|reference| reads_module(reference));
        let chains = chains.filter_map(|reference| self.chain(view, reference));
        let strings = view.facts.strings.iter().filter_map(|string| self.string(view, string));
        imports.chain(chains).chain(strings).collect()
    }

    /// The part of `path` that leads to nothing and is to be told.
    fn told(&self, view: View<'_>, path: &SymbolPath) -> Option<SymbolPath> {
        if self.survey.declared.is_legacy(path) {
            return None; // That is the finding.
        }
        let missing = self.missing(view, path)?;
        let is_there = self.written.contains(&missing) || is_given(missing.name());
        (!is_there && !self.is_unsure(view, &missing)).then_some(missing)
    }

    fn sketch(
        &self,
        view: View<'_>,
        scope: ScopeId,
        span: Span,
        path: SymbolPath,
        missing: &SymbolPath,
    ) -> Option<Sketch> {
        let owner = missing.parent()?;
        let message = format!("`{owner}` has no `{}`", missing.name());
        let key = format!("{path}\0{}", view.facts.qualified_scope(scope));
        let mut sketch = Sketch::new(Code::UnresolvedImport, view.file, span, message, key);
        sketch.written = Some(path);
        sketch.help = Some(self.help(missing, &owner, view.file));
        Some(sketch)
    }

    fn chain(&self, view: View<'_>, reference: &Reference) -> Option<Sketch> {
        let root = view.root(reference)?;
        let path = view.meaning(reference)?;
        let missing = self.told(view, &path).filter(|missing| missing.len() > root.len())?;
        let last = reference.segments.len().checked_sub(path.len() - missing.len() + 1)?;
        let span = reference.segments[0].span.cover(reference.segments[last].span);
        let mut sketch = self.sketch(view, reference.scope, span, path, &missing)?;
        sketch.certainty = Certainty::Likely;
        sketch.form = Some(Form::Attribute);
        Some(sketch)
    }

    fn string(&self, view: View<'_>, string: &PathString) -> Option<Sketch> {
        let path = view.absolute_string(&string.base, string.level, &string.segments)?;
        let missing = self.told(view, &path)?;
        if matches!(string.form, StringForm::ModuleName | StringForm::Data(_)) {
            return None; // What is loaded by name may be there or not.
        }
        let mut sketch = self.sketch(view, string.scope, string.span, path, &missing)?;
        sketch.certainty = Certainty::Likely;
        sketch.form = Some(Form::String);
        Some(sketch)
    }

    fn import(&self, view: View<'_>, import: &Import) -> Option<Sketch> {
        let path = view.imported(import)?;
        let missing = self.told(view, &path)?;
        let is_member = import.member.is_some() && missing == path;
        if !is_member && may_be_made(missing.name()) {
            return None;
        }
        let form = form(import, &path);
        let mut sketch = self.sketch(view, import.scope, span(import, is_member), path, &missing)?;
        sketch.form = Some(form);
        Some(sketch)
    }

    /// The shortest part of a path that leads to nothing, when a module with a text is asked for it of which it is told.
    fn missing(&self, view: View<'_>, path: &SymbolPath) -> Option<SymbolPath> {
        let graph = self.survey.graph;
        let (module, known) = graph.modules().longest(path, Some(view.file))?;
        graph.modules().module(module).file?;
        let is_told = self.survey.is_whole || self.asked.contains(&path.prefix(known));
        let asked = path.segments().get(..=known).filter(|_| is_told)?;
        let is_there = graph.exists_in((module, known), asked);
        (is_there == Some(false)).then(|| path.prefix(known + 1))
    }

    /// Whether something stands in the way of being sure: the module is described twice, its package looks for its modules
    /// elsewhere too, or a package on the way has something else under the name of a module.
    fn is_unsure(&self, view: View<'_>, missing: &SymbolPath) -> bool {
        let modules = self.survey.graph.modules();
        let Some(owner) = missing.parent() else { return true };
        let Some(body) = self.survey.graph.body_of(&owner, Some(view.file)) else { return true };
        modules.has_stub(&owner)
            || modules.is_one_of_several(&owner, Some(view.file))
            || imports_writer(body.view)
            || !body.bindings("__path__").is_empty()
            || (2..=owner.len()).any(|count| self.is_hidden(view, &owner.prefix(count)))
    }

    /// Whether the package of a module may have another thing under its name.
    fn is_hidden(&self, view: View<'_>, module: &SymbolPath) -> bool {
        let graph = self.survey.graph;
        let body = module.parent().and_then(|parent| graph.body_of(&parent, Some(view.file)));
        let Some(body) = body else { return false };
        let is_other = |id: &BindingId| body.view.bound(*id).is_none_or(|bound| bound != *module);
        let bindings = body.bindings(module.name());
        let by_star = || match body.view.provided_by_star(0, module.name()) {
            Provided::Alias(path) => path != *module,
            Provided::Unknown => body.has_star(),
            Provided::Here | Provided::Missing => false,
        };
        bindings.iter().any(is_other) || bindings.is_empty() && by_star()
    }

    fn help(&self, missing: &SymbolPath, owner: &SymbolPath, file: FileId) -> String {
        let body = self.survey.graph.body_of(owner, Some(file));
        let names = body.map(|body| body.names()).unwrap_or_default();
        let near = names
            .iter()
            .map(|name| (strsim::jaro_winkler(name, missing.name()), name))
            .filter(|(likeness, _)| *likeness > 0.85)
            .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.cmp(left.1)));
        match near {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => "correct the name, or import it from the module that defines it".to_owned(),
        }
    }
}

/// A chain that reads a name from a module, and that nobody expects to fail.
fn reads_module(reference: &Reference) -> bool {
    let is_plain = reference.place == Place::Code && reference.access == Access::Read;
    is_plain && !reference.in_try && reference.segments.len() > 1
}

/// Whether a file uses a module that may give names to those who use it.
fn imports_writer(view: View<'_>) -> bool {
    let modules = view.graph.modules();
    let imported = view.facts.imports.iter().filter_map(|import| view.imported(import));
    let mut facts = imported
        .map(|path| view.end_of(path, &SymbolPath::clone))
        .filter_map(|path| modules.module(modules.longest(&path, Some(view.file))?.0).file)
        .filter_map(|file| view.graph.facts(file));
    facts.any(|facts| facts.blind_spots.contains(&BlindSpot::CallersNames))
}

/// Names of the interpreter and of those that run modules in surroundings of their own (Python reference, section 2.3.3).
fn is_given(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

/// Modules that a build makes: extensions of the interpreter, versions, code from other languages.
fn may_be_made(name: &str) -> bool {
    name.starts_with('_') || name == "version" || name.contains("_pb2")
}

fn span(import: &Import, is_member: bool) -> Span {
    let whole = |path: &[Segment]| Some(path.first()?.span.cover(path.last()?.span));
    match import.form {
        ImportForm::Member if !is_member => whole(&import.path).unwrap_or(import.span),
        ImportForm::Star => whole(&import.path).unwrap_or(import.span),
        _ => import.span,
    }
}

fn form(import: &Import, path: &SymbolPath) -> Form {
    draft::import_form(import.form, path.language())
}
