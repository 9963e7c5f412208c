//! Which shims can be deleted now: one may be all that refers to the next.

use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use super::shims::Shims;
use crate::model::{FileId, FilePlan, Language, Plan, Refusal, ShimStatus};
use crate::source::{read_one, walk};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Which shims to delete.
#[derive(Clone, Copy)]
pub struct RemovalRequest<'a> {
    /// The project.
    pub settings: &'a Settings,
    /// Only shims in these paths; all when empty.
    pub scope: &'a [PathBuf],
    /// Only shims of these rules; of all when empty.
    pub rules: &'a [String],
    /// Counts as carried out, though it is not on the disk.
    pub assumed: Option<&'a Plan>,
}

/// Plans to delete every shim that nothing refers to and that does nothing else. The refusals say why the others stay. As long
/// as a file cannot be read, nobody knows what it refers to, and all stay.
///
/// # Errors
/// When the tree cannot be walked.
pub fn removal(request: &RemovalRequest<'_>, progress: &dyn Progress) -> Result<Plan, ProjectError> {
    let mut going: BTreeMap<Arc<str>, FilePlan> = BTreeMap::new();
    let mut mended = 0;
    loop {
        let mut round = Round::look(request, &going, progress)?;
        let unreadable = std::mem::take(&mut round.found.unreadable);
        let more = if unreadable.is_empty() { round.can_go() } else { Vec::new() };
        if more.is_empty() {
            let (refusals, files) = (round.refusals(), going.into_values().collect());
            return Ok(Plan { files, refusals, unreadable, mended, ..Plan::default() });
        }
        mended += more.len();
        going.extend(more.into_iter().flatten().map(|file| (Arc::clone(file.path()), file)));
    }
}

/// The project without the shims that go.
struct Round<'run> {
    request: &'run RemovalRequest<'run>,
    project: Project<'run>,
    /// The files that were asked for.
    scope: BTreeSet<Arc<str>>,
    found: Shims,
}

impl<'run> Round<'run> {
    fn look(
        request: &'run RemovalRequest<'run>,
        going: &BTreeMap<Arc<str>, FilePlan>,
        progress: &dyn Progress,
    ) -> Result<Self, ProjectError> {
        let settings = request.settings;
        let mut tree = walk(&settings.walk(request.scope))?;
        tree.files.retain(|file| !going.contains_key(&file.path));
        let asked = tree.files.iter().filter(|file| file.in_scope);
        let scope = asked.map(|file| Arc::clone(&file.path)).collect();
        // Whatever refers to a shim counts.
        tree.files.iter_mut().for_each(|file| file.in_scope = true);
        let mut project = Project::of_tree(settings, tree, Purpose::Survey);
        project.assume(request.assumed);
        let found = project.shims(progress);
        Ok(Self { request, project, scope, found })
    }

    /// The shims that were asked for.
    fn asked(&self) -> impl Iterator<Item = &ShimStatus> {
        let rules = self.request.rules;
        let is_of_rule = move |id: &String| rules.is_empty() || rules.contains(id);
        let shims = self.found.shims.iter();
        shims.filter(move |shim| self.scope.contains(&shim.file) && shim.rules.iter().all(is_of_rule))
    }

    /// The files of each shim that can go: a stub goes with what it describes.
    fn can_go(&self) -> Vec<Vec<FilePlan>> {
        let going = self.asked().filter(|shim| self.obstacle(shim).is_none());
        let files = going.map(|shim| [Arc::clone(&shim.file), stub_of(&shim.file)]);
        files.map(|files| files.iter().filter_map(|file| self.plan(file)).collect()).collect()
    }

    fn find(&self, path: &str) -> Option<usize> {
        self.project.tree.files.iter().position(|file| *file.path == *path)
    }

    fn plan(&self, path: &Arc<str>) -> Option<FilePlan> {
        let file = self.find(path)?;
        let source = read_one(&self.project.tree, file as u32).ok()?;
        Some(FilePlan::removal(Arc::clone(path), source.bytes()))
    }

    fn refusals(&self) -> Vec<Refusal> {
        let unknown = || "not every file could be read".to_owned();
        let kept = self.asked().map(|shim| Refusal {
            file: Arc::clone(&shim.file),
            location: shim.location,
            rule: shim.rules.first().cloned(),
            written: shim.path.clone(),
            reason: self.obstacle(shim).unwrap_or_else(unknown),
        });
        kept.collect()
    }

    /// Why a shim stays.
    fn obstacle(&self, shim: &ShimStatus) -> Option<String> {
        match (&*shim.impurities, shim.references.len()) {
            ([], 0) => {}
            ([], 1) => return Some("1 place refers to it".to_owned()),
            ([], count) => return Some(format!("{count} places refer to it")),
            ([(what, _), ..], _) => return Some(format!("it does more than hand on: it {what}")),
        }
        self.later(shim).or_else(|| self.by_hand(shim))
    }

    /// What a rule still waits for.
    fn later(&self, shim: &ShimStatus) -> Option<String> {
        let rules = shim.rules.iter().filter_map(|id| self.project.rules.rule(id));
        let today = self.request.settings.today;
        rules.into_iter().find_map(|rule| match (rule.remove_on, &rule.removed_in) {
            (Some(date), _) if date > today => Some(format!("its rule keeps it until {date}")),
            (None, Some(version)) if rule.reached.is_none() => {
                Some(format!("its rule keeps it until version {version}"))
            }
            _ => None,
        })
    }

    /// Why it takes more than deleting one file.
    fn by_hand(&self, shim: &ShimStatus) -> Option<String> {
        let files = &self.project.tree.files;
        let file = files.iter().find(|file| file.path == shim.file)?;
        if !shim.is_module {
            return Some("it is one name of a module that holds more: delete it by hand".to_owned());
        }
        if file.language == Language::Rust {
            return Some("the module is declared in another file too: delete both by hand".to_owned());
        }
        let (folder, name) = shim.file.rsplit_once('/').unwrap_or(("", &shim.file));
        let is_inside = |path: &str| {
            path != &*shim.file
                && *path != *stub_of(&shim.file)
                && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        if name.starts_with("__init__.") && files.iter().any(|other| is_inside(&other.path)) {
            return Some("other files lie in the package: delete it by hand".to_owned());
        }
        let stub = self.find(&stub_of(&shim.file))?;
        let facts = self.project.graph.facts(stub as FileId);
        let only_hands_on = facts.is_some_and(|facts| facts.only_imports());
        (!only_hands_on).then(|| "the stub beside it describes more: delete both by hand".to_owned())
    }
}

/// The file that describes a module to type checkers, where there is one.
fn stub_of(file: &str) -> Arc<str> {
    format!("{file}i").into()
}
