//! `config`: which configuration is used, what it says in full, and what it may say.

use super::Exit;
use super::arguments::{Config, Global, ListFormat};
use super::failure::Failure;
use super::project::{Opened, open};
use super::terminal::Terminal;
use crate::config;
use serde::Serialize;
use std::fmt::Write;

/// Runs the command.
pub(super) fn run(command: &Config, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let text = if command.schema {
        json(&config::schema())?
    } else {
        let opened = open(&command.paths, global, terminal)?;
        match (command.show, command.output_format) {
            (false, _) => summary(&opened),
            (true, ListFormat::Text) => config::in_force(&opened.configuration).to_toml(),
            (true, ListFormat::Json) => json(&config::in_force(&opened.configuration))?,
        }
    };
    terminal.print(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    let failed =
        |error: serde_json::Error| Failure::Output { what: "the configuration".into(), source: error.into() };
    Ok(serde_json::to_string_pretty(value).map_err(failed)? + "\n")
}

fn summary(opened: &Opened) -> String {
    let (configuration, settings) = (&opened.configuration, &opened.settings);
    let mut text = format!("file     {}\n", configuration.file.display());
    let _ = writeln!(text, "root     {}", settings.root.display());
    for source in configuration.sources.iter().skip(1) {
        let _ = writeln!(text, "extends  {}", source.path());
    }
    let _ = writeln!(text, "exclude  {}", list(&settings.exclude));
    let roots = settings.python_roots.as_deref().map_or("found by the layout".to_owned(), list);
    let _ = writeln!(text, "roots    {roots}");
    let _ = writeln!(text, "rules    {}", settings.rules.rules.len());
    let _ = writeln!(text, "override {}", settings.rules.overrides.len());
    let batches: Vec<String> =
        configuration.batches.iter().map(|batch| batch.name.value.escape_debug().to_string()).collect();
    let _ = writeln!(text, "batches  {}", list(&batches));
    text
}

fn list(values: &[String]) -> String {
    if values.is_empty() { "nothing".to_owned() } else { values.join(", ") }
}
