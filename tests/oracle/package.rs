//! The packages of a small project: targets and dependencies, as far as the cases use them.

use crate::program::Tree;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// One `Cargo.toml` with a `[package]`.
pub struct Package {
    /// With a `/` behind it; empty at the top.
    pub folder: String,
    pub edition: String,
    pub library: Option<Target>,
    /// Everything that may use the library.
    pub others: Vec<Target>,
    /// The name in code, and the folder of the package.
    pub dependencies: Vec<(String, String)>,
}

/// One crate.
pub struct Target {
    pub name: String,
    /// Path of its root file.
    pub root: String,
    pub kind: Kind,
}

/// What kind of crate a target is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Library,
    Binary,
    Test,
    BuildScript,
}

/// All packages of a tree.
pub fn packages(tree: &Tree) -> Result<Vec<Package>, String> {
    let manifests = tree.iter().filter(|(path, _)| *path == "Cargo.toml" || path.ends_with("/Cargo.toml"));
    let parsed = manifests.map(|(path, bytes)| {
        let folder = path.trim_end_matches("Cargo.toml").to_owned();
        let table = toml::from_str(&String::from_utf8_lossy(bytes));
        Ok((folder, table.map_err(|error| format!("{path}: {error}"))?))
    });
    let manifests: BTreeMap<String, Table> = parsed.collect::<Result<_, String>>()?;
    let workspace = Table::default();
    let workspace =
        manifests.get("").and_then(|table| table.get("workspace")?.as_table()).unwrap_or(&workspace);
    let with_package = manifests.iter().filter(|(_, table)| table.contains_key("package"));
    with_package.map(|(folder, manifest)| package(folder, manifest, workspace, tree)).collect()
}

fn package(folder: &str, manifest: &Table, workspace: &Table, tree: &Tree) -> Result<Package, String> {
    let name = text(manifest, &["package", "name"]).ok_or(format!("{folder}: no name"))?.replace('-', "_");
    let edition = manifest["package"].get("edition").map_or(Some("2015".into()), |edition| match edition {
        Value::String(edition) => Some(edition.clone()),
        _ => text(workspace, &["package", "edition"]),
    });
    let root = text(manifest, &["lib", "path"]).unwrap_or("src/lib.rs".into());
    let library = tree.contains_key(&format!("{folder}{root}")).then(|| Target {
        name: text(manifest, &["lib", "name"]).unwrap_or(name.clone()),
        root: format!("{folder}{root}"),
        kind: Kind::Library,
    });
    Ok(Package {
        folder: folder.into(),
        edition: edition.ok_or(format!("{folder}: no edition"))?,
        library,
        others: others(folder, &name, tree),
        dependencies: dependencies(folder, manifest, workspace),
    })
}

fn text(table: &Table, path: &[&str]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    let start = table.get(*first)?;
    let found = rest.iter().try_fold(start, |value, key| value.get(*key))?;
    found.as_str().map(String::from)
}

/// The targets that Cargo finds by their places.
fn others(folder: &str, name: &str, tree: &Tree) -> Vec<Target> {
    let target = |path: &String| {
        let inside = path.strip_prefix(folder)?;
        let stem = inside.strip_suffix(".rs")?;
        let (kind, name) = match stem {
            "src/main" => (Kind::Binary, name),
            "build" => (Kind::BuildScript, "build_script_build"),
            _ => {
                let (place, name) = ["src/bin/", "examples/", "tests/", "benches/"]
                    .into_iter()
                    .find_map(|place| Some((place, stem.strip_prefix(place)?)))?;
                let name = name.strip_suffix("/main").unwrap_or(name);
                let is_test = matches!(place, "tests/" | "benches/");
                (if is_test { Kind::Test } else { Kind::Binary }, name)
            }
        };
        let is_root = !name.contains('/');
        is_root.then(|| Target { name: name.replace('-', "_"), root: path.clone(), kind })
    };
    tree.keys().filter_map(target).collect()
}

/// The dependencies by path.
fn dependencies(folder: &str, manifest: &Table, workspace: &Table) -> Vec<(String, String)> {
    let tables = ["dependencies", "dev-dependencies"];
    let entries = tables.iter().filter_map(|kind| manifest.get(*kind)?.as_table()).flatten();
    let path = |(key, value): (&String, &Value)| {
        let (base, value) = match value.get("workspace") {
            Some(_) => ("", workspace.get("dependencies")?.get(key)?),
            None => (folder, value),
        };
        Some((key.replace('-', "_"), joined(base, value.get("path")?.as_str()?)))
    };
    entries.filter_map(path).collect()
}

/// `base`, then `path` with its `..`; with a `/` at the end, or empty.
fn joined(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." => parts.truncate(parts.len().saturating_sub(1)),
            _ => parts.push(part),
        }
    }
    parts.iter().map(|part| format!("{part}/")).collect()
}
