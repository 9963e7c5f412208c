//! Import statements (Python reference, section 7.11).

use super::{Lowering, span_of};
use crate::model::{
    BindingId, BindingKind, Bindings, Import, ImportForm, ImportId, Segment, Span, Start, Visibility,
};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Alias, Identifier, StmtImport, StmtImportFrom};
use ruff_text_size::Ranged;
use std::sync::Arc;

/// The modules whose members mark annotations; an import of one of them under another name is remembered.
pub(super) const TYPING_MODULES: [&str; 2] = ["typing", "typing_extensions"];

impl Lowering<'_> {
    /// `import a.b, c as d`.
    pub(super) fn import(&mut self, statement: &StmtImport) {
        for name in statement.names.iter().filter(|name| !name.name.id.is_empty()) {
            let path = self.path(&name.name);
            let Some(bound) =
                name.asname.as_ref().map(|alias| self.segment(alias)).or_else(|| path.first().cloned())
            else {
                continue;
            };
            let binding = self.bind_import(bound);
            self.add_import(Import {
                form: ImportForm::Module,
                span: self.span(name.name.range),
                alias: name.asname.as_ref().map(|alias| self.segment(alias)),
                path,
                binding: Some(binding),
                ..self.blank_import(span_of(statement.range()))
            });
        }
    }

    /// `from ..a import b as c, d` or `from a import *`.
    pub(super) fn import_from(&mut self, statement: &StmtImportFrom) {
        let path = statement.module.as_ref().map(|module| self.path(module)).unwrap_or_default();
        if path.is_empty() && statement.level == 0 {
            return;
        }
        for name in statement.names.iter().filter(|name| !name.name.id.is_empty()) {
            let import = Import {
                start: if statement.level == 0 { Start::Top } else { Start::Around(statement.level) },
                path: path.clone(),
                span: self.span(name.name.range),
                ..self.blank_import(span_of(statement.range()))
            };
            if &*name.name.id == "*" {
                self.add_import(Import { form: ImportForm::Star, ..import });
            } else {
                self.import_member(name, import);
            }
        }
    }

    fn import_member(&mut self, name: &Alias, import: Import) {
        let member = self.segment(&name.name);
        let alias = name.asname.as_ref().map(|alias| self.segment(alias));
        if let (Some(alias), [module]) = (&alias, &*import.path)
            && TYPING_MODULES.contains(&&*module.name)
        {
            self.renamed_typing.push((alias.name.clone(), member.name.clone()));
        }
        let binding = self.bind_import(alias.as_ref().unwrap_or(&member).clone());
        self.add_import(Import {
            form: ImportForm::Member,
            member: Some(member),
            alias,
            binding: Some(binding),
            ..import
        });
    }

    fn bind_import(&mut self, Segment { name, span }: Segment) -> BindingId {
        let next = self.facts.imports.len() as ImportId;
        self.bind(self.scope, name, span, BindingKind::Import(next))
    }

    fn add_import(&mut self, import: Import) {
        self.facts.imports.push(import);
    }

    /// What all names of a statement share.
    fn blank_import(&self, statement: Span) -> Import {
        Import {
            form: ImportForm::Member,
            statement,
            block: self.block,
            start: Start::Top,
            roots: Bindings::new(),
            path: Arc::default(),
            member: None,
            alias: None,
            span: statement,
            binding: None,
            visibility: Visibility::Public,
            scope: self.scope,
            runs: self.runs,
            in_try: self.in_try,
            is_used: false,
        }
    }

    /// The segments of a dotted name, which the parser keeps as one identifier without its blanks.
    fn path(&self, dotted: &Identifier) -> Arc<[Segment]> {
        let span = span_of(dotted.range);
        if !dotted.id.contains('.') {
            return Arc::new([self.segment(dotted)]);
        }
        let parts = dotted.id.split('.').filter(|part| !part.is_empty());
        if span.of(self.text) == &*dotted.id {
            let mut start = span.start;
            return parts
                .map(|part| {
                    let here = Span::new(start, start + part.len() as u32);
                    start = here.end + 1;
                    Segment { name: part.into(), span: here }
                })
                .collect();
        }
        let tokens = self.tokens.in_range(dotted.range).iter();
        let spans: Vec<Span> = tokens
            .filter(|token| token.kind() != TokenKind::Dot && !token.kind().is_trivia())
            .map(|token| span_of(token.range()))
            .collect();
        // After a syntax error the tokens may not match: then each segment gets the whole span.
        let known = spans.len() == parts.clone().count();
        let place = |index: usize| if known { spans[index] } else { span };
        parts.enumerate().map(|(index, part)| Segment { name: part.into(), span: place(index) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{bindings, facts, segments};

    fn imports(text: &str) -> String {
        let facts = facts(text);
        let lines = facts.imports.iter().map(|import| {
            let dots = ".".repeat(import.start.level() as usize);
            let member = import.member.as_slice();
            let alias = import.alias.as_slice();
            format!(
                "{:?} {dots}{} {} {} at {:?}",
                import.form,
                segments(&import.path, text),
                segments(member, text),
                segments(alias, text),
                import.span.of(text)
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_name_is_an_import() {
        let text = "import a.b, c as d\nfrom e.f import g as h, i\nfrom .. import j\nfrom .k import *\n";
        assert_eq!(
            imports(text),
            "Module a.b   at \"a.b\"\nModule c  d at \"c\"\nMember e.f g h at \"g\"\n\
             Member e.f i  at \"i\"\nMember .. j  at \"j\"\nStar .k   at \"*\""
        );
        assert_eq!(bindings(text), "a import; d import; h import; i import; j import");
    }

    #[test]
    fn segments_are_found_between_blanks_and_in_other_forms() {
        let text = "import a . \\\n b, ﬁ.type\nfrom ... a . b import (c, # d\n)\n";
        assert_eq!(
            imports(text),
            "Module a.b   at \"a . \\\\\\n b\"\nModule fi[ﬁ].type   at \"ﬁ.type\"\nMember ...a.b c  at \"c\""
        );
    }

    #[test]
    fn statements_end_before_the_semicolon_and_share_their_block() {
        let text = "if x:\n    import a; from b import c # d\n    import e\nimport f\n";
        let facts = facts(text);
        let statements: Vec<&str> = facts.imports.iter().map(|import| import.statement.of(text)).collect();
        assert_eq!(statements, ["import a", "from b import c", "import e", "import f"]);
        let blocks: Vec<u32> = facts.imports.iter().map(|import| import.block.0).collect();
        assert_eq!(blocks, [10, 10, 10, 0]);
    }

    #[test]
    fn lazy_imports_are_imports() {
        assert_eq!(imports("lazy import a.b\n"), "Module a.b   at \"a.b\"");
    }
}
