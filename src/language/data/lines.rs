//! Sections, keys and values in lines: `.ini`, `.cfg`, `.conf`, `.env`, `Procfile`.

use super::regions::{Regions, line_end};
use crate::model::Span;

/// What stands in front of a module in the name of a section: `[mypy-shop.prices.*]`.
const SECTION_PREFIX: &str = "mypy-";

/// The option of `logging.config` that lists labels, each for a section like `[logger_label]`: no paths.
const LABELS: &str = "keys";

/// The parts of a text. The values of a list with commas are values of their own.
pub(super) fn regions(text: &str) -> Regions {
    let mut regions = Regions::default();
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut is_of_labels = false;
    while start < text.len() {
        let end = line_end(text, start);
        let whole = &text[start..end];
        if !whole.starts_with([' ', '\t']) && !whole.is_empty() {
            is_of_labels = whole.split(['=', ':']).next().is_some_and(|key| key.trim() == LABELS);
        }
        line(text, start, end, &mut regions);
        if is_of_labels {
            regions.own.push(Span::new(start as u32, end as u32));
        }
        start = end + 1;
    }
    regions
}

fn line(text: &str, start: usize, end: usize, regions: &mut Regions) {
    let whole = &text[start..end];
    let comment = comment(whole);
    comment.inspect(|&at| regions.add_comment(start + at, end));
    let end = comment.map_or(end, |at| start + at);
    let line = &text[start..end];
    let inner = line.trim();
    if let Some(name) = inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        let at = start + line.len() - line.trim_start().len() + 1;
        return section(text, at, at + name.len(), regions);
    }
    // A line that goes on with a value may hold names in front of values, but none in front of a colon.
    let is_continued = line.starts_with([' ', '\t']);
    let delimiter = match is_continued {
        true => line.find('='),
        false => line.find(['=', ':']),
    };
    let value = match delimiter {
        Some(at) => {
            regions.add_plain(text, start, start + at);
            start + at + 1
        }
        None => start,
    };
    items(text, value, end, regions);
}

/// Where the comment of a line begins: in front of everything, or behind a blank.
fn comment(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    memchr::memchr2_iter(b'#', b';', bytes).find(|&at| at == 0 || matches!(bytes[at - 1], b' ' | b'\t'))
}

fn section(text: &str, start: usize, end: usize, regions: &mut Regions) {
    each(text, start, end, |from, to| {
        let name = &text[from..to];
        let blank = name.len() - name.trim_start().len();
        let prefix = if name[blank..].starts_with(SECTION_PREFIX) { SECTION_PREFIX.len() } else { 0 };
        regions.add_plain(text, from + blank + prefix, to);
    });
}

fn items(text: &str, start: usize, end: usize, regions: &mut Regions) {
    each(text, start, end, |from, to| {
        let item = &text[from..to];
        let (lead, inner) = (item.len() - item.trim_start().len(), item.trim());
        let is_quoted = |quote: char| inner.len() > 1 && inner.starts_with(quote) && inner.ends_with(quote);
        if is_quoted('"') || is_quoted('\'') {
            let at = from + lead + 1;
            regions.add_string(at, at + inner.len() - 2, false);
        } else {
            regions.add_plain(text, from, to);
        }
    });
}

/// Tells the parts between commas.
fn each(text: &str, start: usize, end: usize, mut tell: impl FnMut(usize, usize)) {
    let mut from = start;
    for part in text[start..end].split(',') {
        tell(from, from + part.len());
        from += part.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalars(text: &str) -> Vec<&str> {
        regions(text).shown(text).0
    }

    #[test]
    fn keys_values_and_items_are_told_apart() {
        let text = "[a.b]\nc = d, 'e'\nf: g\n  h = i:j ; k\n; l\n# m\nn=o#p\r\nq\n";
        assert_eq!(scalars(text), ["a.b", "c", "d", "e", "f", "g", "h", "i:j", "n", "o#p", "q"]);
    }

    #[test]
    fn a_section_may_name_modules() {
        assert_eq!(scalars("[mypy-a.b.*, mypy-c]\n[d-e]\n"), ["a.b.*", "c", "d-e"]);
    }

    #[test]
    fn a_mark_and_an_empty_line_are_nothing() {
        assert_eq!(scalars("\u{feff}a = b\n\n=\n[]\n"), ["a", "b"]);
    }
}
