//! Where a rewritten chain starts: another import, one that is there already or a new one beside the old.

use super::chains::Chain;
use super::file_planner::FilePlanner;
use crate::model::{
    Addition, BindingId, BindingKind, ImportForm, ImportId, ItemChange, ReferenceId, ScopeId, SymbolPath,
};

impl FilePlanner<'_> {
    /// The chain starts from the module that holds the target.
    pub(super) fn reroot(&mut self, root: Option<BindingId>, chain: &Chain<'_>) -> Result<(), String> {
        let reader = self.reference(chain.id).scope;
        if let Some(name) = self.known_name(&chain.home, reader) {
            return self.rewrite_from(chain, &name, &chain.home.clone());
        }
        let anchor = self.anchor(root, reader).ok_or("no import to put the new one beside")?;
        let scope = self.view.facts.imports[anchor as usize].scope;
        let readers: Vec<ScopeId> = vec![reader];
        let natural = chain.home.name().to_owned();
        let longer = chain.home.parent().map(|parent| format!("{}_{natural}", parent.name()));
        let mut names = std::iter::once(natural.clone()).chain(longer);
        let name = names
            .find(|name| self.is_free(name, scope, &readers, &[]))
            .ok_or_else(|| format!("the name `{natural}` is taken here"))?;
        self.add(Addition {
            beside: anchor,
            target: chain.home.clone(),
            whole_module: false,
            alias: (name != natural).then(|| name.clone()),
            rule: chain.rule.clone(),
        });
        self.rewrite_from(chain, &name, &chain.home.clone())
    }

    /// A name that stands for `module` wherever `reader` looks it up: imported already, or to be.
    fn known_name(&self, module: &SymbolPath, reader: ScopeId) -> Option<String> {
        let facts = self.view.facts;
        let added = self.out.changes.additions.iter().find(|addition| {
            let scope = facts.imports[addition.beside as usize].scope;
            addition.target == *module && !addition.whole_module && facts.encloses(scope, reader)
        });
        if let Some(addition) = added {
            return Some(addition.alias.clone().unwrap_or_else(|| module.name().to_owned()));
        }
        facts.imports.iter().enumerate().find_map(|(id, import)| {
            let binding = import.binding?;
            let name = &facts.bindings[binding as usize].name;
            let names_module = import.form == ImportForm::Member || import.alias.is_some();
            let stands_for = || self.view.imported(import).is_some_and(|path| path == *module);
            let stays = !self.out.changes.items.contains_key(&(id as ImportId));
            let (_, seen) = facts.lookup(reader, name)?;
            (names_module && stays && seen == [binding] && stands_for()).then(|| name.to_string())
        })
    }

    /// The import beside which a new one goes: the one that binds the root, else the first one in a scope around.
    fn anchor(&self, root: Option<BindingId>, reader: ScopeId) -> Option<ImportId> {
        let mut binding = root;
        for _ in 0..8 {
            match binding.map(|binding| self.kind_of(binding)) {
                Some(BindingKind::Import(id)) => return Some(id),
                Some(BindingKind::Alias(reference)) => {
                    binding = self.reference(reference).bindings.first().copied();
                }
                _ => break,
            }
        }
        let visible = |import: &crate::model::Import| {
            import.scope == 0
                && !import.type_checking
                && !import.in_try
                && self.view.facts.encloses(0, reader)
        };
        let found = self.view.facts.imports.iter().position(visible)?;
        let is_future =
            self.view.facts.imports[found].path.first().is_some_and(|name| &*name.name == "__future__");
        let found = if is_future { found + 1 } else { found };
        (found < self.view.facts.imports.len()).then_some(found as ImportId)
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
            let result = if fits {
                self.rewrite_from(chain, &new_top, &chain.target.prefix(1))
            } else {
                Err(format!("the name `{new_top}` is taken here"))
            };
            match result {
                Ok(()) => done.push(chain),
                Err(reason) => {
                    self.refuse(chain.found, reason.clone());
                    self.keep_import_of(chain, scope, &reason);
                }
            }
        }
        self.load_homes(import, scope, &top, &done);
    }

    /// A chain that stays needs its import to stay.
    fn keep_import_of(&mut self, chain: &Chain<'_>, scope: ScopeId, _reason: &str) {
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
                self.is_plain(id) && import.scope == scope && covers
            })
            .collect();
        for id in kept {
            self.out.changes.items.remove(&id);
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
        idle.retain(|(_, path)| !homes.iter().any(|(home, _)| path.starts_with(&self.view.canonical(home))));
        for (home, rule) in homes {
            if self.is_loaded(home, scope) {
                continue;
            }
            let rule = rule.to_owned();
            if let Some(position) = idle.iter().position(|(_, path)| path.len() > 1) {
                let (id, _) = idle.remove(position);
                self.change_item(id, ItemChange::Move { target: home.clone(), local: None, rule });
            } else {
                self.add(Addition {
                    beside: import,
                    target: home.clone(),
                    whole_module: true,
                    alias: None,
                    rule,
                });
            }
        }
        for (id, _) in idle {
            let rule = chains.first().map(|chain| chain.rule.clone()).unwrap_or_default();
            self.change_item(id, ItemChange::Remove { rule });
        }
    }

    /// The plain imports in one scope that bind `top` and stay as they are so far.
    fn plain_imports(&self, scope: ScopeId, top: &str) -> Vec<(ImportId, SymbolPath)> {
        let facts = self.view.facts;
        let bindings = facts.scopes[scope as usize].names.get(top).map_or(&[][..], Vec::as_slice);
        let plain = bindings.iter().filter_map(|&binding| {
            let id = self.is_import(binding).filter(|&id| self.is_plain(id))?;
            Some((id, self.view.imported(&facts.imports[id as usize])?))
        });
        plain.filter(|(id, _)| !self.out.changes.items.contains_key(id)).collect()
    }

    /// True when chains went through this import and all of them have moved away.
    fn is_idle(&self, id: ImportId, path: &SymbolPath, plain: &[(ImportId, SymbolPath)]) -> bool {
        let Some(binding) = self.view.facts.imports[id as usize].binding else { return false };
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
        Some(self.view.canonical(&root.join(reference.segments[1..].iter().map(|segment| &segment.name))))
    }

    /// True when a plain import in the scope loads `home`, as things will be.
    fn is_loaded(&self, home: &SymbolPath, scope: ScopeId) -> bool {
        let facts = self.view.facts;
        let home = &self.view.canonical(home);
        let by_import = facts.imports.iter().enumerate().any(|(id, import)| {
            let id = id as ImportId;
            let after = match self.out.changes.items.get(&id) {
                Some(ItemChange::Move { target, local: None, .. }) => Some(target.clone()),
                Some(_) => None,
                None => self.view.imported(import),
            };
            self.is_plain(id)
                && import.scope == scope
                && after.is_some_and(|path| self.view.canonical(&path).starts_with(home))
        });
        by_import
            || self.out.changes.additions.iter().any(|addition| {
                addition.whole_module
                    && self.view.canonical(&addition.target).starts_with(home)
                    && addition.alias.is_none()
            })
    }
}
