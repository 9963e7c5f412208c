//! A path in the way of the code around: what was written behind an `import a` becomes something behind an `import b`.

use super::free::is_free;
use super::usages::{Planner, Spelled};
use crate::model::{Addition, BindingId, BindingKind, Import, ImportForm, ImportId, ScopeId, SymbolPath};

impl Planner<'_> {
    /// Whether a match is written from a top package on.
    pub(super) fn is_by_top(&self, spelled: &Spelled<'_>) -> bool {
        spelled.via.last().is_some_and(|&id| is_by_top(&self.facts().imports[id as usize]))
    }

    /// Whether a match is written by an import, where nothing else can bind a name.
    pub(super) fn is_of_import(&self, spelled: &Spelled<'_>) -> bool {
        !spelled.via.is_empty() && !self.facts().is_declarative
    }

    /// The import that a name is bound by, when nothing else binds it. Of several that bind one package (`import a.b`,
    /// `import a.c`) it is the one that the chain goes along.
    pub(super) fn import_at(&self, start: u32) -> Option<ImportId> {
        let reference = self.chains.reference(start)?;
        let import = |binding: BindingId| match self.facts().bindings[binding as usize].kind {
            BindingKind::Import(import) => Some(import),
            _ => None,
        };
        let all: Option<Vec<ImportId>> = self.request.view.meant(reference).map(import).collect();
        let all = all?;
        if let [only] = all[..] {
            return Some(only);
        }
        let import = |id: ImportId| &self.facts().imports[id as usize];
        let leads_on = |id: &ImportId| {
            let (path, names) = (&import(*id).path, reference.segments.iter().map(|segment| &segment.name));
            path.iter().map(|segment| &segment.name).eq(names.take(path.len()))
        };
        let all_by_top =
            all.iter().all(|&id| is_by_top(import(id)) && import(id).scope == import(all[0]).scope);
        all.into_iter().filter(leads_on).filter(|_| all_by_top).max_by_key(|&id| import(id).path.len())
    }

    /// Spells a path from its top package on, when the import of its module has a place beside another one. `reach` names of it
    /// lead to what an import could bring in.
    pub(super) fn spell_by_module(
        &self,
        node: u32,
        (path, reach): (&SymbolPath, usize),
        (beside, scope): (ImportId, ScopeId),
        spelled: &mut Spelled<'_>,
    ) -> bool {
        // Of a package that nobody knows only what it holds itself is there for sure once it is imported.
        let holds_member = match self.known_module(path) {
            Some(count) => reach == count + 1,
            None => path.len() == 2 && reach == 2,
        };
        let import = &self.facts().imports[beside as usize];
        if !holds_member || self.facts().is_declarative || self.is_behind_other(path) {
            return false;
        }
        let (module, top) = (path.prefix(reach - 1), path.prefix(1));
        let same_top = |id: &ImportId| {
            let import = &self.facts().imports[*id as usize];
            is_by_top(import) && *import.path[0].name == *top.name()
        };
        let bindings = &self.facts().bindings;
        let own = (0..bindings.len() as BindingId).filter(|&id| match bindings[id as usize].kind {
            BindingKind::Import(import) => same_top(&import),
            _ => false,
        });
        let own: Vec<BindingId> = own.collect();
        let is_elsewhere =
            import.binding.is_some_and(|binding| bindings[binding as usize].scope != import.scope);
        if is_elsewhere
            || self.may_be_hidden_by_star(import, top.name(), &top)
            || !is_free(self.facts(), top.name(), import.scope, &[scope], &own)
        {
            return false;
        }
        let names = path.segments().iter().map(|name| self.front_end().name(name));
        spelled.texts.insert(node, names.collect::<Vec<_>>().join(path.language().separator()));
        let rule = spelled.job.rule.to_owned();
        spelled.additions.push(Addition { beside, target: module, whole_module: true, alias: None, rule });
        spelled.new.push(top);
        true
    }

    /// Whether two bindings of one name are imports of modules in one package: then they bind the same.
    pub(super) fn bind_one_package(&self, one: BindingId, other: BindingId) -> bool {
        let bindings = [one, other].map(|id| &self.facts().bindings[id as usize]);
        bindings[0].scope == bindings[1].scope
            && bindings.iter().all(|binding| match binding.kind {
                BindingKind::Import(import) => is_by_top(&self.facts().imports[import as usize]),
                _ => false,
            })
    }

    /// Whether two imports of one block stand side by side: where one has run the other has.
    pub(super) fn run_together(&self, one: ImportId, other: ImportId) -> bool {
        let import = |id: ImportId| &self.facts().imports[id as usize];
        let (first, last) = (import(one.min(other)), import(one.max(other)));
        let text = self.request.source.text();
        let mut at = first.statement.end;
        let is_next = |at: u32, next: u32| {
            let between = text.get(at as usize..next as usize).unwrap_or_default();
            let mut lines = between.split([';', '\n']).map(str::trim);
            lines.all(|line| line.is_empty() || line.starts_with('#'))
        };
        let mut run = self.facts().imports[one.min(other) as usize..=one.max(other) as usize].iter();
        let is_run = run.all(|import| {
            let follows = import.block == first.block && is_next(at, import.statement.start.max(at));
            at = import.statement.end;
            follows
        });
        is_run && first.scope == last.scope && !self.facts().is_declarative && !first.in_try && !last.in_try
    }
}

/// True for an import that binds the first name of its path.
pub(super) fn is_by_top(import: &Import) -> bool {
    import.form == ImportForm::Module && import.alias.is_none()
}
