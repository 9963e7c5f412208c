//! What has to go so that a shim of Python is gone.

use super::Round;
use super::parts::{Parts, Reason};
use crate::graph::Body;
use crate::model::{BindingKind, Exports, Import, ImportForm, SymbolPath};

impl Round<'_> {
    /// A stub goes with what it describes.
    pub(super) fn python_module(&self, path: &str, parts: &mut Parts) -> Result<(), Reason> {
        let stub = format!("{path}i");
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_inside = |other: &str| {
            other != path
                && other != stub
                && other.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        if name.starts_with("__init__.") && self.project.tree.files.iter().any(|other| is_inside(&other.path))
        {
            return Err("other files lie in the package: delete it by hand".into());
        }
        parts.delete(self.find(path));
        let Some(stub) = self.find(&stub) else { return Ok(()) };
        let only_hands_on = self.project.graph.facts(stub).is_some_and(|facts| facts.only_imports());
        if !only_hands_on {
            return Err("the stub beside it describes more: delete both by hand".into());
        }
        parts.delete(Some(stub));
        Ok(())
    }

    /// A name goes with its import and its entry in the export list.
    pub(super) fn python_item(&self, path: &SymbolPath, rule: &str, parts: &mut Parts) -> Result<(), Reason> {
        let by_hand = |reason: &str| Err(format!("{reason}: delete it by hand"));
        let body = path.parent().and_then(|module| self.project.graph.body_of(&module, None));
        let Some(body) = body else { return by_hand("its module is not known") };
        let (file, name) = (body.view.file, path.name());
        if self.find(&format!("{}i", self.path(file))).is_some() {
            return by_hand("a stub describes its module too");
        }
        let bindings = body.bindings(name);
        if bindings.is_empty() {
            return by_hand("it is made when somebody asks for it, or comes by a star");
        }
        for &id in bindings {
            let binding = body.view.binding(id);
            let BindingKind::Import(import) = binding.kind else {
                return by_hand("no import makes it");
            };
            let import = &body.view.facts.imports[import as usize];
            if import.in_try || import.form != ImportForm::Member {
                return by_hand("it is not plainly imported");
            }
            if let Some(module) = loaded_by(body, import) {
                return by_hand(&format!("its package loads `{module}` by it, and others may count on that"));
            }
            parts.take(file, binding.span, rule);
        }
        match &body.view.facts.exports {
            Exports::Explicit { complete: false, .. } => by_hand("the export list is put together"),
            Exports::Explicit { names, .. } => {
                let entries = names.iter().filter(|entry| entry.name == *name);
                entries.for_each(|entry| parts.take(file, entry.span, rule));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// The module of its own package that a package loads by this import alone.
fn loaded_by(package: Body<'_>, import: &Import) -> Option<SymbolPath> {
    let own = package.path()?;
    let module =
        package.view.imported_module(import).filter(|module| *module != own && module.starts_with(&own))?;
    let mut others = package.view.facts.imports.iter();
    let is_loaded = others.any(|other| {
        other.statement != import.statement
            && other.scope == import.scope
            && package.view.imported_module(other).is_some_and(|loaded| loaded.starts_with(&module))
    });
    (!is_loaded).then_some(module)
}
