//! What a migration does or would do, for people and for programs.

use super::batches::{BatchRecord, BatchReport, batches};
use super::{Style, clean, refusals};
use crate::model::{DATA_STAYS, Edit, FilePlan, LineIndex, Plan, Refusal};
use anstyle::{AnsiColor, Style as Look};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io;

/// A plan and what became of it.
#[derive(Debug, Clone, Copy)]
pub struct MigrationSummary<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The run that wrote it; `None` when it went batch by batch.
    pub run: Option<&'a str>,
    /// What became of each batch; empty when the project has none. The plan then holds what stands in the tree, or would.
    pub batches: &'a [BatchReport],
    /// True when paths in data are rewritten too.
    pub includes_data: bool,
    /// False for a preview.
    pub is_written: bool,
    /// What becomes of shims that can go; `None` when nobody asked for it.
    pub removal: Option<RemovalSummary<'a>>,
}

/// A plan to delete shims and what became of it.
#[derive(Debug, Clone, Copy)]
pub struct RemovalSummary<'a> {
    /// The plan; its refusals are the shims that stay.
    pub plan: &'a Plan,
    /// The run that wrote it; `None` when it went batch by batch.
    pub run: Option<&'a str>,
    /// What became of those of each batch that had some.
    pub batches: &'a [BatchReport],
}

/// Every refusal, every file that could not be read, and one line that sums up.
///
/// # Errors
/// When `out` cannot be written.
pub fn migration(summary: &MigrationSummary<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let plan = summary.plan;
    refusals(&plan.refusals, "not migrated", style, out)?;
    unread(plan, style, out)?;
    if let Some(removal) = &summary.removal {
        refusals(&removal.plan.refusals, "not removed", style, out)?;
    }
    batches(summary.batches, "finding", style, out)?;
    if !style.summary {
        return Ok(());
    }
    let places = count(plan.mended, "finding");
    // A later batch may go on with a file of an earlier one.
    let files: BTreeSet<&str> = plan.files.iter().map(|file| &**file.path()).collect();
    let files = count(files.len(), "file");
    let done = match (summary.is_written, plan.files.is_empty()) {
        (true, true) if summary.batches.iter().any(|batch| batch.fault.is_some()) => {
            "Nothing is migrated".to_owned()
        }
        (_, true) => "Nothing to migrate".to_owned(),
        (true, false) => format!("Migrated {places} in {files}"),
        (false, false) => format!("Would migrate {places} in {files}"),
    };
    let left = match plan.refusals.len() {
        0 => String::new(),
        refused => format!("; {} left, see above", count(refused, "finding")),
    };
    let kept = match plan.suppressed {
        0 => String::new(),
        kept => format!("; {} kept by comments", count(kept, "finding")),
    };
    writeln!(out, "{done}{left}{kept}.")?;
    let data = plan.refusals.iter().filter(|refusal| refusal.reason == DATA_STAYS).count();
    if data > 0 {
        let paths = count(data, "path");
        writeln!(out, "Left because they are data: {paths}; --include-data rewrites these too.")?;
    }
    match summary.run {
        Some(run) => writeln!(out, "Run {run}: `ssot-lint rollback` takes it back."),
        None if !summary.is_written && !plan.files.is_empty() => {
            let data = if summary.includes_data { " --include-data" } else { "" };
            writeln!(out, "Nothing was written: `ssot-lint migrate --execute{data}` does it.")
        }
        None if summary.is_written && summary.batches.iter().any(|batch| batch.state.is_in_effect()) => {
            writeln!(out, "Each batch is a run: `ssot-lint rollback` takes the newest one back.")
        }
        None => Ok(()),
    }?;
    summary.removal.map_or(Ok(()), |removal| removed(&removal, summary.is_written, style, out))
}

fn removed(
    removal: &RemovalSummary<'_>,
    is_written: bool,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    batches(removal.batches, "shim", style, out)?;
    let shims = count(removal.plan.mended, "shim");
    let left = match removal.plan.refusals.len() {
        0 => String::new(),
        kept => format!("; {} left, see above", count(kept, "shim")),
    };
    match (removal.plan.files.is_empty(), is_written) {
        (true, _) => writeln!(out, "No shim to remove{left}."),
        (false, true) => writeln!(out, "Removed {shims}{left}."),
        (false, false) => writeln!(out, "Would remove {shims}{left}."),
    }?;
    match removal.run {
        Some(run) => writeln!(out, "Run {run}: `ssot-lint rollback` brings them back."),
        None => Ok(()),
    }
}

/// What suppressions were written for: every finding that none can hide, every file that could not be read, and one line that
/// sums up. `run` wrote the plan.
///
/// # Errors
/// When `out` cannot be written.
pub fn suppressions(
    plan: &Plan,
    run: Option<&str>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    refusals(&plan.refusals, "not suppressed", style, out)?;
    unread(plan, style, out)?;
    if !style.summary {
        return Ok(());
    }
    let done = match (plan.mended, plan.refusals.len()) {
        (0, 0) => "Nothing to suppress".to_owned(),
        (hidden, 0) => {
            format!("Suppressed {} in {}", count(hidden, "finding"), count(plan.files.len(), "file"))
        }
        (hidden, refused) => format!(
            "Suppressed {} in {}; {} left, see above",
            count(hidden, "finding"),
            count(plan.files.len(), "file"),
            count(refused, "finding")
        ),
    };
    writeln!(out, "{done}.")?;
    match run {
        Some(run) => writeln!(out, "Run {run}: `ssot-lint rollback` takes it back."),
        None => Ok(()),
    }
}

fn unread(plan: &Plan, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for (file, reason) in &plan.unreadable {
        let verdict = style.paint(AnsiColor::Red.on_default().bold(), "not read");
        let file = style.paint(Look::new().bold(), &clean::one_line(file));
        writeln!(out, "{file}: {verdict}: {}", clean::one_line(reason))?;
    }
    Ok(())
}

/// `1 file`, `2 files`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[derive(Serialize)]
struct MigrationRecord<'a> {
    version: u32,
    run: Option<&'a str>,
    written: bool,
    mended: usize,
    suppressed: usize,
    files: Vec<FileRecord<'a>>,
    refusals: Vec<RefusalRecord<'a>>,
    unreadable: Vec<UnreadableRecord<'a>>,
    batches: Vec<BatchRecord<'a>>,
    removal: Option<RemovalRecord<'a>>,
}

#[derive(Serialize)]
struct RemovalRecord<'a> {
    run: Option<&'a str>,
    removed: Vec<&'a str>,
    changed: Vec<FileRecord<'a>>,
    batches: Vec<BatchRecord<'a>>,
    kept: Vec<RefusalRecord<'a>>,
}

#[derive(Serialize)]
pub(super) struct FileRecord<'a> {
    filename: &'a str,
    edits: Vec<EditRecord<'a>>,
}

#[derive(Serialize)]
struct EditRecord<'a> {
    row: u32,
    rule: &'a str,
    before: String,
    after: &'a str,
}

#[derive(Serialize)]
pub(super) struct RefusalRecord<'a> {
    filename: &'a str,
    row: u32,
    column: u32,
    rule: Option<&'a str>,
    written: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct UnreadableRecord<'a> {
    filename: &'a str,
    reason: &'a str,
}

/// The same as one JSON object. Rows and columns count from 1, columns in characters.
///
/// # Errors
/// When `out` cannot be written.
pub fn migration_json(summary: &MigrationSummary<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let plan = summary.plan;
    let record = MigrationRecord {
        version: 1,
        run: summary.run,
        written: summary.is_written && !plan.files.is_empty(),
        mended: plan.mended,
        suppressed: plan.suppressed,
        files: plan.files.iter().map(file_record).collect(),
        refusals: plan.refusals.iter().map(refusal_record).collect(),
        unreadable: plan
            .unreadable
            .iter()
            .map(|(filename, reason)| UnreadableRecord { filename, reason })
            .collect(),
        batches: summary.batches.iter().map(BatchRecord::from).collect(),
        removal: summary.removal.map(|removal| RemovalRecord {
            run: removal.run,
            removed: gone(removal.plan).map(|file| &**file.path()).collect(),
            changed: removal.plan.files.iter().filter(|file| !file.is_removal()).map(file_record).collect(),
            batches: removal.batches.iter().map(BatchRecord::from).collect(),
            kept: removal.plan.refusals.iter().map(refusal_record).collect(),
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &record)?;
    writeln!(out)
}

/// The files that go.
fn gone(plan: &Plan) -> impl Iterator<Item = &FilePlan> {
    plan.files.iter().filter(|file| file.is_removal())
}

pub(super) fn refusal_record(refusal: &Refusal) -> RefusalRecord<'_> {
    RefusalRecord {
        filename: &refusal.file,
        row: refusal.location.start.row,
        column: refusal.location.start.column,
        rule: refusal.rule.as_deref(),
        written: &refusal.written,
        reason: &refusal.reason,
    }
}

pub(super) fn file_record(file: &FilePlan) -> FileRecord<'_> {
    // Rows are counted on bytes, whatever the encoding.
    let text: String =
        file.before().iter().map(|&byte| if byte < 0x80 { char::from(byte) } else { '_' }).collect();
    let lines = LineIndex::new(&text);
    let record = |edit: &'_ Edit| {
        let before = &file.before()[edit.span.start as usize..edit.span.end as usize];
        (lines.row(edit.span.start), String::from_utf8_lossy(before).into_owned())
    };
    let edits = file.edits().iter().map(|edit| {
        let (row, before) = record(edit);
        EditRecord { row, rule: &edit.rule, before, after: &edit.text }
    });
    FileRecord { filename: file.path(), edits: edits.collect() }
}
