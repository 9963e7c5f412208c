//! Facts in a short notation, for the tests of this folder.

use super::chains::ROOTS;
use super::lower;
use crate::model::*;

/// The facts of a file of today's edition.
pub(super) fn facts(text: &str) -> FileFacts {
    checked(text, Edition::Current)
}

/// The facts of a Rust 2015 file.
pub(super) fn old_facts(text: &str) -> FileFacts {
    checked(text, Edition::Rust2015)
}

fn checked(text: &str, edition: Edition) -> FileFacts {
    let facts = lower(&SourceFile::new("m.rs", Language::Rust, text.into()), edition);
    if let Some(complaint) = complaint(&facts, text) {
        panic!("{complaint} in {text:?}");
    }
    facts
}

/// What is wrong with the facts: a span outside of the text or of another name, an index that leads nowhere.
pub(super) fn complaint(facts: &FileFacts, text: &str) -> Option<String> {
    let references = facts.references.iter().find_map(|reference| {
        let wrong = reference.segments.iter().find(|segment| !is_written(segment, text));
        wrong.map(|segment| format!("{segment:?} of {reference:?}"))
    });
    let imports = facts.imports.iter().find_map(|import| {
        let mut names = import.path.iter().chain(&import.member).chain(&import.alias);
        let wrong = names.find(|segment| !is_written(segment, text));
        wrong.map(|segment| format!("{segment:?} of {import:?}"))
    });
    references.or(imports).or_else(|| {
        let bindings = facts.bindings.len() as u32;
        let of_file = |scope: ScopeId| !facts.is_in_example(scope);
        let references = facts.references.iter().filter(|reference| of_file(reference.scope));
        let imports = facts.imports.iter().filter(|import| of_file(import.scope));
        let named = facts.bindings.iter().filter(|binding| of_file(binding.scope));
        let is_ordered = references.is_sorted_by_key(|reference| reference.segments[0].span.start)
            && imports.is_sorted_by_key(|import| import.statement.start)
            && named.is_sorted_by_key(|binding| binding.span.start);
        let ids = facts.references.iter().flat_map(|reference| &reference.bindings);
        let is_known =
            ids.chain(facts.imports.iter().flat_map(|import| &import.roots)).all(|&id| id < bindings);
        let of_file = |(_, binding): &(u32, &Binding)| !facts.is_in_example(binding.scope);
        let is_bound = (0..).zip(&facts.bindings).filter(of_file).all(|(id, binding)| {
            let names = &facts.scopes[binding.scope as usize].names;
            names.get(&binding.name).is_some_and(|ids| ids.contains(&id))
                && text.get(range(binding.span)).is_some()
        });
        let is_placed = facts.imports.iter().all(|import| {
            import.statement.contains(import.span) && text.is_char_boundary(import.block.0 as usize)
        });
        let is_sound = is_ordered && is_known && is_bound && is_placed;
        (!is_sound)
            .then(|| format!("order {is_ordered}, ids {is_known}, bindings {is_bound}, places {is_placed}"))
    })
}

fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// True when the source text is the name, or its keywords, or stands for it.
fn is_written(segment: &Segment, text: &str) -> bool {
    let Some(written) = text.get(range(segment.span)) else { return false };
    let bare = written.strip_prefix("r#").unwrap_or(written);
    let is_root = segment.name.split("::").all(|name| ROOTS.contains(&name) || name == "$crate");
    let is_opaque = written.starts_with(['"', 'b', 'r']) && written.ends_with(['"', '#']);
    bare == &*segment.name || written == "self" || is_root || is_opaque || !bare.is_ascii()
}

/// Segments joined with `::`. What is written otherwise follows in brackets.
fn segments(segments: &[Segment], text: &str) -> String {
    let names = segments.iter().map(|Segment { name, span }| match span.of(text) {
        same if same == &**name => name.to_string(),
        other => format!("{name}[{other}]"),
    });
    names.collect::<Vec<_>>().join("::")
}

fn begin(start: Start) -> String {
    match start {
        Start::Top => "::".into(),
        Start::Root => "/".into(),
        Start::Around(level) => "^".repeat(level as usize),
        Start::Scope | Start::ScopeOrTop => String::new(),
    }
}

/// Imports, one a line: start (`::`, `/` for the root, `^` for each level up), path, what it binds and its roots.
pub(super) fn imports(facts: &FileFacts, text: &str) -> String {
    let lines = facts.imports.iter().map(|import| {
        let mut names = import.path.to_vec();
        names.extend(import.member.clone());
        let star = if import.form == ImportForm::Star { "::*" } else { "" };
        let module = if import.form == ImportForm::Module { "module " } else { "" };
        let alias = import.alias.as_ref().map_or(String::new(), |alias| format!(" as {}", alias.name));
        let unbound = if import.binding.is_none() && star.is_empty() { " unbound" } else { "" };
        let roots = if import.roots.is_empty() {
            String::new()
        } else {
            format!(" <{}", bound(facts, &import.roots))
        };
        format!("{module}{}{}{star}{alias}{unbound}{roots}", begin(import.start), segments(&names, text))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// References: start, names, the place when it is not code, and `<` what the first name may mean.
pub(super) fn references(facts: &FileFacts, text: &str) -> String {
    let lines = facts.references.iter().map(|reference| {
        let place = match reference.place {
            Place::Code => String::new(),
            place => format!(" {place:?}"),
        };
        let found = match &*bound(facts, &reference.bindings) {
            "" => String::new(),
            found => format!(" <{found}"),
        };
        let start = match reference.start {
            Start::Top => "::",
            Start::Root if reference.segments[0].name.is_empty() => "/",
            _ => "",
        };
        format!("{start}{}{place}{found}", segments(&reference.segments, text).trim_start_matches("::"))
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn bound(facts: &FileFacts, bindings: &[BindingId]) -> String {
    let kinds: Vec<String> = bindings.iter().map(|&id| kind(facts, &facts.bindings[id as usize])).collect();
    kinds.join("|")
}

/// The kind of a binding, and `@` its scope when it is not that of the file.
fn kind(facts: &FileFacts, binding: &Binding) -> String {
    let kind = match binding.kind {
        BindingKind::Import(_) => "import",
        BindingKind::Definition => "item",
        BindingKind::Alias(_) => "alias",
        BindingKind::Value => "value",
        BindingKind::Deletion => "deletion",
        BindingKind::Module(_) => "module",
    };
    match (&*facts.qualified_scope(binding.scope), binding.scope) {
        (_, 0) => kind.into(),
        ("", _) => format!("{kind}@inner"),
        (scope, _) => format!("{kind}@{scope}"),
    }
}

/// Bindings: name, kind, namespaces by their first letter, visibility.
pub(super) fn bindings(facts: &FileFacts, text: &str) -> String {
    let lines = facts.bindings.iter().map(|binding| {
        let spaces = [('T', Namespaces::TYPE), ('V', Namespaces::VALUE), ('M', Namespaces::MACRO)];
        let spaces =
            spaces.iter().filter(|(_, space)| binding.namespaces.meets(*space)).map(|(letter, _)| letter);
        let visibility = match binding.visibility {
            Visibility::Public => " pub".into(),
            Visibility::Root => " crate".into(),
            Visibility::Around(0) => String::new(),
            Visibility::Around(level) => format!(" up {level}"),
        };
        let alias = match binding.kind {
            BindingKind::Alias(id) => format!(" {}", segments(&facts.references[id as usize].segments, text)),
            _ => String::new(),
        };
        format!("{} {}{alias} {}{visibility}", binding.name, kind(facts, binding), spaces.collect::<String>())
    });
    lines.collect::<Vec<_>>().join("; ")
}

/// Fails when the references of a text are others.
#[track_caller]
pub(super) fn refers(text: &str, expected: &str) {
    assert_eq!(references(&facts(text), text), expected, "{text}");
}

/// Fails when the imports of a text are others.
#[track_caller]
pub(super) fn uses(text: &str, expected: &str) {
    assert_eq!(imports(&facts(text), text), expected, "{text}");
}

/// Fails when the bindings of a text are others.
#[track_caller]
pub(super) fn binds(text: &str, expected: &str) {
    assert_eq!(bindings(&facts(text), text), expected, "{text}");
}
