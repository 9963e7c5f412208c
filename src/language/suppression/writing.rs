//! Writes suppressions: where one can stand so that it covers a finding, and what it says.

use super::LineStructure;
use crate::model::{Edit, Span, Suppression};
use std::collections::BTreeSet;

/// Findings of one file that are to be hidden, and what is known of the suppressions there.
pub struct Hiding<'run> {
    /// The findings.
    pub wanted: &'run [Wanted],
    /// The suppressions of the file.
    pub existing: &'run [Suppression],
    /// Which of them hide anything: they are neither malformed nor past their date.
    pub in_force: &'run [bool],
    /// What new suppressions give as their reason; may be empty.
    pub reason: &'run str,
}

/// A finding that is to be hidden.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where it begins, in bytes.
    pub offset: u32,
    /// Its code.
    pub code: String,
    /// What the edit is told to be made for.
    pub rule: String,
}

/// How a language marks a comment up to the end of its line.
#[derive(Debug, Clone, Copy)]
pub struct CommentStyle {
    /// `#` or `//`.
    pub mark: &'static str,
    /// What stands between code and comment.
    pub gap: &'static str,
}

/// What is to be written.
#[derive(Debug, Default)]
pub struct Hidden {
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// The findings, as indexes into those wanted, that no comment can be written for, and why.
    pub refused: Vec<(usize, String)>,
}

/// A suppression to be written.
struct Planned<'text> {
    place: Place<'text>,
    /// What it will cover.
    covers: Span,
    codes: BTreeSet<String>,
    rules: BTreeSet<String>,
}

#[derive(Clone, Copy)]
enum Place<'text> {
    /// Into the list of an existing one, behind its last code.
    List(u32),
    /// At the end of a line, in place of these blanks.
    LineEnd(Span),
    /// On a line of its own before this byte, indented like this.
    Above(u32, &'text str),
    /// On a line of its own before this byte, for the whole file.
    File(u32),
}

/// Writes a suppression for each finding of `hiding`; one for all that it covers.
pub fn write(text: &str, lines: &LineStructure, style: CommentStyle, hiding: &Hiding<'_>) -> Hidden {
    let mut order: Vec<usize> = (0..hiding.wanted.len()).collect();
    order.sort_by_key(|&index| hiding.wanted[index].offset);
    let (mut planned, mut refused) = (Vec::<Planned<'_>>::new(), Vec::new());
    for index in order {
        let wanted = &hiding.wanted[index];
        let is_near =
            |one: &&mut Planned<'_>| one.covers.start <= wanted.offset && wanted.offset < one.covers.end;
        let known = planned.iter_mut().find(is_near);
        let one = match known {
            Some(one) => one,
            None => match place(text, lines, style, hiding, wanted.offset) {
                Ok((place, covers)) => {
                    let (codes, rules) = (BTreeSet::new(), BTreeSet::new());
                    planned.push(Planned { place, covers, codes, rules });
                    planned.last_mut().expect("one was just added")
                }
                Err(reason) => {
                    refused.push((index, reason));
                    continue;
                }
            },
        };
        one.codes.insert(wanted.code.clone());
        one.rules.insert(wanted.rule.clone());
    }
    let mut edits: Vec<Edit> = planned.iter().map(|one| edit(text, style, hiding.reason, one)).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    Hidden { edits, refused }
}

fn place<'text>(
    text: &'text str,
    lines: &LineStructure,
    style: CommentStyle,
    hiding: &Hiding<'_>,
    offset: u32,
) -> Result<(Place<'text>, Span), String> {
    let row = lines.row(text, offset);
    let is_of_file = row.of(text).trim().is_empty() || lines.is_comment_only(text, row);
    let near = hiding.existing.iter().zip(hiding.in_force);
    let mut near = near.filter(|(one, _)| one.covers(offset) && one.is_for_file == is_of_file);
    if let Some((dead, _)) = near.clone().find(|(_, in_force)| !**in_force) {
        let said = dead.span.of(text);
        return Err(format!("`{said}` stands there and hides nothing: mend or remove it first"));
    }
    let last = |one: &Suppression| one.codes.last().map(|code| code.span.end);
    if let Some((end, covers)) = near.find_map(|(one, _)| Some((last(one)?, one.covers))) {
        return Ok((Place::List(end), covers));
    }
    if is_of_file {
        return Ok((Place::File(file_head(text, style)), Span::new(0, text.len() as u32 + 1)));
    }
    let covers = lines.covered(text, row);
    let code = row.of(text).trim_end();
    let end = row.start + code.len() as u32;
    if lines.documentation.iter().any(|doc| doc.start < end && end <= doc.end) {
        let indent = &code[..code.len() - code.trim_start().len()];
        return Ok((Place::Above(row.start, indent), covers));
    }
    let blanks = row.of(text)[code.len()..].trim_end_matches(['\n', '\r']).len() as u32;
    Ok((Place::LineEnd(Span::new(end, end + blanks)), covers))
}

/// Where a comment for the whole file goes: behind what has to stand in the first lines (the mark of the encoding, the
/// interpreter; PEP 263).
fn file_head(text: &str, style: CommentStyle) -> u32 {
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for row in 0..2 {
        let line = text[at..].split_inclusive('\n').next().unwrap_or_default();
        let is_interpreter = row == 0 && line.starts_with("#!") && !line.starts_with("#![");
        let is_encoding = style.mark == "#" && line.starts_with('#') && line.contains("coding");
        if is_interpreter || is_encoding {
            at += line.len();
        }
    }
    at as u32
}

fn edit(text: &str, style: CommentStyle, reason: &str, one: &Planned<'_>) -> Edit {
    let codes: Vec<&str> = one.codes.iter().map(String::as_str).collect();
    let codes = codes.join(", ");
    let reason = if reason.is_empty() { String::new() } else { format!(" {reason}") };
    let comment = |word: &str| format!("{} ssot: {word}[{codes}]{reason}", style.mark);
    let line = |at: u32, comment: String| {
        let line_break = line_break(text);
        // A last line without a break gets one: the comment must not end up in it.
        let is_open = at > 0 && !text[..at as usize].ends_with(['\n', '\u{feff}']);
        format!("{}{comment}{line_break}", if is_open { line_break } else { "" })
    };
    let (span, text) = match one.place {
        Place::List(at) => (Span::new(at, at), format!(", {codes}")),
        Place::LineEnd(blanks) => (blanks, format!("{}{}", style.gap, comment("ignore"))),
        Place::Above(at, indent) => (Span::new(at, at), line(at, format!("{indent}{}", comment("ignore")))),
        Place::File(at) => (Span::new(at, at), line(at, comment("ignore-file"))),
    };
    let rules: Vec<&str> = one.rules.iter().map(String::as_str).collect();
    Edit { span, text, rule: rules.join(", ") }
}

/// The line break that the text uses first.
fn line_break(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use crate::language::{Hiding, Wanted, front_end};
    use crate::model::{Edition, FilePlan, Language, SourceFile};
    use proptest::prelude::*;

    /// The text with every `old` in it hidden, by code SSOT001 and, from a second time on, SSOT005.
    fn hidden(language: Language, text: &str) -> String {
        let name = if language == Language::Python { "m.py" } else { "m.rs" };
        let source = SourceFile::new(name, language, text.into());
        let front_end = front_end(language);
        let facts = front_end.lower(&source, Edition::Current, None);
        assert_eq!(facts.errors, []);
        let open =
            |at: &usize| !facts.suppressions.iter().any(|one| one.covers(*at as u32) && one.codes.is_empty());
        let wanted = text.match_indices("old").map(|(at, _)| at).filter(open).map(|at| Wanted {
            offset: at as u32,
            code: if text[..at].contains("old") { "SSOT005".into() } else { "SSOT001".into() },
            rule: "vat".into(),
        });
        let wanted: Vec<Wanted> = wanted.collect();
        let in_force = vec![true; facts.suppressions.len()];
        let hiding =
            Hiding { wanted: &wanted, existing: &facts.suppressions, in_force: &in_force, reason: "why" };
        let hidden = front_end.hide(&source, &hiding);
        assert_eq!(hidden.refused, []);
        let plan = FilePlan::compose(name.into(), text.as_bytes(), text, hidden.edits).unwrap();
        let after = String::from_utf8(plan.after().to_vec()).unwrap();
        let again = front_end.lower(&SourceFile::new(name, language, after.clone()), Edition::Current, None);
        assert_eq!(again.errors, []);
        for (at, _) in after.match_indices("old") {
            assert!(again.suppressions.iter().any(|one| one.covers(at as u32)), "{after}");
        }
        after
    }

    /// Pieces of Python and Rust, each on lines of its own, in which something old is written.
    const PYTHON: &[&str] = &[
        "import old\n",
        "from a import (  # b\n    old,\n    c\n)\n",
        "f('''\nold\n''', old) ; g(\n    old)\n",
        "a = old \\\n    + b\n",
        "@old\n@a.b  # c\n# d\ndef f(\n    x=old,\n):\n    return old\n",
        "class A(old):\n    '''old\n    '''\n    b = old  # ssot: ignore[SSOT009] d\n",
        "if old:\n    old\nelif old: old\nelse:\n    # ssot: ignore[SSOT009]\n    f(a,\n      old)\n",
        "match old:\n    case old.A(\n        b=1):\n        old\n",
        "# ssot: ignore[SSOT009, SSOT010] e\n\n",
        "x = f'''{old\n}''' 'old'\n",
        "try: old\nexcept old: pass\n",
        "# old\n",
        "\n",
    ];
    const RUST: &[&str] = &[
        "use old::a;\n",
        "use a::{ // b\n    old,\n    c,\n};\n",
        "/// [old]\n/// [old]\nfn f(\n    a: old::B,\n) -> old::C { old::d() } // old\n",
        "/** [old]\n old */ pub struct S<T: old::A> { /* old */\n    /// old\n    a: old::B,\n}\n",
        "#[a(b = \"old\n\")]\n// c\nimpl old::A for B {\n    const C: &str = r#\"\nold\n\"#;\n}\n",
        "fn g() {\n    match old::a {\n        old::B => {}\n        _ => m!(old,\n            old),\n    }\n}\n",
        "// ssot: ignore[SSOT009] e\n",
        "m! {\n    old // a\n    /* ssot: ignore[SSOT009] */\n    old\n}\n",
        "// old\n",
        "\n",
    ];

    proptest! {
        #[test]
        fn in_any_python_each_place_is_covered(pieces in prop::collection::vec(prop::sample::select(PYTHON), 0..8)) {
            let text = pieces.concat();
            hidden(Language::Python, &text);
            hidden(Language::Python, &text.replace('\n', "\r\n"));
        }

        #[test]
        fn in_any_rust_each_place_is_covered(pieces in prop::collection::vec(prop::sample::select(RUST), 0..8)) {
            let text = pieces.concat();
            hidden(Language::Rust, &text);
            hidden(Language::Rust, text.trim_end());
        }
    }

    fn python(text: &str) -> String {
        hidden(Language::Python, text)
    }

    fn rust(text: &str) -> String {
        hidden(Language::Rust, text)
    }

    #[test]
    fn it_stands_at_the_end_of_the_line() {
        assert_eq!(python("import old\n"), "import old  # ssot: ignore[SSOT001] why\n");
        assert_eq!(python("import old   \r\nx\r\n"), "import old  # ssot: ignore[SSOT001] why\r\nx\r\n");
        assert_eq!(python("import old"), "import old  # ssot: ignore[SSOT001] why");
        assert_eq!(
            python("import old, old.a\n"),
            "import old, old.a  # ssot: ignore[SSOT001, SSOT005] why\n"
        );
        assert_eq!(python("import old  # noqa\n"), "import old  # noqa  # ssot: ignore[SSOT001] why\n");
        assert_eq!(rust("use old::a;\n"), "use old::a; // ssot: ignore[SSOT001] why\n");
        assert_eq!(rust("use old::a; // b\n"), "use old::a; // b // ssot: ignore[SSOT001] why\n");
    }

    #[test]
    fn behind_a_string_or_a_backslash_it_stands_at_the_end_of_all() {
        assert_eq!(python("f('''\nold\n''',\n)\n"), "f('''\nold\n''',  # ssot: ignore[SSOT001] why\n)\n");
        assert_eq!(
            python("from old \\\n  import a\nb\n"),
            "from old \\\n  import a  # ssot: ignore[SSOT001] why\nb\n"
        );
        assert_eq!(rust("f!(\"\nold\n\",\n);\n"), "f!(\"\nold\n\", // ssot: ignore[SSOT001] why\n);\n");
    }

    #[test]
    fn above_documentation_it_stands_alone() {
        assert_eq!(
            rust("mod m {\n    /// [old]\n    fn f() {}\n}\n"),
            "mod m {\n    // ssot: ignore[SSOT001] why\n    /// [old]\n    fn f() {}\n}\n"
        );
        assert_eq!(rust("//! [old]\r\n"), "// ssot: ignore[SSOT001] why\r\n//! [old]\r\n");
        assert_eq!(
            rust("/** a\n[old]\n*/\nfn f() {}\n"),
            "// ssot: ignore[SSOT001] why\n/** a\n[old]\n*/\nfn f() {}\n"
        );
    }

    #[test]
    fn it_joins_the_list_of_one_that_is_there() {
        assert_eq!(
            python("import old  # ssot: ignore[SSOT009] because\n"),
            "import old  # ssot: ignore[SSOT009, SSOT001] because\n"
        );
        assert_eq!(
            python("# ssot: ignore[SSOT009]\nf(\n  old,\n  b.old)\n"),
            "# ssot: ignore[SSOT009, SSOT001, SSOT005]\nf(\n  old,\n  b.old)\n"
        );
    }

    #[test]
    fn for_a_finding_on_a_line_without_code_it_covers_the_file() {
        assert_eq!(
            python("#!/usr/bin/python\n# -*- coding: utf-8 -*- old\nx\n"),
            "#!/usr/bin/python\n# -*- coding: utf-8 -*- old\n# ssot: ignore-file[SSOT001] why\nx\n"
        );
        assert_eq!(python("# old"), "# ssot: ignore-file[SSOT001] why\n# old");
        assert_eq!(rust("// old\n#![a]\n"), "// ssot: ignore-file[SSOT001] why\n// old\n#![a]\n");
    }

    #[test]
    fn one_covers_all_that_begins_in_its_unit() {
        assert_eq!(python("f(old,\n  old)\n"), "f(old,  # ssot: ignore[SSOT001, SSOT005] why\n  old)\n");
    }
}
