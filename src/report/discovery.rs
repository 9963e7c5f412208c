//! What `discover` says: for people, as JSON, and as rules to paste.

use super::Style;
use crate::model::{Discovered, DiscoveredPath};
use serde::Serialize;
use std::fmt::Write;

/// For people: a block for each symbol.
pub fn discovery(symbols: &[Discovered], style: &Style) -> String {
    let bold = anstyle::Style::new().bold();
    let mut text = String::new();
    for symbol in symbols {
        let name = style.paint(bold, symbol.definition.name());
        let _ = writeln!(
            text,
            "{name}: {} uses by {} paths, {} off the most used one",
            symbol.uses(),
            symbol.paths.len(),
            symbol.astray()
        );
        if let Some((file, position)) = &symbol.place {
            let _ = writeln!(text, "    defined as {} in {file}:{}", symbol.definition, position.row);
        }
        for path in &symbol.paths {
            let _ = writeln!(text, "    {:>6}  {}{}", path.uses, path.path, why(symbol, path));
        }
        let _ = writeln!(text, "    keep    {} ({})\n", symbol.canonical, symbol.reason.as_str());
    }
    text
}

/// Why a path works.
fn why(symbol: &Discovered, path: &DiscoveredPath) -> String {
    if path.path == symbol.definition {
        return String::new();
    }
    let hops: Vec<String> =
        path.hops.iter().map(|(_, file, position)| format!("{file}:{}", position.row)).collect();
    if hops.is_empty() { String::new() } else { format!("  by {}", hops.join(", ")) }
}

#[derive(Serialize)]
struct SymbolRecord<'a> {
    definition: String,
    filename: Option<&'a str>,
    row: Option<u32>,
    uses: usize,
    off_majority: usize,
    paths: Vec<PathRecord<'a>>,
    canonical: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct PathRecord<'a> {
    path: String,
    uses: usize,
    route: Vec<HopRecord<'a>>,
}

#[derive(Serialize)]
struct HopRecord<'a> {
    path: String,
    filename: &'a str,
    row: u32,
}

/// One JSON array.
///
/// # Errors
/// When the text cannot be made, which no value here brings about.
pub fn discovery_json(symbols: &[Discovered]) -> serde_json::Result<String> {
    let records: Vec<SymbolRecord<'_>> = symbols.iter().map(record).collect();
    Ok(serde_json::to_string_pretty(&records)? + "\n")
}

fn record(symbol: &Discovered) -> SymbolRecord<'_> {
    let paths = symbol.paths.iter().map(|path| PathRecord {
        path: path.path.to_string(),
        uses: path.uses,
        route: path
            .hops
            .iter()
            .map(|(path, file, position)| HopRecord {
                path: path.to_string(),
                filename: file,
                row: position.row,
            })
            .collect(),
    });
    SymbolRecord {
        definition: symbol.definition.to_string(),
        filename: symbol.place.as_ref().map(|(file, _)| &**file),
        row: symbol.place.as_ref().map(|(_, position)| position.row),
        uses: symbol.uses(),
        off_majority: symbol.astray(),
        paths: paths.collect(),
        canonical: symbol.canonical.to_string(),
        reason: symbol.reason.as_str(),
    }
}

/// Rules to paste into a configuration, with the choice explained.
pub fn discovery_toml(symbols: &[Discovered]) -> String {
    let mut text = String::new();
    for symbol in symbols {
        let _ = writeln!(
            text,
            "# {} uses by {} paths; kept: {}",
            symbol.uses(),
            symbol.paths.len(),
            symbol.reason.as_str()
        );
        let _ = writeln!(text, "[[symbol]]\ncanonical = \"{}\"\nlegacy = [", symbol.canonical);
        for path in symbol.legacy() {
            let _ = writeln!(
                text,
                "    \"{}\", # {} {}",
                path.path,
                path.uses,
                if path.uses == 1 { "use" } else { "uses" }
            );
        }
        text.push_str("]\n\n");
    }
    text
}
