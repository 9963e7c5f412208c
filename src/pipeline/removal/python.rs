//! What has to go so that a shim of Python is gone.

use super::Round;
use super::parts::{Parts, Reason};
use crate::graph::View;
use crate::model::{BindingKind, Exports, FileFacts, FileId, ImportForm, Runs, SymbolPath};

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

    /// A package makes its modules attributes of itself by importing them: that must not end with a name.
    pub(super) fn goes_on_loading(
        &self,
        file: FileId,
        before: &FileFacts,
        after: &FileFacts,
    ) -> Result<(), Reason> {
        let Some(view) = View::new(&self.project.graph, file) else { return Ok(()) };
        let Some(own) = view.module_path(0) else { return Ok(()) };
        let loads = |facts: &FileFacts| -> Vec<SymbolPath> {
            let firm = facts.imports.iter().filter(|import| import.scope == 0 && import.runs == Runs::Always);
            let modules = firm.filter_map(|import| view.imported_module(import));
            modules.filter(|module| *module != own && module.starts_with(&own)).collect()
        };
        let kept = loads(after);
        let is_lost = |module: &SymbolPath| !kept.iter().any(|kept| kept.starts_with(module));
        match loads(before).into_iter().find(is_lost) {
            Some(module) => {
                let reason = format!("its package loads `{module}` by it, and others may count on that");
                Err(format!("{reason}: delete it by hand"))
            }
            None => Ok(()),
        }
    }
}
