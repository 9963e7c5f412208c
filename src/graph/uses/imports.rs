//! Declared paths in import statements.

use super::{Details, Finder, direct};
use crate::graph::declared::Declared;
use crate::graph::resolve::View;
use crate::graph::stars::Importer;
use crate::model::{Import, ImportForm, ImportId, Name, PathKind, Site, SymbolPath, Visibility};

/// What the name of a module stands for where it is imported.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    Module,
    Other,
    Both,
}

impl Finder<'_> {
    pub(super) fn imports(&mut self) {
        for id in 0..self.view.facts.imports.len() as ImportId {
            let import = &self.view.facts.imports[id as usize];
            match import.form {
                ImportForm::Star => self.star(id, import),
                ImportForm::Module | ImportForm::Member => self.import(id, import),
            }
        }
    }

    fn import(&mut self, id: ImportId, import: &Import) {
        let Some(path) = self.through_declared(import).or_else(|| self.view.imported(import)) else { return };
        self.note_reached(import);
        self.note_bypass_by_import(import, &path);
        self.note_policy_by_import(import, &path);
        let Some((matched, declared)) = self.declared.longest(&path) else { return };
        let in_module_part = matched < path.len() || import.form == ImportForm::Module;
        if in_module_part && declared.kind == PathKind::Symbol {
            return;
        }
        if !in_module_part && declared.kind == PathKind::Module && self.is_hidden_submodule(&path) {
            return;
        }
        let is_module = matched == path.len() && declared.kind == PathKind::Module;
        let meant = if is_module { self.meant_by(import, &path) } else { Meant::Module };
        if meant == Meant::Other {
            return;
        }
        // What lies behind the name of another import only follows: that import is the finding.
        let own = import.path.len() + usize::from(import.member.is_some()) - 1;
        let root = path.prefix(path.len() - own.min(path.len() - 1));
        let is_written = self.declared_here(&import.roots).is_some();
        let follows = !is_written && !import.roots.is_empty() && self.declared.moved(&root) != root;
        let twin = || "something else comes with it under the same name".to_owned();
        let obstacle = (meant == Meant::Both).then(twin);
        let details = Details { spelled: !follows, obstacle, ..Details::spelled() };
        self.record(Site::Import(id), direct(path, matched, declared), details);
    }

    /// An import of a name that leads to a symbol by re-exports.
    fn note_bypass_by_import(&mut self, import: &Import, path: &SymbolPath) {
        let Some(member) = import.member.as_ref().filter(|member| self.declared.ends_in(&member.name)) else {
            return;
        };
        // Where imports are resolved before anything runs, the names before it may be handed on as well.
        let spelled = if self.view.facts.is_declarative { import.path.len() + 1 } else { 1 };
        let is_handed_on = path.name() == &*member.name;
        if let Some(found) = is_handed_on.then(|| self.find(path.clone(), spelled)).flatten() {
            self.note_bypass(&found, spelled, self.is_late(import));
        }
    }

    /// What an import of a module is there for, when a function or macro has the name of the module: a name may stand for
    /// one thing in each namespace (Rust reference, "Namespaces").
    fn meant_by(&self, import: &Import, path: &SymbolPath) -> Meant {
        let Some(binding) = import.binding.filter(|_| self.has_twin(path)) else { return Meant::Module };
        let users = || self.view.facts.references.iter().filter(|user| user.bindings.contains(&binding));
        let starts_here = self.view.facts.imports.iter().any(|other| other.roots.contains(&binding));
        let as_module = starts_here || users().any(|user| user.segments.len() > 1);
        let is_shown = import.visibility != Visibility::Around(0);
        match (as_module, is_shown || users().any(|user| user.segments.len() == 1)) {
            (true, true) => Meant::Both,
            (true, false) => Meant::Module,
            (false, _) if is_shown => Meant::Both,
            (false, _) => Meant::Other,
        }
    }

    /// The path that an import writes when it begins with a name that this module hands on and that is a declared module:
    /// the name goes when the rule has been carried out.
    fn through_declared(&self, import: &Import) -> Option<SymbolPath> {
        let root = self.declared_here(&import.roots)?;
        let names = import.path.iter().chain(&import.member).skip(1);
        Some(root.join(names.map(|segment| &segment.name)))
    }

    /// `from package import name` where the package binds the name to something that is not its submodule.
    fn is_hidden_submodule(&self, path: &SymbolPath) -> bool {
        let modules = self.view.graph.modules();
        let Some(parent) = path.parent() else { return false };
        let Some(id) = modules.find(&parent, Some(self.view.file)) else { return false };
        let Some(facts) = self.view.graph.demand(id) else { return false };
        let Some(there) = modules.module(id).file.and_then(|file| View::new(self.view.graph, file)) else {
            return false;
        };
        let Some(bindings) = facts.scopes[0].names.get(path.name()) else { return false };
        !bindings.iter().any(|&binding| there.bound(binding).is_some_and(|bound| bound == *path))
            && modules.find(path, Some(self.view.file)).is_some()
    }

    /// Tells the module asked for that `name` is wanted from it: it may come from a star import there.
    fn note_reached(&self, import: &Import) {
        let Some(member) = &import.member else { return };
        if !self.declared.ends_in(&member.name) {
            return;
        }
        let Some(module) = self.view.imported_module(import) else { return };
        self.reach(&module, &member.name);
    }

    fn reach(&self, module: &SymbolPath, name: &str) {
        if let Some(body) = self.view.graph.body_of(module, Some(self.view.file))
            && body.bindings(name).is_empty()
        {
            self.view.graph.reach(body.view.file, body.scope, name);
        }
    }

    fn star(&mut self, id: ImportId, import: &Import) {
        let through = self.through_declared(import);
        let Some(module) = through.or_else(|| self.view.imported_module(import)) else { return };
        if let Some((matched, declared)) = self.declared.longest(&module)
            && declared.kind != PathKind::Symbol
        {
            self.record(Site::Import(id), direct(module.clone(), matched, declared), Details::spelled());
        }
        self.note_policy_by_star(import, &module);
        for name in self.names_from(import) {
            let importer = (self.view.file, import.scope);
            if !self.declared.legacy_names(&module).contains(&name) {
                self.reach(&module, &name);
                self.note_bypass_by_star(importer, &module, &name);
                continue;
            }
            if self.view.graph.star_provides(&module, importer, &name) == Some(false) {
                continue;
            }
            let path = module.join([&name]);
            if self.comes_with_another_star(import, &self.declared.moved(&path), &name) {
                continue;
            }
            if self.moves_with_star(importer, &module, &path) {
                continue;
            }
            // A module that the star brings in is written out where it is used.
            let is_written =
                |declared: &&Declared| !self.view.facts.is_declarative || declared.kind != PathKind::Module;
            if let Some(declared) = self.declared.get(&path).filter(is_written) {
                let matched = path.len();
                self.record(Site::StarMember(id, name), direct(path, matched, declared), Details::spelled());
            }
        }
    }

    /// A star import that brings in a symbol by re-exports.
    fn note_bypass_by_star(&mut self, importer: Importer, module: &SymbolPath, name: &str) {
        if self.view.graph.star_provides(module, importer, name) != Some(true) {
            return;
        }
        if let Some(found) = self.find(module.join([name]), 1) {
            self.note_bypass(&found, 1, false);
        }
    }

    /// True when the star import itself moves, and brings the same name in from its new module.
    fn moves_with_star(&self, importer: Importer, module: &SymbolPath, path: &SymbolPath) -> bool {
        let (new_module, new_path) = (self.declared.moved(module), self.declared.moved(path));
        new_module != *module
            && new_path == new_module.join([path.name()])
            && self.view.graph.star_provides(&new_module, importer, path.name()) != Some(false)
    }

    /// True when another star import beside this one brings the same thing in from where it shall come from.
    fn comes_with_another_star(&self, star: &Import, target: &SymbolPath, name: &str) -> bool {
        let Some(home) = target.parent().filter(|_| target.name() == name) else { return false };
        let beside = self.view.facts.imports.iter().filter(|other| {
            let is_alike = other.scope == star.scope && other.visibility == star.visibility;
            other.form == ImportForm::Star && other.span != star.span && is_alike
        });
        let importer = (self.view.file, star.scope);
        self.view.facts.is_declarative
            && beside.filter_map(|other| self.view.imported_module(other)).any(|module| module == home)
            && self.view.graph.star_provides(&home, importer, name) == Some(true)
    }

    /// The relevant names that this file uses, or hands on, and that only the star can bind.
    fn names_from(&self, star: &Import) -> Vec<Name> {
        let facts = self.view.facts;
        let used = self.view.names_from_star(star).into_iter().map(Name::from);
        let handed_on = self.view.graph.reached_names(self.view.file, star.scope).into_iter();
        let names = &facts.scopes[star.scope as usize].names;
        let handed_on = handed_on.filter(|name| !names.contains_key(name));
        let mut names: Vec<Name> = used.chain(handed_on).filter(|name| self.declared.ends_in(name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
