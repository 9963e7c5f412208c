//! Entries of a baseline whose findings are gone: what `check` says of them.

use super::{Notice, clean};
use crate::model::{KnownFinding, Severity};
use std::fmt::Write;

/// So many entries are named.
const MOST_ENTRIES: usize = 10;

/// The complaint about the stale entries of the baseline `file`, which the command `remedy` takes out, and the list of
/// them; `None` when there are none.
pub fn stale(stale: &[KnownFinding], file: &str, remedy: &str) -> Option<(Notice<'static>, String)> {
    let message = match stale.len() {
        0 => return None,
        1 => format!("1 entry of {file} is stale: its finding is gone, or its file has moved"),
        count => {
            format!("{count} entries of {file} are stale: their findings are gone, or their files have moved")
        }
    };
    let mut list = String::new();
    for known in stale.iter().take(MOST_ENTRIES) {
        let (file, symbol) = (clean::one_line(&known.file), clean::one_line(&known.symbol));
        let _ = writeln!(list, "  {} {file} {symbol}", known.code);
    }
    if stale.len() > MOST_ENTRIES {
        let _ = writeln!(list, "  and {} more", stale.len() - MOST_ENTRIES);
    }
    let help = Some(format!("`{remedy}` takes out what is gone"));
    Some((Notice { severity: Severity::Error, message, places: Vec::new(), help }, list))
}
