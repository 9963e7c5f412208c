//! YAML, as far as it takes to tell comments, plain and quoted values and blocks of text apart.

use super::regions::{Regions, line_end, string_end};
use crate::model::Span;

/// The parts of a text.
pub(super) fn regions(text: &str) -> Regions {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scan =
        Scan { text, at: start, line: start, flow: 0, parent: 0, fresh: true, regions: Regions::default() };
    while scan.at < text.len() {
        scan.token();
    }
    scan.regions
}

struct Scan<'text> {
    text: &'text str,
    at: usize,
    /// Where the present line begins.
    line: usize,
    /// How many brackets are open.
    flow: u32,
    /// The column of what a block of text would belong to.
    parent: usize,
    /// True until the first key or value of the line.
    fresh: bool,
    regions: Regions,
}

impl Scan<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn token(&mut self) {
        let byte = self.text.as_bytes()[self.at];
        let is_followed = self.byte(1).is_none_or(is_blank);
        match byte {
            b'\n' | b'\r' => {
                self.at += 1;
                (self.line, self.fresh) = (self.at, true);
            }
            b' ' | b'\t' => self.at += 1,
            b'#' if self.at == self.line || self.is_behind_blank() => {
                let end = line_end(self.text, self.at);
                self.regions.add_comment(self.at, end);
                self.at = end;
            }
            b'-' | b'?' if self.fresh && is_followed => {
                self.parent = self.at - self.line;
                self.at += 1;
            }
            b':' if is_followed || self.flow > 0 => self.at += 1,
            b'"' | b'\'' => self.quoted(byte),
            b'|' | b'>' if self.flow == 0 => self.block(),
            b'[' | b'{' => {
                self.flow += 1;
                self.at += 1;
            }
            b']' | b'}' | b',' if self.flow > 0 => {
                self.flow -= u32::from(byte != b',');
                self.at += 1;
            }
            b'&' | b'!' | b'*' => self.skip_word(),
            _ => self.plain(),
        }
    }

    fn is_behind_blank(&self) -> bool {
        matches!(self.text.as_bytes()[self.at - 1], b' ' | b'\t')
    }

    /// Notes the column of the first key or value of a line.
    fn begin(&mut self) {
        if std::mem::take(&mut self.fresh) {
            self.parent = self.at - self.line;
        }
    }

    /// An anchor, a tag or an alias.
    fn skip_word(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |byte: &u8| is_blank(*byte) || self.flow > 0 && matches!(byte, b',' | b']' | b'}');
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
    }

    fn quoted(&mut self, quote: u8) {
        self.begin();
        let start = self.at + 1;
        let mut from = start;
        let escapes = quote == b'"';
        loop {
            let end = string_end(self.text, from, quote, escapes, true);
            match end {
                // In single quotes a quote is written twice.
                Some(end) if !escapes && self.text.as_bytes().get(end + 1) == Some(&quote) => from = end + 2,
                Some(end) => {
                    self.regions.add_string(start, end, escapes);
                    let last = memchr::memrchr2(b'\n', b'\r', &self.text.as_bytes()[..end]);
                    self.line = last.map_or(0, |last| last + 1).max(self.line);
                    self.at = end + 1;
                    return;
                }
                None => {
                    self.at = start;
                    return;
                }
            }
        }
    }

    /// A block of text: all lines that are indented more than what it belongs to.
    fn block(&mut self) {
        let end = line_end(self.text, self.at);
        let header = &self.text[self.at + 1..end];
        let mark = header.len()
            - header.trim_start_matches(['+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).len();
        let rest = header[mark..].trim_start();
        if !(rest.is_empty() || rest.starts_with('#'))
            || self.fresh && self.parent == 0 && self.at == self.line
        {
            return self.plain();
        }
        if rest.starts_with('#') {
            self.regions.add_comment(end - rest.len(), end);
        }
        let (mut at, mut start) = (end, None);
        while at < self.text.len() {
            let line = at + if self.text[at..].starts_with("\r\n") { 2 } else { 1 };
            let line = line.min(self.text.len());
            let stop = line_end(self.text, line);
            let content = &self.text[line..stop];
            let indent = content.len() - content.trim_start_matches(' ').len();
            if indent < content.len() && indent <= self.parent {
                break;
            }
            start = start.or((indent < content.len()).then_some(line));
            at = stop;
        }
        start.inspect(|&start| {
            self.regions.add_plain(self.text, start, at);
            self.regions.blocks.push(Span::new(self.at as u32, at as u32));
        });
        self.at = at;
    }

    /// A plain value or key: up to a comment, a colon that parts key and value, or the end of the line.
    fn plain(&mut self) {
        self.begin();
        let (bytes, start, end) = (self.text.as_bytes(), self.at, line_end(self.text, self.at));
        let mut at = start + 1;
        while at < end {
            let ends = match bytes[at] {
                b'#' => matches!(bytes[at - 1], b' ' | b'\t'),
                b':' => bytes.get(at + 1).copied().is_none_or(is_blank),
                b',' | b'[' | b']' | b'{' | b'}' => self.flow > 0,
                _ => false,
            };
            if ends {
                break;
            }
            at += 1;
        }
        self.regions.add_plain(self.text, start, at);
        self.at = at;
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> (Vec<&str>, Vec<&str>) {
        regions(text).shown(text)
    }

    fn scalars(text: &str) -> Vec<&str> {
        parts(text).0
    }

    #[test]
    fn keys_values_and_comments_are_told_apart() {
        let text = "a: b # c\n- d\n- e: don't # f\n? 'g''h'\n: \"i\\\"#\"\nj#k: http://l\n# m\n";
        let (scalars, comments) = parts(text);
        assert_eq!(scalars, ["a", "b", "d", "e", "don't", "g''h", "i\\\"#", "j#k", "http://l"]);
        assert_eq!(comments, ["# c", "# f", "# m"]);
    }

    #[test]
    fn brackets_part_values() {
        assert_eq!(scalars("a: [b, 'c', {d: e}] # f\ng: h, i\n"), ["a", "b", "c", "d", "e", "g", "h, i"]);
    }

    #[test]
    fn a_block_of_text_has_no_comments() {
        let text = "a: |\n  b # c\n\n  # d\ne: >- # f\n  g\n- h: |\n    i\n  j: k # l\n- |\n  m\n";
        let (scalars, comments) = parts(text);
        assert_eq!(scalars, ["a", "b # c\n\n  # d", "e", "g", "h", "i", "j", "k", "m"]);
        assert_eq!(comments, ["# f", "# l"]);
    }

    #[test]
    fn anchors_tags_and_strings_over_lines_are_passed() {
        assert_eq!(
            scalars("a: &b !c d\ne: *b\nf: \"g\n  h\"\ni: j"),
            ["a", "d", "e", "f", "g\n  h", "i", "j"]
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_parts_in_order(pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "é", ": ", "- ", "\n", "  ", "#", " #", "\"", "'", "|", ">", "[", "]", "{", "}", ",", "\\", "\r\n", "&", "*", "\u{feff}",
        ]), 0..24)) {
            let text: String = pieces.concat();
            for notation in [super::super::json::regions, regions, super::super::toml::regions, super::super::lines::regions] {
                let found = notation(&text);
                let mut last = 0;
                for scalar in &found.scalars {
                    prop_assert!(last <= scalar.span.start && scalar.span.start <= scalar.span.end);
                    prop_assert!(text.get(scalar.span.start as usize..scalar.span.end as usize).is_some());
                    last = scalar.span.end;
                }
            }
        }
    }
}
