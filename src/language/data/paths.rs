//! Whether a path stands at a place in data, and how far it goes.

use super::regions::{Regions, Scalar};
use crate::model::{DataPath, Name, Notation, Span};

/// A file that is looked for by the configuration of logging: `ext://shop.prices.HANDLER` names an object.
const OBJECT_PREFIX: &str = "ext://";

/// What Python does with a warning ("The Warnings Filter" of its library reference).
const FILTER_ACTIONS: [&str; 7] = ["default", "error", "ignore", "always", "all", "module", "once"];

/// The path that begins at `start`; `None` when none does, as when it is the end of another one, or stands in a comment.
pub(super) fn path_at(text: &str, regions: &Regions, notation: Notation, start: u32) -> Option<DataPath> {
    let scalar = regions.scalar_at(start);
    // Outside of strings dots part the tables of TOML.
    let is_bare = notation == Notation::Toml && scalar.is_none();
    if is_bare || regions.is_passed_over(start) || !begins(text, scalar, start) {
        return None;
    }
    let (names, colon) = names(text, start as usize);
    let (first, last) = (names.first()?, names.last()?);
    let span = first.1.cover(last.1);
    let is_glob = colon.is_none() && text[span.end as usize..].starts_with(".*");
    let end = span.end + if is_glob { 2 } else { 0 };
    if names.len() < 2 || !ends(text, scalar, end) {
        return None;
    }
    let is_whole = scalar.is_some_and(|scalar| {
        let lead = Span::new(scalar.span.start, start).of(text);
        end == scalar.span.end && matches!(lead, "" | OBJECT_PREFIX)
    });
    let key = scalar.filter(|&scalar| Regions::is_key(text, notation, scalar)).map(|scalar| scalar.span);
    Some(DataPath { span, is_plain: is_whole || colon.is_some(), names, colon, is_glob, key })
}

/// Whether a path may begin at `start`, by what stands in front of it.
fn begins(text: &str, scalar: Option<Scalar>, start: u32) -> bool {
    if scalar.is_some_and(|scalar| scalar.span.start == start) {
        return true;
    }
    let before = &text[..start as usize];
    let Some(last) = before.chars().next_back() else { return true };
    match last {
        '/' => before.ends_with(OBJECT_PREFIX),
        ':' => is_tag(before) || is_filter(before, scalar),
        '.' | '-' | '\\' | '@' | '$' | '%' | '~' => false,
        // The letter of `\n` is no part of a name.
        'n' | 't' | 'r' | 'b' | 'f' if scalar.is_some_and(|scalar| scalar.has_escapes) => {
            let slashes = before[..before.len() - 1].bytes().rev().take_while(|byte| *byte == b'\\').count();
            slashes % 2 == 1
        }
        last => !is_part(last),
    }
}

/// True behind `!!python/name:` and the like, the tags by which YAML names an object.
fn is_tag(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or(before);
    word.starts_with("!!python/") && word.matches(':').count() == 1
}

/// True where a filter of warnings names a category or a module: `error::shop.prices.OldPrice`, `ignore::Warning:shop.prices`.
fn is_filter(before: &str, scalar: Option<Scalar>) -> bool {
    let Some(scalar) = scalar else { return false };
    let lead = &before[scalar.span.start as usize..];
    let lead = lead.rsplit(['\n', '\r', ',']).next().unwrap_or(lead).trim_start();
    let mut fields = lead.split(':');
    fields.next().is_some_and(|action| FILTER_ACTIONS.contains(&action)) && matches!(fields.count(), 2 | 3)
}

/// Whether a path may end at `end`, by what stands behind it.
fn ends(text: &str, scalar: Option<Scalar>, end: u32) -> bool {
    if scalar.is_some_and(|scalar| scalar.span.end == end) {
        return true;
    }
    let mut after = text[end as usize..].chars();
    match after.next() {
        None => true,
        Some('\\') if scalar.is_some_and(|scalar| scalar.has_escapes) => {
            after.next().is_some_and(|letter| matches!(letter, '"' | 'n' | 't' | 'r' | 'b' | 'f'))
        }
        Some('.' | '-' | '/' | '\\' | '@') => false,
        // A port, a tag, a further part: `shop.prices:8000`.
        Some(':') => after.next().is_none_or(char::is_whitespace),
        Some(next) => !is_part(next),
    }
}

/// The names from `start` on, and how many of them stand in front of a colon.
fn names(text: &str, start: usize) -> (Vec<(Name, Span)>, Option<usize>) {
    let (mut names, mut colon, mut at) = (Vec::new(), None, start);
    loop {
        let rest = &text[at..];
        let length = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
        names.push((Name::from(&rest[..length]), Span::new(at as u32, (at + length) as u32)));
        at += length;
        let mut behind = text[at..].chars();
        let separator = behind.next();
        let goes_on = behind.next().is_some_and(|next| next.is_alphabetic() || next == '_');
        match separator {
            Some('.') if goes_on => {}
            Some(':') if goes_on && colon.is_none() => colon = Some(names.len()),
            _ => return (names, colon),
        }
        at += 1;
    }
}

fn is_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use crate::model::{Language, Notation, SourceFile};
    use proptest::prelude::*;

    const PIECES: &[&str] = &[
        "a.b", "a.b", "a:b", ".c", ":d", ".*", "é", "\\", "\"", "'", "\n", "  ", ": ", "- ", "#", ",", "[",
        "}", "|", "//", "/*", "=", "\r\n", "ext://", "n", "\u{feff}",
    ];

    proptest! {
        #[test]
        fn whatever_stands_around_a_path_is_what_its_names_say(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        ) {
            let text: String = pieces.concat();
            let starts: Vec<u32> = text.match_indices("a.b").map(|(at, _)| at as u32).collect();
            let source = SourceFile::new("x", Language::Python, text.clone());
            for notation in [Notation::Json, Notation::Yaml, Notation::Toml, Notation::Lines] {
                for path in read(&source, notation, &starts).paths {
                    let names: Vec<&str> = path.span.of(&text).split(['.', ':']).collect();
                    prop_assert_eq!(names.len(), path.names.len());
                    for (name, (known, span)) in names.into_iter().zip(&path.names) {
                        prop_assert!(name == &**known && span.of(&text) == name);
                    }
                }
            }
        }
    }

    /// The paths that begin with `a.b`, each with `*` when it is a value of its own.
    fn paths(notation: Notation, text: &str) -> String {
        let mut starts: Vec<u32> = ["a.b", "a:b"]
            .iter()
            .flat_map(|literal| text.match_indices(literal))
            .map(|(at, _)| at as u32)
            .collect();
        starts.sort_unstable();
        let source = SourceFile::new("x", Language::Python, text.to_owned());
        let found = read(&source, notation, &starts).paths;
        let shown = found.iter().map(|path| {
            let (mark, glob) = (if path.is_plain { "*" } else { "" }, if path.is_glob { ".*" } else { "" });
            format!("{}{glob}{mark}", path.span.of(text))
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_path_has_borders_on_both_sides() {
        for text in [
            "x.a.b", "xa.b", "éa.b", "-a.b", "/a.b", "\\a.b", "@a.b", "a.b/", "a.b-c", "a.b.", "a.b\\",
            "a.b@c", "a.bc-d", "x:a.b", "a.b:80", "a.b::c", "a.b..c", "a.b.1", "$a.b",
        ] {
            let text = format!("\"x {text}\"");
            assert_eq!(paths(Notation::Json, &text), "", "{text}");
        }
        let text = "\"(a.b) a.b, a.b=a.b.é a.b.c:d\"";
        assert_eq!(paths(Notation::Json, text), "a.b a.b a.b a.b.é a.b.c:d*");
    }

    #[test]
    fn what_is_a_value_of_its_own_is_plain() {
        assert_eq!(paths(Notation::Json, "{\"a.b\": \"a.b.c\", \"x\": \"a.b a.b\"}"), "a.b* a.b.c* a.b a.b");
        assert_eq!(
            paths(Notation::Yaml, "a.b: [a.b.c, 'a.b.*'] # a.b\nx: ext://a.b.d\n"),
            "a.b* a.b.c* a.b.** a.b.d*"
        );
        assert_eq!(paths(Notation::Toml, "a.b = 1\n[a.b]\nx = 'a.b'\n[tool.ssot-lint]\nx = 'a.b'\n"), "a.b*");
        assert_eq!(paths(Notation::Lines, "[mypy-a.b.*]\nx:a.b\ny = a.b, z=a.b\n"), "a.b.** a.b* a.b* a.b");
    }

    #[test]
    fn an_entry_point_has_a_colon() {
        assert_eq!(
            paths(Notation::Lines, "[x]\n  y = a.b:c.d\nz = a:b\nw = a.b:c [e]\n"),
            "a.b:c.d* a:b* a.b:c*"
        );
        assert_eq!(paths(Notation::Lines, "a.b:a.b\n"), "a.b:a.b*");
        assert_eq!(paths(Notation::Yaml, "cmd: gunicorn a.b:app --x\na.b: 1"), "a.b:app* a.b*");
    }

    #[test]
    fn tags_and_filters_of_warnings_name_objects() {
        assert_eq!(
            paths(Notation::Yaml, "x: !!python/name:a.b.C\ny: !!python/object/apply:a.b [z]\n"),
            "a.b.C a.b"
        );
        let text =
            "[pytest]\nfilterwarnings =\n    error::a.b.C\n    ignore::W:a.b\n    x::a.b\n    error:a.b\n";
        assert_eq!(paths(Notation::Lines, text), "a.b.C a.b");
        assert_eq!(paths(Notation::Toml, "x = ['error::a.b.C', 'warn::a.b']\n"), "a.b.C");
    }

    #[test]
    fn escapes_are_borders_where_they_are_escapes() {
        assert_eq!(paths(Notation::Json, r#""x\na.b\n \"a.b.c\" \\na.b a.b\\x""#), "a.b a.b.c");
        assert_eq!(paths(Notation::Yaml, "x: 'y\\na.b'\nz: \"y\\na.b\"\n"), "a.b");
    }
}
