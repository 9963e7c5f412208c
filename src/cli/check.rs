//! `check`: report every place that does not use the canonical path.

use super::arguments::{Check, Global};
use super::codes::selection;
use super::destinations::Destinations;
use super::failure::Failure;
use super::known::{BaselineFile, since};
use super::progress::Bar;
use super::project::{Opened, open, open_unsaved, root_place};
use super::terminal::Terminal;
use super::{Exit, add_ignore, standard_input, watch};
use crate::model::{Code, Finding, Fix, Outcome, Plan, Severity};
use crate::pipeline::{self, FixRequest};
use crate::transaction::Disk;
use crate::{report, rule};
use std::collections::{BTreeMap, BTreeSet};

/// Runs the command.
pub(super) fn run(
    command: &Check,
    global: &Global,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    let overlay = standard_input::overlay(command)?;
    if command.watch {
        return watch::run(command, global, terminal);
    }
    let mut opened = match overlay {
        Some(overlay) => open_unsaved(overlay, global, terminal)?,
        None => open(&command.paths, global, terminal)?,
    };
    if let Some(reason) = &command.add_ignore {
        opened.settings.force_exclude = command.force_exclude;
        let selection = selection(&command.codes)?;
        return add_ignore::run(command, reason.trim(), &selection, &opened, terminal, disk);
    }
    once(command, global, &mut opened, terminal)
}

/// Checks a project as it is now.
pub(super) fn once(
    command: &Check,
    global: &Global,
    opened: &mut Opened,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let (selection, destinations) = (selection(&command.codes)?, Destinations::new(command)?);
    opened.settings.force_exclude = command.force_exclude;
    let baseline = command.baseline.as_deref().map(BaselineFile::open).transpose()?;
    let bar = Bar::new(terminal);
    let before =
        command.since.as_deref().map(|revision| since(revision, opened, &selection, &bar)).transpose()?;
    let mut outcome = pipeline::check(&opened.settings, &opened.scope, &selection, &bar)?;
    outcome.root = root_place(&opened.settings.root)?;
    bar.clear();
    let exists = |path: &str| opened.has_file(path);
    // The baseline first: it is told which of its entries are gone, and must see all that is found.
    if let Some(baseline) = &baseline {
        baseline.hide(&mut outcome, opened, &selection);
    }
    if let Some(before) = before {
        rule::hide(&mut outcome, &before, &exists);
    }
    if destinations.show_edits() {
        outcome.plan = plan(opened, &outcome, &bar)?;
    }
    if terminal.verbose {
        for file in &outcome.unreached {
            terminal
                .note(&format!("{file}: no target of any package reaches it, only full paths are checked"));
        }
    }
    destinations.write(&outcome, terminal)?;
    if let Some(baseline) = &baseline {
        let remedy = baseline.remedy(command, global, opened);
        if let Some((notice, list)) = report::stale(&outcome.stale, &baseline.name, &remedy) {
            terminal.notice(&[notice]);
            terminal.warn(list.as_bytes());
        }
    }
    Ok(exit(command, &outcome))
}

/// What `migrate` would do for the rules that have findings which can be mended.
fn plan(opened: &Opened, outcome: &Outcome, bar: &Bar) -> Result<Option<Plan>, Failure> {
    let mendable = outcome.findings.iter().filter(|finding| finding.fix == Fix::Safe);
    let rules: BTreeSet<&String> = mendable.filter_map(|finding| finding.rule.as_ref()).collect();
    if rules.is_empty() {
        return Ok(None);
    }
    let rules: Vec<String> = rules.into_iter().cloned().collect();
    let request = FixRequest {
        settings: &opened.settings,
        scope: &opened.scope,
        rules: &rules,
        among: None,
        assumed: None,
        left_out: &BTreeMap::new(),
        // What is not reported is not mended.
        known: &outcome.hidden,
        includes_data: false,
        wants_joint: true,
    };
    Ok(Some(pipeline::fix(&request, bar)?))
}

fn exit(command: &Check, outcome: &Outcome) -> Exit {
    if outcome.findings.iter().any(|finding| finding.code == Code::Unreadable) {
        Exit::Trouble
    } else if command.exit_zero || outcome.stale.is_empty() && outcome.findings.iter().all(is_harmless) {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

fn is_harmless(finding: &Finding) -> bool {
    finding.severity == Severity::Info
}
