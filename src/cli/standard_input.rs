//! `check --stdin-filename FILE -`: the text of one file comes from standard input.

use super::arguments::Check;
use super::failure::Failure;
use super::project::unsaved;
use crate::source::{LARGEST, Overlay, language_of, notation_of};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What `command` wants to be read from standard input; `None` when it names files on the disk.
///
/// # Errors
/// When only one of `-` and `--stdin-filename` is given, when the name says no language, or when reading fails.
pub(super) fn overlay(command: &Check) -> Result<Option<Overlay>, Failure> {
    let Some(file) = asked(command)? else { return Ok(None) };
    if language_of(file).is_none() && notation_of(file).is_none() {
        let message = format!("`{}` is neither Python nor Rust by its name, nor data", file.display());
        let help = "give a name that ends with .py, .pyi or .rs, or with .yaml, .toml, .json or .ini";
        return Err(Failure::usage(message, help));
    }
    let absolute = unsaved(file)?;
    let mut text = Vec::new();
    // One byte more than can be looked at: that it is too large becomes a finding.
    let read = io::stdin().lock().take(LARGEST + 1).read_to_end(&mut text);
    read.map_err(|source| Failure::Output { what: "standard input".into(), source })?;
    Ok(Some(Overlay { absolute, text: text.into() }))
}

/// The file whose text is asked for.
fn asked(command: &Check) -> Result<Option<&PathBuf>, Failure> {
    let has_dash = command.paths.iter().any(|path| path == Path::new("-"));
    let usage = |message: &str, help: &str| Err(Failure::usage(message, help));
    match (&command.stdin_filename, has_dash) {
        (None, false) => Ok(None),
        (None, true) => usage(
            "`-` is standard input, and which file its text belongs to is not said",
            "name it: `ssot-lint check --stdin-filename app/cart.py -`; a file called - is `./-`",
        ),
        (Some(_), false) => usage(
            "--stdin-filename without `-`",
            "say that standard input is to be read: `ssot-lint check --stdin-filename app/cart.py -`",
        ),
        (Some(_), true) if command.paths.len() > 1 => usage(
            "`-` beside other paths",
            "one call checks standard input or files; call it again for the others",
        ),
        (Some(file), true) => Ok(Some(file)),
    }
}
