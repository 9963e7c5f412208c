//! SSOT005 for tasks: a function that is registered under the name of its module got another name when it moved.

use super::{Rule, RuleKind, Subject, draft};
use crate::model::{Certainty, Code, Finding, Form, LineIndex, Registration, Severity, SymbolPath};

/// The findings of one file. Nobody can see in the code whether the old name is still in use, and the code is right as it is: it
/// is worth knowing, no more.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let registrations = subject.graph.facts(subject.file).map_or(&[][..], |facts| &facts.registrations);
    let modules = subject.graph.modules();
    let own = modules.of_file(subject.file).map(|id| modules.module(id).name());
    let Some(own) = own.filter(|_| !registrations.is_empty()) else { return Vec::new() };
    let lines = LineIndex::new(subject.source.text());
    registrations.iter().filter_map(|one| finding(subject, &lines, own, one)).collect()
}

fn finding(
    subject: &Subject<'_>,
    lines: &LineIndex,
    own: &SymbolPath,
    one: &Registration,
) -> Option<Finding> {
    let path = own.join([&one.name]);
    let (rule, former) = former(subject, &path)?;
    let message = format!(
        "this task is registered as `{path}`, where it was `{former}` before it moved: messages and schedules \
         with that name find no task"
    );
    let mut finding = draft::finding(subject.source, lines, Code::StringPath, one.span, message);
    finding.rule = Some(rule.id.clone());
    finding.severity = rule.severity.min(Severity::Info);
    finding.certainty = Certainty::Guess;
    finding.form = Some(Form::Data);
    finding.help = Some(format!("give it `name=\"{former}\"`, or drain the queue and then any name"));
    finding.fingerprint = format!("{}\0{former}\0task\0", subject.source.path());
    Some(finding)
}

/// The rule that moved what has this path now, and the path that it had: by the move that speaks of it most closely.
fn former<'run>(subject: &Subject<'run>, path: &SymbolPath) -> Option<(&'run Rule, SymbolPath)> {
    let is_declaring = |rule: &&Rule| matches!(rule.kind, RuleKind::Symbol | RuleKind::Module);
    let moves = subject.rules.rules.iter().filter(is_declaring);
    let moves = moves.flat_map(|rule| rule.moves.iter().map(move |(from, to)| (rule, from, to)));
    let fitting = moves.filter(|(_, from, to)| path.starts_with(to) && !path.starts_with(from));
    // Of several the first.
    let (rule, from, to) = fitting.rev().max_by_key(|(_, _, to)| to.len())?;
    Some((rule, from.join(&path.segments()[to.len()..])))
}
