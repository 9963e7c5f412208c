//! The version of the project, for rules that say in which one a path is gone.

use super::document::read_bytes;
use crate::model::Language;
use std::path::Path;
use std::str::FromStr;

/// A version in the manner of the language: PEP 440 for Python, Semantic Versioning for Rust, where the last numbers may be
/// missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd)]
pub(super) enum Version {
    Python(pep440_rs::Version),
    Rust(semver::Version),
}

impl Version {
    /// `None` when the text is no version.
    pub(super) fn parse(language: Language, text: &str) -> Option<Self> {
        match language {
            Language::Python => pep440_rs::Version::from_str(text).ok().map(Self::Python),
            Language::Rust => semver::Version::parse(&padded(text)).ok().map(Self::Rust),
        }
    }
}

/// `2` and `2.1` stand for `2.0.0` and `2.1.0`.
fn padded(text: &str) -> String {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let missing = 2_usize.saturating_sub(numbers.matches('.').count());
    format!("{numbers}{}{rest}", ".0".repeat(missing))
}

/// The file that says the version.
pub(super) const fn manifest(language: Language) -> &'static str {
    match language {
        Language::Python => "pyproject.toml",
        Language::Rust => "Cargo.toml",
    }
}

/// The version that the manifest at the project root writes: `pyproject.toml` (`[project]`, or `[tool.poetry]`), `Cargo.toml`
/// (`[package]`, or `[workspace.package]`). `None` when there is none, or when it is made elsewhere.
pub(super) fn of_project(root: &Path, language: Language) -> Option<String> {
    let places: [&[&str]; 2] = match language {
        Language::Python => [&["project"], &["tool", "poetry"]],
        Language::Rust => [&["package"], &["workspace", "package"]],
    };
    let text = String::from_utf8(read_bytes(&root.join(manifest(language))).ok()?).ok()?;
    let manifest: toml::Table = toml::from_str(&text).ok()?;
    places.into_iter().find_map(|place| {
        let (first, rest) = place.split_first()?;
        let table = rest.iter().try_fold(manifest.get(*first)?, |table, key| table.get(key))?;
        Some(table.get("version")?.as_str()?.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    #[test]
    fn versions_are_compared_as_each_language_does() {
        let is_before = |language, earlier: &str, later: &str| {
            Version::parse(language, earlier).unwrap() < Version::parse(language, later).unwrap()
        };
        assert!(is_before(Language::Python, "2.0rc1", "2.0") && is_before(Language::Python, "2.9", "2.10"));
        assert!(is_before(Language::Rust, "2.0.0-rc.1", "2") && is_before(Language::Rust, "2.9", "2.10"));
        assert_eq!(Version::parse(Language::Python, "2.0"), Version::parse(Language::Python, "2.0.0"));
        assert_eq!(Version::parse(Language::Rust, "next"), None);
        assert_eq!(Version::parse(Language::Python, "next"), None);
    }

    #[test]
    fn the_manifest_at_the_root_says_the_version() {
        use Language::{Python, Rust};
        for (file, text, language, expected) in [
            ("pyproject.toml", "[project]\nversion = '2.1'\n", Python, Some("2.1")),
            ("pyproject.toml", "[tool.poetry]\nversion = '2.1'\n", Python, Some("2.1")),
            ("pyproject.toml", "[project]\ndynamic = ['version']\n", Python, None),
            ("Cargo.toml", "[package]\nversion = '2.1.0'\n", Rust, Some("2.1.0")),
            (
                "Cargo.toml",
                "[package]\nversion.workspace = true\n[workspace.package]\nversion = '3.0.0'\n",
                Rust,
                Some("3.0.0"),
            ),
            ("Cargo.toml", "[workspace]\n", Rust, None),
            ("Cargo.toml", "not TOML", Rust, None),
            ("other.toml", "", Rust, None),
        ] {
            let folder = folder(&[(file, text)]);
            assert_eq!(of_project(folder.path(), language).as_deref(), expected, "{text}");
        }
    }
}
