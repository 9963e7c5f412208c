//! `$X` in a pattern: written as a name that no text has, so that a parser takes it, and read again from there.

use regex::Regex;
use std::sync::LazyLock;

/// The letters that stand around the number of a capture; they are letters of identifiers in every language.
const ONE: char = '\u{1c0}';
const MANY: char = '\u{1c1}';

/// `$$$NAME` and `$NAME`. A name ends with a letter or digit, so that `$EVENT_done` ends with `_done`.
static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?<many>\$\$)?\$(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|_)").expect("the pattern is fixed")
});

/// Names of captures by their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Captures {
    names: Vec<Box<str>>,
}

/// A mark in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark<'word> {
    pub before: &'word str,
    /// The number of the capture.
    pub capture: usize,
    pub is_many: bool,
    pub after: &'word str,
}

impl Mark<'_> {
    /// True when the token is nothing but the mark.
    pub const fn is_whole(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

impl Captures {
    /// `text` as a parser takes it.
    pub fn encode(&mut self, text: &str) -> String {
        let encode = |found: &regex::Captures<'_>| {
            let mark = if found.name("many").is_some() { MANY } else { ONE };
            format!("{mark}{}{mark}", self.number(&found["name"]))
        };
        WRITTEN.replace_all(text, encode).into_owned()
    }

    /// Each `$_` is a capture of its own.
    fn number(&mut self, name: &str) -> usize {
        let known = self.names.iter().position(|known| &**known == name && name != "_");
        known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        })
    }

    /// `text` as it was before [`Self::encode`].
    pub fn decode_all(&self, text: &str) -> String {
        let (Some(start), Some(mark)) = (text.find([ONE, MANY]), self.mark(text)) else {
            return text.to_owned();
        };
        let sign = if mark.is_many { "$$$" } else { "$" };
        format!("{}{sign}{}{}", &text[..start], self.names[mark.capture], self.decode_all(mark.after))
    }

    /// The first mark in a token.
    pub fn mark<'word>(&self, word: &'word str) -> Option<Mark<'word>> {
        let start = word.find([ONE, MANY])?;
        let sign = word[start..].chars().next()?;
        let (number, after) = word[start + sign.len_utf8()..].split_once(sign)?;
        let capture = number.parse().ok().filter(|&number| number < self.names.len())?;
        Some(Mark { before: &word[..start], capture, is_many: sign == MANY, after })
    }

    pub fn name(&self, capture: usize) -> &str {
        &self.names[capture]
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| &**known == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_can_be_read_again() {
        let mut captures = Captures::default();
        let text = "send_$EVENT_done($CTX.id, $$$REST, $CTX, $_, $_, $x)";
        let encoded = captures.encode(text);
        assert_eq!(captures.decode_all(&encoded), text);
        assert_eq!(
            captures.names.iter().map(|name| &**name).collect::<Vec<_>>(),
            ["EVENT", "CTX", "REST", "_", "_"]
        );
        let mark = captures.mark(encoded.split('(').next().unwrap()).unwrap();
        assert_eq!((mark.before, mark.capture, mark.is_many, mark.after), ("send_", 0, false, "_done"));
    }

    #[test]
    fn a_text_with_the_letters_of_marks_is_left_alone() {
        let captures = Captures::default();
        assert_eq!(captures.mark("\u{1c0}0\u{1c0}"), None);
        assert_eq!(captures.decode_all("\u{1c0}0\u{1c0}"), "\u{1c0}0\u{1c0}");
    }
}
