//! Reads `[[symbol]]` and `[[module]]`.

use super::complaint::{Complaint, quoted};
use super::declaration::{Dates, LocalName, RuleDeclaration, RuleKind};
use super::place::Placed;
use super::table::{Item, Reader, Section, to_span};
use super::version::Version;
use super::written_path::{read_name, read_path, spelled_language};
use crate::model::{Language, Severity, SymbolPath};
use std::collections::HashSet;

/// The severities by their words in configuration.
pub(super) const SEVERITIES: [(&str, Severity); 4] = [
    (Severity::Error.as_str(), Severity::Error),
    (Severity::Warning.as_str(), Severity::Warning),
    (Severity::Info.as_str(), Severity::Info),
    (Severity::Off.as_str(), Severity::Off),
];

/// The keys of a rule; the last one is for modules only.
const KEYS: [&str; 13] = [
    "id",
    "canonical",
    "legacy",
    "facades",
    "local-name",
    "message",
    "severity",
    "suppressible",
    "deprecated-on",
    "error-on",
    "remove-on",
    "removed-in",
    "renames",
];

/// A rule whose id may still have to be made.
pub(super) struct ReadRule {
    /// The id as given.
    pub id: Option<Placed<String>>,
    /// The rest; `None` when there is no canonical path to hang it on. Its own `id` is not set yet.
    pub rule: Option<RuleDeclaration>,
}

/// Reads one table. What is wrong is complained about; what is right is kept.
pub(super) fn read_rule(reader: &mut Reader, section: &Section, kind: RuleKind) -> ReadRule {
    let keys = if kind == RuleKind::Module { &KEYS[..] } else { &KEYS[..KEYS.len() - 1] };
    reader.only_keys(section, keys);
    let id = read_id(reader, section);
    let written = read_written(reader, section, kind);
    let dates = read_dates(reader, section);
    let removed_in = read_version(reader, section, written.language);
    let local_names = [("rename", LocalName::Rename), ("keep", LocalName::Keep)];
    let local_name = reader.choice(section, "local-name", &local_names).unwrap_or_default();
    let message =
        section.get("message").and_then(|item| reader.string("message", item)).map(|text| text.value);
    let severity = reader.choice(section, "severity", &SEVERITIES).unwrap_or_default();
    let is_suppressible = reader.flag(section, "suppressible").unwrap_or(true);
    let renames = section.get("renames").filter(|_| kind == RuleKind::Module);
    let renames = renames.map(|item| read_renames(reader, item, written.language)).unwrap_or_default();
    let Some(canonical) = written.canonical else { return ReadRule { id, rule: None } };
    let place = reader.place(section.span);
    let rule = RuleDeclaration {
        id: canonical.with(String::new()),
        kind,
        canonical,
        legacy: written.legacy,
        facades: written.facades,
        renames,
        local_name,
        message,
        severity,
        is_suppressible,
        dates,
        removed_in,
        reached: None,
        place,
    };
    ReadRule { id, rule: Some(rule) }
}

/// Reads an id: it is typed on command lines and stands in output that is split at spaces.
pub(super) fn read_id(reader: &mut Reader, section: &Section) -> Option<Placed<String>> {
    let id = reader.optional_word(section, "id")?;
    let is_plain = |character: char| character.is_alphanumeric() || "-_.:/".contains(character);
    if id.value.chars().all(is_plain) {
        return Some(id);
    }
    let message = format!("{} cannot be an id", quoted(&id.value));
    let help = "an id is made of letters, digits and - _ . : /".to_owned();
    reader.complain(id.place.span, message, "not an id", Some(help));
    None
}

/// The paths of one rule, in one language.
struct Written {
    language: Language,
    canonical: Option<Placed<SymbolPath>>,
    legacy: Vec<Placed<SymbolPath>>,
    facades: Vec<Placed<SymbolPath>>,
}

fn read_written(reader: &mut Reader, section: &Section, kind: RuleKind) -> Written {
    let canonical = reader.required(section, "canonical").and_then(|item| reader.string("canonical", item));
    let item = match kind {
        // A symbol without legacy paths still says which path is the right one.
        RuleKind::Symbol => section.get("legacy"),
        RuleKind::Module => reader.required(section, "legacy"),
    };
    let legacy = item.map(|item| match kind {
        RuleKind::Symbol => reader.words("legacy", item),
        RuleKind::Module => reader.some_words("legacy", item, "the rule speaks of no module"),
    });
    let legacy = legacy.unwrap_or_default();
    let facades = section.get("facades").map(|item| reader.words("facades", item)).unwrap_or_default();

    let all = || canonical.iter().chain(&legacy).chain(&facades);
    let language = all().find_map(|path| spelled_language(&path.value)).unwrap_or(Language::Python);
    let first = all().find(|path| spelled_language(&path.value).is_some());
    let mut read = |path: &Placed<String>| read_one(reader, path, language, first);
    let canonical = canonical.as_ref().and_then(&mut read);
    let legacy: Vec<_> = legacy.iter().filter_map(&mut read).collect();
    let facades: Vec<_> = facades.iter().filter_map(&mut read).collect();
    let legacy = without_canonical(reader, without_repetition(legacy), canonical.as_ref());
    Written { language, canonical, legacy, facades: without_repetition(facades) }
}

/// Reads one path; `first` is the path that decided the rule's language.
fn read_one(
    reader: &mut Reader,
    path: &Placed<String>,
    language: Language,
    first: Option<&Placed<String>>,
) -> Option<Placed<SymbolPath>> {
    let is_other = spelled_language(&path.value).is_some_and(|other| other != language);
    if let (true, Some(first)) = (is_other, first) {
        let message = "Rust and Python paths in one rule".to_owned();
        let complaint = Complaint::new(&path.place, message, "another language")
            .related(&first.place, "the rule's language is decided here")
            .help("write one rule for each language; `::` is Rust, `.` is Python");
        reader.complaints.push(complaint);
        return None;
    }
    read_path(path, language).map_err(|complaint| reader.complaints.push(*complaint)).ok()
}

fn without_repetition(paths: Vec<Placed<SymbolPath>>) -> Vec<Placed<SymbolPath>> {
    let mut seen = HashSet::new();
    paths.into_iter().filter(|path| seen.insert(path.value.clone())).collect()
}

fn without_canonical(
    reader: &mut Reader,
    legacy: Vec<Placed<SymbolPath>>,
    canonical: Option<&Placed<SymbolPath>>,
) -> Vec<Placed<SymbolPath>> {
    let Some(canonical) = canonical else { return legacy };
    let (same, legacy): (Vec<_>, Vec<_>) = legacy.into_iter().partition(|path| path.value == canonical.value);
    for path in same {
        let shown = quoted(&path.value.to_string());
        let complaint = Complaint::new(
            &path.place,
            format!("{shown} is both legacy and canonical in one rule"),
            "legacy here",
        )
        .related(&canonical.place, "canonical here")
        .help("remove one of the two");
        reader.complaints.push(complaint);
    }
    legacy
}

fn read_renames(
    reader: &mut Reader,
    item: &Item,
    language: Language,
) -> Vec<(Placed<String>, Placed<String>)> {
    let Some(section) = reader.table("renames", "renames", item) else { return Vec::new() };
    let mut renames = Vec::new();
    for (key, value) in section.table.iter() {
        let span = to_span(key.span());
        let old = Placed { value: key.get_ref().to_string(), place: reader.place(span) };
        let Some(new) = reader.string("renames", value) else { continue };
        let mut read = |name| {
            let result = read_name(name, language);
            result.map_err(|complaint| reader.complaints.push(*complaint)).ok()
        };
        if let (Some(old), Some(new)) = (read(&old), read(&new)) {
            renames.push((old, new));
        }
    }
    renames.sort_by_key(|(old, _)| old.place.span);
    renames
}

/// The three dates, in their order in the life of what a rule finds.
pub(super) fn read_dates(reader: &mut Reader, section: &Section) -> Dates {
    let keys = ["deprecated-on", "error-on", "remove-on"];
    let dates = keys.map(|key| (key, reader.date(section, key)));
    let given: Vec<_> = dates.iter().filter_map(|(key, date)| Some((key, date.as_ref()?))).collect();
    for pair in given.windows(2) {
        let [(earlier_key, earlier), (later_key, later)] = pair else { continue };
        if later.value < earlier.value {
            let message = format!("`{later_key}` is before `{earlier_key}`");
            let complaint = Complaint::new(&later.place, message, "too early")
                .related(&earlier.place, format!("`{earlier_key}` is {}", earlier.value))
                .help("the order is deprecated-on, error-on, remove-on");
            reader.complaints.push(complaint);
        }
    }
    let [deprecated_on, error_on, remove_on] = dates.map(|(_, date)| date.map(|date| date.value));
    Dates { deprecated_on, error_on, remove_on }
}

/// The version of the project from which on a shim is gone.
fn read_version(reader: &mut Reader, section: &Section, language: Language) -> Option<Placed<String>> {
    let version = reader.optional_word(section, "removed-in")?;
    if Version::parse(language, &version.value).is_some() {
        return Some(version);
    }
    let message = format!("`removed-in` is not a version: {}", quoted(&version.value));
    let help = match language {
        Language::Python => "write it as PEP 440 says, such as \"2.0\"",
        Language::Rust => "write it as Cargo does, such as \"2.0.0\"",
    };
    reader.complain(version.place.span, message, "no such version", Some(help.to_owned()));
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::{complaints, load_text};

    /// The only complaint about one rule with these lines added.
    fn with(lines: &str) -> String {
        let text = format!("[[symbol]]\ncanonical = \"a.b.X\"\nlegacy = [\"a.c.X\"]\n{lines}\n");
        let found = complaints(&text);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    #[test]
    fn unknown_keys_come_with_the_nearest_known_one() {
        let found = with("local_name = \"keep\"");
        assert!(
            found.starts_with(
                "4 unknown key `local_name` in [[symbol]] | local_name | did you mean `local-name`?"
            ),
            "{found}"
        );
        assert!(
            with("renames = {}")
                .ends_with("`renames` belongs to [[module]]; [[symbol]] moves one name by its paths")
        );
        assert!(with("extend-rules = []").contains("before the first [table]"));
    }

    #[test]
    fn wrong_types_say_what_is_expected() {
        assert_eq!(with("id = 3"), "4 `id` is a number, expected a string | 3 | expected a string | -");
        assert_eq!(
            with("facades = \"a.X\""),
            "4 `facades` is a list of strings, not a string | \"a.X\" | expected a list | \
             write it as a list: facades = [\"a.X\"]"
        );
        assert!(
            with("facades = [true]").starts_with("4 `facades` is true or false, expected a string | true")
        );
        let single = complaints("[symbol]\ncanonical = \"a.X\"\n");
        assert!(
            single[0].starts_with("1 `symbol` is written [[symbol]], with double brackets"),
            "{single:?}"
        );
    }

    #[test]
    fn a_version_is_one_of_the_language() {
        let help = "write it as PEP 440 says, such as \"2.0\"";
        assert_eq!(
            with("removed-in = \"next\""),
            format!("4 `removed-in` is not a version: `next` | next | no such version | {help}")
        );
        assert!(with("removed-in = 2.0").starts_with("4 "));
        let found = complaints(
            "[[symbol]]\ncanonical = \"a::b::X\"\nlegacy = [\"a::c::X\"]\nremoved-in = \"2.0rc1\"\n",
        );
        assert!(
            found[0].ends_with("| no such version | write it as Cargo does, such as \"2.0.0\""),
            "{found:?}"
        );
    }

    #[test]
    fn missing_keys_are_named_at_the_head_of_the_table() {
        let found = complaints("[[symbol]]\n\n[[module]]\ncanonical = \"a.b\"\nlegacy = []\n");
        assert_eq!(
            found,
            [
                "1 `canonical` is missing in [[symbol]] | [[symbol]] | no `canonical` here | -",
                "5 `legacy` is empty | [] | the rule speaks of no module | -",
            ]
        );
    }

    #[test]
    fn bad_words_ids_and_dates_are_complaints() {
        assert_eq!(
            with("severity = \"eror\""),
            "4 `severity` cannot be `eror` | eror | did you mean `error`? | one of \"error\", \"warning\", \"info\", \"off\""
        );
        assert!(
            with("id = \"two words\"").starts_with("4 `two words` cannot be an id | two words | not an id")
        );
        assert!(with("id = \" \"").starts_with("4 `id` is empty"));
        for date in ["\"2027-02-30\"", "\"soon\"", "2027-02-01T00:00:00Z", "\"20270201\""] {
            let found = with(&format!("error-on = {date}"));
            assert!(found.starts_with("4 `error-on` is not a date: "), "{found}");
        }
    }

    #[test]
    fn dates_out_of_order_are_complaints() {
        assert_eq!(
            with("remove-on = \"2027-01-01\"\ndeprecated-on = \"2027-06-01\""),
            "4 `remove-on` is before `deprecated-on` | 2027-01-01 | too early | \
             the order is deprecated-on, error-on, remove-on"
        );
        load_text("[[symbol]]\ncanonical='a.X'\nlegacy=[]\nerror-on=2027-01-01\nremove-on=2027-01-01\n")
            .unwrap();
    }

    #[test]
    fn languages_do_not_mix_within_a_rule_but_do_within_a_file() {
        let found = complaints("[[symbol]]\ncanonical = \"a.b.X\"\nlegacy = [\"a::c::X\"]\n");
        assert!(
            found[0].starts_with("3 Rust and Python paths in one rule | a::c::X | another language"),
            "{found:?}"
        );
        let both =
            "[[module]]\ncanonical='new::a'\nlegacy=['old']\n[[module]]\ncanonical='new'\nlegacy=['old']\n";
        let read = load_text(both).unwrap();
        let legacy = |rule: usize| read.rules[rule].legacy[0].value.language();
        assert_eq!(legacy(0), crate::model::Language::Rust);
        assert_eq!(legacy(1), crate::model::Language::Python);
    }

    #[test]
    fn one_path_cannot_be_legacy_and_canonical_in_one_rule() {
        let found = complaints("[[symbol]]\ncanonical = \"a.X\"\nlegacy = [\"a.X\", \"b.X\", \"b.X\"]\n");
        assert_eq!(
            found,
            ["3 `a.X` is both legacy and canonical in one rule | a.X | legacy here | remove one of the two"]
        );
    }

    #[test]
    fn renames_are_single_names_on_both_sides() {
        let found = complaints(
            "[[module]]\ncanonical = \"a\"\nlegacy = [\"b\"]\nrenames = { \"X.y\" = \"Z\", V = \"a.W\", U = 1 }\n",
        );
        assert!(
            found[0].starts_with("4 `X.y` is not a single name | \"X.y\" | expected one identifier"),
            "{found:?}"
        );
        assert!(found[1].starts_with("4 `a.W` is not a single name | a.W"), "{found:?}");
        assert!(found[2].starts_with("4 `renames` is a number"), "{found:?}");
    }
}
