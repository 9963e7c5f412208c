//! Examples in documentation: what rustdoc compiles as programs of their own (rustdoc, "Documentation tests").

use super::lower_file;
use crate::model::{Edition, Example, FileFacts, Place, Span};

/// What rustdoc puts around an example, too: statements need a function.
const HEAD: &str = "fn _example() {\n";
const NAME: &str = "_example";
const TAIL: &str = "\n}";

/// A block of code in documentation.
struct CodeBlock {
    /// Whole lines.
    span: Span,
    /// The code, as long as the span.
    code: String,
    tags: Tags,
}

/// What stands behind the fence.
struct Tags {
    edition: Option<Edition>,
    is_ignored: bool,
}

/// Adds the facts of every example. `pieces` are the doc comments with a fence, in source order.
pub(super) fn add(text: &str, pieces: &[Span], edition: Edition, facts: &mut FileFacts) {
    for block in blocks(text, pieces) {
        let edition = block.tags.edition.unwrap_or(edition);
        let mut inner = lower_file(&program(&block.code), edition).0;
        inner.scopes[0].names.clear();
        inner.scopes.iter_mut().filter(|scope| &*scope.name == NAME).for_each(|scope| scope.name = "".into());
        inner.bindings.iter_mut().filter(|binding| &*binding.name == NAME).for_each(|binding| {
            binding.span = Span::new(HEAD.len() as u32, HEAD.len() as u32);
        });
        if !inner.errors.is_empty() {
            if block.tags.is_ignored {
                continue;
            }
            // What its tokens spell is told, and left alone.
            inner.imports.clear();
            inner.bindings.clear();
            inner.scopes.truncate(1);
            for reference in &mut inner.references {
                (reference.place, reference.scope) = (Place::Opaque, 0);
                reference.bindings.clear();
            }
        }
        let shift = i64::from(block.span.start) - HEAD.len() as i64;
        let example = Example { span: block.span, code: block.code.into(), edition, imports: 0..0 };
        facts.add_example(inner, example, shift);
    }
}

/// An example as a file: its code lies [`head`] bytes further on.
pub(in super::super) fn program(code: &str) -> String {
    [HEAD, code, TAIL].concat()
}

/// How many bytes [`program`] puts in front.
pub(in super::super) const fn head() -> usize {
    HEAD.len()
}

fn blocks(text: &str, pieces: &[Span]) -> Vec<CodeBlock> {
    let mut found = Vec::new();
    let mut done = 0;
    for piece in pieces {
        if piece.start >= done {
            let lines = Lines::new(text, *piece);
            done = read(text, lines, &mut found).max(piece.end);
        }
    }
    found
}

/// The lines of a doc comment from a fence on: the line, and where its text begins behind the marks.
struct Lines<'a> {
    text: &'a str,
    /// `///`, `//!`, or nothing inside `/** */`.
    mark: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, piece: Span) -> Self {
        let source = piece.of(text);
        let start = text[..piece.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        if source.starts_with("//") {
            Self { text, mark: &source[..3], at: start, end: text.len() }
        } else {
            let first =
                source.find('\n').map_or(piece.end as usize, |newline| piece.start as usize + newline + 1);
            Self { text, mark: "", at: first, end: (piece.end as usize).saturating_sub(2).max(first) }
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = (Span, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..self.end).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let (line, start) = (&rest[..length], self.at);
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let words = &line[indent..];
        if !self.mark.is_empty() && is_plain_comment(words) {
            // It stands between the lines, and rustc passes over it.
            self.at += length;
            let content = start + line.trim_end_matches(['\n', '\r']).len();
            return Some((Span::new(start as u32, (start + length) as u32), content));
        }
        let marks = if self.mark.is_empty() {
            usize::from(words.starts_with('*'))
        } else {
            let is_doc = words.starts_with(self.mark) && !(self.mark == "///" && words.starts_with("////"));
            is_doc.then_some(self.mark.len())?
        };
        self.at += length;
        let indent = if marks == 0 { 0 } else { indent };
        Some((Span::new(start as u32, (start + length) as u32), start + indent + marks))
    }
}

/// True for `//` that begins no documentation.
fn is_plain_comment(words: &str) -> bool {
    words.starts_with("//")
        && !words.starts_with("//!")
        && (!words.starts_with("///") || words.starts_with("////"))
}

/// Reads code blocks: of a comment made of lines the first one. Returns where it ends.
fn read(text: &str, mut lines: Lines<'_>, found: &mut Vec<CodeBlock>) -> u32 {
    let is_one = !lines.mark.is_empty();
    let mut end = 0;
    while let Some((line, content)) = lines.next() {
        end = line.end;
        let words = text[content..line.end as usize].trim();
        let Some((mark, count)) = fence(words) else {
            if is_one {
                break;
            }
            continue;
        };
        let tags = tags(&words[count..]);
        let mut block: Option<(Span, String)> = None;
        for (line, content) in lines.by_ref() {
            end = line.end;
            let words = text[content..line.end as usize].trim();
            let closes = fence(words)
                .is_some_and(|(other, length)| other == mark && length >= count && words.len() == length);
            if closes {
                break;
            }
            let (span, code) =
                block.get_or_insert_with(|| (Span::new(line.start, line.start), String::new()));
            span.end = line.end;
            push(text, line, content, code);
        }
        if let (Some((span, code)), Some(tags)) = (block, tags) {
            found.push(CodeBlock { span, code, tags });
        }
        if is_one {
            break;
        }
    }
    end
}

/// The mark of a fence and how often it stands there.
fn fence(words: &str) -> Option<(char, usize)> {
    let mark = words.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let count = words.chars().take_while(|next| *next == mark).count();
    (count >= 3).then_some((mark, count))
}

/// Adds a line with blanks in place of its marks, that of a hidden line included.
fn push(text: &str, line: Span, content: usize, code: &mut String) {
    code.extend(std::iter::repeat_n(' ', content - line.start as usize));
    let words = &text[content..line.end as usize];
    let inner = words.trim_start();
    let is_hidden = inner.starts_with("# ") || inner.trim_end() == "#" || inner.starts_with("##");
    if is_hidden {
        code.push_str(&words[..words.len() - inner.len()]);
        code.push(' ');
        code.push_str(&inner[1..]);
    } else {
        code.push_str(words);
    }
}

/// `None` when the fence says that something else than Rust follows.
fn tags(words: &str) -> Option<Tags> {
    let mut tags = Tags { edition: None, is_ignored: false };
    let (mut is_rust, mut is_other) = (false, false);
    for word in words.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        match word {
            "rust" => is_rust = true,
            "should_panic" | "no_run" | "compile_fail" | "test_harness" | "standalone_crate" => {}
            "edition2015" => tags.edition = Some(Edition::Rust2015),
            _ if word.starts_with("edition20") => tags.edition = Some(Edition::Current),
            _ if word == "ignore" || word.starts_with("ignore-") => tags.is_ignored = true,
            _ if is_error_code(word) => {}
            _ => is_other = true,
        }
    }
    (is_rust || !is_other).then_some(tags)
}

/// `E0308`.
fn is_error_code(word: &str) -> bool {
    word.strip_prefix('E')
        .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{facts, references};

    fn check(text: &str, code: &[&str], expected: &str) {
        let facts = facts(text);
        let found: Vec<&str> = facts.examples.iter().map(|example| &*example.code).collect();
        assert_eq!(found, code, "{text}");
        assert!(facts.examples.iter().all(|example| example.span.len() as usize == example.code.len()));
        assert_eq!(references(&facts, text), expected, "{text}");
    }

    #[test]
    fn code_is_read_without_the_marks() {
        check("/// ```\n/// a::b();\n/// ```\nstruct S;", &["    a::b();\n"], "a::b");
        check(
            "//! ```rust,no_run\n//! # use a::B;\n//! B\n//! ```\n",
            &["      use a::B;\n    B\n"],
            "B <import@inner",
        );
        check("  /** x\n   * ```\n   * a::b\n   * ```\n  */ struct S;", &["     a::b\n"], "a::b");
    }

    #[test]
    fn comments_between_its_lines_are_no_part_of_it() {
        check(
            "/// ```\n/// a::b();\n  // d::e\n//// f\n/// c::d();\n/// ```\n// g::h\nstruct S;",
            &["    a::b();\n         \n      \n    c::d();\n"],
            "a::b; c::d",
        );
    }

    #[test]
    fn what_is_not_rust_is_left_out() {
        for text in
            ["/// ```text\n/// a::b\n/// ```\nstruct S;", "/// ```ignore\n/// a::b ...\n/// ```\nstruct S;"]
        {
            assert_eq!(references(&facts(text), text), "", "{text}");
        }
    }

    #[test]
    fn an_example_sees_nothing_of_the_file() {
        let text = "use a::B;\n/// ```\n/// B\n/// ```\nstruct S;";
        assert_eq!(references(&facts(text), text), "B");
    }

    #[test]
    fn what_does_not_parse_is_told_as_tokens() {
        let text = "/// ```\n/// let x = a::b ...;\n/// ```\nstruct S;";
        assert_eq!(references(&facts(text), text), "a::b Opaque");
    }
}
