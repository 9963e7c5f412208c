//! Macro calls (Rust Reference, "Macros"): arguments are expressions where the macro is known.

use super::Lowering;
use super::resolution::Want;
use super::token_paths::Source;
use crate::model::{Place, Span};
use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Expr, Lit, LitStr, Macro, Pat, Token as Sign};

/// Calls inside of calls that are read as expressions: each takes time for all that lies inside.
pub(super) const DEEPEST: u32 = 32;

/// What a macro makes of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arguments {
    /// Expressions; from that index on, the first string is a format string, and `name = value` names a value.
    Format(usize),
    /// Expressions, or `value; count`.
    List,
    /// `matches!(value, pattern if guard)`.
    Matches,
    /// Text that is no code.
    Text,
    /// Anything.
    Unknown,
}

fn arguments(name: &str) -> Arguments {
    match name {
        "print" | "println" | "eprint" | "eprintln" | "format" | "format_args" | "panic" | "todo"
        | "unreachable" | "unimplemented" | "bail" | "anyhow" | "eyre" => Arguments::Format(0),
        "error" | "warn" | "info" | "debug" | "trace" | "log" | "event" => Arguments::Format(0),
        "write" | "writeln" | "assert" | "debug_assert" | "ensure" => Arguments::Format(1),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => Arguments::Format(2),
        "vec" | "dbg" | "addr_of" | "addr_of_mut" | "try" | "join" | "try_join" => Arguments::List,
        "matches" | "assert_matches" => Arguments::Matches,
        "stringify" | "cfg" | "env" | "option_env" | "line" | "column" | "file" | "module_path"
        | "include_str" | "include_bytes" | "compile_error" => Arguments::Text,
        _ => Arguments::Unknown,
    }
}

impl<'a> Lowering<'a> {
    /// `path!(…)`, as item, statement, expression, pattern or type.
    pub(super) fn macro_call(&mut self, called: &Macro) {
        self.path(&called.path, Want::MACRO);
        let name = called.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        self.macro_depth += 1;
        let known = if self.macro_depth > DEEPEST { Arguments::Unknown } else { arguments(&name) };
        let read = match known {
            Arguments::Format(from) => self.format_arguments(called, from),
            Arguments::List => self.list(called),
            Arguments::Matches => self.matches(called),
            Arguments::Text => true,
            Arguments::Unknown => false,
        };
        self.macro_depth -= 1;
        if !read {
            self.token_paths(self.inside(called), Source::Arguments);
        }
    }

    /// The text between a macro's brackets.
    pub(super) fn inside(&self, called: &Macro) -> Span {
        let brackets = called.delimiter.span();
        Span::new(self.places.end(brackets.open()), self.places.start(brackets.close()))
    }

    fn list(&mut self, called: &Macro) -> bool {
        let parser = |input: ParseStream<'_>| {
            let mut values = Vec::new();
            while !input.is_empty() {
                values.push(input.parse::<Expr>()?);
                if !input.is_empty() {
                    let _: Option<Sign![;]> = input.parse()?;
                    let _: Option<Sign![,]> = input.parse()?;
                }
            }
            Ok(values)
        };
        let parsed = parser.parse2(called.tokens.clone());
        parsed.map(|values| values.iter().for_each(|value| self.visit_expr(value))).is_ok()
    }

    fn matches(&mut self, called: &Macro) -> bool {
        let parser = |input: ParseStream<'_>| {
            let value: Expr = input.parse()?;
            let _: Sign![,] = input.parse()?;
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            let guard = if input.peek(Sign![if]) {
                let _: Sign![if] = input.parse()?;
                Some(input.parse::<Expr>()?)
            } else {
                None
            };
            let _: Option<Sign![,]> = input.parse()?;
            let rest = Punctuated::<Expr, Sign![,]>::parse_terminated(input)?;
            Ok((value, pattern, guard, rest))
        };
        let Ok((value, pattern, guard, rest)) = parser.parse2(called.tokens.clone()) else { return false };
        self.visit_expr(&value);
        let outer = self.scope;
        let mark = self.pattern(&pattern, true);
        self.bind_captures_inside(mark);
        guard.iter().chain(&rest).for_each(|value| self.visit_expr(value));
        self.scope = outer;
        true
    }

    fn format_arguments(&mut self, called: &Macro, from: usize) -> bool {
        let all = Punctuated::<Expr, Sign![,]>::parse_terminated.parse2(called.tokens.clone());
        match all {
            Ok(values) => self.format_values(&values.into_iter().collect::<Vec<_>>(), from),
            Err(_) => self.fields(called),
        }
        true
    }

    /// The values of a format macro in order, names in its format string included.
    fn format_values(&mut self, values: &[Expr], from: usize) {
        let is_named = |value: &&Expr| matches!(value, Expr::Assign(_));
        let named: Vec<&Expr> = values.iter().filter(is_named).collect();
        let mut template = None;
        for (index, value) in values.iter().enumerate() {
            match value {
                Expr::Assign(assign) if matches!(&*assign.left, Expr::Path(_) | Expr::Field(_)) => {
                    self.visit_expr(&assign.right);
                }
                Expr::Lit(literal) if index >= from && template.is_none() => {
                    if let Lit::Str(text) = &literal.lit {
                        template = Some(text);
                        self.captured_names(text, &named);
                    }
                }
                value => self.visit_expr(value),
            }
        }
    }

    /// Names in a format string: `"{name} {0:width$}"` (std::fmt).
    fn captured_names(&mut self, template: &LitStr, named: &[&Expr]) {
        let span = self.places.span(template.span());
        for name in super::captures::names(self.text, span) {
            let is_argument = named.iter().any(|value| match value {
                Expr::Assign(assign) => match &*assign.left {
                    Expr::Path(path) => path.path.is_ident(name.text),
                    _ => false,
                },
                _ => false,
            });
            if !is_argument {
                self.refer_to(None, &[name], Place::Opaque, Want::VALUE);
            }
        }
    }

    /// The arguments of a logging macro that are no expressions as they stand: `target: "x", ?value, key = %value`.
    fn fields(&mut self, called: &Macro) {
        let mut field = Vec::new();
        for tree in called.tokens.clone() {
            if matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ',') {
                self.field(std::mem::take(&mut field));
            } else {
                field.push(tree);
            }
        }
        self.field(field);
    }

    fn field(&mut self, field: Vec<TokenTree>) {
        let value = &field[field_value(&field)..];
        let (Some(first), Some(last)) = (value.first(), value.last()) else { return };
        match syn::parse2::<Expr>(value.iter().cloned().collect::<TokenStream>()) {
            Ok(value) => self.format_values(&[value], 0),
            Err(_) => {
                let span = Span::new(self.places.start(first.span()), self.places.end(last.span()));
                self.token_paths(span, Source::Arguments);
            }
        }
    }

    /// Code that the parser keeps as tokens, because it is not stable Rust.
    pub(super) fn unread_tokens(&mut self, tokens: &TokenStream) {
        self.token_paths(self.span_of(tokens), Source::Arguments);
    }

    /// From the first token to the last; empty for none.
    pub(super) fn span_of(&self, tokens: &TokenStream) -> Span {
        let mut trees = tokens.clone().into_iter();
        let Some(first) = trees.next() else { return Span::default() };
        let last = trees.last().unwrap_or_else(|| first.clone());
        Span::new(self.places.start(first.span()), self.places.end(last.span()))
    }

    /// A file that does not parse.
    pub(super) fn broken_file(&mut self, part: Span) {
        self.token_paths(part, Source::Broken);
    }
}

/// Where the value of a logging field starts, behind `key =`, `key:`, `?` and `%`.
fn field_value(field: &[TokenTree]) -> usize {
    let is = |at: usize, wanted: char| {
        matches!(field.get(at), Some(TokenTree::Punct(punct))
            if punct.as_char() == wanted && (wanted == '.' || punct.spacing() == Spacing::Alone))
    };
    let is_word = |at: usize| matches!(field.get(at), Some(TokenTree::Ident(_)));
    let mut at = 0;
    while is_word(at) && is(at + 1, '.') && is_word(at + 2) {
        at += 2;
    }
    let key = if is_word(at) && (is(at + 1, '=') || is(at + 1, ':')) { at + 2 } else { 0 };
    key + usize::from(
        matches!(field.get(key), Some(TokenTree::Punct(punct)) if "?%".contains(punct.as_char())),
    )
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::refers;

    #[test]
    fn calls_are_references() {
        refers("a!(); b::c! {} fn f() { std::println!(); }", "a; b::c; std::println");
    }

    #[test]
    fn arguments_of_known_macros_are_expressions() {
        refers(
            "fn f(x: u8) { vec![x, a::b(x)]; vec![x; N] }",
            "vec; x <value@f; a::b; x <value@f; vec; x <value@f; N",
        );
        refers("fn f() { assert_eq!(a, b::C { d: e }, \"{g}\"); }", "assert_eq; a; b::C; e; g Opaque");
        refers("fn f() { matches!(a, B::C(d) if d > E) }", "matches; a; B::C; d <value@f; E");
        refers("fn f() { dbg!(a.b); stringify!(c::d); }", "dbg; a; stringify");
    }

    #[test]
    fn names_in_format_strings_are_read() {
        refers(
            "fn f() { println!(\"{a} {b:w$} {c}\", c = d::e); }",
            "println; a Opaque; b Opaque; w Opaque; d::e",
        );
        refers("fn f(x: u8) { write!(x, r\"{x}\") }", "write; x <value@f; x Opaque <value@f");
    }

    #[test]
    fn logging_fields_are_no_names() {
        refers(
            "fn f() { info!(target: \"t\", a = b::C, ?d, e.f = %g, \"{h}\", i()); }",
            "info; b::C; d; g; h Opaque; i",
        );
    }

    #[test]
    fn chains_in_other_macros_are_code_and_lone_names_may_be_anything() {
        refers("m!(a::b, c, d.e, f: g, 'h, \"i\");", "m; a::b; c Opaque; d Opaque; g Opaque");
        refers("m!(fn a(b: C) -> ::d::e { Vec::<F>::new() });", "m; C Opaque; ::d::e; Vec Opaque; F Opaque");
        refers(
            "m!(<a::B as c::D>::e, 1..N, x! {}, Self::y, self.z, crate::w);",
            "m; a::B; c::D; N Opaque; x Opaque; crate::w",
        );
        refers(
            "m!(use a::b; use c::{d, e::{f as g, h}};);",
            "m; a::b; c::d Opaque; c::e::f Opaque; c::e::h Opaque",
        );
    }

    #[test]
    fn bodies_of_macros_are_templates() {
        refers(
            "macro_rules! m { ($x:expr, $($y:path),*) => { $crate::a::b($x); crate::c; d::e; $y::z; f } }",
            "$crate::a::b; crate::c; d::e Template; f Opaque",
        );
        refers(
            "#[macro_export] macro_rules! m { () => { $crate::a; crate::b; c::d } }",
            "$crate::a; crate::b Template; c::d Template",
        );
    }

    #[test]
    fn use_items_in_macros_are_read() {
        refers(
            "macro_rules! m { () => { use $crate::a; use $crate::b::{c, d::{self, e as f}}; use g::*; } }",
            "$crate::a; $crate::b::c Opaque; $crate::b::d Opaque; $crate::b::d::e Opaque; g Template",
        );
        refers("quote! { #x::y #(#z),* a::b }", "quote; a::b");
    }
}
