//! A plan as one unified diff that `git apply` and `patch -p1` take.

use crate::model::{FilePlan, Plan};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;

/// Unchanged lines around each change, as in `git diff`.
const CONTEXT: usize = 3;

/// The diff of the whole plan as bytes: files keep their own encodings.
pub fn unified_diff(plan: &Plan) -> Vec<u8> {
    let mut out = Vec::new();
    for file in &plan.files {
        file_diff(file, &mut out);
    }
    out
}

fn file_diff(file: &FilePlan, out: &mut Vec<u8>) {
    let (old, new) = (quoted(&format!("a/{}", file.path())), quoted(&format!("b/{}", file.path())));
    // A name with a space needs a tab behind it, or `patch` takes the rest for a date.
    let tab = if file.path().contains(' ') && !old.starts_with('"') { "\t" } else { "" };
    let head = match (file.is_creation(), file.is_removal()) {
        (true, _) => format!("new file mode 100644\n--- /dev/null\n+++ {new}{tab}\n"),
        // `git apply` removes a file without lines only when it is told its mode.
        (false, true) => format!("deleted file mode 100644\n--- {old}{tab}\n+++ /dev/null\n"),
        (false, false) => format!("--- {old}{tab}\n+++ {new}{tab}\n"),
    };
    out.extend_from_slice(format!("diff --git {old} {new}\n{head}").as_bytes());
    let (before, after) = (lines(file.before()), lines(file.after()));
    let diff = TextDiff::from_slices(&before, &after);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        out.extend_from_slice(format!("{}\n", hunk.header()).as_bytes());
        for change in hunk.iter_changes() {
            out.push(match change.tag() {
                ChangeTag::Delete => b'-',
                ChangeTag::Insert => b'+',
                ChangeTag::Equal => b' ',
            });
            out.extend_from_slice(change.value());
            if !change.value().ends_with(b"\n") {
                out.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    }
}

/// Lines end at `\n` only, as `git` and `patch` count them.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').collect()
}

/// A path as `git` quotes it.
fn quoted(path: &str) -> String {
    if !path.chars().any(|c| c.is_control() || matches!(c, '"' | '\\')) {
        return path.to_owned();
    }
    let mut out = String::from("\"");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            0x20..=0x7e => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out + "\""
}
