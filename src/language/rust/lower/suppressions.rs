//! Where comments stand in a file, and what those that hide findings cover.

use super::code_start;
use super::places::Places;
use crate::language::suppression::{LineStructure, Unit, may_be_suppressed, suppressions};
use crate::model::{Span, Suppression};
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Arm, Field, File, ForeignItem, ImplItem, Item, Stmt, TraitItem, Variant};

/// The suppressions of a file; without a syntax tree they cover lines.
pub(super) fn read(text: &str, file: Option<&File>) -> Vec<Suppression> {
    if may_be_suppressed(text) { suppressions(text, &structure(text, file)) } else { Vec::new() }
}

/// Where comments can stand in a file.
pub(in super::super) fn line_structure(text: &str) -> LineStructure {
    let code = &text[code_start(text)..];
    let Some(bytes) = super::depth::stack_for(code) else { return structure(text, None) };
    stacker::maybe_grow(bytes, bytes, || {
        let file = syn::parse_str::<File>(code);
        let structure = structure(text, file.as_ref().ok());
        proc_macro2::extra::invalidate_current_thread_spans();
        structure
    })
}

fn structure(text: &str, file: Option<&File>) -> LineStructure {
    let base = code_start(text);
    let tokens = tokens(text, base);
    let mut structure = LineStructure::default();
    for &(kind, span) in &tokens {
        match kind {
            TokenKind::LineComment { doc_style: None } => structure.comments.push(span),
            TokenKind::BlockComment { doc_style: None, .. } => {
                structure.comments.push(span);
                structure.joined.push(span);
            }
            TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => {
                structure.documentation.push(span);
                structure.joined.push(span);
            }
            TokenKind::Literal { .. } => structure.joined.push(span),
            _ => {}
        }
    }
    structure.joined.retain(|span| span.of(text).contains('\n'));
    let mut units = Units { places: Places::new(text, base), tokens: &tokens, found: Vec::new() };
    file.into_iter().for_each(|file| units.visit_file(file));
    structure.units = units.found;
    structure
}

fn tokens(text: &str, base: usize) -> Vec<(TokenKind, Span)> {
    let mut at = base as u32;
    let placed = tokenize(&text[base..], FrontmatterAllowed::Yes).map(|token| {
        let start = at;
        at += token.len;
        (token.kind, Span::new(start, at))
    });
    placed.collect()
}

/// Collects what a suppression can be put on.
struct Units<'a> {
    places: Places<'a>,
    tokens: &'a [(TokenKind, Span)],
    found: Vec<Unit>,
}

impl Units<'_> {
    fn note(&mut self, node: &impl Spanned) {
        let span = self.places.span(node.span());
        self.found.push(Unit { span, is_part: false });
        let start = self.behind_attributes(span);
        if start > span.start {
            self.found.push(Unit { span: Span::new(start, span.end), is_part: true });
        }
    }

    /// Where the code begins behind documentation and attributes.
    fn behind_attributes(&self, node: Span) -> u32 {
        let first = self.tokens.partition_point(|(_, span)| span.start < node.start);
        let (mut depth, mut is_attribute) = (0, false);
        for (kind, span) in &self.tokens[first..] {
            match kind {
                TokenKind::Pound if depth == 0 => is_attribute = true,
                TokenKind::OpenBracket if is_attribute => depth += 1,
                TokenKind::CloseBracket if depth > 0 => {
                    depth -= 1;
                    is_attribute = depth > 0;
                }
                _ if depth > 0 => {}
                TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => {}
                _ => return span.start.min(node.end),
            }
        }
        node.end
    }
}

impl<'ast> Visit<'ast> for Units<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        self.note(item);
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        self.note(item);
        visit::visit_impl_item(self, item);
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        self.note(item);
        visit::visit_trait_item(self, item);
    }

    fn visit_foreign_item(&mut self, item: &'ast ForeignItem) {
        self.note(item);
        visit::visit_foreign_item(self, item);
    }

    fn visit_field(&mut self, field: &'ast Field) {
        self.note(field);
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast Variant) {
        self.note(variant);
        visit::visit_variant(self, variant);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        self.note(statement);
        visit::visit_stmt(self, statement);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        self.note(arm);
        visit::visit_arm(self, arm);
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::facts;

    fn covered(text: &str) -> Vec<String> {
        facts(text).suppressions.iter().map(|one| one.covers.of(text).trim().to_owned()).collect()
    }

    #[test]
    fn a_comment_covers_the_item_or_statement_that_begins_there() {
        let whole = "use a::{ // ssot: ignore[SSOT001]\n    b,\n};";
        assert_eq!(covered(&format!("{whole}\nuse c::d;\n")), [whole]);
        let text = "fn f() {\n    // ssot: ignore[SSOT001] why\n    g(\n        a::b,\n    );\n    h();\n}\n";
        assert_eq!(covered(text), ["g(\n        a::b,\n    );"]);
        assert_eq!(covered("/* ssot: ignore */ use a::b;\nuse c::d;\n"), ["/* ssot: ignore */ use a::b;"]);
        assert_eq!(covered("/* é\n * ssot: ignore */\nuse a::{\nb};\nuse c::d;\n"), ["use a::{\nb};"]);
    }

    #[test]
    fn of_what_has_a_body_it_covers_the_header() {
        let header = "fn f( // ssot: ignore\n    x: a::B,\n) {";
        assert_eq!(covered(&format!("{header}\n    c::d();\n}}\n")), [header]);
        assert_eq!(covered("impl a::B // ssot: ignore\nfor C {\n    fn f() {}\n}\n").len(), 1);
        let text = "fn f() {\n    match x { // ssot: ignore\n        a::B => c,\n    }\n}\n";
        assert_eq!(covered(text), ["match x { // ssot: ignore"]);
        assert_eq!(covered("// ssot: ignore\nstruct S {\n    a: b::C,\n}\n"), ["struct S {"]);
    }

    #[test]
    fn above_attributes_it_covers_them_and_the_header() {
        let header = "/// Doc.\n#[a(b = \"c\")]\nfn f(\n    x: a::B,\n) {";
        assert_eq!(covered(&format!("// ssot: ignore\n{header}\n    c::d();\n}}\n")), [header]);
        let text = "#[a([b])]\n// ssot: ignore\npub fn f(\n    x: a::B,\n) {\n    c();\n}\n";
        assert_eq!(covered(text), ["pub fn f(\n    x: a::B,\n) {"]);
    }

    #[test]
    fn documentation_of_several_lines_is_covered_line_by_line_and_a_block_whole() {
        assert_eq!(covered("/// a\n// ssot: ignore\n/// [b::c]\n/// d\nfn f() {}\n"), ["/// [b::c]"]);
        let text = "struct S;\n// ssot: ignore\n/** a\n[b::c] */\nfn f() { g(); }\n";
        assert_eq!(covered(text), ["/** a\n[b::c] */\nfn f() {"]);
    }

    #[test]
    fn strings_and_documentation_are_no_suppressions() {
        assert_eq!(covered("const A: &str = \"// ssot: ignore\";\n/// ssot: ignore\nuse a::b;\n"), [""; 0]);
    }

    #[test]
    fn a_file_that_does_not_parse_has_them_by_lines() {
        assert_eq!(covered("use a::b; // ssot: ignore\nfn (\n"), ["use a::b; // ssot: ignore"]);
        assert_eq!(covered("/* ssot: ignore\né").len(), 1);
    }
}
