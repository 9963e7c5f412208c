//! A project while it is looked at: the tree, the rules, and the facts of every file that can matter.

use super::layouts::{Layouts, layouts};
use super::memory::Memory;
use super::usage_search::{Brought, UsageSearch, UsageTree};
use super::usages::UsageRule;
use super::words::Words;
use crate::graph::{DeclaredPaths, FileUses, ModuleId, Standing, SymbolGraph, uses};
use crate::language::{front_end, languages};
use crate::model::{Edition, FileId, FilePlan, Language, Plan, SourceFile, SymbolPath};
use crate::rule::{RuleSet, stale_rules};
use crate::source::{Overlay, Tree, Walk, WalkError, read, walk};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What a project is made of.
#[derive(Debug, Default)]
pub struct Settings {
    /// The project root, absolute.
    pub root: PathBuf,
    /// Globs of files to leave out.
    pub exclude: Vec<String>,
    /// True when what is left out stays out although it is asked for by name.
    pub force_exclude: bool,
    /// Texts in place of those on the disk.
    pub overlays: Vec<Overlay>,
    /// Files that declare rules and hold nothing else, absolute.
    pub declaring: Vec<PathBuf>,
    /// Folders where top-level Python packages lie; found when not given.
    pub python_roots: Option<Vec<String>>,
    /// The rules.
    pub rules: RuleSet,
    /// The patterns of those of them that are usages, in their order.
    pub usages: Vec<UsageRule>,
    /// The present day, in UTC.
    pub today: jiff::civil::Date,
}

impl Settings {
    /// What is walked when `scope` is asked for.
    pub fn walk<'a>(&'a self, scope: &'a [PathBuf]) -> Walk<'a> {
        let Self { root, exclude, force_exclude, overlays, declaring, .. } = self;
        let wants_data = self.rules.speaks_of(Language::Python);
        Walk { root, exclude, scope, force_exclude: *force_exclude, overlays, wants_data, declaring }
    }
}

/// Why a project cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The tree cannot be walked.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// Whoever asked for the work wants it no more.
    #[error("stopped on request")]
    Stopped,
}

/// Told how the work goes on; the client decides what to show.
pub trait Progress: Sync {
    /// So many files are to be looked at now.
    fn start(&self, files: usize);
    /// So many more are done.
    fn advance(&self, files: usize);
    /// False when nobody waits for the outcome any more. A long plan is then given up; other work goes on to its end.
    fn goes_on(&self) -> bool {
        true
    }
}

/// A project with everything read that its rules need.
pub struct Project<'settings> {
    /// What it is made of.
    pub settings: &'settings Settings,
    /// Its files.
    pub tree: Tree,
    /// The rules of the settings, and those that the code itself declares.
    pub rules: Cow<'settings, RuleSet>,
    /// What the rules declare, in the spelling of the project's modules.
    pub declared: DeclaredPaths,
    /// The facts.
    pub graph: SymbolGraph,
    pub(super) sources: FxHashMap<FileId, Arc<SourceFile>>,
    /// Files that could not be read, with the reason.
    pub unreadable: BTreeMap<FileId, String>,
    editions: FxHashMap<FileId, Edition>,
    /// Files that no target of any package reaches.
    pub unreached: Vec<FileId>,
    pub(super) words: FxHashMap<Language, Words>,
    pub(super) purpose: Purpose,
    pub(super) watches_imports: bool,
    /// Which files may hold what a pattern describes, when that is asked for.
    pub(super) usage_search: Option<UsageSearch>,
    /// Which packages from outside imports bring in, as far as patterns begin with them.
    pub(super) brought: Brought,
    pub(super) packages: FxHashSet<String>,
    pub(super) knows_packages: bool,
    /// The syntax of those that may.
    pub(super) usage_trees: FxHashMap<FileId, Arc<UsageTree>>,
    /// Whether definitions are compared with each other.
    pub compares: bool,
    /// Paths that every file has been searched for, though only some were asked for.
    pub(super) asked_of_all: FxHashSet<SymbolPath>,
    pub(super) watches_suppressions: bool,
    /// Facts of other trees with the same files.
    pub(super) memory: Option<&'settings Memory>,
}

/// What the facts are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Findings only.
    Check,
    /// Findings that need the facts of every file.
    Survey,
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
        Ok(Self::of_tree(settings, walk(&settings.walk(scope))?, purpose))
    }

    /// The project that consists of the files of `tree`.
    pub fn of_tree(settings: &'settings Settings, tree: Tree, purpose: Purpose) -> Self {
        let Layouts { modules, editions, unreached } = layouts(settings, &tree);
        let modules = Arc::new(modules);
        let declared = settings.rules.declare(&modules);
        // What rules speak of is there, also where nobody can look: behind a star import from outside.
        let mut presumed = declared.legacy_paths().clone();
        presumed.extend(settings.usages.iter().flat_map(|usage| usage.pattern.paths().cloned()));
        Self {
            settings,
            tree,
            graph: SymbolGraph::new(modules, presumed),
            declared,
            sources: FxHashMap::default(),
            unreadable: BTreeMap::new(),
            editions,
            unreached,
            rules: Cow::Borrowed(&settings.rules),
            words: languages().map(|language| (language, words(&settings.rules, language))).collect(),
            purpose,
            watches_imports: false,
            usage_search: None,
            brought: Brought::default(),
            packages: FxHashSet::default(),
            knows_packages: false,
            usage_trees: FxHashMap::default(),
            compares: false,
            asked_of_all: FxHashSet::default(),
            watches_suppressions: false,
            memory: None,
        }
    }

    /// Takes a plan for carried out that is not on the disk.
    pub(super) fn assume(&mut self, plan: Option<&Plan>) {
        let files = plan.into_iter().flat_map(|plan| &plan.files);
        let files: FxHashMap<&str, &FilePlan> = files.map(|file| (&**file.path(), file)).collect();
        for file in self.tree.all_files() {
            if let Some(plan) = files.get(&*file.path) {
                file.text = Some(plan.after().into());
            }
        }
    }

    /// The files that were asked for.
    pub fn files_in_scope(&self) -> Vec<FileId> {
        (0..self.tree.files.len() as FileId).filter(|&id| self.tree.files[id as usize].in_scope).collect()
    }

    /// The text of a file whose facts are known and whose text was kept.
    pub fn source(&self, file: FileId) -> Option<&Arc<SourceFile>> {
        self.sources.get(&file)
    }

    /// Reads the texts of files anew that were not kept: most of them show nothing to report.
    pub fn keep_sources(&mut self, files: &[FileId]) {
        let missing: Vec<FileId> =
            files.iter().copied().filter(|file| !self.sources.contains_key(file)).collect();
        for (file, source) in read(&self.tree, &missing) {
            if let Ok(source) = source {
                self.sources.insert(file, Arc::new(source));
            }
        }
    }

    /// Reads `files` whatever they hold, and nothing else.
    pub(super) fn read_these(&mut self, files: &[FileId]) {
        let found = read(&self.tree, files);
        self.take(found);
    }

    /// Reads those of `files` that can matter, and every other file that these need for an answer; then says what each
    /// file writes of the declared paths.
    pub fn read(&mut self, files: &[FileId], progress: &dyn Progress) -> Vec<(FileId, FileUses)> {
        let has_policies = !self.rules.policies.is_empty();
        if self.purpose == Purpose::Survey && !has_policies {
            return self.read_whole(files, progress);
        }
        if has_policies && self.purpose != Purpose::Fix {
            self.read_all(Some(progress)); // No need to look for words first.
            self.read_usages_handed_on(files, files.to_vec());
        } else {
            self.search(files, progress);
        }
        self.learn_deprecated(files);
        self.read_homes();
        self.read_legacy_folders(files);
        if has_policies {
            self.read_all(None);
        }
        self.settle(self.graph.files())
    }

    /// Reads everything. Only files that a check would read are asked first what they write of the declared paths.
    fn read_whole(&mut self, files: &[FileId], progress: &dyn Progress) -> Vec<(FileId, FileUses)> {
        let mut matter: BTreeSet<FileId> = self.read_all(Some(progress)).into_iter().collect();
        if self.read_usages_handed_on(files, files.to_vec()) {
            matter.extend(self.usage_trees.keys());
        }
        let count = self.rules.rules.len();
        self.learn_deprecated(files);
        if self.rules.rules.len() > count {
            return self.settle(self.graph.files());
        }
        matter.extend(self.homes());
        matter.extend(self.legacy_folders(files));
        self.settle(matter.into_iter().collect())
    }

    pub(super) fn language(&self, file: FileId) -> Language {
        self.tree.files[file as usize].language
    }

    /// A file inside a legacy package writes legacy paths without any word of them: by relative imports.
    fn read_legacy_folders(&mut self, files: &[FileId]) {
        let mut inside = self.legacy_folders(files);
        inside.retain(|&file| self.graph.facts(file).is_none());
        self.read_these(&inside);
    }

    /// Those of `files` that lie inside a legacy package.
    fn legacy_folders(&self, files: &[FileId]) -> Vec<FileId> {
        let modules = self.graph.modules();
        let lies_inside = |file: FileId| {
            let name = modules.module(modules.of_file(file)?).name();
            let (count, declared) = self.declared.longest(name)?;
            (matches!(declared.standing, Standing::Legacy(_)) && count < name.len()).then_some(file)
        };
        files.iter().filter_map(|&file| lies_inside(file)).collect()
    }

    /// Reads further files that hold one of `words`. True when there was a word that had not been looked for yet.
    pub fn read_more(&mut self, words: &BTreeSet<String>) -> bool {
        let files: Vec<FileId> = (0..self.tree.files.len() as FileId).collect();
        let mut grown = false;
        for language in languages() {
            grown |= self.scan_for(language, words, &files);
        }
        if grown {
            self.settle(self.graph.files());
        }
        grown
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
        !self.read_demanded_files().is_empty()
    }

    fn read_demanded_files(&mut self) -> Vec<FileId> {
        let mut demanded = self.graph.take_demanded_files();
        demanded.retain(|&file| self.graph.facts(file).is_none());
        self.read_these(&demanded);
        demanded
    }

    /// The modules that rules speak of are asked about in any case.
    pub(super) fn read_homes(&mut self) {
        let mut homes = self.homes();
        homes.retain(|&file| self.graph.facts(file).is_none());
        self.read_these(&homes);
    }

    /// The files of the modules that rules speak of, sorted.
    fn homes(&self) -> Vec<FileId> {
        let modules = self.graph.modules();
        let declared = self.rules.rules.iter();
        let paths =
            declared.flat_map(|rule| rule.moves.iter().map(|(from, _)| from).chain([&rule.canonical]));
        let homes = paths.filter_map(|path| modules.module(modules.longest(path, None)?.0).file);
        homes.collect::<BTreeSet<FileId>>().into_iter().collect()
    }

    /// Asks `files`, and then every file again, until no answer needs a further file and no further way to a symbol is found.
    fn settle(&mut self, mut files: Vec<FileId>) -> Vec<(FileId, FileUses)> {
        loop {
            let answers = self.ask_all(files);
            if !self.declare_found(&answers) {
                return answers;
            }
            files = self.graph.files();
        }
    }

    fn ask_all(&mut self, mut open: Vec<FileId>) -> Vec<(FileId, FileUses)> {
        let mut answers: BTreeMap<FileId, FileUses> = BTreeMap::new();
        while !open.is_empty() {
            let ask = |&file: &FileId| {
                let (found, is_complete) =
                    SymbolGraph::is_answered(|| uses(&self.graph, &self.declared, file));
                (file, found, is_complete)
            };
            let found: Vec<(FileId, FileUses, bool)> = open.par_iter().map(ask).collect();
            stale_rules(&self.rules, &self.graph);
            let mut next: BTreeSet<FileId> = self.graph.take_grown().into_iter().collect();
            next.retain(|&file| self.graph.facts(file).is_some());
            let new = self.read_demanded_files();
            if !new.is_empty() {
                // Where facts were missing the answer may be another one now.
                next.extend(found.iter().filter(|(_, _, is_complete)| !is_complete).map(|asked| asked.0));
            }
            next.extend(new);
            answers.extend(found.into_iter().map(|(file, found, _)| (file, found)));
            open = next.into_iter().collect();
        }
        answers.into_iter().collect()
    }

    /// The dialect of a file.
    pub fn edition(&self, file: FileId) -> Edition {
        self.editions.get(&file).copied().unwrap_or_default()
    }
}

/// The words that make a file of `language` relevant.
fn words(rules: &RuleSet, language: Language) -> Words {
    let always = front_end(language).words().iter().copied();
    rules.words(language).chain(always).map(str::to_owned).collect()
}
