//! What has to go so that a shim is gone: files, and items in others.

use super::Round;
use crate::language::{Surroundings, front_end};
use crate::model::{
    FileChanges, FileFacts, FileId, FilePlan, ImportId, ItemChange, Language, SourceFile, Span, SymbolPath,
};
use crate::source::{decode, read_one};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a shim stays.
pub(super) type Reason = String;

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

    pub fn delete(&mut self, file: Option<FileId>) {
        self.deleted.extend(file);
    }

    pub fn take(&mut self, file: FileId, name: Span, rule: &str) {
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
            (Language::Python, false) => self.python_item(&shim.path, rule, &mut parts)?,
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

    pub(super) fn path(&self, file: FileId) -> &Arc<str> {
        &self.project.tree.files[file as usize].path
    }

    pub(super) fn find(&self, path: &str) -> Option<FileId> {
        let files = &self.project.tree.files;
        files.binary_search_by(|file| (*file.path).cmp(path)).ok().map(|id| id as FileId)
    }

    /// The text of a file that can be edited.
    pub(super) fn text(&self, file: FileId) -> Option<SourceFile> {
        read_one(&self.project.tree, file).ok().filter(|source| !source.is_masked())
    }

    /// The plans for `parts`.
    pub(super) fn files(&self, parts: &Parts) -> Result<Vec<FilePlan>, Reason> {
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
        let after = decode(source.path(), source.language(), plan.after())?;
        let left = front_end.lower(&after, edition, None);
        if let Some(error) = left.errors.first() {
            return Err(format!("`{}` would not parse without it: {}", source.path(), error.message));
        }
        if !facts.is_declarative {
            self.goes_on_loading(file, &facts, &left)?;
        }
        Ok(plan)
    }
}

/// The import that binds the name at `span`.
fn import_at(facts: &FileFacts, span: Span) -> Option<ImportId> {
    let binds = |import: &crate::model::Import| {
        import.binding.is_some_and(|binding| facts.bindings[binding as usize].span == span)
    };
    facts.imports.iter().position(binds).map(|id| id as ImportId)
}
