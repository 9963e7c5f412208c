//! Asks rustc whether all crates of a project compile, in the way of `cargo check`, without Cargo.

use crate::package::{self, Kind, Package, Target};
use crate::program::{Project, Tree};
use std::path::Path;
use std::process::Command;

/// Compiles every target of every package; the error is what rustc says. With `is_documentation`, the links in the
/// documentation of libraries must lead somewhere as well.
pub fn all(tree: &Tree, is_documentation: bool) -> Result<(), String> {
    let project = Project::new(tree);
    let has_tests = tree.values().any(|bytes| String::from_utf8_lossy(bytes).contains("cfg(test)"));
    let work = Work { has_tests, packages: package::packages(tree)?, top: project.folder() };
    std::fs::create_dir(work.top.join(OUT)).map_err(|error| error.to_string())?;
    for package in work.in_order()? {
        work.package(package)?;
        if let Some(library) = package.library.as_ref().filter(|_| is_documentation) {
            work.links(package, library)?;
        }
    }
    Ok(())
}

/// A folder for what rustc writes.
const OUT: &str = ".out";

struct Work<'run> {
    /// Whether a crate is another one when it is compiled for tests.
    has_tests: bool,
    packages: Vec<Package>,
    top: &'run Path,
}

impl Work<'_> {
    /// The packages, each behind those that it depends on.
    fn in_order(&self) -> Result<Vec<&Package>, String> {
        let mut ordered: Vec<&Package> = Vec::new();
        while ordered.len() < self.packages.len() {
            let is_done = |folder: &String| ordered.iter().any(|package| package.folder == *folder);
            let is_next = |package: &&Package| {
                !is_done(&package.folder) && package.dependencies.iter().all(|(_, folder)| is_done(folder))
            };
            let next = self.packages.iter().find(is_next);
            ordered.push(next.ok_or("a package depends on itself, or on none of this project")?);
        }
        Ok(ordered)
    }

    fn package(&self, package: &Package) -> Result<(), String> {
        if let Some(library) = &package.library {
            self.target(package, library, false)?;
            if self.has_tests {
                self.target(package, library, true)?;
            }
        }
        package.others.iter().try_for_each(|target| self.target(package, target, target.kind == Kind::Test))
    }

    fn target(&self, package: &Package, target: &Target, is_test: bool) -> Result<(), String> {
        let mut rustc = self.tool("rustc", package, target);
        rustc.args([
            "-L",
            &format!("dependency={OUT}"),
            "--emit=metadata",
            "--cap-lints=allow",
            "--error-format=short",
        ]);
        match is_test {
            true => rustc.args(["--test", "-o", &format!("{OUT}/test.rmeta")]),
            false if target.kind == Kind::Library => {
                rustc.args(["--crate-type=lib", "-o", &metadata(package)])
            }
            false => rustc.args(["--crate-type=bin", "-o", &format!("{OUT}/other.rmeta")]),
        };
        if target.kind != Kind::Library && target.kind != Kind::BuildScript {
            let own = package.library.as_ref().map(|library| (&library.name, &package.folder));
            own.into_iter().for_each(|(name, folder)| self.reach(&mut rustc, name, folder));
        }
        ask(rustc)
    }

    fn links(&self, package: &Package, library: &Target) -> Result<(), String> {
        let mut rustdoc = self.tool("rustdoc", package, library);
        rustdoc.args(["-D", "rustdoc::broken_intra_doc_links", "-o", &format!("{OUT}/doc")]);
        ask(rustdoc)
    }

    fn tool(&self, name: &str, package: &Package, target: &Target) -> Command {
        let mut tool = Command::new(name);
        tool.current_dir(self.top).arg(&target.root);
        tool.args(["--edition", &package.edition, "--crate-name", &target.name]);
        if target.kind != Kind::BuildScript {
            package.dependencies.iter().for_each(|(name, folder)| self.reach(&mut tool, name, folder));
        }
        tool
    }

    /// Lets a crate use the library of the package in `folder`, as `name`.
    fn reach(&self, tool: &mut Command, name: &str, folder: &str) {
        let package = self.packages.iter().find(|package| package.folder == folder);
        let package = package.expect("packages are compiled behind what they need");
        tool.args(["--extern", &format!("{name}={}", metadata(package))]);
    }
}

/// Where the metadata of a package's library lies; rustc looks for what a library needs by the library's name.
fn metadata(package: &Package) -> String {
    let name = package.library.as_ref().map_or("", |library| &library.name);
    format!("{OUT}/lib{name}-{}.rmeta", package.folder.replace('/', "_"))
}

fn ask(mut tool: Command) -> Result<(), String> {
    let name = tool.get_program().to_string_lossy().into_owned();
    let said =
        tool.output().map_err(|error| format!("`{name}` cannot be run, is it on the PATH? {error}"))?;
    if said.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&said.stderr).into_owned()) }
}
