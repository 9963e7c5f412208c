//! `check --add-ignore`: write a suppression for everything that is found.

use super::Exit;
use super::arguments::Check;
use super::failure::Failure;
use super::migrate::{commit, tell_recovery};
use super::progress::Bar;
use super::project::Opened;
use super::terminal::Terminal;
use crate::model::Plan;
use crate::pipeline::{self, HideRequest};
use crate::report;
use crate::rule::Selection;
use crate::transaction::{self, Disk};

/// Runs the command.
pub(super) fn run(
    command: &Check,
    reason: &str,
    selection: &Selection,
    opened: &Opened,
    terminal: &Terminal,
    disk: &Disk,
) -> Result<Exit, Failure> {
    if reason.contains(char::is_control) {
        return Err(Failure::usage(
            "the reason of a suppression stands on one line",
            "leave control characters and line breaks out",
        ));
    }
    let root = &opened.settings.root;
    let has_state = root.join(transaction::STATE_FOLDER).is_dir();
    let _reservation = has_state.then(|| transaction::reserve(disk, root)).transpose()?;
    tell_recovery(transaction::recover_on(disk, root)?, terminal);
    disk.go_on()?;
    let request = HideRequest { settings: &opened.settings, scope: &opened.scope, selection, reason };
    let bar = Bar::new(terminal);
    let plan = pipeline::hide(&request, &bar)?;
    bar.clear();
    let run = match plan.files.is_empty() {
        true => None,
        false => Some(commit(root, &plan, None, None, (disk, terminal))?),
    };
    let mut text = Vec::new();
    report::suppressions(&plan, run.as_deref(), terminal.errors(), &mut text)
        .map_err(|source| Failure::Output { what: "the summary".into(), source })?;
    terminal.warn(&text);
    Ok(exit(command, &plan))
}

fn exit(command: &Check, plan: &Plan) -> Exit {
    if !plan.unreadable.is_empty() {
        Exit::Trouble
    } else if plan.refusals.is_empty() || command.exit_zero {
        Exit::Clean
    } else {
        Exit::Findings
    }
}
