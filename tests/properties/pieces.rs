//! Code put together from pieces: lines with holes, and blocks of lines.

use proptest::prelude::*;

/// The numbers that fill the holes of one line.
pub type Numbers = [u8; 6];

/// A line or a block of made-up code.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A line: which one, and what fills its holes.
    Line(u8, Numbers),
    /// A block: its head, what fills the holes there, what stands in it.
    Block(u8, Numbers, Vec<Piece>),
}

/// What is written in the place of each letter in braces, by number.
pub type Words<'a> = &'a [(&'a str, &'a [&'a str])];

/// Some lines and blocks.
pub fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let line = any::<(u8, Numbers)>().prop_map(|(which, numbers)| Piece::Line(which, numbers));
    let piece = line.prop_recursive(2, 12, 4, |inner| {
        let body = prop::collection::vec(inner, 1..4);
        (any::<(u8, Numbers)>(), body).prop_map(|((which, numbers), body)| Piece::Block(which, numbers, body))
    });
    prop::collection::vec(piece, 1..9)
}

/// One of `list`.
pub fn pick<'a, T: ?Sized>(list: &[&'a T], number: u8) -> &'a T {
    list[usize::from(number) % list.len()]
}

/// `text` with its holes filled: `<N>` is one when `words` has an `N`.
pub fn fill(text: &str, words: Words<'_>, numbers: Numbers) -> String {
    let (mut out, mut rest, mut next) = (String::new(), text, numbers.into_iter().cycle());
    while let Some((before, after)) = rest.split_once('<') {
        out += before;
        let hole = words.iter().find(|(name, _)| after.starts_with(&format!("{name}>")));
        out += hole.map_or("<", |(_, words)| pick(words, next.next().unwrap_or_default()));
        rest = hole.map_or(after, |(name, _)| &after[name.len() + 1..]);
    }
    out + rest
}

/// How a file is written, whatever is in it.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    pub crlf: bool,
    pub mark: bool,
    pub no_last_break: bool,
}

/// Mostly plain.
pub fn writing() -> impl Strategy<Value = Writing> {
    let seldom = || prop::bool::weighted(0.2);
    (seldom(), seldom(), seldom()).prop_map(|(crlf, mark, no_last_break)| Writing {
        crlf,
        mark,
        no_last_break,
    })
}

impl Writing {
    /// The bytes of `text`.
    pub fn encode(self, text: &str) -> Vec<u8> {
        let text = if self.no_last_break { text.trim_end_matches('\n') } else { text };
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let mark = if self.mark { "\u{feff}" } else { "" };
        format!("{mark}{text}").into_bytes()
    }
}
