//! Which imports go with the matches that were written by them: those that nothing needs any more.

use super::by_module::is_by_top;
use super::usages::{Planner, Spelled};
use crate::model::{
    Addition, BindingId, FileChanges, FileFacts, Import, ImportForm, ImportId, ItemChange, Reference,
    ScopeKind, Span, Start, SymbolPath, Visibility,
};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

impl<'run> Planner<'run> {
    /// The imports by which matches were written and which nothing in the file uses any more.
    pub(super) fn unused(
        &self,
        spelled: &[Spelled<'_>],
        after: &FileFacts,
        text: &str,
    ) -> FxHashSet<ImportId> {
        let via: BTreeSet<ImportId> = spelled.iter().flat_map(|one| one.via.iter().copied()).collect();
        let is_unused = |id: &ImportId| {
            let import = &after.imports[*id as usize];
            // The new name of an import that turns is read already, under the old meaning.
            let turned =
                spelled.iter().flat_map(|one| &one.turned).filter(|(import, _)| import == id).count();
            let additions: Vec<&Addition> = spelled
                .iter()
                .flat_map(|one| &one.additions)
                .filter(|new| new.whole_module && self.are_together(new.beside, *id))
                .collect();
            let is_brought = |reader: &Reference| {
                let begins_with = |module: &SymbolPath| {
                    let names = reader.segments.iter().map(|segment| &segment.name);
                    names.take(module.len()).eq(module.segments())
                };
                additions.iter().any(|new| begins_with(&new.target))
            };
            let is_read = |binding| {
                let readers = after.references.iter().filter(|other| other.bindings.contains(&binding));
                readers.filter(|reader| !is_brought(reader)).count() > turned
                    || after.imports.iter().any(|other| starts_from(after, other, binding))
                    || after.strings.iter().any(|string| {
                        string
                            .segments
                            .first()
                            .is_some_and(|first| *first.name == *after.bindings[binding as usize].name)
                    })
            };
            let is_for_others = after.is_declarative && import.visibility == Visibility::Public;
            let is_written = |binding: BindingId| {
                let name = &*after.bindings[binding as usize].name;
                turned == 0 && may_be_read(after, text, name, Span::default())
            };
            let is_free = |binding| !is_read(binding) && !is_written(binding);
            import.binding.is_some_and(is_free) && !is_for_others
        };
        via.into_iter().filter(is_unused).collect()
    }

    /// Where one name goes and another one comes beside it, the first becomes the second: its comments stay with it.
    pub(super) fn turn_what_goes(&self, changes: &mut FileChanges) {
        for (&import, change) in &mut changes.items {
            let old = &self.facts().imports[import as usize];
            let is_plain = |new: &Addition| new.beside == import && !new.whole_module && new.alias.is_none();
            let count = changes.additions.iter().filter(|new| is_plain(new)).count();
            let has_comments = old.statement.of(self.request.source.text()).contains('#');
            let may_turn = old.form == ImportForm::Member && (count == 1 || has_comments);
            let new = changes.additions.iter().position(|new| may_turn && is_plain(new));
            if let (ItemChange::Remove { rule }, Some(at)) = (&change, new) {
                let Addition { target, .. } = changes.additions.remove(at);
                let local = Some(target.name().to_owned());
                *change = ItemChange::Move { target, local, rule: rule.clone() };
            }
        }
    }

    /// Whether two imports stand in the same block, so that what the first one brings in is there at the second one.
    pub(super) fn are_together(&self, one: ImportId, other: ImportId) -> bool {
        let [one, other] = [one, other].map(|id| &self.facts().imports[id as usize]);
        one.scope == other.scope && one.block == other.block
    }

    pub(super) fn local_name(&self, import: ImportId) -> Option<&'run str> {
        let binding = self.facts().imports[import as usize].binding?;
        Some(&self.facts().bindings[binding as usize].name)
    }

    /// True for an import that is there for the file itself only.
    pub(super) fn may_go(&self, id: ImportId, name: &str) -> bool {
        let (view, import) = (self.request.view, &self.facts().imports[id as usize]);
        let Some(asked) = self.request.asked else { return false };
        let is_package = view.module.is_some_and(|module| view.graph.modules().module(module).is_package);
        let is_for_others = match self.facts().is_declarative {
            true => {
                let is_shown = import.visibility != Visibility::Around(0);
                is_shown || self.may_be_trait(import) || (self.request.is_in_macro)(name)
            }
            false => is_package,
        };
        let is_open = self.facts().module_scope(import.scope) == import.scope;
        let is_asked = || {
            let module = view.module_path(import.scope);
            module.is_none_or(|module| asked.has(&module, name, (view.file, import.scope)))
        };
        // A statement that binds nothing but a module may be there for what runs when it is loaded.
        let is_for_effect = is_by_top(import) && import.path.len() > 1;
        // Names of a class are its attributes.
        let is_attribute = self.facts().scopes[import.scope as usize].kind == ScopeKind::Class;
        let is_marked = import.alias.is_some()
            && import.alias.as_ref().map(|alias| &alias.name)
                == import.member.as_ref().map(|member| &member.name);
        !is_for_effect
            && !is_attribute
            && !is_marked
            && !(is_open && (is_for_others || is_asked()))
            && !self.is_wanted_unused(import)
    }

    /// True when what is imported may be a trait: then its methods may be called without its name.
    fn may_be_trait(&self, import: &Import) -> bool {
        let view = self.request.view;
        let Some(path) = view.imported(import).map(|path| self.chains.end_of(&path)) else { return true };
        let body = path.parent().and_then(|parent| view.graph.body_of(&parent, Some(view.file)));
        let mut defined = body.iter().flat_map(|body| body.definitions(path.name())).peekable();
        match defined.peek() {
            Some(_) => defined.any(|definition| definition.is_trait),
            None => !path.name().starts_with(|first: char| first.is_lowercase()),
        }
    }

    /// True when a comment behind an import says that nobody need use it.
    fn is_wanted_unused(&self, import: &Import) -> bool {
        const MARK: &str = "noqa"; // As flake8, ruff and others read it.
        let text = self.request.source.text();
        let end = import.statement.end as usize;
        let line = text[end..].split(['\n', '\r']).next().unwrap_or_default();
        let whole = &text[import.statement.start as usize..end + line.len()];
        whole.lines().any(|line| line.split_once('#').is_some_and(|(_, comment)| comment.contains(MARK)))
    }
}

/// Whether an import begins with what a binding binds: `use name::a`, `use self::name::a`.
fn starts_from(facts: &FileFacts, import: &Import, binding: BindingId) -> bool {
    let first = import.path.first().or(import.member.as_ref());
    let name = &facts.bindings[binding as usize].name;
    let by_own_module = import.start == Start::Around(1) && facts.is_declarative;
    import.roots.contains(&binding) || by_own_module && first.is_some_and(|first| first.name == *name)
}

/// Whether something outside of `left` may read a name that is no code to us: macros may read any, and so may code in strings.
pub(super) fn may_be_read(facts: &FileFacts, text: &str, name: &str, left: Span) -> bool {
    const RUNS_TEXT: [&str; 6] = ["eval(", "exec(", "globals(", "locals(", "vars(", ".query("];
    if facts.is_declarative {
        return text.contains("include!") || is_written_elsewhere(facts, text, name, left);
    }
    // Examples in documentation are run with the names of the module (Python library reference, `doctest`).
    let is_example =
        |line: &&str| line.trim_start().starts_with(">>> ") || line.trim_start().starts_with("... ");
    text.lines().filter(is_example).any(|line| words(line, name).next().is_some())
        || RUNS_TEXT.iter().any(|call| text.contains(call)) && is_written_elsewhere(facts, text, name, left)
}

/// Whether a name stands as a word anywhere but in imports and in `left`.
fn is_written_elsewhere(facts: &FileFacts, text: &str, name: &str, left: Span) -> bool {
    let is_known = |at: usize| {
        let word = Span::new(at as u32, (at + name.len()) as u32);
        left.contains(word) || facts.imports.iter().any(|import| import.statement.contains(word))
    };
    words(text, name).any(|at| !is_known(at))
}

/// Where a name stands as a word, in bytes.
fn words<'text>(text: &'text str, name: &'text str) -> impl Iterator<Item = usize> + 'text {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_whole =
        move |at: &usize| !text[..*at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word);
    text.match_indices(name).map(|(at, _)| at).filter(is_whole)
}
