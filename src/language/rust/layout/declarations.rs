//! The `mod name;` items and `include!` calls in the text of a file, found by tokens (Rust Reference, "Modules").

use memchr::{memchr, memmem};
use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, strip_shebang, tokenize};
use unicode_normalization::UnicodeNormalization;

/// Inline modules nested deeper than this are not looked into.
const DEEPEST: usize = 64;
/// A file with longer names is looked into, whatever stands behind them.
const LONGEST_NAME: usize = 200;

/// A module whose body is another file, or a file that is included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declaration {
    /// The inline modules around it, outermost first.
    pub(super) inside: Vec<Inline>,
    /// Its name, without `r#`; `None` for an included file, which is a part of the module around it.
    pub(super) name: Option<Box<str>>,
    /// The files that attributes name, or the one that is included.
    pub(super) paths: Vec<Box<str>>,
    /// False when an attribute without a condition names the file.
    pub(super) is_conventional: bool,
    /// True in the body of a macro, which may be called from another file.
    pub(super) is_template: bool,
}

/// A module whose body stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inline {
    /// Its name, without `r#`.
    pub(super) name: Box<str>,
    /// The folder that an attribute names.
    pub(super) path: Option<Box<str>>,
}

/// The declarations of a file. Those in functions, macro calls and macro bodies count: a file that does not exist does
/// no harm.
pub(super) fn declarations(text: &str) -> Vec<Declaration> {
    let Some(end) = last_candidate(text.as_bytes()) else { return Vec::new() };
    let mut reader = Reader {
        tokens: tokens(&text[..end]),
        open: Vec::new(),
        macros: 0,
        inside: Vec::new(),
        attributes: Vec::new(),
        found: Vec::new(),
    };
    let mut at = 0;
    while at < reader.tokens.len() {
        at = reader.step(at);
    }
    reader.found
}

/// The end of the last `mod name;` or `include!…;` in the bytes: most files have none, or declare everything at their top.
/// Text in comments and strings counts too, and so does every character outside ASCII that may be a blank.
fn last_candidate(bytes: &[u8]) -> Option<usize> {
    let module = memmem::find_iter(bytes, b"mod").filter_map(|at| module_end(bytes, at)).last();
    let included = memmem::find_iter(bytes, b"include!").last();
    let included = included.map(|at| memchr(b';', &bytes[at..]).map_or(bytes.len(), |length| at + length));
    module.max(included)
}

/// The end of the declaration that may begin with the `mod` at `at`; of all bytes when that is not plain.
fn module_end(bytes: &[u8], at: usize) -> Option<usize> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_name = |byte: &&u8| is_word(**byte) || **byte >= 0x80 || **byte == b'#';
    let before = at.checked_sub(1).map(|at| bytes[at]);
    let behind = &bytes[at + 3..];
    if before.is_some_and(is_word) || behind.first().is_some_and(|&byte| is_word(byte)) {
        return None;
    }
    let blanks = behind.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let name = behind[blanks..].iter().take(LONGEST_NAME).take_while(is_name).count();
    let next = behind[blanks + name..].iter().position(|byte| !byte.is_ascii_whitespace());
    let next = at + 3 + blanks + name + next?;
    match bytes[next] {
        b';' => Some(next + 1),
        b'/' => Some(bytes.len()),
        _ => (name == LONGEST_NAME).then_some(bytes.len()),
    }
}

#[derive(Clone, Copy)]
struct Token<'text> {
    kind: TokenKind,
    text: &'text str,
}

/// The tokens without blanks and comments.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rest = &text[strip_shebang(text).unwrap_or(0)..];
    let all = tokenize(rest, FrontmatterAllowed::Yes).map(|token| {
        let (text, behind) = rest.split_at(token.len as usize);
        rest = behind;
        Token { kind: token.kind, text }
    });
    all.filter(|token| !is_trivia(token.kind)).collect()
}

const fn is_trivia(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Whitespace
            | TokenKind::LineComment { .. }
            | TokenKind::BlockComment { .. }
            | TokenKind::Frontmatter { .. }
    )
}

const fn is_open(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace)
}

const fn is_close(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace)
}

/// A file named by an attribute, and whether the attribute holds under a condition only.
struct Named {
    path: Box<str>,
    is_conditional: bool,
}

/// What a pair of delimiters encloses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Plain,
    Module,
    Macro,
}

struct Reader<'text> {
    tokens: Vec<Token<'text>>,
    open: Vec<Frame>,
    /// How many of the open delimiters enclose the rules of a macro.
    macros: usize,
    inside: Vec<Inline>,
    /// What the attributes in front of the next item name.
    attributes: Vec<Named>,
    found: Vec<Declaration>,
}

impl Reader<'_> {
    /// Reads what begins at a token, and says where to go on.
    fn step(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        if matches!(token.kind, TokenKind::Semi | TokenKind::OpenBrace | TokenKind::CloseBrace) {
            self.attributes.clear();
        }
        match token.kind {
            TokenKind::Pound => self.attribute(at),
            TokenKind::Ident if token.text == "mod" => self.module(at),
            TokenKind::Ident if token.text == "include" => self.include(at),
            TokenKind::Ident if token.text == "macro_rules" => self.rules(at),
            kind if is_open(kind) => self.open(Frame::Plain, at),
            kind if is_close(kind) => self.close(at),
            _ => at + 1,
        }
    }

    fn open(&mut self, frame: Frame, at: usize) -> usize {
        self.macros += usize::from(frame == Frame::Macro);
        self.open.push(frame);
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        match self.open.pop() {
            Some(Frame::Module) => drop(self.inside.pop()),
            Some(Frame::Macro) => self.macros -= 1,
            Some(Frame::Plain) | None => {}
        }
        at + 1
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Reads a module from its keyword on.
    fn module(&mut self, at: usize) -> usize {
        let Some(TokenKind::Ident | TokenKind::RawIdent) = self.kind(at + 1) else { return at + 1 };
        let name = name(self.tokens[at + 1].text);
        match self.kind(at + 2) {
            Some(TokenKind::Semi) => {
                let is_conventional = self.attributes.iter().all(|named| named.is_conditional);
                let paths = self.attributes.drain(..).map(|named| named.path).collect();
                self.declare(Some(name), paths, is_conventional);
                at + 3
            }
            Some(TokenKind::OpenBrace) => {
                let named = self.attributes.drain(..).find(|named| !named.is_conditional);
                self.inside.push(Inline { name, path: named.map(|named| named.path) });
                self.open(Frame::Module, at + 2)
            }
            _ => at + 1,
        }
    }

    /// Reads `include!("…")` from its name on.
    fn include(&mut self, at: usize) -> usize {
        let is_call = self.kind(at + 1) == Some(TokenKind::Bang) && self.kind(at + 2).is_some_and(is_open);
        let path = self.tokens.get(at + 3).filter(|_| is_call).and_then(|token| string(*token));
        if let Some(path) = path {
            self.declare(None, vec![path], false);
        }
        at + 1
    }

    /// Reads the head of `macro_rules! name { … }`.
    fn rules(&mut self, at: usize) -> usize {
        let is_named = self.kind(at + 1) == Some(TokenKind::Bang);
        if is_named && self.kind(at + 3).is_some_and(is_open) {
            self.open(Frame::Macro, at + 3)
        } else {
            at + 1
        }
    }

    fn declare(&mut self, name: Option<Box<str>>, paths: Vec<Box<str>>, is_conventional: bool) {
        if self.inside.len() <= DEEPEST {
            let (inside, is_template) = (self.inside.clone(), self.macros > 0);
            self.found.push(Declaration { inside, name, paths, is_conventional, is_template });
        }
    }

    /// Reads an attribute from its `#` on, as a whole. One that does not end takes the rest of the file with it.
    fn attribute(&mut self, at: usize) -> usize {
        let is_inner = matches!(self.kind(at + 1), Some(TokenKind::Bang));
        let open = at + 1 + usize::from(is_inner);
        if !matches!(self.kind(open), Some(TokenKind::OpenBracket)) {
            return at + 1;
        }
        let end = self.closing(open);
        if !is_inner {
            let content = &self.tokens[open + 1..end];
            self.attributes.extend(named_files(content));
        }
        end + 1
    }

    /// The token that closes the delimiter at `open`, or the end of the text.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        let closes = |token: &Token<'_>| {
            depth += usize::from(is_open(token.kind));
            depth -= usize::from(is_close(token.kind));
            depth == 0
        };
        self.tokens[open..].iter().position(closes).map_or(self.tokens.len(), |length| open + length)
    }
}

/// The files that the content of an attribute names: `path = "…"`, or the same behind the condition of a `cfg_attr`.
fn named_files(content: &[Token<'_>]) -> Vec<Named> {
    let value = |tokens: &[Token<'_>]| match tokens {
        [key, equals, value, ..] if key.text == "path" && equals.text == "=" => string(*value),
        _ => None,
    };
    if content.first().is_none_or(|first| first.text != "cfg_attr") {
        let named = value(content).map(|path| Named { path, is_conditional: false });
        return named.into_iter().collect();
    }
    let commas = (0..content.len()).filter(|&at| content[at].text == ",");
    let values = commas.filter_map(|at| value(&content[at + 1..]));
    values.map(|path| Named { path, is_conditional: true }).collect()
}

/// The value of a string literal; of the escapes only the backslash is known.
fn string(token: Token<'_>) -> Option<Box<str>> {
    let TokenKind::Literal { kind, .. } = token.kind else { return None };
    let content = &token.text[token.text.find('"')? + 1..];
    let content = &content[..content.rfind('"')?];
    match kind {
        LiteralKind::Str { .. } => Some(content.replace("\\\\", "\\").into()),
        LiteralKind::RawStr { .. } => Some(content.into()),
        _ => None,
    }
}

/// An identifier in its normal form (Rust Reference, "Identifiers").
fn name(written: &str) -> Box<str> {
    let written = written.strip_prefix("r#").unwrap_or(written);
    if written.is_ascii() { written.into() } else { written.nfc().collect::<String>().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each declaration as `outer/inner/name`, with what attributes name behind it; `?` when the usual place counts too.
    fn found(text: &str) -> Vec<String> {
        let show = |declaration: Declaration| {
            let mut shown = String::new();
            for inline in &declaration.inside {
                let path = inline.path.as_ref().map_or(String::new(), |path| format!("={path}"));
                shown += &format!("{}{path}/", inline.name);
            }
            shown += declaration.name.as_deref().unwrap_or("+");
            for path in &declaration.paths {
                shown += &format!(" {path}");
            }
            let is_open = declaration.is_conventional && !declaration.paths.is_empty();
            shown += if is_open { "?" } else { "" };
            if declaration.is_template { shown + " $" } else { shown }
        };
        declarations(text).into_iter().map(show).collect()
    }

    #[test]
    fn plain_declarations_are_found() {
        assert_eq!(
            found("mod a;\npub mod b ;\npub(in crate::x) mod r#type;\nmod /* x */ c;"),
            ["a", "b", "type", "c"]
        );
        assert_eq!(found("#!/usr/bin/env run\nmod a;"), ["a"]);
        assert_eq!(found("\u{feff}mod a;"), ["a"]);
        assert_eq!(found("mod größe;"), ["größe"]);
    }

    #[test]
    fn text_that_only_looks_like_one_is_not() {
        for text in [
            "// mod a;",
            "/* mod a; /* mod b; */ mod c; */",
            "const A: &str = \"mod a;\";",
            "const A: &str = r#\"\" mod a;\"#;",
            "mod a { }",
            "macro_rules! m { ($name:ident) => { mod $name; } }",
            "let r#mod = a; b;",
            "my_mod a;",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn inline_modules_nest() {
        assert_eq!(
            found("mod a { mod b { fn f() { [(); 1]; } mod c; } mod d; } mod e;"),
            ["a/b/c", "a/d", "e"]
        );
    }

    #[test]
    fn functions_and_macros_are_looked_into() {
        let text = "fn f() { mod a; }\ncfg_if! { if #[cfg(x)] { mod b; } else { pub mod c; } }\nmod m { x!(mod d;); }";
        assert_eq!(found(text), ["a", "b", "c", "m/d"]);
    }

    #[test]
    fn included_files_and_templates_are_told_apart() {
        let text =
            "mod a { include!(\"b.rs\"); } include!(concat!(x)); macro_rules! m { () => { mod c; } } mod d;";
        assert_eq!(found(text), ["a/+ b.rs", "c $", "d"]);
        assert_eq!(found("x!(); const A: [u8; 1] = include! { \"a.rs\" };"), ["+ a.rs"]);
        assert_eq!(found("include!(\"a.rs\")"), ["+ a.rs"]);
    }

    #[test]
    fn attributes_name_files() {
        assert_eq!(
            found("#[path = \"x/y.rs\"]\n/// Doc\n#[cfg(z)]\npub(crate) mod a;\nmod b;"),
            ["a x/y.rs", "b"]
        );
        assert_eq!(
            found("#[path = r\"x\\y.rs\"] mod a; #[path = \"x\\\\y.rs\"] mod b;"),
            ["a x\\y.rs", "b x\\y.rs"]
        );
        assert_eq!(
            found("#[cfg_attr(unix, path = \"u.rs\")] #[cfg_attr(all(a, b), c, path = \"w.rs\")] mod a;"),
            ["a u.rs w.rs?"]
        );
        assert_eq!(found("#[path = \"x\"] mod a { #[path = \"y.rs\"] mod b; }"), ["a=x/b y.rs"]);
    }

    #[test]
    fn attributes_of_something_else_do_not() {
        let text = "#[path = \"x.rs\"] fn f() {}\n#[x(path = \"y.rs\")] mod a; #![path = \"z.rs\"] mod b;";
        assert_eq!(found(text), ["a", "b"]);
    }

    #[test]
    fn broken_text_is_harmless() {
        for text in
            ["mod a; }}}} mod", "#[path = ", "#[", "mod", "mod a; #[path", "mod x; \"", "mod x; r#\"", "#"]
        {
            let _ = declarations(text);
        }
        assert_eq!(found("} mod a;"), ["a"]);
        let deep = format!("{}mod x;", "mod a {".repeat(100_000));
        assert_eq!(found(&deep), [""; 0]);
    }
}
