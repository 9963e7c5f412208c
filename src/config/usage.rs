//! `[[usage]]`: patterns of code. Whoever loads a configuration brings the reader of patterns along.

use super::complaint::{Complaint, quoted};
use super::declaration::UsageDeclaration;
use super::place::Placed;
use super::rule_table::{SEVERITIES, read_dates, read_id};
use super::table::{Item, Reader, Section, to_span};
use crate::model::Language;

/// A pattern as it is written.
#[derive(Debug)]
pub struct PatternText<'table> {
    /// What is looked for.
    pub find: &'table str,
    /// What is written instead.
    pub replace: Option<&'table str>,
    /// Names of captures, each with the regular expression that its text must match.
    pub constraints: Vec<(&'table str, &'table str)>,
    /// The language, where it is said.
    pub language: Option<Language>,
}

/// What is wrong with a pattern.
#[derive(Debug)]
pub struct PatternFault {
    /// The key that holds it: `find`, `replace` or `where`.
    pub key: &'static str,
    /// What is wrong, without a final full stop.
    pub message: String,
}

/// Reads a pattern: tells its language, or what is wrong with it.
pub type ReadPattern<'run> = dyn Fn(&PatternText<'_>) -> Result<Language, PatternFault> + 'run;

/// The signs of everything that can be captured, for help.
const SIGNS: &str = "`$X` is one expression, `$$$X` any number of arguments, `name_$X` the rest of a name";

/// The keys of a pattern.
const KEYS: [&str; 11] = [
    "id",
    "find",
    "replace",
    "where",
    "language",
    "message",
    "severity",
    "suppressible",
    "deprecated-on",
    "error-on",
    "remove-on",
];

/// One `[[usage]]`; nothing when something that it needs is missing or wrong.
pub(super) fn read_usage(
    reader: &mut Reader,
    section: &Section,
    read_pattern: &ReadPattern<'_>,
) -> (Option<Placed<String>>, Option<UsageDeclaration>) {
    reader.only_keys(section, &KEYS);
    let find = reader.required(section, "find").and_then(|item| reader.word("find", item));
    let replace = section.get("replace").map(|item| reader.word("replace", item));
    let constraints = section.get("where").map(|item| read_where(reader, item)).unwrap_or_default();
    let languages = [("python", Language::Python), ("rust", Language::Rust)];
    let language = reader.choice(section, "language", &languages);
    let message = section.get("message").and_then(|item| reader.string("message", item));
    let severity = reader.choice(section, "severity", &SEVERITIES);
    let is_suppressible = reader.flag(section, "suppressible").unwrap_or(true);
    let dates = read_dates(reader, section);
    let id = read_id(reader, section);
    let complete = || {
        let (find, replace) = (find?, replace.map_or(Some(None), |given| given.map(Some))?);
        let text = PatternText {
            find: &find.value,
            replace: replace.as_ref().map(|replace| replace.value.as_str()),
            constraints: constraints
                .iter()
                .map(|(name, pattern)| (name.value.as_str(), pattern.value.as_str()))
                .collect(),
            language,
        };
        let language = match read_pattern(&text) {
            Ok(language) => language,
            Err(fault) => {
                let place = match (fault.key, &replace, constraints.first()) {
                    ("replace", Some(replace), _) => &replace.place,
                    ("where", _, Some((_, pattern))) => &pattern.place,
                    _ => &find.place,
                };
                let complaint =
                    Complaint::new(place, format!("bad pattern: {}", fault.message), "not a pattern");
                reader.complaints.push(complaint.help(SIGNS));
                return None;
            }
        };
        Some(UsageDeclaration {
            id: id.clone(),
            find,
            replace,
            constraints,
            language,
            message: message.map(|message| message.value),
            severity: severity.unwrap_or_default(),
            is_suppressible,
            dates,
        })
    };
    let usage = complete();
    (id, usage)
}

/// `where`: names of captures and the regular expressions that their texts must match.
fn read_where(reader: &mut Reader, item: &Item) -> Vec<(Placed<String>, Placed<String>)> {
    let Some(section) = reader.table("where", "where", item) else { return Vec::new() };
    let mut constraints = Vec::new();
    for (key, value) in section.table.iter() {
        let name = Placed { value: key.get_ref().to_string(), place: reader.place(to_span(key.span())) };
        let Some(pattern) = reader.string("where", value) else { continue };
        if let Err(reason) = regex::Regex::new(&pattern.value) {
            let line = reason.to_string().lines().next_back().unwrap_or_default().trim().to_owned();
            let message =
                format!("bad expression {}: {}", quoted(&pattern.value), line.trim_start_matches("error: "));
            reader.complain(pattern.place.span, message, "not a regular expression", None);
            continue;
        }
        constraints.push((name, pattern));
    }
    constraints.sort_by_key(|(name, _)| name.place.span);
    constraints
}

#[cfg(test)]
mod tests {
    use super::super::tests::{complaints, load_text};

    #[test]
    fn a_usage_is_read_whole() {
        let text = "[[usage]]\nid = \"u\"\nfind = \"f($X)\"\nreplace = \"g($X)\"\nwhere = { X = \"^a\" }\nseverity = \"warning\"\nsuppressible = false\nremove-on = 2027-06-01\n";
        let usage = &load_text(text).unwrap().usages[0];
        assert_eq!(usage.name(), "u");
        assert_eq!((usage.find.value.as_str(), usage.constraints.len()), ("f($X)", 1));
        assert!(!usage.is_suppressible && usage.dates.remove_on.is_some() && usage.dates.error_on.is_none());
        let unnamed = load_text("[[usage]]\nfind = \"f($X)\"\n").unwrap();
        assert_eq!(unnamed.usages[0].name(), "usage:f($X)");
    }

    #[test]
    fn its_dates_are_read_like_those_of_other_rules() {
        let with = |lines: &str| complaints(&format!("[[usage]]\nfind = \"f($X)\"\n{lines}\n"));
        assert_eq!(
            with("remove-on = \"2027-01-01\"\ndeprecated-on = \"2027-06-01\""),
            ["3 `remove-on` is before `deprecated-on` | 2027-01-01 | too early | \
              the order is deprecated-on, error-on, remove-on"]
        );
        assert!(with("error-on = \"soon\"")[0].starts_with("3 `error-on` is not a date: `soon`"));
        assert_eq!(
            with("removed-in = \"2.0\""),
            ["3 unknown key `removed-in` in [[usage]] | removed-in | did you mean `remove-on`? | \
              `removed-in` is for shims, and a pattern has none; `remove-on` takes a day"]
        );
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        let found = complaints(
            "[[usage]]\nfind = \"wrong\"\n[[usage]]\nfind = \"f\"\nwhere = { X = \"(\" }\nlanguage = \"perl\"\nfnd = 1\n",
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(
            found[0].starts_with("2 bad pattern: it is wrong | wrong | not a pattern | `$X`"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("5 bad expression `(`: unclosed group | ( | not a regular"),
            "{found:?}"
        );
        assert!(found[2].starts_with("6 `language` cannot be `perl` | perl"), "{found:?}");
        assert!(
            found[3].starts_with("7 unknown key `fnd` in [[usage]] | fnd | did you mean `find`?"),
            "{found:?}"
        );
    }
}
