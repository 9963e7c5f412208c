//! From the parser's spans to byte offsets in the file, and to the source text there.

use crate::model::{Name, Segment, Span};
use proc_macro2::Ident;
use ra_ap_rustc_lexer::is_id_continue;
use unicode_normalization::UnicodeNormalization;

/// What is needed to place a span.
pub(in crate::language::rust) struct Places<'a> {
    text: &'a str,
    /// Bytes in front of the text that the parser saw.
    base: usize,
    /// Where the lines of an ASCII text start. The parser counts characters, so only there an offset follows from
    /// line and column alone, which is much faster than asking for it.
    lines: Option<Vec<u32>>,
}

/// An identifier as written.
#[derive(Debug, Clone, Copy)]
pub(in crate::language::rust) struct Word<'a> {
    /// The name, without `r#`.
    pub text: &'a str,
    /// The bytes, `r#` included.
    pub span: Span,
}

impl<'a> Word<'a> {
    /// An identifier that starts at `start`.
    pub fn at(text: &'a str, start: u32) -> Self {
        let rest = &text[start as usize..];
        let bare = rest.strip_prefix("r#").unwrap_or(rest);
        let ascii = bare.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let length = match bare.as_bytes().get(ascii) {
            Some(byte) if !byte.is_ascii() => {
                bare.find(|character| !is_id_continue(character)).unwrap_or(bare.len())
            }
            _ => ascii,
        };
        let end = start + (rest.len() - bare.len() + length) as u32;
        Self { text: &bare[..length], span: Span::new(start, end) }
    }

    /// True for `r#name`.
    pub fn is_raw(self) -> bool {
        self.span.len() as usize != self.text.len()
    }

    /// True when the word is this keyword.
    pub fn is(self, keyword: &str) -> bool {
        self.text == keyword && !self.is_raw()
    }

    /// True when it starts with an uppercase letter.
    pub fn is_capitalised(self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// The name in its normal form, NFC (Rust Reference, "Identifiers").
    pub fn name(self) -> Name {
        if self.text.is_ascii() { self.text.into() } else { self.text.nfc().collect::<String>().into() }
    }

    /// The word as a segment.
    pub fn segment(self) -> Segment {
        Segment { name: self.name(), span: self.span }
    }
}

impl<'a> Places<'a> {
    /// For a text of which the parser sees what lies behind `base` bytes.
    pub fn new(text: &'a str, base: usize) -> Self {
        let seen = &text[base..];
        let lines = seen.is_ascii().then(|| {
            let breaks = memchr::memchr_iter(b'\n', seen.as_bytes());
            std::iter::once(base as u32).chain(breaks.map(|at| (base + at + 1) as u32)).collect()
        });
        Self { text, base, lines }
    }

    /// The offset at which a span starts.
    pub fn start(&self, span: proc_macro2::Span) -> u32 {
        match &self.lines {
            Some(lines) => {
                let place = span.start();
                lines.get(place.line - 1).map_or(0, |line| line + place.column as u32)
            }
            None => (self.base + span.byte_range().start) as u32,
        }
    }

    /// The offset at which a span ends.
    pub fn end(&self, span: proc_macro2::Span) -> u32 {
        match &self.lines {
            Some(lines) => {
                let place = span.end();
                lines.get(place.line - 1).map_or(0, |line| line + place.column as u32)
            }
            None => (self.base + span.byte_range().end) as u32,
        }
    }

    /// Where a span lies.
    pub fn span(&self, span: proc_macro2::Span) -> Span {
        Span::new(self.start(span), self.end(span))
    }

    /// An identifier of the tree as it is written.
    pub fn word(&self, ident: &Ident) -> Word<'a> {
        let word = Word::at(self.text, self.start(ident.span()));
        debug_assert_eq!(word.text, ident.to_string().trim_start_matches("r#"));
        word
    }
}
