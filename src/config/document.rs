//! Opens one configuration file: bytes, text, and the TOML table that holds our keys.

use super::complaint::Complaint;
use super::place::{ConfigSource, Place};
use super::table::to_span;
use crate::model::Span;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The largest file that is read, in bytes: far above a million rules, and spans stay within 32 bits.
const MAX_BYTES: u64 = 256 << 20;

/// The bytes of a file.
///
/// # Errors
/// The reason, in the system's words; also when the file is too large.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("the file is larger than {} MiB", MAX_BYTES >> 20));
    }
    Ok(bytes)
}

/// The text of a file as a source; bytes that are not UTF-8 are replaced and complained about.
pub(super) fn to_source(shown: String, bytes: Vec<u8>) -> (Arc<ConfigSource>, Option<Complaint>) {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (Arc::new(ConfigSource::new(shown, text)), None),
        Err(error) => error,
    };
    // Everything before the first bad byte stays as it is, and that byte becomes U+FFFD: three bytes.
    let start = error.utf8_error().valid_up_to() as u32;
    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
    let source = Arc::new(ConfigSource::new(shown, text));
    let place = Place { source: source.clone(), span: Span::new(start, start + 3) };
    let complaint =
        Complaint::new(&place, "the file is not UTF-8", "this byte does not belong to any character")
            .help("TOML is UTF-8: save the file in that encoding");
    (source, Some(complaint))
}

/// The table of the whole file, and what is wrong with its syntax: the first fault of each line, because one slip
/// makes the parser stumble over the rest of the line.
pub(super) fn parse(source: &Arc<ConfigSource>) -> (Spanned<DeTable<'_>>, Vec<Complaint>) {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    let end = source.text().len();
    let mut faults: Vec<(Span, &str)> =
        errors.iter().map(|error| (to_span(error.span().unwrap_or(end..end)), error.message())).collect();
    faults.sort();
    faults.dedup_by_key(|(span, _)| source.position(span.start).row);
    let complaints = faults.into_iter().map(|(span, message)| {
        let place = Place { source: source.clone(), span };
        Complaint::new(&place, format!("not valid TOML: {message}"), "here")
    });
    (table, complaints.collect())
}

/// Where our keys lie in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// The whole file is ours.
    Own,
    /// `[tool.ssot-lint]`.
    Pyproject,
    /// `[workspace.metadata.ssot-lint]` or `[package.metadata.ssot-lint]`.
    Cargo,
}

impl Layout {
    /// By the name of the file.
    pub fn of(path: &Path) -> Self {
        match path.file_name().and_then(|name| name.to_str()) {
            Some("pyproject.toml") => Self::Pyproject,
            Some("Cargo.toml") => Self::Cargo,
            _ => Self::Own,
        }
    }

    /// The tables that may hold our keys, as lists of keys, the first that is there counts.
    pub const fn tables(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Own => &[&[]],
            Self::Pyproject => &[&["tool", "ssot-lint"]],
            Self::Cargo => &[&["workspace", "metadata", "ssot-lint"], &["package", "metadata", "ssot-lint"]],
        }
    }
}

/// Our tables in a file, with their keys; several only in a `Cargo.toml` that has both kinds.
pub(super) fn our_values<'t, 'i>(
    whole: &'t DeTable<'i>,
    layout: Layout,
) -> Vec<(&'static [&'static str], &'t Spanned<DeValue<'i>>)> {
    let lookup = |keys: &[&str]| {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(whole.get(*first)?, |value, key| value.get_ref().as_table()?.get(*key))
    };
    layout.tables().iter().filter_map(|keys| Some((*keys, lookup(keys)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let source = Arc::new(ConfigSource::new("ssot.toml", text));
        parse(&source).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_line_with_a_syntax_fault_is_named_once() {
        let found = faults("a = \nb = 1\n[t]\n[t]\nc = x y z\n");
        let rows: Vec<&str> = found.iter().map(|line| line.split(':').nth(1).unwrap()).collect();
        assert_eq!(rows, ["1", "4", "5"], "{found:?}");
    }

    #[test]
    fn nul_bytes_and_deep_nesting_are_faults_and_no_crash() {
        assert!(!faults("a = 'x\0y'\n").is_empty());
        for text in [
            format!("a = {}", "[".repeat(100_000)),
            format!("{}b = 1", "a.".repeat(100_000)),
            format!("[{}b]", "a.".repeat(100_000)),
            format!("a = {}", "{a = ".repeat(100_000)),
        ] {
            assert!(!faults(&text).is_empty());
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_pointed_at() {
        let (source, complaint) = to_source("ssot.toml".into(), b"a = 1\nb = \"\xe9\"\n".to_vec());
        let complaint = complaint.unwrap();
        assert_eq!(complaint.to_string(), "ssot.toml:2:6: the file is not UTF-8");
        assert_eq!(complaint.span.of(source.text()), "\u{fffd}");
    }
}
