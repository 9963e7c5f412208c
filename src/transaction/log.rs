//! `log.jsonl`: the audit trail, one line of JSON for each edit.

use super::record::FileRecord;
use crate::model::{FilePlan, LineIndex};
use serde::Serialize;

/// What stands in place of a rule for a file that is removed.
const REMOVAL: &str = "removal of a shim";

/// One line of the audit trail.
#[derive(Debug, Serialize)]
struct Line<'a> {
    file: &'a str,
    /// The row of the edit in the old file, from 1.
    line: u32,
    rule: &'a str,
    before: &'a str,
    after: &'a str,
}

/// The lines for the edits of `plan`, which change the file at `path`.
pub(super) fn edits(path: &str, plan: &FilePlan) -> Vec<u8> {
    let bytes = plan.before();
    let rows = LineIndex::new(&stand_in(bytes));
    let mut lines = Vec::new();
    for edit in plan.edits() {
        let before = bytes.get(edit.span.start as usize..edit.span.end as usize).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        let line = rows.row(edit.span.start);
        append(&mut lines, &Line { file: path, line, rule: &edit.rule, before: &before, after: &edit.text });
    }
    if plan.is_removal() {
        let before = format!("sha256:{}", super::digest::Digest::of(bytes));
        append(&mut lines, &Line { file: path, line: 1, rule: REMOVAL, before: &before, after: "absent" });
    }
    lines
}

/// The line for a whole file that a rollback puts back.
pub(super) fn restored(file: &FileRecord, run: &str) -> Vec<u8> {
    let sum = |side: &Option<super::FileState>| match side {
        Some(state) => format!("sha256:{}", state.sha256),
        None => "absent".to_owned(),
    };
    let (before, after, rule) = (sum(&file.before), sum(&file.after), format!("rollback of {run}"));
    let mut line = Vec::new();
    append(&mut line, &Line { file: &file.path, line: 1, rule: &rule, before: &before, after: &after });
    line
}

fn append(lines: &mut Vec<u8>, line: &Line<'_>) {
    serde_json::to_writer(&mut *lines, line).expect("a line holds strings and numbers only");
    lines.push(b'\n');
}

/// A text with the offsets and line breaks of `bytes`, whatever their encoding.
fn stand_in(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '_' }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Edit, Span};

    #[test]
    fn each_edit_is_one_line_with_its_row_in_the_old_file() {
        let (bytes, text) = (b"# \xe9\r\nold\r\nold\n", "# _\r\nold\r\nold\n");
        let edit = |start| Edit { span: Span::new(start, start + 3), text: "n\nw".into(), rule: "r".into() };
        let plan = FilePlan::compose("a.py".into(), bytes, text, vec![edit(5), edit(10)]).unwrap();
        let log = String::from_utf8(edits("a.py", &plan)).unwrap();
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines[0], r#"{"file":"a.py","line":2,"rule":"r","before":"old","after":"n\nw"}"#);
        assert!(lines[1].contains("\"line\":3") && lines.len() == 2);
    }
}
