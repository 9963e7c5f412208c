//! The parts that findings of every kind share: place, excerpt, fingerprint.

use super::{Rule, RuleKind, Subject};
use crate::graph::MAY_BE_FILE;
use crate::model::{
    Certainty, Code, Excerpt, FileFacts, Finding, Fix, Form, Hop, ImportForm, Language, LineIndex, Location,
    Place, Reference, Related, Severity, Site, SourceFile, Span, Use,
};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Lines kept before and after the finding's own.
const CONTEXT_ROWS: u32 = 1;

/// A finding at `span`, with everything that follows from the place filled in.
pub(super) fn finding(
    source: &SourceFile,
    lines: &LineIndex,
    code: Code,
    span: Span,
    message: String,
) -> Finding {
    let excerpt = excerpt(source, lines, span);
    finding_with(excerpt, source, lines, code, span, message)
}

/// The same for a path in data: it is shown alone, since what stands around it may be passwords and keys, and a line may be
/// as long as the file.
pub(super) fn data_finding(
    source: &SourceFile,
    lines: &LineIndex,
    code: Code,
    span: Span,
    message: String,
) -> Finding {
    let text = source.text();
    let first_row = lines.row(span.start);
    let excerpt = Excerpt {
        text: span.of(text).to_owned(),
        cut: span.start - lines.line(first_row, text).start,
        first_row,
        span: Span::new(0, span.len()),
    };
    finding_with(excerpt, source, lines, code, span, message)
}

fn finding_with(
    excerpt: Excerpt,
    source: &SourceFile,
    lines: &LineIndex,
    code: Code,
    span: Span,
    message: String,
) -> Finding {
    let text = source.text();
    let location = Location { start: lines.position(span.start, text), end: lines.position(span.end, text) };
    Finding {
        code,
        rule: None,
        severity: Severity::Error,
        certainty: Certainty::Proved,
        file: source.path().clone(),
        span,
        location,
        message,
        help: None,
        written: None,
        canonical: None,
        form: None,
        route: Vec::new(),
        related: Vec::new(),
        fix: Fix::None,
        fingerprint: String::new(),
        excerpt,
    }
}

/// The lines of a finding, and some before and after.
fn excerpt(source: &SourceFile, lines: &LineIndex, span: Span) -> Excerpt {
    let text = source.text();
    let first_row = lines.row(span.start).saturating_sub(CONTEXT_ROWS).max(1);
    let last_row = (lines.row(span.end.max(span.start)) + CONTEXT_ROWS).min(lines.rows());
    let window = lines.line(first_row, text).cover(lines.line(last_row, text));
    let inside = Span::new(span.start - window.start, span.end - window.start);
    Excerpt { text: window.of(text).to_owned(), cut: 0, first_row, span: inside }
}

/// A finding for a place where a declared path is written.
pub(super) fn use_finding(subject: &Subject<'_>, lines: &LineIndex, code: Code, found: &Use) -> Finding {
    let rule = &subject.rules.rules[found.rule.expect("only uses of a rule become findings")];
    let canonical = found.target.join(&found.written.segments()[found.matched..]);
    let mut finding = finding(
        subject.source,
        lines,
        code,
        use_span(facts(subject), found),
        message(rule, facts(subject), found, &canonical.to_string()),
    );
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity;
    finding.form = Some(use_form(facts(subject), found));
    let role = facts(subject).data_role(&found.site);
    if role.is_some() {
        finding.severity = rule.severity.min(Severity::Warning);
        let is_file = found.obstacle.as_deref() == Some(MAY_BE_FILE);
        finding.certainty = if is_file { Certainty::Guess } else { Certainty::Likely };
    }
    let obstacle = facts(subject).obstacle().map(str::to_owned).or_else(|| found.obstacle.clone());
    let free = if role.is_some() { Fix::Unsafe } else { Fix::Safe };
    finding.fix = obstacle.map_or(free, Fix::Refused);
    finding.written = Some(found.written.to_string());
    finding.canonical = Some(canonical.to_string());
    finding.route = route(found, &canonical.to_string());
    finding.related = found.hops.iter().flatten().filter_map(|hop| related(subject, hop)).collect();
    finding.help = Some(remedy(&finding.fix, &canonical.to_string()));
    finding.fingerprint = key(subject, found);
    finding
}

/// What to do about a place where a path is written.
pub(super) fn remedy(fix: &Fix, canonical: &str) -> String {
    match fix {
        Fix::Refused(_) => format!("write `{canonical}` here by hand"),
        Fix::Unsafe => format!("`ssot-lint migrate --execute --include-data` writes `{canonical}`"),
        _ => format!("`ssot-lint migrate --execute` writes `{canonical}`"),
    }
}

fn message(rule: &Rule, facts: &FileFacts, found: &Use, canonical: &str) -> String {
    let mut message = match &found.hops {
        None => format!("`{}` is a legacy path of `{canonical}`", found.written),
        Some(_) => {
            let way = route(found, canonical).join(" -> ");
            match rule.kind {
                RuleKind::Policy => {
                    format!("`{}` is not wanted here, `{canonical}` is: {way}", found.written)
                }
                _ => format!("`{}` is a bypass of `{canonical}`: {way}", found.written),
            }
        }
    };
    if let Some(role) = facts.data_role(&found.site) {
        let _ = write!(message, ", written {}", role.told());
    }
    message + &advice(rule)
}

/// How a message ends: with the dates of the rule, and what the team wants people to know.
pub(super) fn advice(rule: &Rule) -> String {
    let told = rule.message.as_ref().map(|advice| format!(": {advice}"));
    format!("{}{}", rule.dates, told.unwrap_or_default())
}

/// The place that hands a symbol on.
fn related(subject: &Subject<'_>, hop: &Hop) -> Option<Related> {
    let (file, location) = (subject.places)(hop.file, hop.span)?;
    Some(Related { file, location, label: format!("handed on as `{}`", hop.path) })
}

/// What is written of declared paths, as far as it is of this kind.
pub(super) fn uses_of_kind(subject: &Subject<'_>, code: Code) -> Vec<Finding> {
    let is_of_kind = |found: &&Use| found.spelled && use_code(subject, found) == code;
    let mut found = subject.uses.uses.iter().filter(is_of_kind).peekable();
    if found.peek().is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(subject.source.text());
    found.map(|found| use_finding(subject, &lines, code, found)).collect()
}

/// The kind of finding that a use is.
fn use_code(subject: &Subject<'_>, found: &Use) -> Code {
    let rule = &subject.rules.rules[found.rule.expect("only uses of a rule become findings")];
    let facts = facts(subject);
    match use_codes(rule, facts, found) {
        [code] => *code,
        // A literal that is not spelled as it is read stands for its path as a whole.
        [in_string, _] if use_span(facts, found).of(subject.source.text()).ends_with('"') => *in_string,
        codes => *codes.last().expect("there is always a kind"),
    }
}

/// The kinds of finding that a use may be: more than one where only the text can tell.
pub(super) fn use_codes(rule: &Rule, facts: &FileFacts, found: &Use) -> &'static [Code] {
    let place = match &found.site {
        Site::PathString(_) => Place::Text,
        Site::Reference(id) => facts.references[*id as usize].place,
        Site::Import(_) | Site::StarMember(..) => Place::Code,
    };
    match (rule.kind, &found.hops, place) {
        (RuleKind::Policy, ..) => &[Code::Policy],
        (_, Some(_), _) => &[Code::BypassPath],
        (_, None, Place::Text) => &[Code::StringPath],
        (_, None, Place::Opaque) => &[Code::StringPath, Code::LegacyPath],
        (_, None, _) => &[Code::LegacyPath],
    }
}

/// The paths that lead from the written one to the symbol; empty when a declared path is written straight.
fn route(found: &Use, canonical: &str) -> Vec<String> {
    let Some(hops) = &found.hops else { return found.route.clone() };
    hops.iter().map(|hop| hop.path.to_string()).chain([canonical.to_owned()]).collect()
}

/// Where a declared path is written.
pub(super) fn use_span(facts: &FileFacts, found: &Use) -> Span {
    let rest = found.written.len() - found.matched;
    match &found.site {
        Site::Import(id) | Site::StarMember(id, _) => facts.imports[*id as usize].span,
        Site::Reference(id) => chain_span(&facts.references[*id as usize], rest),
        Site::PathString(id) => facts.strings[*id as usize].span,
    }
}

/// A chain without its last `rest` segments; the first one stays.
pub(super) fn chain_span(chain: &Reference, rest: usize) -> Span {
    let segments = &chain.segments;
    let last = segments.len().saturating_sub(1 + rest.min(segments.len() - 1));
    segments[0].span.cover(segments[last].span)
}

/// How a declared path is written.
pub(super) fn use_form(facts: &FileFacts, found: &Use) -> Form {
    match &found.site {
        Site::Import(id) | Site::StarMember(id, _) => {
            import_form(facts.imports[*id as usize].form, found.written.language())
        }
        Site::Reference(id) => reference_form(&facts.references[*id as usize], found.written.language()),
        Site::PathString(_) if facts.data_role(&found.site).is_some() => Form::Data,
        Site::PathString(_) => Form::String,
    }
}

/// How a chain is called in its language.
pub(super) const fn reference_form(reference: &Reference, language: Language) -> Form {
    match (reference.place, language) {
        (Place::NameInString | Place::Text, _) => Form::String,
        (Place::Doc, _) => Form::DocLink,
        (_, Language::Python) => Form::Attribute,
        (_, Language::Rust) => Form::Path,
    }
}

/// How an import of this kind is called in its language.
pub(super) const fn import_form(form: ImportForm, language: Language) -> Form {
    match (form, language) {
        (ImportForm::Module, Language::Python) => Form::Import,
        (ImportForm::Member, Language::Python) => Form::FromImport,
        (ImportForm::Star, Language::Python) => Form::StarImport,
        (ImportForm::Module, Language::Rust) => Form::ExternCrate,
        (ImportForm::Member, Language::Rust) => Form::Use,
        (ImportForm::Star, Language::Rust) => Form::GlobUse,
    }
}

/// What a fingerprint is made of, without the ordinal that tells equal places apart.
fn key(subject: &Subject<'_>, found: &Use) -> String {
    let facts = facts(subject);
    let scope = match &found.site {
        Site::Import(id) | Site::StarMember(id, _) => facts.imports[*id as usize].scope,
        Site::Reference(id) => facts.references[*id as usize].scope,
        Site::PathString(id) => facts.strings[*id as usize].scope,
    };
    let scope = facts.qualified_scope(scope);
    format!("{}\0{}\0{}\0{scope}", subject.source.path(), found.written, use_form(facts, found).as_str())
}

fn facts<'run>(subject: &Subject<'run>) -> &'run FileFacts {
    subject.graph.facts(subject.file).expect("a file with uses has facts")
}

/// How many hexadecimal digits stand for a text.
const DIGEST_DIGITS: usize = 12;

/// How many hexadecimal digits a fingerprint has: those of the file, those of the key in it, and four for the number that
/// tells equal keys apart.
pub(super) const FINGERPRINT_DIGITS: usize = 2 * DIGEST_DIGITS + 4;

/// Turns the keys of all findings, in order, into fingerprints.
pub fn seal_fingerprints<'finding>(findings: impl IntoIterator<Item = &'finding mut Finding>) {
    let mut seen = rustc_hash::FxHashMap::<String, u16>::default();
    for finding in findings {
        let key = finding.fingerprint.strip_prefix(&*finding.file).unwrap_or(&finding.fingerprint);
        let key = format!("{}\0{key}", finding.code);
        let ordinal = seen.entry(format!("{}\0{key}", finding.file)).or_default();
        finding.fingerprint = fingerprint(&finding.file, &format!("{}{ordinal:04x}", digest(&key)));
        *ordinal = ordinal.saturating_add(1);
    }
}

/// The fingerprint of a place in `file`.
pub(super) fn fingerprint(file: &str, place: &str) -> String {
    digest(file) + place
}

/// The part of a fingerprint that stays the same when the file moves.
pub(super) fn place_in_file(fingerprint: &str) -> &str {
    &fingerprint[DIGEST_DIGITS..]
}

/// The part that equal findings in one file have in common.
pub(super) fn without_number(fingerprint: &str) -> &str {
    &fingerprint[..2 * DIGEST_DIGITS]
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest[..DIGEST_DIGITS / 2].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
