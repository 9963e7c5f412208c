//! The lines around a statement: what else stands on them, and how they end.

use crate::model::Span;

/// Comments that speak to other tools about their line; a new line split off needs them too.
const PRAGMAS: [&str; 8] = ["noqa", "type:", "pylint:", "pyright:", "mypy:", "ruff:", "isort:", "pragma:"];

/// How such comments call the place of an import, in small letters: pycodestyle, isort, pylint and ruff.
const PLACES: [&str; 7] = ["e402", "i001", "isort:", "c0413", "c0415", "wrong-import", "import-outside"];

/// What keeps a path of its line as it is: it says nothing of a line that is written anew.
const OWN_PRAGMA: &str = "ssot:";

/// What surrounds a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'text> {
    /// White space before the statement; `None` when other code stands before it on its line.
    pub indent: Option<&'text str>,
    /// True when nothing but white space and a comment follows on its last line.
    pub ends_line: bool,
    /// The comment behind it, when it ends its line.
    pub comment: Option<Span>,
    /// The first line's first byte, to just behind the last line's line break.
    pub lines: Span,
    /// Just behind the last character of the last line, before its line break.
    pub end_of_text: u32,
}

impl<'text> Surroundings<'text> {
    pub fn of(span: Span, text: &'text str) -> Self {
        let start = line_start(span.start, text);
        let before = &text[start as usize..span.start as usize];
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let is_first = before.chars().all(|c| c == ' ' || c == '\t' || c == '\x0c');
        let (end_of_text, next_line) = line_end(span.end, text);
        let after = &text[span.end as usize..end_of_text as usize];
        let trimmed = after.trim_start_matches([' ', '\t', '\x0c']);
        let comment_start = end_of_text - trimmed.len() as u32;
        let comment = trimmed.starts_with('#').then(|| Span::new(comment_start, end_of_text));
        Self {
            indent: is_first.then_some(before),
            ends_line: trimmed.is_empty() || comment.is_some(),
            comment,
            lines: Span::new(span.start - before.len() as u32, next_line),
            end_of_text,
        }
    }

    /// True when the statement shares its lines with no other code.
    pub const fn is_alone(&self) -> bool {
        self.indent.is_some() && self.ends_line
    }
}

/// True for a comment that speaks to a tool.
pub(super) fn is_pragma(comment: &str) -> bool {
    is_shared_pragma(comment) || body(comment).starts_with(OWN_PRAGMA)
}

/// True for a comment that speaks to a tool of each line that the statement is split into.
pub(super) fn is_shared_pragma(comment: &str) -> bool {
    let body = body(comment);
    PRAGMAS.iter().any(|pragma| body.starts_with(pragma))
}

/// True for one that speaks of the place of an import, which other imports there share.
pub(super) fn is_pragma_of_place(comment: &str) -> bool {
    let body = body(comment);
    is_shared_pragma(comment) && PLACES.iter().any(|place| body.contains(place))
}

fn body(comment: &str) -> String {
    comment.trim_start_matches('#').trim_start().to_ascii_lowercase()
}

/// Offset of the first byte of the line that holds `offset`.
pub(super) fn line_start(offset: u32, text: &str) -> u32 {
    text[..offset as usize].rfind(['\n', '\r']).map_or(0, |at| at as u32 + 1)
}

/// The end of the line that holds `offset`: before its line break, and behind it.
pub(super) fn line_end(offset: u32, text: &str) -> (u32, u32) {
    let rest = &text[offset as usize..];
    let Some(at) = rest.find(['\n', '\r']) else { return (text.len() as u32, text.len() as u32) };
    let width = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
    (offset + at as u32, offset + at as u32 + width)
}

/// The line break that the file uses: that of its first line.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find(['\n', '\r']).map(|at| &text[at..]) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}
