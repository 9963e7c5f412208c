//! The changes of one file: imports first, then chains and strings, then the local names that follow.

use super::free::is_free;
use super::held::Held;
use super::kept::{Kept, holds_import};
use super::proposal::{Context, Follower, Pins, Refused, Renames, Request};
use crate::graph::{AskedNames, DeclaredPaths, View};
use crate::language::front_end;
use crate::model::{
    Addition, BindingId, DATA_STAYS, FileChanges, ImportId, ItemChange, Reference, ReferenceId, Replacement,
    ScopeId, Site, Span, SymbolPath, Use,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Plans one file.
pub(super) struct FilePlanner<'run> {
    pub request: &'run Request<'run>,
    pub declared: &'run DeclaredPaths,
    pub renames: &'run Renames,
    pub pins: &'run Pins,
    /// What files ask of each other; made when it is first needed.
    pub asked: &'run OnceLock<AskedNames>,
    /// Places of all files that stay.
    pub held: &'run Held,
    /// Places of all files that comments keep.
    pub kept: &'run Kept,
    pub view: View<'run>,
    /// References by each of their bindings.
    pub users: FxHashMap<BindingId, Vec<ReferenceId>>,
    /// References that a chain rewrite gives another first name.
    pub rerooted: FxHashSet<ReferenceId>,
    /// References that a chain rewrite moves at all.
    pub moved_references: FxHashMap<ReferenceId, SymbolPath>,
    pub out: FileProposal,
}

/// The plan of one file.
#[derive(Debug, Default)]
pub(super) struct FileProposal {
    pub changes: FileChanges,
    pub refused: Vec<SiteRefused>,
    pub followers: Vec<Follower>,
    pub renames: Renames,
    pub mended: usize,
    /// Names whose other users had to be asked for.
    pub words: BTreeSet<String>,
}

/// A refusal with its site.
#[derive(Debug)]
pub(super) struct SiteRefused {
    pub site: Site,
    pub inner: Refused,
}

impl<'run> FilePlanner<'run> {
    pub fn new(context: Context<'run>, view: View<'run>) -> Self {
        let Context { request, declared, renames, pins, asked, held, kept } = context;
        let mut users: FxHashMap<BindingId, Vec<ReferenceId>> = FxHashMap::default();
        for (id, reference) in view.facts.references.iter().enumerate() {
            for &binding in &reference.bindings {
                users.entry(binding).or_default().push(id as ReferenceId);
            }
        }
        let (rerooted, moved_references) = (FxHashSet::default(), FxHashMap::default());
        let out = FileProposal::default();
        Self {
            request,
            declared,
            renames,
            pins,
            asked,
            held,
            kept,
            view,
            users,
            rerooted,
            moved_references,
            out,
        }
    }

    /// Plans all uses of the file, which are in the order imports, references, strings.
    pub fn plan(mut self, uses: &[Use]) -> FileProposal {
        let reason = self.reason_against_file();
        let doubled = self.doubled_keys(uses);
        for found in uses {
            if found.rule.is_none() || found.hops.is_some() {
                let follower = Follower { site: found.site.clone(), legacy: found.legacy.clone() };
                self.out.followers.push(follower);
            }
            if self.is_kept(&found.site) {
                self.note_refusal(found, "a comment keeps it".to_owned());
                continue;
            }
            let held = || self.held.get(&self.view.file)?.get(&found.site).cloned();
            let against = reason.clone().or_else(|| found.obstacle.clone()).or_else(held);
            let against = against.or_else(|| self.reason_against_data(found));
            let against = against.or_else(|| doubled.get(&found.site).cloned());
            if let Some(reason) = against {
                self.refuse(found, reason);
            }
        }
        let movable: Vec<&Use> = uses.iter().filter(|found| !self.is_refused(&found.site)).collect();
        self.plan_imports(&movable);
        self.plan_chains(&movable);
        self.plan_strings(&movable);
        self.plan_locals();
        let refused: FxHashSet<&Site> = self.out.refused.iter().map(|refused| &refused.site).collect();
        self.out.mended = uses.iter().filter(|found| found.spelled && !refused.contains(&found.site)).count();
        self.out
    }

    fn is_kept(&self, site: &Site) -> bool {
        self.kept.get(&self.view.file).is_some_and(|kept| kept.contains(site))
    }

    fn reason_against_file(&self) -> Option<String> {
        if let Some(reason) = self.request.barred.get(&self.view.file) {
            return Some(reason.clone());
        }
        if !self.request.writable.contains(&self.view.file) {
            return Some("the file lies outside the paths that were given".to_owned());
        }
        self.view.facts.obstacle().map(str::to_owned)
    }

    fn reason_against_data(&self, found: &Use) -> Option<String> {
        let is_data = self.view.facts.data_role(&found.site).is_some();
        (is_data && !self.request.includes_data).then(|| DATA_STAYS.to_owned())
    }

    pub fn is_refused(&self, site: &Site) -> bool {
        self.out.refused.iter().any(|refused| refused.site == *site)
    }

    pub fn refuse(&mut self, found: &Use, reason: String) {
        if !self.is_refused(&found.site) {
            self.note_refusal(found, reason);
        }
    }

    fn note_refusal(&mut self, found: &Use, reason: String) {
        let is_kept = self.is_kept(&found.site);
        let inner = Refused {
            file: self.view.file,
            span: self.view.facts.span_of(&found.site),
            rule: found.rule.filter(|_| found.spelled || !is_kept),
            written: found.written.to_string(),
            reason,
            is_kept,
        };
        self.out.refused.push(SiteRefused { site: found.site.clone(), inner });
    }

    /// The id of the rule behind a use, also for one that follows another file's rename.
    pub fn rule_id(&self, found: &Use) -> String {
        let renamed = |path: SymbolPath| {
            let home = self.view.graph.body_of(&path.parent()?, Some(self.view.file))?;
            let member = (home.view.file, home.scope, path.name().into());
            self.renames.get(&member).map(|(_, rule)| *rule)
        };
        let followed = || {
            let (_, known) = self.view.graph.body(&found.legacy, Some(self.view.file))?;
            let longest = found.legacy.len().min(known + 1);
            (2..=longest).rev().find_map(|count| renamed(found.legacy.prefix(count)))
        };
        let index = found.rule.or_else(followed);
        index.map(|index| self.request.rules[index].id.clone()).unwrap_or_default()
    }

    /// The index of the rule behind a use.
    pub fn rule_index(&self, id: &str) -> usize {
        self.request.rules.iter().position(|rule| rule.id == id).unwrap_or_default()
    }

    pub fn replace(&mut self, span: Span, text: impl Into<String>, rule: &str) {
        let replacement = Replacement { span, text: text.into(), rule: rule.to_owned() };
        if !self.out.changes.replacements.contains(&replacement) {
            self.out.changes.replacements.push(replacement);
        }
    }

    /// A name as it is written in this file.
    pub fn name(&self, name: &str) -> String {
        front_end(self.view.graph.modules().language(self.view.file)).name(name)
    }

    pub fn add(&mut self, addition: Addition) {
        if !self.out.changes.additions.contains(&addition) {
            self.out.changes.additions.push(addition);
        }
    }

    /// Whether a comment keeps the import as it is.
    pub fn keeps_import(&self, id: ImportId) -> bool {
        self.kept.get(&self.view.file).is_some_and(|kept| holds_import(kept, id))
    }

    pub fn change_item(&mut self, id: ImportId, change: ItemChange) {
        if !self.keeps_import(id) {
            self.out.changes.items.insert(id, change);
        }
    }

    pub fn reference(&self, id: ReferenceId) -> &'run Reference {
        &self.view.facts.references[id as usize]
    }

    /// The references that may mean a binding.
    pub fn users_of(&self, binding: BindingId) -> &[ReferenceId] {
        self.users.get(&binding).map_or(&[], Vec::as_slice)
    }

    /// The module that holds what `target` leads to.
    pub fn home(&self, found: &Use) -> SymbolPath {
        let target = &found.target;
        match self.view.graph.modules().longest(target, Some(self.view.file)) {
            Some((_, count)) if count == target.len() => target.clone(),
            Some(_) if self.view.graph.body_of(target, Some(self.view.file)).is_some() => target.clone(),
            _ if found.kind == crate::model::PathKind::Module => target.clone(),
            _ => target.parent().unwrap_or_else(|| target.clone()),
        }
    }

    /// `target` as it is spelled from the import root that `raw`, the written form of `written`, starts from: a file
    /// that says `app.x` where the rule says `backend.app.x` goes on saying `app`.
    pub fn respell(&self, raw: &[&str], written: &SymbolPath, target: &SymbolPath) -> SymbolPath {
        let ends_with = |long: &[&str], short: &[&str]| long.ends_with(short) && long.len() > short.len();
        let whole: Vec<&str> = written.segments().iter().map(|segment| &**segment).collect();
        let new: Vec<&str> = target.segments().iter().map(|segment| &**segment).collect();
        if ends_with(&whole, raw) {
            let extra = &whole[..whole.len() - raw.len()];
            if new.starts_with(extra) && new.len() > extra.len() {
                return SymbolPath::new(target.language(), &new[extra.len()..]);
            }
        }
        if ends_with(raw, &whole) {
            let extra = &raw[..raw.len() - whole.len()];
            let longer = SymbolPath::new(target.language(), extra.iter().chain(&new));
            if self.view.canonical(longer.clone()) == *target {
                return longer;
            }
        }
        target.clone()
    }

    /// Whether the name is free in this file (see [`is_free`]).
    pub fn is_free(&self, name: &str, scope: ScopeId, readers: &[ScopeId], own: &[BindingId]) -> bool {
        is_free(self.view.facts, name, scope, readers, own)
    }
}
