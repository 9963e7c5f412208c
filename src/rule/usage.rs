//! SSOT008: a piece of code that a `[[usage]]` pattern describes.

use super::{Subject, draft};
use crate::model::{Code, Finding, Fix, Form, LineIndex, Span, UsageMatch};

/// The findings of one file.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.matches.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    subject.matches.iter().map(|found| finding(subject, &lines, found)).collect()
}

fn finding(subject: &Subject<'_>, lines: &LineIndex, found: &UsageMatch) -> Finding {
    let rule = &subject.rules.rules[found.rule];
    let usage = rule.usage.as_ref().expect("only patterns have matches");
    let text = subject.source.text();
    let written = on_one_line(found.span.of(text));
    let find = on_one_line(&usage.find);
    let mut message = format!("this is a usage `{find}`{}", rule.dates);
    if let Some(advice) = &rule.message {
        message = format!("{message}: {advice}");
    }
    let span = if found.is_statement { first_line(text, found.span) } else { found.span };
    let mut finding = draft::finding(subject.source, lines, Code::Usage, span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity;
    finding.form = Some(Form::Usage);
    let facts = subject.graph.facts(subject.file);
    if let Some(replace) = &usage.replace {
        let replace = on_one_line(replace);
        let obstacle = facts.and_then(|facts| facts.obstacle());
        finding.fix = obstacle.map_or(Fix::Safe, |reason| Fix::Refused(reason.to_owned()));
        finding.help = Some(match &finding.fix {
            Fix::Refused(_) => format!("write `{replace}` here by hand"),
            _ => format!("`ssot-lint migrate --execute` writes `{replace}`"),
        });
        finding.canonical = Some(replace);
    }
    let scope = facts
        .map(|facts| facts.qualified_scope(facts.scope_in(found.span).unwrap_or_default()))
        .unwrap_or_default();
    finding.fingerprint =
        format!("{}\0{written}\0{}\0{}\0{scope}", subject.source.path(), rule.id, Form::Usage.as_str());
    finding.written = Some(written);
    finding
}

/// A statement may hold half of a file.
fn first_line(text: &str, span: Span) -> Span {
    let line = span.of(text).lines().next().unwrap_or_default();
    Span::new(span.start, span.start + line.len() as u32)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
