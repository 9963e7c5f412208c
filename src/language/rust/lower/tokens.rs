//! Flat tokens, for text that has no syntax tree: macro bodies, attribute arguments, broken files.

use crate::model::Span;
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// One token with its place in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub span: Span,
}

impl Token {
    /// Its source text.
    pub fn text(self, text: &str) -> &str {
        self.span.of(text)
    }

    /// True for an identifier or keyword, raw ones included.
    pub fn is_word(self) -> bool {
        matches!(self.kind, TokenKind::Ident | TokenKind::RawIdent | TokenKind::UnknownPrefix)
    }
}

/// The tokens of a part of `text`, without blanks and comments. Any text has tokens.
pub(super) fn tokens(text: &str, part: Span) -> impl Iterator<Item = Token> {
    let mut at = part.start;
    let all = tokenize(part.of(text), FrontmatterAllowed::No).map(move |token| {
        let start = at;
        at += token.len;
        Token { kind: token.kind, span: Span::new(start, at) }
    });
    all.filter(|token| !is_trivia(token.kind))
}

fn is_trivia(kind: TokenKind) -> bool {
    use TokenKind::{BlockComment, Frontmatter, LineComment, Whitespace};
    matches!(kind, Whitespace | LineComment { .. } | BlockComment { .. } | Frontmatter { .. })
}
