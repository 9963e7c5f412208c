//! `discover`: the symbols that are used by several paths, and rules for them.

use super::Exit;
use super::arguments::{Discover, DiscoverFormat, Global};
use super::failure::Failure;
use super::progress::Bar;
use super::project::{Surveyed, open_any};
use super::terminal::Terminal;
use crate::config::{self, NewSymbol};
use crate::model::Discovered;
use crate::{pipeline, report, transaction};
use std::path::Path;

/// Runs the command.
pub(super) fn run(command: &Discover, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let opened = open_any(&command.paths, global, terminal)?;
    let bar = Bar::new(terminal);
    let limit = (command.limit > 0).then_some(command.limit);
    let found = pipeline::discover(&opened.settings, &opened.scope, limit, &bar)?;
    bar.clear();
    for (file, reason) in &found.unreadable {
        terminal.warning(format!("{file} could not be read: {reason}"), None);
    }
    let text = match command.output_format {
        DiscoverFormat::Text => text(&found.symbols, found.files, limit, terminal),
        DiscoverFormat::Json => report::discovery_json(&found.symbols)
            .map_err(|error| Failure::Output { what: "the list".into(), source: error.into() })?,
        DiscoverFormat::Toml => report::discovery_toml(&found.symbols),
    };
    terminal.print(text.as_bytes())?;
    if command.write {
        write(&opened, &found.symbols, terminal)?;
    }
    Ok(if found.unreadable.is_empty() { Exit::Clean } else { Exit::Trouble })
}

fn text(symbols: &[Discovered], files: usize, limit: Option<usize>, terminal: &Terminal) -> String {
    let mut text = report::discovery(symbols, terminal.output());
    if !terminal.quiet {
        let files = format!("{files} file{}", if files == 1 { "" } else { "s" });
        text.push_str(&match (symbols.len(), limit) {
            (0, _) => format!("No symbol of this project is used by more than one path ({files}).\n"),
            (count, Some(limit)) if count == limit => {
                format!("The first {limit} symbols, {files}; `--limit 0` shows all.\n")
            }
            (count, _) => format!("{count} symbol{}, {files}.\n", if count == 1 { "" } else { "s" }),
        });
    }
    text
}

/// Adds the rules to the configuration.
fn write(opened: &Surveyed, symbols: &[Discovered], terminal: &Terminal) -> Result<(), Failure> {
    let file = &opened.file;
    if symbols.is_empty() {
        return Ok(());
    }
    let failed = |source| Failure::Output { what: file.display().to_string(), source };
    let old = if file.exists() { std::fs::read_to_string(file).map_err(failed)? } else { String::new() };
    let rules: Vec<NewSymbol> = symbols.iter().map(new_symbol).collect();
    let new = config::append(file, &old, &rules)
        .map_err(|reason| Failure::usage(format!("{}: {reason}", shown(file)), "add the rules by hand"))?;
    let new = if old.is_empty() { new.trim_start() } else { &new };
    transaction::publish(file, new.as_bytes())?;
    let count = rules.len();
    let rules = if count == 1 { "rule" } else { "rules" };
    terminal.note(&format!("added {count} {rules} to {}", shown(file)));
    Ok(())
}

fn shown(file: &Path) -> std::path::Display<'_> {
    file.display()
}

/// The rule that leaves one path to a symbol.
pub(super) fn new_symbol(symbol: &Discovered) -> NewSymbol {
    let uses = |count: usize| format!("{count} use{}", if count == 1 { "" } else { "s" });
    let legacy = symbol.legacy().map(|path| (path.path.to_string(), uses(path.uses)));
    let (count, paths) = (uses(symbol.uses()), symbol.paths.len());
    NewSymbol {
        canonical: symbol.canonical.to_string(),
        legacy: legacy.collect(),
        remark: format!("{count} by {paths} paths; kept: {}", symbol.reason.as_str()),
    }
}
