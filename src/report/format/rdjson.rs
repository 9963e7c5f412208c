//! Reviewdog's diagnostic format as one JSON object; its columns count bytes from 1, and an end is behind the last one.

use crate::model::{Excerpt, Finding, Location, Outcome, Position, Severity};
use crate::report::each::Each;
use crate::report::mends::{Mend, Mends};
use crate::report::{Style, page_address};
use serde::Serialize;
use serde_json::{Value, json};
use std::io;

/// A suggestion that replaces more rows than these is no help beside a line.
const MOST_ROWS: u32 = 20;

#[derive(Serialize)]
struct Document<D> {
    source: Source,
    diagnostics: D,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

/// Writes the object and a line break.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mends = Mends::new(outcome);
    let diagnostics = || {
        let findings = outcome.findings.iter().enumerate();
        findings.map(|(number, finding)| diagnostic(outcome, finding, mends.of(number)))
    };
    let document = Document { source: Source { name: "ssot-lint" }, diagnostics: Each(diagnostics) };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn diagnostic(outcome: &Outcome, finding: &Finding, mend: Option<Mend<'_>>) -> Value {
    let mut code = json!({"value": finding.code.to_string()});
    if let Some(address) = page_address(finding.code) {
        code["url"] = address.into();
    }
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
    let mut diagnostic = json!({
        "message": format!("{}{help}", finding.message),
        "location": {"path": outcome.from_working_folder(&finding.file), "range": range(place(finding))},
        "severity": match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info | Severity::Off => "INFO",
        },
        "code": code,
    });
    if !finding.related.is_empty() {
        diagnostic["related_locations"] = related(outcome, finding);
    }
    if let Some((mend, (span, text))) = mend.and_then(|mend| mend.as_one(MOST_ROWS).map(|one| (mend, one))) {
        let at = |offset| mend.file.byte_position(offset);
        let place = Location { start: at(span.start), end: at(span.end) };
        diagnostic["suggestions"] = json!([{"range": range(place), "text": text}]);
    }
    diagnostic
}

/// Only the rows: of these lines no text is at hand to count bytes in.
fn related(outcome: &Outcome, finding: &Finding) -> Value {
    let related = finding.related.iter().map(|related| {
        let (start, end) = (related.location.start.row, related.location.end.row);
        let range = json!({"start": {"line": start}, "end": {"line": end}});
        let path = outcome.from_working_folder(&related.file);
        json!({"message": related.label, "location": {"path": path, "range": range}})
    });
    related.collect()
}

fn range(place: Location) -> Value {
    let position = |at: Position| json!({"line": at.row, "column": at.column});
    json!({"start": position(place.start), "end": position(place.end)})
}

/// Where the finding is, its columns in bytes. Without a text there is nothing to convert.
fn place(finding: &Finding) -> Location {
    let column = |offset: u32, position: Position| Position {
        column: byte_column(&finding.excerpt, offset).unwrap_or(position.column),
        ..position
    };
    let (span, location) = (finding.excerpt.span, finding.location);
    Location { start: column(span.start, location.start), end: column(span.end, location.end) }
}

fn byte_column(excerpt: &Excerpt, offset: u32) -> Option<u32> {
    let before = excerpt.text.as_bytes().get(..offset as usize).filter(|_| !excerpt.text.is_empty())?;
    let line = before.iter().rposition(|&byte| matches!(byte, b'\n' | b'\r'));
    let length = line.map_or(before.len() + excerpt.cut as usize, |line| before.len() - line - 1);
    Some(length as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    fn document(outcome: &Outcome) -> Value {
        serde_json::from_str(&made_up::text(render, outcome)).unwrap()
    }

    #[test]
    fn columns_count_bytes() {
        let mut outcome = made_up::one();
        outcome.root.from_working_folder = "../".into();
        assert_eq!(
            document(&outcome),
            json!({"source": {"name": "ssot-lint"}, "diagnostics": [{
                "message": "`shop.prices.VAT` is a legacy path\nhelp: import `VAT` from `shop.tax`",
                "location": {"path": "../shop/cart.py",
                    "range": {"start": {"line": 7, "column": 37}, "end": {"line": 7, "column": 40}}},
                "severity": "ERROR",
                "code": {"value": "SSOT001"},
            }]})
        );
    }

    #[test]
    fn a_known_edit_is_a_suggestion() {
        let text = "\r\n\tx = '😀'; from shop.prices import VAT\r\n";
        let outcome = made_up::mended(text, &[("shop.prices", "shop.tax")]);
        let diagnostic = &document(&outcome)["diagnostics"][0];
        let row = |start: u32, end: u32| json!({"start": {"line": 2, "column": start}, "end": {"line": 2, "column": end}});
        assert_eq!(diagnostic["location"]["range"], row(38, 41));
        assert_eq!(diagnostic["suggestions"], json!([{"range": row(19, 30), "text": "shop.tax"}]));
    }

    #[test]
    fn what_has_no_text_keeps_its_place_and_related_places_have_rows() {
        let outcome = made_up::peculiar();
        let found = &document(&outcome)["diagnostics"];
        assert_eq!(found[0]["location"]["range"]["start"], json!({"line": 7, "column": 35}));
        assert_eq!(
            found[1]["related_locations"][0]["location"]["range"],
            json!({"start": {"line": 1}, "end": {"line": 1}})
        );
    }
}
