//! `shims`: every shim, what still refers to it, and whether it can be deleted.

use super::Exit;
use super::arguments::{Global, ListFormat, Shims};
use super::failure::Failure;
use super::progress::Bar;
use super::project::open;
use super::terminal::Terminal;
use crate::{pipeline, report};

/// Runs the command.
pub(super) fn run(command: &Shims, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let opened = open(&[], global, terminal)?;
    let bar = Bar::new(terminal);
    let found = pipeline::shims(&opened.settings, &bar)?;
    bar.clear();
    let mut text = Vec::new();
    let rendered = match command.output_format {
        ListFormat::Text => report::shims(&found.shims, terminal.output(), &mut text),
        ListFormat::Json => report::shims_json(&found.shims, &mut text),
    };
    rendered.map_err(|source| Failure::Output { what: "the list".into(), source })?;
    terminal.print(&text)?;
    for (file, reason) in &found.unreadable {
        terminal.warning(format!("{file}: {reason}; what it refers to is not known"), None);
    }
    Ok(if found.unreadable.is_empty() { Exit::Clean } else { Exit::Trouble })
}
