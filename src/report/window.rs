//! The part of a text that is worth showing around a place: few lines, and of each line few characters.

use super::clean;
use crate::model::Span;
use std::ops::Range;

/// The most characters of one line that are looked at; a terminal shows fewer.
const LINE: usize = 400;
/// Characters kept in front of the place when its line is cut.
const LEAD: usize = 80;
/// The most lines of a place that spans many.
const LINES: usize = 8;

/// Cleaned text and the place in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Window {
    /// Whole or cut lines, joined with `\n`.
    pub text: String,
    /// Row of the first line, counted from the first line of the original text, which is 0.
    pub skipped_rows: usize,
    /// The place, in bytes of `text`.
    pub place: Range<usize>,
}

/// Cuts the window around `place` out of `text`, with the lines of the place only. A place that lies outside of the
/// text or within a character is moved to the nearest one that exists.
pub fn around(text: &str, place: Span) -> Window {
    let start = text.floor_char_boundary(place.start as usize);
    let end = text.ceil_char_boundary(place.end as usize).max(start);
    let first = text[..start].rfind(is_break).map_or(0, |at| at + 1);
    let last = text[end..].find(is_break).map_or(text.len(), |at| end + at);
    let skipped_rows = rows(&text[..first]);
    let mut window = Window { text: String::new(), skipped_rows, place: 0..0 };
    let cut = if start - first > LINE - LEAD { text.floor_char_boundary(start - LEAD) } else { first };
    window.push_lead(&text[cut..start], cut > first);
    window.push_place(&text[start..end]);
    window.push_rest(&text[end..last]);
    window
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

/// Number of line breaks; `\r\n` is one.
fn rows(text: &str) -> usize {
    text.bytes().filter(|&byte| is_break(byte.into())).count() - text.matches("\r\n").count()
}

impl Window {
    fn push_lead(&mut self, lead: &str, is_cut: bool) {
        let mark = if is_cut { "…" } else { "" };
        self.text = format!("{mark}{}", clean::source(lead.trim_start_matches('\u{feff}')));
        self.place = self.text.len()..self.text.len();
    }

    fn push_place(&mut self, place: &str) {
        let unified = place.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines: Vec<String> = unified.split('\n').take(LINES).map(shorten).collect();
        if unified.split('\n').nth(LINES).is_some() {
            lines.push("…".into());
        }
        self.text.push_str(&lines.join("\n"));
        self.place.end = self.text.len();
    }

    fn push_rest(&mut self, rest: &str) {
        self.text.push_str(&shorten(rest));
    }
}

fn shorten(line: &str) -> String {
    let end = line.char_indices().nth(LINE).map_or(line.len(), |(at, _)| at);
    let mark = if end < line.len() { "…" } else { "" };
    format!("{}{mark}", clean::source(&line[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, start: usize, end: usize) -> (String, String, usize) {
        let window = around(text, Span::new(start as u32, end as u32));
        (window.text.clone(), window.text[window.place].to_string(), window.skipped_rows)
    }

    #[test]
    fn the_line_of_the_place_is_shown() {
        assert_eq!(shown("one\r\ntwo 😀 three\nfour", 14, 19), ("two 😀 three".into(), "three".into(), 1));
        assert_eq!(shown("", 0, 0), (String::new(), String::new(), 0));
    }

    #[test]
    fn a_very_long_line_is_cut_on_both_sides() {
        let text = format!("{}X{}", "é".repeat(100_000), "y".repeat(100_000));
        let (window, place, _) = shown(&text, 200_000, 200_001);
        assert!(window.len() < 1_000, "{} bytes", window.len());
        assert_eq!(place, "X");
    }

    #[test]
    fn a_place_of_many_lines_is_cut() {
        let text = "a\n".repeat(50);
        assert_eq!(shown(&text, 0, 99).0.lines().count(), LINES + 1);
    }

    #[test]
    fn a_place_outside_of_the_text_is_moved_into_it() {
        assert_eq!(shown("aé", 2, 900), ("aé".into(), "é".into(), 0));
        assert_eq!(shown("ab\n", 70, 60), (String::new(), String::new(), 1));
    }
}
