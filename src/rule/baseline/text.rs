//! A baseline as a text: a header, then one line for each known finding, sorted, without line numbers.

use crate::model::{BASELINE_HEADER, Code, KnownFinding, Span};
use crate::rule::draft::FINGERPRINT_DIGITS;
use rustc_hash::FxHashMap;
use std::fmt::Write;

/// The version that is written and read.
const VERSION: &str = "1";

/// For people who open the file.
const EXPLANATION: &str = "# Findings that are known and may go, one a line: code, file, symbol, fingerprint. \
                           `ssot-lint baseline` takes out what is gone.";

/// What is wrong with a baseline, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the line.
    pub span: Span,
    /// One sentence without a final full stop.
    pub message: String,
    /// What to do, as one sentence without a final full stop.
    pub help: &'static str,
}

/// The text of a baseline that holds `known`.
pub fn render(known: &[KnownFinding]) -> String {
    let mut lines: Vec<String> = known.iter().map(line).collect();
    lines.sort_unstable();
    lines.dedup();
    let mut text = format!("{BASELINE_HEADER}{VERSION}\n{EXPLANATION}\n");
    lines.iter().for_each(|line| text.extend([line, "\n"]));
    text
}

fn line(known: &KnownFinding) -> String {
    let symbol = if known.symbol.is_empty() { "-".into() } else { one_word(&known.symbol) };
    format!("{} {} {symbol} {}", known.code, one_word(&known.file), known.fingerprint)
}

/// Reads a baseline. Order does not matter, and neither do empty lines and comments: two branches' lines may have been
/// put together.
///
/// # Errors
/// All that is wrong with it, in the order of the lines.
pub fn parse(text: &str) -> Result<Vec<KnownFinding>, Vec<Fault>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    let mut start = 0;
    let mut is_headed = false;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        let span = Span::new(start, start + line.len() as u32);
        start += whole.len() as u32;
        let line = line.trim_start_matches('\u{feff}');
        let mut complain = |message: String, help| faults.push(Fault { span, message, help });
        if is_conflict_marker(line) {
            is_headed = true; // What comes first may be either side's header.
            complain("a merge conflict is not resolved here".into(), CONFLICT);
        } else if let Some(version) = line.strip_prefix(BASELINE_HEADER) {
            is_headed = true;
            if version.trim() != VERSION {
                complain(
                    format!("version {:?} of a baseline is not known here", version.trim()),
                    OTHER_VERSION,
                );
            }
        } else if !is_headed {
            complain(
                format!("not a baseline: the first line must be `{BASELINE_HEADER}{VERSION}`"),
                NO_BASELINE,
            );
            return Err(faults);
        } else if !line.is_empty() && !line.starts_with('#') {
            match entry(line) {
                Err((message, help)) => complain(message, help),
                Ok((fingerprint, entry)) => match seen.insert(fingerprint, index + 1) {
                    Some(first) => complain(format!("the same finding as in line {first}"), DUPLICATE),
                    None => found.push(entry),
                },
            }
        }
    }
    if !is_headed {
        let message = format!("not a baseline: the first line must be `{BASELINE_HEADER}{VERSION}`");
        faults.push(Fault { span: Span::default(), message, help: NO_BASELINE });
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

const CONFLICT: &str = "keep the lines of both sides, delete the three markers, and let `ssot-lint baseline` take out what is \
                        gone; `merge=union` in .gitattributes does the first part";
const OTHER_VERSION: &str =
    "another version of ssot-lint wrote it; delete it and write a new one with `ssot-lint baseline`";
const NO_BASELINE: &str = "name a file that `ssot-lint baseline` wrote, or delete this one and write it anew";
const DUPLICATE: &str = "delete one of the two lines";
const LINE: &str = "a line is `CODE FILE SYMBOL FINGERPRINT`; delete it and `ssot-lint check --baseline` tells whether it is missed";
const UNREADABLE: &str = "delete the line: a file that could not be read is reported every time";

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker))
}

/// The fingerprint, and all of the line.
fn entry(line: &str) -> Result<(&str, KnownFinding), (String, &'static str)> {
    let fields: Vec<&str> = line.trim_end().split(' ').collect();
    let [code, file, symbol, fingerprint] = fields[..] else {
        return Err(("not a line of a baseline".into(), LINE));
    };
    let Some(code) = Code::parse(code) else {
        return Err((format!("unknown code `{code}`"), LINE));
    };
    if code == Code::Unreadable {
        return Err((format!("{code} is never part of a baseline"), UNREADABLE));
    }
    let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    if fingerprint.len() != FINGERPRINT_DIGITS || !fingerprint.bytes().all(is_digit) {
        return Err((format!("`{fingerprint}` is no fingerprint"), LINE));
    }
    let symbol = if symbol == "-" { String::new() } else { read_word(symbol) };
    let known = KnownFinding { code, file: read_word(file).into(), symbol, fingerprint: fingerprint.into() };
    Ok((fingerprint, known))
}

/// `text` without blanks and line breaks, which are written as `%20` and the like.
fn one_word(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '%' || character.is_whitespace() || character.is_control() {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(word, "%{byte:02X}");
            }
        } else {
            word.push(character);
        }
    }
    word
}

/// Takes [`one_word`] back.
fn read_word(word: &str) -> String {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits =
            behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0123456789abcdef012345670000";
    const TWO: &str = "1123456789abcdef012345670000";

    fn known(file: &str, symbol: &str, fingerprint: &str) -> KnownFinding {
        let (symbol, fingerprint) = (symbol.into(), fingerprint.into());
        KnownFinding { code: Code::LegacyPath, file: file.into(), symbol, fingerprint }
    }

    fn faults(lines: &str) -> Vec<String> {
        let text = lines.replace("{1}", ONE).replace("{2}", TWO);
        let row = |fault: &Fault| text[..fault.span.start as usize].matches('\n').count() + 1;
        let faults = parse(&text).expect_err("the text is wrong");
        faults.iter().map(|fault| format!("{} {}", row(fault), fault.message)).collect()
    }

    #[test]
    fn what_is_written_can_be_read_and_is_sorted() {
        let all = [known("b 100%\n.py", "größe.X", ONE), known("a.py", "", TWO)];
        let text = render(&all);
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines[0], format!("SSOT001 a.py - {TWO}"));
        assert_eq!(lines[1], format!("SSOT001 b%20100%25%0A.py größe.X {ONE}"));
        let mut read = parse(&text).unwrap();
        read.reverse();
        assert_eq!(read, all);
        assert_eq!(parse(&text.replace('\n', "\r\n")).unwrap().len(), 2);
        assert_eq!(parse(&format!("\u{feff}{text}\n\n# more\n")).unwrap().len(), 2);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_with_its_line() {
        let head = "# ssot-lint baseline 1\n";
        let found = faults(&format!(
            "{head}SSOT001 a.py x.Y {{1}}\nSSOT001 a.py x.Y\nSSOT099 a.py x.Y {{2}}\nSSOT001 a.py x.Y 12\n\
             SSOT000 a.py x.Y {{2}}\nSSOT001 a.py x.Y {{1}}\n"
        ));
        let expected = [
            "3 not a line of a baseline",
            "4 unknown code `SSOT099`",
            "5 `12` is no fingerprint",
            "6 SSOT000 is never part of a baseline",
            "7 the same finding as in line 2",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn other_files_other_versions_and_conflicts_are_known() {
        let no_baseline = "1 not a baseline: the first line must be `# ssot-lint baseline 1`";
        assert_eq!(faults("[tool]\nx = 1\n"), [no_baseline]);
        assert_eq!(faults(""), [no_baseline]);
        assert_eq!(faults("# ssot-lint baseline 2\n"), ["1 version \"2\" of a baseline is not known here"]);
        let conflict = "<<<<<<< HEAD\n# ssot-lint baseline 1\n=======\n# ssot-lint baseline 1\n>>>>>>> x\n";
        assert_eq!(faults(conflict).len(), 3);
    }
}
