//! What has to go so that a shim of Rust is gone.

use super::Round;
use super::parts::{Parts, Reason};
use crate::graph::Body;
use crate::language::front_end;
use crate::model::{BindingId, BindingKind, Module, ModuleName, SymbolPath};

impl Round<'_> {
    /// A module goes with what declares it.
    pub(super) fn rust_module(&self, path: &SymbolPath, rule: &str, parts: &mut Parts) -> Result<(), Reason> {
        let modules = self.project.graph.modules();
        let is_inside = |name: &ModuleName| name.path.len() > path.len() && name.path.starts_with(path);
        if let Some(other) = modules.all().find(|other| other.names.iter().any(is_inside)) {
            return Err(format!("the module `{}` lies in it", other.name()));
        }
        let body = self.project.graph.body_of(path, None).ok_or("its text is not known")?;
        let whole = modules.find(path, None).filter(|_| body.scope == 0).map(|id| modules.module(id));
        let names: Vec<&SymbolPath> = match whole {
            Some(module) => module.names.iter().map(|name| &name.path).collect(),
            None => vec![path],
        };
        let is_repeated = |name: &&SymbolPath| *name != path && self.is_same_declaration(name, path);
        for name in names.into_iter().filter(|name| !is_repeated(name)) {
            let parent = name.parent().ok_or("it is a crate of its own: delete that by hand")?;
            let file = whole.map(|_| body.view.file);
            let around = self.project.graph.body_of(&parent, file);
            let (around, binding) = around
                .and_then(|around| Some((around, declaration(around, name.name())?)))
                .ok_or_else(|| format!("`{name}` is not declared in one place: delete it by hand"))?;
            parts.take(around.view.file, around.view.binding(binding).span, rule);
        }
        parts.delete(whole.and_then(|module| module.file));
        Ok(())
    }

    /// True when two names of a module differ by the names that crates give the crate around it.
    fn is_same_declaration(&self, name: &SymbolPath, other: &SymbolPath) -> bool {
        let modules = self.project.graph.modules();
        let root = modules.find(&other.prefix(1), None).map(|id| modules.module(id));
        let knows = |root: &Module| root.names.iter().any(|known| known.path == name.prefix(1));
        name.segments()[1..] == other.segments()[1..] && root.is_some_and(knows)
    }

    /// A name goes with all that its module says of it.
    pub(super) fn rust_item(&self, path: &SymbolPath, rule: &str, parts: &mut Parts) -> Result<(), Reason> {
        let graph = &self.project.graph;
        let parent = path.parent().ok_or("it is a crate of its own: delete that by hand")?;
        let body = graph.body_of(&parent, None).ok_or("its text is not known")?;
        let bindings = body.bindings(path.name());
        if bindings.is_empty() {
            return Err("a glob hands it on: write out what else that brings, or delete it".into());
        }
        for &id in bindings {
            let binding = body.view.binding(id);
            if matches!(binding.kind, BindingKind::Import(_)) && self.may_be_trait(body, id) {
                let reason = "it may be a trait, and nobody knows whether its module calls the methods";
                return Err(format!("{reason}: delete it by hand"));
            }
            parts.take(body.view.file, binding.span, rule);
        }
        Ok(())
    }

    /// True when an import may bring methods along, which are used without its name.
    fn may_be_trait(&self, body: Body<'_>, id: BindingId) -> bool {
        let Some(path) = body.view.bound(id) else { return true };
        let end = body.view.end_of(path, &SymbolPath::clone);
        let Some((home, count)) = self.project.graph.body(&end, None) else { return true };
        if count + 1 != end.len() {
            return false; // A module, or a part of a type.
        }
        let Some(source) = self.text(home.view.file) else { return true };
        let bindings = home.bindings(end.name());
        bindings.is_empty()
            || bindings
                .iter()
                .any(|&id| front_end(end.language()).brings_methods(&source, home.view.binding(id).span))
    }
}

/// The only thing that declares the module `name` here.
fn declaration(body: Body<'_>, name: &str) -> Option<BindingId> {
    let is_module = |id: &BindingId| matches!(body.view.binding(*id).kind, BindingKind::Module(_));
    let mut declared = body.bindings(name).iter().copied().filter(is_module);
    declared.next().filter(|_| declared.next().is_none())
}
