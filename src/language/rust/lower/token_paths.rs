//! Paths in flat tokens: macro bodies, attribute arguments, files that do not parse.
//!
//! Names joined with `::` are paths wherever they stand. Generic arguments end a chain: what follows them belongs to
//! a type. A lone name may be anything that the macro makes of it.

use super::Lowering;
use super::chains::is_path_keyword;
use super::places::Word;
use super::resolution::Want;
use super::tokens::{Token, tokens};
use crate::model::{Place, Segment, Span, Start};
use ra_ap_rustc_lexer::{LiteralKind, TokenKind};

/// What the tokens are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The arguments of a macro.
    Arguments,
    /// The body of a `macro_rules!`; `exported` when other crates may use it.
    Template {
        /// Whether `crate::` may mean another crate.
        exported: bool,
    },
    /// The arguments of an attribute: lone names are keys but behind a `=`.
    Attribute,
    /// A string in an attribute that is a path or type; `lone` when a single name is a path too.
    Text {
        /// Whether a single name counts.
        lone: bool,
    },
    /// A whole file that does not parse.
    Broken,
}

/// Words that are no names (Rust Reference, "Keywords"), but for those that start paths.
const KEYWORDS: [&str; 36] = [
    "as", "async", "await", "box", "break", "const", "continue", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return",
    "static", "struct", "trait", "true", "type", "unsafe", "use", "where", "while", "yield",
];
/// Keywords in front of a name that is new.
const DEFINING: [&str; 10] =
    ["const", "enum", "fn", "let", "mod", "mut", "static", "struct", "trait", "type"];

/// The tokens and how far they are read.
struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    source: Source,
}

impl<'a> Reader<'a> {
    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// True when the tokens at `at` are `::`.
    fn is_join(&self, at: usize) -> bool {
        self.is_pair(at, TokenKind::Colon, TokenKind::Colon)
    }

    fn is_pair(&self, at: usize, first: TokenKind, second: TokenKind) -> bool {
        self.kind(at) == Some(first)
            && self.kind(at + 1) == Some(second)
            && self.tokens[at].span.end == self.tokens[at + 1].span.start
    }

    fn word(&self, at: usize) -> Option<Word<'a>> {
        let token = self.tokens.get(at).filter(|token| token.is_word())?;
        Some(Word::at(self.text, token.span.start))
    }

    /// The word in front of the token at `at`.
    fn word_before(&self, at: usize) -> Option<Word<'a>> {
        at.checked_sub(1).and_then(|before| self.word(before))
    }

    fn kind_before(&self, at: usize) -> Option<TokenKind> {
        at.checked_sub(1).and_then(|before| self.kind(before))
    }

    /// True behind `->` and `=>`.
    fn is_arrow_before(&self, at: usize) -> bool {
        at.checked_sub(2).is_some_and(|front| {
            self.is_pair(front, TokenKind::Minus, TokenKind::Gt)
                || self.is_pair(front, TokenKind::Eq, TokenKind::Gt)
        })
    }

    /// Reads `a::b::c` from here on.
    fn chain(&mut self) -> Vec<Word<'a>> {
        let mut words = Vec::new();
        while let Some(word) = self.word(self.at) {
            words.push(word);
            self.at += 1;
            if !self.is_join(self.at) || self.word(self.at + 2).is_none() {
                break;
            }
            self.at += 2;
        }
        words
    }
}

impl<'a> Lowering<'a> {
    /// Adds the paths in a part of the text.
    pub(super) fn token_paths(&mut self, part: Span, source: Source) {
        let tokens = tokens(self.text, part).collect();
        let mut reader = Reader { text: self.text, tokens, at: 0, source };
        while let Some(kind) = reader.kind(reader.at) {
            match kind {
                TokenKind::Dollar => self.metavariable(&mut reader),
                // `quote!` puts in what `#name` stands for.
                TokenKind::Pound if reader.word(reader.at + 1).is_some() => self.metavariable(&mut reader),
                TokenKind::Colon if reader.is_join(reader.at) => self.join(&mut reader),
                TokenKind::Literal { kind: LiteralKind::Str { .. } | LiteralKind::RawStr { .. }, .. } => {
                    self.string(&mut reader);
                }
                _ => match reader.word(reader.at) {
                    Some(word) => self.word(&mut reader, word),
                    None => reader.at += 1,
                },
            }
        }
    }

    /// `$crate::a::b`, `$name`, `$name:kind`.
    fn metavariable(&mut self, reader: &mut Reader<'a>) {
        let dollar = reader.tokens[reader.at].span;
        reader.at += 1;
        let Some(word) = reader.word(reader.at) else { return };
        let is_kind = reader.kind(reader.at + 1) == Some(TokenKind::Colon) && !reader.is_join(reader.at + 1);
        let words = reader.chain();
        if word.is("crate") && dollar.of(self.text) == "$" {
            self.refer_to_own_crate(dollar, &words, Place::Code);
        } else if is_kind {
            reader.at += 2;
        }
    }

    /// `key = "a::b"` in an attribute.
    fn string(&mut self, reader: &mut Reader<'a>) {
        let at = reader.at;
        let is_value = at > 1 && reader.kind(at - 1) == Some(TokenKind::Eq);
        if is_value && reader.source == Source::Attribute {
            let key = reader.word(at - 2).map_or("", |word| word.text);
            self.path_in_string(reader.tokens[at].span, key);
        }
        reader.at += 1;
    }

    /// `::a::b`. Behind a type it only goes on.
    fn join(&mut self, reader: &mut Reader<'a>) {
        let goes_on = match reader.kind_before(reader.at) {
            Some(TokenKind::Gt) => !reader.is_arrow_before(reader.at),
            Some(TokenKind::CloseParen | TokenKind::CloseBracket) => true,
            _ => reader.word_before(reader.at).is_some_and(|word| !is_no_name(word)),
        };
        let leading = reader.tokens[reader.at].span.start;
        reader.at += 2;
        let words = reader.chain();
        if !goes_on && !words.is_empty() {
            let place = path_place(reader.source, false);
            self.refer_to(Some(leading), &words, place, Want::TYPE);
        }
    }

    fn word(&mut self, reader: &mut Reader<'a>, word: Word<'a>) {
        let at = reader.at;
        if word.is("use") && reader.source != Source::Attribute {
            return self.use_tokens(reader);
        }
        if is_no_name(word) {
            let defines = DEFINING.contains(&word.text);
            reader.at += 1;
            let is_name = reader.word(reader.at).is_some_and(|next| !is_no_name(next));
            reader.at += usize::from(defines && is_name && !reader.is_join(reader.at + 1));
            return;
        }
        let words = reader.chain();
        let is_member = reader.kind_before(at) == Some(TokenKind::Dot)
            && !reader.is_pair(at.saturating_sub(2), TokenKind::Dot, TokenKind::Dot);
        if is_member {
            return;
        }
        if words.len() > 1 {
            let place = path_place(reader.source, word.is("crate"));
            self.refer_to(None, &words, place, Want::TYPE);
        } else if !is_path_keyword(word) && is_used(reader, at) {
            let is_text = matches!(reader.source, Source::Text { .. });
            let place = if is_text { Place::Text } else { Place::Opaque };
            self.refer_to(None, &words, place, Want::ANY);
        }
    }

    /// `use a::b::{c, d};` in tokens: the parts of a group share their front, so they are not edited one by one.
    fn use_tokens(&mut self, reader: &mut Reader<'a>) {
        reader.at += 1;
        let leading = reader.is_join(reader.at).then(|| reader.tokens[reader.at].span.start);
        reader.at += if leading.is_some() { 2 } else { 0 };
        let dollar = reader.tokens.get(reader.at).filter(|token| token.kind == TokenKind::Dollar);
        let dollar = dollar.filter(|_| reader.word(reader.at + 1).is_some_and(|word| word.is("crate")));
        let root = dollar.map(|dollar| dollar.span);
        reader.at += usize::from(root.is_some());
        let mut opened: Vec<usize> = Vec::new();
        let mut words: Vec<Word<'a>> = Vec::new();
        while let Some(kind) = reader.kind(reader.at) {
            if reader.word(reader.at).is_some_and(|word| !word.is("as")) {
                words.extend(reader.chain());
                let opens =
                    reader.is_join(reader.at) && reader.kind(reader.at + 2) == Some(TokenKind::OpenBrace);
                if !opens {
                    self.used_path(root, leading, &words, reader.source, !opened.is_empty());
                    words.truncate(opened.last().copied().unwrap_or(0));
                }
                continue;
            }
            match kind {
                TokenKind::OpenBrace => opened.push(words.len()),
                TokenKind::CloseBrace if opened.pop().is_none() => return,
                TokenKind::CloseBrace => words.truncate(opened.last().copied().unwrap_or(0)),
                TokenKind::Comma | TokenKind::Colon | TokenKind::Star => {}
                TokenKind::Ident => reader.at += 1, // The name behind `as` is new.
                _ => return,
            }
            reader.at += 1;
        }
    }

    fn used_path(
        &mut self,
        root: Option<Span>,
        leading: Option<u32>,
        words: &[Word<'a>],
        source: Source,
        in_group: bool,
    ) {
        let is_self = in_group && words.last().is_some_and(|word| word.is("self"));
        let words = &words[..words.len() - usize::from(is_self)];
        let own_crate = words.first().is_some_and(|word| word.is("crate"));
        let place = if in_group { Place::Opaque } else { path_place(source, own_crate) };
        match root {
            Some(dollar) => {
                self.refer_to_own_crate(dollar, words, if in_group { place } else { Place::Code })
            }
            None => _ = self.refer_to(leading, words, place, Want::ANY),
        }
    }

    /// `$crate::a::b`; `dollar` is where the `$` is.
    fn refer_to_own_crate(&mut self, dollar: Span, words: &[Word<'a>], place: Place) {
        let [own, names @ ..] = words else { return };
        if names.is_empty() {
            return;
        }
        let root = Segment { name: "$crate".into(), span: dollar.cover(own.span) };
        let segments = std::iter::once(root).chain(names.iter().map(|word| word.segment()));
        self.refer(Start::Root, segments.collect(), place, Want::TYPE);
    }
}

/// Whether the lone name at `at` may stand for something that is bound elsewhere: it is no key and no definition.
fn is_used(reader: &Reader<'_>, at: usize) -> bool {
    let behind = at + 1;
    let is_key = reader.kind(behind) == Some(TokenKind::Colon) && !reader.is_join(behind);
    match reader.source {
        Source::Attribute => !is_key && reader.kind_before(at) == Some(TokenKind::Eq),
        Source::Text { lone } => lone,
        _ => !is_key,
    }
}

/// True for a word that is no name and starts no path.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word.len(), 1..=8) && (KEYWORDS.contains(&word) || word == "_")
}

fn is_no_name(word: Word<'_>) -> bool {
    !word.is_raw() && is_keyword(word.text)
}

/// What kind of text a path with several names is.
fn path_place(source: Source, starts_at_crate: bool) -> Place {
    match source {
        Source::Template { exported } if exported || !starts_at_crate => Place::Template,
        Source::Text { .. } => Place::Text,
        _ => Place::Code,
    }
}
