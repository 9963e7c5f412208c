//! TOML: strings are values, keys or names of tables; bare ones are none, their dots part tables.

use super::regions::{Regions, line_end, string_end};
use crate::model::Span;

/// Tables with this name in their path hold this program's own rules.
const OWN: &str = "ssot-lint";

/// Tables of rules in a file of their own, also one that is not in use, and the keys in them that hold paths.
const RULES: [&str; 4] = ["[[symbol]]", "[[module]]", "[[usage]]", "[[policy]]"];
const PATH_KEYS: [&str; 6] = ["legacy", "canonical", "facades", "find", "replace", "renames"];

/// The parts of a text.
pub(super) fn regions(text: &str) -> Regions {
    let mut scan = Scan {
        text,
        at: 0,
        depth: 0,
        own_table: None,
        own_key: None,
        is_rule: false,
        regions: Regions::default(),
    };
    while scan.at < text.len() {
        scan.line();
    }
    scan.close(scan.own_table);
    scan.close(scan.own_key);
    scan.regions.own.sort_unstable_by_key(|span| span.start);
    scan.regions
}

struct Scan<'text> {
    text: &'text str,
    at: usize,
    /// How many brackets are open.
    depth: u32,
    /// Where a table of ours began.
    own_table: Option<usize>,
    /// Where a key of ours began, in a table of others.
    own_key: Option<usize>,
    /// True in a table that has the name of a rule.
    is_rule: bool,
    regions: Regions,
}

impl Scan<'_> {
    fn line(&mut self) {
        if self.depth == 0 && self.begin() {
            self.header();
        }
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.at += 1;
                    return;
                }
                b'#' => {
                    let end = line_end(self.text, self.at);
                    self.regions.add_comment(self.at, end);
                    self.at = end;
                }
                b'"' | b'\'' => self.string(byte),
                b'[' | b'{' => {
                    self.depth += 1;
                    self.at += 1;
                }
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// The names of a table: those in quotes may be paths, the dots of others part tables.
    fn header(&mut self) {
        let end = line_end(self.text, self.at);
        while self.at < end {
            match self.text.as_bytes()[self.at] {
                b'#' => return,
                quote @ (b'"' | b'\'') => self.string(quote),
                _ => self.at += 1,
            }
        }
    }

    /// Looks at what a line begins: a table, or a key. True for a table.
    fn begin(&mut self) -> bool {
        let line = &self.text[self.at..line_end(self.text, self.at)];
        let key = line.trim_start();
        let is_header = key.starts_with('[');
        if is_header || !key.is_empty() {
            self.close(self.own_key);
            self.own_key = None;
        }
        if is_header {
            self.close(self.own_table);
            self.own_table = names_us(key.split(']').next().unwrap_or(key)).then_some(self.at);
            self.is_rule = RULES.iter().any(|rule| key.starts_with(rule));
        } else if self.own_table.is_none()
            && key.split_once('=').is_some_and(|(key, _)| names_us(key) || self.is_rule && is_of_rule(key))
        {
            self.own_key = Some(self.at);
        }
        is_header
    }

    fn close(&mut self, start: Option<usize>) {
        self.regions.own.extend(start.map(|start| Span::new(start as u32, self.at as u32)));
    }

    fn string(&mut self, quote: u8) {
        let (bytes, escapes) = (self.text.as_bytes(), quote == b'"');
        let mark = [quote; 3];
        if bytes[self.at..].starts_with(&mark) {
            let start = self.at + 3;
            let mut end = start;
            while let Some(found) = string_end(self.text, end, quote, escapes, true) {
                end = found;
                if bytes[found..].starts_with(&mark) {
                    self.regions.add_string(start, found, escapes);
                    self.at = found + 3;
                    return;
                }
                end += 1;
            }
            self.at = start;
            return;
        }
        let start = self.at + 1;
        let end = string_end(self.text, start, quote, escapes, false);
        end.inspect(|&end| self.regions.add_string(start, end, escapes));
        self.at = end.map_or(start, |end| end + 1);
    }
}

/// Whether a key of a rule holds paths.
fn is_of_rule(key: &str) -> bool {
    PATH_KEYS.contains(&key.split('.').next().unwrap_or(key).trim())
}

/// Whether one of the names of a dotted key is ours.
fn names_us(key: &str) -> bool {
    key.split('.').any(|name| name.trim_matches(['[', ' ', '\t', '"', '\'']) == OWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalars(text: &str) -> Vec<&str> {
        regions(text).shown(text).0
    }

    fn own(text: &str) -> Vec<&str> {
        regions(text).own.iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn strings_of_all_four_kinds_are_values() {
        let text = "['x.y']\na.b = 'c\\'\nd = \"e\\\"f\" # 'g'\nh = \"\"\"i\n\"j\"\n\"\"\"\nk = '''l'm'''\n";
        assert_eq!(scalars(text), ["x.y", "c\\", "e\\\"f", "i\n\"j\"\n", "l'm"]);
    }

    #[test]
    fn own_tables_end_where_others_begin() {
        let text =
            "[a]\n[tool.ssot-lint]\nx = [\n  'y',\n]\n[[tool.ssot-lint.symbol]]\nz = 1\n[tool.b]\nc = 'd'\n";
        assert_eq!(own(text).concat(), text[4..text.find("[tool.b]").unwrap()]);
    }

    #[test]
    fn rules_in_a_file_that_is_not_in_use_are_no_data() {
        let text =
            "[[module]]\nid = 'a.b'\nlegacy = [\n  'c.d',\n]\nrenames.x = 'e'\n[other]\nlegacy = 'f.g'\n";
        assert_eq!(own(text).concat(), "legacy = [\n  'c.d',\n]\nrenames.x = 'e'\n");
    }

    #[test]
    fn an_own_key_ends_with_its_value() {
        let text = "[tool]\nssot-lint.symbol = [\n { a = 'b' },\n]\nc = 'd'\n";
        assert_eq!(own(text), [&text[7..text.find("c =").unwrap()]]);
        assert!(own("description = 'tool.ssot-lint'\n").is_empty());
    }
}
