//! Attribute chains that spell a legacy path: the tail is rewritten, or the chain starts from another import.

use super::file_planner::FilePlanner;
use crate::graph::{AskedNames, Provided};
use crate::model::{
    BindingId, BindingKind, Import, ImportForm, ImportId, ItemChange, Namespaces, Place, Reference,
    ReferenceId, ScopeKind, Segment, Site, Span, SymbolPath, Use, Visibility,
};
use std::collections::BTreeMap;

/// A chain to rewrite.
#[derive(Clone)]
pub(super) struct Chain<'use_> {
    pub id: ReferenceId,
    pub found: &'use_ Use,
    /// How many segments of the reference the matched path covers.
    pub covered: usize,
    /// The module that holds the target.
    pub home: SymbolPath,
    /// The target, spelled from the import root that the chain starts from.
    pub target: SymbolPath,
    pub rule: String,
}

impl<'run> FilePlanner<'run> {
    /// Rewrites all chains.
    pub(super) fn plan_chains(&mut self, uses: &[&Use]) {
        let chains: Vec<Chain<'_>> = uses.iter().filter_map(|found| self.chain(found)).collect();
        for chain in &chains {
            self.moved_references.insert(chain.id, chain.home.clone());
        }
        let mut by_root: BTreeMap<Option<BindingId>, Vec<Chain<'_>>> = BTreeMap::new();
        for chain in chains {
            let root = self.reference(chain.id).bindings.first().copied();
            by_root.entry(root).or_default().push(chain);
        }
        for (root, chains) in by_root {
            match root.and_then(|root| self.is_import(root)) {
                Some(import) if self.is_plain(import) => self.plan_plain_root(import, &chains),
                _ => self.plan_named_root(root, &chains),
            }
        }
    }

    fn chain<'use_>(&self, found: &'use_ Use) -> Option<Chain<'use_>> {
        let Site::Reference(id) = found.site else { return None };
        let rest = found.written.len() - found.matched;
        let covered = self.reference(id).segments.len().checked_sub(rest)?;
        let raw: Vec<&str> = self.reference(id).segments.iter().map(|segment| &*segment.name).collect();
        let home = self.home(found);
        let root = self.reference(id).bindings.first().and_then(|&root| self.is_import(root));
        let is_plain = root.is_some_and(|import| self.is_plain(import));
        let target =
            if is_plain { self.respell(&raw, &found.written, &found.target) } else { found.target.clone() };
        let home = target.prefix(target.len() - (found.target.len() - home.len()));
        Some(Chain { id, found, covered, home, target, rule: self.rule_id(found) })
    }

    /// `import a.b.c` without `as`: the name is the top package, the chain spells the whole path.
    pub(super) fn is_plain(&self, import: ImportId) -> bool {
        let facts = &self.view.facts.imports[import as usize];
        let is_taken_whole =
            matches!(self.out.changes.items.get(&import), Some(ItemChange::Move { local: Some(_), .. }));
        let is_path = facts.form == ImportForm::Module && facts.alias.is_none();
        is_path && !is_taken_whole && !self.view.facts.is_declarative
    }

    /// The chain begins with a name that stands for a module or package: an alias, a member import, a variable.
    fn plan_named_root(&mut self, root: Option<BindingId>, chains: &[Chain<'_>]) {
        if let Some(home) = self.promotion(root, chains) {
            return self.promote(root, chains, &home);
        }
        for chain in chains {
            let result = if self.is_hidden(&chain.home) {
                self.by_member(root, chain)
            } else if self.stem_leads_on(chain) {
                self.rewrite_tail(chain)
            } else if self.view.facts.is_declarative {
                self.spell_out(root, chain)
            } else {
                self.reroot(root, chain)
            };
            if let Err(reason) = result {
                self.refuse(chain.found, reason);
                self.keep_import_of(chain, None);
            }
        }
        self.drop_unused_root(root, chains);
    }

    /// Whether the beginning of the chain still leads to the target after the migration, with nothing more imported.
    fn stem_leads_on(&self, chain: &Chain<'_>) -> bool {
        let Some(stem) = &chain.found.stem else { return false };
        if !chain.found.target.starts_with(&stem.path) || chain.found.target.len() <= stem.path.len() {
            return false;
        }
        if stem.path.len() >= chain.home.len() {
            return true;
        }
        // A submodule on the way is an attribute of its package only once somebody has imported it.
        let graph = self.view.graph;
        let is_declarative = self.view.facts.is_declarative;
        let steps = if is_declarative { stem.path.len() + 1 } else { chain.home.len() };
        (stem.path.len()..steps).all(|count| {
            let step = chain.home.prefix(count + 1);
            let there = graph.body_of(&chain.home.prefix(count), Some(self.view.file));
            there.is_some_and(|there| match there.provided(step.name(), Namespaces::TYPE) {
                Provided::Alias(path) => is_declarative || path == step,
                Provided::Here => is_declarative,
                Provided::Missing | Provided::Unknown => there.loads(&step),
            })
        })
    }

    /// True for a module that is not to be had name by name.
    pub(super) fn is_hidden(&self, module: &SymbolPath) -> bool {
        self.view.graph.is_hidden_module(&self.view.canonical(module.clone()), self.view.file)
    }

    /// The tail of the chain behind its stem is written anew.
    fn rewrite_tail(&mut self, chain: &Chain<'_>) -> Result<(), String> {
        let stem = chain.found.stem.as_ref().ok_or("the chain has no beginning that stays")?;
        let new: Vec<&str> =
            chain.found.target.segments()[stem.path.len()..].iter().map(|name| &**name).collect();
        let kept = stem.kept;
        self.respell_chain(chain, kept, &new)
    }

    /// Writes `new` for the covered segments of a chain behind the first `kept`.
    pub(super) fn respell_chain(
        &mut self,
        chain: &Chain<'_>,
        kept: usize,
        new: &[&str],
    ) -> Result<(), String> {
        let reference = self.reference(chain.id);
        let new: Vec<String> = new.iter().map(|name| self.name(name)).collect();
        let separator = chain.target.language().separator();
        let old = &reference.segments[kept..chain.covered];
        let edits = segment_edits(self.text_of(reference), old, &new, separator)?;
        edits.into_iter().for_each(|(span, text)| self.replace(span, text, &chain.rule));
        Ok(())
    }

    /// Replaces the covered part of the chain by `name` and the path from `home` to the target.
    pub(super) fn rewrite_from(
        &mut self,
        chain: &Chain<'_>,
        name: &str,
        home: &SymbolPath,
    ) -> Result<(), String> {
        let tail = chain.target.segments()[home.len()..].iter().map(|name| &**name);
        let new: Vec<&str> = std::iter::once(name).chain(tail).collect();
        self.respell_chain(chain, 0, &new)?;
        self.rerooted.insert(chain.id);
        Ok(())
    }

    pub(super) fn text_of(&self, reference: &Reference) -> Tail {
        if reference.place == Place::NameInString { Tail::InString } else { Tail::InCode }
    }

    /// All chains of the root end in one new module: then the import itself can move, and the chains keep their shape.
    fn promotion(&mut self, root: Option<BindingId>, chains: &[Chain<'_>]) -> Option<SymbolPath> {
        let root = root?;
        let import = self.is_import(root)?;
        let home = chains.first()?.home.clone();
        let spelled_after_module = |chain: &Chain<'_>| {
            chain.covered == 2
                && chain.found.target.parent().as_ref() == Some(&home)
                && chain.found.route.is_empty()
        };
        let users_move = self.users_of(root).iter().all(|user| chains.iter().any(|chain| chain.id == *user));
        let is_sole = self.reference(chains[0].id).bindings.len() == 1;
        let stays = !self.out.changes.items.contains_key(&import) && !self.starts_imports(root);
        let all = chains.iter().all(spelled_after_module) && users_move && is_sole && stays;
        (all && !self.is_hidden(&home) && !self.is_asked_for(root)).then_some(home)
    }

    fn promote(&mut self, root: Option<BindingId>, chains: &[Chain<'_>], home: &SymbolPath) {
        let Some(import) = root.and_then(|root| self.is_import(root)) else { return };
        for chain in chains {
            if let Err(reason) = self.respell_chain(chain, 1, &[chain.found.target.name()]) {
                return self.refuse(chain.found, reason);
            }
        }
        let facts = &self.view.facts.imports[import as usize];
        let local = facts.alias.as_ref().or(facts.member.as_ref()).map(|segment| segment.name.to_string());
        let rule = chains[0].rule.clone();
        self.change_item(import, ItemChange::Move { target: home.clone(), local, rule });
    }

    /// Once no chain starts from an import any more, the import goes: it would keep the legacy module in use.
    fn drop_unused_root(&mut self, root: Option<BindingId>, chains: &[Chain<'_>]) {
        let Some((root, import)) = root.and_then(|root| Some((root, self.is_import(root)?))) else { return };
        let is_left = self.users_of(root).iter().any(|user| !self.rerooted.contains(user))
            || self.starts_imports(root)
            || self.is_shim(root);
        let is_planned = self.out.changes.items.contains_key(&import);
        if !is_left && !is_planned && !self.is_asked_for(root) {
            self.change_item(import, ItemChange::Remove { rule: chains[0].rule.clone() });
        }
    }

    /// Whether an import that stays as it is starts from the name.
    fn starts_imports(&self, root: BindingId) -> bool {
        let starts_here = |(id, other): (ImportId, &Import)| {
            other.roots.contains(&root) && !self.out.changes.items.contains_key(&id)
        };
        (0..).zip(&self.view.facts.imports).any(starts_here)
    }

    /// True for a name that makes a declared legacy path: it stays until its owner deletes it.
    fn is_shim(&self, binding: BindingId) -> bool {
        let binding = self.view.binding(binding);
        let module = self.view.module_path(binding.scope);
        let declared = module.and_then(|module| self.declared.get(&module.join([&binding.name])));
        declared.is_some_and(|declared| declared.rule.is_some())
    }

    /// Whether other code may reach the name through this module.
    fn is_asked_for(&mut self, binding: BindingId) -> bool {
        let binding = self.view.binding(binding);
        let facts = self.view.facts;
        if facts.scopes[binding.scope as usize].kind != ScopeKind::Module {
            return facts.scopes[binding.scope as usize].kind == ScopeKind::Class;
        }
        self.out.words.insert(binding.name.to_string());
        let Some(own) = self.view.module else { return false };
        let graph = self.view.graph;
        let is_public = binding.visibility == Visibility::Public;
        let Some(module) = self.view.module_path(binding.scope) else { return false };
        let asked = self.asked.get_or_init(|| AskedNames::new(graph));
        is_public && graph.modules().module(own).is_package
            || asked.has(&module, &binding.name, (self.view.file, binding.scope))
    }

    pub(super) fn kind_of(&self, binding: BindingId) -> BindingKind {
        self.view.facts.bindings[binding as usize].kind
    }
}

/// Where the last segment of a chain stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    InCode,
    InString,
}

/// The edits that turn the written segments into `new`: name by name when they are as many, else in one piece.
pub(super) fn segment_edits(
    tail: Tail,
    old: &[Segment],
    new: &[String],
    separator: &str,
) -> Result<Vec<(Span, String)>, String> {
    if old.len() == new.len() {
        let pairs = old.iter().zip(new).filter(|(old, new)| *old.name != *new.trim_start_matches("r#"));
        return Ok(pairs.map(|(old, new)| (old.span, new.clone())).collect());
    }
    let (old, new, mut edits) = match (tail, old, new) {
        (Tail::InString, [old @ .., last], [new @ .., name]) => {
            let renamed = (*last.name != **name).then(|| (last.span, name.clone()));
            (old, new, renamed.into_iter().collect())
        }
        _ => (old, new, Vec::new()),
    };
    let (Some(first), Some(last)) = (old.first(), old.last()) else {
        return Err("the chain has no part that can be replaced".to_owned());
    };
    let span = first.span.cover(last.span);
    let between = separator.len() as u32;
    let plain: u32 = old.iter().map(|segment| segment.span.len() + between).sum::<u32>() - between;
    if plain != span.len() || new.is_empty() {
        return Err("the path is not written in one piece".to_owned());
    }
    edits.push((span, new.join(separator)));
    Ok(edits)
}
