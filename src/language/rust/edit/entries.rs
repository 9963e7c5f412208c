//! The imports of a block as they will be: what joins what, and what stands new beside it.

use super::super::keywords::identifier;
use super::File;
use super::homes::Homes;
use super::joining::merged;
use super::moving::{Mover, Split};
use super::spelling::{Spelled, Speller};
use super::statement::Statement;
use super::tree::{End, Prefix, Tree};
use crate::language::LanguageError;
use crate::model::{Addition, Block, FileChanges, ImportForm, ItemChange};

/// A declaration as it will be.
#[derive(Debug)]
pub(super) struct Entry {
    /// The statement that it was, or beside which it stands.
    pub statement: usize,
    pub is_new: bool,
    /// `None` when the declaration goes.
    pub tree: Option<Tree>,
    pub is_changed: bool,
    /// The rule that changed it.
    pub rule: String,
    pub block: Block,
    pub visibility: String,
    /// The attributes, for a new declaration.
    pub attributes: Vec<String>,
    /// True when names of other declarations may join.
    pub is_open: bool,
}

/// Makes entries from statements and changes.
pub(super) struct Settler<'run> {
    pub file: &'run File<'run>,
    pub changes: &'run FileChanges,
    pub speller: &'run Speller<'run>,
    pub entries: Vec<Entry>,
    leaving: Vec<Vec<Tree>>,
    homes: Homes,
}

impl<'run> Settler<'run> {
    /// Every statement of the file as it is.
    pub fn new(file: &'run File<'run>, changes: &'run FileChanges, speller: &'run Speller<'run>) -> Self {
        let entry = |(index, statement): (usize, &Statement)| Entry {
            statement: index,
            is_new: false,
            tree: statement.tree.as_ref().map(|(tree, _)| tree.clone()),
            is_changed: false,
            rule: String::new(),
            block: statement.block,
            visibility: statement.visibility.clone(),
            attributes: statement.attributes.clone(),
            is_open: statement.tree.is_some() && statement.attributes.is_empty(),
        };
        let entries: Vec<Entry> = file.statements.iter().enumerate().map(entry).collect();
        let leaving = entries.iter().map(|_| Vec::new()).collect();
        let mut settler = Self { file, changes, speller, entries, leaving, homes: Homes::default() };
        settler.note_all();
        settler
    }

    /// Applies all changes; the entries are in source order afterwards.
    pub fn settle(&mut self) -> Result<(), LanguageError> {
        let count = self.file.statements.len();
        for index in 0..count {
            self.take_apart(index)?;
        }
        self.note_all();
        for index in 0..count {
            self.place(index);
        }
        for addition in &self.changes.additions {
            self.add(addition)?;
        }
        self.entries.sort_by_key(|entry| (entry.statement, entry.is_new));
        Ok(())
    }

    /// Looks up anew what each declaration imports.
    fn note_all(&mut self) {
        self.homes = Homes::default();
        for (index, entry) in self.entries.iter().enumerate() {
            entry.tree.iter().for_each(|tree| self.homes.note(index, tree));
        }
    }

    fn take_apart(&mut self, index: usize) -> Result<(), LanguageError> {
        let file = self.file;
        let statement = &file.statements[index];
        let Some(rule) = self.rule_of(statement) else { return Ok(()) };
        if statement.is_extern_crate {
            return Ok(());
        }
        let Some((tree, _)) = &statement.tree else {
            return Err(LanguageError::Layout("a comment stands inside a path of the statement".to_owned()));
        };
        let has_home = |unit: &Tree| self.has_home(unit, index);
        let mover = Mover {
            changes: self.changes,
            speller: self.speller,
            order: file.order,
            scope: statement.scope,
            has_home: &has_home,
        };
        let Split { rest, leaving } = mover.split(tree, &Prefix::default())?;
        let entry = &mut self.entries[index];
        entry.tree = rest;
        entry.rule = rule;
        entry.is_changed = true;
        self.leaving[index] = leaving;
        Ok(())
    }

    /// True when `unit` could join another declaration.
    fn has_home(&self, unit: &Tree, index: usize) -> bool {
        let (own, order) = (&self.entries[index], self.file.order);
        let mut others = self.homes.of_module(unit).into_iter().filter(|&at| at != index);
        own.is_open
            && others.any(|at| {
                let other = &self.entries[at];
                let is_alike =
                    other.is_open && other.block == own.block && other.visibility == own.visibility;
                let tree = other.tree.clone().filter(|_| is_alike);
                tree.is_some_and(|mut tree| tree.welcome(unit, &Prefix::default(), order))
            })
    }

    fn rule_of(&self, statement: &Statement) -> Option<String> {
        statement.ids.iter().find_map(|id| match self.changes.items.get(id)? {
            ItemChange::Remove { rule } | ItemChange::Move { rule, .. } => Some(rule.clone()),
        })
    }

    /// Finds places for what leaves a statement.
    fn place(&mut self, index: usize) {
        let leaving = std::mem::take(&mut self.leaving[index]);
        let statement = &self.file.statements[index];
        let is_emptied = self.entries[index].tree.is_none();
        let is_marked = statement.is_documented
            || statement.lines.as_ref().is_some_and(|lines| lines.has_comment)
            || self.file.has_own_comment(statement);
        let may_join = statement.attributes.is_empty() && !(is_emptied && is_marked);
        for unit in merged(leaving, self.file.order) {
            let Some(unit) = self.without_known(unit, index) else { continue };
            if may_join && self.join(&unit, index) {
                continue;
            }
            if self.entries[index].tree.is_none() {
                self.homes.note(index, &unit);
                self.entries[index].tree = Some(unit);
            } else if !self.join_sibling(&unit, index) {
                let rule = self.entries[index].rule.clone();
                self.push_new(index, unit, rule);
            }
        }
    }

    fn push_new(&mut self, beside: usize, tree: Tree, rule: String) {
        let statement = &self.file.statements[beside];
        self.homes.note(self.entries.len(), &tree);
        self.entries.push(Entry {
            statement: beside,
            is_new: true,
            tree: Some(tree),
            is_changed: true,
            rule,
            block: statement.block,
            visibility: statement.visibility.clone(),
            attributes: statement.attributes.clone(),
            is_open: statement.attributes.is_empty(),
        });
    }

    /// The tree without the leaves that the block imports already.
    fn without_known(&self, unit: Tree, index: usize) -> Option<Tree> {
        match &unit.end {
            End::Group(group) if !group.items.is_empty() => {
                let mut leaves = Vec::new();
                unit.leaves(&Prefix::default(), &mut |leaf, around| leaves.push(leaf.absolute(around)));
                let known = leaves.iter().filter(|leaf| self.knows(leaf, index)).count();
                if known == 0 {
                    return Some(unit);
                }
                self.pruned(&unit, &Prefix::default(), index)
            }
            _ => (!self.knows(&unit, index)).then_some(unit),
        }
    }

    fn pruned(&self, tree: &Tree, around: &Prefix, index: usize) -> Option<Tree> {
        let mut tree = tree.clone();
        let inside = around.inside(&tree);
        let End::Group(group) = &mut tree.end else {
            return (!self.knows(&tree.absolute(around), index)).then_some(tree);
        };
        let items = std::mem::take(&mut group.items);
        group.items = items.iter().filter_map(|item| self.pruned(item, &inside, index)).collect();
        if group.items.is_empty() {
            return None;
        }
        tree.source = None;
        tree.collapse();
        Some(tree)
    }

    /// True when the block imports `leaf`, as visibly and under the same conditions.
    fn knows(&self, leaf: &Tree, index: usize) -> bool {
        let own = &self.entries[index];
        self.homes.of_leaf(leaf).iter().any(|&at| {
            let entry = &self.entries[at];
            entry.block == own.block
                && entry.attributes == own.attributes
                && (entry.visibility == own.visibility || own.visibility.is_empty())
        })
    }

    /// Lets `unit` join a declaration that imports from the same module.
    fn join(&mut self, unit: &Tree, index: usize) -> bool {
        let block = self.entries[index].block;
        let visibility = self.entries[index].visibility.clone();
        let rule = self.entries[index].rule.clone();
        self.join_where(unit, &rule, block, &visibility)
    }

    fn join_where(&mut self, unit: &Tree, rule: &str, block: Block, visibility: &str) -> bool {
        let order = self.file.order;
        if matches!(unit.end, End::Star) || unit.module().is_empty() || self.file.is_granular {
            return false;
        }
        for index in self.homes.of_module(unit) {
            let entry = &mut self.entries[index];
            let Some(tree) = entry.tree.as_mut().filter(|_| entry.is_open) else { continue };
            if entry.block == block
                && entry.visibility == visibility
                && tree.welcome(unit, &Prefix::default(), order)
            {
                if !entry.is_changed {
                    rule.clone_into(&mut entry.rule);
                }
                entry.is_changed = true;
                self.homes.note(index, unit);
                return true;
            }
        }
        false
    }

    /// Lets `unit` join what left the same statement before it.
    fn join_sibling(&mut self, unit: &Tree, index: usize) -> bool {
        let order = self.file.order;
        let siblings = self.entries.iter_mut().filter(|entry| entry.statement == index);
        let mut trees = siblings.filter(|entry| entry.is_changed).filter_map(|entry| entry.tree.as_mut());
        !matches!(unit.end, End::Star)
            && !unit.module().is_empty()
            && trees.any(|tree| tree.welcome(unit, &Prefix::default(), order))
    }

    fn add(&mut self, addition: &Addition) -> Result<(), LanguageError> {
        let holds = |statement: &Statement| statement.ids.contains(&addition.beside);
        let Some(index) = self.file.statements.iter().position(holds) else { return Ok(()) };
        let import = &self.file.facts.imports[addition.beside as usize];
        let old = self.file.written(&self.file.statements[index], addition.beside);
        let old = old.unwrap_or(Spelled { is_global: false, names: vec!["crate".to_owned()] });
        let new = self.speller.spell(&addition.target, &old, import.scope)?;
        let alias = addition.alias.as_ref().map(|alias| identifier(alias));
        let leaf = Tree::leaf(new.is_global, new.names, alias);
        let block = import.block;
        // What a glob brought in, others may get from here by its visibility.
        let visibility = match &self.file.statements[index].visibility {
            visibility if import.form == ImportForm::Star => visibility.clone(),
            _ => String::new(),
        };
        let is_known = self.homes.of_leaf(&leaf).iter().any(|&at| {
            let entry = &self.entries[at];
            entry.block == block && entry.visibility == visibility && entry.attributes.is_empty()
        });
        if is_known || self.join_where(&leaf, &addition.rule, block, &visibility) {
            return Ok(());
        }
        self.push_new(index, leaf, addition.rule.clone());
        if let Some(entry) = self.entries.last_mut() {
            entry.visibility = visibility;
            entry.attributes.clear();
            entry.is_open = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::check;

    #[test]
    fn a_leaf_joins_what_is_there() {
        check(&[
            ("use crate::new::A;\nuse crate::old::B;\n", "B -> own::new::B", "use crate::new::{A, B};\n"),
            (
                "use crate::new::{A, C};\nuse crate::old::B;\n",
                "B -> own::new::B",
                "use crate::new::{A, B, C};\n",
            ),
            (
                "use crate::old::{A, B, C};\n",
                "A -> own::zoo::A; C -> own::zoo::C",
                "use crate::old::B;\nuse crate::zoo::{A, C};\n",
            ),
        ]);
    }

    #[test]
    fn no_leaf_joins_under_another_condition() {
        let stays = [
            ("use crate::new::A;\npub use crate::old::B;\n", "use crate::new::A;\npub use crate::new::B;\n"),
            ("use crate::new::*;\nuse crate::old::B;\n", "use crate::new::B;\nuse crate::new::*;\n"),
            (
                "#[cfg(x)]\nuse crate::new::A;\nuse crate::old::B;\n",
                "#[cfg(x)]\nuse crate::new::A;\nuse crate::new::B;\n",
            ),
            (
                "use crate::new::A;\n\nfn f() {\n    use crate::old::B;\n}\n",
                "use crate::new::A;\n\nfn f() {\n    use crate::new::B;\n}\n",
            ),
            (
                "use crate::new::A;\nuse crate::old::B; // why\n",
                "use crate::new::A;\nuse crate::new::B; // why\n",
            ),
        ];
        for (text, expected) in stays {
            check(&[(text, "B -> own::new::B", expected)]);
        }
    }

    #[test]
    fn files_with_one_name_in_each_declaration_keep_that() {
        check(&[(
            "use crate::new::A;\nuse crate::new::C;\nuse crate::old::B;\n",
            "B -> own::new::B",
            "use crate::new::A;\nuse crate::new::B;\nuse crate::new::C;\n",
        )]);
    }

    #[test]
    fn what_is_imported_already_only_goes() {
        check(&[
            (
                "use crate::new::A;\nuse crate::old::{A as Z, B};\n",
                "A as Z -> own::new::A",
                "use crate::new::A;\nuse crate::old::B;\n",
            ),
            (
                "use crate::old::{A, A as B};\n",
                "A -> own::new::A; A as B -> own::new::A as A",
                "use crate::new::A;\n",
            ),
            ("use crate::new::*;\nuse crate::old::*;\n", "*@2 -> own::new", "use crate::new::*;\n"),
            (
                "use crate::new::A;\npub use crate::old::A as B;\n",
                "A as B -> own::new::A",
                "use crate::new::A;\npub use crate::new::A;\n",
            ),
        ]);
    }

    #[test]
    fn attributes_go_with_what_leaves_and_documentation_stays() {
        check(&[(
            "/// Docs.\n#[cfg(x)]\npub use b::{A, B};\n",
            "B -> c::B",
            "/// Docs.\n#[cfg(x)]\npub use b::A;\n#[cfg(x)]\npub use c::B;\n",
        )]);
    }

    #[test]
    fn imports_are_added() {
        check(&[
            ("use crate::old::A;\n", "+ own::zoo::B beside A", "use crate::old::A;\nuse crate::zoo::B;\n"),
            ("use crate::new::A;\n", "+ own::new::B as C beside A", "use crate::new::{A, B as C};\n"),
            (
                "#[cfg(x)]\npub use crate::new::A;\n",
                "+ own::new::B beside A",
                "#[cfg(x)]\npub use crate::new::A;\nuse crate::new::B;\n",
            ),
            ("use crate::new::A;\n", "+ own::new::A beside A", "use crate::new::A;\n"),
            ("use b::A;\n", "- A; + c::B beside A", "use c::B;\n"),
            ("use crate::a;\n", "+ own::b beside a", "use crate::a;\nuse crate::b;\n"),
            ("use crate::{a, c};\n", "+ own::b beside a", "use crate::{a, b, c};\n"),
        ]);
    }
}
