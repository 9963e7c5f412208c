//! The changes of all files together: a name that one file renames takes its users in other files with it.

use super::file_planner::{FilePlanner, FileProposal};
use super::held::{Held, bound_by_patches, held_back};
use super::kept::{Kept, kept};
use crate::graph::{AskedNames, Declared, DeclaredPaths, Origin, Standing, SymbolGraph, View, uses};
use crate::model::{
    Edition, FileChanges, FileFacts, FileId, Name, PathKind, ScopeId, Site, Span, SymbolPath, Use,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Renames settle after a few rounds; a tree that needs more gets aliases instead.
const MOST_ROUNDS: usize = 12;

/// What the planner works on.
pub struct Request<'run> {
    /// Resolution, with the facts of every file that can matter.
    pub graph: &'run SymbolGraph,
    /// What the rules declare.
    pub declared: &'run DeclaredPaths,
    /// What the planner has to know of each rule, by its index.
    pub rules: &'run [RuleTraits],
    /// Whether a rule (by its index) is to be applied to a file: it is in force there, and the user asked for it.
    pub wants: &'run (dyn Fn(FileId, usize) -> bool + Sync),
    /// Whether a comment in the file keeps a use as it is.
    pub keeps: &'run (dyn Fn(&FileFacts, &Use) -> bool + Sync),
    /// Places that stay although no comment says so: the file, and where a path is written in it.
    pub known: &'run FxHashSet<(FileId, u32)>,
    /// The dialect of a file.
    pub edition: &'run (dyn Fn(FileId) -> Edition + Sync),
    /// Files that may be written.
    pub writable: &'run FxHashSet<FileId>,
    /// Files in which local names stay: an earlier attempt failed there.
    pub cautious: &'run FxHashSet<FileId>,
    /// Files that must stay as they are, with the reason: an earlier, cautious attempt failed there.
    pub barred: &'run FxHashMap<FileId, String>,
    /// Also rewrite paths that are data.
    pub includes_data: bool,
    /// Also find out which files change only together with others.
    pub wants_joint: bool,
}

/// What the planner has to know of a rule.
#[derive(Debug, Clone)]
pub struct RuleTraits {
    /// The rule's id.
    pub id: String,
    /// True when local names stay as they are.
    pub keeps_local_name: bool,
}

/// What is to change, and what is not.
#[derive(Debug, Default)]
pub struct Proposal {
    /// The changes of each file.
    pub changes: BTreeMap<FileId, FileChanges>,
    /// Findings that stay.
    pub refused: Vec<Refused>,
    /// How many findings the changes of each file mend.
    pub mended: BTreeMap<FileId, usize>,
    /// What the rules declare, and every name of a module that gets another name: for checking the result.
    pub declared: DeclaredPaths,
    /// Names that the plan depends on: files that hold one of them must be in the graph, else plan again with them.
    pub words: BTreeSet<String>,
    /// Files whose changes hold only together with those of other files, when the request asks for them.
    pub joint: BTreeSet<FileId>,
}

/// A finding that stays.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Where.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// The rule, as index; `None` for what follows from another change.
    pub rule: Option<usize>,
    /// The path that stays.
    pub written: String,
    /// Why.
    pub reason: String,
    /// True when a comment asks for it, or it is known: nobody wants the change then.
    pub is_kept: bool,
}

/// A name that a module binds: the file, the scope of the module's body in it, the name.
pub(super) type ModuleMember = (FileId, ScopeId, Name);

/// Names of modules that get another name, and the rule behind it.
pub(super) type Renames = BTreeMap<ModuleMember, (Name, usize)>;

/// Names of modules that must keep their names.
pub(super) type Pins = FxHashSet<ModuleMember>;

/// Plans all changes.
pub fn propose(request: &Request<'_>) -> Proposal {
    let mut renames = Renames::new();
    let mut pins = Pins::default();
    let asked = OnceLock::new();
    let kept = kept(request);
    let held = held_back(request, &kept);
    for round in 0.. {
        let declared = with_renames(request, &renames);
        let files = request.graph.files();
        let planned: Vec<(FileId, FileProposal)> = files
            .par_iter()
            .filter_map(|&file| {
                let context = Context {
                    request,
                    declared: &declared,
                    renames: &renames,
                    pins: &pins,
                    asked: &asked,
                    held: &held,
                    kept: &kept,
                };
                plan_file(&context, file)
            })
            .collect();
        let new_pins = broken_renames(request, &renames, &planned);
        let found: Renames = planned.iter().flat_map(|(_, plan)| plan.renames.clone()).collect();
        let is_settled = new_pins.is_empty() && found == renames;
        if is_settled || round >= MOST_ROUNDS {
            return collect(request, planned, &renames);
        }
        if round + 3 >= MOST_ROUNDS {
            pins.extend(found.keys().cloned());
        }
        renames = found.into_iter().filter(|(key, _)| !new_pins.contains(key)).collect();
        pins.extend(new_pins);
    }
    Proposal::default()
}

/// What the plan of each file depends on.
#[derive(Clone, Copy)]
pub(super) struct Context<'run> {
    pub request: &'run Request<'run>,
    pub declared: &'run DeclaredPaths,
    pub renames: &'run Renames,
    pub pins: &'run Pins,
    /// What files ask of each other; made when it is first needed.
    pub asked: &'run OnceLock<AskedNames>,
    /// Places that stay.
    pub held: &'run Held,
    /// Places that comments keep.
    pub kept: &'run Kept,
}

fn plan_file(context: &Context<'_>, file: FileId) -> Option<(FileId, FileProposal)> {
    let view = View::new(context.request.graph, file)?;
    let mut found = uses(context.request.graph, context.declared, file).uses;
    found.retain(|found| found.rule.is_none_or(|rule| (context.request.wants)(file, rule)));
    if found.is_empty() {
        return None;
    }
    Some((file, FilePlanner::new(*context, view).plan(&found)))
}

/// The declared paths, and every name that a file renames, with what moves below it: behind a module's new name its
/// members have theirs.
fn with_renames(request: &Request<'_>, renames: &Renames) -> DeclaredPaths {
    let mut declared = request.declared.clone();
    for (member, (new, _)) in renames {
        let Some((from, to)) = rename_paths(request.graph, member, new) else { continue };
        let mut declare = |from: &SymbolPath, to: SymbolPath| {
            let standing = Standing::Legacy(to);
            declared.declare(
                from,
                Declared {
                    rule: None,
                    standing,
                    kind: follower_kind(request, member.0),
                    origin: Origin::Rule,
                },
            );
        };
        if let Some(old) = renamed_module(request, member) {
            let moved = request.declared.moved(&old);
            for (rest, target) in request.declared.legacy_below(&old) {
                if target.starts_with(&moved) {
                    declare(&from.join(rest), to.join(&target.segments()[moved.len()..]));
                }
            }
        }
        declare(&from, to);
    }
    declared
}

/// Where imports are resolved before anything runs, a name that was imported can stand in the module part of others.
fn follower_kind(request: &Request<'_>, file: FileId) -> PathKind {
    let is_declarative = request.graph.facts(file).is_some_and(|facts| facts.is_declarative);
    if is_declarative { PathKind::Unknown } else { PathKind::Symbol }
}

/// What the imports that bind a renamed name bring in.
fn renamed_module(request: &Request<'_>, (file, scope, name): &ModuleMember) -> Option<SymbolPath> {
    let view = View::new(request.graph, *file).filter(|view| view.facts.is_declarative)?;
    let bindings = view.facts.scopes[*scope as usize].names.get(name)?;
    bindings.iter().find_map(|&binding| view.bound(binding))
}

fn rename_paths(graph: &SymbolGraph, member: &ModuleMember, new: &str) -> Option<(SymbolPath, SymbolPath)> {
    let (file, scope, old) = member;
    let module = View::new(graph, *file)?.module_path(*scope)?;
    Some((module.join([old]), module.join([new])))
}

/// Renames whose users cannot all follow: the name stays, imported under its old name.
fn broken_renames(request: &Request<'_>, renames: &Renames, planned: &[(FileId, FileProposal)]) -> Pins {
    let by_path = by_old_path(request, renames);
    let mut broken = Pins::default();
    for (_, plan) in planned {
        let stays = |follower: &&Follower| plan.refused.iter().any(|refused| refused.site == follower.site);
        let followers = plan.followers.iter().filter(stays);
        broken.extend(followers.filter_map(|follower| follower.followed(&by_path)).cloned());
    }
    broken
}

/// The renames by the path that they take away.
struct OldPaths<'renames> {
    paths: FxHashMap<SymbolPath, &'renames ModuleMember>,
    longest: usize,
}

fn by_old_path<'renames>(request: &Request<'_>, renames: &'renames Renames) -> OldPaths<'renames> {
    let paths =
        renames.iter().filter_map(|(key, (new, _))| Some((rename_paths(request.graph, key, new)?.0, key)));
    let paths: FxHashMap<SymbolPath, &ModuleMember> = paths.collect();
    OldPaths { longest: paths.keys().map(SymbolPath::len).max().unwrap_or_default(), paths }
}

/// The files that rename what others name, those others, and those bound up with each other by patches.
fn joint(request: &Request<'_>, planned: &[(FileId, FileProposal)], renames: &Renames) -> BTreeSet<FileId> {
    let by_path = by_old_path(request, renames);
    let mut joint = bound_by_patches(request);
    for (file, plan) in planned {
        let followed = plan.followers.iter().filter_map(|follower| follower.followed(&by_path));
        joint.extend(followed.flat_map(|member| [*file, member.0]));
    }
    joint
}

fn collect(request: &Request<'_>, planned: Vec<(FileId, FileProposal)>, renames: &Renames) -> Proposal {
    let joint = if request.wants_joint { joint(request, &planned, renames) } else { BTreeSet::new() };
    let mut proposal = Proposal { joint, ..Proposal::default() };
    for (file, plan) in planned {
        let refused = plan.refused.into_iter().map(|refused| refused.inner);
        proposal.refused.extend(refused);
        proposal.words.extend(plan.words);
        if !plan.changes.is_empty() {
            proposal.changes.insert(file, plan.changes);
            proposal.mended.insert(file, plan.mended);
        }
    }
    proposal.declared = with_renames(request, renames);
    proposal
}

/// A place that only follows another file's rename.
#[derive(Debug, Clone)]
pub(super) struct Follower {
    pub site: Site,
    pub legacy: SymbolPath,
}

impl Follower {
    /// The rename behind it.
    fn followed<'renames>(&self, old: &OldPaths<'renames>) -> Option<&'renames ModuleMember> {
        let longest = self.legacy.len().min(old.longest);
        (1..=longest).rev().find_map(|count| old.paths.get(&self.legacy.prefix(count)).copied())
    }
}
