//! From arguments to a project: the configuration, the paths, the present.

use super::arguments::Global;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::config::{self, Configuration};
use crate::model::RootPlace;
use crate::pipeline::{Settings, read_pattern};
use crate::source::Overlay;
use std::path::{Component, Path, PathBuf};

/// A configuration that was found, and what the stages make of it.
pub(super) struct Opened {
    pub configuration: Configuration,
    pub settings: Settings,
    /// The paths asked for, absolute and without symlinks.
    pub scope: Vec<PathBuf>,
}

impl Opened {
    /// Whether a file may be there, by its path relative to the root.
    pub fn has_file(&self, path: &str) -> bool {
        self.settings.root.join(path).try_exists().unwrap_or(true)
    }

    /// The paths asked for, relative to the root, with `/`; empty for the root itself.
    pub fn asked_paths(&self) -> Vec<String> {
        let below = |path: &PathBuf| path.strip_prefix(&self.settings.root).unwrap_or(path).to_path_buf();
        let parts =
            |path: PathBuf| path.iter().map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>();
        self.scope.iter().map(|path| parts(below(path)).join("/")).collect()
    }
}

/// Finds and reads the configuration for `paths`.
pub(super) fn open(paths: &[PathBuf], global: &Global, terminal: &Terminal) -> Result<Opened, Failure> {
    let working_folder = working_folder()?;
    open_at(absolute(paths, &working_folder)?, &working_folder, global, terminal)
}

/// The same for a file of which some text is known, whether it is there or not.
pub(super) fn open_unsaved(
    overlay: Overlay,
    global: &Global,
    terminal: &Terminal,
) -> Result<Opened, Failure> {
    let scope = vec![overlay.absolute.clone()];
    let mut opened = open_at(scope, &working_folder()?, global, terminal)?;
    opened.settings.overlays.push(overlay);
    Ok(opened)
}

fn open_at(
    scope: Vec<PathBuf>,
    working_folder: &Path,
    global: &Global,
    terminal: &Terminal,
) -> Result<Opened, Failure> {
    let mut configuration = config::load(&scope, working_folder, global.config.as_deref(), &read_pattern)?;
    configuration.root = canonical(&configuration.root)?;
    for found in &configuration.without_effect {
        let (file, row) = (found.place.source.path(), found.place.start().row);
        terminal.warning(format!("{file}:{row}: {}", found.message), found.help.clone());
    }
    if terminal.verbose {
        terminal.note(&format!("configuration: {}", configuration.file.display()));
        terminal.note(&format!("project root: {}", configuration.root.display()));
    }
    let settings = Settings::new(&configuration, now()?.to_zoned(jiff::tz::TimeZone::UTC).date());
    Ok(Opened { configuration, settings, scope })
}

/// A project that may have no configuration yet.
pub(super) struct Surveyed {
    pub settings: Settings,
    /// The paths asked for, absolute and without symlinks.
    pub scope: Vec<PathBuf>,
    /// The configuration file, also when it is not there yet.
    pub file: PathBuf,
}

/// The same as [`open`]; without a configuration the working folder is the project root.
pub(super) fn open_any(paths: &[PathBuf], global: &Global, terminal: &Terminal) -> Result<Surveyed, Failure> {
    match open(paths, global, terminal) {
        Ok(Opened { configuration, settings, scope }) => {
            Ok(Surveyed { settings, scope, file: configuration.file })
        }
        Err(Failure::Config(config::ConfigError::NotFound { .. })) => {
            let root = working_folder()?;
            let scope = absolute(paths, &root)?;
            let file = root.join("ssot.toml");
            Ok(Surveyed { settings: Settings { root, ..Settings::default() }, scope, file })
        }
        Err(failure) => Err(failure),
    }
}

/// The project root for commands that work on the state folder; without a configuration the nearest folder that has
/// one, else the working folder.
pub(super) fn root(global: &Global) -> Result<PathBuf, Failure> {
    let working_folder = working_folder()?;
    if global.config.is_some() {
        return Ok(working_folder);
    }
    let holds_state = |folder: &&Path| folder.join(crate::transaction::STATE_FOLDER).is_dir();
    if let Some(found) = working_folder.ancestors().find(holds_state) {
        return Ok(found.to_path_buf());
    }
    match config::load(&[], &working_folder, None, &read_pattern) {
        Ok(configuration) => canonical(&configuration.root),
        Err(_) => Ok(working_folder),
    }
}

/// Where the project root lies, seen from the top of its repository and from the working folder.
pub(super) fn root_place(root: &Path) -> Result<RootPlace, Failure> {
    let top = root.ancestors().find(|folder| folder.join(".git").exists());
    let in_repository = top.map_or_else(String::new, |top| way(top, root));
    let repository = top.map(|top| format!("{}/", top.display()));
    Ok(RootPlace { in_repository, repository, from_working_folder: way(&working_folder()?, root) })
}

/// What to put in front of a path below `to` for it to lead there from `from`. Both are absolute.
fn way(from: &Path, to: &Path) -> String {
    let Some(shared) = from.ancestors().find(|folder| to.starts_with(folder)) else { return String::new() };
    let count = |path: &Path| path.components().count();
    let up = "../".repeat(count(from) - count(shared));
    let down = to.components().skip(count(shared)).map(|part| part.as_os_str().to_string_lossy() + "/");
    up + &down.collect::<String>()
}

/// The present; `SSOT_LINT_NOW` (RFC 3339) stands in for it in tests.
pub(super) fn now() -> Result<jiff::Timestamp, Failure> {
    match std::env::var("SSOT_LINT_NOW") {
        Ok(text) => text.parse().map_err(|_| {
            Failure::usage(
                format!("SSOT_LINT_NOW is not a time: `{text}`"),
                "write it as 2026-11-20T10:15:00Z",
            )
        }),
        Err(_) => Ok(jiff::Timestamp::now()),
    }
}

/// The folder in which the program was started, without symlinks.
pub(super) fn working_folder() -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir();
    let folder = folder.map_err(|source| Failure::Output { what: "the working folder".into(), source })?;
    canonical(&folder)
}

/// The path of a file that need not be there: absolute, and without symlinks as far as its folders are.
pub(super) fn unsaved(file: &Path) -> Result<PathBuf, Failure> {
    let file = working_folder()?.join(file);
    let known = |folder: &Path| Some((folder.canonicalize().ok()?, file.strip_prefix(folder).ok()?));
    let Some((folder, rest)) = file.ancestors().find_map(known) else { return Ok(file.clone()) };
    Ok(rest.components().fold(folder, |mut path, part| {
        match part {
            Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    }))
}

fn absolute(paths: &[PathBuf], working_folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    paths
        .iter()
        .map(|path| {
            canonical(&working_folder.join(path)).map_err(|failure| match failure {
                Failure::Output { source, .. } => {
                    Failure::Output { what: path.display().to_string(), source }
                }
                other => other,
            })
        })
        .collect()
}

fn canonical(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().map_err(|source| Failure::Output { what: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_up_and_down() {
        let way = |from: &str, to: &str| way(Path::new(from), Path::new(to));
        assert_eq!(way("/a/b", "/a/b"), "");
        assert_eq!(way("/a", "/a/b/c"), "b/c/");
        assert_eq!(way("/a/b/c", "/a"), "../../");
        assert_eq!(way("/a/bc", "/a/b"), "../b/");
    }
}
