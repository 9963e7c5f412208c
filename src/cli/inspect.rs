//! The commands that only look: `rules`, `explain`, `completions`.

use super::Exit;
use super::arguments::{Arguments, Completions, Explain, Global, ListFormat, Rules};
use super::failure::Failure;
use super::project::open;
use super::terminal::Terminal;
use crate::model::Code;
use crate::report;
use crate::rule::{Rule, RuleKind};
use clap::CommandFactory;
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
struct RuleLine<'a> {
    id: &'a str,
    kind: &'static str,
    severity: &'static str,
    canonical: String,
    /// What the pattern of a usage looks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    find: Option<&'a str>,
    /// What is written instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    replace: Option<&'a str>,
    legacy: Vec<MoveLine>,
    facades: Vec<String>,
    message: Option<&'a str>,
    suppressible: bool,
    filename: &'a str,
    row: Option<u32>,
}

#[derive(Serialize)]
struct MoveLine {
    path: String,
    target: String,
}

/// `rules`.
pub(super) fn rules(command: &Rules, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let opened = open(&[], global, terminal)?;
    let lines: Vec<RuleLine<'_>> = opened.settings.rules.rules.iter().map(rule_line).collect();
    let text = match command.output_format {
        ListFormat::Text => lines.iter().map(rule_text).collect(),
        ListFormat::Json => {
            let failed =
                |error: serde_json::Error| Failure::Output { what: "the list".into(), source: error.into() };
            serde_json::to_string_pretty(&lines).map_err(failed)? + "\n"
        }
    };
    terminal.print(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn rule_line(rule: &Rule) -> RuleLine<'_> {
    let moves = rule
        .moves
        .iter()
        .map(|(path, target)| MoveLine { path: path.to_string(), target: target.to_string() });
    RuleLine {
        id: &rule.id,
        kind: match rule.kind {
            RuleKind::Module => "module",
            RuleKind::Policy => "policy",
            RuleKind::Usage => "usage",
            RuleKind::Symbol | RuleKind::Learned => "symbol",
        },
        severity: rule.severity.as_str(),
        canonical: rule.canonical.to_string(),
        find: rule.usage.as_ref().map(|usage| usage.find.as_str()),
        replace: rule.usage.as_ref().and_then(|usage| usage.replace.as_deref()),
        legacy: moves.collect(),
        facades: rule.facades.iter().map(ToString::to_string).collect(),
        message: rule.message.as_deref(),
        suppressible: rule.is_suppressible,
        filename: &rule.place.file,
        row: rule.place.location.map(|location| location.start.row),
    }
}

fn rule_text(rule: &RuleLine<'_>) -> String {
    let row = rule.row.map(|row| format!(":{row}")).unwrap_or_default();
    let mut text = format!("{} ({}, {}; {}{row})\n", rule.id, rule.kind, rule.severity, rule.filename);
    match rule.find {
        Some(find) => drop(writeln!(text, "    find       {find}")),
        None => drop(writeln!(text, "    canonical  {}", rule.canonical)),
    }
    if let Some(replace) = rule.replace {
        let _ = writeln!(text, "    replace    {replace}");
    }
    for one in &rule.legacy {
        let _ = writeln!(text, "    legacy     {} -> {}", one.path, one.target);
    }
    for facade in &rule.facades {
        let _ = writeln!(text, "    facade     {facade}");
    }
    if let Some(message) = &rule.message {
        let _ = writeln!(text, "    message    {message}");
    }
    if !rule.suppressible {
        let _ = writeln!(text, "    suppressible false");
    }
    text
}

/// `explain`.
pub(super) fn explain(command: &Explain, terminal: &Terminal) -> Result<Exit, Failure> {
    let text = match &command.code {
        Some(given) => {
            let code = Code::parse(given).ok_or_else(|| {
                Failure::usage(format!("unknown code `{given}`"), "`ssot-lint explain` lists all codes")
            })?;
            report::explanation(code).to_owned()
        }
        None => {
            Code::ALL.iter().fold(String::new(), |text, code| text + &format!("{code}  {}\n", code.name()))
        }
    };
    terminal.print(text.as_bytes())?;
    Ok(Exit::Clean)
}

/// `completions`.
pub(super) fn completions(command: &Completions, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "ssot-lint", &mut text);
    terminal.print(&text)?;
    Ok(Exit::Clean)
}
