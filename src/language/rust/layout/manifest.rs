//! What manifests say: packages, workspaces, editions and dependencies (The Cargo Book, "The Manifest Format").

use super::files::{folder_of, join_folder, parent};
use crate::language::Folder;
use crate::model::{Edition, Externs};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use toml::{Table, Value};

/// One manifest that could be read.
pub(super) struct Manifest {
    /// Where it lies.
    pub(super) folder: String,
    table: Table,
}

/// The manifests of a project, in the order of their paths.
pub(super) struct Manifests {
    list: Vec<Manifest>,
    by_folder: FxHashMap<String, usize>,
}

/// A dependency that is a folder of the project.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The folder of its package.
    pub(super) folder: String,
    /// The name that the dependent gives it; without one it goes by the name of its library.
    pub(super) name: Option<String>,
}

impl Manifest {
    /// The `[package]` table; early manifests call it `[project]`.
    pub(super) fn package(&self) -> Option<&Table> {
        ["package", "project"].iter().find_map(|key| table(&self.table, key))
    }

    /// The name of the package; `None` for a manifest that only holds a workspace.
    pub(super) fn name(&self) -> Option<&str> {
        text(self.package()?, "name").filter(|name| !name.is_empty())
    }

    /// A table of the manifest.
    pub(super) fn table(&self, key: &str) -> Option<&Table> {
        table(&self.table, key)
    }

    /// The tables of an array like `[[bin]]`; `None` when there is no such array.
    pub(super) fn array(&self, key: &str) -> Option<Vec<&Table>> {
        Some(self.table.get(key)?.as_array()?.iter().filter_map(Value::as_table).collect())
    }

    /// Every table of dependencies, the ones for single platforms included.
    fn dependency_tables(&self) -> impl Iterator<Item = &Table> {
        const KINDS: [&str; 5] = [
            "dependencies",
            "dev-dependencies",
            "build-dependencies",
            "dev_dependencies",
            "build_dependencies",
        ];
        let platforms = self.table("target").into_iter().flat_map(Table::values).filter_map(Value::as_table);
        let holders = std::iter::once(&self.table).chain(platforms);
        holders.flat_map(|holder| KINDS.iter().filter_map(|kind| table(holder, kind)))
    }

    /// The folder that `[patch]` or `[replace]` gives for a package.
    fn patched(&self, package: &str) -> Option<&str> {
        let sources = self.table("patch").into_iter().flat_map(Table::values).filter_map(Value::as_table);
        let patches = sources.flat_map(Table::iter);
        let replaced = self.table("replace").into_iter().flat_map(Table::iter);
        patches.chain(replaced).find_map(|(key, value)| {
            let value = value.as_table()?;
            let key = key.rsplit('#').next()?.split(':').next()?;
            let name = text(value, "package").unwrap_or(key);
            (name == package).then(|| text(value, "path"))?
        })
    }
}

impl Manifests {
    /// Reads the manifests of a project. One that is no TOML is left out.
    pub(super) fn read(folder: &Folder<'_>) -> Self {
        let read = |path: &&str| {
            let text = (folder.read)(path)?;
            let table = text.trim_start_matches('\u{feff}').parse::<Table>().ok()?;
            Some(Manifest { folder: folder_of(path).to_owned(), table })
        };
        let is_cargo = |path: &&&str| path.strip_prefix(folder_of(path)) == Some("Cargo.toml");
        let paths: Vec<&str> = folder.manifests.iter().filter(is_cargo).copied().collect();
        let list: Vec<Manifest> = paths.par_iter().filter_map(read).collect();
        let by_folder = list.iter().enumerate().map(|(index, found)| (found.folder.clone(), index)).collect();
        Self { list, by_folder }
    }

    /// All of them.
    pub(super) fn list(&self) -> &[Manifest] {
        &self.list
    }

    /// The manifest in `folder`, as index into the list.
    pub(super) fn in_folder(&self, folder: &str) -> Option<usize> {
        self.by_folder.get(folder).copied()
    }

    /// The manifest of the package that `folder` belongs to.
    pub(super) fn around(&self, folder: &str) -> Option<&Manifest> {
        let holds = |folder: &str| self.in_folder(folder).map(|index| &self.list[index]);
        std::iter::successors(Some(folder), |folder| parent(folder))
            .find_map(|folder| holds(folder).filter(|manifest| manifest.package().is_some()))
    }

    /// The manifest with the `[workspace]` that a package belongs to.
    fn workspace(&self, member: &Manifest) -> Option<&Manifest> {
        let holds = |folder: &str| {
            let manifest = &self.list[self.in_folder(folder)?];
            manifest.table("workspace").is_some().then_some(manifest)
        };
        let named = member.package().and_then(|package| text(package, "workspace"));
        if let Some(named) = named {
            return holds(&join_folder(&member.folder, named)?);
        }
        std::iter::successors(Some(&*member.folder), |folder| parent(folder)).find_map(holds)
    }

    /// The edition of a package: 2015 when it says nothing.
    pub(super) fn edition(&self, manifest: &Manifest) -> Edition {
        let of_year = |year: &str| if year == "2015" { Edition::Rust2015 } else { Edition::Current };
        match manifest.package().and_then(|package| package.get("edition")) {
            None => Edition::Rust2015,
            Some(Value::Table(_)) => {
                let workspace = self.workspace(manifest).and_then(|found| found.table("workspace"));
                let shared = workspace.and_then(|workspace| table(workspace, "package"));
                shared.and_then(|shared| text(shared, "edition")).map_or(Edition::Current, of_year)
            }
            Some(year) => of_year(year.as_str().unwrap_or_default()),
        }
    }

    /// The dependencies of a package that lie in the project.
    pub(super) fn dependencies(&self, manifest: &Manifest) -> Vec<Dependency> {
        let workspace = self.workspace(manifest);
        let entries = manifest.dependency_tables().flat_map(Table::iter);
        let mut found: Vec<Dependency> =
            entries.filter_map(|(key, value)| dependency(manifest, workspace, key, value)).collect();
        found.sort_by(|one, other| (&one.folder, &one.name).cmp(&(&other.folder, &other.name)));
        found.dedup();
        found
    }
}

impl Manifests {
    /// What the code of a package can name by its dependencies; `None` for a manifest without a package.
    pub(super) fn externs(&self, manifest: &Manifest) -> Option<Externs> {
        manifest.package()?;
        let shared = self.workspace(manifest).and_then(|found| found.table("workspace"));
        let shared = shared.and_then(|workspace| table(workspace, "dependencies"));
        let mut names: FxHashMap<Box<str>, Box<str>> =
            LANGUAGE_CRATES.iter().map(|&name| (name.into(), name.into())).collect();
        for (key, value) in manifest.dependency_tables().flat_map(Table::iter) {
            let is_shared = value.get("workspace").and_then(Value::as_bool) == Some(true);
            let entry = if is_shared { shared.and_then(|shared| shared.get(key)) } else { Some(value) };
            let renamed = entry.and_then(|entry| entry.get("package")).and_then(Value::as_str);
            let package = crate_name(renamed.unwrap_or(key));
            names.insert(package.into(), crate_name(key).into());
        }
        Some(Externs { root: Arc::from(&*manifest.folder), names })
    }
}

/// Reads one entry of a table of dependencies; `None` when it does not lie in the project.
fn dependency(
    manifest: &Manifest,
    workspace: Option<&Manifest>,
    key: &str,
    value: &Value,
) -> Option<Dependency> {
    let is_shared = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let (holder, entry) = if is_shared {
        let holder = workspace?;
        (holder, table(holder.table("workspace")?, "dependencies")?.get(key)?)
    } else {
        (manifest, value)
    };
    let renamed = entry.get("package").and_then(Value::as_str);
    let written = entry.get("path").and_then(Value::as_str).map(|path| (holder, path));
    let patcher = workspace.unwrap_or(manifest);
    let patched = || patcher.patched(renamed.unwrap_or(key)).map(|path| (patcher, path));
    let (holder, path) = written.or_else(patched)?;
    let name = renamed.map(|_| crate_name(key));
    Some(Dependency { folder: join_folder(&holder.folder, path)?, name })
}

/// Crates that need no dependency (Rust reference, "Extern prelude").
const LANGUAGE_CRATES: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

/// A package's name as Rust code can write it.
pub(super) fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

/// A table in a table.
fn table<'table>(table: &'table Table, key: &str) -> Option<&'table Table> {
    table.get(key)?.as_table()
}

/// A string in a table.
pub(super) fn text<'table>(table: &'table Table, key: &str) -> Option<&'table str> {
    table.get(key)?.as_str()
}
