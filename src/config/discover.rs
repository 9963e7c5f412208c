//! Finds the configuration: the nearest one, going up from what is to be checked.

use super::complaint::ConfigError;
use super::document::{Layout, our_values, parse, read_bytes, to_source};
use std::path::{Component, Path, PathBuf};

/// The names, in the order in which one folder is asked.
const NAMES: [&str; 4] = ["ssot.toml", ".ssot.toml", "pyproject.toml", "Cargo.toml"];

/// The nearest configuration file; its folder is the project root.
///
/// # Errors
/// When there is none up to the root of the file system, or one cannot be read.
pub(super) fn discover(start: &[PathBuf], working_folder: &Path) -> Result<PathBuf, ConfigError> {
    let folder = common_folder(start, working_folder);
    let mut passed_over = Vec::new();
    for folder in folder.ancestors() {
        for file in NAMES.map(|name| folder.join(name)) {
            if !file.is_file() {
                continue;
            }
            if is_ours(&file)? {
                return Ok(file);
            }
            passed_over.push(file);
        }
    }
    Err(ConfigError::NotFound { start: folder, passed_over })
}

/// The deepest folder that holds everything in `start`. The folder of a file is its parent.
fn common_folder(start: &[PathBuf], working_folder: &Path) -> PathBuf {
    let folder_of = |path: &PathBuf| {
        let path = tidy(&working_folder.join(path));
        if path.is_dir() { path } else { path.parent().map(Path::to_path_buf).unwrap_or(path) }
    };
    start
        .iter()
        .map(folder_of)
        .reduce(|left, right| shared_start(&left, &right))
        .unwrap_or_else(|| tidy(working_folder))
}

fn shared_start(left: &Path, right: &Path) -> PathBuf {
    let pairs = left.components().zip(right.components());
    pairs.take_while(|(left, right)| left == right).map(|(left, _)| left).collect()
}

/// The path without `.` and `..`, by its text: symbolic links are not followed, so names stay as the user knows them.
pub(super) fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(tidied.pop()),
            other => tidied.push(other),
        }
    }
    tidied
}

/// Whether the file configures this tool. A manifest of another tool that cannot be parsed counts only when it
/// mentions this one.
fn is_ours(file: &Path) -> Result<bool, ConfigError> {
    let layout = Layout::of(file);
    if layout == Layout::Own {
        return Ok(true);
    }
    let unreadable = |reason| ConfigError::Unreadable { file: file.to_path_buf(), reason };
    let bytes = read_bytes(file).map_err(unreadable)?;
    if memchr::memmem::find(&bytes, b"ssot-lint").is_none() {
        return Ok(false);
    }
    let (source, not_utf8) = to_source(String::new(), bytes);
    let (table, faults) = parse(&source);
    let is_broken = not_utf8.is_some() || !faults.is_empty();
    Ok(is_broken || !our_values(table.get_ref(), layout).is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    fn found(files: &[(&str, &str)], start: &[&str]) -> String {
        let folder = folder(files);
        let start: Vec<PathBuf> = start.iter().map(PathBuf::from).collect();
        let file = discover(&start, folder.path()).unwrap();
        file.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned()
    }

    const TABLES: [(&str, &str); 4] = [
        ("ssot.toml", ""),
        (".ssot.toml", ""),
        ("pyproject.toml", "[tool.ssot-lint]\n"),
        ("Cargo.toml", "[package.metadata.ssot-lint]\n"),
    ];

    #[test]
    fn all_four_places_are_known_in_their_order() {
        for first in 0..TABLES.len() {
            assert_eq!(found(&TABLES[first..], &[]), TABLES[first].0);
        }
        assert_eq!(found(&[("Cargo.toml", "[workspace.metadata.ssot-lint]\n")], &[]), "Cargo.toml");
    }

    #[test]
    fn the_nearest_above_the_common_folder_of_the_paths_wins() {
        let files = [
            ("ssot.toml", ""),
            ("a/ssot.toml", ""),
            ("a/b/ssot.toml", ""),
            ("a/b/x.py", ""),
            ("a/c/y.py", ""),
        ];
        assert_eq!(found(&files, &["a/b/x.py"]), "a/b/ssot.toml");
        assert_eq!(found(&files, &["a/b/x.py", "a/c/y.py"]), "a/ssot.toml");
        assert_eq!(found(&files, &["a/c/../b"]), "a/b/ssot.toml");
        assert_eq!(found(&files, &[]), "ssot.toml");
    }

    #[test]
    fn manifests_of_other_tools_are_passed_over_even_when_broken() {
        let files = [
            ("ssot.toml", ""),
            ("a/pyproject.toml", "[tool.ruff]\n# not ssot-lint\n"),
            ("a/Cargo.toml", "[package\n"),
        ];
        assert_eq!(found(&files, &["a"]), "ssot.toml");
        let broken = [("ssot.toml", ""), ("a/pyproject.toml", "[tool.ssot-lint\n")];
        assert_eq!(found(&broken, &["a"]), "a/pyproject.toml");
    }

    #[test]
    fn when_there_is_none_the_error_says_where_it_looked() {
        let folder = folder(&[("a/pyproject.toml", "[project]\n")]);
        let error = discover(&["a".into()], folder.path()).unwrap_err();
        assert!(error.to_string().contains(folder.path().join("a").to_str().unwrap()), "{error}");
        let ConfigError::NotFound { passed_over, .. } = error else { panic!("{error}") };
        assert_eq!(passed_over[0], folder.path().join("a/pyproject.toml"));
    }
}
