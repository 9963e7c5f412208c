//! What a scanner tells of a text: its comments, its values and keys, and what is not to be read as data.

use crate::model::{Notation, Span};

/// The parts of a text; each list in order and disjoint.
#[derive(Debug, Default)]
pub(super) struct Regions {
    /// Comments, with their marks.
    pub(super) comments: Vec<Span>,
    /// Values and keys, without quotes.
    pub(super) scalars: Vec<Scalar>,
    /// What is no data: this program's own rules, labels.
    pub(super) own: Vec<Span>,
    /// Blocks of text with the line that begins them: a comment there covers all of it.
    pub(super) blocks: Vec<Span>,
}

/// A value or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scalar {
    /// Its contents.
    pub(super) span: Span,
    /// True when a backslash begins an escape in it.
    pub(super) has_escapes: bool,
}

impl Regions {
    /// The value or key at an offset.
    pub(super) fn scalar_at(&self, offset: u32) -> Option<Scalar> {
        let behind = self.scalars.partition_point(|scalar| scalar.span.start <= offset);
        let last = self.scalars[..behind].last()?;
        (offset < last.span.end).then_some(*last)
    }

    /// Whether a value or key is a key or the name of a section: by what stands behind it, or in front of it.
    pub(super) fn is_key(text: &str, notation: Notation, scalar: Scalar) -> bool {
        let (before, behind) = (&text[..scalar.span.start as usize], &text[scalar.span.end as usize..]);
        if notation == Notation::Lines {
            let line = &before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
            let is_section = line.trim_start_matches(['\u{feff}', ' ', '\t']).starts_with('[');
            return is_section || line.trim().is_empty() && behind.trim_start().starts_with(['=', ':']);
        }
        let behind = behind.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t', '\n', '\r']);
        match notation {
            Notation::Toml => behind.starts_with('=') || is_name_of_table(before, behind),
            _ => behind.starts_with(':'),
        }
    }

    /// True inside comments and what is no data.
    pub(super) fn is_passed_over(&self, offset: u32) -> bool {
        let holds = |spans: &[Span]| {
            let behind = spans.partition_point(|span| span.start <= offset);
            spans[..behind].last().is_some_and(|last| offset < last.end)
        };
        holds(&self.comments) || holds(&self.own)
    }

    /// Adds the value or key `text[start..end]`, blanks around it aside.
    pub(super) fn add_plain(&mut self, text: &str, start: usize, end: usize) {
        let inside = &text[start..end];
        let is_blank = |character: char| character.is_whitespace() || character == '\u{feff}';
        let start = start + inside.len() - inside.trim_start_matches(is_blank).len();
        let span = Span::new(start as u32, (start + inside.trim_matches(is_blank).len()) as u32);
        if span.start < span.end {
            self.scalars.push(Scalar { span, has_escapes: false });
        }
    }

    /// Adds the contents of a string.
    pub(super) fn add_string(&mut self, start: usize, end: usize, has_escapes: bool) {
        self.scalars.push(Scalar { span: Span::new(start as u32, end as u32), has_escapes });
    }

    /// Adds a comment.
    pub(super) fn add_comment(&mut self, start: usize, end: usize) {
        self.comments.push(Span::new(start as u32, end as u32));
    }
}

/// Whether a string of TOML is a name of a table: the line begins with a bracket, and the string ends with it or with a dot.
fn is_name_of_table(before: &str, behind: &str) -> bool {
    let line = &before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
    line.trim_start_matches(['\u{feff}', ' ', '\t']).starts_with('[') && behind.starts_with([']', '.'])
}

#[cfg(test)]
impl Regions {
    /// The values and keys, and the comments, as they are written.
    pub(super) fn shown<'text>(&self, text: &'text str) -> (Vec<&'text str>, Vec<&'text str>) {
        let scalars = self.scalars.iter().map(|scalar| scalar.span.of(text));
        (scalars.collect(), self.comments.iter().map(|span| span.of(text)).collect())
    }
}

/// The end of the line that holds `at`, its break excluded.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found)
}

/// Where the string that begins behind `start` ends: at `quote`, which a backslash takes away where there are `escapes`.
/// `None` when it does not end, or not on its line unless it `spans` several.
pub(super) fn string_end(text: &str, start: usize, quote: u8, escapes: bool, spans: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if escapes => at += 1,
            b'\n' | b'\r' if !spans => return None,
            _ if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}
