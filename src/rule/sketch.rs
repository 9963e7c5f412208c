//! A finding before the text of its file is at hand: what looks at the whole project keeps no texts.

use super::{Places, RuleSet, draft};
use crate::model::{
    Certainty, Code, FileId, Finding, Fix, Form, LineIndex, Related, Severity, SourceFile, Span, SymbolPath,
};

/// Where something was found, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Sketch {
    /// What kind.
    pub code: Code,
    /// The file.
    pub file: FileId,
    /// The bytes in it; the default span stands for the first line.
    pub span: Span,
    /// One sentence without a final full stop.
    pub message: String,
    /// What to do about it, as one sentence without a final full stop.
    pub help: Option<String>,
    /// The rule, as index into the rule set.
    pub rule: Option<usize>,
    /// How much it matters; without a rule that says otherwise.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The absolute path that is written.
    pub written: Option<SymbolPath>,
    /// The absolute path to write instead.
    pub canonical: Option<SymbolPath>,
    /// How the path is written.
    pub form: Option<Form>,
    /// The paths on the way.
    pub route: Vec<String>,
    /// Further places, each with what is to be seen there.
    pub related: Vec<(FileId, Span, String)>,
    /// Names the finding within its file: made of symbols, never of line numbers.
    pub key: String,
}

impl Sketch {
    /// A certain error without anything further.
    pub fn new(code: Code, file: FileId, span: Span, message: String, key: String) -> Self {
        Self {
            code,
            file,
            span,
            message,
            help: None,
            rule: None,
            severity: Severity::Error,
            certainty: Certainty::Proved,
            written: None,
            canonical: None,
            form: None,
            route: Vec::new(),
            related: Vec::new(),
            key,
        }
    }

    /// The files whose texts are needed to tell it.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        std::iter::once(self.file).chain(self.related.iter().map(|(file, _, _)| *file))
    }

    /// The finding.
    pub fn finding(
        &self,
        rules: &RuleSet,
        source: &SourceFile,
        lines: &LineIndex,
        places: &Places<'_>,
    ) -> Finding {
        let span = if self.span == Span::default() { first_line(source, lines) } else { self.span };
        let mut finding = draft::finding(source, lines, self.code, span, self.message.clone());
        let rule = self.rule.map(|rule| &rules.rules[rule]);
        finding.rule = rule.map(|rule| rule.id.clone());
        finding.severity = self.severity;
        finding.certainty = self.certainty;
        finding.help.clone_from(&self.help);
        finding.written = self.written.as_ref().map(ToString::to_string);
        finding.canonical = self.canonical.as_ref().map(ToString::to_string);
        finding.form = self.form;
        finding.route.clone_from(&self.route);
        let related = self.related.iter().filter_map(|(file, span, label)| {
            let (file, location) = places(*file, *span)?;
            Some(Related { file, location, label: label.clone() })
        });
        finding.related = related.collect();
        finding.fix = Fix::None;
        finding.fingerprint = format!("{}\0{}", source.path(), self.key);
        finding
    }
}

/// The text of the first line.
pub fn first_line(source: &SourceFile, lines: &LineIndex) -> Span {
    let (text, line) = (source.text(), lines.line(1, source.text()));
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let shown = line.of(text).trim_end().len() as u32;
    Span::new(mark.min(shown), shown)
}
