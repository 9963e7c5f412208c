//! The tokens of a file with their places, and the lines that they stand on.

use crate::model::Span;
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, strip_shebang, tokenize};

/// A token and its place. White space is no token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

impl Token {
    /// A comment that is no documentation.
    pub const fn is_comment(self) -> bool {
        matches!(
            self.kind,
            TokenKind::LineComment { doc_style: None } | TokenKind::BlockComment { doc_style: None, .. }
        )
    }

    pub fn is(self, text: &str, word: &str) -> bool {
        self.span.of(text) == word
    }
}

/// The tokens of a file, in order.
pub(super) fn read(text: &str) -> Vec<Token> {
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    at += strip_shebang(&text[at..]).unwrap_or(0);
    let mut tokens = Vec::new();
    for token in tokenize(&text[at..], FrontmatterAllowed::Yes) {
        let span = Span::new(at as u32, at as u32 + token.len);
        at += token.len as usize;
        if token.kind != TokenKind::Whitespace {
            tokens.push(Token { kind: token.kind, span });
        }
    }
    tokens
}

/// The index of the first token at or behind `offset`.
pub(super) fn index_at(tokens: &[Token], offset: u32) -> usize {
    tokens.partition_point(|token| token.span.start < offset)
}

/// Offset of the first byte of the line that holds `offset`.
pub(super) fn line_start(offset: u32, text: &str) -> u32 {
    let start = text[..offset as usize].rfind('\n').map_or(0, |at| at as u32 + 1);
    if start == 0 && text.starts_with('\u{feff}') {
        ('\u{feff}'.len_utf8() as u32).min(offset)
    } else {
        start
    }
}

/// Just behind the line break of the line that holds `offset`, or the end of the text.
pub(super) fn next_line(offset: u32, text: &str) -> u32 {
    text[offset as usize..].find('\n').map_or(text.len() as u32, |at| offset + at as u32 + 1)
}

/// True for a text that begins with a line comment which documents nothing.
pub(super) fn begins_line_comment(text: &str) -> bool {
    let documents =
        |text: &str| text.starts_with("//!") || text.starts_with("///") && !text.starts_with("////");
    text.starts_with("//") && !documents(text)
}

/// The line break that the file uses: that of its first line.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
