//! `report`: how much is canonical, by rule, package and owner, and how it came to be.

use super::Exit;
use super::arguments::{By, Global, Report};
use super::failure::Failure;
use super::progress::Bar;
use super::project::{Opened, open};
use super::terminal::Terminal;
use crate::model::{Code, Compliance, Outcome};
use crate::report::{Breakdown, Extent};
use crate::rule::{self, Selection};
use crate::source::Owners;
use crate::{pipeline, report, transaction};

/// Runs the command.
pub(super) fn run(command: &Report, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let opened = open(&[], global, terminal)?;
    let owners = owners(command, &opened)?;
    let bar = Bar::new(terminal);
    let outcome = pipeline::check(&opened.settings, &[], &Selection::default(), &bar)?;
    let mut compliance = match &owners {
        Some(owners) => rule::compliance(&outcome, Some(&|file| owners.of(file))),
        None => rule::compliance(&outcome, None),
    };
    if let Some(count) = command.history {
        compliance.history = pipeline::history(&opened.settings, count as usize, &bar)?;
    }
    bar.clear();
    write(command, &compliance, terminal)?;
    Ok(verdict(command, &compliance, &outcome, terminal))
}

/// Who owns what, where somebody wants to know.
fn owners(command: &Report, opened: &Opened) -> Result<Option<Owners>, Failure> {
    if !command.by.is_empty() && !command.by.contains(&By::Owner) {
        return Ok(None);
    }
    let unreadable = |(path, source): (std::path::PathBuf, _)| Failure::Output {
        what: path.display().to_string(),
        source,
    };
    let owners = Owners::find(&opened.settings.root).map_err(unreadable)?;
    if owners.is_none() && command.by.contains(&By::Owner) {
        return Err(Failure::usage(
            "there is no CODEOWNERS file",
            "it lies in .github, at the top of the repository, in docs or in .gitlab; without one, say `--by rule,package`",
        ));
    }
    Ok(owners)
}

fn write(command: &Report, compliance: &Compliance, terminal: &Terminal) -> Result<(), Failure> {
    let mut style = *terminal.output();
    style.color &= command.output_file.is_none();
    let by: Vec<Breakdown> = match &*command.by {
        [] => vec![Breakdown::Rule, Breakdown::Package, Breakdown::Owner],
        by => by.iter().map(|by| Breakdown::from(*by)).collect(),
    };
    let mut text = Vec::new();
    let rendered = command.output_format.render(compliance, &Extent { by }, &style, &mut text);
    rendered.map_err(|source| Failure::Output { what: "the report".into(), source })?;
    match &command.output_file {
        Some(file) => Ok(transaction::publish(file, &text)?),
        None => terminal.print(&text),
    }
}

fn verdict(command: &Report, compliance: &Compliance, outcome: &Outcome, terminal: &Terminal) -> Exit {
    let unread = outcome.findings.iter().filter(|finding| finding.code == Code::Unreadable);
    let unread: Vec<String> =
        unread.map(|finding| format!("{}: {}", finding.file, finding.message)).collect();
    unread.iter().for_each(|line| terminal.error(line.clone(), None));
    let wanted = command.fail_under.unwrap_or_default();
    let is_under = compliance.total.compliance().is_some_and(|share| share * 100.0 < wanted);
    if is_under {
        let headline = report::headline(compliance);
        terminal.error(format!("{headline}; less than {wanted} %"), None);
    }
    match (unread.is_empty(), is_under) {
        (false, _) => Exit::Trouble,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    }
}
