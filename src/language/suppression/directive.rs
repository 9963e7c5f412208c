//! What a comment says to this program: the same words in every language, behind its own mark of a comment.

use super::MARK;
use crate::model::{Span, Suppression, SuppressionFault, Word};

/// What other programs read in comments; such a comment may stand before a suppression on a line of its own. Anything else
/// that does is code that somebody has put into a comment.
const NEIGHBOURS: [&str; 12] = [
    "noqa", "nosec", "type:", "ruff:", "mypy:", "pyright:", "pylint:", "flake8:", "isort:", "fmt:",
    "pragma:", "yapf:",
];

/// The suppressions of one comment, which is given with its mark; each stands behind a mark. `is_alone` when nothing else is on
/// its lines. What they cover is left open.
pub(super) fn directives(text: &str, comment: Span, is_alone: bool) -> Vec<Suppression> {
    let inside = comment.of(text);
    // A semicolon begins a comment in sections and lines, and ends a sentence elsewhere.
    let is_semicolon =
        |before: &str| before.starts_with(';') && before.trim_matches([';', ' ', '\t']).is_empty();
    let is_marked = |at: &usize| {
        let before = &inside[..*at];
        before.trim_end().ends_with(['#', '/', '*', '!']) || is_semicolon(before)
    };
    let starts = inside.match_indices(MARK).map(|(at, _)| at);
    let starts: Vec<usize> = starts.filter(is_marked).collect();
    let is_first = |at: &usize| {
        let line = inside[..*at].rsplit('\n').next().unwrap_or_default();
        line.trim_matches(['#', ';', '/', '*', '!', ' ', '\t']).is_empty()
    };
    let is_code = is_alone && !starts.first().is_some_and(is_first) && !begins_as_neighbour(inside);
    if is_code {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([inside.len()]);
    let read = |(start, end): (&usize, usize)| {
        Reader { text, at: comment.start + *start as u32, end: comment.start + end as u32 }.directive()
    };
    starts.iter().zip(ends).filter_map(read).collect()
}

fn begins_as_neighbour(comment: &str) -> bool {
    let words = comment.trim_start_matches(['#', '/', '*', ' ', '\t']);
    NEIGHBOURS.iter().any(|neighbour| words.starts_with(neighbour))
}

/// Reads one directive from left to right.
struct Reader<'text> {
    text: &'text str,
    at: u32,
    end: u32,
}

/// What stands in the brackets.
#[derive(Default)]
struct List {
    codes: Vec<Word>,
    until: Option<Word>,
    fault: Option<SuppressionFault>,
}

impl<'text> Reader<'text> {
    fn rest(&self) -> &'text str {
        &self.text[self.at as usize..self.end as usize]
    }

    fn skip(&mut self, bytes: usize) {
        self.at += bytes as u32;
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start().len());
    }

    fn directive(mut self) -> Option<Suppression> {
        let start = self.at;
        self.skip(MARK.len());
        self.skip_blanks();
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let verb = self.rest().split(|c: char| !is_letter(c)).next()?;
        self.skip(verb.len());
        let is_known = matches!(verb, "ignore" | "ignore-file");
        let is_meant =
            self.rest().starts_with('[') || verb.starts_with("ignore-") || verb.starts_with("ignore_");
        if !is_known && !is_meant {
            return None; // A sentence that begins like this.
        }
        let list = self.list();
        let (mut until, mut end, mut reason) = (list.until, self.at, Vec::new());
        while let Some(word) = self.word() {
            match until_word(&word) {
                Some(day) if until.is_none() => {
                    end = day.span.end;
                    until = Some(day);
                }
                _ => reason.push(word.text),
            }
        }
        Some(Suppression {
            span: Span::new(start, end),
            covers: Span::default(),
            is_for_file: verb == "ignore-file",
            codes: list.codes,
            until,
            reason: reason.join(" ").trim_start_matches([':', '-', '–', '—', ' ']).into(),
            fault: if is_known { list.fault } else { Some(SuppressionFault::UnknownWord) },
        })
    }

    /// What stands in brackets, when there are any.
    fn list(&mut self) -> List {
        let rest = self.rest();
        let lead = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest[lead..].starts_with('[') {
            return List::default();
        }
        self.skip(lead + 1);
        let inside = self.rest();
        let line = inside.find(['\n', '\r']).unwrap_or(inside.len());
        let end = inside[..line].find(']');
        let length = end.unwrap_or(inside[..line].trim_end().len());
        let (mut list, mut at) = (List::default(), self.at);
        for part in inside[..length].split(',') {
            let lead = (part.len() - part.trim_start().len()) as u32;
            let text = part.trim();
            let span = Span::new(at + lead, at + lead + text.len() as u32);
            let word = Word { text: text.into(), span };
            match until_word(&word) {
                Some(day) => list.until = Some(day),
                None if !text.is_empty() => list.codes.push(word),
                None => {}
            }
            at += part.len() as u32 + 1;
        }
        self.skip(length + usize::from(end.is_some()));
        list.fault = match end {
            None => Some(SuppressionFault::OpenList),
            Some(_) if list.codes.is_empty() => Some(SuppressionFault::EmptyList),
            Some(_) => None,
        };
        list
    }

    /// The next word; the end of a block comment and the beginning of a further comment are none.
    fn word(&mut self) -> Option<Word> {
        self.skip_blanks();
        let word = self.rest().split_whitespace().next()?;
        let said = word.trim_end_matches("*/");
        if matches!(word, "#" | "//") || said.is_empty() {
            return None;
        }
        let span = Span::new(self.at, self.at + said.len() as u32);
        self.skip(word.len());
        Some(Word { text: said.into(), span })
    }
}

/// The day in `until=2027-01-01`.
fn until_word(word: &Word) -> Option<Word> {
    let day = word.text.strip_prefix("until=")?;
    Some(Word { text: day.into(), span: Span::new(word.span.end - day.len() as u32, word.span.end) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(comment: &str, is_alone: bool) -> Vec<Suppression> {
        directives(comment, Span::new(0, comment.len() as u32), is_alone)
    }

    fn one(comment: &str) -> Suppression {
        let found = read(comment, false);
        assert_eq!(found.len(), 1, "{comment}");
        found.into_iter().next().unwrap()
    }

    fn codes(suppression: &Suppression) -> Vec<&str> {
        suppression.codes.iter().map(|code| &*code.text).collect()
    }

    #[test]
    fn codes_dates_and_reasons_are_read() {
        let text = "# ssot: ignore[SSOT001, alias] until=2027-01-01 ADR 12 says so";
        let found = one(text);
        assert_eq!(codes(&found), ["SSOT001", "alias"]);
        let until = found.until.as_ref().unwrap();
        assert_eq!((&*until.text, until.span.of(text)), ("2027-01-01", "2027-01-01"));
        assert_eq!(&*found.reason, "ADR 12 says so");
        assert_eq!(found.span.of(text), "ssot: ignore[SSOT001, alias] until=2027-01-01");
        assert_eq!(found.codes[1].span.of(text), "alias");
    }

    #[test]
    fn blanks_and_the_place_of_the_date_are_free() {
        for text in [
            "#ssot:ignore[a]until=2027-01-01",
            "# ssot:  ignore [ a , until=2027-01-01 ] why",
            "// ssot: ignore[a] why until=2027-01-01",
            "/* ssot: ignore[a] until=2027-01-01*/",
        ] {
            let found = one(text);
            assert_eq!(codes(&found), ["a"], "{text}");
            assert_eq!(found.until.as_ref().map(|day| &*day.text), Some("2027-01-01"), "{text}");
            assert_eq!(found.fault, None, "{text}");
        }
    }

    #[test]
    fn only_the_words_behind_a_mark_count() {
        assert_eq!(read("# noqa: F401  # ssot: ignore[SSOT001]", false).len(), 1);
        assert_eq!(read("# type: ignore # ssot:ignore", false).len(), 1);
        assert_eq!(read("# ssot: ignore[a] one # ssot: ignore[b] two", false).len(), 2);
        assert_eq!(&*one("# ssot: ignore[a] one # noqa: F401").reason, "one");
        for text in ["# the ssot: ignore[x] of old", "# ssot: ignored", "# ssot: keep", "# SSOT: ignore it"] {
            assert_eq!(read(text, false), [], "{text}");
        }
    }

    #[test]
    fn code_in_a_comment_has_no_suppressions() {
        assert_eq!(read("# from a import b  # ssot: ignore[SSOT001]", true), []);
        assert_eq!(read("# ruff: noqa  # ssot: ignore-file[SSOT001]", true).len(), 1);
        assert_eq!(read("## ssot: ignore[SSOT001]", true).len(), 1);
    }

    #[test]
    fn what_is_malformed_is_noted() {
        let fault = |text: &str| one(text).fault;
        assert_eq!(fault("# ssot: ignore[SSOT001"), Some(SuppressionFault::OpenList));
        assert_eq!(fault("# ssot: ignore[] why"), Some(SuppressionFault::EmptyList));
        assert_eq!(fault("# ssot: ignore-line[SSOT001]"), Some(SuppressionFault::UnknownWord));
        assert_eq!(fault("# ssot: disable[SSOT001]"), Some(SuppressionFault::UnknownWord));
        assert_eq!(fault("# ssot: ignore-next-line"), Some(SuppressionFault::UnknownWord));
    }
}
