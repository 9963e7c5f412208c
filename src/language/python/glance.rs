//! A glance at the bytes of a file that was not parsed: whether a word in it can be part of an import path at all.
//!
//! Most occurrences of a common word such as `manager` are local names. A path is spelled in an import statement, behind
//! a dot, or in a string; a bare name matters only where a star import can provide it, or where a module may define
//! another thing under it. In doubt the answer is yes.

use super::import_text::{
    BYTE_ORDER_MARK, Imports, asked_without_name, imported_path, is_comment, is_word, trim_blank,
};
use crate::language::Asked;
use memchr::memmem;
use std::ops::Range;

/// So many lines are looked through for the class around a method.
const MOST_LINES: usize = 2_000;

/// One file's bytes, with what was found out about them so far.
pub struct Glance<'file> {
    bytes: &'file [u8],
    imports: Option<Imports>,
    receivers_are_plain: Option<bool>,
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

    /// Which module an import asks for something by the name at `start..end`. The word `import` stands for the path before it,
    /// where that begins with dots.
    pub fn asked(&mut self, start: usize, end: usize) -> Asked {
        let bytes = self.bytes;
        if &bytes[start..end] == b"import" {
            return asked_without_name(&bytes[..start]);
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

    /// `a . b` and chains broken over lines, with a comment behind the dot.
    fn follows_dot(&self, start: usize) -> bool {
        let before = self.bytes[..start].trim_ascii_end();
        let is_broken = || self.bytes[before.len()..start].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        let line = &before[line_start(before)..];
        before.ends_with(b".")
            || before.ends_with(b"\\") && before[..before.len() - 1].trim_ascii_end().ends_with(b".")
            || is_broken()
                && memchr::memchr(b'#', line).is_some_and(|at| line[..at].trim_ascii_end().ends_with(b"."))
    }

    /// Behind a call or an index the chain has no name at its root; behind `self` and `cls` only if somebody binds those
    /// to a module.
    fn is_attribute_of_name(&mut self, dot: usize) -> bool {
        let before = &self.bytes[..dot];
        match before.last() {
            Some(b')') => is_in_brackets(before),
            Some(b']' | b'}') => false,
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

/// Whether the bracket that `before` ends with closes what is no call: `(a.b)`. In doubt it does.
fn is_in_brackets(before: &[u8]) -> bool {
    const FAR: usize = 200;
    let mut depth = 0;
    for at in (before.len().saturating_sub(FAR)..before.len()).rev() {
        match before[at] {
            b')' => depth += 1,
            b'(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let called = before[..at].trim_ascii_end().last();
            return !called.is_some_and(|byte| matches!(byte, b')' | b']' | b'"' | b'\'') || is_word(byte));
        }
    }
    before.len() > FAR
}

fn is_receiver(before: &[u8], name: &[u8]) -> bool {
    let goes_on = |byte: &u8| *byte == b'.' || is_word(byte);
    before.strip_suffix(name).is_some_and(|rest| !rest.last().is_some_and(goes_on))
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
            "(a).manager",
            "x = (a\n  .b).manager",
            "(a.  # what\n  manager)",
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
            ("from .gone import b", path(1, &["gone"])),
            ("x = 1; from . . gone.c \\\n import b", path(2, &["gone", "c"])),
            ("from .fromage import b", path(1, &["fromage"])),
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
