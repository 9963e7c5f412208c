//! A project while it is looked at: the tree, the rules, and the facts of every file that can matter.

use crate::graph::{DeclaredPaths, FileUses, ModuleId, ModuleIndex, Standing, SymbolGraph, uses};
use crate::language::{Folder, front_end, languages};
use crate::model::{Edition, FileFacts, FileId, Language, SourceFile, SymbolPath};
use crate::rule::{RuleSet, stale_rules};
use crate::source::{Matters, Prefilter, Scanned, Tree, TreeFile, WalkError, read, scan, walk};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What a project is made of.
#[derive(Debug, Default)]
pub struct Settings {
    /// The project root, absolute.
    pub root: PathBuf,
    /// Globs of files to leave out.
    pub exclude: Vec<String>,
    /// Folders where top-level Python packages lie; found when not given.
    pub python_roots: Option<Vec<String>>,
    /// The rules.
    pub rules: RuleSet,
}

/// Why a project cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The tree cannot be walked.
    #[error(transparent)]
    Walk(#[from] WalkError),
}

/// Told how the work goes on; the client decides what to show.
pub trait Progress: Sync {
    /// So many files are to be looked at now.
    fn start(&self, files: usize);
    /// So many more are done.
    fn advance(&self, files: usize);
}

/// A project with everything read that its rules need.
pub struct Project<'settings> {
    /// What it is made of.
    pub settings: &'settings Settings,
    /// Its files.
    pub tree: Tree,
    /// What the rules declare, in the spelling of the project's modules.
    pub declared: DeclaredPaths,
    /// The facts.
    pub graph: SymbolGraph,
    sources: FxHashMap<FileId, Arc<SourceFile>>,
    /// Files that could not be read, with the reason.
    pub unreadable: Vec<(FileId, String)>,
    editions: FxHashMap<FileId, Edition>,
    /// Files that no target of any package reaches.
    pub unreached: Vec<FileId>,
    words: BTreeSet<String>,
    purpose: Purpose,
}

/// What the facts are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Findings only.
    Check,
    /// Edits too: every use of a name is needed.
    Fix,
}

impl<'settings> Project<'settings> {
    /// Walks the tree. `scope` are the paths asked for; all of the tree when empty.
    ///
    /// # Errors
    /// When a path does not exist or lies outside the root, or an exclusion is malformed.
    pub fn open(
        settings: &'settings Settings,
        scope: &[PathBuf],
        purpose: Purpose,
    ) -> Result<Self, ProjectError> {
        let tree = walk(&settings.root, &settings.exclude, scope)?;
        let Layouts { modules, editions, unreached } = layouts(settings, &tree);
        let modules = Arc::new(modules);
        let declared = settings.rules.declare(&modules);
        Ok(Self {
            settings,
            tree,
            declared,
            graph: SymbolGraph::new(modules),
            sources: FxHashMap::default(),
            unreadable: Vec::new(),
            editions,
            unreached,
            words: settings.rules.words().map(str::to_owned).collect(),
            purpose,
        })
    }

    /// The files that were asked for.
    pub fn files_in_scope(&self) -> Vec<FileId> {
        (0..self.tree.files.len() as FileId).filter(|&id| self.tree.files[id as usize].in_scope).collect()
    }

    /// The text of a file whose facts are known.
    pub fn source(&self, file: FileId) -> Option<&Arc<SourceFile>> {
        self.sources.get(&file)
    }

    /// Reads those of `files` that can matter, and every other file that these need for an answer; then says what each
    /// file writes of the declared paths.
    pub fn read(&mut self, files: &[FileId], progress: &dyn Progress) -> Vec<(FileId, FileUses)> {
        progress.start(files.len());
        let filter = Prefilter::new(self.words.iter().map(String::as_str));
        for part in files.chunks(files.len().div_ceil(16).max(256)) {
            let found = scan(&self.tree, part, &filter, &glance);
            self.take(found);
            progress.advance(part.len());
        }
        self.read_homes();
        self.read_legacy_folders(files);
        self.settle()
    }

    /// A file inside a legacy package writes legacy paths without any word of them: by relative imports.
    fn read_legacy_folders(&mut self, files: &[FileId]) {
        let modules = self.graph.modules();
        let lies_inside = |file: FileId| {
            let name = modules.module(modules.of_file(file)?).name();
            let (count, declared) = self.declared.longest(name)?;
            (matches!(declared.standing, Standing::Legacy(_)) && count < name.len()).then_some(file)
        };
        let unknown = files.iter().filter(|file| self.graph.facts(**file).is_none());
        let inside: Vec<FileId> = unknown.filter_map(|&file| lies_inside(file)).collect();
        let found = read(&self.tree, &inside);
        self.take(found);
    }

    /// Reads further files that hold one of `words`. True when there was a word that had not been looked for yet.
    pub fn read_more(&mut self, words: &BTreeSet<String>) -> bool {
        let new: BTreeSet<String> = words.difference(&self.words).cloned().collect();
        if new.is_empty() {
            return false;
        }
        let filter = Prefilter::new(new.iter().map(String::as_str));
        let unknown = |id: &FileId| self.graph.facts(*id).is_none();
        let rest: Vec<FileId> = (0..self.tree.files.len() as FileId).filter(unknown).collect();
        let found = scan(&self.tree, &rest, &filter, &glance);
        self.take(found);
        self.words.extend(new);
        self.settle();
        true
    }

    /// Reads every module that runs when one of `modules` is imported.
    pub fn read_loaded_by(&mut self, modules: &[ModuleId]) {
        loop {
            for &module in modules {
                self.graph.loaded_by(module);
            }
            if !self.read_demanded() {
                return;
            }
        }
    }

    /// Reads the files that resolution has asked for. True when there was one that was not known yet.
    pub fn read_demanded(&mut self) -> bool {
        let mut demanded = self.graph.take_demanded_files();
        demanded.retain(|&file| self.graph.facts(file).is_none());
        let found = read(&self.tree, &demanded);
        self.take(found);
        !demanded.is_empty()
    }

    /// The modules that rules speak of are asked about in any case.
    fn read_homes(&mut self) {
        let modules = self.graph.modules();
        let declared = self.settings.rules.rules.iter();
        let paths =
            declared.flat_map(|rule| rule.moves.iter().map(|(from, _)| from).chain([&rule.canonical]));
        let homes = paths.filter_map(|path| modules.module(modules.longest(path.segments(), None)?.0).file);
        let mut homes: Vec<FileId> = homes.filter(|&file| self.graph.facts(file).is_none()).collect();
        homes.sort_unstable();
        homes.dedup();
        let found = read(&self.tree, &homes);
        self.take(found);
    }

    /// Asks every file again until no answer needs a further file.
    fn settle(&mut self) -> Vec<(FileId, FileUses)> {
        loop {
            let files = self.graph.files();
            let ask = |&file: &FileId| (file, uses(&self.graph, &self.declared, file));
            let answers: Vec<(FileId, FileUses)> = files.par_iter().map(ask).collect();
            stale_rules(&self.settings.rules, &self.graph);
            if !(self.read_demanded() | self.graph.take_grown()) {
                return answers;
            }
        }
    }

    /// The dialect of a file.
    pub fn edition(&self, file: FileId) -> Edition {
        self.editions.get(&file).copied().unwrap_or_default()
    }

    fn take(&mut self, found: Vec<Scanned>) {
        let purpose = self.purpose;
        let editions = &self.editions;
        let edition = |file: FileId| editions.get(&file).copied().unwrap_or_default();
        let lowered: Vec<(FileId, Lowered)> = found
            .into_par_iter()
            .map(|(id, source)| {
                let lowered = source.map(|source| {
                    let mut facts = front_end(source.language()).lower(&source, edition(id));
                    if purpose == Purpose::Check {
                        facts.forget_local_uses();
                    }
                    (Arc::new(source), facts)
                });
                (id, lowered)
            })
            .collect();
        for (id, result) in lowered {
            let facts = match result {
                Ok((source, facts)) => {
                    self.sources.insert(id, source);
                    facts
                }
                Err(reason) => {
                    self.unreadable.push((id, reason.clone()));
                    FileFacts::unreadable(reason)
                }
            };
            self.graph.insert(id, Arc::new(facts));
        }
    }
}

/// Where in a file a word counts.
fn glance<'file>(language: Language, bytes: &'file [u8]) -> Box<Matters<'file>> {
    front_end(language).glance(bytes)
}

/// A file's text and facts, or why it could not be read.
type Lowered = Result<(Arc<SourceFile>, FileFacts), String>;

/// The modules of all languages.
struct Layouts {
    modules: ModuleIndex,
    editions: FxHashMap<FileId, Edition>,
    unreached: Vec<FileId>,
}

fn layouts(settings: &Settings, tree: &Tree) -> Layouts {
    let declared = settings.rules.rules.iter();
    let hints: Vec<SymbolPath> = declared
        .flat_map(|rule| rule.moves.iter().map(|(from, _)| from.clone()).chain([rule.canonical.clone()]))
        .collect();
    let manifests: Vec<&str> = tree.manifests.iter().map(|path| &**path).collect();
    let read = |path: &str| std::fs::read_to_string(settings.root.join(path)).ok();
    let (mut modules, mut editions, mut unreached) = (Vec::new(), FxHashMap::default(), Vec::new());
    for language in languages() {
        let of_language = |(_, file): &(usize, &TreeFile)| file.language == language;
        let files = tree.files.iter().enumerate().filter(of_language);
        let files: Vec<(FileId, &str)> = files.map(|(id, file)| (id as FileId, &*file.path)).collect();
        let roots = settings.python_roots.as_deref();
        let folder = Folder { files: &files, manifests: &manifests, read: &read, roots, hints: &hints };
        let layout = front_end(language).layout(&folder);
        modules.extend(layout.modules);
        editions.extend(layout.editions);
        unreached.extend(layout.unreached);
    }
    let files = tree.files.iter().map(|file| (Arc::clone(&file.path), file.language)).collect();
    Layouts { modules: ModuleIndex::new(modules, files), editions, unreached }
}
