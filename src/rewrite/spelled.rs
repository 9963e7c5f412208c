//! How the paths of a replacement are spelled at the place of a match: by what is imported there, else by an import that comes.

use super::by_module::is_by_top;
use super::free::is_free;
use super::usages::{Planner, Spelled, UsageJob};
use crate::graph::Provided;
use crate::model::{
    Addition, BindingId, BindingKind, Block, Import, ImportForm, ImportId, Runs, ScopeId, ScopeKind, Span,
    SymbolPath,
};
use rustc_hash::FxHashMap;

/// How the reason begins where nothing tells whether a name is that of a package.
pub const UNKNOWN: &str = "nothing says what";

impl<'run> Planner<'run> {
    /// Spells all paths of a job.
    pub fn spell<'job>(&self, job: &'job UsageJob<'job>) -> Result<Spelled<'job>, String> {
        let written = job.found.paths(job.pattern, self.request.tree);
        self.is_sure(job, &written)?;
        let via = written.iter().filter_map(|(_, span)| self.import_at(span.start)).collect();
        let mut spelled = Spelled {
            job,
            texts: FxHashMap::default(),
            additions: Vec::new(),
            first: Vec::new(),
            new: Vec::new(),
            turned: Vec::new(),
            via,
        };
        for (node, path) in job.pattern.new_paths() {
            if let Some((_, span)) = written.iter().find(|(old, _)| *old == path) {
                let text = span.of(self.request.source.text()).to_owned();
                spelled.texts.insert(node, text);
                continue;
            }
            // A name that is a local value in what was found is one in what is written instead.
            let is_text = written.iter().any(|(old, span)| {
                let is_local = || !self.stands_for_symbol(*span) && self.import_at(span.start).is_none();
                old.segments()[0] == path.segments()[0] && (is_local() || self.stands_for_itself(old, *span))
            });
            if !is_text && self.is_symbol(path, &spelled)? {
                self.spell_symbol(node, path, &mut spelled)?;
            }
        }
        Ok(spelled)
    }

    /// Whether a path of the pattern is no more than its text in a span.
    pub(super) fn stands_for_itself(&self, path: &SymbolPath, span: Span) -> bool {
        span.of(self.request.source.text()) == path.to_string()
            && self.chains.stands_for_itself(span.start, path)
    }

    /// Whether the chain in a span stands for something that is no local value.
    pub(super) fn stands_for_symbol(&self, span: Span) -> bool {
        let count = self.chains.names_in(span).len().max(1);
        self.chains.identity(span.start, count).is_some()
    }

    /// Whether a path leads to a module or out of one: nothing else is bound to its first name.
    fn is_symbol(&self, path: &SymbolPath, spelled: &Spelled<'_>) -> Result<bool, String> {
        let place = spelled.job.found.span;
        let scope = self.facts().scope_around(place);
        let first = &path.segments()[0];
        if self.chains.names_module(path) {
            return Ok(true);
        }
        if self.front_end().is_builtin(first) {
            return self.is_builtin_there(first, scope).map(|()| false);
        }
        if let Some((owner, bindings)) = self.facts().lookup(scope.unwrap_or_default(), first) {
            // What is meant is rather the module than this.
            let is_other = self.front_end().is_standard(first)
                || self.request.brought.contains(&**first)
                || scope == Some(owner) && self.is_bound_later(bindings, place);
            return if is_other {
                Err(format!("`{first}` is bound to something else here"))
            } else {
                Ok(false)
            };
        }
        let modules = self.request.view.graph.modules();
        match self.front_end().is_standard(first) {
            true => Ok(true),
            false if modules.begins_path(path.language(), first) => Err(format!("`{path}` does not exist")),
            // What takes the place of something that was imported is imported too.
            false if self.request.brought.contains(&**first) || self.is_of_import(spelled) => Ok(true),
            false => Err(format!("{UNKNOWN} `{first}` is here")),
        }
    }

    /// Whether nothing has given a name of this scope its value when the code in `place` runs.
    pub(super) fn is_bound_later(&self, bindings: &[BindingId], place: Span) -> bool {
        let statement = self.request.tree.assignment_around(place).unwrap_or(place);
        let start = |id: BindingId| self.facts().bindings[id as usize].span.start;
        !self.facts().is_declarative && bindings.iter().all(|&id| start(id) >= statement.start)
    }

    /// Whether there is such a symbol, and the place may see it.
    fn is_there(&self, path: &SymbolPath, scope: ScopeId) -> Result<(), String> {
        let view = self.request.view;
        if view.graph.exists(path, Some(view.file)) == Some(false) {
            return Err(format!("`{path}` does not exist"));
        }
        match view.graph.hidden_part(path, (view.file, scope)) {
            Some(hidden) => Err(format!("`{hidden}` is private")),
            None => Ok(()),
        }
    }

    /// A function that makes something may not come to call itself for it.
    fn stays_outside(&self, symbol: &SymbolPath, scope: ScopeId) -> Result<(), String> {
        let (facts, end) = (self.facts(), self.chains.end_of(symbol));
        let mut at = Some(scope);
        while let Some(current) = at {
            let here = &facts.scopes[current as usize];
            let own = here.parent.and_then(|parent| self.request.view.module_path(parent));
            if here.name == *end.name() && own.is_some_and(|own| Some(own) == end.parent()) {
                return Err(format!("this is inside of `{end}` itself"));
            }
            at = here.parent;
        }
        Ok(())
    }

    fn spell_symbol(&self, node: u32, path: &SymbolPath, spelled: &mut Spelled<'_>) -> Result<(), String> {
        let place = spelled.job.found.span;
        let scope = self.facts().scope_around(place);
        let path = self.request.view.canonical(self.request.declared.moved(path));
        self.is_there(&path, scope.unwrap_or_default())?;
        if let Some(text) = self.known_spelling(&path, scope, place, &spelled.via) {
            self.stays_outside(&path, scope.unwrap_or_default())?;
            spelled.texts.insert(node, text);
            return Ok(());
        }
        // Where every path can be written in place, one that came by no import goes by none.
        let inline = self.front_end().inline_path(&path, self.request.surroundings);
        let reach = self.reach(&path, inline.is_some());
        if let Some(inline) = inline.filter(|_| spelled.via.is_empty() || reach.is_none()) {
            self.stays_outside(&path, scope.unwrap_or_default())?;
            spelled.texts.insert(node, inline);
            return Ok(());
        }
        let Some(reach) = reach else {
            return Err(format!("it is not known which part of `{path}` is a module"));
        };
        if let Some(guarded) = self.guarded(&path, &spelled.via) {
            return Err(format!("`{guarded}` is imported only under a condition here"));
        }
        let symbol = path.prefix(reach);
        self.stays_outside(&symbol, scope.unwrap_or_default())?;
        let beside = spelled.via.last().copied().or_else(|| self.first_import(place));
        let spell_by_module = |spelled: &mut Spelled<'_>| {
            self.spell_by_module(node, (&path, reach), (beside?, scope?), spelled).then_some(())
        };
        if self.is_by_top(spelled) && spell_by_module(spelled).is_some() {
            return Ok(());
        }
        let name = symbol.name();
        let names = [self.front_end().name(name)];
        let rest = path.segments()[reach..].iter().map(ToString::to_string);
        let text = names.into_iter().chain(rest).collect::<Vec<_>>().join(path.language().separator());
        let scope = match scope {
            Some(scope) => scope,
            // Where no name is read the scope is not known: then no other one may have it.
            None if self.facts().scopes.iter().any(|scope| scope.names.contains_key(name)) => {
                return Err(format!("`{name}` is bound to something in this file"));
            }
            None => 0,
        };
        let rule = spelled.job.rule.to_owned();
        let Some(beside) = beside else {
            if !is_free(self.facts(), name, 0, &[scope], &[]) {
                return Err(format!("`{name}` is bound to something else here"));
            }
            let first = self.front_end().first_import(self.request.tree, &symbol);
            let first = first.ok_or_else(|| format!("no import of `{name}` has a place here"))?;
            spelled.first.push(first);
            spelled.new.push(symbol);
            spelled.texts.insert(node, text);
            return Ok(());
        };
        let import = &self.facts().imports[beside as usize];
        let binds_elsewhere =
            |binding: BindingId| self.facts().bindings[binding as usize].scope != import.scope;
        if import.binding.is_some_and(binds_elsewhere) {
            return Err("its import binds a name of the scope around".to_owned());
        }
        if self.may_be_hidden_by_star(import, name, &symbol) {
            return Err(format!("a star import further down may bind `{name}`"));
        }
        if is_free(self.facts(), name, import.scope, &[scope], &[]) {
            let target = symbol.clone();
            spelled.additions.push(Addition { beside, target, whole_module: false, alias: None, rule });
        } else if self.may_turn(import, name, scope) {
            spelled.turned.push((beside, symbol.clone()));
        } else {
            return spell_by_module(spelled)
                .ok_or_else(|| format!("`{name}` is bound to something else here"));
        }
        spelled.new.push(symbol);
        spelled.texts.insert(node, text);
        Ok(())
    }

    /// Whether a star import behind the import of one name may bind that to something else.
    pub(super) fn is_member_hidden_by_star(&self, import: ImportId, name: &str) -> bool {
        let import = &self.facts().imports[import as usize];
        let imported = self.request.view.imported(import).filter(|_| import.form == ImportForm::Member);
        imported.is_some_and(|symbol| self.may_be_hidden_by_star(import, name, &symbol))
    }

    /// Whether a star import behind an import may bind `name` to something else than a symbol.
    pub(super) fn may_be_hidden_by_star(&self, import: &Import, name: &str, symbol: &SymbolPath) -> bool {
        !self.facts().is_declarative
            && match self.request.view.provided_behind(import, name) {
                Provided::Missing => false,
                Provided::Alias(path) => self.chains.end_of(&path) != self.chains.end_of(symbol),
                _ => true,
            }
    }

    /// True for an import of one name under this name, which means nothing else there.
    fn may_turn(&self, import: &Import, name: &str, scope: ScopeId) -> bool {
        let own: Vec<BindingId> = import.binding.into_iter().collect();
        let is_attribute = self.facts().scopes[import.scope as usize].kind == ScopeKind::Class;
        let is_plain = import.form == ImportForm::Member && import.alias.is_none();
        is_plain
            && !is_attribute
            && import.member.as_ref().is_some_and(|member| *member.name == *name)
            && is_free(self.facts(), name, import.scope, &[scope], &own)
    }

    /// The path by a name that is there already, best by one of the imports by which the match was written.
    fn known_spelling(
        &self,
        path: &SymbolPath,
        scope: Option<ScopeId>,
        place: Span,
        via: &[ImportId],
    ) -> Option<String> {
        let (facts, view) = (self.facts(), self.request.view);
        let scope = scope?;
        let separator = path.language().separator();
        let own = view.module_path(facts.module_scope(scope));
        if own.as_ref() == path.parent().as_ref() {
            let (owner, bindings) = facts.lookup(scope, path.name())?;
            let is_definition = |&id: &BindingId| matches!(view.binding(id).kind, BindingKind::Definition);
            let is_own = owner == facts.module_scope(scope) && bindings.iter().all(is_definition);
            return is_own.then(|| self.front_end().name(path.name()));
        }
        let end = self.chains.end_of(path);
        let mut below: Option<(usize, String)> = None;
        let others = (0..facts.imports.len() as ImportId)
            .filter(|id| !via.contains(id))
            .filter(|id| self.is_bound_at(*id, place) || via.iter().any(|via| self.run_together(*via, *id)));
        for id in via.iter().copied().chain(others) {
            let import = &facts.imports[id as usize];
            let Some(binding) = import.binding else { continue };
            let local = &*view.binding(binding).name;
            // Where the match reads the name nothing has deleted it yet.
            let is_gone =
                |other: BindingId| view.binding(other).kind == BindingKind::Deletion && via.contains(&id);
            let is_seen = facts.lookup(scope, local).is_some_and(|(_, bindings)| {
                bindings
                    .iter()
                    .all(|&other| other == binding || is_gone(other) || self.bind_one_package(binding, other))
                    && bindings.contains(&binding)
            });
            let Some(imported) = view.imported(import).filter(|_| is_seen) else { continue };
            let binds_top = is_by_top(import);
            if !binds_top && self.chains.end_of(&imported) == end {
                return Some(local.to_owned());
            }
            if binds_top && imported == *path {
                let written = import.path.iter().map(|segment| segment.name.to_string());
                return Some(written.collect::<Vec<_>>().join(separator));
            }
            let is_open = !self.is_behind_other(path);
            let is_longer = below.as_ref().is_none_or(|(length, _)| *length < imported.len());
            if path.starts_with(&imported) && path.len() > imported.len() && is_longer && is_open {
                let written: Vec<&str> = match binds_top {
                    true => import.path.iter().map(|segment| &*segment.name).collect(),
                    false => vec![local],
                };
                let rest = path.segments()[imported.len()..].iter().map(|name| &**name);
                // Of a package only what it is known to hold can be read behind its name: no module that nothing imports.
                let is_held = match self.known_reach(path) {
                    Some(reach) => {
                        imported.len() + 1 >= reach && !self.is_module_apart(&path.prefix(imported.len() + 1))
                    }
                    None => via.contains(&id) || below.is_none() && imported.len() + 1 >= path.len(),
                };
                if is_held {
                    let text = written.into_iter().chain(rest).collect::<Vec<_>>().join(separator);
                    below = Some((imported.len(), text));
                }
            }
        }
        below.map(|(_, text)| text)
    }

    /// Whether an import holds at a place whatever runs before: at the top of the file, before it.
    fn is_bound_at(&self, id: ImportId, place: Span) -> bool {
        let import = &self.facts().imports[id as usize];
        if !self.facts().is_declarative {
            return self.is_at_top(import) && import.statement.start < place.start;
        }
        // Whatever an attribute says: it may be a condition.
        let before = self.request.source.text()[..import.statement.start as usize].trim_end();
        let text = import.statement.of(self.request.source.text());
        import.runs == Runs::Always && !before.ends_with(']') && !text.starts_with('#')
    }

    /// Whether an import stands at the top level of the file and runs in any case.
    pub(super) fn is_at_top(&self, import: &Import) -> bool {
        let first = self.request.tree.first_statement();
        import.scope == 0
            && import.runs == Runs::Always
            && !import.in_try
            && first.is_some_and(|first| import.block == Block(first))
    }

    /// Whether a path is that of a module which has to be imported to be there (Python reference, 5.4.2).
    fn is_module_apart(&self, path: &SymbolPath) -> bool {
        let longest = self.request.view.graph.modules().longest(path, Some(self.request.view.file));
        !self.facts().is_declarative && longest.is_some_and(|(_, count)| count == path.len())
    }

    /// The last import at the top of the file, before what it defines.
    fn first_import(&self, place: Span) -> Option<ImportId> {
        let facts = self.facts();
        let start = |binding: BindingId| facts.bindings[binding as usize].span.start;
        let defined = facts.definitions.iter().map(|definition| start(definition.binding)).min();
        let end = defined.unwrap_or(u32::MAX).min(place.start);
        let is_plain = |import: &Import| {
            if facts.is_declarative {
                import.scope == 0 && import.runs == Runs::Always
            } else {
                self.is_at_top(import)
            }
        };
        let all = (0..).zip(&facts.imports).filter(|(_, import)| is_plain(import));
        all.take_while(|(_, import)| import.statement.start < end).last().map(|(id, _)| id)
    }
}
