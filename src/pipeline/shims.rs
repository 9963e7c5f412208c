//! Shims: what each is, what still refers to it, and what must be read to know.

use super::places::Places;
use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use crate::graph::{Shim, ShimIndex, task_names};
use crate::model::{
    DATA_STAYS, FileId, Form, Language, LineIndex, Location, Position, ShimReference, ShimStatus, Span,
    SymbolPath,
};
use crate::rule::{Reference, first_line, references, shims as find};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Every shim of a project.
#[derive(Debug, Default)]
pub struct Shims {
    /// The shims, by path.
    pub shims: Vec<ShimStatus>,
    /// Files that could not be read as a whole, with the reason: what they refer to is not known.
    pub unreadable: Vec<(Arc<str>, String)>,
}

/// Finds every shim and everything that refers to one, in all files of the project.
///
/// # Errors
/// When the tree cannot be walked.
pub fn shims(settings: &Settings, progress: &dyn Progress) -> Result<Shims, ProjectError> {
    let mut project = Project::open(settings, &[], Purpose::Survey)?;
    Ok(project.shims(progress))
}

impl Project<'_> {
    /// The same of this project.
    pub(super) fn shims(&mut self, progress: &dyn Progress) -> Shims {
        self.watch_shims();
        let uses = self.read(&self.files_in_scope(), progress);
        let shims = find(&self.rules, &self.declared, &self.graph);
        let references = references(&self.graph, &uses, &shims);
        let files = shims.iter().map(|shim| shim.file);
        let files = files.chain(references.iter().flatten().map(|reference| reference.file));
        let places = Places::read(self, files);
        let told =
            shims.iter().zip(&references).map(|(shim, found)| places.status(self, &shims, shim, found));
        let mut told: Vec<ShimStatus> = told.collect();
        let mut unreadable = self.unread();
        unreadable.extend(self.refer_by_data(&shims, &mut told));
        Shims { shims: told, unreadable }
    }

    /// Adds what refers to shims in files that are not code. Returns those that could not be read.
    fn refer_by_data(&self, shims: &[Shim], told: &mut [ShimStatus]) -> Vec<(Arc<str>, String)> {
        let found = self.search_data(shims.iter().map(|shim| shim.path.clone()), true);
        let index = ShimIndex::new(shims);
        let task_names = task_names(&self.graph);
        for read in &found.read {
            let lines = LineIndex::new(read.source.text());
            for (path, span) in self.data_symbols(read, &task_names) {
                let at = |offset| lines.position(offset, read.source.text());
                for shim in index.on_the_way(&path) {
                    told[shim].references.push(ShimReference {
                        file: Arc::clone(read.source.path()),
                        location: Location { start: at(span.start), end: at(span.end) },
                        form: Form::Data,
                        written: path.to_string(),
                        refusal: Some(DATA_STAYS.to_owned()),
                        shim: None,
                    });
                }
            }
        }
        for shim in told {
            shim.references
                .sort_by(|left, right| (&left.file, left.location).cmp(&(&right.file, right.location)));
        }
        found.unreadable
    }
}

impl Places {
    fn location(&self, file: FileId, span: Span) -> Location {
        let start = Position { row: 1, column: 1 };
        let Some((source, lines)) = self.text(file) else { return Location { start, end: start } };
        let span = if span == Span::default() { first_line(source, lines) } else { span };
        self.locate(file, span).map_or(Location { start, end: start }, |(_, location)| location)
    }

    fn status(&self, project: &Project<'_>, all: &[Shim], shim: &Shim, found: &[Reference]) -> ShimStatus {
        let mut rules: Vec<usize> = shim.parts.iter().map(|part| part.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let rules = || rules.iter().map(|&rule| &project.rules.rules[rule]);
        let dates: Option<Vec<_>> = rules().map(|rule| rule.remove_on).collect();
        let versions: Option<Vec<_>> = rules().map(|rule| rule.removed_in.as_deref()).collect();
        let version = versions.and_then(|versions| {
            let first = *versions.first()?;
            versions.iter().all(|version| *version == first).then(|| first.to_owned())
        });
        let reference = |reference: &Reference| ShimReference {
            file: Arc::clone(&project.tree.files[reference.file as usize].path),
            location: self.location(reference.file, reference.span),
            form: reference.form,
            written: reference.written.to_string(),
            refusal: reference.obstacle.clone(),
            shim: reference.shim.map(|index| all[index].path.to_string()),
        };
        let impurity = |(what, span): &(String, Span)| (what.clone(), self.location(shim.file, *span));
        ShimStatus {
            path: shim.path.clone(),
            is_module: shim.is_module,
            file: Arc::clone(&project.tree.files[shim.file as usize].path),
            location: self.location(shim.file, shim.span),
            rules: rules().map(|rule| rule.id.clone()).collect(),
            remove_on: dates.and_then(|dates| dates.into_iter().max()).map(|date| date.to_string()),
            removed_in: version,
            impurities: shim.impurities.iter().map(impurity).collect(),
            references: found.iter().map(reference).collect(),
        }
    }
}

impl Project<'_> {
    /// Makes the names of modules that may be shims words to look for: whatever such a module is asked for keeps it.
    pub(super) fn watch_shims(&mut self) {
        let modules = self.graph.modules();
        let around: FxHashSet<SymbolPath> =
            modules.all().filter_map(|module| module.name().parent()).collect();
        // A package stays for its modules: only a rule that speaks of it as a whole makes it a shim.
        let may_go = |path: &SymbolPath| {
            let (_, count) = modules.longest(path, None)?;
            let is_whole = count == path.len() || !around.contains(&path.prefix(count));
            is_whole.then(|| (path.language(), path.segments()[count - 1].to_string()))
        };
        let legacy = self.rules.legacy_paths(modules);
        let named: Vec<(Language, String)> = legacy.filter_map(|(_, path)| may_go(&path)).collect();
        for (language, name) in named {
            self.words.entry(language).or_default().insert(name);
        }
    }

    /// True when every file was asked for and could be read.
    pub(super) fn is_complete(&self) -> bool {
        self.tree.files.iter().all(|file| file.in_scope) && self.unread().is_empty()
    }

    /// What could not be read as a whole, with the reason, by path.
    fn unread(&self) -> Vec<(Arc<str>, String)> {
        let path = |file: FileId| Arc::clone(&self.tree.files[file as usize].path);
        let broken = self.graph.files().into_iter().filter_map(|file| {
            let error = self.graph.facts(file)?.errors.first()?;
            Some((path(file), error.message.clone()))
        });
        let mut unread: Vec<_> = self.tree.unreadable.iter().cloned().chain(broken).collect();
        unread.sort();
        unread
    }
}
