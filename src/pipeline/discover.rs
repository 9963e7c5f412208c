//! Discover: the symbols that are used by several paths, without any rule.

use super::places::Places;
use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use crate::graph::{CountedPath, CountedSymbol};
use crate::model::{Discovered, DiscoveredPath, FileId, Reason, SymbolPath};
use std::path::PathBuf;
use std::sync::Arc;

/// What was discovered.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The symbols, those with the most uses off the most used path first.
    pub symbols: Vec<Discovered>,
    /// Files looked at.
    pub files: usize,
    /// Files that could not be read, with the reason.
    pub unreadable: Vec<(Arc<str>, String)>,
}

/// Looks at the whole project; only symbols that are defined in `scope` are told (all when empty). At most `limit` of them.
///
/// # Errors
/// When the tree cannot be walked.
pub fn discover(
    settings: &Settings,
    scope: &[PathBuf],
    limit: Option<usize>,
    progress: &dyn Progress,
) -> Result<Discovery, ProjectError> {
    let mut project = Project::open(settings, scope, Purpose::Survey)?;
    let files: Vec<FileId> = (0..project.tree.files.len() as FileId).collect();
    project.read(&files, progress);
    let mut symbols = project.graph.census(&project.declared);
    let is_in_scope = |symbol: &CountedSymbol| {
        symbol.place.as_ref().is_some_and(|place| project.tree.files[place.file as usize].in_scope)
    };
    symbols.retain(is_in_scope);
    symbols.truncate(limit.unwrap_or(usize::MAX));
    let places = Places::read(&mut project, symbols.iter().flat_map(CountedSymbol::files));
    let symbols = symbols.iter().map(|symbol| discovered(symbol, &places)).collect();
    let unreadable = project.unreadable.iter();
    let unreadable = unreadable
        .map(|(file, reason)| (Arc::clone(&project.tree.files[*file as usize].path), reason.clone()))
        .collect();
    Ok(Discovery { symbols, files: files.len(), unreadable })
}

fn discovered(symbol: &CountedSymbol, places: &Places) -> Discovered {
    let (canonical, reason) = proposed(symbol);
    let path = |counted: &CountedPath| {
        let hops = counted.route.iter().filter_map(|hop| {
            let (file, location) = places.locate(hop.file, hop.span)?;
            Some((hop.path.clone(), file, location.start))
        });
        DiscoveredPath { path: counted.path.clone(), uses: counted.uses, hops: hops.collect() }
    };
    let place = symbol.place.as_ref().and_then(|place| places.locate(place.file, place.span));
    Discovered {
        definition: symbol.definition.clone(),
        place: place.map(|(file, location)| (file, location.start)),
        paths: symbol.paths.iter().map(path).collect(),
        canonical,
        reason,
    }
}

/// The path that most code uses already, when it is one that somebody meant to be used; else the definition.
fn proposed(symbol: &CountedSymbol) -> (SymbolPath, Reason) {
    let most_used = &symbol.paths[0].path;
    if symbol.facade.as_ref() == Some(most_used) {
        (most_used.clone(), Reason::MostUsedFacade)
    } else if *most_used == symbol.definition {
        (most_used.clone(), Reason::MostUsedDefinition)
    } else {
        (symbol.definition.clone(), Reason::Definition)
    }
}
