//! What a migration left as it is, and why.

use super::{Style, clean};
use crate::model::Refusal;
use anstyle::{AnsiColor, Style as Look};
use std::io;

/// Writes `file:row:column: not migrated: path: reason` for each refusal; `verdict` says what was not done.
///
/// # Errors
/// When `out` cannot be written.
pub fn refusals(
    refusals: &[Refusal],
    verdict: &str,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for refusal in refusals {
        let file = style.paint(Look::new().bold(), &clean::one_line(&refusal.file));
        let verdict = style.paint(AnsiColor::Yellow.on_default().bold(), verdict);
        let start = refusal.location.start;
        let (written, reason) = (clean::one_line(&refusal.written), clean::one_line(&refusal.reason));
        writeln!(out, "{file}:{}:{}: {verdict}: `{written}`: {reason}", start.row, start.column)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn a_refusal_is_one_line_with_place_path_and_reason() {
        let refusal = Refusal {
            file: "a\n.py".into(),
            location: made_up::location(3, 5, 9),
            rule: None,
            written: "a.b.C".into(),
            reason: "the string is computed".into(),
        };
        let mut out = Vec::new();
        refusals(&[refusal], "not migrated", &Style::default(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a\\n.py:3:5: not migrated: `a.b.C`: the string is computed\n"
        );
    }
}
