//! Follows declared paths from hop to hop, and finds where they go round.

use super::declaration::{RuleDeclaration, RuleKind};
use super::place::{Place, Placed};
use super::written_path::MAX_SEGMENTS;
use crate::model::{Name, SymbolPath};
use std::collections::{HashMap, HashSet};

/// The most hops followed through paths that no rule declares word by word. Chains of declared paths may be
/// longer: each link of those is followed only once.
pub(super) const MAX_HOPS: usize = 256;

/// One step that a rule asks for: `path` and all below it is found at `target`.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    /// The legacy path.
    pub path: SymbolPath,
    /// Where it leads in one step.
    pub target: SymbolPath,
    /// The rule, as index.
    pub rule: usize,
    /// Where the path is declared.
    pub place: Place,
    /// True for a member that a module rule renames.
    pub is_rename: bool,
}

/// Where a hop leads in the end.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// Not yet asked.
    Unknown,
    /// Being asked.
    Walking,
    /// Here.
    At(SymbolPath),
    /// Nowhere: round in a circle.
    Nowhere,
}

/// Why a walk has no end: the hops that go round, or too many hops.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// These hops lead to each other, in this order.
    Circle(Vec<usize>),
    /// The chain from this hop is too long.
    Endless(usize),
}

/// The segments of a path: what a prefix is looked up by.
type Segments = Vec<Name>;

/// All hops of all rules.
pub(super) struct Routes<'r> {
    rules: &'r [RuleDeclaration],
    /// Hops by index.
    pub hops: Vec<Hop>,
    /// Where each hop leads in the end.
    pub ends: Vec<End>,
    /// Hops that claim a path which another hop has, with the index of that one.
    pub clashes: Vec<(usize, Hop)>,
    /// Hops by their paths, for each language.
    by_path: [HashMap<Segments, usize>; 2],
    facades: [HashSet<Segments>; 2],
    /// Segments of the longest path in `by_path` and `facades`: no longer prefix can be in them.
    longest: usize,
}

impl<'r> Routes<'r> {
    /// The hops of `rules`: first what is declared word by word, then the members that module rules rename.
    pub fn new(rules: &'r [RuleDeclaration]) -> Self {
        let mut routes = Self {
            rules,
            hops: Vec::new(),
            ends: Vec::new(),
            clashes: Vec::new(),
            by_path: Default::default(),
            facades: Default::default(),
            longest: 0,
        };
        for (index, rule) in rules.iter().enumerate() {
            for legacy in &rule.legacy {
                let (path, target) = (legacy.value.clone(), rule.canonical.value.clone());
                routes.add(Hop { path, target, rule: index, place: legacy.place.clone(), is_rename: false });
            }
            for facade in &rule.facades {
                let language = facade.value.language() as usize;
                routes.longest = routes.longest.max(facade.value.len());
                routes.facades[language].insert(facade.value.segments().to_vec());
            }
        }
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.kind == RuleKind::Module) {
            for legacy in &rule.legacy {
                routes.add_renames(index, rule, legacy);
            }
        }
        routes.ends = vec![End::Unknown; routes.hops.len()];
        routes
    }

    fn add_renames(&mut self, index: usize, rule: &RuleDeclaration, legacy: &Placed<SymbolPath>) {
        for (old, new) in &rule.renames {
            let path = legacy.value.join([&old.value]);
            let target = rule.canonical.value.join([&new.value]);
            self.add(Hop { path, target, rule: index, place: old.place.clone(), is_rename: true });
        }
    }

    fn add(&mut self, hop: Hop) {
        let paths = &mut self.by_path[hop.path.language() as usize];
        match paths.get(hop.path.segments()) {
            Some(&earlier) => self.clashes.push((earlier, hop)),
            None => {
                self.longest = self.longest.max(hop.path.len());
                paths.insert(hop.path.segments().to_vec(), self.hops.len());
                self.hops.push(hop);
            }
        }
    }

    /// The hop that claims exactly this path.
    pub fn hop_at(&self, path: &SymbolPath) -> Option<usize> {
        self.by_path[path.language() as usize].get(path.segments()).copied()
    }

    /// True when exactly this path is a facade of some rule.
    pub fn is_facade(&self, path: &SymbolPath) -> bool {
        self.facades[path.language() as usize].contains(path.segments())
    }

    /// One step from `path`: by the longest declared path that is a prefix of it. A facade ends the walk; a canonical
    /// path below a legacy path of its own rule is not moved by that rule.
    pub fn step(&self, path: &SymbolPath) -> Option<(usize, SymbolPath)> {
        let language = path.language() as usize;
        for count in (1..=path.len().min(self.longest)).rev() {
            let prefix = &path.segments()[..count];
            if let Some(&index) = self.by_path[language].get(prefix) {
                if !self.is_home(index, path) {
                    return Some((index, self.hops[index].target.join(&path.segments()[count..])));
                }
            } else if self.facades[language].contains(prefix) {
                return None;
            }
        }
        None
    }

    /// True when `path` lies in the canonical path of the hop's rule, and that below the hop's own path.
    fn is_home(&self, index: usize, path: &SymbolPath) -> bool {
        let hop = &self.hops[index];
        let canonical = &self.rules[hop.rule].canonical.value;
        path.starts_with(canonical) && canonical.starts_with(&hop.path)
    }

    /// Where `path` leads in the end, when that is known or not far; `None` when it goes round.
    pub fn follow(&self, path: &SymbolPath) -> Option<SymbolPath> {
        let mut at = path.clone();
        for _ in 0..MAX_HOPS {
            let Some((index, next)) = self.step(&at) else { return Some(at) };
            match &self.ends[index] {
                End::Nowhere => return None,
                End::At(end) if at.len() == self.hops[index].path.len() => return Some(end.clone()),
                _ => at = next,
            }
            if at.len() > MAX_SEGMENTS {
                return None;
            }
        }
        None
    }

    /// Finds the end of every hop. Each circle is named once.
    pub fn settle(&mut self) -> Vec<Fault> {
        (0..self.hops.len()).filter_map(|first| self.settle_one(first)).collect()
    }

    /// Walks from one hop, and notes the end for every hop whose own path was passed.
    fn settle_one(&mut self, first: usize) -> Option<Fault> {
        if !matches!(self.ends[first], End::Unknown) {
            return None;
        }
        self.ends[first] = End::Walking;
        let (mut trail, mut passed) = (vec![first], vec![first]);
        let mut at = self.hops[first].target.clone();
        let mut between = 0;
        let (end, fault) = loop {
            let Some((index, next)) = self.step(&at) else { break (End::At(at), None) };
            let is_own_path = at.len() == self.hops[index].path.len();
            match &self.ends[index] {
                End::Nowhere => break (End::Nowhere, None),
                End::At(end) if is_own_path => break (End::At(end.clone()), None),
                End::Walking if is_own_path => break (End::Nowhere, Some(circle(&trail, index))),
                _ => {}
            }
            if is_own_path {
                self.ends[index] = End::Walking;
                passed.push(index);
            } else {
                between += 1;
            }
            if between > MAX_HOPS || next.len() > MAX_SEGMENTS {
                break (End::Nowhere, Some(circle(&trail, index)));
            }
            trail.push(index);
            at = next;
        };
        for index in passed {
            self.ends[index] = end.clone();
        }
        // What takes part in a fault is not complained about again from the next hop that leads into it.
        let part = match &fault {
            Some(Fault::Circle(round)) => round,
            Some(Fault::Endless(_)) => &trail,
            None => return None,
        };
        part.iter().for_each(|&index| self.ends[index] = End::Nowhere);
        fault
    }
}

/// The part of the trail from the last time that `again` was taken; without one there is no circle.
fn circle(trail: &[usize], again: usize) -> Fault {
    match trail.iter().rposition(|&index| index == again) {
        Some(start) => Fault::Circle(trail[start..].to_vec()),
        None => Fault::Endless(trail[0]),
    }
}
