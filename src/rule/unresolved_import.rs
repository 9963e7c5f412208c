//! SSOT006: a first-party module is asked for a name that it does not provide.

use super::{Sketch, Survey, draft};
use crate::graph::View;
use crate::model::{Access, Code, FileId, Form, Import, ImportForm, Segment, Span, SymbolPath};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// Names that the interpreter gives to every module (Python reference, section 3.2, "Modules"), or that it looks for.
const GIVEN: [&str; 11] = [
    "__name__",
    "__doc__",
    "__file__",
    "__path__",
    "__package__",
    "__spec__",
    "__loader__",
    "__dict__",
    "__builtins__",
    "__cached__",
    "__annotations__",
];

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
        let imports = view.facts.imports.iter().filter(|import| is_firm(view, import));
        imports.filter_map(|import| self.import(view, import)).collect()
    }

    fn import(&self, view: View<'_>, import: &Import) -> Option<Sketch> {
        let path = view.imported(import)?;
        if self.survey.declared.moved(&path) != path {
            return None; // A legacy path: that is the finding.
        }
        let missing = self.missing(view, &path)?;
        let owner = missing.parent()?;
        let is_told = self.survey.is_whole || self.asked.contains(&owner);
        if !is_told || self.written.contains(&missing) || GIVEN.contains(&missing.name()) {
            return None;
        }
        let is_member = import.member.is_some() && missing == path;
        if !is_member && may_be_made(missing.name()) {
            return None;
        }
        let span = span(import, is_member);
        let message = format!("`{owner}` has no `{}`", missing.name());
        let key = format!("{path}\0{}", view.facts.qualified_scope(import.scope));
        let mut sketch = Sketch::new(Code::UnresolvedImport, view.file, span, message, key);
        sketch.form = Some(form(import, &path));
        sketch.written = Some(path);
        sketch.help = Some(self.help(&missing, &owner, view.file));
        Some(sketch)
    }

    /// The shortest part of a path that leads to nothing, when a module with a text is asked for it.
    fn missing(&self, view: View<'_>, path: &SymbolPath) -> Option<SymbolPath> {
        let graph = self.survey.graph;
        let (module, known) = graph.modules().longest(path, Some(view.file))?;
        graph.modules().module(module).file?;
        let missing = (known + 1..=path.len())
            .map(|count| path.prefix(count))
            .find(|part| graph.exists(part, Some(view.file)) == Some(false))?;
        (missing.len() == known + 1).then_some(missing)
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

/// An import that runs as it stands: what fails under `try` is caught there, examples may be made up.
fn is_firm(view: View<'_>, import: &Import) -> bool {
    !import.in_try && !view.facts.is_in_example(import.scope) && !view.facts.is_declarative
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
