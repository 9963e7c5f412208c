//! Links in documentation that name items (rustdoc, "Linking to items by name").

use super::Lowering;
use super::attributes::contents;
use super::places::Word;
use super::resolution::Want;
use crate::model::{Place, ScopeId, Span};
use ra_ap_rustc_lexer::is_id_start;
use rustc_hash::FxHashSet;
use syn::LitStr;

/// A doc comment or the string of a `#[doc]`.
#[derive(Debug)]
pub(super) struct DocPiece {
    span: Span,
    is_inner: bool,
    /// The module in which its links are looked up.
    scope: ScopeId,
}

/// A link that may name an item.
struct Link {
    target: Span,
    /// True when it is a label, which another line may define as an address.
    is_label: bool,
}

/// The links of one item's documentation, as far as they are read.
#[derive(Default)]
struct Links<'a> {
    found: Vec<Link>,
    defined: FxHashSet<&'a str>,
    /// The mark of the code block that is open, and how often it stands there.
    fence: Option<(char, usize)>,
    /// True when a bracket was opened on a line above, and the paragraph has not ended.
    is_open: bool,
}

impl<'a> Lowering<'a> {
    /// Keeps a piece of documentation for later.
    pub(super) fn documentation(&mut self, text: &LitStr, is_inner: bool) {
        let span = self.places.span(text.span());
        let source = span.of(self.text);
        if source.contains(['[', ']']) || source.contains("```") || source.contains("~~~") {
            let scope = self.facts.module_scope(self.scope);
            self.docs.push(DocPiece { span, is_inner, scope });
        }
    }

    /// Reads the links of all documentation. Pieces with nothing but blanks between them belong together. Returns the
    /// comments in which code may start.
    pub(super) fn read_doc_links(&mut self) -> Vec<Span> {
        let pieces = std::mem::take(&mut self.docs);
        let belongs = |before: &DocPiece, piece: &DocPiece| {
            before.scope == piece.scope
                && before.is_inner == piece.is_inner
                && before.span.end <= piece.span.start
                && is_documentation(Span::new(before.span.end, piece.span.start).of(self.text))
        };
        let items: Vec<&[DocPiece]> = pieces.chunk_by(belongs).collect();
        for item in items {
            let mut links = Links::default();
            let mut end = item[0].span.start;
            for piece in item {
                links.is_open &= !ends_paragraph(Span::new(end, piece.span.start).of(self.text));
                end = piece.span.end;
                if let Some(part) = doc_text(self.text, piece.span) {
                    links.read(self.text, part);
                }
            }
            self.scope = item[0].scope;
            self.add_links(&links);
        }
        let has_fence = |piece: &&DocPiece| {
            let source = piece.span.of(self.text);
            let is_comment = source.starts_with("//") || source.starts_with("/*");
            is_comment && (source.contains("```") || source.contains("~~~"))
        };
        let mut fences: Vec<Span> = pieces.iter().filter(has_fence).map(|piece| piece.span).collect();
        fences.sort_by_key(|span| span.start);
        fences
    }

    fn add_links(&mut self, links: &Links<'a>) {
        for link in &links.found {
            let label = link.target.of(self.text);
            if !(link.is_label && links.defined.contains(label)) {
                self.link(link.target);
            }
        }
    }

    /// `a::B`, `` `a::B` ``, `struct@B`, `f()`, `m!`, `B#fields`, `Vec<T>`.
    fn link(&mut self, target: Span) {
        let (inside, want) = bare(target.of(self.text), target.start);
        let Some((leading, words)) = inside.and_then(|inside| path(self.text, inside)) else { return };
        if words.len() > 1 || leading.is_some() || self.is_named(words[0], Want::TYPE) {
            self.refer_to(leading, &words, Place::Doc, want);
        }
    }
}

/// True when only lines of documentation without links lie in `between`.
fn is_documentation(between: &str) -> bool {
    between.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with("//"))
}

/// True when an empty line of documentation lies in `between`.
fn ends_paragraph(between: &str) -> bool {
    between.lines().map(str::trim).any(|line| matches!(line, "///" | "//!"))
}

/// The documentation itself, without the marks of the comment; `None` for a string with escapes.
fn doc_text(text: &str, span: Span) -> Option<Span> {
    let source = span.of(text);
    if source.starts_with("//") {
        Some(Span::new(span.start + 3, span.start + source.trim_end().len().max(3) as u32))
    } else if source.starts_with("/*") {
        Some(Span::new(span.start + 3, (span.end - 2).max(span.start + 3)))
    } else {
        contents(text, span)
    }
}

impl<'a> Links<'a> {
    fn read(&mut self, text: &'a str, part: Span) {
        let mut start = part.start;
        for line in part.of(text).split_inclusive('\n') {
            let end = start + line.len() as u32;
            self.line(text, Span::new(start, start + line.trim_end().len() as u32));
            start = end;
        }
    }

    fn line(&mut self, text: &'a str, line: Span) {
        let words = line.of(text).trim_start_matches(|mark: char| mark.is_whitespace() || mark == '*');
        let mark = words.chars().next().filter(|first| matches!(first, '`' | '~'));
        let count = mark.map_or(0, |mark| words.chars().take_while(|next| *next == mark).count());
        match (self.fence, mark.filter(|_| count >= 3)) {
            (Some((open, least)), Some(mark)) if open == mark && count >= least => self.fence = None,
            (Some(_), _) => {}
            (None, Some(mark)) => self.fence = Some((mark, count)),
            (None, None) => self.inline(text, line, words.len()),
        }
    }

    fn inline(&mut self, text: &'a str, line: Span, length: usize) {
        let source = line.of(text);
        let first = source.len() - length;
        let mut at = 0;
        if length == 0 {
            self.is_open = false;
        } else if self.is_open
            && let Some(close) = unopened(source)
        {
            self.is_open = false;
            at = self.address(text, line, close, Span::new(line.start, line.start), false);
        }
        while let Some(found) = memchr::memchr3(b'[', b'`', b'\\', &source.as_bytes()[at..]) {
            let here = at + found;
            at = match source.as_bytes()[here] {
                b'[' => self.bracket(text, line, here, here == first),
                b'`' => code_end(source, here),
                _ => here + 1 + source[here + 1..].chars().next().map_or(0, char::len_utf8),
            };
        }
    }

    /// What starts with the `[` at `open`. Returns where to go on.
    fn bracket(&mut self, text: &'a str, line: Span, open: usize, is_first: bool) -> usize {
        let source = line.of(text);
        let Some(close) = closing(source, open) else {
            self.is_open = true;
            return open + 1;
        };
        let label = Span::new(line.start + open as u32 + 1, line.start + close as u32);
        self.address(text, line, close, label, is_first)
    }

    /// What follows the `]` at `close`, which ends a label; the label is empty when it began on a line above.
    fn address(&mut self, text: &'a str, line: Span, close: usize, label: Span, is_first: bool) -> usize {
        let source = line.of(text);
        let part = |start: usize, end: usize| Span::new(line.start + start as u32, line.start + end as u32);
        let behind = close + 1;
        match source.as_bytes().get(behind) {
            Some(b'(') => {
                let length = source[behind..].find(')').unwrap_or(source.len() - behind);
                // In `(f())` the first `)` is the function's.
                let calls = source[behind + 1..behind + length.max(1)].ends_with('(');
                let end = (behind + length + usize::from(calls)).min(source.len());
                let target = trimmed(text, part(behind + 1, end));
                self.found.push(Link { target, is_label: false });
                end
            }
            Some(b'[') => {
                let Some(end) = closing(source, behind) else { return behind };
                let second = part(behind + 1, end);
                let target = if second.is_empty() { label } else { second };
                self.found.push(Link { target, is_label: true });
                end + 1
            }
            Some(b':') if is_first => {
                self.defined.insert(label.of(text));
                let target = trimmed(text, part(behind + 1, source.len()));
                self.found.push(Link { target, is_label: false });
                source.len()
            }
            _ => {
                self.found.push(Link { target: label, is_label: true });
                behind
            }
        }
    }
}

/// Behind the code that the backticks at `open` start, or behind them when it has no end here.
fn code_end(source: &str, open: usize) -> usize {
    let ticks = source[open..].bytes().take_while(|byte| *byte == b'`').count();
    let mark = &source[open..open + ticks];
    source[open + ticks..].find(mark).map_or(open + ticks, |end| open + ticks + end + ticks)
}

/// The `]` that belongs to the `[` at `open`.
fn closing(source: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    let brackets = source[open..].bytes().enumerate().filter(|(_, byte)| matches!(byte, b'[' | b']'));
    for (at, byte) in brackets {
        depth += if byte == b'[' { 1 } else { -1 };
        if depth == 0 {
            return Some(open + at);
        }
    }
    None
}

/// The first `]` that belongs to no `[` of the line.
fn unopened(source: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in source.bytes().enumerate() {
        depth += match byte {
            b'[' => 1,
            b']' if depth == 0 => return Some(at),
            b']' => -1,
            _ => 0,
        };
    }
    None
}

/// The first word of an address: a title may follow.
fn trimmed(text: &str, part: Span) -> Span {
    let source = part.of(text);
    let start = part.start + (source.len() - source.trim_start().len()) as u32;
    let length = source.split_whitespace().next().map_or(0, str::len);
    Span::new(start, start + length as u32)
}

/// The path in a link, and what kind of thing its decoration says that it is. `None` when it is no link to an item.
fn bare(link: &str, start: u32) -> (Option<Span>, Want) {
    let (mut from, mut to) = (0, link.len());
    let trim = |from: &mut usize, to: &mut usize| {
        let part = &link[*from..*to];
        let inner = part.trim_matches(|mark: char| mark == '`' || mark.is_whitespace());
        *from += part.len() - part.trim_start_matches(|mark: char| mark == '`' || mark.is_whitespace()).len();
        *to = *from + inner.len();
    };
    trim(&mut from, &mut to);
    let mut want = Want::ANY;
    if let Some(at) = link[from..to].find('@') {
        match kind(&link[from..from + at]) {
            Some(known) => want = known,
            None => return (None, want),
        }
        from += at + 1;
    }
    let fragment = link[from..to].match_indices('#').find(|(at, _)| !link[from..from + at].ends_with('r'));
    to = fragment.map_or(to, |(at, _)| from + at);
    for (suffix, kind) in [
        ("!()", Want::MACRO),
        ("![]", Want::MACRO),
        ("!{}", Want::MACRO),
        ("!", Want::MACRO),
        ("()", Want::VALUE),
    ] {
        if link[from..to].ends_with(suffix) {
            to -= suffix.len();
            want = kind;
            break;
        }
    }
    if let Some(generics) = link[from..to].find('<').filter(|_| link[from..to].ends_with('>')) {
        to = from + generics;
    }
    trim(&mut from, &mut to);
    (Some(Span::new(start + from as u32, start + to as u32)), want)
}

/// What the word in front of an `@` says.
fn kind(word: &str) -> Option<Want> {
    match word {
        "struct" | "enum" | "union" | "trait" | "type" | "tyalias" | "typealias" | "mod" | "module"
        | "traitalias" => Some(Want::TYPE),
        "fn" | "function" | "const" | "constant" | "static" | "value" | "method" | "variant" | "field" => {
            Some(Want::VALUE)
        }
        "macro" | "derive" | "attr" => Some(Want::MACRO),
        _ => None,
    }
}

/// Reads `::a::b`; all of the part has to be a path.
fn path(text: &str, part: Span) -> Option<(Option<u32>, Vec<Word<'_>>)> {
    let source = part.of(text);
    let names = source.strip_prefix("::").unwrap_or(source);
    let leading = (names.len() < source.len()).then_some(part.start);
    let mut at = part.end - names.len() as u32;
    let mut words = Vec::new();
    loop {
        let word = Word::at(text, at);
        let is_name = word.text.starts_with(is_id_start) && word.span.end <= part.end;
        if !is_name {
            return None;
        }
        words.push(word);
        let rest = &text[word.span.end as usize..part.end as usize];
        if rest.is_empty() {
            return Some((leading, words));
        }
        at = word.span.end + 2;
        rest.strip_prefix("::")?;
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::refers;

    #[test]
    fn every_form_of_link_is_read() {
        refers(
            "/// [`a::B`], [x](c::D), [e::F], [x][g::H] and [`I`][]\nstruct S;",
            "a::B Doc; c::D Doc; e::F Doc; g::H Doc; I Doc",
        );
        refers(
            "/// [x] and [`y`]\n///\n/// [x]: a::B\n/// [`y`]: crate::c \"title\"\nstruct S;",
            "a::B Doc; crate::c Doc",
        );
        refers(
            "/// [a\n/// b](c::D) and [e\n/// `f`][g::H] [i\n///\n/// ](j::K)\nstruct S;",
            "c::D Doc; g::H Doc",
        );
        refers("/// [x y\n/// z\n/// `w`](a::B)\nstruct S;", "a::B Doc");
        refers("/** [a::B]\n * [c::D] */\n#[doc = \"[e::F]\"] struct S;", "a::B Doc; c::D Doc; e::F Doc");
    }

    #[test]
    fn decoration_is_left_out() {
        refers(
            "/// [struct@a::B] [`c::d()`] [e::f!] [g::H#i] [j::K<T>] [::l::m] [mod@n]\nfn f() {}",
            "a::B Doc; c::d Doc; e::f Doc; g::H Doc; j::K Doc; ::l::m Doc; n Doc",
        );
        refers(
            "mod n {} fn n() {} /// [mod@n] [n()] [n]\nfn f() {}",
            "n Doc <module; n Doc <item; n Doc <module|item",
        );
    }

    #[test]
    fn what_is_no_link_to_an_item_is_left_alone() {
        for text in [
            "[x](https://a::b)",
            "`[a::B]`",
            "\\[a::B]",
            "[a b]",
            "[1]",
            "[](../a.html)",
            "[Self::x]",
            "[u8]",
            "[prim@x]",
        ] {
            refers(&format!("/// {text}\nstruct S;"), "");
        }
        refers("/// ```text\n/// [a::B]\n/// ```\n/// [c::D]\nstruct S;", "c::D Doc");
    }

    #[test]
    fn links_are_looked_up_in_the_module() {
        refers("use a::B; /// [B]\nmod m { //! [B]\n use c::B; }", "B Doc <import; B Doc <import@m");
        refers("struct B; fn f() { let B = 1; /// [B]\n struct S; }", "B <item; B Doc <item");
        refers("use a::B;\r\n/// é [B]\r\n/// [B]\r\nstruct S;", "B Doc <import; B Doc <import");
    }
}
