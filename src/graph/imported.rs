//! What the imports of a file stand for: found once, asked for often.

use crate::model::{FileFacts, Import, SymbolPath};
use std::sync::OnceLock;

/// What the imports of one file stand for, as far as somebody asked.
///
/// Kept only where it depends on nothing but the modules of the graph, which stay as they are: in languages where an
/// import cannot begin with a name that another one binds.
#[derive(Debug)]
pub(super) struct ImportedPaths(Box<[ImportedPath]>);

#[derive(Debug, Default)]
struct ImportedPath {
    module: OnceLock<Option<SymbolPath>>,
    whole: OnceLock<Option<SymbolPath>>,
}

/// Which part of the path that an import writes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// Without the name that is taken from the module.
    Module,
    /// All of it.
    Whole,
}

impl ImportedPaths {
    pub(super) fn of(facts: &FileFacts) -> Self {
        let count = if facts.is_declarative { 0 } else { facts.imports.len() };
        Self(std::iter::repeat_with(ImportedPath::default).take(count).collect())
    }

    /// What `import`, one of `facts`, stands for; `find` is asked the first time only.
    pub(super) fn get(
        &self,
        facts: &FileFacts,
        import: &Import,
        part: Part,
        find: impl FnOnce() -> Option<SymbolPath>,
    ) -> Option<SymbolPath> {
        let place = facts.imports.element_offset(import).and_then(|place| self.0.get(place));
        let known = place.map(|place| match part {
            Part::Module => &place.module,
            Part::Whole => &place.whole,
        });
        match known {
            Some(known) => known.get_or_init(find).clone(),
            None => find(),
        }
    }
}
