//! Text that came from outside, made fit for a terminal: nothing in it can move the cursor or turn the line around.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` on one line: control characters, line separators and direction marks become `\u{…}` escapes.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => clean.push_str("\\n"),
            '\r' => clean.push_str("\\r"),
            '\t' => clean.push_str("\\t"),
            hidden if is_unsafe(hidden) => {
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(hidden));
            }
            shown => clean.push(shown),
        }
    }
    Cow::Owned(clean)
}

/// Source text with line feeds and tabs kept and one visible character in place of each unsafe one.
pub fn source(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' | '\t' => character,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        hidden if is_unsafe(hidden) => '\u{fffd}',
        kept => kept,
    };
    text.chars().map(shown).collect()
}

/// Controls (C0, DEL, C1), line and paragraph separators, and the marks that change the direction of text
/// (Unicode Standard Annex 9, explicit formatting characters) or hide in it.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_its_line_or_reach_the_terminal() {
        assert_eq!(one_line("a\nb\x1b[31m\u{202e}c\u{9b}"), "a\\nb\\u{1b}[31m\\u{202e}c\\u{9b}");
        assert_eq!(one_line("größe 😀.py"), "größe 😀.py");
    }

    #[test]
    fn source_keeps_one_character_for_each() {
        let text = "x\t\x1b\u{202e}\u{9b}\r\n";
        assert_eq!(source(text), "x\t␛\u{fffd}\u{fffd}␍\n");
    }
}
