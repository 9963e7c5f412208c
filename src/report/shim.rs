//! What `shim` wrote or would write, for people and for programs.

use super::migration::{FileRecord, RefusalRecord, file_record, refusal_record};
use super::{Style, count, refusals};
use crate::model::Plan;
use serde::Serialize;
use std::io;

/// A plan of shims and what became of it.
#[derive(Debug, Clone, Copy)]
pub struct ShimSummary<'a> {
    /// The plan; its refusals are the modules that stay as they are.
    pub plan: &'a Plan,
    /// The run that wrote it.
    pub run: Option<&'a str>,
    /// False for a preview.
    pub is_written: bool,
}

/// Every module that stays as it is, and one line that sums up.
///
/// # Errors
/// When `out` cannot be written.
pub fn shim(summary: &ShimSummary<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let plan = summary.plan;
    refusals(&plan.refusals, "no shim", style, out)?;
    if !style.summary {
        return Ok(());
    }
    let shims = count(plan.mended, "shim");
    let left = match plan.refusals.len() {
        0 => String::new(),
        left => format!("; {} left, see above", count(left, "module")),
    };
    match (plan.files.is_empty(), summary.is_written) {
        (true, _) => writeln!(out, "No shim to write{left}."),
        (false, true) => writeln!(out, "Wrote {shims}{left}."),
        (false, false) => writeln!(out, "Would write {shims}{left}."),
    }?;
    match summary.run {
        Some(run) => writeln!(out, "Run {run}: `ssot-lint rollback` takes it back."),
        None if !summary.is_written && !plan.files.is_empty() => {
            writeln!(out, "Nothing was written: `--execute` does it.")
        }
        None => Ok(()),
    }
}

#[derive(Serialize)]
struct Record<'a> {
    version: u32,
    run: Option<&'a str>,
    written: bool,
    shims: usize,
    files: Vec<FileRecord<'a>>,
    refusals: Vec<RefusalRecord<'a>>,
}

/// The same as one JSON object. Rows and columns count from 1, columns in characters.
///
/// # Errors
/// When `out` cannot be written.
pub fn shim_json(summary: &ShimSummary<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let plan = summary.plan;
    let record = Record {
        version: 1,
        run: summary.run,
        written: summary.is_written && !plan.files.is_empty(),
        shims: plan.mended,
        files: plan.files.iter().map(file_record).collect(),
        refusals: plan.refusals.iter().map(refusal_record).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &record)?;
    writeln!(out)
}
