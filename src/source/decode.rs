//! From bytes to text: UTF-8, a byte order mark, and Python's declared encodings.

use crate::model::{Language, SourceFile};
use std::sync::Arc;

/// Encodings that agree with ASCII below 0x80 and never use those bytes for anything else, in Python's spelling with
/// `-` and `_` taken out; see the table of standard encodings in the documentation of Python's `codecs`.
const ASCII_COMPATIBLE: [&str; 17] = [
    "latin",
    "latin1",
    "l1",
    "iso8859",
    "88591",
    "cp125",
    "windows125",
    "cp437",
    "cp850",
    "cp852",
    "cp858",
    "cp866",
    "koi8",
    "macroman",
    "eucjp",
    "euckr",
    "euccn",
];

/// Decodes one file.
///
/// # Errors
/// With the reason, when the bytes are not in the encoding that the file declares, or the encoding is not known.
pub fn decode(path: &Arc<str>, language: Language, bytes: &[u8]) -> Result<SourceFile, String> {
    let declared = match language {
        Language::Python => declared_encoding(bytes),
        Language::Rust => None,
    };
    let Some(declared) = declared else { return utf8(path, language, bytes) };
    let name: String = declared.to_ascii_lowercase().chars().filter(|c| !matches!(c, '-' | '_')).collect();
    if name.starts_with("utf8") {
        return utf8(path, language, bytes);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(format!("a UTF-8 byte order mark, but the encoding is declared as `{declared}`"));
    }
    if matches!(&*name, "ascii" | "usascii") {
        return if bytes.is_ascii() {
            utf8(path, language, bytes)
        } else {
            Err("not ASCII, as it declares".into())
        };
    }
    if ASCII_COMPATIBLE.iter().any(|known| name.starts_with(known)) {
        return Ok(masked(path, language, bytes));
    }
    Err(format!("the declared encoding `{declared}` is not supported"))
}

fn utf8(path: &Arc<str>, language: Language, bytes: &[u8]) -> Result<SourceFile, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(Arc::clone(path), language, text.to_owned())),
        Err(error) => {
            let at = error.valid_up_to();
            Err(format!(
                "not UTF-8: byte 0x{:02x} at offset {at}, and no other encoding is declared",
                bytes[at]
            ))
        }
    }
}

/// Decodes a file that is not code and declares no encoding: what is not UTF-8 is masked.
pub fn decode_data(path: &Arc<str>, language: Language, bytes: &[u8]) -> SourceFile {
    utf8(path, language, bytes).unwrap_or_else(|_| masked(path, language, bytes))
}

/// `_` keeps every offset and can stand in an identifier, a string and a comment alike.
fn masked(path: &Arc<str>, language: Language, bytes: &[u8]) -> SourceFile {
    if bytes.is_ascii() {
        let text = bytes.iter().map(|&byte| char::from(byte)).collect();
        return SourceFile::new(Arc::clone(path), language, text);
    }
    let text = bytes.iter().map(|&byte| if byte < 0x80 { char::from(byte) } else { '_' }).collect();
    SourceFile::masked(Arc::clone(path), language, text, bytes.to_vec())
}

/// The encoding named in a comment on one of the first two lines (PEP 263).
fn declared_encoding(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = bytes.split(|&byte| byte == b'\n' || byte == b'\r');
    let first = lines.next()?;
    if let Some(found) = encoding_in(first) {
        return Some(found);
    }
    // The second line counts only when the first holds nothing but a comment.
    let first_is_blank = first.trim_ascii().is_empty() || first.trim_ascii_start().starts_with(b"#");
    let mut rest = lines;
    let second = rest.next()?;
    // The line feed of a CRLF pair leaves an empty piece in between.
    let second = if second.is_empty() { rest.next().unwrap_or(second) } else { second };
    if first_is_blank { encoding_in(second) } else { None }
}

fn encoding_in(line: &[u8]) -> Option<&str> {
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | 0x0c))?;
    if line[start] != b'#' {
        return None;
    }
    let at = memchr::memmem::find_iter(line, b"coding")
        .find(|at| matches!(line.get(at + 6), Some(b':' | b'=')))?;
    let name = line[at + 7..].trim_ascii_start();
    let length =
        name.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')).count();
    std::str::from_utf8(&name[..length]).ok().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<SourceFile, String> {
        decode(&"a.py".into(), Language::Python, bytes)
    }

    #[test]
    fn utf8_is_the_default_and_anything_else_must_be_declared() {
        assert_eq!(read("é = 1".as_bytes()).unwrap().text(), "é = 1");
        assert!(read(b"x = '\xe9'").unwrap_err().contains("0xe9 at offset 5"));
    }

    #[test]
    fn a_declared_single_byte_encoding_keeps_every_offset() {
        for cookie in [
            "# -*- coding: latin-1 -*-\n",
            "#!/x\n# vim: set fileencoding=cp1252 :\n",
            "\r\n# coding: koi8-r\r\n",
        ] {
            let mut bytes = cookie.as_bytes().to_vec();
            bytes.extend_from_slice(b"x = '\xe9'");
            let file = read(&bytes).unwrap();
            assert!(file.is_masked() && file.text().ends_with("x = '_'"), "{cookie:?}");
            assert_eq!(file.bytes(), bytes);
        }
    }

    #[test]
    fn a_cookie_behind_code_or_on_the_third_line_is_none() {
        assert!(read(b"x = 1\n# coding: latin-1\n# \xe9").is_err());
        assert!(read(b"#\n#\n# coding: latin-1\n# \xe9").is_err());
    }

    #[test]
    fn contradictions_and_unknown_encodings_are_errors() {
        assert!(read(b"\xef\xbb\xbf# coding: latin-1\n").is_err());
        assert!(read(b"# coding: shift_jis\n").unwrap_err().contains("shift_jis"));
        assert!(read(b"# coding: ascii\n# \xe9").is_err());
    }
}
