//! Facts in a short notation, for the tests of this folder.

use super::lower;
use crate::model::*;

/// The facts of a Python file.
pub(super) fn facts(text: &str) -> FileFacts {
    lower(&SourceFile::new("m.py", Language::Python, text.into()), None)
}

/// The facts of a Python file of which little will be asked.
pub(super) fn skimmed(text: &str, relevance: &Relevance<'_>) -> FileFacts {
    lower(&SourceFile::new("m.py", Language::Python, text.into()), Some(relevance))
}

/// Fails when a span lies outside of the text or inside a character, or an index leads nowhere.
pub(super) fn check(facts: &FileFacts, text: &str) {
    let segment = |segment: &Segment| {
        assert!(!segment.name.is_empty());
        assert!(text.get(segment.span.start as usize..segment.span.end as usize).is_some());
    };
    for reference in &facts.references {
        assert!(!reference.segments.is_empty());
        reference.segments.iter().for_each(segment);
        assert!(reference.bindings.iter().all(|&binding| (binding as usize) < facts.bindings.len()));
    }
    assert!(facts.references.is_sorted_by_key(|reference| reference.segments[0].span.start));
    for import in &facts.imports {
        import.path.iter().chain(&import.member).chain(&import.alias).for_each(segment);
        assert!(text.is_char_boundary(import.block.0 as usize));
        assert!(import.statement.contains(import.span));
    }
    for (id, binding) in (0..).zip(&facts.bindings) {
        segment(&Segment { name: binding.name.clone(), span: binding.span });
        assert!(facts.scopes[binding.scope as usize].names[&binding.name].contains(&id));
    }
    facts.strings.iter().flat_map(|string| &string.segments).for_each(segment);
}

/// References: `chain marks <bindings`. Marks: `=` written, `del` deleted, and the place when it is not code.
/// Bindings: kind, `@` and the scope when it is not the module; `?` for none. A segment whose text is not its name
/// is followed by the text in brackets.
pub(super) fn references(text: &str) -> String {
    let facts = facts(text);
    let lines = facts.references.iter().map(|reference| {
        let access = match reference.access {
            Access::Read => "",
            Access::Write => "=",
            Access::Delete => " del",
        };
        let place = match reference.place {
            Place::Code => String::new(),
            place => format!(" {place:?}"),
        };
        format!(
            "{}{access}{place} <{}",
            segments(&reference.segments, text),
            bound(&facts, &reference.bindings)
        )
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn bound(facts: &FileFacts, bindings: &[BindingId]) -> String {
    let kinds: Vec<String> = bindings.iter().map(|&binding| kind(facts, binding)).collect();
    if kinds.is_empty() { "?".into() } else { kinds.join("|") }
}

fn kind(facts: &FileFacts, binding: BindingId) -> String {
    let binding = &facts.bindings[binding as usize];
    let kind = match binding.kind {
        BindingKind::Import(_) => "import",
        BindingKind::Definition => "def",
        BindingKind::Alias(_) => "alias",
        BindingKind::Value => "value",
        BindingKind::Deletion => "deletion",
        BindingKind::Module(_) => "module",
    };
    let scope = facts.qualified_scope(binding.scope);
    match (&*scope, binding.scope) {
        (_, 0) => kind.into(),
        ("", _) => format!("{kind}@inner"),
        _ => format!("{kind}@{scope}"),
    }
}

/// Bindings: `name kind`, with the chain behind an alias.
pub(super) fn bindings(text: &str) -> String {
    let facts = facts(text);
    let lines = (0..facts.bindings.len()).map(|index| {
        let Binding { name, span, kind: what, .. } = &facts.bindings[index];
        assert!(span.of(text).len() <= text.len());
        let alias = match what {
            BindingKind::Alias(reference) => {
                format!(" {}", segments(&facts.references[*reference as usize].segments, text))
            }
            _ => String::new(),
        };
        format!("{name} {}{alias}", kind(&facts, index as BindingId))
    });
    lines.collect::<Vec<_>>().join("; ")
}

/// Segments joined with dots.
pub(super) fn segments(segments: &[Segment], text: &str) -> String {
    let names = segments.iter().map(|Segment { name, span }| match span.of(text) {
        same if same == &**name => name.to_string(),
        other => format!("{name}[{other}]"),
    });
    names.collect::<Vec<_>>().join(".")
}

/// Path strings: `Form path`, the base of a relative one, members, and `fixed` when it cannot be edited.
pub(super) fn strings(text: &str) -> String {
    let facts = facts(text);
    let lines = facts.strings.iter().map(|string| {
        let mut line = format!("{:?} ", string.form);
        line += &".".repeat(string.level as usize);
        line += &segments(&string.segments, text);
        if string.base != StringBase::Root {
            line += &format!(" {:?}", string.base);
        }
        if !string.members.is_empty() {
            line += &format!(" ({})", segments(&string.members, text).replace('.', ", "));
        }
        line + if string.editable { "" } else { " fixed" }
    });
    lines.collect::<Vec<_>>().join("; ")
}
