//! How much stack a file takes: the parser, the walk and the drop of the tree all recurse.

use super::token_paths::is_keyword;
use super::tokens::{Token, tokens};
use crate::model::Span;
use ra_ap_rustc_lexer::TokenKind;

/// How much more stack the same code takes in a build without optimisation.
const BUILD: usize = if cfg!(debug_assertions) { 8 } else { 1 };
/// Stack for one level of brackets, in bytes: a block holds a statement, which holds an expression, and so on.
const LEVEL: usize = 16 * 1024 * BUILD;
/// Stack for one token that may nest what follows it, in bytes: `-x`, `&T`, `return x`.
const PREFIX: usize = 8 * 1024 * BUILD;
/// Stack for one token that may nest what is in front of it, in bytes: `x.a`, `x + a`, `x()`.
const LINK: usize = 512 * BUILD;
/// Stack that every file gets, in bytes.
const FLOOR: usize = 512 * 1024;
/// More than this is not asked for: the file counts as unreadable.
const LIMIT: usize = 1024 * 1024 * 1024;

/// The stack that reading `text` takes at most, in bytes; `None` when that is more than is sensible.
pub(super) fn stack_for(text: &str) -> Option<usize> {
    let mut gauge = Gauge { open: vec![Level::default()], sum: 0, most: 0 };
    let mut before = None;
    for token in tokens(text, Span::new(0, text.len() as u32)) {
        gauge.add(token, before, text);
        before = Some(token.kind);
    }
    let needed = FLOOR + gauge.most;
    (needed <= LIMIT).then_some(needed)
}

/// One open bracket.
#[derive(Default)]
struct Level {
    /// The bytes of the chain of tokens that has run since the last separator.
    chain: usize,
    /// True when a comma need not end the chain: it may stand between generic arguments or parameters of a closure.
    keeps_commas: bool,
}

struct Gauge {
    open: Vec<Level>,
    /// The bytes of all open levels and their chains.
    sum: usize,
    most: usize,
}

impl Gauge {
    fn add(&mut self, token: Token, before: Option<TokenKind>, text: &str) {
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBrace | TokenKind::OpenBracket => {
                self.sum += LEVEL;
                self.open.push(Level::default());
            }
            TokenKind::CloseParen | TokenKind::CloseBrace | TokenKind::CloseBracket => {
                if self.open.len() > 1 {
                    self.end_chain();
                    self.open.pop();
                    self.sum -= LEVEL;
                    self.link(LINK);
                }
            }
            TokenKind::Semi => self.end_chain(),
            TokenKind::Comma if !self.open.last().is_some_and(|level| level.keeps_commas) => self.end_chain(),
            kind => {
                if before == Some(TokenKind::CloseBrace) && starts_anew(token, text) {
                    self.end_chain();
                }
                self.link(cost(token, text));
                if let Some(level) = self.open.last_mut() {
                    level.keeps_commas |= matches!(kind, TokenKind::Lt | TokenKind::Or);
                }
            }
        }
        self.most = self.most.max(self.sum);
    }

    fn end_chain(&mut self) {
        if let Some(level) = self.open.last_mut() {
            self.sum -= level.chain;
            *level = Level::default();
        }
    }

    fn link(&mut self, bytes: usize) {
        if let Some(level) = self.open.last_mut() {
            level.chain += bytes;
            self.sum += bytes;
        }
    }
}

fn cost(token: Token, text: &str) -> usize {
    match token.kind {
        TokenKind::Lt => LEVEL,
        TokenKind::And | TokenKind::Or | TokenKind::Star | TokenKind::Minus | TokenKind::Bang => PREFIX,
        TokenKind::Eq | TokenKind::Gt | TokenKind::At | TokenKind::Colon => PREFIX,
        TokenKind::Ident if is_keyword(token.text(text)) => PREFIX,
        _ => LINK,
    }
}

/// True for a token that cannot continue an expression behind a `}`.
fn starts_anew(token: Token, text: &str) -> bool {
    match token.kind {
        TokenKind::Ident => !matches!(token.text(text), "else" | "as"),
        TokenKind::Pound | TokenKind::RawIdent | TokenKind::Literal { .. } | TokenKind::Lifetime { .. } => {
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::facts;

    fn nested(open: &str, core: &str, close: &str, levels: usize) -> String {
        format!("fn f() {{ {}{core}{} }}", open.repeat(levels), close.repeat(levels))
    }

    const NESTS: [(&str, &str, &str); 30] = [
        ("(", "x", ")"),
        ("[", "x", "]"),
        ("{", "x", "}"),
        ("-", "x", ""),
        ("&", "x", ""),
        ("*", "x", ""),
        ("a(", "x", ")"),
        ("", "x", ".a"),
        ("", "x", ".a()"),
        ("", "x", "()"),
        ("", "x", "?"),
        ("", "x", "[0]"),
        ("", "x", " + x"),
        ("", "x", " as T"),
        ("", "x", " = x"),
        ("|| ", "x", ""),
        ("|a, b| ", "x", ""),
        ("return ", "x", ""),
        ("if a {} else ", "{}", ""),
        ("if {a} {b} else ", "{}", ""),
        ("match x { _ => ", "x", "}"),
        ("if ", "x", " {} else {}"),
        ("let x: ", "x", ""),
        ("vec![", "x", "]"),
        ("m!(", "x", ")"),
        ("x as A<", "T", ">"),
        ("let ", "x", " = 1 else {}"),
        ("loop {", "x", "}"),
        ("unsafe {", "", "}"),
        ("mod a {", "", "}"),
    ];

    fn every_kind_of_nesting(levels: usize) {
        for (open, core, close) in NESTS {
            let text = nested(open, core, close, levels);

            assert!(!facts(&text).scopes.is_empty(), "{open}{close}");
        }
        for text in [
            format!("type A = {}T{};", "B<".repeat(levels), ">".repeat(levels)),
            format!("type A = {}T{};", "B<C, ".repeat(levels), ">".repeat(levels)),
            format!("type A = {}T;", "&".repeat(levels)),
            format!("type A = {}T;", "fn() -> ".repeat(levels)),
            format!("use {}b;", "a::".repeat(levels)),
            format!("use {}b{};", "a::{".repeat(levels), "}".repeat(levels)),
            format!("fn f({}x{}: T) {{}}", "(".repeat(levels), ",)".repeat(levels)),
            format!("fn f({}x: T) {{}}", "&".repeat(levels)),
            format!("fn f() {{ match x {{ {}x => 1 }} }}", "a @ ".repeat(levels)),
        ] {
            assert!(!facts(&text).scopes.is_empty());
        }
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let thread = std::thread::Builder::new().stack_size(512 * 1024);
        thread.spawn(|| every_kind_of_nesting(200)).unwrap().join().unwrap();
    }

    #[test]
    fn what_is_nested_too_deeply_is_an_error() {
        for (open, core, close) in NESTS {
            assert!(!facts(&nested(open, core, close, 20_000)).scopes.is_empty());
        }
        assert!(facts(&nested("(", "a::b", ")", 20_000)).errors[0].message.contains("too deeply"));
    }
}
