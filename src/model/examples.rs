//! Code in documentation: it stands in a file and is a program of its own.

use super::{Binding, BindingId, BindingKind, Edition, FileFacts, Import, ImportId, ScopeId, Segment, Span};
use std::ops::Range;
use std::sync::Arc;

/// An example in documentation that is compiled and run as a program beside the package (rustdoc, "Documentation tests").
#[derive(Debug)]
pub struct Example {
    /// Whole lines of the file, the marks of the comment included.
    pub span: Span,
    /// The code, with blanks in place of the marks: byte for byte as long as the span.
    pub code: Box<str>,
    /// The dialect.
    pub edition: Edition,
    /// Its imports.
    pub imports: Range<ImportId>,
}

impl FileFacts {
    /// True when `scope` lies in an example: it sees nothing of the file around, only what other packages may see.
    pub fn is_in_example(&self, scope: ScopeId) -> bool {
        !self.examples.is_empty() && self.outermost(scope) != 0
    }

    /// The example in which an import stands.
    pub fn example_of(&self, import: ImportId) -> Option<usize> {
        self.examples.iter().position(|example| example.imports.contains(&import))
    }

    fn outermost(&self, scope: ScopeId) -> ScopeId {
        std::iter::successors(Some(scope), |&at| self.scopes[at as usize].parent).last().unwrap_or(scope)
    }

    /// Adds the facts of an example behind all others. Spans in `inner` lie `shift` bytes before those in the file. What
    /// an example hides or hands on is nothing to anybody else.
    pub fn add_example(&mut self, inner: Self, example: Example, shift: i64) {
        let base = Base {
            scopes: self.scopes.len() as u32,
            bindings: self.bindings.len() as u32,
            imports: self.imports.len() as u32,
            references: self.references.len() as u32,
            shift,
        };
        let imports = base.imports..base.imports + inner.imports.len() as u32;
        self.examples.push(Example { imports, ..example });
        self.scopes.extend(inner.scopes.into_iter().map(|mut scope| {
            scope.parent = scope.parent.map(|parent| parent + base.scopes);
            scope.names.values_mut().flatten().for_each(|id| *id += base.bindings);
            scope.forwards.values_mut().for_each(|id| *id += base.scopes);
            scope
        }));
        self.bindings.extend(inner.bindings.into_iter().map(|binding| base.binding(binding)));
        self.imports.extend(inner.imports.into_iter().map(|import| base.import(import)));
        self.references.extend(inner.references.into_iter().map(|mut reference| {
            reference.segments.iter_mut().for_each(|segment| base.segment(segment));
            reference.scope += base.scopes;
            base.ids(&mut reference.bindings);
            reference
        }));
    }
}

/// What is added to the numbers of an example.
struct Base {
    scopes: u32,
    bindings: u32,
    imports: u32,
    references: u32,
    shift: i64,
}

impl Base {
    fn binding(&self, mut binding: Binding) -> Binding {
        self.span(&mut binding.span);
        binding.scope += self.scopes;
        match &mut binding.kind {
            BindingKind::Import(id) => *id += self.imports,
            BindingKind::Alias(id) => *id += self.references,
            BindingKind::Module(Some(scope)) => *scope += self.scopes,
            _ => {}
        }
        binding
    }

    fn import(&self, mut import: Import) -> Import {
        self.span(&mut import.statement);
        self.span(&mut import.span);
        import.block.0 = self.offset(import.block.0);
        let segments =
            Arc::make_mut(&mut import.path).iter_mut().chain(&mut import.member).chain(&mut import.alias);
        segments.for_each(|segment| self.segment(segment));
        self.ids(&mut import.roots);
        import.binding = import.binding.map(|id| id + self.bindings);
        import.scope += self.scopes;
        import
    }

    fn ids(&self, ids: &mut [BindingId]) {
        ids.iter_mut().for_each(|id| *id += self.bindings);
    }

    fn segment(&self, segment: &mut Segment) {
        self.span(&mut segment.span);
    }

    fn span(&self, span: &mut Span) {
        *span = Span::new(self.offset(span.start), self.offset(span.end));
    }

    /// An offset in what was put around the code, as that of a block may be, is taken for the start of the file.
    fn offset(&self, offset: u32) -> u32 {
        u32::try_from(i64::from(offset) + self.shift).unwrap_or_default()
    }
}
