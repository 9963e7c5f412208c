//! SSOT003: a second importable name for a canonical symbol: `pub use X as Y`, `pub type Y = X`.

use super::{Rule, Subject, draft};
use crate::graph::{DeclaredPaths, View};
use crate::model::{Binding, BindingKind, Code, Finding, Form, LineIndex, ScopeKind, SymbolPath, Visibility};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(view) = View::new(subject.graph, subject.file).filter(|view| view.facts.is_declarative) else {
        return Vec::new();
    };
    let offered = view.facts.bindings.iter().enumerate().filter(|(_, binding)| is_offered(&view, binding));
    let mut lines = None;
    let found = offered.filter_map(|(id, binding)| {
        let own = view.module_path(binding.scope)?.join([&binding.name]);
        let (rule, canonical) = symbol(subject, &view, id as u32, &own)?;
        let lines = lines.get_or_insert_with(|| LineIndex::new(subject.source.text()));
        Some(finding(subject, lines, binding, (rule, &own, &canonical), form(&view, binding)))
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
    subject: &Subject<'run>,
    view: &View<'_>,
    binding: u32,
    own: &SymbolPath,
) -> Option<(&'run Rule, SymbolPath)> {
    let declared: &DeclaredPaths = subject.declared;
    let written = view.bound(binding)?;
    if declared.moved(own) != *own || declared.get(own).is_some() {
        return None;
    }
    let end = view.end_of(written, &|path| declared.moved(path));
    let rule =
        subject.rules.rules.iter().find(|rule| {
            !rule.is_module && subject.graph.modules().canonical(&rule.canonical, None) == end
        })?;
    (end.name() != own.name()).then_some((rule, end))
}

fn form(view: &View<'_>, binding: &Binding) -> Form {
    match (binding.kind, view.module_path(0)) {
        (BindingKind::Import(import), Some(own)) => {
            draft::import_form(view.facts.imports[import as usize].form, own.language())
        }
        _ => Form::TypeAlias,
    }
}

fn finding(
    subject: &Subject<'_>,
    lines: &LineIndex,
    binding: &Binding,
    (rule, own, canonical): (&Rule, &SymbolPath, &SymbolPath),
    form: Form,
) -> Finding {
    let message = format!("`{own}` is a second name for `{canonical}`");
    let mut finding = draft::finding(subject.source, lines, Code::Alias, binding.span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity;
    finding.help = Some(format!(
        "use `{}` and drop the other name, or list it as a facade or legacy path",
        canonical.name()
    ));
    finding.written = Some(own.to_string());
    finding.canonical = Some(canonical.to_string());
    finding.form = Some(form);
    finding.fingerprint = format!("{}\0{own}\0alias", subject.source.path());
    finding
}
