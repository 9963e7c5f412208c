//! Names that a format string takes from the scope around (std::fmt, "Named parameters").

use super::places::Word;
use crate::model::Span;
use ra_ap_rustc_lexer::is_id_start;

/// The names in the format string whose literal lies at `literal`, where they are written.
pub(super) fn names(text: &str, literal: Span) -> Vec<Word<'_>> {
    let source = literal.of(text);
    let is_raw = source.starts_with('r');
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'{', b'\\', &source.as_bytes()[at..]) {
        let here = at + found;
        let rest = &source[here..];
        at = here
            + match () {
                () if rest.starts_with('\\') && !is_raw => escape_length(rest),
                () if rest.starts_with("{{") => 2,
                () if rest.starts_with('{') => {
                    let length = rest.find('}').unwrap_or(rest.len());
                    placeholder(
                        text,
                        Span::new(literal.start + here as u32 + 1, literal.start + (here + length) as u32),
                        &mut names,
                    );
                    length.max(1)
                }
                () => 1,
            };
    }
    names
}

/// `\n`, `\\`, `\u{1f600}`.
fn escape_length(rest: &str) -> usize {
    if rest.starts_with("\\u{") {
        rest.find('}').map_or(rest.len(), |end| end + 1)
    } else {
        1 + rest[1..].chars().next().map_or(0, char::len_utf8)
    }
}

/// `name`, `name:width$.precision$?`, `:width$`.
fn placeholder<'a>(text: &'a str, part: Span, names: &mut Vec<Word<'a>>) {
    let inside = part.of(text);
    let name_end = inside.find(':').unwrap_or(inside.len());
    let blanks = inside.len() - inside.trim_start().len();
    if blanks < name_end {
        names.extend(name_at(text, part.start + blanks as u32));
    }
    for (dollar, _) in inside.match_indices('$').filter(|(at, _)| *at > name_end) {
        let before = &inside[name_end + 1..dollar];
        let start = before.rfind(|character| !ra_ap_rustc_lexer::is_id_continue(character));
        let start = start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        names.extend(name_at(text, part.start + (name_end + 1 + start) as u32));
    }
}

fn name_at(text: &str, start: u32) -> Option<Word<'_>> {
    let starts = text[start as usize..].starts_with(is_id_start);
    starts.then(|| Word::at(text, start)).filter(|word| !word.text.is_empty() && word.text != "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(literal: &str) -> Vec<&str> {
        names(literal, Span::new(0, literal.len() as u32)).iter().map(|word| word.text).collect()
    }

    #[test]
    fn names_are_found_but_not_numbers_braces_or_escapes() {
        assert_eq!(
            captured(r#""{a} {0} {} {{b}} \u{c} \\{d:?} {é:>w$.p$} {:x$}""#),
            ["a", "d", "é", "w", "p", "x"]
        );
        assert_eq!(captured(r##"r#"\{a}"#"##), ["a"]);
        assert_eq!(captured(r#""{"#), Vec::<&str>::new());
    }
}
