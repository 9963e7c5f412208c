//! `init`: a first configuration, with the rules that the code itself suggests.

use super::Exit;
use super::arguments::{Global, Init};
use super::discover::new_symbol;
use super::failure::Failure;
use super::progress::Bar;
use super::project::working_folder;
use super::terminal::Terminal;
use crate::config::{self, ConfigError, NewSymbol};
use crate::pipeline::{self, Settings};
use crate::{report, transaction};
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(command: &Init, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = working_folder()?;
    let (file, old) = place(command, global, &root)?;
    let settings = Settings { root, ..Settings::default() };
    let bar = Bar::new(terminal);
    let limit = (command.limit > 0).then_some(command.limit);
    let found = pipeline::discover(&settings, &[], limit, &bar)?;
    bar.clear();
    for (file, reason) in &found.unreadable {
        terminal.warning(format!("{file} could not be read: {reason}"), None);
    }
    let rules: Vec<NewSymbol> = found.symbols.iter().map(new_symbol).collect();
    let text = config::starter(&file, &old, &rules).map_err(|reason| {
        let message = format!("{} cannot be added to: {reason}", file.display());
        Failure::usage(message, "leave out --pyproject for an `ssot.toml` of its own")
    })?;
    transaction::publish(&file, text.as_bytes())?;
    tell(&file, &rules, terminal);
    Ok(Exit::Clean)
}

/// The file to write, and what it says already.
///
/// # Errors
/// When there is a configuration, or something else stands in its place.
fn place(command: &Init, global: &Global, root: &Path) -> Result<(PathBuf, String), Failure> {
    if global.config.is_some() {
        let help =
            "it writes `ssot.toml` in the working folder, or with --pyproject adds to `pyproject.toml`";
        return Err(Failure::usage("init takes no --config", help));
    }
    match config::find(&[], root) {
        Ok(file) => {
            let message = format!("{} configures this folder already", file.display());
            let help = "change that file; `ssot-lint discover --limit 5 --write` adds proposed rules to it";
            return Err(Failure::usage(message, help));
        }
        Err(ConfigError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let file = root.join(if command.pyproject { "pyproject.toml" } else { "ssot.toml" });
    let failed = |source| Failure::Output { what: file.display().to_string(), source };
    match (file.symlink_metadata().is_ok(), command.pyproject) {
        (true, true) => Ok((file.clone(), std::fs::read_to_string(&file).map_err(failed)?)),
        (false, false) => Ok((file, String::new())),
        (false, true) => {
            let help = "leave out --pyproject for an `ssot.toml` of its own";
            Err(Failure::usage(format!("{} is not there", file.display()), help))
        }
        (true, false) => {
            let message = format!("{} is there, and is no file that can be read", file.display());
            Err(Failure::usage(message, "move it out of the way"))
        }
    }
}

fn tell(file: &Path, rules: &[NewSymbol], terminal: &Terminal) {
    let name = file.file_name().unwrap_or_default().display();
    let rules = match rules.len() {
        0 => "no symbol is used by several paths, so it holds an example".to_owned(),
        count => format!("it proposes {} as comments", report::count(count, "rule")),
    };
    terminal.note(&format!(
        "wrote {name}: {rules}. Put rules in force by taking away their `# `, then run `ssot-lint check`."
    ));
}
