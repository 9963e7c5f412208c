//! What must be true of the facts of any text: spans lie on characters of it, and every number leads somewhere.

use ssot_lint::language::front_end;
use ssot_lint::model::{
    Binding, BindingId, BindingKind, BlindSpot, Edition, Exports, FileFacts, Language, LazyTarget,
    ReferenceId, Relevance, Scope, ScopeId, Segment, Span, StringBase,
};
use ssot_lint::source::decode;

/// Reads `data` as a file: first all facts, then the few that a check keeps, and a glance at each word.
pub fn lower_anything(language: Language, edition: Edition, data: &[u8]) {
    let Ok(source) = decode(&"m".into(), language, data) else { return };
    let text = source.text();
    assert_eq!(text.len(), source.bytes().len());
    let facts = front_end(language).lower(&source, edition, None);
    assert_sound(&facts, text);
    let kept: [Option<&dyn Fn(&str) -> bool>; 3] = [None, Some(&|name| name.len() % 3 == 0), Some(&|_| true)];
    for begins_path in kept {
        for is_relevant in [|name: &str| name.len() % 2 == 0, |name: &str| name == "VAT"] {
            let relevance = Relevance { is_relevant: &is_relevant, begins_path, compares: true };
            let mut facts = front_end(language).lower(&source, edition, Some(&relevance));
            facts.forget_local_uses(&relevance);
            assert_sound(&facts, text);
        }
    }
    let (mut matters, mut asks) =
        (front_end(language).glance(data), front_end(language).glance_at_imports(data));
    for (start, end) in words(data).take(400) {
        matters(start, end);
        asks(start, end);
    }
}

/// The runs of letters, as the search for words finds them.
fn words(data: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let begins = move |&at: &usize| is_word(data[at]) && (at == 0 || !is_word(data[at - 1]));
    (0..data.len()).filter(begins).map(move |start| {
        let length = data[start..].iter().take_while(|&&byte| is_word(byte)).count();
        (start, start + length)
    })
}

/// Panics when the facts of `text` contradict themselves.
pub fn assert_sound(facts: &FileFacts, text: &str) {
    Check { facts, text }.all();
}

struct Check<'a> {
    facts: &'a FileFacts,
    text: &'a str,
}

impl Check<'_> {
    fn all(&self) {
        assert!(!self.facts.scopes.is_empty());
        (0..).zip(&self.facts.scopes).for_each(|(id, scope)| self.scope_is_sound(id, scope));
        self.facts.bindings.iter().for_each(|binding| self.binding_is_sound(binding));
        self.imports();
        self.references();
        self.strings();
        self.others();
    }

    fn span(&self, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(self.text.get(start..end).is_some(), "{span:?} in a text of {}", self.text.len());
    }

    fn segments<'s>(&self, segments: impl IntoIterator<Item = &'s Segment>) {
        for segment in segments {
            assert!(!segment.name.is_empty(), "{segment:?}");
            self.span(segment.span);
        }
    }

    fn scope(&self, id: ScopeId) {
        assert!((id as usize) < self.facts.scopes.len(), "scope {id}");
    }

    fn binding(&self, id: BindingId) {
        assert!((id as usize) < self.facts.bindings.len(), "binding {id}");
    }

    fn reference(&self, id: ReferenceId) {
        assert!((id as usize) < self.facts.references.len(), "reference {id}");
    }

    fn scope_is_sound(&self, id: ScopeId, scope: &Scope) {
        assert!(scope.parent.is_none_or(|parent| parent < id), "scope {id} before its parent");
        scope.names.values().flatten().for_each(|&id| self.binding(id));
        scope.forwards.values().for_each(|&id| self.scope(id));
        self.facts.qualified_scope(id);
        self.facts.inner_modules(id);
        self.facts.lookup(id, "VAT");
    }

    fn binding_is_sound(&self, binding: &Binding) {
        self.span(binding.span);
        self.scope(binding.scope);
        match binding.kind {
            BindingKind::Import(id) => assert!((id as usize) < self.facts.imports.len()),
            BindingKind::Alias(id) => self.reference(id),
            BindingKind::Module(Some(scope)) => self.scope(scope),
            _ => {}
        }
    }

    fn imports(&self) {
        for import in &self.facts.imports {
            self.segments(import.path.iter().chain(&import.member).chain(&import.alias));
            self.span(import.statement);
            self.span(import.span);
            assert!(import.statement.contains(import.span), "{import:?}");
            assert!(self.text.is_char_boundary(import.block.0 as usize));
            import.roots.iter().chain(&import.binding).for_each(|&id| self.binding(id));
            self.scope(import.scope);
        }
    }

    fn references(&self) {
        for reference in &self.facts.references {
            assert!(!reference.segments.is_empty());
            // The `::` in front of a path of Rust 2015 is a segment without a name.
            let is_root = |segment: &Segment| segment.name.is_empty() && segment.span.is_empty();
            self.segments(reference.segments.iter().skip_while(|segment| is_root(segment)));
            self.scope(reference.scope);
            reference.bindings.iter().for_each(|&id| self.binding(id));
        }
    }

    fn strings(&self) {
        for string in &self.facts.strings {
            self.segments(string.segments.iter().chain(&string.members));
            self.span(string.span);
            self.scope(string.scope);
            if let StringBase::Package(names) = &string.base {
                assert!(names.iter().all(|name| !name.is_empty()));
            }
        }
    }

    fn others(&self) {
        let facts = self.facts;
        if let Exports::Explicit { names, .. } = &facts.exports {
            self.segments(names);
        }
        for spot in &facts.blind_spots {
            if let BlindSpot::Unreadable(span) = spot {
                self.span(*span);
            }
        }
        facts.errors.iter().for_each(|error| self.span(error.span));
        let imports = facts.imports.len();
        assert!(facts.deprecated.iter().all(|export| (export.import as usize) < imports));
        for definition in &facts.definitions {
            self.binding(definition.binding);
            definition.sources().for_each(|id| self.reference(id));
        }
        for deed in &facts.deeds {
            self.scope(deed.scope);
            self.span(deed.span);
        }
        for lazy in &facts.lazy {
            self.segments([&lazy.name]);
            match &lazy.target {
                LazyTarget::Reference(id, _) => self.reference(*id),
                LazyTarget::Path(_, segments) => self.segments(segments),
            }
        }
        for example in &facts.examples {
            self.span(example.span);
            assert!(example.imports.end as usize <= imports);
        }
    }
}
