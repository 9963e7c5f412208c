//! JSON, also with comments and single quotes (JSONC, JSON5).

use super::regions::{Regions, line_end, string_end};

/// The parts of a text. A report of this program holds paths that were found elsewhere: all of it is passed over.
pub(super) fn regions(text: &str) -> Regions {
    let bytes = text.as_bytes();
    let mut regions = Regions::default();
    if is_report(bytes) {
        regions.own.push(crate::model::Span::new(0, text.len() as u32));
        return regions;
    }
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'"', b'\'', b'/', &bytes[at..]) {
        at += found;
        at = match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'/')) => {
                let end = line_end(text, at);
                regions.add_comment(at, end);
                end
            }
            (b'/', Some(b'*')) => {
                let end =
                    memchr::memmem::find(&bytes[at + 2..], b"*/").map_or(text.len(), |end| at + end + 4);
                regions.add_comment(at, end);
                end
            }
            (quote @ (b'"' | b'\''), _) => {
                let end = string_end(text, at + 1, quote, true, false);
                end.inspect(|&end| regions.add_string(at + 1, end, true));
                end.map_or(at, |end| end) + 1
            }
            _ => at + 1,
        };
    }
    regions
}

/// Whether a text holds codes, as every report does, beside fingerprints or our name.
fn is_report(bytes: &[u8]) -> bool {
    let holds = |part: &[u8]| memchr::memmem::find(bytes, part).is_some();
    let is_marked =
        || [&b"\"fingerprint\""[..], b"\"partialFingerprints\"", b"\"ssot-lint\""].into_iter().any(holds);
    holds(b"\"SSOT0") && is_marked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Vec<&str>, Vec<&str>) {
        regions(text).shown(text)
    }

    #[test]
    fn strings_and_comments_are_told_apart() {
        let text = "{\"a\\\"b\": 'c', // \"d\"\n /* 'e' */ \"http://f\": 1}";
        assert_eq!(parts(text), (vec!["a\\\"b", "c", "http://f"], vec!["// \"d\"", "/* 'e' */"]));
    }

    #[test]
    fn a_report_is_more_than_a_code() {
        assert_eq!(parts("{\"note\": \"SSOT005\"}").0.len(), 2);
        assert_eq!(parts("{\"code\": \"SSOT005\", \"fingerprint\": \"0123\"}").0.len(), 0);
    }

    #[test]
    fn a_string_without_an_end_hides_nothing_behind_its_line() {
        assert_eq!(parts("{\"a: 1,\n\"b\": \"c\"}"), (vec!["b", "c"], vec![]));
        assert_eq!(parts("/* x"), (vec![], vec!["/* x"]));
    }
}
