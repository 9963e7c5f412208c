//! `check`: report every place that does not use the canonical path.

use super::arguments::{Check, Global};
use super::destinations::Destinations;
use super::failure::Failure;
use super::progress::Bar;
use super::project::{Opened, open, open_unsaved, root_place};
use super::terminal::Terminal;
use super::{Exit, add_ignore, standard_input, watch};
use crate::model::{Code, Fix, Outcome, Plan, Severity};
use crate::pipeline::{self, FixRequest};
use crate::rule::Selection;
use crate::transaction::Disk;
use rustc_hash::FxHashSet;
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
        let selection = selection(command)?;
        return add_ignore::run(command, reason.trim(), &selection, &opened, terminal, disk);
    }
    once(command, &mut opened, terminal)
}

/// Checks a project as it is now.
pub(super) fn once(command: &Check, opened: &mut Opened, terminal: &Terminal) -> Result<Exit, Failure> {
    let (selection, destinations) = (selection(command)?, Destinations::new(command)?);
    opened.settings.force_exclude = command.force_exclude;
    let bar = Bar::new(terminal);
    let mut outcome = pipeline::check(&opened.settings, &opened.scope, &selection, &bar)?;
    outcome.root = root_place(&opened.settings.root)?;
    if destinations.show_edits() {
        outcome.plan = plan(opened, &outcome, &bar)?;
    }
    bar.clear();
    if terminal.verbose {
        for file in &outcome.unreached {
            terminal
                .note(&format!("{file}: no target of any package reaches it, only full paths are checked"));
        }
    }
    destinations.write(&outcome, terminal)?;
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
        wants_joint: true,
    };
    Ok(Some(pipeline::fix(&request, bar)?))
}

fn exit(command: &Check, outcome: &Outcome) -> Exit {
    if outcome.findings.iter().any(|finding| finding.code == Code::Unreadable) {
        Exit::Trouble
    } else if command.exit_zero || outcome.findings.iter().all(|finding| finding.severity == Severity::Info) {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

/// The codes that are asked for.
fn selection(command: &Check) -> Result<Selection, Failure> {
    Ok(Selection {
        select: codes(&command.select)?,
        extend: codes(&command.extend_select)?,
        ignore: codes(&command.ignore)?,
    })
}

/// Codes, names, or beginnings of codes.
fn codes(given: &[String]) -> Result<FxHashSet<Code>, Failure> {
    let mut codes = FxHashSet::default();
    for text in given.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let beginning = text.to_ascii_uppercase();
        let matching = |code: &Code| {
            Code::parse(text) == Some(*code)
                || beginning.len() > 3 && code.to_string().starts_with(&beginning)
        };
        let found: Vec<Code> = Code::ALL.into_iter().filter(matching).collect();
        if found.is_empty() {
            let help = "`ssot-lint explain` lists all codes";
            return Err(Failure::usage(format!("unknown code `{text}`"), help));
        }
        codes.extend(found);
    }
    Ok(codes)
}
