//! Where spans lie in rows and columns, for the files that are asked about.

use super::project::Project;
use crate::model::{FileId, LineIndex, Location, SourceFile, Span};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The texts of some files, and where their lines begin.
pub(super) struct Places(FxHashMap<FileId, (Arc<SourceFile>, LineIndex)>);

impl Places {
    /// Reads what is not there yet of `files`.
    pub fn read(project: &mut Project<'_>, files: impl IntoIterator<Item = FileId>) -> Self {
        let files: Vec<FileId> = files.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        project.keep_sources(&files);
        let text = |&file: &FileId| {
            let source = project.source(file)?;
            Some((file, (Arc::clone(source), LineIndex::new(source.text()))))
        };
        Self(files.iter().filter_map(text).collect())
    }

    /// A file's text, and where its lines begin; `None` when it cannot be read.
    pub fn text(&self, file: FileId) -> Option<(&Arc<SourceFile>, &LineIndex)> {
        self.0.get(&file).map(|(source, lines)| (source, lines))
    }

    /// The path of a file, and where `span` lies in it.
    pub fn locate(&self, file: FileId, span: Span) -> Option<(Arc<str>, Location)> {
        let (source, lines) = self.text(file)?;
        let at = |offset| lines.position(offset, source.text());
        Some((Arc::clone(source.path()), Location { start: at(span.start), end: at(span.end) }))
    }
}
