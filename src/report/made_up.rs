//! Findings made up for the tests of the formats.

use crate::model::{
    Certainty, Code, Edit, Excerpt, FilePlan, Finding, Fix, Form, LineIndex, Location, Outcome, Plan,
    Position, Refusal, Related, RuleCount, Severity, Span, Summary,
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
        ..Outcome::default()
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

/// A file with a finding at each `VAT` behind `import` that the old module gives, and a plan: each pair is a text and what
/// replaces its next occurrence.
pub fn mended(text: &str, edits: &[(&str, &str)]) -> Outcome {
    let mut outcome = one();
    let found = outcome.findings.remove(0);
    let lines = LineIndex::new(text);
    let at = |offset: usize| lines.position(offset as u32, text);
    for (start, written) in text.match_indices("prices import VAT") {
        let span = Span::new((start + 14) as u32, (start + written.len()) as u32);
        let location = Location { start: at(start + 14), end: at(start + written.len()) };
        let excerpt = Excerpt { text: text.into(), cut: 0, first_row: 1, span };
        outcome.findings.push(Finding { span, location, excerpt, ..found.clone() });
    }
    let mut behind = 0;
    let edit = |(old, new): &(&str, &str)| {
        let start = behind + text[behind..].find(old).unwrap();
        behind = start + old.len();
        Edit { span: Span::new(start as u32, behind as u32), text: (*new).into(), rule: "vat".into() }
    };
    let edits = edits.iter().map(edit).collect();
    let file = FilePlan::compose("shop/cart.py".into(), text.as_bytes(), text, edits).unwrap();
    outcome.plan = Some(Plan { files: vec![file], ..Plan::default() });
    outcome
}

/// A place of the same file that the plan leaves.
pub fn refusal(location: Location) -> Refusal {
    let (written, reason) = ("shop.prices.VAT".into(), "it is patched".into());
    Refusal { file: "shop/cart.py".into(), location, rule: Some("vat".into()), written, reason }
}

/// What `render` writes for `outcome`.
pub fn text(render: super::Render, outcome: &Outcome) -> String {
    let mut out = Vec::new();
    render(outcome, &super::Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
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
        excerpt: Excerpt { text: text.into(), cut: 0, first_row: 7, span },
    }
}
