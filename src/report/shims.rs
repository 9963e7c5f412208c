//! Shims for people, a block each, and for programs.

use super::record::PlaceRecord;
use super::{Style, clean};
use crate::model::{ShimReference, ShimStatus};
use anstyle::{AnsiColor, Style as Look};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// Most places that a block names.
const MOST_PLACES: usize = 5;

/// A block for each shim, and one line that sums up.
///
/// # Errors
/// When `out` cannot be written.
pub fn shims(shims: &[ShimStatus], style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for shim in shims {
        block(shim, style, out)?;
        writeln!(out)?;
    }
    if !style.summary {
        return Ok(());
    }
    let deletable = shims.iter().filter(|shim| shim.is_deletable()).count();
    match shims.len() {
        0 => writeln!(out, "No shim was found."),
        1 => writeln!(out, "1 shim; {deletable} can be deleted now."),
        count => writeln!(out, "{count} shims; {deletable} can be deleted now."),
    }
}

fn block(shim: &ShimStatus, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let kind = kind(shim);
    let path = style.paint(Look::new().bold(), &clean::one_line(&shim.path.to_string()));
    let place = format!("{}:{}", clean::one_line(&shim.file), shim.location.start.row);
    let date = shim.remove_on.as_ref().map(|date| format!("; remove on {date}")).unwrap_or_default();
    let version = shim.removed_in.as_ref().map(|version| format!("; removed in {version}"));
    let date = date + &version.unwrap_or_default();
    writeln!(out, "{path}  {kind}, {place} ({}{date})", clean::one_line(&shim.rules.join(", ")))?;
    writeln!(out, "    references  {}", counts(&shim.references))?;
    match &*shim.impurities {
        [] => writeln!(out, "    pure        yes")?,
        impurities => writeln!(out, "    pure        no: it {}", besides(impurities))?,
    }
    if shim.is_deletable() {
        let verdict = style.paint(AnsiColor::Green.on_default(), "delete it");
        return writeln!(out, "    verdict     {verdict}");
    }
    let verdict = style.paint(AnsiColor::Yellow.on_default(), "keep it");
    if shim.references.is_empty() {
        return writeln!(out, "    verdict     {verdict} until what it does besides has moved");
    }
    writeln!(out, "    verdict     {verdict}, blocked by:")?;
    for reference in shim.references.iter().take(MOST_PLACES) {
        writeln!(out, "        {}", line(reference))?;
    }
    match shim.references.len().saturating_sub(MOST_PLACES) {
        0 => Ok(()),
        more => writeln!(out, "        and {more} more"),
    }
}

const fn kind(shim: &ShimStatus) -> &'static str {
    if shim.is_module { "module" } else { "item" }
}

fn by_kind(references: &[ShimReference]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    references.iter().for_each(|reference| *counts.entry(reference.form.as_str()).or_default() += 1);
    counts
}

fn counts(references: &[ShimReference]) -> String {
    if references.is_empty() {
        return "none".to_owned();
    }
    let kinds: Vec<String> =
        by_kind(references).into_iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let in_shims = references.iter().filter(|reference| reference.shim.is_some()).count();
    let in_shims = if in_shims > 0 { format!("; {in_shims} in other shims") } else { String::new() };
    format!("{} ({}{in_shims})", references.len(), kinds.join(", "))
}

fn besides(impurities: &[(String, crate::model::Location)]) -> String {
    let shown = impurities.iter().take(MOST_PLACES);
    let mut shown: Vec<String> =
        shown.map(|(what, place)| format!("{} (line {})", clean::one_line(what), place.start.row)).collect();
    let more = impurities.len() - shown.len();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

fn line(reference: &ShimReference) -> String {
    let start = reference.location.start;
    let file = clean::one_line(&reference.file);
    let mut line = format!("{file}:{}:{}  {}", start.row, start.column, reference.form.as_str());
    line = format!("{line}  {}", clean::one_line(&reference.written));
    if let Some(shim) = &reference.shim {
        line = format!("{line}  (in the shim {}: delete that first)", clean::one_line(shim));
    }
    match &reference.refusal {
        Some(reason) => format!("{line}  (migrate leaves it: {})", clean::one_line(reason)),
        None => line,
    }
}

#[derive(Serialize)]
struct ShimRecord<'a> {
    path: String,
    kind: &'static str,
    filename: &'a str,
    location: PlaceRecord,
    rule: Option<&'a str>,
    rules: &'a [String],
    remove_on: Option<&'a str>,
    removed_in: Option<&'a str>,
    pure: bool,
    impurities: Vec<ImpurityRecord<'a>>,
    references: BTreeMap<&'static str, usize>,
    blocked_by: Vec<ReferenceRecord<'a>>,
    verdict: &'static str,
}

#[derive(Serialize)]
struct ImpurityRecord<'a> {
    what: &'a str,
    location: PlaceRecord,
}

#[derive(Serialize)]
struct ReferenceRecord<'a> {
    filename: &'a str,
    location: PlaceRecord,
    form: &'static str,
    written: &'a str,
    refusal: Option<&'a str>,
    shim: Option<&'a str>,
}

/// One array, an object for each shim.
///
/// # Errors
/// When `out` cannot be written.
pub fn shims_json(shims: &[ShimStatus], out: &mut dyn io::Write) -> io::Result<()> {
    let records: Vec<ShimRecord<'_>> = shims.iter().map(record).collect();
    serde_json::to_writer_pretty(&mut *out, &records)?;
    writeln!(out)
}

fn record(shim: &ShimStatus) -> ShimRecord<'_> {
    let impurities = shim.impurities.iter();
    let impurities =
        impurities.map(|(what, location)| ImpurityRecord { what, location: location.start.into() });
    let blocked_by = shim.references.iter().map(|reference| ReferenceRecord {
        filename: &reference.file,
        location: reference.location.start.into(),
        form: reference.form.as_str(),
        written: &reference.written,
        refusal: reference.refusal.as_deref(),
        shim: reference.shim.as_deref(),
    });
    ShimRecord {
        path: shim.path.to_string(),
        kind: kind(shim),
        filename: &shim.file,
        location: shim.location.start.into(),
        rule: shim.rules.first().map(String::as_str),
        rules: &shim.rules,
        remove_on: shim.remove_on.as_deref(),
        removed_in: shim.removed_in.as_deref(),
        pure: shim.is_pure(),
        impurities: impurities.collect(),
        references: by_kind(&shim.references),
        blocked_by: blocked_by.collect(),
        verdict: if shim.is_deletable() { "delete" } else { "blocked" },
    }
}
