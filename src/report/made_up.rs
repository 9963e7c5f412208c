//! Findings made up for the tests of the formats.

use crate::model::{
    Certainty, Code, Excerpt, Finding, Fix, Form, Location, Outcome, Position, Related, RuleCount, Severity,
    Span, Summary,
};

/// A place on one row.
pub fn location(row: u32, start: u32, end: u32) -> Location {
    Location { start: Position { row, column: start }, end: Position { row, column: end } }
}

/// One finding behind an emoji, in a check of 30 files.
pub fn one() -> Outcome {
    let line = "x = '😀'; from shop.prices import VAT";
    let start = line.find("VAT").unwrap() as u32;
    let by_rule = [("vat".to_string(), RuleCount { findings: 1, ..RuleCount::default() })].into();
    Outcome {
        findings: vec![finding("shop/cart.py", line, Span::new(start, start + 3))],
        summary: Summary { files: 30, parsed: 3, canonical_uses: 0, by_rule },
        suppressed: Vec::new(),
        unreached: Vec::new(),
    }
}

/// Findings with everything that has broken other reporters: escapes, direction marks, line breaks in names, a line of
/// 200,000 columns, a place outside of its text, and no text at all.
pub fn peculiar() -> Outcome {
    let nasty = "a\x1b[31m\u{202e}\u{9b}";
    let long = format!("{}import a{}", "x = 1; ".repeat(20_000), " ".repeat(60_000));
    let mut findings = vec![
        finding("no\ntext\x1b.py", "", Span::new(0, 0)),
        finding(nasty, nasty, Span::new(0, 3)),
        finding("long.py", &long, Span::new(140_000, 140_008)),
        finding("outside.py", "é", Span::new(1, 9_000)),
        finding("lines.py", "(\n'a',\r\n'b'\r)\n", Span::new(0, 14)),
    ];
    findings[1].message = nasty.into();
    findings[1].help = Some(nasty.into());
    findings[1].fix = Fix::Refused(nasty.into());
    let label = format!("defined {nasty}");
    findings[1].related = vec![Related { file: nasty.into(), location: location(1, 1, 2), label }];
    Outcome { findings, ..Outcome::default() }
}

fn finding(file: &str, text: &str, span: Span) -> Finding {
    Finding {
        code: Code::LegacyPath,
        rule: Some("vat".into()),
        severity: Severity::Error,
        certainty: Certainty::Proved,
        file: file.into(),
        span,
        location: location(7, 35, 38),
        message: "`shop.prices.VAT` is a legacy path".into(),
        help: Some("import `VAT` from `shop.tax`".into()),
        written: Some("shop.prices.VAT".into()),
        canonical: Some("shop.tax.VAT".into()),
        form: Some(Form::FromImport),
        route: vec!["shop.prices.VAT".into(), "shop.tax.VAT".into()],
        related: Vec::new(),
        fix: Fix::Safe,
        fingerprint: "0123".into(),
        excerpt: Excerpt { text: text.into(), first_row: 7, span },
    }
}
