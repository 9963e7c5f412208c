//! How the paths of a replacement are spelled at the place of a match: by what is imported there, else by an import that comes.

use super::free::is_free;
use super::usages::{Planner, Spelled, UsageJob};
use crate::model::{
    Addition, BindingId, BindingKind, Import, ImportForm, ImportId, Runs, ScopeId, Span, SymbolPath,
};
use rustc_hash::FxHashMap;

impl<'run> Planner<'run> {
    /// Spells all paths of a job.
    pub fn spell<'job>(&self, job: &'job UsageJob<'job>) -> Result<Spelled<'job>, String> {
        let written = job.found.paths(job.pattern, self.request.tree);
        let via = written.iter().filter_map(|(_, span)| self.import_at(span.start)).collect();
        let mut spelled = Spelled {
            job,
            texts: FxHashMap::default(),
            additions: Vec::new(),
            first: Vec::new(),
            turned: Vec::new(),
            via,
        };
        let scope = self.scope_at(job.found.span);
        for (node, path) in job.pattern.new_paths() {
            if let Some((_, span)) = written.iter().find(|(old, _)| *old == path) {
                let text = span.of(self.request.source.text()).to_owned();
                spelled.texts.insert(node, text);
                continue;
            }
            // A name that is no import in what was found is none in what is written instead.
            let is_text = written.iter().any(|(old, span)| {
                old.segments()[0] == path.segments()[0] && self.import_at(span.start).is_none()
            });
            if !is_text && self.is_symbol(path, scope) {
                self.stays_outside(path, scope)?;
                self.spell_symbol(node, path, scope, &mut spelled)?;
            }
        }
        Ok(spelled)
    }

    /// Whether a path leads to a module or out of one: nothing else is bound to its first name.
    fn is_symbol(&self, path: &SymbolPath, scope: ScopeId) -> bool {
        let first = &path.segments()[0];
        let is_bound = || self.facts().lookup(scope, first).is_some();
        self.chains.names_module(path) || !is_bound() && !self.front_end().is_builtin(first)
    }

    /// A function that makes something may not come to call itself for it.
    fn stays_outside(&self, path: &SymbolPath, scope: ScopeId) -> Result<(), String> {
        let (facts, end) = (self.facts(), self.chains.end_of(path));
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

    fn spell_symbol(
        &self,
        node: u32,
        path: &SymbolPath,
        scope: ScopeId,
        spelled: &mut Spelled<'_>,
    ) -> Result<(), String> {
        let path = self.request.view.canonical(self.request.declared.moved(path));
        if let Some(text) = self.known_spelling(&path, scope, &spelled.via) {
            spelled.texts.insert(node, text);
            return Ok(());
        }
        let name = path.name();
        let text = self.front_end().name(name);
        let rule = spelled.job.rule.to_owned();
        let Some(beside) = spelled.via.last().copied().or_else(|| self.first_import(spelled.job.found.span))
        else {
            let tree = self.request.tree;
            let inline = self.front_end().inline_path(&path, self.request.surroundings);
            let (text, first) = match inline {
                Some(inline) => (inline, None),
                None => (text, Some(self.front_end().first_import(tree, &path))),
            };
            if first.is_some() && !is_free(self.facts(), name, 0, &[scope], &[]) {
                return Err(format!("`{name}` is bound to something else here"));
            }
            spelled.first.extend(first);
            spelled.texts.insert(node, text);
            return Ok(());
        };
        let import = &self.facts().imports[beside as usize];
        if is_free(self.facts(), name, import.scope, &[scope], &[]) {
            let target = path.clone();
            spelled.additions.push(Addition { beside, target, whole_module: false, alias: None, rule });
        } else if self.may_turn(import, name, scope) {
            spelled.turned.push((beside, path.clone()));
        } else {
            return Err(format!("`{name}` is bound to something else here"));
        }
        spelled.texts.insert(node, text);
        Ok(())
    }

    /// True for an import of one name under this name, which means nothing else there.
    fn may_turn(&self, import: &Import, name: &str, scope: ScopeId) -> bool {
        let own: Vec<BindingId> = import.binding.into_iter().collect();
        let is_plain = import.form == ImportForm::Member && import.alias.is_none();
        is_plain
            && import.member.as_ref().is_some_and(|member| *member.name == *name)
            && is_free(self.facts(), name, import.scope, &[scope], &own)
    }

    /// The path by a name that is there already, best by one of the imports by which the match was written.
    fn known_spelling(&self, path: &SymbolPath, scope: ScopeId, via: &[ImportId]) -> Option<String> {
        let facts = self.facts();
        let view = self.request.view;
        let own = view.module_path(facts.module_scope(scope));
        if own.as_ref() == path.parent().as_ref() {
            let (owner, bindings) = facts.lookup(scope, path.name())?;
            let is_definition = |&id: &BindingId| matches!(view.binding(id).kind, BindingKind::Definition);
            let is_own = owner == facts.module_scope(scope) && bindings.iter().all(is_definition);
            return is_own.then(|| self.front_end().name(path.name()));
        }
        let end = self.chains.end_of(path);
        let mut below = None;
        let others = (0..facts.imports.len() as ImportId).filter(|id| !via.contains(id));
        let imports = via.iter().copied().chain(others).map(|id| &facts.imports[id as usize]);
        for import in imports.filter(|import| import.runs != Runs::Never) {
            let Some(binding) = import.binding else { continue };
            let local = &*view.binding(binding).name;
            let is_seen = facts.lookup(scope, local).is_some_and(|(_, bindings)| bindings == [binding]);
            let Some(imported) = view.imported(import).filter(|_| is_seen) else { continue };
            let binds_top = import.form == ImportForm::Module && import.alias.is_none();
            if !binds_top && self.chains.end_of(&imported) == end {
                return Some(local.to_owned());
            }
            let is_home = path.parent().is_some_and(|parent| parent == imported);
            if is_home && below.is_none() {
                let written: Vec<&str> = match binds_top {
                    true => import.path.iter().map(|segment| &*segment.name).collect(),
                    false => vec![local],
                };
                let names = written.into_iter().chain([path.name()]);
                below = Some(names.collect::<Vec<_>>().join(path.language().separator()));
            }
        }
        below
    }

    /// The import that a name is bound by, when it is one and nothing else.
    fn import_at(&self, start: u32) -> Option<ImportId> {
        let reference = self.chains.reference(start)?;
        let [binding] = reference.bindings[..] else { return None };
        match self.facts().bindings[binding as usize].kind {
            BindingKind::Import(import) => Some(import),
            _ => None,
        }
    }

    /// The last import at the top of the file, before what it defines.
    fn first_import(&self, place: Span) -> Option<ImportId> {
        let facts = self.facts();
        let start = |binding: BindingId| facts.bindings[binding as usize].span.start;
        let defined = facts.definitions.iter().map(|definition| start(definition.binding)).min();
        let end = defined.unwrap_or(u32::MAX).min(place.start);
        let top = facts.imports.iter().filter(|import| import.scope == 0).map(|import| import.block).min()?;
        let is_plain = |import: &Import| {
            import.scope == 0 && import.block == top && import.runs == Runs::Always && !import.in_try
        };
        let all = (0..).zip(&facts.imports).filter(|(_, import)| is_plain(import));
        all.take_while(|(_, import)| import.statement.start < end).last().map(|(id, _)| id)
    }

    /// The scope of the first name in a span.
    fn scope_at(&self, span: Span) -> ScopeId {
        let is_inside = |start: u32| span.start <= start && start < span.end;
        let mut references = self.facts().references.iter();
        let first = references.find(|reference| is_inside(reference.segments[0].span.start));
        first.map_or(0, |reference| reference.scope)
    }
}
