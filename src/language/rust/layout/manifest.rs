//! What manifests say: packages, workspaces, editions and dependencies (The Cargo Book, "The Manifest Format").

use super::files::{folder_of, join_folder, parent};
use crate::language::Folder;
use crate::model::{Edition, Externs, Language, Name};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use semver::{Version, VersionReq};
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
    by_name: FxHashMap<String, Vec<usize>>,
}

/// A dependency whose package lies in the project.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The folder of its package.
    pub(super) folder: String,
    /// The name that the dependent gives it; without one it goes by the name of its library.
    pub(super) name: Option<String>,
    /// True when the dependent asks for a version, which comes from a registry.
    pub(super) is_release: bool,
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
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, manifest) in list.iter().enumerate() {
            if let Some(name) = manifest.name() {
                by_name.entry(name.to_owned()).or_default().push(index);
            }
        }
        Self { list, by_folder, by_name }
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

    /// What a package says under `key`, be it inherited from its workspace.
    fn said<'found>(&'found self, manifest: &'found Manifest, key: &str) -> Option<&'found Value> {
        match manifest.package()?.get(key)? {
            Value::Table(_) => {
                let workspace = self.workspace(manifest)?.table("workspace")?;
                table(workspace, "package")?.get(key)
            }
            value => Some(value),
        }
    }

    /// The edition of a package: 2015 when it says nothing.
    pub(super) fn edition(&self, manifest: &Manifest) -> Edition {
        let is_silent = manifest.package().is_none_or(|package| !package.contains_key("edition"));
        let year = self.said(manifest, "edition").and_then(Value::as_str);
        if is_silent || year == Some("2015") { Edition::Rust2015 } else { Edition::Current }
    }

    /// The version of a package: 0.0.0 when it says nothing (The Cargo Book, "The `version` field").
    pub(super) fn version(&self, manifest: &Manifest) -> Version {
        let version = self.said(manifest, "version").and_then(Value::as_str);
        version.and_then(|version| Version::parse(version.trim()).ok()).unwrap_or(Version::new(0, 0, 0))
    }

    /// The folder of the newest package of the project that a dependency on a version would accept.
    fn release(&self, package: &str, wanted: &VersionReq) -> Option<String> {
        let named = self.by_name.get(package)?.iter().map(|&index| &self.list[index]);
        let fitting = named.filter(|manifest| wanted.matches(&self.version(manifest)));
        fitting.max_by_key(|manifest| self.version(manifest)).map(|manifest| manifest.folder.clone())
    }

    /// The dependencies of a package that lie in the project.
    pub(super) fn dependencies(&self, manifest: &Manifest) -> Vec<Dependency> {
        let workspace = self.workspace(manifest);
        let entries = manifest.dependency_tables().flat_map(Table::iter);
        let mut found: Vec<Dependency> =
            entries.filter_map(|(key, value)| self.dependency(manifest, workspace, key, value)).collect();
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
        let mut names: FxHashMap<Name, Name> =
            LANGUAGE_CRATES.iter().map(|&name| (name.into(), name.into())).collect();
        for (key, value) in manifest.dependency_tables().flat_map(Table::iter) {
            let is_shared = value.get("workspace").and_then(Value::as_bool) == Some(true);
            let entry = if is_shared { shared.and_then(|shared| shared.get(key)) } else { Some(value) };
            let renamed = entry.and_then(|entry| entry.get("package")).and_then(Value::as_str);
            let package = crate_name(renamed.unwrap_or(key));
            names.insert(package.into(), crate_name(key).into());
        }
        Some(Externs { language: Language::Rust, root: Arc::from(&*manifest.folder), names })
    }

    /// Reads one entry of a table of dependencies; `None` when it does not lie in the project.
    fn dependency(
        &self,
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
        let package = renamed.unwrap_or(key);
        let name = renamed.map(|_| crate_name(key));
        let written = entry.get("path").and_then(Value::as_str).map(|path| (holder, path));
        let patcher = workspace.unwrap_or(manifest);
        let patched = || patcher.patched(package).map(|path| (patcher, path));
        if let Some((holder, path)) = written.or_else(patched) {
            return Some(Dependency { folder: join_folder(&holder.folder, path)?, name, is_release: false });
        }
        let wanted = entry.as_str().or_else(|| entry.get("version")?.as_str())?;
        let wanted = VersionReq::parse(wanted).ok().filter(|_| entry.get("git").is_none())?;
        Some(Dependency { folder: self.release(package, &wanted)?, name, is_release: true })
    }
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
