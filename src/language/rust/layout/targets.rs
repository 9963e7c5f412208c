//! The targets of a package: what Cargo compiles, each from one root file (The Cargo Book, "Cargo Targets").

use super::files::{FileIndex, Files, join};
use super::manifest::{Manifest, crate_name, text};
use crate::model::Edition;
use toml::{Table, Value};

/// What a target is; in the order of preference for names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Library,
    Binary,
    Test,
    Example,
    Bench,
    Build,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: Kind,
    /// The first segment of every path in it.
    pub(super) root: String,
    /// Its root file.
    pub(super) file: FileIndex,
}

/// Where Cargo looks for targets of a kind.
struct Place {
    kind: Kind,
    array: &'static str,
    switch: &'static str,
    folder: &'static str,
}

const BINARIES: Place = Place { kind: Kind::Binary, array: "bin", switch: "autobins", folder: "src/bin/" };

const OTHERS: [Place; 3] = [
    Place { kind: Kind::Test, array: "test", switch: "autotests", folder: "tests/" },
    Place { kind: Kind::Example, array: "example", switch: "autoexamples", folder: "examples/" },
    Place { kind: Kind::Bench, array: "bench", switch: "autobenches", folder: "benches/" },
];

/// A package while its targets are looked for.
struct Search<'run> {
    manifest: &'run Manifest,
    package: &'run Table,
    name: &'run str,
    files: &'run Files<'run>,
    edition: Edition,
}

/// The targets of a package whose root file exists.
pub(super) fn targets(manifest: &Manifest, edition: Edition, files: &Files<'_>) -> Vec<Target> {
    let (Some(package), Some(name)) = (manifest.package(), manifest.name()) else { return Vec::new() };
    let search = Search { manifest, package, name, files, edition };
    let mut found: Vec<Target> = search.library().into_iter().collect();
    let binaries = search.binaries(found.is_empty());
    found.extend(binaries);
    for place in &OTHERS {
        let listed = search.list(place);
        found.extend(
            listed.into_iter().map(|(name, file)| search.hidden(place.kind, place.array, &name, file)),
        );
    }
    found.extend(search.build_scripts());
    found
}

impl Search<'_> {
    fn file(&self, written: &str) -> Option<FileIndex> {
        self.files.find(&join(&self.manifest.folder, written)?)
    }

    /// A target that no path outside of it can name.
    fn hidden(&self, kind: Kind, word: &str, name: &str, file: FileIndex) -> Target {
        Target { kind, root: format!("{}/{word}/{name}", crate_name(self.name)), file }
    }

    fn library(&self) -> Option<Target> {
        let table = self.manifest.table("lib");
        let named = table.and_then(|table| text(table, "name")).filter(|name| !name.is_empty());
        let root = crate_name(named.unwrap_or(self.name));
        let file = match table.and_then(|table| text(table, "path")) {
            Some(path) => self.file(path),
            None => self.file("src/lib.rs").or_else(|| self.file(&format!("src/{}.rs", named?))),
        };
        Some(Target { kind: Kind::Library, root, file: file? })
    }

    /// Without a library the main binary goes by the name of the package.
    fn binaries(&self, is_alone: bool) -> Vec<Target> {
        let listed = self.list(&BINARIES);
        let plain = self.file("src/main.rs");
        let main = listed.iter().position(|(_, file)| Some(*file) == plain).unwrap_or(0);
        let target = |(nth, (name, file)): (usize, (String, FileIndex))| {
            if is_alone && nth == main {
                Target { kind: Kind::Binary, root: crate_name(self.name), file }
            } else {
                self.hidden(Kind::Binary, "bin", &name, file)
            }
        };
        listed.into_iter().enumerate().map(target).collect()
    }

    /// The targets of a kind, declared ones first: names and root files.
    fn list(&self, place: &Place) -> Vec<(String, FileIndex)> {
        let declared = self.manifest.array(place.array);
        let is_listed = declared.is_some();
        let mut found: Vec<(String, FileIndex)> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        for table in declared.into_iter().flatten() {
            let Some(name) = text(table, "name") else { continue };
            names.push(name);
            let file = match text(table, "path") {
                Some(path) => self.file(path),
                None => self.conventional(place, name),
            };
            found.extend(file.map(|file| (name.to_owned(), file)));
        }
        let default = self.edition != Edition::Rust2015 || !is_listed;
        if self.package.get(place.switch).and_then(Value::as_bool).unwrap_or(default) {
            let further = self.discovered(place);
            let is_new = |(name, file): &(String, FileIndex)| {
                !names.contains(&&**name) && !found.iter().any(|(_, known)| known == file)
            };
            let further: Vec<_> = further.into_iter().filter(is_new).collect();
            found.extend(further);
        }
        found
    }

    /// Where a target without a path lies. The last places are those of edition 2015.
    fn conventional(&self, place: &Place, name: &str) -> Option<FileIndex> {
        let folder = place.folder;
        let is_main = place.kind == Kind::Binary && name == self.name;
        let main = is_main.then(|| self.file("src/main.rs")).flatten();
        let usual = main
            .or_else(|| self.file(&format!("{folder}{name}.rs")))
            .or_else(|| self.file(&format!("{folder}{name}/main.rs")));
        usual.or_else(|| match place.kind {
            Kind::Binary => {
                let old = [format!("src/{name}.rs"), "src/main.rs".into(), "src/bin/main.rs".into()];
                old.iter().find_map(|path| self.file(path))
            }
            Kind::Bench => self.file("src/bench.rs"),
            _ => None,
        })
    }

    /// The targets that lie in the conventional places.
    fn discovered(&self, place: &Place) -> Vec<(String, FileIndex)> {
        let main = (place.kind == Kind::Binary).then(|| self.file("src/main.rs")).flatten();
        let mut found: Vec<(String, FileIndex)> =
            main.into_iter().map(|file| (self.name.to_owned(), file)).collect();
        let folder = format!("{}{}", self.manifest.folder, place.folder);
        found.extend(self.files.below(&folder).filter_map(|(file, path)| {
            let name = path.strip_suffix("/main.rs").or_else(|| path.strip_suffix(".rs"))?;
            (!name.contains('/')).then(|| (name.to_owned(), file))
        }));
        found
    }

    fn build_scripts(&self) -> Vec<Target> {
        let script =
            |file| Target { kind: Kind::Build, root: format!("{}/build", crate_name(self.name)), file };
        match self.package.get("build") {
            None | Some(Value::Boolean(true)) => self.file("build.rs").map(script).into_iter().collect(),
            Some(Value::String(path)) => self.file(path).map(script).into_iter().collect(),
            Some(Value::Array(paths)) => {
                let files =
                    paths.iter().filter_map(|path| Some((path.as_str()?, self.file(path.as_str()?)?)));
                let name = |path: &str| path.trim_end_matches(".rs").replace(['/', '\\'], "_");
                files.map(|(path, file)| self.hidden(Kind::Build, "build", &name(path), file)).collect()
            }
            Some(_) => Vec::new(),
        }
    }
}
