//! SARIF 2.1.0, the format of code scanning: one run with its rules, results and what could not be read.

use crate::model::{Code, Excerpt, Finding, LineIndex, Location, Outcome, Severity};
use crate::report::each::Each;
use crate::report::mends::{Mend, Mends};
use crate::report::{Style, explanation, page_address, summary_of};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// GitHub refuses a run with more results.
const MOST_RESULTS: usize = 25_000;
/// In bytes; what is longer is no help beside a result.
const LONGEST_CONTEXT: usize = 2_000;
/// The folder to which addresses are relative, by the name that servers replace with the checkout.
const BASE: &str = "%SRCROOT%";
/// Our own fingerprint; the name that GitHub knows is kept for its own hash of the line.
const FINGERPRINT: &str = "ssotLint/v1";
/// What stands as it is in a relative address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

#[derive(Serialize)]
struct Document<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R> {
    tool: Value,
    invocations: [Value; 1],
    column_kind: &'static str,
    original_uri_base_ids: Value,
    results: R,
}

/// Writes the document and a line break.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let codes: Vec<Code> =
        outcome.findings.iter().map(|finding| finding.code).collect::<BTreeSet<_>>().into_iter().collect();
    let mends = Mends::new(outcome);
    let numbers = gravest(&outcome.findings, MOST_RESULTS);
    let results = || {
        numbers.iter().map(|&number| {
            let finding = &outcome.findings[number];
            let index = codes.iter().position(|&code| code == finding.code);
            let index = index.expect("the code of every finding is listed");
            result(outcome, finding, index, mends.of(number))
        })
    };
    let run = Run {
        tool: json!({"driver": driver(&codes)}),
        invocations: [invocation(outcome, numbers.len())],
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: json!({BASE: {"description": {"text": "The top folder of the repository."}}}),
        results: Each(results),
    };
    let document = Document { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

/// The findings to write, by number: when there are more than `most`, the gravest of them.
fn gravest(findings: &[Finding], most: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..findings.len()).collect();
    numbers.sort_by_key(|&number| std::cmp::Reverse(findings[number].severity));
    numbers.truncate(most);
    numbers.sort_unstable();
    numbers
}

fn driver(codes: &[Code]) -> Value {
    let rules: Vec<Value> = codes.iter().map(|&code| rule(code)).collect();
    let version = env!("CARGO_PKG_VERSION");
    let mut driver =
        json!({"name": "ssot-lint", "version": version, "semanticVersion": version, "rules": rules});
    let repository = env!("CARGO_PKG_REPOSITORY");
    if !repository.is_empty() {
        driver["informationUri"] = repository.into();
    }
    driver
}

fn rule(code: Code) -> Value {
    let (page, summary) = (explanation(code), summary_of(code));
    let mut rule = json!({
        "id": code.to_string(),
        "name": pascal_case(code.name()),
        "shortDescription": {"text": first_sentence(&summary)},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": page},
        "properties": {"tags": ["maintainability", "imports"]},
    });
    if let Some(address) = page_address(code) {
        rule["helpUri"] = address.into();
    }
    rule
}

fn pascal_case(name: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('-').map(capital).collect()
}

fn first_sentence(text: &str) -> String {
    text.split_once(". ").map_or_else(|| text.to_owned(), |(first, _)| format!("{first}."))
}

fn result(outcome: &Outcome, finding: &Finding, index: usize, mend: Option<Mend<'_>>) -> Value {
    let mut result = json!({
        "ruleId": finding.code.to_string(),
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": message(finding)},
        "locations": [{"physicalLocation": own_place(outcome, finding)}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": properties(finding),
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(number, related)| {
            let physical = place(outcome, &related.file, related.location);
            json!({"id": number + 1, "message": {"text": sentence(&related.label)}, "physicalLocation": physical})
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(mend) = mend {
        result["fixes"] = json!([fix(outcome, finding, &mend)]);
    }
    result
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Off => "note",
    }
}

fn message(finding: &Finding) -> String {
    let help = finding.help.as_deref().map_or_else(String::new, |help| format!(" Help: {}", sentence(help)));
    format!("{}{help}", sentence(&finding.message))
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

fn properties(finding: &Finding) -> Value {
    let named = [
        ("rule", finding.rule.as_deref().into()),
        ("written", finding.written.as_deref().into()),
        ("canonical", finding.canonical.as_deref().into()),
        ("form", finding.form.map(|form| form.as_str()).into()),
        ("certainty", finding.certainty.as_str().into()),
        ("route", finding.route.clone().into()),
    ];
    let is_said = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    named
        .into_iter()
        .filter(|(_, value)| is_said(value))
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn artifact(outcome: &Outcome, file: &str) -> Value {
    let path = outcome.in_repository(file);
    let uri = utf8_percent_encode(&path, ESCAPED).to_string();
    // A configuration outside of the project has an absolute path.
    if path.starts_with('/') {
        json!({"uri": format!("file://{uri}")})
    } else {
        json!({"uri": uri, "uriBaseId": BASE})
    }
}

fn place(outcome: &Outcome, file: &str, location: Location) -> Value {
    json!({"artifactLocation": artifact(outcome, file), "region": region(location)})
}

/// The place of a finding, with its text and the lines around it when these are short enough to be of use.
fn own_place(outcome: &Outcome, finding: &Finding) -> Value {
    let mut place = place(outcome, &finding.file, finding.location);
    let Excerpt { text, first_row, span, cut } = &finding.excerpt;
    let part = text.get(span.start as usize..span.end as usize).filter(|part| !part.is_empty());
    if let Some(part) = part.filter(|_| text.len() <= LONGEST_CONTEXT) {
        let rows = LineIndex::new(text).rows() - u32::from(text.ends_with(['\n', '\r']));
        let last_row = (first_row + rows - 1).max(finding.location.end.row);
        place["region"]["snippet"] = json!({"text": part});
        if *cut == 0 {
            place["contextRegion"] =
                json!({"startLine": first_row, "endLine": last_row, "snippet": {"text": text}});
        }
    }
    place
}

fn region(Location { start, end }: Location) -> Value {
    json!({"startLine": start.row, "startColumn": start.column, "endLine": end.row, "endColumn": end.column})
}

/// The edits as replacements.
fn fix(outcome: &Outcome, finding: &Finding, mend: &Mend<'_>) -> Value {
    let replacements = mend.edits.iter().map(|edit| {
        let at = |offset| mend.file.position(offset);
        let deleted = Location { start: at(edit.span.start), end: at(edit.span.end) };
        json!({"deletedRegion": region(deleted), "insertedContent": {"text": edit.text}})
    });
    let replacements: Vec<Value> = replacements.collect();
    let what =
        finding.canonical.as_deref().map_or_else(|| "the canonical path".into(), |path| format!("`{path}`"));
    json!({
        "description": {"text": format!("Write {what}, with all that follows from it in this file.")},
        "artifactChanges": [{"artifactLocation": artifact(outcome, &finding.file), "replacements": replacements}],
    })
}

/// What is to be said of the run: files that could not be read, and results that are left out.
fn invocation(outcome: &Outcome, written: usize) -> Value {
    let unreadable = outcome.findings.iter().filter(|finding| finding.code == Code::Unreadable);
    let mut notifications: Vec<Value> = unreadable
        .map(|finding| {
            json!({
                "associatedRule": {"id": finding.code.to_string()},
                "level": "error",
                "message": {"text": message(finding)},
                "locations": [{"physicalLocation": place(outcome, &finding.file, finding.location)}],
            })
        })
        .collect();
    let is_successful = notifications.is_empty();
    let left_out = outcome.findings.len() - written;
    if left_out > 0 {
        let text = format!("{left_out} results are left out: servers take {MOST_RESULTS} at most.");
        notifications.push(json!({"level": "warning", "message": {"text": text}}));
    }
    json!({"executionSuccessful": is_successful, "toolExecutionNotifications": notifications})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    fn run(outcome: &Outcome) -> Value {
        let document: Value = serde_json::from_str(&made_up::text(render, outcome)).unwrap();
        assert_eq!((&document["version"], &document["$schema"]), (&json!("2.1.0"), &json!(SCHEMA)));
        document["runs"][0].clone()
    }

    #[test]
    fn a_finding_is_a_result() {
        let mut outcome = made_up::one();
        outcome.root.in_repository = "apps/".into();
        assert_eq!(
            run(&outcome)["results"],
            json!([{
                "ruleId": "SSOT001", "ruleIndex": 0, "level": "error",
                "message": {"text": "`shop.prices.VAT` is a legacy path. Help: import `VAT` from `shop.tax`."},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": "apps/shop/cart.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 7, "startColumn": 35, "endLine": 7, "endColumn": 38,
                        "snippet": {"text": "VAT"}},
                    "contextRegion": {"startLine": 7, "endLine": 7,
                        "snippet": {"text": "x = '😀'; from shop.prices import VAT"}}}}],
                "partialFingerprints": {"ssotLint/v1": "0123"},
                "properties": {"rule": "vat", "written": "shop.prices.VAT", "canonical": "shop.tax.VAT",
                    "form": "from-import", "certainty": "proved", "route": ["shop.prices.VAT", "shop.tax.VAT"]},
            }])
        );
    }

    #[test]
    fn a_rule_has_its_page_as_help() {
        let driver = run(&made_up::one())["tool"]["driver"].clone();
        let rule = &driver["rules"][0];
        assert_eq!((&rule["id"], &rule["name"]), (&json!("SSOT001"), &json!("LegacyPath")));
        assert_eq!(rule["help"]["markdown"], explanation(Code::LegacyPath));
        let short = rule["shortDescription"]["text"].as_str().unwrap();
        assert!(short.starts_with("Code that writes a path which a rule declares as legacy"), "{short}");
        assert!(short.ends_with('.') && !short.contains('\n'), "{short}");
        assert_eq!(driver["rules"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_name_becomes_an_address() {
        let mut outcome = made_up::one();
        outcome.findings[0].file = "a b/ü#?:%\n\u{1b}é.py".into();
        let place = run(&outcome)["results"][0]["locations"][0]["physicalLocation"].clone();
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%BC%23%3F%3A%25%0A%1B%C3%A9.py");
        outcome.findings[0].file = "/etc/rules.toml".into();
        outcome.root.in_repository = "apps/".into();
        let place = run(&outcome)["results"][0]["locations"][0]["physicalLocation"].clone();
        assert_eq!(place["artifactLocation"], json!({"uri": "file:///etc/rules.toml"}));
    }

    #[test]
    fn a_known_edit_is_a_fix_in_characters() {
        let text = "\r\n\tx = '😀'; from shop.prices import VAT\r\n";
        let outcome = made_up::mended(text, &[("shop.prices", "shop.tax")]);
        let result = run(&outcome)["results"][0].clone();
        let row = |start: u32, end: u32| json!({"startLine": 2, "startColumn": start, "endLine": 2, "endColumn": end});
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(
            (&place["region"]["startColumn"], &place["region"]["endColumn"]),
            (&json!(35), &json!(38))
        );
        assert_eq!(
            (&place["contextRegion"]["startLine"], &place["contextRegion"]["endLine"]),
            (&json!(1), &json!(2))
        );
        assert_eq!(
            result["fixes"],
            json!([{"description": {"text": "Write `shop.tax.VAT`, with all that follows from it in this file."}, "artifactChanges": [{
                "artifactLocation": {"uri": "shop/cart.py", "uriBaseId": "%SRCROOT%"},
                "replacements": [{"deletedRegion": row(16, 27), "insertedContent": {"text": "shop.tax"}}],
            }]}])
        );
    }

    #[test]
    fn related_places_are_numbered() {
        let related = run(&made_up::peculiar())["results"][1]["relatedLocations"].clone();
        assert_eq!((&related[0]["id"], related.as_array().unwrap().len()), (&json!(1), 1));
        assert!(related[0]["message"]["text"].as_str().unwrap().starts_with("defined "));
    }

    #[test]
    fn what_could_not_be_read_is_told_as_notification_too() {
        let mut outcome = made_up::one();
        assert_eq!(
            run(&outcome)["invocations"],
            json!([{"executionSuccessful": true, "toolExecutionNotifications": []}])
        );
        outcome.findings[0].code = Code::Unreadable;
        let invocation = run(&outcome)["invocations"][0].clone();
        assert_eq!(invocation["executionSuccessful"], false);
        assert_eq!(invocation["toolExecutionNotifications"][0]["associatedRule"]["id"], "SSOT000");
    }

    #[test]
    fn of_too_many_results_the_gravest_stay() {
        let mut outcome = made_up::one();
        outcome.findings[0].severity = Severity::Warning;
        outcome.findings = vec![outcome.findings[0].clone(); 4];
        outcome.findings[3].severity = Severity::Error;
        assert_eq!(gravest(&outcome.findings, 2), [0, 3]);
        assert_eq!(gravest(&outcome.findings, 9), [0, 1, 2, 3]);
        let told = &invocation(&outcome, 2)["toolExecutionNotifications"][0]["message"]["text"];
        assert_eq!(told, "2 results are left out: servers take 25000 at most.");
    }
}
