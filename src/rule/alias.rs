//! SSOT003: a second importable name for a canonical symbol: `Y = X`, `pub use X as Y`, `pub type Y = X`.

use super::{Subject, draft};
use crate::graph::{DeclaredPaths, SecondName, View};
use crate::model::{Binding, BindingKind, Code, Exports, Finding, Form, LineIndex};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(view) = View::new(subject.graph, subject.file) else { return Vec::new() };
    let mut names =
        subject.uses.second_names.iter().filter(|name| is_offered(&view, subject.declared, name)).peekable();
    if names.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    names.map(|name| finding(subject, &lines, name, &view)).collect()
}

/// Whether others may get the symbol by this name: a name for local use is nobody else's business.
fn is_offered(view: &View<'_>, declared: &DeclaredPaths, name: &SecondName) -> bool {
    let facts = view.facts;
    if facts.is_declarative || declared.is_reached(&name.path) {
        return true;
    }
    let binding = &facts.bindings[name.binding as usize];
    let is_listed = matches!(&facts.exports, Exports::Explicit { names, .. } if names.iter().any(|listed| listed.name == binding.name));
    let is_private = binding.name.starts_with('_');
    let is_home = || name.path.parent() == name.canonical.parent();
    let is_package = || view.module.is_some_and(|module| view.graph.modules().module(module).is_package);
    match binding.kind {
        _ if is_listed => true,
        _ if is_private => false,
        BindingKind::Alias(_) => is_home() || is_package(),
        _ => is_package() && !is_used(view, name),
    }
}

/// Whether the file itself reads the name.
fn is_used(view: &View<'_>, name: &SecondName) -> bool {
    view.facts.references.iter().any(|reference| reference.bindings.contains(&name.binding))
}

fn form(view: &View<'_>, binding: &Binding) -> Form {
    match (binding.kind, view.module_path(0)) {
        (BindingKind::Import(import), Some(own)) => {
            draft::import_form(view.facts.imports[import as usize].form, own.language())
        }
        _ => Form::TypeAlias,
    }
}

fn finding(subject: &Subject<'_>, lines: &LineIndex, name: &SecondName, view: &View<'_>) -> Finding {
    let SecondName { path, canonical, .. } = name;
    let (binding, rule) = (view.binding(name.binding), &subject.rules.rules[name.rule]);
    let message = format!("`{path}` is a second name for `{canonical}`");
    let mut finding = draft::finding(subject.source, lines, Code::Alias, binding.span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity;
    let short = canonical.name();
    finding.help =
        Some(format!("use `{short}` and drop the other name, or list it as a facade or legacy path"));
    finding.written = Some(path.to_string());
    finding.canonical = Some(canonical.to_string());
    finding.form = Some(form(view, binding));
    finding.fingerprint = format!("{}\0{path}\0alias", subject.source.path());
    finding
}
