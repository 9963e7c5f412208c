//! `baseline`: writes down what is found today. What is gone goes out; what is new comes in only when somebody asks for it.

use super::Exit;
use super::arguments::{Baseline, Global};
use super::codes::selection;
use super::failure::Failure;
use super::known::{BASELINE, BaselineFile};
use super::progress::Bar;
use super::project::{Opened, open};
use super::terminal::Terminal;
use crate::model::{Code, Finding, KnownFinding, Outcome};
use crate::report::{Format, Style};
use crate::rule::{Comparison, Reach, Selection, compare, render_baseline};
use crate::{pipeline, report, transaction};

/// Runs the command.
pub(super) fn run(command: &Baseline, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let selection = selection(&command.codes)?;
    let opened = open(&command.paths, global, terminal)?;
    let file = command.output.clone().unwrap_or_else(|| opened.settings.root.join(BASELINE));
    let name = command.output.as_ref().map_or(BASELINE.into(), |output| output.display().to_string());
    let old = BaselineFile::find(&file, &name)?;
    let bar = Bar::new(terminal);
    let outcome = pipeline::check(&opened.settings, &opened.scope, &selection, &bar)?;
    bar.clear();
    let mut draft = Draft::new(old.as_ref(), outcome.findings, &opened, &selection);
    let refused = match old.is_none() || command.allow_additions {
        true => Vec::new(),
        false => std::mem::take(&mut draft.new),
    };
    let text = render_baseline(&draft.entries());
    if old.as_ref().is_none_or(|old| old.text != text) {
        transaction::publish(&file, text.as_bytes())?;
    }
    terminal.note(&format!("{name}: {}", draft.tally(old.as_ref())));
    list(&draft.unread, terminal)?;
    list(&refused, terminal)?;
    Ok(verdict(&refused, &draft.unread, &name, terminal))
}

/// What the baseline is to hold.
struct Draft {
    /// Known findings, and entries that were not looked at.
    kept: Vec<KnownFinding>,
    new: Vec<Finding>,
    /// What could not be read: never part of a baseline.
    unread: Vec<Finding>,
}

impl Draft {
    fn new(
        old: Option<&BaselineFile>,
        findings: Vec<Finding>,
        opened: &Opened,
        selection: &Selection,
    ) -> Self {
        let exists = |path: &str| opened.has_file(path);
        let paths = opened.asked_paths();
        let (unread, findings): (Vec<Finding>, Vec<Finding>) =
            findings.into_iter().partition(|finding| finding.code == Code::Unreadable);
        let reach = Reach::new(&paths, selection, &unread);
        let known = old.map_or(&[][..], |old| &old.entries);
        let Comparison { known, new, missing } = compare(known, findings, &exists);
        let unseen = missing.into_iter().filter(|known| exists(&known.file) && !reach.covers(known));
        let kept = known.iter().map(KnownFinding::from).chain(unseen).collect();
        Self { kept, new, unread }
    }

    fn entries(&self) -> Vec<KnownFinding> {
        self.kept.iter().cloned().chain(self.new.iter().map(KnownFinding::from)).collect()
    }

    /// How many there are, and what has changed.
    fn tally(&self, old: Option<&BaselineFile>) -> String {
        let all = report::count(self.kept.len() + self.new.len(), "finding");
        match old.map(|old| old.entries.len().saturating_sub(self.kept.len())) {
            None => format!("{all} written down"),
            Some(0) if self.new.is_empty() => format!("{all}, as before"),
            Some(gone) => format!("{all}; {gone} taken out, {} put in", self.new.len()),
        }
    }
}

/// One line for each finding.
fn list(findings: &[Finding], terminal: &Terminal) -> Result<(), Failure> {
    let outcome = Outcome { findings: findings.to_vec(), ..Outcome::default() };
    let style = Style { summary: false, ..*terminal.output() };
    let mut text = Vec::new();
    let rendered = Format::Concise.render(&outcome, &style, &mut text);
    rendered.map_err(|source| Failure::Output { what: "the list".into(), source })?;
    terminal.print(&text)
}

fn verdict(refused: &[Finding], unread: &[Finding], name: &str, terminal: &Terminal) -> Exit {
    if !refused.is_empty() {
        let are = if refused.len() == 1 { "is" } else { "are" };
        let message =
            format!("{} {are} new and not put into {name}", report::count(refused.len(), "finding"));
        let help = "mend what is new, or say `--allow-additions`".to_owned();
        terminal.error(message, Some(help));
    }
    if !unread.is_empty() {
        let message =
            format!("{} could not be read: no baseline hides that", report::count(unread.len(), "file"));
        terminal.error(message, None);
        return Exit::Trouble;
    }
    if refused.is_empty() { Exit::Clean } else { Exit::Findings }
}
