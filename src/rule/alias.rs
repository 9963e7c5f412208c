//! SSOT003: a second importable name for a canonical symbol: `Y = X`, `pub use X as Y`, `pub type Y = X`, and what comes
//! to the same: `class Y(X): pass`, a function that only calls it, a name that `__getattr__` hands on.

use super::{Subject, draft};
use crate::graph::{SecondForm, SecondName, View};
use crate::model::{
    BindingKind, Certainty, Code, Content, Exports, Finding, Form, LineIndex, Severity, SymbolPath,
};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(view) = View::new(subject.graph, subject.file) else { return Vec::new() };
    let mut names =
        subject.uses.second_names.iter().filter(|name| is_offered(&view, subject, name)).peekable();
    if names.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    names.map(|name| finding(subject, &lines, name, &view)).collect()
}

/// Whether others may get the symbol by this name: a name for local use is nobody else's business.
fn is_offered(view: &View<'_>, subject: &Subject<'_>, name: &SecondName) -> bool {
    let facts = view.facts;
    if facts.is_declarative || subject.declared.is_reached(&name.path) {
        return true;
    }
    let short = name.path.name();
    let is_listed = matches!(&facts.exports, Exports::Explicit { names, .. } if names.iter().any(|listed| *listed.name == *short));
    let is_private = short.starts_with('_');
    let is_home = || name.path.parent() == name.canonical.parent();
    let is_package = || view.module.is_some_and(|module| view.graph.modules().module(module).is_package);
    match name.form {
        _ if !may_be_told(name) => false,
        SecondForm::Subclass if !is_subclass_for_the_name(view, name) => false,
        _ if is_listed => true,
        _ if is_private => false,
        SecondForm::Subclass | SecondForm::Wrapper => is_home() || is_package() || is_asked_for(view, name),
        SecondForm::Lazy | SecondForm::Entry => true,
        SecondForm::Binding(binding) => match view.binding(binding).kind {
            BindingKind::Alias(_) => is_home() || is_package(),
            BindingKind::Import(import) => is_package() && !facts.imports[import as usize].is_used,
            _ => false,
        },
    }
}

/// False when the spelling of a name alone says that it will not be told, whoever asks for it.
pub fn may_be_told(name: &SecondName) -> bool {
    match name.form {
        SecondForm::Subclass => !is_kind(name.path.name()) && !is_kind(name.canonical.name()),
        SecondForm::Wrapper => !is_factory(name),
        SecondForm::Binding(_) | SecondForm::Lazy | SecondForm::Entry => true,
    }
}

/// A function that makes something of a class is no second class: by their names (PEP 8).
fn is_factory(name: &SecondName) -> bool {
    let is_class = |name: &str| name.starts_with(char::is_uppercase);
    is_class(name.canonical.name()) && !is_class(name.path.name())
}

/// Whether another file imports the name or reads it from its module.
fn is_asked_for(view: &View<'_>, name: &SecondName) -> bool {
    let short = name.path.name();
    let others = view.graph.files().into_iter().filter(|&file| file != view.file);
    others.filter_map(|file| View::new(view.graph, file)).any(|other| {
        let facts = other.facts;
        let imports = facts.imports.iter();
        let mut imports =
            imports.filter(|import| import.member.as_ref().is_some_and(|name| *name.name == *short));
        let chains = facts.references.iter();
        let mut chains =
            chains.filter(|chain| chain.segments[1..].iter().any(|segment| *segment.name == *short));
        imports.any(|import| other.imported(import).as_ref() == Some(&name.path))
            || chains.any(|chain| other.meaning(chain).is_some_and(|path| path.starts_with(&name.path)))
    })
}

/// Endings of classes whose empty subclasses are kinds of their own: what is raised, and what is made to be derived from.
const KINDS: [&str; 11] = [
    "Error",
    "Exception",
    "Warning",
    "Interrupt",
    "Exit",
    "Base",
    "Mixin",
    "Protocol",
    "Interface",
    "Case",
    "Meta",
];

/// Whether an empty subclass is there for its name only: not where classes derive from the symbol to make something of it.
fn is_subclass_for_the_name(view: &View<'_>, name: &SecondName) -> bool {
    !bases(view, &name.canonical).iter().any(|base| is_kind(base)) && !is_derived_from(view, &name.canonical)
}

/// Whether a class of this name is a kind of its own, whatever stands in it.
fn is_kind(name: &str) -> bool {
    KINDS.iter().any(|kind| name.ends_with(kind)) || name.starts_with("Base") || name.starts_with("Abstract")
}

/// The last names of the classes that a class derives from, as written.
fn bases<'graph>(view: &View<'graph>, class: &SymbolPath) -> Vec<&'graph str> {
    let end = view.end_of(class.clone(), &SymbolPath::clone);
    let body = end.parent().and_then(|module| view.graph.body_of(&module, None));
    let Some(body) = body else { return Vec::new() };
    let bases = body.definitions(end.name()).flat_map(|definition| &definition.bases);
    let written = bases.filter_map(|&base| body.view.facts.references[base as usize].segments.last());
    written.map(|last| &*last.name).collect()
}

/// Whether some class derives from `class` and adds something.
fn is_derived_from(view: &View<'_>, class: &SymbolPath) -> bool {
    let end = view.end_of(class.clone(), &SymbolPath::clone);
    let views = view.graph.files().into_iter().filter_map(|file| View::new(view.graph, file));
    views.into_iter().any(|other| {
        let deriving = other.facts.definitions.iter().filter(|class| class.content != Content::Empty);
        let mut bases = deriving.flat_map(|class| &class.bases);
        bases.any(|&base| {
            let path = other.source(&other.facts.references[base as usize]);
            path.is_some_and(|path| other.end_of(path, &SymbolPath::clone) == end)
        })
    })
}

fn form(view: &View<'_>, name: &SecondName) -> Option<Form> {
    let SecondForm::Binding(binding) = name.form else { return None };
    Some(match view.binding(binding).kind {
        BindingKind::Import(import) => {
            draft::import_form(view.facts.imports[import as usize].form, name.path.language())
        }
        _ => Form::TypeAlias,
    })
}

/// What makes the name, in words.
fn making(view: &View<'_>, name: &SecondName) -> &'static str {
    match name.form {
        SecondForm::Binding(binding) => match view.binding(binding).kind {
            BindingKind::Import(_) => "an import under another name",
            _ if view.facts.is_declarative => "a type alias",
            _ => "an assignment",
        },
        SecondForm::Subclass => "an empty subclass",
        SecondForm::Wrapper => "it only hands on what it is called with",
        SecondForm::Lazy => "`__getattr__` hands it on",
        SecondForm::Entry => "its module is entered in `sys.modules` under another name",
    }
}

fn finding(subject: &Subject<'_>, lines: &LineIndex, name: &SecondName, view: &View<'_>) -> Finding {
    let SecondName { path, canonical, .. } = name;
    let rule = &subject.rules.rules[name.rule];
    let message = format!("`{path}` is a second name for `{canonical}`: {}", making(view, name));
    let mut finding = draft::finding(subject.source, lines, Code::Alias, name.span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity;
    if matches!(name.form, SecondForm::Subclass | SecondForm::Wrapper) {
        finding.severity = rule.severity.min(Severity::Warning);
        finding.certainty = Certainty::Likely;
    }
    let short = canonical.name();
    finding.help =
        Some(format!("use `{short}` and drop the other name, or list it as a facade or legacy path"));
    finding.written = Some(path.to_string());
    finding.canonical = Some(canonical.to_string());
    finding.form = form(view, name);
    finding.fingerprint = format!("{}\0{path}\0alias", subject.source.path());
    finding
}
