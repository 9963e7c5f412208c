//! A glance at the bytes of a file that was not parsed: whether a word in it can be part of a path at all.
//!
//! A path is spelled beside `::`, in a `use` or `extern crate` item, in a string or a link of the documentation; a bare
//! name matters only where a glob import can provide it, or where it is that of an item. In doubt the answer is yes.

use memchr::{memchr, memchr3, memmem, memrchr};
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, strip_shebang, tokenize};
use std::ops::Range;

/// So many lines of comments between `::` and a name are looked through.
const MOST_COMMENT_LINES: usize = 64;
/// A keyword further behind the start of its line is taken for code.
const LONGEST_INDENT: usize = 200;

/// Whether the word at `start..end` can be part of a path.
pub(super) fn glance<'file>(bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
    let mut glance = Glance { bytes, uses: None };
    Box::new(move |start, end| glance.matters(start, end))
}

/// One file's bytes, with what was found out about them so far.
struct Glance<'file> {
    bytes: &'file [u8],
    uses: Option<Uses>,
}

/// The items that bring names in.
struct Uses {
    /// Where they stand, sorted and disjoint. Text that only looks like one counts as well.
    ranges: Vec<Range<usize>>,
    /// True when any name of the file may come from elsewhere.
    is_open: bool,
}

impl Glance<'_> {
    fn matters(&mut self, start: usize, end: usize) -> bool {
        let before = &self.bytes[..start];
        let before = before.strip_suffix(b"r#").unwrap_or(before);
        if before.ends_with(b".") && !before.ends_with(b"..") {
            return false; // A field or a method.
        }
        follows_separator(before)
            || precedes_path(&self.bytes[end..])
            || is_linked(before)
            || is_defined(before)
            || {
                let uses = self.uses.get_or_insert_with(|| Uses::find(self.bytes));
                uses.is_open || uses.hold(start)
            }
    }
}

/// `struct NAME` and its like; a module may define another thing under a name that is looked for.
fn is_defined(before: &[u8]) -> bool {
    let near = before.trim_ascii_end();
    let length = near.iter().rev().take_while(|&&byte| is_word(byte) || byte == b'!').count();
    let word = &near[near.len() - length..];
    near.len() < before.len() && DEFINING.iter().any(|keyword| keyword.as_bytes() == word)
}

/// What may stand before the name of an item (Rust Reference, "Items"); the mark of `macro_rules !` may stand alone.
const DEFINING: [&str; 13] = [
    "struct",
    "enum",
    "union",
    "trait",
    "fn",
    "const",
    "static",
    "mut",
    "ref",
    "type",
    "macro_rules!",
    "!",
    "macro",
];

/// `a::NAME`, with blanks and comments between, but for `Self::NAME`, and `pub(in NAME)`.
fn follows_separator(before: &[u8]) -> bool {
    let near = before.trim_ascii_end();
    if let Some(path) = near.strip_suffix(b"::") {
        return path.strip_suffix(b"Self").is_none_or(|rest| rest.last().copied().is_some_and(is_word));
    }
    near.ends_with(b"*/") || near.ends_with(b"(in") || near.len() < before.len() && follows_comment(before)
}

/// Whether the lines above are comments behind a `::`.
fn follows_comment(before: &[u8]) -> bool {
    let mut above = before;
    for _ in 0..MOST_COMMENT_LINES {
        let Some(end) = memrchr(b'\n', above) else { return false };
        if !above[end..].trim_ascii().is_empty() && above.len() == before.len() {
            return false;
        }
        let start = memrchr(b'\n', &above[..end]).map_or(0, |found| found + 1);
        let line = above[start..end].trim_ascii();
        let ends_path = |at| line[..at].trim_ascii_end().ends_with(b"::");
        if line.ends_with(b"::") || line.ends_with(b"*/") || memmem::find_iter(line, b"//").any(ends_path) {
            return true;
        }
        if !line.is_empty() && !line.starts_with(b"//") {
            return false;
        }
        above = &above[..start];
    }
    true
}

/// `NAME::a`, and the call of a macro, which need not be imported in this file.
fn precedes_path(after: &[u8]) -> bool {
    let after = after.trim_ascii_start();
    let is_macro = after.starts_with(b"!") && !after.starts_with(b"!=");
    is_macro || after.starts_with(b"::") || after.starts_with(b"/*") || after.starts_with(b"//")
}

/// The start of a string, or of a link in documentation: `[NAME`, `](NAME`, `]: NAME`, `struct@NAME`, all with backticks.
fn is_linked(before: &[u8]) -> bool {
    let name = before.strip_suffix(b"`").unwrap_or(before);
    let kind = name.strip_suffix(b"@").is_some_and(|kind| kind.last().is_some_and(u8::is_ascii_alphabetic));
    let address = name.strip_suffix(b"<").unwrap_or(name);
    kind || address.ends_with(b"](")
        || name.ends_with(b"\"")
        || name.ends_with(b"[")
        || name.trim_ascii_end().ends_with(b"]:")
}

impl Uses {
    fn find(bytes: &[u8]) -> Self {
        let mut found = Self { ranges: Vec::new(), is_open: has_deprecated_export(bytes) };
        let mut globs = Vec::new();
        let mut scanned = 0;
        for start in keywords(bytes) {
            let item = Item::at(bytes, start);
            scanned += item.end - start;
            found.is_open |= item.has_star && item.levels_up(bytes).is_none();
            found.is_open |= scanned > bytes.len().saturating_mul(4);
            if found.is_open {
                return found;
            }
            globs.extend(item.levels_up(bytes).map(|levels| (start, levels)));
            match found.ranges.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(item.end),
                _ => found.ranges.push(start..item.end),
            }
        }
        found.is_open = !globs.is_empty() && !stay_inside(bytes, &globs);
        found
    }

    fn hold(&self, at: usize) -> bool {
        let after = self.ranges.partition_point(|range| range.end <= at);
        self.ranges.get(after).is_some_and(|range| range.start <= at)
    }
}

/// `#[deprecated] pub use …` makes a rule of its own.
fn has_deprecated_export(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"deprecated").any(|mark| {
        let before = bytes[..mark].trim_ascii_end();
        let is_attribute = before.ends_with(b"[") || before.ends_with(b",");
        is_attribute && is_on_use(&bytes[mark..])
    })
}

/// Whether the attribute in which `rest` begins stands on a `use` item: the first keyword of an item behind it decides.
fn is_on_use(rest: &[u8]) -> bool {
    let end = memmem::find(rest, b"use").map_or(0, |_| rest.len());
    let text = match std::str::from_utf8(&rest[..end]) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut at = 0;
    for token in tokenize(text, FrontmatterAllowed::No) {
        let word = &text[at..at + token.len as usize];
        at += token.len as usize;
        match (token.kind, word) {
            (TokenKind::Ident, "use") => return true,
            (TokenKind::Ident, "pub" | "crate" | "in" | "self" | "super") => {}
            (TokenKind::Ident, word) if ITEM_KEYWORDS.contains(&word) => return false,
            (TokenKind::Semi | TokenKind::OpenBrace | TokenKind::CloseBrace, _) => return false,
            _ => {}
        }
    }
    false
}

/// Keywords with which other items begin (Rust Reference, "Items").
const ITEM_KEYWORDS: [&str; 14] = [
    "fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod", "impl", "extern", "unsafe",
    "async", "let",
];

/// Where items begin that bring names in, in order.
fn keywords(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let uses = memmem::find_iter(bytes, b"use").filter(|&at| begins_use(bytes, at));
    let crates = memmem::find_iter(bytes, b"extern").filter(|&at| {
        let behind = &bytes[at + "extern".len()..];
        let behind = behind.trim_ascii_start();
        is_whole(bytes, at, "extern".len()) && (behind.starts_with(b"crate") || behind.starts_with(b"/"))
    });
    let (mut uses, mut crates) = (uses.peekable(), crates.peekable());
    std::iter::from_fn(move || match (uses.peek(), crates.peek()) {
        (Some(one), Some(other)) if one > other => crates.next(),
        (None, _) => crates.next(),
        _ => uses.next(),
    })
}

/// Whether an item begins with the `use` at `at`: no prose, no `use<…>`. `#[macro_use(…)]` counts as well.
fn begins_use(bytes: &[u8], at: usize) -> bool {
    let behind = bytes[at + "use".len()..].trim_ascii_start();
    if bytes[..at].ends_with(b"macro_") {
        return behind.starts_with(b"(");
    }
    is_whole(bytes, at, "use".len()) && !behind.starts_with(b"<") && !is_prose(&bytes[..at])
}

/// Whether what stands before on the line can only stand in a comment, or before another word of a sentence.
fn is_prose(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(LONGEST_INDENT)..];
    let Some(start) =
        memrchr(b'\n', near).map(|found| found + 1).or((near.len() == before.len()).then_some(0))
    else {
        return false;
    };
    let line = near[start..].trim_ascii();
    let example = [b"///", b"//!"].iter().find_map(|mark| line.strip_prefix(*mark)).map(<[u8]>::trim_ascii);
    let begins_example = matches!(example, Some(b"" | b"#" | b"pub" | b"# pub"));
    if line.starts_with(b"//") && !begins_example && memmem::find(line, b"*/").is_none() {
        return true;
    }
    let line = example.unwrap_or(line);
    let word = line.iter().rev().take_while(|byte| is_word(**byte)).count();
    let (rest, word) = line.split_at(line.len() - word);
    !matches!(word, b"" | b"pub" | b"crate") && !rest.ends_with(b"$")
}

/// An item from its keyword to its semicolon.
struct Item {
    start: usize,
    end: usize,
    has_star: bool,
}

impl Item {
    fn at(bytes: &[u8], start: usize) -> Self {
        let (mut at, mut has_star) = (start, false);
        while let Some(found) = memchr3(b';', b'/', b'*', &bytes[at..]) {
            at += found;
            match bytes[at] {
                b';' => return Self { start, end: at, has_star },
                b'/' if bytes[at..].starts_with(b"//") => {
                    at = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
                }
                b'/' if bytes[at..].starts_with(b"/*") => at = comment_end(bytes, at),
                byte => {
                    has_star |= byte == b'*';
                    at += 1;
                }
            }
        }
        Self { start, end: bytes.len(), has_star }
    }

    /// For a plain `use super::*` how many modules up, with each further `super`.
    fn levels_up(&self, bytes: &[u8]) -> Option<usize> {
        let mut path = bytes[self.start..self.end].strip_prefix(b"use")?.trim_ascii();
        let mut levels = 0;
        while let Some(rest) = path.strip_prefix(b"super::") {
            path = rest;
            levels += 1;
        }
        (path == b"*" && levels > 0).then_some(levels)
    }
}

/// Behind the block comment at `start`; they nest.
fn comment_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(slash) = memchr(b'/', &bytes[at..]) {
        let slash = at + slash;
        at = slash + 1;
        if depth > 0 && bytes[start + 2..slash].ends_with(b"*") {
            depth -= 1;
        } else if bytes[at..].starts_with(b"*") {
            depth += 1;
            at += 1;
        }
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Whether each of the globs, given by offset and levels, leads to a module in the same file. In the body of a macro that
/// is not known.
fn stay_inside(bytes: &[u8], globs: &[(usize, usize)]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut offset = strip_shebang(text).unwrap_or(0);
    let mut globs = globs.iter().peekable();
    let mut open = Frames::default();
    for token in tokenize(&text[offset..], FrontmatterAllowed::Yes) {
        while globs.next_if(|(at, _)| *at < offset).is_some() {}
        let Some(&&(at, levels)) = globs.peek() else { return true };
        if at == offset && (open.modules < levels || open.macros > 0) {
            return false;
        }
        let end = offset + token.len as usize;
        open.take(token.kind, &text[offset..end]);
        offset = end;
    }
    true
}

/// The open delimiters.
#[derive(Default)]
struct Frames {
    stack: Vec<Frame>,
    modules: usize,
    macros: usize,
    next: Frame,
    /// How many tokens may still stand before the body: the name, and the `!` of a macro.
    wait: usize,
}

/// What a pair of delimiters encloses.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Frame {
    #[default]
    Plain,
    Module,
    Macro,
}

impl Frames {
    fn take(&mut self, kind: TokenKind, text: &str) {
        match kind {
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => {}
            TokenKind::Ident if text == "mod" => (self.next, self.wait) = (Frame::Module, 1),
            TokenKind::Ident if text == "macro_rules" => (self.next, self.wait) = (Frame::Macro, 2),
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => {
                let frame = std::mem::take(&mut self.next);
                self.stack.push(frame);
                self.modules += usize::from(frame == Frame::Module);
                self.macros += usize::from(frame == Frame::Macro);
            }
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => {
                let frame = self.stack.pop().unwrap_or_default();
                self.modules -= usize::from(frame == Frame::Module);
                self.macros -= usize::from(frame == Frame::Macro);
            }
            _ if self.wait > 0 => self.wait -= 1,
            _ => self.next = Frame::Plain,
        }
    }
}

/// Whether the text at `at` is no part of a longer word.
fn is_whole(bytes: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    !before.is_some_and(is_word) && !bytes.get(at + length).copied().is_some_and(is_word)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last `Manager` in the text matters.
    fn matters(text: &str) -> bool {
        let start = text.rfind("Manager").unwrap();
        glance(text.as_bytes())(start, start + "Manager".len())
    }

    #[test]
    fn every_way_to_spell_a_path_matters() {
        for text in [
            "let x = a::Manager;",
            "a:: Manager",
            "a::\n    Manager",
            "a:: /* b */ Manager",
            "a:: // b\n    // c\n\n    Manager",
            "x = \"//\"; a:: // b\nManager",
            "Manager::new()",
            "Manager\n  ::new()",
            "Manager /* a */ ::new()",
            "a::r#Manager",
            "MySelf::Manager",
            "use Manager;",
            "use r#Manager as m;",
            "use a::{b, Manager};",
            "pub(crate) use a::{\n  b, // with a ;\n  /* and ; /* another */ ; */ Manager,\n};",
            "{use a::{b as c, Manager}}",
            "/* x */ use a::{Manager};",
            "/* a\n// b */ use a::{Manager};",
            "m!($vis use a::{Manager};);",
            "extern crate Manager;",
            "extern crate a as Manager;",
            "#[macro_use(Manager)] extern crate a;",
            "#[serde(with = \"Manager\")]",
            "/// See [Manager].",
            "/// See [`Manager`].",
            "/// See [`struct@Manager`].",
            "/// See [it](Manager).",
            "/// [it]: Manager",
            "Manager!(x)",
            "pub(in Manager) fn f();",
            "..a::Manager",
            "pub struct Manager;",
            "const fn\n  Manager() {}",
            "static mut Manager: u8 = 1;",
            "macro_rules! Manager { () => {} }",
            "type r#Manager = u8;",
        ] {
            assert!(matters(text), "{text:?}");
        }
    }

    #[test]
    fn local_names_do_not() {
        for text in [
            "use a::b;\nconstruct Manager;",
            "fn f(x: &Manager) {}",
            "x.Manager",
            "use a::*;\nx.Manager()",
            "x.Manager::<T>()",
            "Self::Manager",
            "// use Manager for this;",
            "f(); // we use Manager here",
            "let x: impl A + use<Manager> = 1;",
            "extern fn f(x: *mut u8, y: Manager);",
            "a::b(); // c\nManager",
            "/// Some `Manager`.",
            "use a::b; // Manager",
            "let b = c * d;\nManager",
            "if Manager != x {}",
            "#[deprecated] pub fn f() {}\nuse a::b;\nManager",
            "#[deprecated(note = \"pub use a::b;\")] pub(crate) fn f() {}\npub use a::b;\nManager",
            "#![allow(deprecated)]\npub use a::b;\nManager",
        ] {
            assert!(!matters(text), "{text:?}");
        }
    }

    #[test]
    fn globs_open_a_file() {
        for text in [
            "use a::*; Manager",
            "use a::{b::{self, *}}; Manager",
            "use a :: * ; Manager",
            "use $crate::*; Manager",
            "use super::*; Manager",
            "use a::b; Manager; mod x { use c::*; }",
            "fn f() { use super::*; Manager }",
            "mod a { use super::super::*; Manager }",
            "mod a { } use super::*; Manager",
            "mod a; fn f() { use super::*; Manager }",
            "macro_rules! m { () => { mod a { use super::*; Manager } } }",
            "#[deprecated(note = \"x\")]\npub use a::b;\nManager",
            "#[cfg_attr(x, deprecated(since = \"1;\"))]\n/// x\n#[doc(hidden)] pub(in crate::y) use a::b;\nManager",
            "#[deprecated] use a::b;\nManager",
        ] {
            assert!(matters(text), "{text:?}");
        }
    }

    #[test]
    fn a_glob_of_a_module_around_in_the_same_file_does_not() {
        for text in [
            "mod tests { use super::*; fn f() { Manager } }",
            "mod a { mod b { pub use super::super::*; Manager } }",
            "#[cfg(test)]\nmod /* x */ tests {\n    use super::*;\n    #[test] fn f() { Manager }\n}",
            "mod a { fn f() { use super::*; Manager } }",
            "macro_rules! m { () => {} } mod a { use super::*; Manager }",
        ] {
            assert!(!matters(text), "{text:?}");
        }
    }

    #[test]
    fn big_files_take_linear_time() {
        let count = 30_000;
        for part in
            ["use ", "use a::Manager ", "/*", "mod a { use super::*; ", "Manager\n", "// Manager\n", "use/*"]
        {
            let text = part.repeat(count);
            let mut matters = glance(text.as_bytes());
            for at in memmem::find_iter(text.as_bytes(), b"Manager") {
                matters(at, at + "Manager".len());
            }
            matters(text.len(), text.len());
        }
    }
}
