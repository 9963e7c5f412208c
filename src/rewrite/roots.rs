//! Where a rewritten chain starts: another import, one that is there already or a new one beside the old.

use super::chains::{Chain, Tail};
use super::file_planner::{FilePlanner, SiteRefused};
use super::proposal::Refused;
use crate::model::{
    Access, Addition, BindingId, BindingKind, ImportForm, ImportId, ItemChange, ReferenceId, Runs, ScopeId,
    Site, SymbolPath,
};

impl FilePlanner<'_> {
    /// The chain starts from the module that holds the target.
    pub(super) fn reroot(&mut self, root: Option<BindingId>, chain: &Chain<'_>) -> Result<(), String> {
        let anchors = self.anchors(root, chain);
        if anchors.is_empty() {
            return Err("no import to put the new one beside".to_owned());
        }
        self.start_from(chain, &chain.home.clone(), &anchors)
    }

    /// The chain starts from the symbol itself: its module cannot be had name by name.
    pub(super) fn by_member(&mut self, root: Option<BindingId>, chain: &Chain<'_>) -> Result<(), String> {
        let reference = self.reference(chain.id);
        let is_read = reference.access == Access::Read && self.text_of(reference) == Tail::InCode;
        if !is_read || chain.target.len() <= chain.home.len() {
            return Err(format!("`{}` is hidden by another name of its package", chain.home));
        }
        let anchors = self.anchors(root, chain);
        if anchors.is_empty() {
            return Err("no import to put the new one beside".to_owned());
        }
        self.start_from(chain, &chain.target.prefix(chain.home.len() + 1), &anchors)
    }

    /// The chain starts from `path`, which is imported beside `anchors` unless it is there already.
    fn start_from(
        &mut self,
        chain: &Chain<'_>,
        path: &SymbolPath,
        anchors: &[ImportId],
    ) -> Result<(), String> {
        if let Some(name) = self.known_name(chain, path, anchors) {
            return self.rewrite_from(chain, &name, path);
        }
        let facts = self.view.facts;
        let readers: Vec<ScopeId> = vec![self.reference(chain.id).scope];
        let natural = path.name().to_owned();
        let longer = path.parent().map(|parent| format!("{}_{natural}", parent.name()));
        let mut names = std::iter::once(natural.clone()).chain(longer);
        let scopes: Vec<ScopeId> = anchors.iter().map(|&id| facts.imports[id as usize].scope).collect();
        let name = names
            .find(|name| scopes.iter().all(|&scope| self.is_free(name, scope, &readers, &[])))
            .ok_or_else(|| format!("the name `{natural}` is taken here"))?;
        for &beside in anchors {
            self.add(Addition {
                beside,
                target: path.clone(),
                whole_module: false,
                alias: (name != natural).then(|| name.clone()),
                rule: chain.rule.clone(),
            });
        }
        self.rewrite_from(chain, &name, path)
    }

    /// A name that stands for `module` (or a symbol) wherever the chain is read and whichever of `anchors` has run.
    fn known_name(&self, chain: &Chain<'_>, module: &SymbolPath, anchors: &[ImportId]) -> Option<String> {
        let facts = self.view.facts;
        let reader = self.reference(chain.id).scope;
        let added = |anchor: &ImportId| {
            self.out.changes.additions.iter().find(|addition| {
                let scope = facts.imports[addition.beside as usize].scope;
                addition.target == *module
                    && !addition.whole_module
                    && facts.encloses(scope, reader)
                    && self.runs_with(addition.beside, *anchor)
            })
        };
        let added: Option<Vec<&Addition>> = anchors.iter().map(added).collect();
        if let Some([addition, ..]) = added.as_deref() {
            return Some(addition.alias.clone().unwrap_or_else(|| module.name().to_owned()));
        }
        let start = self.reference(chain.id).segments[0].span.start;
        facts.imports.iter().enumerate().find_map(|(id, import)| {
            let id = id as ImportId;
            let binding = import.binding?;
            let name = &facts.bindings[binding as usize].name;
            let names_module = import.form == ImportForm::Member || import.alias.is_some();
            let stands_for = || self.view.imported(import).is_some_and(|path| path == *module);
            let stays = !self.out.changes.items.contains_key(&id);
            let is_before = facts.is_declarative || import.statement.start < start;
            let runs = is_before && anchors.iter().all(|&anchor| self.runs_with(id, anchor));
            let (_, seen) = facts.lookup(reader, name)?;
            (names_module && stays && runs && seen == [binding] && stands_for()).then(|| name.to_string())
        })
    }

    /// True when `import` has run wherever `anchor` has: both stand in one block, or `import` stands in no branch.
    fn runs_with(&self, import: ImportId, anchor: ImportId) -> bool {
        let imports = &self.view.facts.imports;
        if self.view.facts.is_declarative {
            let anchor = imports[anchor as usize].scope;
            return self.view.facts.encloses(imports[import as usize].scope, anchor);
        }
        imports[import as usize].block == imports[anchor as usize].block || self.is_unconditional(import)
    }

    /// True for an import in the outermost block of the file: nothing stands before that block.
    fn is_unconditional(&self, import: ImportId) -> bool {
        let facts = self.view.facts;
        let import = &facts.imports[import as usize];
        let start = import.block.0;
        let runs_always = import.scope == 0 && import.runs == Runs::Always && !import.in_try;
        runs_always
            && facts.imports.iter().all(|other| other.statement.start >= start)
            && facts.references.iter().all(|other| other.segments[0].span.start >= start)
            && facts.bindings.iter().all(|other| other.span.start >= start)
    }

    /// The imports beside which a new one goes: all that may bind the root, else the first one in a scope around.
    fn anchors(&self, root: Option<BindingId>, chain: &Chain<'_>) -> Vec<ImportId> {
        let reference = self.reference(chain.id);
        let mut anchors = Vec::new();
        if root.is_some() {
            self.collect_anchors(&reference.bindings, 8, &mut anchors);
        }
        if anchors.is_empty() {
            anchors.extend(self.first_import(reference.segments[0].span.start));
        }
        anchors
    }

    fn collect_anchors(&self, bindings: &[BindingId], hops: usize, anchors: &mut Vec<ImportId>) {
        for &binding in bindings {
            match self.kind_of(binding) {
                BindingKind::Import(id) if !anchors.contains(&id) => anchors.push(id),
                BindingKind::Alias(reference) if hops > 0 => {
                    self.collect_anchors(&self.reference(reference).bindings, hops - 1, anchors);
                }
                _ => {}
            }
        }
    }

    /// The first import that always runs and that the place has behind it; nothing goes between those of `__future__`.
    fn first_import(&self, place: u32) -> Option<ImportId> {
        let imports = &self.view.facts.imports;
        let is_fit = |id: &ImportId| {
            let import = &imports[*id as usize];
            let is_future = import.path.first().is_some_and(|name| &*name.name == "__future__");
            import.statement.start < place && !is_future && self.is_unconditional(*id)
        };
        (0..imports.len() as ImportId).find(is_fit)
    }

    /// All chains that start from a plain `import a.…`.
    pub(super) fn plan_plain_root(&mut self, import: ImportId, chains: &[Chain<'_>]) {
        let scope = self.view.facts.imports[import as usize].scope;
        let top = self.view.facts.imports[import as usize].path[0].name.clone();
        let mut done: Vec<&Chain<'_>> = Vec::new();
        for chain in chains {
            let new_top = chain.target.segments()[0].clone();
            let reader = self.reference(chain.id).scope;
            let fits = new_top == top || self.is_bound_plainly(&new_top, scope) || {
                self.is_free(&new_top, scope, &[reader], &[])
            };
            let hides = self.is_hidden(&chain.home);
            let result = if hides {
                let root = self.reference(chain.id).bindings.first().copied();
                self.by_member(root, chain)
            } else if fits {
                self.rewrite_from(chain, &new_top, &chain.target.prefix(1))
            } else {
                Err(format!("the name `{new_top}` is taken here"))
            };
            match result {
                Ok(()) if hides => {}
                Ok(()) => done.push(chain),
                Err(reason) => {
                    self.refuse(chain.found, reason);
                    self.keep_import_of(chain, Some(scope));
                }
            }
        }
        self.load_homes(import, scope, &top, &done);
    }

    /// A chain that stays needs the plain import that loads its module to stay: in its own scope, or in any when the
    /// chain starts from another name.
    pub(super) fn keep_import_of(&mut self, chain: &Chain<'_>, scope: Option<ScopeId>) {
        let facts = self.view.facts;
        let kept: Vec<ImportId> = self
            .out
            .changes
            .items
            .keys()
            .copied()
            .filter(|&id| {
                let import = &facts.imports[id as usize];
                let covers =
                    self.view.imported(import).is_some_and(|path| chain.found.written.starts_with(&path));
                self.is_plain(id) && scope.is_none_or(|scope| import.scope == scope) && covers
            })
            .collect();
        for id in kept {
            self.out.changes.items.remove(&id);
            let import = &facts.imports[id as usize];
            let path = self.view.imported(import);
            // The import stays, so what it loaded on the way needs no import of its own.
            let parent = path.as_ref().and_then(SymbolPath::parent);
            self.out.changes.additions.retain(|addition| {
                addition.beside != id || !addition.whole_module || Some(&addition.target) != parent.as_ref()
            });
            let written = path.map(|path| path.to_string()).unwrap_or_default();
            let reason = format!("`{}` stays and needs it", chain.found.written);
            let (file, rule) = (self.view.file, chain.found.rule);
            let inner = Refused { file, span: import.span, rule, written, reason, is_kept: false };
            self.out.refused.push(SiteRefused { site: Site::Import(id), inner });
        }
    }

    fn is_bound_plainly(&self, top: &str, scope: ScopeId) -> bool {
        let bindings = self.view.facts.scopes[scope as usize].names.get(top);
        bindings.is_some_and(|bindings| {
            bindings
                .iter()
                .all(|&binding| self.is_import(binding).is_some_and(|import| self.is_plain(import)))
        })
    }

    /// Each home must be imported; an import whose chains have all moved on turns into the one that they need.
    fn load_homes(&mut self, import: ImportId, scope: ScopeId, top: &str, chains: &[&Chain<'_>]) {
        let plain = self.plain_imports(scope, top);
        let mut idle: Vec<(ImportId, SymbolPath)> =
            plain.iter().filter(|(id, path)| self.is_idle(*id, path, &plain)).cloned().collect();
        let mut homes: Vec<(&SymbolPath, &str)> =
            chains.iter().map(|chain| (&chain.home, &*chain.rule)).collect();
        homes.sort();
        homes.dedup_by(|left, right| left.0 == right.0);
        idle.retain(|(_, path)| {
            !homes.iter().any(|(home, _)| path.starts_with(&self.view.canonical((*home).clone())))
        });
        let branches = self.branches(import, chains);
        for (home, rule) in homes {
            let missing: Vec<ImportId> =
                branches.iter().copied().filter(|&branch| !self.is_loaded(home, scope, branch)).collect();
            if missing.is_empty() {
                continue;
            }
            let rule = rule.to_owned();
            if let Some(position) = idle.iter().position(|(_, path)| path.len() > 1) {
                let (id, _) = idle.remove(position);
                self.change_item(id, ItemChange::Move { target: home.clone(), local: None, rule });
            } else {
                for beside in missing {
                    let (target, rule) = (home.clone(), rule.clone());
                    self.add(Addition { beside, target, whole_module: true, alias: None, rule });
                }
            }
        }
        for (id, _) in idle {
            let rule = chains.first().map(|chain| chain.rule.clone()).unwrap_or_default();
            self.change_item(id, ItemChange::Remove { rule });
        }
    }

    /// One import of each branch that may have bound the root of the chains; `import` alone when it always runs.
    fn branches(&self, import: ImportId, chains: &[&Chain<'_>]) -> Vec<ImportId> {
        let mut branches = vec![import];
        if self.is_unconditional(import) {
            return branches;
        }
        for &binding in chains.iter().flat_map(|chain| &self.reference(chain.id).bindings) {
            let Some(id) = self.is_import(binding) else { continue };
            if !branches.iter().any(|&known| self.runs_with(known, id)) {
                branches.push(id);
            }
        }
        branches
    }

    /// The plain imports in one scope that bind `top` and stay as they are so far.
    fn plain_imports(&self, scope: ScopeId, top: &str) -> Vec<(ImportId, SymbolPath)> {
        let facts = self.view.facts;
        let bindings = facts.scopes[scope as usize].bindings(top);
        let plain = bindings.iter().filter_map(|&binding| {
            let id = self.is_import(binding).filter(|&id| self.is_plain(id))?;
            Some((id, self.view.imported(&facts.imports[id as usize])?))
        });
        plain.filter(|(id, _)| !self.out.changes.items.contains_key(id)).collect()
    }

    /// True when chains went through this import and all of them have moved away.
    fn is_idle(&self, id: ImportId, path: &SymbolPath, plain: &[(ImportId, SymbolPath)]) -> bool {
        let Some(binding) = self.view.facts.imports[id as usize].binding else { return false };
        if self.keeps_import(id) {
            return false;
        }
        let mut moved = false;
        for &user in self.users_of(binding) {
            let Some(written) = self.written(user) else { return false };
            let nearest =
                plain.iter().filter(|(_, other)| written.starts_with(other)).map(|(_, other)| other.len());
            if nearest.max() != Some(path.len()) || !written.starts_with(path) {
                continue;
            }
            if !self.rerooted.contains(&user) {
                return false;
            }
            moved = true;
        }
        let twin = plain.iter().any(|(other, other_path)| *other != id && other_path == path);
        moved && !twin
    }

    fn written(&self, user: ReferenceId) -> Option<SymbolPath> {
        let reference = self.reference(user);
        let root = self.view.root(reference)?;
        Some(self.view.canonical(root.join(reference.segments[1..].iter().map(|segment| &segment.name))))
    }

    /// True when a plain import in the scope that runs with `branch` loads `home`, as things will be.
    fn is_loaded(&self, home: &SymbolPath, scope: ScopeId, branch: ImportId) -> bool {
        let facts = self.view.facts;
        let home = &self.view.canonical(home.clone());
        let by_import = facts.imports.iter().enumerate().any(|(id, import)| {
            let id = id as ImportId;
            let after = match self.out.changes.items.get(&id) {
                Some(ItemChange::Move { target, local: None, .. }) => Some(target.clone()),
                Some(_) => None,
                None => self.view.imported(import),
            };
            self.is_plain(id)
                && import.scope == scope
                && self.runs_with(id, branch)
                && after.is_some_and(|path| self.view.canonical(path).starts_with(home))
        });
        by_import
            || self.out.changes.additions.iter().any(|addition| {
                addition.whole_module
                    && self.runs_with(addition.beside, branch)
                    && self.view.canonical(addition.target.clone()).starts_with(home)
                    && addition.alias.is_none()
            })
    }
}
