//! The syntax of Rust in neutral terms, for patterns. Arguments of macros are read where they are expressions or statements.

use super::places::Places;
use super::tokens::tokens;
use super::{code_start, depth, syntax_error};
use crate::language::pattern::{Fragment, Kind, Leaf, Outline, Role, SyntaxTree};
use crate::model::{Span, SyntaxError};
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, FieldValue, Local, Macro, Pat, Path, PathArguments, Stmt, Token, Type};
use unicode_normalization::UnicodeNormalization;

/// The syntax of a whole text.
pub(in crate::language::rust) fn syntax(text: &str) -> Result<SyntaxTree, SyntaxError> {
    let base = code_start(text);
    with_stack(text, base, || {
        let file = syn::parse_str::<syn::File>(&text[base..]);
        read(text, base, file, |outliner, file| outliner.visit_file(file))
    })
}

/// The syntax of one expression or of some statements.
pub(in crate::language::rust) fn fragment(text: &str) -> Result<Fragment, SyntaxError> {
    with_stack(text, 0, || {
        let statements = Block::parse_within.parse_str(text);
        let tree = read(text, 0, statements, |outliner, statements: &Vec<Stmt>| {
            statements.iter().for_each(|statement| outliner.visit_stmt(statement));
        })?;
        let roots = tree.pieces();
        Ok(Fragment { tree, roots })
    })
}

fn with_stack<T>(
    text: &str,
    base: usize,
    work: impl FnOnce() -> Result<T, SyntaxError>,
) -> Result<T, SyntaxError> {
    let Some(bytes) = depth::stack_for(&text[base..]) else {
        let message = "the code is nested too deeply to be read".into();
        return Err(SyntaxError { span: Span::default(), message });
    };
    let found = stacker::maybe_grow(bytes, bytes, work);
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn read<Parsed>(
    text: &str,
    base: usize,
    parsed: syn::Result<Parsed>,
    visit: impl FnOnce(&mut Outliner<'_>, &Parsed),
) -> Result<SyntaxTree, SyntaxError> {
    let parsed = parsed.map_err(|error| syntax_error(text, base, &error))?;
    let mut outliner = Outliner { places: Places::new(text, base), outlines: Vec::new(), raw: Vec::new() };
    visit(&mut outliner, &parsed);
    let code = Span::new(base as u32, text.len() as u32);
    let leaves = tokens(text, code).filter(|token| !outliner.is_layout(token.kind, token.span));
    let leaves = leaves.map(|token| {
        let word = token.span.of(text);
        let normal = (!word.is_ascii() && token.is_word()).then(|| word.nfc().collect::<String>().into());
        Leaf { span: token.span, normal }
    });
    let leaves = leaves.collect();
    Ok(SyntaxTree::new(text, outliner.outlines, leaves, comments(text, code)))
}

/// Comments, those of documentation included.
fn comments(text: &str, code: Span) -> Vec<Span> {
    let mut at = code.start;
    let all = tokenize(code.of(text), FrontmatterAllowed::No).map(move |token| {
        let start = at;
        at += token.len;
        (token.kind, Span::new(start, at))
    });
    let is_comment =
        |kind: &TokenKind| matches!(kind, TokenKind::LineComment { .. } | TokenKind::BlockComment { .. });
    all.filter(|(kind, _)| is_comment(kind)).map(|(_, span)| span).collect()
}

/// Collects the nodes of a tree.
struct Outliner<'text> {
    places: Places<'text>,
    outlines: Vec<Outline>,
    /// Arguments of macros that are no expressions and no statements: there every token counts.
    raw: Vec<Span>,
}

/// Numbers of nodes. What is not told apart by one is by its tokens.
mod code {
    pub const CALL: u16 = 1;
    pub const METHOD_CALL: u16 = 2;
    pub const TUPLE: u16 = 3;
    pub const NAME: u16 = 4;
    pub const FIELD: u16 = 5;
    pub const LITERAL: u16 = 6;
    pub const MACRO: u16 = 7;
    pub const ARRAY: u16 = 8;
    pub const INDEX: u16 = 9;
    pub const STRUCT: u16 = 10;
    pub const BINARY: u16 = 11;
    pub const UNARY: u16 = 12;
    pub const REFERENCE: u16 = 13;
    pub const AWAIT: u16 = 14;
    pub const TRY: u16 = 15;
    pub const BLOCK: u16 = 16;
    pub const CLOSURE: u16 = 17;
    pub const CAST: u16 = 18;
    pub const OTHER_EXPRESSION: u16 = 19;
    pub const ARGUMENTS: u16 = 30;
    pub const PATH: u16 = 31;
    pub const FIELD_VALUE: u16 = 32;
    pub const TYPE: u16 = 33;
    pub const PATTERN: u16 = 34;
    pub const LOCAL: u16 = 35;
    pub const ARM: u16 = 36;
    pub const EXPRESSION_STATEMENT: u16 = 40;
    pub const ENDED_STATEMENT: u16 = 41;
    pub const LOCAL_STATEMENT: u16 = 42;
    pub const ITEM_STATEMENT: u16 = 43;
    pub const MACRO_STATEMENT: u16 = 44;
}

impl Outliner<'_> {
    fn note(&mut self, span: proc_macro2::Span, code: u16, role: Role, traits: u16) {
        let span = self.places.span(span);
        self.outlines.push(Outline { kind: Kind { code, role, traits }, span });
    }

    /// Round brackets and commas only hold together what the tree shows already.
    fn is_layout(&self, kind: TokenKind, span: Span) -> bool {
        let is_one = matches!(kind, TokenKind::OpenParen | TokenKind::CloseParen | TokenKind::Comma);
        is_one && !self.raw.iter().any(|raw| raw.start <= span.start && span.end <= raw.end)
    }
}

impl<'ast> Visit<'ast> for Outliner<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        if let Expr::Paren(inside) = expression {
            return self.visit_expr(&inside.expr);
        }
        let (code, traits) = match expression {
            Expr::Call(call) => {
                self.note(expression.span(), code::CALL, Role::Expression, Kind::ATOM);
                self.visit_expr(&call.func);
                let arguments = call.paren_token.span.join();
                self.note(arguments, code::ARGUMENTS, Role::Other, Kind::LIST | Kind::OPEN);
                return call.args.iter().for_each(|argument| self.visit_expr(argument));
            }
            Expr::MethodCall(call) => {
                self.note(expression.span(), code::METHOD_CALL, Role::Expression, Kind::ATOM);
                self.visit_expr(&call.receiver);
                if let Some(turbofish) = &call.turbofish {
                    self.visit_angle_bracketed_generic_arguments(turbofish);
                }
                let arguments = call.paren_token.span.join();
                self.note(arguments, code::ARGUMENTS, Role::Other, Kind::LIST | Kind::OPEN);
                return call.args.iter().for_each(|argument| self.visit_expr(argument));
            }
            Expr::Tuple(_) => (code::TUPLE, Kind::ATOM | Kind::OPEN),
            Expr::Path(path) if path.qself.is_none() && is_plain(&path.path) => {
                (code::NAME, Kind::ATOM | Kind::LINK)
            }
            Expr::Path(_) => (code::NAME, Kind::ATOM),
            Expr::Field(_) => (code::FIELD, Kind::ATOM),
            Expr::Lit(_) => (code::LITERAL, Kind::ATOM),
            Expr::Macro(_) => (code::MACRO, Kind::ATOM),
            Expr::Array(_) => (code::ARRAY, Kind::ATOM | Kind::LIST | Kind::OPEN),
            Expr::Index(_) => (code::INDEX, Kind::ATOM),
            Expr::Struct(_) => (code::STRUCT, 0),
            Expr::Binary(_) => (code::BINARY, 0),
            Expr::Unary(_) => (code::UNARY, 0),
            Expr::Reference(_) => (code::REFERENCE, 0),
            Expr::Await(_) => (code::AWAIT, Kind::ATOM),
            Expr::Try(_) => (code::TRY, Kind::ATOM),
            Expr::Block(_) | Expr::If(_) | Expr::Match(_) | Expr::Loop(_) | Expr::While(_) => {
                (code::BLOCK, 0)
            }
            Expr::Closure(_) => (code::CLOSURE, Kind::SCOPE),
            Expr::Cast(_) => (code::CAST, 0),
            Expr::Async(_) => (code::OTHER_EXPRESSION, Kind::SCOPE),
            _ => (code::OTHER_EXPRESSION, 0),
        };
        self.note(expression.span(), code, Role::Expression, traits);
        visit::visit_expr(self, expression);
    }

    fn visit_field_value(&mut self, field: &'ast FieldValue) {
        self.note(field.span(), code::FIELD_VALUE, Role::Other, Kind::KEYED | Kind::OPEN);
        visit::visit_field_value(self, field);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let traits = if is_plain(path) { Kind::LINK } else { 0 };
        self.note(path.span(), code::PATH, Role::Other, traits);
        visit::visit_path(self, path);
    }

    fn visit_type(&mut self, kind: &'ast Type) {
        match kind {
            Type::Paren(inside) => self.visit_type(&inside.elem),
            Type::Path(path) if path.qself.is_none() && is_plain(&path.path) => {
                self.note(kind.span(), code::TYPE, Role::Other, Kind::LINK);
                visit::visit_type(self, kind);
            }
            _ => {
                self.note(kind.span(), code::TYPE, Role::Other, 0);
                visit::visit_type(self, kind);
            }
        }
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        if let Pat::Paren(inside) = pattern {
            return self.visit_pat(&inside.pat);
        }
        self.note(pattern.span(), code::PATTERN, Role::Other, 0);
        visit::visit_pat(self, pattern);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        self.note(local.span(), code::LOCAL, Role::Other, Kind::OPEN);
        visit::visit_local(self, local);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.note(arm.span(), code::ARM, Role::Other, 0);
        visit::visit_arm(self, arm);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let (code, traits) = match statement {
            Stmt::Expr(_, None) => (code::EXPRESSION_STATEMENT, Kind::BARE),
            Stmt::Expr(_, Some(_)) => (code::ENDED_STATEMENT, 0),
            Stmt::Local(_) => (code::LOCAL_STATEMENT, 0),
            Stmt::Item(_) => (code::ITEM_STATEMENT, 0),
            // Like a call in its place.
            Stmt::Macro(called) if called.semi_token.is_some() => (code::ENDED_STATEMENT, 0),
            Stmt::Macro(_) => (code::MACRO_STATEMENT, 0),
        };
        self.note(statement.span(), code, Role::Statement, traits | Kind::OPEN);
        match statement {
            // A macro that ends a statement is an expression all the same.
            Stmt::Macro(called) => {
                self.note(called.mac.span(), code::MACRO, Role::Expression, Kind::ATOM);
                visit::visit_stmt(self, statement);
            }
            _ => visit::visit_stmt(self, statement),
        }
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        let brackets = called.delimiter.span().join();
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(called.tokens.clone());
        if let Ok(arguments) = arguments {
            self.note(brackets, code::ARGUMENTS, Role::Other, Kind::LIST | Kind::OPEN);
            // What follows the value is a pattern, though it may read like an expression.
            let name = called.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            let count = if name.ends_with("matches") { 1 } else { usize::MAX };
            arguments.iter().take(count).for_each(|argument| self.visit_expr(argument));
        } else if let Ok(statements) = Block::parse_within.parse2(called.tokens.clone()) {
            statements.iter().for_each(|statement| self.visit_stmt(statement));
        } else {
            self.raw.push(self.places.span(brackets));
        }
    }
}

/// True for a path that is nothing but names.
fn is_plain(path: &Path) -> bool {
    path.segments.iter().all(|segment| matches!(segment.arguments, PathArguments::None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_says_nothing() {
        let shown = |text: &str| {
            let tree = syntax(&format!("fn f() {{ {text} }}")).unwrap();
            format!("{:?}", crate::language::pattern::told(&tree))
        };
        for (left, right) in [
            ("g(a, b)", "g(\n  a, // why\n  b,\n)"),
            ("(a + b)", "a + b"),
            ("A { b: c, d: e }", "A { d: e, b: c }"),
            ("vec![a, b]", "vec![a, b,]"),
        ] {
            assert_eq!(shown(left), shown(right));
        }
        for (left, right) in [
            ("(a + b) * c", "a + b * c"),
            ("g((a, b))", "g(a, b)"),
            ("g()", "g"),
            ("m!(a (b))", "m!(a b)"),
            ("a::b", "a.b"),
            ("g();", "g()"),
        ] {
            assert_ne!(shown(left), shown(right));
        }
    }
}
