//! The configuration as written, with places kept for messages.
//!
//! [`load`] finds the file, reads it and what it extends, and checks everything before any source file is read. What
//! is wrong comes back as one [`ConfigError`] that holds all [`Complaint`]s at once.

mod append;
mod builtin;
mod check;
mod complaint;
mod declaration;
mod discover;
mod document;
mod extend;
mod gather;
mod in_force;
mod other_tables;
mod place;
mod route;
mod rule_table;
mod schema;
mod starter;
mod table;
mod target;
mod usage;
mod version;
mod written_path;

pub use append::{NewSymbol, append};
pub use complaint::{Complaint, ConfigError, RelatedPlace, nearest};
pub use declaration::{
    BatchDeclaration, Configuration, Dates, ImportFrom, LocalName, Override, PolicyDeclaration,
    RuleDeclaration, RuleKind, UsageDeclaration, WithoutEffect,
};
pub use in_force::{InForce, Origin, TableInForce, ValueInForce, in_force};
pub use place::{ConfigSource, Place, Placed};
pub use schema::schema;
pub use starter::starter;
pub use target::Target;
pub use usage::{PatternFault, PatternText, ReadPattern};

use std::path::{Path, PathBuf};

/// The configuration file that [`load`] would read without `explicit`.
///
/// # Errors
/// When there is none, or a manifest that may hold one cannot be read.
pub fn find(start: &[PathBuf], working_folder: &Path) -> Result<PathBuf, ConfigError> {
    discover::discover(start, working_folder)
}

/// Finds, reads and checks the configuration.
///
/// The search goes up from the common folder of `start`, or from `working_folder` (absolute) when that is empty, and
/// the folder of the file found is the project root. With `explicit` there is no search, and `working_folder` is the
/// root. Relative paths are relative to `working_folder`. `read_pattern` reads the patterns of `[[usage]]`.
///
/// # Errors
/// When there is no configuration, when it cannot be read, or when something in it is wrong.
pub fn load(
    start: &[PathBuf],
    working_folder: &Path,
    explicit: Option<&Path>,
    read_pattern: &ReadPattern<'_>,
) -> Result<Configuration, ConfigError> {
    let (root, file) = match explicit {
        Some(file) => (working_folder.to_path_buf(), working_folder.join(file)),
        None => {
            let file = find(start, working_folder)?;
            let root = file.parent().unwrap_or(working_folder).to_path_buf();
            (root, file)
        }
    };
    let gathered = gather::gather(&root, &file, read_pattern)?;
    check::finish(root, file, gathered).map_err(ConfigError::Invalid)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay out folders")]
mod tests {
    use super::*;
    use crate::model::Language;
    use std::fs;
    use tempfile::TempDir;

    /// A folder with these files.
    pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    /// Takes every pattern but `wrong`.
    fn read(text: &PatternText<'_>) -> Result<Language, PatternFault> {
        let fault = || PatternFault { key: "find", message: "it is wrong".to_owned() };
        (text.find != "wrong").then_some(Language::Python).ok_or_else(fault)
    }

    /// Loads the configuration of a folder with these files.
    pub(super) fn load_files(files: &[(&str, &str)]) -> Result<Configuration, ConfigError> {
        load(&[], folder(files).path(), None, &read)
    }

    /// Loads one `ssot.toml`.
    pub(super) fn load_text(text: &str) -> Result<Configuration, ConfigError> {
        load_files(&[("ssot.toml", text)])
    }

    /// Every complaint about one `ssot.toml`: `line message | underlined | label | help`.
    pub(super) fn complaints(text: &str) -> Vec<String> {
        complaints_of(&load_text(text).expect_err("the text is wrong"))
    }

    pub(super) fn complaints_of(error: &ConfigError) -> Vec<String> {
        assert!(!error.complaints().is_empty(), "{error}");
        let shown = |complaint: &Complaint| {
            let row = complaint.source.position(complaint.span.start).row;
            let underlined = complaint.span.of(complaint.source.text());
            let help = complaint.help.as_deref().unwrap_or("-");
            format!("{row} {} | {underlined} | {} | {help}", complaint.message, complaint.label)
        };
        error.complaints().iter().map(shown).collect()
    }

    const RULE: &str = "[[symbol]]\ncanonical = \"a.b.X\"\nlegacy = [\"a.c.X\"]\n";

    #[test]
    fn a_found_file_makes_its_folder_the_root_and_a_given_one_does_not() {
        let folder = folder(&[("a/ssot.toml", RULE), ("a/b/x.py", "")]);
        let found = load(&["a/b/x.py".into()], folder.path(), None, &read).unwrap();
        assert_eq!(found.root, folder.path().join("a"));
        assert_eq!(found.sources[0].path(), "ssot.toml");
        let given = load(&[], folder.path(), Some(Path::new("a/ssot.toml")), &read).unwrap();
        assert_eq!(given.root, folder.path());
        assert_eq!(given.sources[0].path(), "a/ssot.toml");
    }

    #[test]
    fn rules_are_read_from_the_tables_of_both_manifests() {
        let inside =
            |head: &str| format!("[{head}]\n[[{head}.symbol]]\n{}", RULE.split_once('\n').unwrap().1);
        for (file, head) in [
            ("pyproject.toml", "tool.ssot-lint"),
            ("Cargo.toml", "package.metadata.ssot-lint"),
            ("Cargo.toml", "workspace.metadata.ssot-lint"),
        ] {
            let configuration = load_files(&[(file, &inside(head))]).unwrap();
            let canonical = &configuration.rules[0].canonical;
            assert_eq!(canonical.value.to_string(), "a.b.X");
            assert_eq!(canonical.place.span.of(configuration.sources[0].text()), "a.b.X");
        }
    }

    #[test]
    fn a_manifest_with_two_tables_or_a_given_one_with_none_is_wrong() {
        let two = "[workspace.metadata.ssot-lint]\n[package.metadata.ssot-lint]\n";
        let found = complaints_of(&load_files(&[("Cargo.toml", two)]).unwrap_err());
        assert!(found[0].starts_with("2 both [workspace.metadata.ssot-lint] and"), "{found:?}");
        let folder = folder(&[("pyproject.toml", "[tool.ruff]\n")]);
        let error = load(&[], folder.path(), Some(Path::new("pyproject.toml")), &read).unwrap_err();
        assert!(complaints_of(&error)[0].starts_with("1 no [tool.ssot-lint] in this file"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_of_its_own() {
        let folder = folder(&[]);
        let error = load(&[], folder.path(), Some(Path::new("gone.toml")), &read).unwrap_err();
        assert!(matches!(error, ConfigError::Unreadable { .. }));
        assert!(error.to_string().contains("gone.toml"), "{error}");
    }

    #[test]
    fn every_table_of_the_contract_is_accepted() {
        let text = r#"
            extend-rules = ["builtin:websocket"]
            [files]
            exclude = ["third_party/"]
            [python]
            roots = ["src", "."]
            [[symbol]]
            id = "vat"
            canonical = "shop.tax.VAT"
            legacy = ["shop.prices.VAT", "shop.old.Vat"]
            facades = ["shop.VAT"]
            local-name = "keep"
            message = "see ADR 12"
            severity = "warning"
            deprecated-on = "2026-12-01"
            error-on = 2027-02-01
            remove-on = "2027-06-01"
            [[module]]
            canonical = "shop::tax"
            legacy = ["shop::prices"]
            renames = { Old = "New" }
            local-name = "keep"
            [[usage]]
            id = "bridge"
            find = "context.send_$EVENT($$$ARGS)"
            replace = "context.notify_$EVENT($$$ARGS)"
            [[policy]]
            packages = ["shop.**"]
            import-from = "definition"
            [[override]]
            paths = ["tests/legacy/"]
            rules = ["vat", "bridge", "shop::tax"]
            severity = "off"
            [[batch]]
            name = "tests"
            paths = ["tests/**"]
            validate = ["pytest -q tests/unit"]
        "#;
        let read = load_text(text).unwrap();
        let ids: Vec<&str> = read.rules.iter().map(|rule| rule.id.value.as_str()).collect();
        assert_eq!(ids, ["vat", "shop::tax", "websocket-manager", "websocket-modules"]);
        let vat = &read.rules[0];
        assert_eq!(vat.local_name, LocalName::Keep);
        assert_eq!(vat.severity, crate::model::Severity::Warning);
        assert_eq!(vat.dates.error_on.unwrap().to_string(), "2027-02-01");
        assert_eq!(read.rules[1].renames[0].1.value, "New");
        assert_eq!(read.exclude[0].value, "third_party/");
        assert_eq!(read.python_roots.as_ref().unwrap().len(), 2);
        assert!(read.overrides[0].globs.is_match("tests/legacy/deep/x.py"));
        assert!(!read.overrides[0].globs.is_match("tests/new/x.py"));
        assert!(read.without_effect.is_empty());
        assert_eq!(read.usages[0].name(), "bridge");
        assert_eq!(read.batches[0].validate[0].value, "pytest -q tests/unit");
        assert!(read.batches[0].globs.is_match("tests/unit/x.py"));
        assert_eq!(read.policies[0].import_from, ImportFrom::Definition);
        assert!(read.policies[0].globs.is_match("shop"));
        assert_eq!(read.sources[1].path(), "builtin:websocket");
    }

    #[test]
    fn all_complaints_come_at_once_in_file_order() {
        let found = complaints("[[symbol]]\nid = 3\ncanonical = \"a..b\"\nlegacy = \"x.y\"\n[fles]\n");
        let rows: Vec<&str> = found.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(rows, ["2", "3", "4", "5"], "{found:?}");
    }

    #[test]
    fn syntax_faults_and_bytes_that_are_not_text_are_complaints() {
        assert!(complaints("a = \n")[0].starts_with("1 not valid TOML: "));
        assert!(complaints("message = \"x\0y\"\n")[0].starts_with("1 not valid TOML: "));
        let folder = folder(&[]);
        fs::write(folder.path().join("ssot.toml"), b"a = 1\nb = \"\xff\"\n").unwrap();
        let found = complaints_of(&load(&[], folder.path(), None, &read).unwrap_err());
        assert!(found[0].starts_with("2 the file is not UTF-8"), "{found:?}");
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_move_no_place() {
        let text = format!("\u{feff}{}", RULE.replace('\n', "\r\n"));
        let read = load_text(&text).unwrap();
        assert_eq!(read.rules[0].canonical.place.span.of(read.sources[0].text()), "a.b.X");
        assert_eq!(read.rules[0].canonical.place.start().row, 2);
    }
}
