//! Which shims can be deleted now: one may be all that refers to the next.

mod obstacle;
mod parts;
mod python;
mod rust;

use super::project::{Progress, Project, ProjectError, Purpose, Settings};
use super::shims::Shims;
use crate::model::{FilePlan, Plan, Refusal, ShimStatus};
use crate::source::{Tree, walk};
use parts::Parts;
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
    /// Whether a file may be changed; all of them when not given.
    pub among: Option<&'a dyn Fn(&str) -> bool>,
    /// Count as carried out, in this order, though they are not on the disk.
    pub assumed: &'a [&'a Plan],
}

/// What is to be deleted.
#[derive(Debug, Default)]
pub struct Removal {
    /// The files that go or change. The refusals say why the other shims stay; `mended` counts the shims that go.
    pub plan: Plan,
    /// The shims that go, in an order in which they can.
    pub shims: Vec<ShimStatus>,
}

/// Plans to delete every shim that nothing refers to and that does nothing else. As long as a file cannot be read, nobody knows
/// what it refers to, and all stay.
///
/// # Errors
/// When the tree cannot be walked.
pub fn removal(request: &RemovalRequest<'_>, progress: &dyn Progress) -> Result<Removal, ProjectError> {
    let mut removal = Removal::default();
    let mut going: BTreeMap<Arc<str>, FilePlan> = BTreeMap::new();
    loop {
        let mut round = Round::look(request, &going, progress)?;
        let unreadable = std::mem::take(&mut round.found.unreadable);
        let (parts, files) = if unreadable.is_empty() { round.step() } else { Default::default() };
        if files.is_empty() {
            let mended = removal.shims.len();
            let (refusals, files) = (round.refusals(), going.into_values().collect());
            let rules = removal.shims.iter().flat_map(|shim| shim.rules.iter().cloned()).collect();
            removal.plan = Plan { files, refusals, unreadable, mended, rules, ..Plan::default() };
            return Ok(removal);
        }
        removal.shims.extend(parts.shims.iter().map(|&shim| round.found.shims[shim].clone()));
        for file in files {
            let path = Arc::clone(file.path());
            let file = match going.remove(&path) {
                Some(earlier) => earlier.then(&file).expect("what is taken out of UTF-8 leaves UTF-8"),
                None => file,
            };
            going.insert(path, file);
        }
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
        let assumed = request.assumed.iter().flat_map(|plan| &plan.files);
        assume(&mut tree, assumed.chain(going.values()));
        let asked = tree.files.iter().filter(|file| file.in_scope);
        let scope = asked.map(|file| Arc::clone(&file.path)).collect();
        // Whatever refers to a shim counts.
        tree.all_files().for_each(|file| file.in_scope = true);
        let mut project = Project::of_tree(settings, tree, Purpose::Survey);
        let found = project.shims(progress);
        Ok(Self { request, project, scope, found })
    }

    /// The shims that were asked for, as indices into those found.
    fn asked(&self) -> impl Iterator<Item = usize> {
        let rules = self.request.rules;
        let is_of_rule = move |id: &String| rules.is_empty() || rules.contains(id);
        let shims = self.found.shims.iter().enumerate();
        let asked = shims.filter(move |(_, shim)| {
            self.scope.contains(&shim.file)
                && self.request.among.is_none_or(|among| among(&shim.file))
                && shim.rules.iter().all(is_of_rule)
        });
        asked.map(|(index, _)| index)
    }

    /// What goes in this round, and the plans for it: all shims that can, or one of them when they get in each other's way.
    fn step(&self) -> (Parts, Vec<FilePlan>) {
        let mut all = Parts::default();
        let can_go = || self.asked().filter_map(|index| self.removable(index).ok());
        can_go().for_each(|(parts, _)| all.extend(parts));
        match self.files(&all) {
            Ok(files) => (all, files),
            Err(_) => can_go().next().unwrap_or_default(),
        }
    }

    /// What must go so that a shim is gone, or why it stays.
    fn removable(&self, index: usize) -> Result<(Parts, Vec<FilePlan>), String> {
        let shim = &self.found.shims[index];
        if let Some(obstacle) = self.obstacle(shim) {
            return Err(obstacle);
        }
        let parts = self.parts_of(index)?;
        let files = self.files(&parts)?;
        Ok((parts, files))
    }

    fn refusals(&self) -> Vec<Refusal> {
        let unknown = "not every file could be read";
        let kept = self.asked().map(|index| {
            let shim = &self.found.shims[index];
            let reason = self.removable(index).err().unwrap_or_else(|| unknown.to_owned());
            shim_refusal(shim, reason)
        });
        kept.collect()
    }
}

/// Says that a shim stays.
pub fn shim_refusal(shim: &ShimStatus, reason: String) -> Refusal {
    Refusal {
        file: Arc::clone(&shim.file),
        location: shim.location,
        rule: shim.rules.first().cloned(),
        written: shim.path.to_string(),
        reason,
    }
}

/// Takes plans for carried out that are not on the disk; of two for one file the later one counts.
fn assume<'plan>(tree: &mut Tree, plans: impl Iterator<Item = &'plan FilePlan>) {
    let plans: BTreeMap<&str, &FilePlan> = plans.map(|plan| (&**plan.path(), plan)).collect();
    tree.files.retain(|file| !plans.get(&*file.path).is_some_and(|plan| plan.is_removal()));
    for file in tree.all_files() {
        if let Some(plan) = plans.get(&*file.path) {
            file.text = Some(plan.after().into());
        }
    }
}
