//! Paths as rules spell them: Python with `.`, Rust with `::`, one language in a rule.

use super::complaint::{Complaint, quoted};
use super::place::{Place, Placed};
use crate::model::{Language, Span, SymbolPath};
use unicode_normalization::UnicodeNormalization;

/// The longest path that is taken, in segments. No real path comes near; it bounds the work of following chains.
pub(super) const MAX_SEGMENTS: usize = 255;

/// The language of a path that has a separator; a single segment does not tell.
pub(super) fn spelled_language(text: &str) -> Option<Language> {
    if text.contains("::") { Some(Language::Rust) } else { text.contains('.').then_some(Language::Python) }
}

/// Reads a path in `language`. Python names are brought to their normal form (NFKC, PEP 3131), as the interpreter does.
///
/// # Errors
/// A complaint that points at the first segment that is wrong.
pub(super) fn read_path(
    written: &Placed<String>,
    language: Language,
) -> Result<Placed<SymbolPath>, Box<Complaint>> {
    let separator = language.separator();
    let segments: Vec<&str> = written.value.split(separator).collect();
    let mut at = 0;
    for segment in &segments {
        if let Some((message, label, help)) = fault(segment, &written.value, language) {
            let place = part_of(written, at, segment.len());
            let complaint = Complaint::new(&place, message, label);
            return Err(Box::new(Complaint { help, ..complaint }));
        }
        at += segment.len() + separator.len();
    }
    if segments.len() > MAX_SEGMENTS {
        let message = format!("a path of {} segments is too long", segments.len());
        let label = format!("at most {MAX_SEGMENTS} segments");
        return Err(Box::new(Complaint::new(&written.place, message, label)));
    }
    if let Some(complaint) = relative_start(written, segments[0], language) {
        return Err(Box::new(complaint));
    }
    Ok(written.with(SymbolPath::new(language, segments.iter().map(|segment| normal(segment, language)))))
}

/// Reads a single name.
///
/// # Errors
/// A complaint when it is not one identifier.
pub(super) fn read_name(
    written: &Placed<String>,
    language: Language,
) -> Result<Placed<String>, Box<Complaint>> {
    if is_name(&written.value, language) {
        return Ok(written.with(normal(&written.value, language)));
    }
    let message = format!("{} is not a single name", quoted(&written.value));
    let help = "`renames` maps one name to one name: renames = { Old = \"New\" }";
    Err(Box::new(Complaint::new(&written.place, message, "expected one identifier").help(help)))
}

fn normal(name: &str, language: Language) -> String {
    match language {
        Language::Python if !name.is_ascii() => name.nfkc().collect(),
        Language::Python | Language::Rust => name.to_owned(),
    }
}

/// A raw identifier (`r#type`) is a name in Rust only. What a name is, the model decides.
fn is_name(text: &str, language: Language) -> bool {
    let single = spelled_language(text).is_none() && SymbolPath::parse(text).is_some();
    single && (language == Language::Rust || !text.contains('#'))
}

/// What is wrong with one segment: message, label and help.
fn fault(segment: &str, path: &str, language: Language) -> Option<(String, String, Option<String>)> {
    if path.is_empty() || is_name(segment, language) {
        return path.is_empty().then(|| ("the path is empty".into(), "nothing in it".into(), None));
    }
    if segment.is_empty() {
        let message = format!("empty segment in {}", quoted(path));
        return Some((message, "a name is missing here".into(), None));
    }
    let message = format!("{} in {} is not an identifier", quoted(segment), quoted(path));
    let help = if segment.contains(['.', ':']) {
        Some("a path is either Python (`a.b.C`) or Rust (`a::b::C`)".into())
    } else if segment.contains('-') {
        Some(format!("in code the name is spelled with underscores: {}", quoted(&segment.replace('-', "_"))))
    } else {
        None
    };
    Some((message, "not an identifier".into(), help))
}

/// `self::` and `super::` mean nothing in a rule, which stands in no module.
fn relative_start(written: &Placed<String>, first: &str, language: Language) -> Option<Complaint> {
    let is_relative = language == Language::Rust && matches!(first, "self" | "super" | "Self");
    is_relative.then(|| {
        let message = format!("{} is a relative path", quoted(&written.value));
        Complaint::new(&part_of(written, 0, first.len()), message, "relative to no module")
            .help("begin with the crate's library name, or with `crate`")
    })
}

/// The place of `length` bytes from `at` in the string; the whole string when it is spelled with escapes.
fn part_of(written: &Placed<String>, at: usize, length: usize) -> Place {
    let span = written.place.span;
    if span.of(written.place.source.text()) != written.value {
        return written.place.clone();
    }
    let start = span.start + at as u32;
    Place { source: written.place.source.clone(), span: Span::new(start, start + length as u32) }
}

#[cfg(test)]
mod tests {
    use super::super::place::ConfigSource;
    use super::*;
    use std::sync::Arc;

    fn written(text: &str) -> Placed<String> {
        let source = Arc::new(ConfigSource::new("ssot.toml", text));
        Placed { value: text.into(), place: Place { source, span: Span::new(0, text.len() as u32) } }
    }

    fn fails(text: &str, language: Language) -> (String, String) {
        let complaint = read_path(&written(text), language).unwrap_err();
        (complaint.message, complaint.span.of(text).to_owned())
    }

    #[test]
    fn the_wrong_segment_is_pointed_at() {
        assert_eq!(fails("a..b", Language::Python), ("empty segment in `a..b`".into(), "".into()));
        assert_eq!(
            fails("ab.my-lib.X", Language::Python),
            ("`my-lib` in `ab.my-lib.X` is not an identifier".into(), "my-lib".into())
        );
        assert_eq!(fails("a.r#b", Language::Python).1, "r#b");
        assert_eq!(fails("a::b.c", Language::Rust).1, "b.c");
        assert_eq!(fails("super::b", Language::Rust).1, "super");
        assert_eq!(fails("", Language::Python).0, "the path is empty");
    }

    #[test]
    fn good_paths_are_read_in_their_normal_form() {
        let read = |text, language| read_path(&written(text), language).unwrap().value.to_string();
        assert_eq!(read("a.ﬁle.X", Language::Python), "a.file.X");
        assert_eq!(read("crate::r#type::X", Language::Rust), "crate::r#type::X");
    }

    #[test]
    fn a_rename_is_one_name_on_each_side() {
        assert!(read_name(&written("a.b"), Language::Python).is_err());
        assert_eq!(read_name(&written("Old"), Language::Python).unwrap().value, "Old");
    }

    #[test]
    fn an_endless_path_is_refused() {
        assert!(
            fails(&"a.".repeat(MAX_SEGMENTS + 1).replace("a.", "a.a."), Language::Python).0.contains("empty")
        );
        assert!(fails(&vec!["a"; MAX_SEGMENTS + 1].join("."), Language::Python).0.contains("too long"));
    }
}
