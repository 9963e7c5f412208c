//! A glance at the bytes of a file that was not parsed: whether a word in it can be part of an import path at all.
//!
//! Most occurrences of a common word such as `manager` are local names. A path is spelled in an import statement, behind
//! a dot, or in a string; a bare name matters only where a star import can provide it, or where a module may define
//! another thing under it. In doubt the answer is yes.

use crate::language::Asked;
use memchr::memmem;
use std::ops::Range;

/// So many lines are looked through for the class around a method.
const MOST_LINES: usize = 2_000;

/// What may stand before the first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// One file's bytes, with what was found out about them so far.
pub struct Glance<'file> {
    bytes: &'file [u8],
    imports: Option<Imports>,
    receivers_are_plain: Option<bool>,
}

struct Imports {
    /// The import statements, in order. Text that only looks like one counts as well.
    ranges: Vec<Range<usize>>,
    /// How far they and those before them reach.
    reaches: Vec<usize>,
    has_star: bool,
}

impl<'file> Glance<'file> {
    /// A glance at `bytes`.
    pub const fn new(bytes: &'file [u8]) -> Self {
        Self { bytes, imports: None, receivers_are_plain: None }
    }

    /// Whether the word at `start..end` can be part of an import path.
    pub fn matters(&mut self, start: usize, end: usize) -> bool {
        match start.checked_sub(1).map(|at| self.bytes[at]) {
            Some(b'.') => self.is_attribute_of_name(start - 1),
            Some(b'"' | b'\'' | b':') => true,
            Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'\\') if self.follows_dot(start) => true,
            _ => {
                self.is_patched_keyword(end)
                    || self.may_be_imported(start, end)
                    || is_defined(&self.bytes[..start])
            }
        }
    }

    /// Whether the name at `start..end` stands in an import.
    pub fn is_imported(&mut self, start: usize, end: usize) -> bool {
        self.found().around(start, end).next().is_some()
    }

    /// What an import asks a module for by the name at `start..end`, or finds it by. The word `import` behind nothing but
    /// dots asks a package without its name.
    pub fn asked(&mut self, start: usize, end: usize) -> Asked {
        let bytes = self.bytes;
        if &bytes[start..end] == b"import" {
            let before = &bytes[..start];
            let dots = before.iter().rev().take_while(|byte| **byte == b'.' || is_blank(byte)).count();
            let (before, dots) = before.split_at(before.len() - dots);
            let level = dots.iter().filter(|byte| **byte == b'.').count();
            let is_from = before.ends_with(b"from");
            return if level > 0 && is_from { Asked::path(level, Vec::new()) } else { Asked::Nothing };
        }
        // Text that only looks like a statement may hold one, and the other way round.
        let mut found = self.found().around(start, end).map(|statement| {
            let text = &bytes[statement.start..start];
            match is_comment(text) {
                true => Asked::Nothing,
                false => imported_path(text, &bytes[start..end]).unwrap_or(Asked::Unclear),
            }
        });
        let Some(first) = found.next() else { return Asked::Nothing };
        if found.all(|other| other == first) { first } else { Asked::Unclear }
    }

    /// Whether the path of an import can begin with the name at `start..end`.
    pub fn begins_path(&mut self, start: usize, end: usize) -> bool {
        let bytes = self.bytes;
        self.found().around(start, end).any(|statement| {
            let text = &bytes[statement.start..start];
            if is_comment(text) {
                return false;
            }
            match imported_path(text, &bytes[start..end]) {
                Some(Asked::Path { level, names }) => level == 0 && names.len() == 1,
                Some(_) => false,
                None => {
                    let before = trim_blank(text);
                    let may_be_more = memchr::memchr3(b'"', b'\'', b'#', text).is_some();
                    before.ends_with(b"'")
                        || before.ends_with(b"\"") // `import_module("name")`
                        || may_be_more && (before.ends_with(b"import") || before.ends_with(b"from"))
                }
            }
        })
    }

    /// Where import statements may stand, in bytes.
    pub fn imports(&mut self) -> &[Range<usize>] {
        &self.found().ranges
    }

    fn found(&mut self) -> &Imports {
        self.imports.get_or_insert_with(|| Imports::find(self.bytes))
    }

    /// `patch.multiple(a, name=…)` names an attribute of a path by keyword.
    fn is_patched_keyword(&self, end: usize) -> bool {
        let after = self.bytes[end..].trim_ascii_start();
        after.starts_with(b"=")
            && !after.starts_with(b"==")
            && memmem::find(self.bytes, b"multiple").is_some()
    }

    /// `a . b` and chains broken over lines.
    fn follows_dot(&self, start: usize) -> bool {
        let before = self.bytes[..start].trim_ascii_end();
        before.ends_with(b".")
            || before.ends_with(b"\\") && before[..before.len() - 1].trim_ascii_end().ends_with(b".")
    }

    /// Behind a call or an index the chain has no name at its root; behind `self` and `cls` only if somebody binds those
    /// to a module.
    fn is_attribute_of_name(&mut self, dot: usize) -> bool {
        let before = &self.bytes[..dot];
        match before.last() {
            Some(b')' | b']' | b'}') => false,
            Some(_) if is_receiver(before, b"self") || is_receiver(before, b"cls") => {
                !self.receivers_are_plain()
            }
            _ => true,
        }
    }

    /// True when `self` and `cls` are nowhere imported or assigned.
    fn receivers_are_plain(&mut self) -> bool {
        let bytes = self.bytes;
        let is_bound = |name: &[u8]| {
            memmem::find_iter(bytes, name).any(|at| {
                let before = bytes[..at].trim_ascii_end();
                let after = bytes[at + name.len()..].trim_ascii_start();
                let is_assigned =
                    after.starts_with(b":=") || after.starts_with(b"=") && !after.starts_with(b"==");
                is_assigned || before.ends_with(b" as") || before.ends_with(b"import")
            })
        };
        *self.receivers_are_plain.get_or_insert_with(|| !is_bound(b"self") && !is_bound(b"cls"))
    }

    fn may_be_imported(&mut self, start: usize, end: usize) -> bool {
        self.found().has_star || self.is_imported(start, end)
    }
}

/// Whether the name behind `before` is that of a class or function which may stand at the level of a module.
fn is_defined(before: &[u8]) -> bool {
    let near = before.trim_ascii_end();
    // Blanks may hold the line breaks that a backslash joins.
    let near = near.strip_suffix(b"\\").map_or(near, <[u8]>::trim_ascii_end);
    let keyword = [&b"class"[..], b"def"].into_iter().find_map(|keyword| near.strip_suffix(keyword));
    let Some(rest) = keyword.filter(|_| near.len() < before.len()) else { return false };
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    if rest.last().is_some_and(is_word) && rest != BYTE_ORDER_MARK {
        return false;
    }
    let indent = indent_of(rest);
    indent == 0 || !is_inside_definition(&rest[..line_start(rest)], indent)
}

/// How many columns the last line of `text` is indented.
fn indent_of(text: &[u8]) -> usize {
    text[line_start(text)..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

fn line_start(text: &[u8]) -> usize {
    memchr::memrchr2(b'\n', b'\r', text).map_or(0, |found| found + 1)
}

/// Whether the nearest line above that is indented less begins a class or function: then the name is a member or local.
/// Where that line is no such thing, a condition say, the ones around it decide.
fn is_inside_definition(mut above: &[u8], mut indent: usize) -> bool {
    for _ in 0..MOST_LINES {
        let Some(end) = above.len().checked_sub(1) else { return false };
        above = &above[..end];
        let line = &above[line_start(above)..];
        let text = line.trim_ascii();
        let width = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        above = &above[..above.len() - line.len()];
        if text.is_empty() || text.starts_with(b"#") || width >= indent {
            continue;
        }
        let begins = |keyword: &[u8]| text.starts_with(keyword);
        if begins(b"def ") || begins(b"class ") || begins(b"async ") {
            return true;
        }
        indent = width;
        if indent == 0 {
            return false;
        }
    }
    false
}

fn is_receiver(before: &[u8], name: &[u8]) -> bool {
    before.strip_suffix(name).is_some_and(|rest| {
        !rest
            .last()
            .is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte >= 0x80)
    })
}

impl Imports {
    /// The statements in which a word stands: one, where all of them are such.
    fn around(&self, start: usize, end: usize) -> impl Iterator<Item = &Range<usize>> {
        let count = self.ranges.partition_point(|range| range.start <= start);
        let reach = move |at: &usize| self.reaches[*at] >= end;
        (0..count).rev().take_while(reach).map(|at| &self.ranges[at]).filter(move |range| range.end >= end)
    }

    fn find(bytes: &[u8]) -> Self {
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
            let end = if bytes.get(rest) == Some(&b'(') {
                closing(bytes, rest)
            } else {
                logical_line_end(bytes, behind)
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
fn imported_path(text: &[u8], name: &[u8]) -> Option<Asked> {
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

/// True for one line that begins as a comment.
fn is_comment(text: &[u8]) -> bool {
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
    let goes_on = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
    };
    !goes_on(start.checked_sub(1).map(|at| &text[at])) && !goes_on(text.get(end))
}

/// Without the spaces and broken lines around.
fn trim_blank(text: &[u8]) -> &[u8] {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last `manager` in the text matters.
    fn matters(text: &str) -> bool {
        let start = text.rfind("manager").unwrap();
        Glance::new(text.as_bytes()).matters(start, start + "manager".len())
    }

    #[test]
    fn every_way_to_spell_a_path_matters() {
        for text in [
            "from a.manager import X",
            "from .manager import X",
            "from . manager import X",
            "from a import manager",
            "from a import b, manager as m",
            "from a import (\n  b,  # with a )\n  manager,\n)",
            "from a import b, \\\n  manager",
            "from \\\r\n  manager \\\r\n  import X",
            "from a.importer import (\n  b,\n  manager,\n)",
            "x = 1; import manager",
            "if x: import a.manager",
            "a.b.manager.X",
            "a.b \\\n  . manager",
            "(a.b\n  .manager)",
            "patch('a.manager')",
            "import_module('.manager')",
            "getattr(a, \"manager\")",
            "resolve('a:manager')",
            "patch.multiple('a', b=1, manager=2)",
            "patch.multiple('a', manager = 2)",
            "from a import *\nmanager.X",
            "import a as self\nself.manager",
            "self = a\nself.manager",
            "myself.manager",
            "a.self.manager",
            "class manager: pass",
            "class \\\n manager(a): pass",
            "x = 1\nasync  def\tmanager(self): pass",
            "if a:\n    class b: pass\n    def manager(self): pass",
            "try:\n  if a:\n\n    # class b:\n    class manager: pass",
        ] {
            assert!(matters(text), "{text:?}");
        }
    }

    #[test]
    fn a_module_is_asked_by_its_path() {
        let asked = |text: &str| {
            let word = if text.contains("manager") { "manager" } else { "import" };
            let start = text.rfind(word).unwrap();
            Glance::new(text.as_bytes()).asked(start, start + word.len())
        };
        let path = |level, names: &[&str]| Asked::path(level, names.to_vec());
        for (text, expected) in [
            ("from a.manager import b", path(0, &["a", "manager"])),
            ("from a . manager \\\n import b", path(0, &["a", "manager"])),
            ("from a.manager.c import b", path(0, &["a", "manager"])),
            ("from .manager import b", path(1, &["manager"])),
            ("from . . a.manager import b", path(2, &["a", "manager"])),
            ("from . import manager", path(1, &["manager"])),
            ("from .. import b, manager as m", path(2, &["manager"])),
            ("from ..a import (\n  b as c,  # same as\n  manager,\n)", path(2, &["a", "manager"])),
            ("from .a_import import (\n  b,\n  manager,\n)", path(1, &["a_import", "manager"])),
            ("import manager", path(0, &["manager"])),
            ("import b.c as d, a.manager", path(0, &["a", "manager"])),
            ("if x: b(); import a.manager as m", path(0, &["a", "manager"])),
            ("from .. import b", path(2, &[])),
            ("from \\\n . import b", path(1, &[])),
            ("from a import b", Asked::Nothing),
            ("from a import b as manager", Asked::Nothing),
            ("import a as manager", Asked::Nothing),
            ("# import the manager", Asked::Nothing),
            ("manager.x = 1", Asked::Nothing),
            ("import_module('a.manager')", Asked::Unclear),
            ("x['#']: import manager", Asked::Unclear),
            ("if (y := 'a: from b import c'): from a import manager", Asked::Unclear),
            ("import os; f('; from y import z'); from a import manager", Asked::Unclear),
            ("\"\"\"\nfrom y import (A, ...\n\"\"\"\nfrom a.manager import b", Asked::Unclear),
            ("# import (a\nfrom a.manager import b", Asked::Unclear),
            ("from größe.manager import b", Asked::Unclear),
        ] {
            assert_eq!(asked(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_import_begins_with_the_name_of_a_package() {
        let begins = |text: &str| {
            let start = text.rfind("manager").unwrap();
            Glance::new(text.as_bytes()).begins_path(start, start + "manager".len())
        };
        for text in [
            "import manager",
            "import a, \\\n manager as m",
            "from manager import b",
            "from manager.c import b",
            "try: import manager",
            "from a import b; import manager",
            "m = import_module('manager')",
            "if x: from manager import b",
            "from \\\n manager import b",
            "\u{feff}import manager",
            "if f('#'): import manager",
            "# from y import (\n#   a\n# )\nimport manager",
            "\"\"\"Lazy import (see #12).\"\"\"\nimport manager",
            "# C:\\\nimport manager",
            "import os  # noqa; import (\nimport manager as m",
        ] {
            assert!(begins(text), "{text:?}");
        }
        for text in [
            "from a import manager",
            "from a import b, manager as m",
            "from a import (\n  b,\n  manager,\n)",
            "from . import manager",
            "from .manager import b",
            "from a.manager import b",
            "import a.manager",
            "import a as manager",
            "# import data from the manager",
            "# see: import manager",
            "import data from the manager first",
            "'''We import the manager'''",
            ">>> import manager",
            "manager = 1",
        ] {
            assert!(!begins(text), "{text:?}");
        }
    }

    #[test]
    fn local_names_do_not() {
        for text in [
            "from a import b\nfor manager in managers: pass",
            "from a import (\n  b,\n)\nmanager = 1",
            "import a\ndef f(manager): pass",
            "f(manager=1)",
            "self.manager.send()",
            "f(x).manager",
            "x[0].manager",
            "cls.manager == self.manager",
            "class a:\n    b = 1\n\n    def manager(self): pass",
            "def a():\n  if b:\n    class manager: pass",
            "subclass manager",
        ] {
            assert!(!matters(text), "{text:?}");
        }
    }
}
