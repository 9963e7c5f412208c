//! A graph of the import paths for Mermaid: each other path with an arrow to the canonical one, and how often it is written.

use super::Extent;
use super::tables::share;
use crate::model::{Compliance, Detour};
use crate::report::{Style, clean};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io;

/// Mermaid draws up to 500 arrows; far fewer can be looked at.
const MOST_ARROWS: usize = 100;

/// Writes the graph, a box for each rule.
pub fn render(compliance: &Compliance, _: &Extent, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "graph LR")?;
    let mut by_rule: BTreeMap<&str, Vec<&Detour>> = BTreeMap::new();
    for detour in compliance.detours.iter().take(MOST_ARROWS) {
        by_rule.entry(&detour.rule).or_default().push(detour);
    }
    let mut canonical = Vec::new();
    let mut count = 0;
    for (index, (rule, detours)) in by_rule.into_iter().enumerate() {
        let numbers = compliance.by_rule.get(rule).copied().unwrap_or_default();
        writeln!(out, "    subgraph r{index}[\"{}: {}\"]", text(rule), share(numbers))?;
        let mut nodes: FxHashMap<&str, usize> = FxHashMap::default();
        for detour in detours {
            for path in [&detour.written, &detour.canonical] {
                if nodes.contains_key(path.as_str()) {
                    continue;
                }
                nodes.insert(path, count);
                writeln!(out, "        n{count}[\"{}\"]", text(path))?;
                count += 1;
            }
            let (from, to) = (nodes[detour.written.as_str()], nodes[detour.canonical.as_str()]);
            writeln!(out, "        n{from} -->|{}| n{to}", detour.uses)?;
            canonical.push(to);
        }
        writeln!(out, "    end")?;
    }
    canonical.sort_unstable();
    canonical.dedup();
    if compliance.detours.len() > MOST_ARROWS {
        writeln!(out, "    %% {} more paths are left out", compliance.detours.len() - MOST_ARROWS)?;
    }
    if !canonical.is_empty() {
        let names: Vec<String> = canonical.iter().map(|node| format!("n{node}")).collect();
        writeln!(
            out,
            "    classDef canonical fill:#d4edda,stroke:#28a745,color:#000\n    class {} canonical",
            names.join(",")
        )?;
    }
    Ok(())
}

/// Text from outside between quotes: no quote, no markup, no entity.
fn text(path: &str) -> String {
    let mut text = String::new();
    for character in clean::one_line(path).chars() {
        match character {
            '"' | '#' | '<' | '>' | '&' | '`' | '%' | ';' => {
                text.push_str(&format!("#{};", u32::from(character)))
            }
            plain => text.push(plain),
        }
    }
    text
}
