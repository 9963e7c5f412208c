//! What has to go so that a shim is gone: files, and items in others.

use super::Round;
use crate::graph::Body;
use crate::language::{Surroundings, front_end};
use crate::model::{
    BindingId, BindingKind, FileChanges, FileFacts, FileId, FilePlan, ImportId, ItemChange, Language, Module,
    ModuleName, SourceFile, Span, SymbolPath,
};
use crate::source::read_one;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a shim stays.
type Reason = String;

/// All that goes in one round.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The shims, as indices into those found.
    pub shims: Vec<usize>,
    /// Files that go as a whole.
    deleted: BTreeSet<FileId>,
    /// Names whose imports and items go, with the rule that wants it, by file.
    taken: BTreeMap<FileId, BTreeMap<Span, String>>,
}

impl Parts {
    pub fn extend(&mut self, other: Self) {
        self.shims.extend(other.shims);
        self.deleted.extend(other.deleted);
        for (file, names) in other.taken {
            self.taken.entry(file).or_default().extend(names);
        }
    }

    fn take(&mut self, file: FileId, name: Span, rule: &str) {
        self.taken.entry(file).or_default().insert(name, rule.to_owned());
    }
}

impl Round<'_> {
    /// What must go for one shim.
    pub(super) fn parts_of(&self, index: usize) -> Result<Parts, Reason> {
        let shim = &self.found.shims[index];
        let mut parts = Parts { shims: vec![index], ..Parts::default() };
        let rule = shim.rules.first().map_or("", String::as_str);
        match (shim.path.language(), shim.is_module) {
            (Language::Python, true) => self.python_module(&shim.file, &mut parts)?,
            (Language::Python, false) => {
                return Err("it is one name of a module that holds more: delete it by hand".into());
            }
            (Language::Rust, true) => self.rust_module(&shim.path, rule, &mut parts)?,
            (Language::Rust, false) => self.rust_item(&shim.path, rule, &mut parts)?,
        }
        let files = parts.taken.keys().chain(&parts.deleted);
        match files.map(|&file| self.path(file)).find(|path| !self.may_change(path)) {
            Some(path) => Err(format!("`{path}` has to change with it, and was not asked for")),
            None => Ok(parts),
        }
    }

    fn may_change(&self, path: &Arc<str>) -> bool {
        self.scope.contains(path) && self.request.among.is_none_or(|among| among(path))
    }

    fn path(&self, file: FileId) -> &Arc<str> {
        &self.project.tree.files[file as usize].path
    }

    fn find(&self, path: &str) -> Option<FileId> {
        let files = &self.project.tree.files;
        files.binary_search_by(|file| (*file.path).cmp(path)).ok().map(|id| id as FileId)
    }

    /// A stub goes with what it describes.
    fn python_module(&self, path: &str, parts: &mut Parts) -> Result<(), Reason> {
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
        parts.deleted.extend(self.find(path));
        let Some(stub) = self.find(&stub) else { return Ok(()) };
        let only_hands_on = self.project.graph.facts(stub).is_some_and(|facts| facts.only_imports());
        if !only_hands_on {
            return Err("the stub beside it describes more: delete both by hand".into());
        }
        parts.deleted.insert(stub);
        Ok(())
    }

    /// A module goes with what declares it.
    fn rust_module(&self, path: &SymbolPath, rule: &str, parts: &mut Parts) -> Result<(), Reason> {
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
        parts.deleted.extend(whole.and_then(|module| module.file));
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
    fn rust_item(&self, path: &SymbolPath, rule: &str, parts: &mut Parts) -> Result<(), Reason> {
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

    /// The text of a file that can be edited.
    fn text(&self, file: FileId) -> Option<SourceFile> {
        read_one(&self.project.tree, file).ok().filter(|source| !source.is_masked())
    }

    /// The plans for `parts`, none of which fails alone; empty when they fail together.
    pub(super) fn files(&self, parts: &Parts) -> Vec<FilePlan> {
        self.try_files(parts).unwrap_or_default()
    }

    pub(super) fn try_files(&self, parts: &Parts) -> Result<Vec<FilePlan>, Reason> {
        let unread = |file: FileId| format!("`{}` could not be read as UTF-8", self.path(file));
        let mut files = Vec::new();
        for &file in &parts.deleted {
            let source = read_one(&self.project.tree, file).map_err(|_| unread(file))?;
            files.push(FilePlan::removal(Arc::clone(self.path(file)), source.bytes()));
        }
        for (&file, names) in parts.taken.iter().filter(|(file, _)| !parts.deleted.contains(file)) {
            let source = self.text(file).ok_or_else(|| unread(file))?;
            files.push(self.without(file, &source, names)?);
        }
        Ok(files)
    }

    /// A file without the imports and items of these names.
    fn without(
        &self,
        file: FileId,
        source: &SourceFile,
        names: &BTreeMap<Span, String>,
    ) -> Result<FilePlan, Reason> {
        let front_end = front_end(source.language());
        let edition = self.project.edition(file);
        let facts = front_end.lower(source, edition, None);
        let spell = |path: &SymbolPath| self.project.graph.modules().spelled_in(path, file);
        let surroundings = Surroundings { package: None, edition, spell: &spell };
        let mut changes = FileChanges::default();
        let mut items = BTreeMap::new();
        for (&span, rule) in names {
            match import_at(&facts, span) {
                Some(id) => drop(changes.items.insert(id, ItemChange::Remove { rule: rule.clone() })),
                None => drop(items.insert(span, rule.clone())),
            }
        }
        let told = |error: crate::language::LanguageError| error.to_string();
        let mut edits = front_end.edits(source, &facts, &surroundings, &changes).map_err(told)?;
        edits.extend(front_end.without_items(source, &items).map_err(told)?);
        let plan = FilePlan::compose(Arc::clone(source.path()), source.bytes(), source.text(), edits)
            .map_err(|error| error.to_string())?;
        let after = String::from_utf8_lossy(plan.after()).into_owned();
        let after = SourceFile::new(Arc::clone(source.path()), source.language(), after);
        match front_end.lower(&after, edition, None).errors.first() {
            Some(error) => Err(format!("`{}` would not parse without it: {}", source.path(), error.message)),
            None => Ok(plan),
        }
    }
}

/// The only thing that declares the module `name` here.
fn declaration(body: Body<'_>, name: &str) -> Option<BindingId> {
    let is_module = |id: &BindingId| matches!(body.view.binding(*id).kind, BindingKind::Module(_));
    let mut declared = body.bindings(name).iter().copied().filter(is_module);
    declared.next().filter(|_| declared.next().is_none())
}

/// The import that binds the name at `span`.
fn import_at(facts: &FileFacts, span: Span) -> Option<ImportId> {
    let binds = |import: &crate::model::Import| {
        import.binding.is_some_and(|binding| facts.bindings[binding as usize].span == span)
    };
    facts.imports.iter().position(binds).map(|id| id as ImportId)
}
