//! SSOT003: a second importable name for a canonical symbol: `pub use X as Y`, `pub type Y = X`.

use super::{Rule, RuleSet, Subject, draft};
use crate::graph::{DeclaredPaths, SymbolGraph, View};
use crate::model::{
    Binding, BindingKind, Code, FileId, Finding, Form, LineIndex, ScopeKind, SymbolPath, Visibility,
};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(view) = View::new(subject.graph, subject.file) else { return Vec::new() };
    let names = second_names(&view, subject.rules, subject.declared);
    if names.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    names.iter().map(|name| finding(subject, &lines, name, form(&view, name.binding))).collect()
}

/// Whether a file has such names; it can be asked without the file's text.
pub fn has_second_names(
    graph: &SymbolGraph,
    file: FileId,
    rules: &RuleSet,
    declared: &DeclaredPaths,
) -> bool {
    View::new(graph, file).is_some_and(|view| !second_names(&view, rules, declared).is_empty())
}

/// A name for a canonical symbol that is not its own.
struct SecondName<'run> {
    binding: &'run Binding,
    path: SymbolPath,
    canonical: SymbolPath,
    rule: &'run Rule,
}

fn second_names<'run>(
    view: &View<'run>,
    rules: &'run RuleSet,
    declared: &DeclaredPaths,
) -> Vec<SecondName<'run>> {
    if !view.facts.is_declarative {
        return Vec::new();
    }
    let offered = view.facts.bindings.iter().enumerate().filter(|(_, binding)| is_offered(view, binding));
    let found = offered.filter_map(|(id, binding)| {
        let module = view.module_path(binding.scope)?;
        // Tests, examples and build scripts are roots that nobody can import from.
        let path = Some(module.join([&binding.name])).filter(|_| !module.segments()[0].contains('/'))?;
        let (rule, canonical) = symbol(view, (rules, declared), id as u32, &path)?;
        Some(SecondName { binding, path, canonical, rule })
    });
    found.collect()
}

/// True for another name in a module that others may ask for.
fn is_offered(view: &View<'_>, binding: &Binding) -> bool {
    matches!(binding.kind, BindingKind::Import(_) | BindingKind::Alias(_))
        && binding.visibility != Visibility::Around(0)
        && view.facts.scopes[binding.scope as usize].kind == ScopeKind::Module
}

/// The rule whose canonical symbol the name stands for, when the rules do not speak of the name itself.
fn symbol<'run>(
    view: &View<'_>,
    (rules, declared): (&'run RuleSet, &DeclaredPaths),
    binding: u32,
    own: &SymbolPath,
) -> Option<(&'run Rule, SymbolPath)> {
    let written = view.bound(binding)?;
    if declared.moved(own) != *own || declared.get(own).is_some() {
        return None;
    }
    let end = view.end_of(written, &|path| declared.moved(path));
    if end.name() == own.name() {
        return None;
    }
    let is_home = |rule: &&Rule| {
        !rule.is_module && !rule.is_learned && view.graph.modules().canonical(&rule.canonical, None) == end
    };
    Some((rules.rules.iter().find(is_home)?, end))
}

fn form(view: &View<'_>, binding: &Binding) -> Form {
    match (binding.kind, view.module_path(0)) {
        (BindingKind::Import(import), Some(own)) => {
            draft::import_form(view.facts.imports[import as usize].form, own.language())
        }
        _ => Form::TypeAlias,
    }
}

fn finding(subject: &Subject<'_>, lines: &LineIndex, name: &SecondName<'_>, form: Form) -> Finding {
    let SecondName { binding, path, canonical, rule } = name;
    let message = format!("`{path}` is a second name for `{canonical}`");
    let mut finding = draft::finding(subject.source, lines, Code::Alias, binding.span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity;
    let short = canonical.name();
    finding.help =
        Some(format!("use `{short}` and drop the other name, or list it as a facade or legacy path"));
    finding.written = Some(path.to_string());
    finding.canonical = Some(canonical.to_string());
    finding.form = Some(form);
    finding.fingerprint = format!("{}\0{path}\0alias", subject.source.path());
    finding
}
