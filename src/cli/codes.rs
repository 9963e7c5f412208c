//! From the codes that somebody names to a selection.

use super::arguments::Codes;
use super::failure::Failure;
use crate::model::Code;
use crate::rule::Selection;
use rustc_hash::FxHashSet;

/// The selection that the options ask for.
pub(super) fn selection(given: &Codes) -> Result<Selection, Failure> {
    Ok(Selection {
        select: codes(&given.select)?,
        extend: codes(&given.extend_select)?,
        ignore: codes(&given.ignore)?,
    })
}

/// Codes, names, or beginnings of codes.
fn codes(given: &[String]) -> Result<FxHashSet<Code>, Failure> {
    let mut codes = FxHashSet::default();
    for text in given.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let beginning = text.to_ascii_uppercase();
        let matching = |code: &Code| {
            Code::parse(text) == Some(*code)
                || beginning.len() > 3 && code.to_string().starts_with(&beginning)
        };
        let found: Vec<Code> = Code::ALL.into_iter().filter(matching).collect();
        if found.is_empty() {
            let help = "`ssot-lint explain` lists all codes";
            return Err(Failure::usage(format!("unknown code `{text}`"), help));
        }
        codes.extend(found);
    }
    Ok(codes)
}
