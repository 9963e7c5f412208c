//! Where a shim stands, or would stand.

use super::{Reason, Writer};
use crate::language::front_end;
use crate::model::{FileId, Module, ModuleName, SourceFile};
use crate::rule::ShimModule;
use crate::source::read_one;
use std::sync::Arc;

/// The file of a shim.
#[derive(Debug)]
pub(super) struct Place {
    /// Relative to the project root, with `/`.
    pub path: Arc<str>,
    /// What is there now.
    pub source: Option<Arc<SourceFile>>,
    /// The file beside it that only describes it.
    pub stub: Option<FileId>,
}

impl Writer<'_> {
    pub(super) fn place(&self, module: &ShimModule) -> Result<Place, Reason> {
        let modules = self.project.graph.modules();
        let found = modules.find(&module.path, None).map(|id| modules.module(id));
        match found {
            Some(found) if found.is_opaque => Err("it is compiled".into()),
            Some(Module { file: Some(file), is_stub: false, .. }) => {
                self.require_alone(module)?;
                self.present(*file)
            }
            Some(Module { file: Some(stub), is_stub: true, .. }) => {
                self.require_alone(module)?;
                let path = &self.project.tree.files[*stub as usize].path;
                self.free(path.strip_suffix('i').unwrap_or(path), Some(*stub))
            }
            Some(Module { file: None, .. }) => Err("it is a folder with other modules".into()),
            _ => self.absent(module),
        }
    }

    fn present(&self, file: FileId) -> Result<Place, Reason> {
        let source = self.text(file)?;
        let path = Arc::clone(source.path());
        let stub = self.id_of(&format!("{path}i"));
        Ok(Place { path, source: Some(source), stub })
    }

    /// A shim must not stand for a package in which other modules lie.
    fn require_alone(&self, module: &ShimModule) -> Result<(), Reason> {
        let is_inside =
            |name: &ModuleName| name.path.len() > module.path.len() && name.path.starts_with(&module.path);
        let mut others = self.project.graph.modules().all();
        match others.find(|other| other.names.iter().any(is_inside)) {
            Some(other) => {
                Err(format!("other modules lie in it, which a shim would hide: `{}`", other.name()))
            }
            None => Ok(()),
        }
    }

    /// The place of a module that is not there: beside the others of its package.
    fn absent(&self, module: &ShimModule) -> Result<Place, Reason> {
        let modules = self.project.graph.modules();
        let Some((around, count)) = modules.longest(&module.path, None) else {
            let top = module.path.prefix(1);
            return Err(format!("`{top}` is not part of this project: there is no place for a shim"));
        };
        let around = modules.module(around);
        if count + 1 < module.path.len() {
            let missing = module.path.prefix(count + 1);
            return Err(format!("its package `{missing}` does not exist: make that first"));
        }
        if !around.is_package {
            return Err(format!("`{}` is a module, and no package that could hold it", around.name()));
        }
        if self.project.graph.body_of(&module.path, None).is_some() {
            return Err(
                "it is written out in the file of another module: give it a file of its own first".into()
            );
        }
        let file = front_end(module.path.language()).new_module(module.path.name());
        let file = file.ok_or("there is no such module: declare it with `mod`, and make its file first")?;
        let path = folder(&around.names[0]) + &file;
        self.free(&path, self.id_of(&format!("{path}i")))
    }

    /// The place of a file that is not there.
    fn free(&self, path: &str, stub: Option<FileId>) -> Result<Place, Reason> {
        if self.project.tree.text(&self.project.settings.root, path).is_some() {
            return Err(format!("`{path}` is there, but no file of the project: it is a link, or left out"));
        }
        Ok(Place { path: path.into(), source: None, stub })
    }

    fn id_of(&self, path: &str) -> Option<FileId> {
        let files = &self.project.tree.files;
        files.binary_search_by(|file| (*file.path).cmp(path)).ok().map(|id| id as FileId)
    }

    /// The text of a file that can be written anew.
    pub(super) fn text(&self, file: FileId) -> Result<Arc<SourceFile>, Reason> {
        let source = match self.project.source(file) {
            Some(source) => Arc::clone(source),
            None => Arc::new(read_one(&self.project.tree, file)?),
        };
        let is_broken = self.project.graph.facts(file).is_some_and(|facts| !facts.errors.is_empty());
        match (is_broken, source.is_masked()) {
            (true, _) => Err("the file does not parse".into()),
            (_, true) => Err("the file is not in UTF-8".into()),
            _ => Ok(source),
        }
    }
}

/// The folder of a package, with `/` at its end.
fn folder(name: &ModuleName) -> String {
    let below = name.path.segments().iter().map(|segment| format!("{segment}/"));
    name.root.to_string() + &below.collect::<String>()
}
