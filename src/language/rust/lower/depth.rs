//! How much stack a file takes: the parser, the walk and the drop of the tree all recurse.

use super::tokens::{Token, tokens};
use crate::model::Span;
use ra_ap_rustc_lexer::TokenKind;

/// Stack for one level of brackets, in bytes: a block holds a statement, which holds an expression, and so on.
const LEVEL: usize = if cfg!(debug_assertions) { 96 * 1024 } else { 16 * 1024 };
/// Stack for one token that may nest what follows it, in bytes: `-x`, `A<B>`, `a + b`, `else if`.
const LINK: usize = if cfg!(debug_assertions) { 12 * 1024 } else { 2 * 1024 };
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
                }
            }
            TokenKind::Semi => self.end_chain(),
            TokenKind::Comma if !self.open.last().is_some_and(|level| level.keeps_commas) => self.end_chain(),
            _ => {
                if before == Some(TokenKind::CloseBrace) && starts_anew(token, text) {
                    self.end_chain();
                }
                self.link(matches!(token.kind, TokenKind::Lt | TokenKind::Or));
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

    fn link(&mut self, keeps_commas: bool) {
        if let Some(level) = self.open.last_mut() {
            level.chain += LINK;
            level.keeps_commas |= keeps_commas;
            self.sum += LINK;
        }
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
