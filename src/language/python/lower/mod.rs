//! Lowers one Python file to neutral facts, in two passes.
//!
//! The first pass walks the syntax tree once, in source order, and collects scopes, bindings and uses. The second
//! looks every use up, because a binding counts in its whole scope wherever it stands (Python reference, 4.2.1).

mod annotations;
mod blind_spots;
mod callees;
mod calls;
mod data;
mod data_places;
mod deeds;
mod definitions;
mod exports;
mod expressions;
mod glimpses;
mod imports;
mod lazy;
mod literals;
#[cfg(test)]
mod notation;
mod outlines;
mod references;
mod scopes;
mod stack;
mod statements;
mod strings;
mod suppressions;
mod targets;

use super::syntax;
use crate::language::Extent;
use crate::language::pattern::SyntaxTree;
use crate::model::{
    Block, FileFacts, Name, Place, Relevance, Runs, Scope, ScopeId, SourceFile, Span, SyntaxError,
};
use calls::CallSite;
use glimpses::Glimpse;
use ruff_python_ast::token::Tokens;
use ruff_python_ast::{ModModule, PySourceType, Suite};
use ruff_python_parser::{Parsed, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange};
pub(super) use stack::{discard, with_room, with_room_to_parse};
pub(super) use suppressions::line_structure;

/// How much source there is for one reference, about; it only saves growing the list.
const BYTES_FOR_A_REFERENCE: usize = 40;

const TOO_LARGE: &str = "the file is larger than 4 GiB";

/// Reads a `.py` or `.pyi` file. Never fails: what cannot be read is listed in [`FileFacts::errors`], and the
/// facts of the rest are still there. With `relevance` that is left out which [`FileFacts::forget_local_uses`] would forget,
/// as far as this saves work.
pub fn lower(source: &SourceFile, relevance: Option<&Relevance<'_>>) -> FileFacts {
    let text = source.text();
    match parse(text) {
        Some(parsed) => facts(text, parsed, relevance),
        None => FileFacts::unreadable(TOO_LARGE),
    }
}

/// The same after a look at the syntax of a text in which nothing is wrong.
pub fn lower_after(
    source: &SourceFile,
    relevance: Option<&Relevance<'_>>,
    look: &mut dyn FnMut(SyntaxTree) -> Extent,
) -> Option<FileFacts> {
    let text = source.text();
    let Some(parsed) = parse(text) else { return Some(FileFacts::unreadable(TOO_LARGE)) };
    if !parsed.errors().is_empty() {
        return Some(facts(text, parsed, relevance));
    }
    let (tree, depth) = syntax::tree(text, &parsed);
    match look(tree) {
        Extent::Nothing => {
            discard(parsed, depth);
            None
        }
        Extent::Relevant => Some(facts(text, parsed, relevance)),
        Extent::Everything => Some(facts(text, parsed, None)),
    }
}

/// `None` for a text that is too large to be counted through.
fn parse(text: &str) -> Option<Parsed<ModModule>> {
    u32::try_from(text.len()).ok()?;
    Some(with_room_to_parse(text, || parse_unchecked_source(text, PySourceType::Python)))
}

fn facts(text: &str, parsed: Parsed<ModModule>, relevance: Option<&Relevance<'_>>) -> FileFacts {
    let mut lowering = Lowering::new(text, parsed.tokens(), relevance);
    lowering.suite(parsed.suite());
    lowering.lazy_names(parsed.suite());
    let (mut facts, depth) = lowering.finish();
    facts.errors = syntax_errors(text, &parsed);
    facts.suppressions = suppressions::read(text, parsed.suite(), parsed.tokens());
    discard(parsed, depth);
    facts
}

/// What the parser and CPython's own reader object to. Complaints that only concern a Python version are left out.
fn syntax_errors(text: &str, parsed: &Parsed<ModModule>) -> Vec<SyntaxError> {
    let null = memchr::memchr(0, text.as_bytes()).map(|at| SyntaxError {
        span: Span::new(at as u32, at as u32 + 1),
        message: "source code cannot contain null bytes".into(),
    });
    let parse_errors = parsed.errors().iter().map(|error| SyntaxError {
        span: span_of(error.location),
        message: error.error.to_string().trim_end_matches('.').to_owned(),
    });
    null.into_iter().chain(parse_errors).collect()
}

/// A parser's range as a span.
fn span_of(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// The state of the walk over one file.
struct Lowering<'a> {
    text: &'a str,
    /// Whether the whole text is ASCII, so that no name has to be looked at for it.
    is_ascii: bool,
    tokens: &'a Tokens,
    facts: FileFacts,
    /// What will be asked for; everything when it is not said.
    relevance: Option<&'a Relevance<'a>>,
    /// Whether plain chains are kept as glimpses now.
    skims: bool,
    glimpses: Vec<Glimpse>,
    /// Where names are looked up and bound now.
    scope: ScopeId,
    /// Where `:=` binds: the scope around the comprehensions (PEP 572).
    walrus: ScopeId,
    /// The class whose private names are mangled here, without leading underscores.
    private: Option<Name>,
    block: Block,
    /// When the statements run that the walk is at.
    runs: Runs,
    in_try: bool,
    /// What kind of text the walk is in.
    place: Place,
    /// The string annotation around, when its text is not the source's: every span in it is this one.
    opaque: Option<Span>,
    depth: u32,
    deepest: u32,
    nonlocals: Vec<(ScopeId, Name)>,
    /// Bindings of `nonlocal` names: their owner is known after the walk only.
    held: Vec<crate::model::BindingId>,
    calls: Vec<CallSite>,
    /// Names that hold nothing but a text which may be a path.
    constants: Vec<(crate::model::BindingId, calls::Text)>,
    /// Members of the typing modules imported under another name: (new name, own name).
    renamed_typing: Vec<(Name, Name)>,
}

impl<'a> Lowering<'a> {
    fn new(text: &'a str, tokens: &'a Tokens, relevance: Option<&'a Relevance<'a>>) -> Self {
        let expected = text.len() / BYTES_FOR_A_REFERENCE;
        Self {
            text,
            is_ascii: text.is_ascii(),
            tokens,
            facts: FileFacts {
                scopes: vec![Scope::module()],
                references: Vec::with_capacity(if relevance.is_some() { 0 } else { expected }),
                ..FileFacts::default()
            },
            relevance,
            skims: relevance.is_some(),
            glimpses: Vec::with_capacity(if relevance.is_some() { expected } else { 0 }),
            scope: 0,
            walrus: 0,
            private: None,
            block: Block(0),
            runs: Runs::Always,
            in_try: false,
            place: Place::Code,
            opaque: None,
            depth: 0,
            deepest: 0,
            nonlocals: Vec::new(),
            held: Vec::new(),
            calls: Vec::new(),
            constants: Vec::new(),
            renamed_typing: Vec::new(),
        }
    }

    /// Walks a block of statements.
    fn suite(&mut self, suite: &Suite) {
        let Some(first) = suite.first() else { return };
        let outer = std::mem::replace(&mut self.block, Block(first.range().start().to_u32()));
        for statement in suite {
            self.statement(statement);
        }
        self.block = outer;
    }

    /// The second pass. Returns the facts and how deep the tree was.
    fn finish(mut self) -> (FileFacts, u32) {
        self.place_held_bindings();
        self.resolve_references();
        let used = self.settle_glimpses();
        self.read_calls();
        self.note_module_getattr();
        self.sort_references();
        self.facts.note_uses(&used);
        (self.facts, self.deepest)
    }

    /// Where `range` is, as far as the file can tell.
    fn span(&self, range: TextRange) -> Span {
        self.opaque.unwrap_or_else(|| span_of(range))
    }
}

#[cfg(test)]
mod tests {
    use super::notation::{check, facts, references};
    use proptest::prelude::*;

    /// Pieces of Python that, put together at random, are hardly ever right.
    pub(super) const PIECES: &[&str] = &[
        "import a.b",
        "from .é import (",
        "as ",
        "x",
        "ﬁ",
        "__y",
        ".",
        "=",
        ":=",
        "\n",
        "\n  ",
        "class C:",
        "def f[T](",
        "nonlocal x",
        "global é",
        "lambda ",
        ": 'a.b[\"é",
        "'",
        "\"",
        "f'{é=",
        "}",
        ")",
        "]",
        "[",
        "(",
        ",",
        " for é in ",
        "del ",
        "match x:\n case ",
        "patch('a.é')",
        "import_module('.\\x61', ",
        "__all__ += ['é', ",
        "getattr(a, 'é' 'b')",
        "cast('é",
        "try:",
        "except E as e:",
        "type X = ",
        "@",
        "*",
        "\r",
        "\0",
        "\u{feff}",
        "\\\n",
        "#é\n",
        "# ssot: ignore[é",
        "# ssot: ignore-file] until=\n",
        " ",
    ];

    proptest! {
        #[test]
        fn any_text_gives_sound_facts(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
            let text: String = pieces.concat();
            check(&facts(&text), &text);
        }
    }

    #[test]
    fn broken_code_still_gives_facts_and_an_error() {
        let text = "import a.b\nx = a.b.(\na.b.c\n";
        assert!(!facts(text).errors.is_empty());
        assert!(references(text).contains("a.b.c <import"), "{}", references(text));
    }

    #[test]
    fn null_bytes_are_an_error_and_new_syntax_is_not() {
        assert_eq!(facts("x = 1\0").errors[0].message, "source code cannot contain null bytes");
        assert_eq!(facts("type X = int\ntry: pass\nexcept* E: pass\nt'{x}'\n").errors, []);
    }

    #[test]
    fn offsets_hold_behind_a_mark_and_any_line_break() {
        for text in ["\u{feff}import é\r\né.b", "import é\ré.b", "import é\x0c\né.b"] {
            assert_eq!(references(text), "é.b <import");
        }
    }
}
