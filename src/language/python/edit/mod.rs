//! Changes of imports as edits of text: split, join, in place, in scope, comments kept.

mod entries;
mod from_statement;
mod joining;
mod line;
mod module_statement;
mod placing;
mod spelling;
mod statement;
mod suites;

use crate::language::LanguageError;
use crate::model::{
    Addition, Block, Edit, FileChanges, FileFacts, Import, ImportForm, ImportId, SourceFile, SymbolPath,
};
pub(super) use entries::without_entries;
use rustc_hash::FxHashMap;
use spelling::Speller;
use statement::Statement;
use suites::Suites;

/// Everything that turning one file's changes into edits needs.
pub(super) struct Editor<'file> {
    text: &'file str,
    facts: &'file FileFacts,
    changes: &'file FileChanges,
    speller: Speller<'file>,
    suites: Suites,
    hosts: Hosts,
    /// How many statements of each block (by its first statement) go.
    removed: FxHashMap<u32, usize>,
    edits: Vec<Edit>,
}

/// Imports that a name can join: by block and absolute module.
type Hosts = FxHashMap<(Block, SymbolPath), Host>;

/// An import statement as it will be, open for further names.
#[derive(Debug)]
struct Host {
    /// Where it starts; only later statements join it.
    start: u32,
    /// The names that it will import, each with its local name.
    names: Vec<(String, String)>,
    /// Where a further name goes, and the text around it; `None` when the layout does not allow one.
    slot: Option<joining::Slot>,
    /// True for a statement that has moved: a later import of the same name is a repetition.
    is_new: bool,
    /// The rule that moved it.
    rule: String,
}

/// Puts `changes` into text.
pub(super) fn edits(
    source: &SourceFile,
    facts: &FileFacts,
    package: Option<&SymbolPath>,
    changes: &FileChanges,
) -> Result<Vec<Edit>, LanguageError> {
    let text = source.text();
    let suites = Suites::read(text)?;
    let speller = Speller { package };
    let mut editor = Editor {
        text,
        facts,
        changes,
        speller,
        suites,
        hosts: Hosts::default(),
        removed: FxHashMap::default(),
        edits: Vec::new(),
    };
    for replacement in &changes.replacements {
        editor.edit(replacement.span, replacement.text.clone(), &replacement.rule);
    }
    for statement in statements(text, facts)? {
        editor.statement(&statement)?;
    }
    Ok(editor.edits)
}

/// The import statements of a file, in source order.
fn statements<'file>(text: &'file str, facts: &FileFacts) -> Result<Vec<Statement<'file>>, LanguageError> {
    let mut by_start: Vec<(u32, Vec<ImportId>)> = Vec::new();
    let mut order: Vec<ImportId> = (0..facts.imports.len() as ImportId).collect();
    order.sort_by_key(|&id| facts.imports[id as usize].span.start);
    for id in order {
        let start = facts.imports[id as usize].statement.start;
        match by_start.last_mut() {
            Some((last, ids)) if *last == start => ids.push(id),
            _ => by_start.push((start, vec![id])),
        }
    }
    by_start.into_iter().map(|(_, ids)| Statement::read(text, facts, ids)).collect()
}

impl<'file> Editor<'file> {
    fn edit(&mut self, span: crate::model::Span, text: String, rule: &str) {
        if !(span.is_empty() && text.is_empty()) {
            self.edits.push(Edit { span, text, rule: rule.to_owned() });
        }
    }

    fn import(&self, id: ImportId) -> &'file Import {
        &self.facts.imports[id as usize]
    }

    /// The imports to add directly behind a statement.
    fn additions(&self, statement: &Statement<'_>) -> Vec<&'file Addition> {
        self.changes.additions.iter().filter(|addition| statement.ids.contains(&addition.beside)).collect()
    }

    fn statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let changed = statement.ids.iter().any(|id| self.changes.items.contains_key(id));
        if !changed && self.additions(statement).is_empty() {
            return self.unchanged(statement);
        }
        if !changed {
            self.offer(statement); // What is added may join it.
        }
        let form = self.import(statement.ids[0]).form;
        match form {
            ImportForm::Module => self.module_statement(statement),
            ImportForm::Member | ImportForm::Star => self.member_statement(statement),
        }
    }
}
