//! From the text of a Rust file to facts.
//!
//! One walk over the syntax tree collects scopes, bindings, imports and uses in source order; then every use is looked
//! up, because an item counts in its whole scope wherever it stands (Rust Reference, "Scopes"). Macro bodies and
//! attribute arguments, and files that do not parse, are read as flat tokens.

mod attributes;
mod blind_spots;
mod captures;
mod chains;
mod deeds;
mod deprecated;
mod depth;
mod doc_links;
mod examples;
mod expressions;
mod item_macros;
mod items;
mod macros;
#[cfg(test)]
mod notation;
mod outlines;
mod paths;
mod patterns;
mod places;
mod resolution;
mod scopes;
mod suppressions;
mod syntax;
mod token_paths;
mod tokens;
mod use_trees;
mod walk;

use crate::model::{
    Block, Edition, Exports, FileFacts, Place, ReferenceId, Scope, ScopeId, SourceFile, Span, SyntaxError,
};
use doc_links::DocPiece;
pub(super) use examples::{head, program};
pub(super) use places::Places;
use resolution::{Undecided, Want};
use rustc_hash::{FxHashMap, FxHashSet};
pub(super) use suppressions::line_structure;
use syn::visit::Visit;
pub(super) use syntax::{fragment, syntax};

/// How much source there is for one reference, about; it only saves growing the list.
const BYTES_FOR_A_REFERENCE: usize = 40;

/// Reads a `.rs` file. Never fails: a file that does not parse has an error in its facts, and what its tokens tell.
pub(super) fn lower(source: &SourceFile, edition: Edition) -> FileFacts {
    let text = source.text();
    if u32::try_from(text.len()).is_err() {
        return FileFacts::unreadable("the file is larger than 4 GiB");
    }
    let (mut facts, fences) = lower_file(text, edition);
    examples::add(text, &fences, edition, &mut facts);
    facts.note_uses(&[]);
    facts
}

/// Reads a file but for the examples in its documentation; returns the doc comments in which one may start as well.
pub(super) fn lower_file(text: &str, edition: Edition) -> (FileFacts, Vec<Span>) {
    let base = code_start(text);
    match depth::stack_for(&text[base..]) {
        Some(bytes) => stacker::maybe_grow(bytes, bytes, || parse_and_lower(text, base, edition)),
        None => {
            let message = "the code is nested too deeply to be read".into();
            lower_tokens(text, base, edition, SyntaxError { span: Span::default(), message })
        }
    }
}

/// Where the code starts: behind a byte order mark and a `#!` line (Rust Reference, "Input format").
pub(super) fn code_start(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    mark + ra_ap_rustc_lexer::strip_shebang(&text[mark..]).unwrap_or(0)
}

/// All use of the parser's spans happens in here: they are void once their table is cleared.
fn parse_and_lower(text: &str, base: usize, edition: Edition) -> (FileFacts, Vec<Span>) {
    let found = match syn::parse_str::<syn::File>(&text[base..]) {
        Ok(file) => {
            let mut lowering = Lowering::new(text, base, edition);
            lowering.visit_file(&file);
            lowering.facts.suppressions = suppressions::read(text, Some(&file));
            lowering.finish()
        }
        Err(error) => lower_tokens(text, base, edition, syntax_error(text, base, &error)),
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

/// Looks at the syntax tree of a text; `None` when it does not parse, or is nested too deeply.
pub(super) fn with_file<T>(text: &str, look: impl FnOnce(&syn::File, &Places<'_>) -> T) -> Option<T> {
    let base = code_start(text);
    let bytes = depth::stack_for(&text[base..])?;
    stacker::maybe_grow(bytes, bytes, || {
        let file = syn::parse_str::<syn::File>(&text[base..]);
        let seen = file.ok().map(|file| look(&file, &Places::new(text, base)));
        proc_macro2::extra::invalidate_current_thread_spans();
        seen
    })
}

fn syntax_error(text: &str, base: usize, error: &syn::Error) -> SyntaxError {
    let range = error.span().byte_range();
    let (start, end) = (base + range.start, base + range.end);
    let known = text.get(start..end).is_some();
    let span = if known { Span::new(start as u32, end as u32) } else { Span::default() };
    SyntaxError { span, message: error.to_string().trim_end_matches('.').to_owned() }
}

/// What the tokens of a broken file tell.
fn lower_tokens(text: &str, base: usize, edition: Edition, error: SyntaxError) -> (FileFacts, Vec<Span>) {
    let mut lowering = Lowering::new(text, base, edition);
    lowering.broken_file(Span::new(base as u32, text.len() as u32));
    lowering.facts.errors.push(error);
    lowering.facts.suppressions = suppressions::read(text, None);
    lowering.finish()
}

/// The state of the walk over one file.
struct Lowering<'a> {
    text: &'a str,
    places: Places<'a>,
    edition: Edition,
    facts: FileFacts,
    /// What each reference looks for, by its id.
    wants: Vec<Want>,
    /// Where names are looked up now.
    scope: ScopeId,
    /// Where items are bound now: names of `let` are bound further inside.
    items: ScopeId,
    block: Block,
    /// For each scope, how many references there were when it was opened.
    opened: Vec<ReferenceId>,
    /// For each name, how many references there were when it was last used.
    mentions: FxHashMap<&'a str, ReferenceId>,
    /// Names that the pattern around binds.
    captures: Vec<Span>,
    /// Where captured names begin that are fields in their short form: always variables.
    short_fields: FxHashSet<u32>,
    /// True in patterns that need not match: there a capitalised name is a constant.
    refutable: bool,
    /// Capitalised names in patterns that always match: locals, unless an item has the name.
    undecided: Vec<Undecided>,
    docs: Vec<DocPiece>,
    /// The place of names without a path.
    lone: Place,
    /// How many macro calls there are around.
    macro_depth: u32,
    /// True in a module that is built for tests only.
    in_tests: bool,
    /// Macros of the file that make no names.
    silent_macros: FxHashSet<&'a str>,
}

impl<'a> Lowering<'a> {
    fn new(text: &'a str, base: usize, edition: Edition) -> Self {
        Self {
            text,
            places: Places::new(text, base),
            edition,
            facts: FileFacts {
                scopes: vec![Scope::module()],
                references: Vec::with_capacity(text.len() / BYTES_FOR_A_REFERENCE),
                exports: Exports::Visible,
                is_declarative: true,
                ..FileFacts::default()
            },
            wants: Vec::with_capacity(text.len() / BYTES_FOR_A_REFERENCE),
            scope: 0,
            items: 0,
            block: Block(0),
            opened: vec![0],
            mentions: FxHashMap::default(),
            captures: Vec::new(),
            short_fields: FxHashSet::default(),
            refutable: false,
            undecided: Vec::new(),
            docs: Vec::new(),
            lone: Place::Code,
            macro_depth: 0,
            in_tests: false,
            silent_macros: FxHashSet::default(),
        }
    }

    fn finish(mut self) -> (FileFacts, Vec<Span>) {
        let fences = self.read_doc_links();
        self.resolve();
        (self.facts, fences)
    }
}

#[cfg(test)]
mod tests {
    use super::notation::{facts, references};
    use proptest::prelude::*;

    /// Pieces of Rust that, put together at random, are hardly ever right.
    const PIECES: &[&str] = &[
        "use a::{",
        "self",
        "}",
        ";",
        "::",
        "é::b",
        "crate",
        "super::",
        " as ",
        "*",
        "fn f(",
        ")",
        "{",
        "[",
        "]",
        "<",
        ">",
        "let x = ",
        "m!(",
        "macro_rules! m {",
        "$x",
        "$crate::a",
        "\"{é:x$}\"",
        "\"",
        "'",
        "r#",
        "#[a(b = \"c::d\")]",
        "#![",
        "///[é::b](",
        "/** [x]: y */",
        "/*",
        "//! ```\n",
        "\n",
        "\r",
        "\u{feff}",
        "#!",
        "mod m {",
        "impl ",
        " for ",
        "match x {",
        "=>",
        "|",
        "b'",
        "1.",
        "println!(\"{x\\u{7d}}\", ",
        "pub(in ",
        "type X<T> = a::B<T>;",
        "\\",
        "\0",
        "if let ",
        "S { x",
        ", ",
        "struct X",
        "€",
        "`",
        "$",
        "thread_local!(static ",
        "#[derive(",
        "#[cfg_attr(x, ",
        "matches!(x, ",
        "// ssot: ignore[é",
        "/* ssot: ignore-file] until=\n",
    ];

    proptest! {
        #[test]
        fn any_text_gives_sound_facts(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16)) {
            let text: String = pieces.concat();
            let facts = facts(&text);
            prop_assert!(!facts.scopes.is_empty());
        }
    }

    #[test]
    fn a_broken_file_has_an_error_and_what_its_tokens_tell() {
        for text in ["fn f( { a::b } use c::d;", "<<<<<<< HEAD\nuse a::b; c::d\n", "fn f() { a::b } } c::d"] {
            let facts = facts(text);
            assert_eq!((facts.errors.len(), facts.scopes.len()), (1, 1), "{text}");
            let found = references(&facts, text);
            assert!(found.contains("a::b") && found.contains("c::d"), "{found}");
        }
        let text = "/* é */ fn f() { 1 + }";
        assert_eq!(facts(text).errors[0].span.of(text), "}");
    }

    #[test]
    fn files_are_read_one_after_the_other_on_one_thread() {
        for text in ["fn f() { a::b }", "fn f() { /* é */ a::b }", "fn f( a::b", "fn f() { a::b }"] {
            assert!(references(&facts(text), text).contains("a::b"));
        }
    }
}
