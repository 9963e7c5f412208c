//! Import statements in the bytes of a file that was not parsed: where they may stand, and which path they write.

use crate::language::Asked;
use memchr::memmem;
use std::ops::Range;

/// What may stand before the first line.
pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Where import statements may stand in a text.
pub(super) struct Imports {
    /// The import statements, in order. Text that only looks like one counts as well.
    pub ranges: Vec<Range<usize>>,
    /// How far they and those before them reach.
    reaches: Vec<usize>,
    /// True when one may be a star import.
    pub has_star: bool,
}

impl Imports {
    /// The statements in which a word stands: one, where all of them are such.
    pub fn around(&self, start: usize, end: usize) -> impl Iterator<Item = &Range<usize>> {
        let count = self.ranges.partition_point(|range| range.start <= start);
        let reach = move |at: &usize| self.reaches[*at] >= end;
        (0..count).rev().take_while(reach).map(|at| &self.ranges[at]).filter(move |range| range.end >= end)
    }

    /// Finds them.
    pub fn find(bytes: &[u8]) -> Self {
        let mut found = Self { ranges: Vec::new(), reaches: Vec::new(), has_star: false };
        for at in memmem::find_iter(bytes, b"import") {
            let behind = at + "import".len();
            let is_known = found.ranges.last().is_some_and(|last| at < last.end);
            // `from .importer import (` has it twice; what is in a list may be a statement all the same.
            if is_known && !is_whole(bytes, at, behind) {
                continue;
            }
            let rest = skip_blank(bytes, behind);
            found.has_star |= bytes.get(rest) == Some(&b'*');
            let end = match bytes.get(rest) {
                // What is not closed here is not closed further down; to look each time would take long.
                Some(b'(') if found.ranges.last().is_some_and(|last| last.end == bytes.len()) => bytes.len(),
                Some(b'(') => closing(bytes, rest),
                _ => logical_line_end(bytes, behind),
            };
            let start = logical_line_start(bytes, at);
            match found.ranges.last_mut() {
                Some(last) if last.start == start => last.end = last.end.max(end),
                _ => found.ranges.push(start..end),
            }
        }
        let ends = found.ranges.iter().scan(0, |reach, range| {
            *reach = range.end.max(*reach);
            Some(*reach)
        });
        found.reaches = ends.collect();
        found
    }
}

/// The path that an import statement asks for or asks by `name`, from the statement's text before it: `a.b` for `b` in
/// `from a.b import c` and in `from a import b`. `None` for a text that is no import statement for sure.
pub(super) fn imported_path(text: &[u8], name: &[u8]) -> Option<Asked> {
    // Quotes may hold anything, and a comment what looks like the next statement.
    if memchr::memchr2(b'"', b'\'', text).is_some() {
        return None;
    }
    let own = match memchr::memrchr(b';', text) {
        Some(at) if text[..at].contains(&b'#') => return None,
        Some(at) => &text[at + 1..],
        None => text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text),
    };
    let behind = |keyword: &[u8]| {
        let at = find_word(own, keyword)?;
        let head = own[..at].trim_ascii();
        // Prose speaks of imports too.
        let begins = head.is_empty() || head.ends_with(b":") && !head.contains(&b'#');
        begins.then(|| &own[at + keyword.len()..])
    };
    if let Some(rest) = behind(b"from") {
        let Some(at) = find_word(rest, b"import") else { return path(rest, name) };
        let (module, names) = (trim_blank(&rest[..at]), &rest[at + "import".len()..]);
        let dot: &[u8] = if module.ends_with(b".") { b"" } else { b"." };
        return if is_renamed(names) { Some(Asked::Nothing) } else { path(&[module, dot].concat(), name) };
    }
    let rest = behind(b"import")?;
    let own = memchr::memrchr(b',', rest).map_or(rest, |at| &rest[at + 1..]);
    if is_renamed(own) { Some(Asked::Nothing) } else { path(own, name) }
}

/// The path between `from` and the `import` behind `before`, when it begins with dots: what it asks a package for may be a module
/// that is gone.
pub(super) fn asked_without_name(before: &[u8]) -> Asked {
    let is_path = |byte: &u8| *byte == b'.' || is_blank(byte) || is_word(byte);
    let line = before.iter().rposition(|byte| !is_path(byte)).map_or(0, |at| at + 1);
    let Some(from) = find_word(&before[line..], b"from").map(|at| line + at) else {
        return Asked::Nothing;
    };
    let written = trim_blank(&before[from + "from".len()..]);
    if !written.starts_with(b".") {
        return Asked::Nothing;
    }
    if !written.iter().any(is_word) {
        return Asked::path(written.iter().filter(|byte| **byte == b'.').count(), Vec::new());
    }
    path(b"", written).unwrap_or(Asked::Unclear)
}

/// True for one line that begins as a comment.
pub(super) fn is_comment(text: &[u8]) -> bool {
    let head = text.trim_ascii_start();
    head.starts_with(b"#") && !head.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'"' | b'\''))
}

/// True when what stands before a name says that it is the new one. A comment may say so by chance.
fn is_renamed(before: &[u8]) -> bool {
    let before = trim_blank(before);
    before.ends_with(b"as") && is_whole(before, before.len() - 2, before.len()) && !before.contains(&b'#')
}

/// The path that `name` ends, from the text before it.
fn path(before: &[u8], name: &[u8]) -> Option<Asked> {
    let text = [before, name].concat();
    let parts = text.split(|byte| *byte == b'.').map(trim_blank);
    let level = parts.clone().take_while(|part| part.is_empty()).count();
    let is_name = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let of_name = |part| str::from_utf8(part).ok().filter(|_| is_name(part));
    Some(Asked::path(level, parts.skip(level).map(of_name).collect::<Option<_>>()?))
}

/// Where `word` stands as a whole for the first time.
fn find_word(text: &[u8], word: &[u8]) -> Option<usize> {
    memmem::find_iter(text, word).find(|&at| is_whole(text, at, at + word.len()))
}

/// True when no word goes on at either end of `start..end`.
fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    let goes_on = |byte: Option<&u8>| byte.is_some_and(is_word);
    !goes_on(start.checked_sub(1).map(|at| &text[at])) && !goes_on(text.get(end))
}

/// True for a byte of a name; those of other letters are all outside of ASCII.
pub(super) const fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80
}

/// Without the spaces and broken lines around.
pub(super) fn trim_blank(text: &[u8]) -> &[u8] {
    let from = skip_blank(text, 0);
    let to = text.iter().rposition(|byte| !is_blank(byte)).map_or(from, |at| at + 1);
    &text[from..to.max(from)]
}

/// Past spaces and broken lines.
fn skip_blank(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|byte| is_blank(byte)).count()
}

/// What may stand between the words of a statement.
const fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0c' | b'\\' | b'\n' | b'\r')
}

/// Just behind the parenthesis that closes the one at `open`; comments may hold others.
fn closing(bytes: &[u8], open: usize) -> usize {
    let mut at = open;
    while let Some(found) = memchr::memchr2(b')', b'#', &bytes[at..]) {
        at += found;
        if bytes[at] == b')' {
            return at + 1;
        }
        at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at);
    }
    bytes.len()
}

/// The end of the line, with the lines that a backslash joins to it.
fn logical_line_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        let Some(found) = memchr::memchr2(b'\n', b'\r', &bytes[at..]) else { return bytes.len() };
        at += found;
        if !bytes[..at].ends_with(b"\\") {
            return at;
        }
        at += if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
    }
}

/// The start of the line, with the lines before that end in a backslash.
fn logical_line_start(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        let start = memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(0, |found| found + 1);
        let before = bytes[..start].strip_suffix(b"\n").unwrap_or(&bytes[..start]);
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        if start == 0 || !before.ends_with(b"\\") {
            return start;
        }
        at = before.len() - 1;
    }
}
