//! Attributes: the paths in them, in strings too (Rust Reference, "Attributes").

use super::Lowering;
use super::resolution::Want;
use super::token_paths::Source;
use super::tokens::tokens;
use crate::model::{Place, Segment, Span, Start};
use ra_ap_rustc_lexer::TokenKind;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Lit, LitStr, Meta, MetaList, Token};

/// Attributes of the language (Rust Reference, "Built-in attributes index"); nothing in them is a path.
const BUILT_IN: [&str; 72] = [
    "allow",
    "allow_internal_unsafe",
    "allow_internal_unstable",
    "automatically_derived",
    "bench",
    "cfg",
    "cold",
    "collapse_debuginfo",
    "coverage",
    "crate_name",
    "crate_type",
    "debugger_visualizer",
    "default",
    "deny",
    "deprecated",
    "expect",
    "export_name",
    "feature",
    "forbid",
    "fundamental",
    "global_allocator",
    "ignore",
    "inline",
    "instruction_set",
    "lang",
    "link",
    "link_name",
    "link_ordinal",
    "link_section",
    "macro_export",
    "macro_use",
    "may_dangle",
    "must_use",
    "naked",
    "no_builtins",
    "no_implicit_prelude",
    "no_link",
    "no_main",
    "no_mangle",
    "no_std",
    "non_exhaustive",
    "optimize",
    "panic_handler",
    "path",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "recursion_limit",
    "repr",
    "rustc_const_stable",
    "rustc_const_unstable",
    "rustc_deprecated",
    "rustc_diagnostic_item",
    "rustc_doc_primitive",
    "should_panic",
    "stable",
    "target_feature",
    "test",
    "test_runner",
    "thread_local",
    "track_caller",
    "type_length_limit",
    "unsafe",
    "unstable",
    "used",
    "warn",
    "windows_subsystem",
    "const_trait",
    "marker",
    "pointee",
    "doc",
    "rustc_on_unimplemented",
];
/// Tools whose attributes need no name in scope (Rust Reference, "Tool attributes").
const TOOLS: [&str; 6] = ["clippy", "diagnostic", "miri", "rust_analyzer", "rustdoc", "rustfmt"];
/// Keys whose string is a path though it may be a single name.
const PATH_KEYS: [&str; 14] = [
    "crate",
    "default",
    "default_with",
    "deserialize_with",
    "from",
    "getter",
    "into",
    "remote",
    "serialize_with",
    "skip_serializing_if",
    "try_from",
    "validate_with",
    "with",
    "parse_with",
];
/// Keys whose string is text for people or a name of another language.
const TEXT_KEYS: [&str; 14] = [
    "about",
    "alias",
    "content",
    "expecting",
    "help",
    "message",
    "name",
    "note",
    "reason",
    "rename",
    "rename_all",
    "since",
    "tag",
    "version",
];

/// True for an attribute of the language or of one of its tools.
pub(super) fn is_built_in(path: &syn::Path) -> bool {
    let Some(first) = path.segments.first() else { return true };
    let names = if path.segments.len() == 1 { &BUILT_IN[..] } else { &TOOLS[..] };
    names.iter().any(|name| first.ident == name)
}

/// What an attribute says: `cfg_attr` says what stands behind its condition.
pub(super) fn metas(attribute: &Attribute) -> Vec<Meta> {
    let list = match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => list,
        meta => return vec![meta.clone()],
    };
    let parser = |input: ParseStream<'_>| {
        let _: Meta = input.parse()?;
        let _: Option<Token![,]> = input.parse()?;
        Punctuated::<Meta, Token![,]>::parse_terminated(input)
    };
    parser.parse2(list.tokens.clone()).map(|metas| metas.into_iter().collect()).unwrap_or_default()
}

impl<'a> Lowering<'a> {
    /// One attribute.
    pub(super) fn attribute(&mut self, attribute: &Attribute) {
        match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => {
                if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value {
                    let is_inner = matches!(attribute.style, AttrStyle::Inner(_));
                    self.documentation(text, is_inner);
                }
            }
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                metas(attribute).iter().for_each(|meta| self.meta(meta));
            }
            meta => self.meta(meta),
        }
    }

    fn meta(&mut self, meta: &Meta) {
        let path = meta.path();
        if path.is_ident("derive") {
            return if let Meta::List(list) = meta {
                self.derives(list)
            };
        }
        if is_built_in(path) {
            return;
        }
        self.path(path, Want::MACRO);
        match meta {
            Meta::Path(_) => {}
            Meta::List(list) => {
                let brackets = list.delimiter.span();
                let inside = Span::new(self.places.end(brackets.open()), self.places.start(brackets.close()));
                self.token_paths(inside, Source::Attribute);
            }
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                    self.path_in_string(self.places.span(text.span()), "");
                }
                value => self.visit_expr(value),
            },
        }
    }

    /// `derive(Clone, a::B)`.
    fn derives(&mut self, list: &MetaList) {
        let paths = list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        for path in paths.iter().flatten() {
            self.path(path, Want::MACRO);
        }
    }

    /// A string behind `key =` in an attribute, when all of it is a path or a type.
    pub(super) fn path_in_string(&mut self, literal: Span, key: &str) {
        let lone = PATH_KEYS.contains(&key);
        if TEXT_KEYS.contains(&key) {
            return;
        }
        match contents(self.text, literal) {
            Some(inside) if is_path(self.text, inside, lone) => {
                self.token_paths(inside, Source::Text { lone });
            }
            Some(_) => {}
            None => self.path_in_escaped_string(literal),
        }
    }

    /// The value is a path, but its text is not: the path is seen and never edited.
    fn path_in_escaped_string(&mut self, literal: Span) {
        let Ok(value) = syn::parse_str::<LitStr>(literal.of(self.text)) else { return };
        let value = value.value();
        let names: Vec<&str> = value.split("::").collect();
        if names.len() > 1 && names.iter().all(|name| ra_ap_rustc_lexer::is_ident(name)) {
            let segments = names.iter().map(|name| Segment { name: (*name).into(), span: literal });
            self.refer(Start::ScopeOrTop, segments.collect(), Place::Opaque, Want::TYPE);
        }
    }
}

/// What lies between the quotes of a string whose text is its value; `None` for one with escapes.
pub(super) fn contents(text: &str, literal: Span) -> Option<Span> {
    let source = literal.of(text);
    let bare = source.strip_prefix('r').map(|raw| raw.trim_start_matches('#'));
    let (quoted, is_raw) = bare.map_or((source, false), |raw| (raw, true));
    let inside = quoted.strip_prefix('"')?;
    let length = inside.rfind('"')?;
    let is_plain = is_raw || !inside[..length].contains('\\');
    let start = literal.end - inside.len() as u32;
    is_plain.then_some(Span::new(start, start + length as u32))
}

/// True for text like `a::b`, `Vec<a::B>` or, when `lone`, `b`.
fn is_path(text: &str, part: Span, lone: bool) -> bool {
    let mut joins = 0;
    let mut after_word = false;
    for token in tokens(text, part) {
        match token.kind {
            TokenKind::Ident | TokenKind::RawIdent if after_word => return false,
            TokenKind::Colon => joins += 1,
            TokenKind::Ident | TokenKind::RawIdent | TokenKind::Lt | TokenKind::Gt | TokenKind::Comma => {}
            TokenKind::And | TokenKind::Lifetime { .. } => {}
            _ => return false,
        }
        after_word = token.is_word();
    }
    joins % 2 == 0 && (lone || joins > 0)
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{facts, refers};

    #[test]
    fn paths_in_attributes_are_references() {
        refers(
            "use a::B; #[derive(B, c::D)] #[e::f(g::h, i = j)] struct S;",
            "B <import; c::D; e::f; g::h; j Opaque",
        );
        refers("#[cfg_attr(feature = \"x\", derive(a::B), c::d(e::f))] struct S;", "a::B; c::d; e::f");
        refers("#![a::b] mod m { #![c::d] } fn f() { #[e::f] let x = 1; }", "a::b; c::d; e::f");
    }

    #[test]
    fn attributes_of_the_language_are_none() {
        refers(
            "#[inline] #[allow(clippy::all)] #[rustfmt::skip] #[cfg(a)] #[doc(hidden)] #[path = \"a::b\"] mod m {}",
            "",
        );
    }

    #[test]
    fn a_string_that_is_a_path_is_a_reference() {
        refers(
            "struct S { #[serde(with = \"a::b\", default = \"c\", rename = \"d::e\", x = \"f\")] x: u8 }",
            "serde; a::b Text; c Text",
        );
        refers(
            "#[x(y = \"Vec<a::B>\", z = r#\"c::d\"#, w = \"see e::f\")] struct S;",
            "x; a::B Text; c::d Text",
        );
        let text = "#[x(y = \"a::\\x62\")] struct S;";
        let facts = facts(text);
        assert_eq!(&*facts.references[1].segments[1].name, "b");
        assert_eq!(facts.references[1].place, crate::model::Place::Opaque);
    }
}
