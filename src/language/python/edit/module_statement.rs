//! Plain imports: `import a.b, c as d`.

use super::Editor;
use super::placing::Outcome;
use super::spelling::item;
use super::statement::Statement;
use crate::language::LanguageError;
use crate::model::ItemChange;

impl<'file> Editor<'file> {
    pub(super) fn module_statement(&mut self, statement: &Statement<'file>) -> Result<(), LanguageError> {
        let block = self.import(statement.ids[0]).block;
        let rule = self.rule_of(statement);
        let mut gone = vec![false; statement.ids.len()];
        let mut written: Vec<String> = Vec::new();
        for (index, id) in statement.ids.iter().enumerate() {
            let import = self.import(*id);
            let text = match self.changes.items.get(id) {
                Some(ItemChange::Move { target, local, .. }) => {
                    let path = target.to_string();
                    local.as_ref().map_or_else(|| path.clone(), |local| item(&path, local))
                }
                Some(ItemChange::Remove { .. }) => {
                    gone[index] = true;
                    continue;
                }
                None => statement.items[index].of(self.text).to_owned(),
            };
            // A module that the same statement imports already is not imported twice.
            gone[index] = written.contains(&text) && self.changes.items.contains_key(id);
            if !gone[index] && self.changes.items.contains_key(id) {
                let alias_stays = import.alias.is_some() && text.contains(" as ");
                let span = if alias_stays { import.span } else { statement.items[index] };
                let text = if alias_stays { text.split(" as ").next().unwrap_or(&text) } else { &text };
                self.edit(span, text.to_owned(), &rule);
            }
            written.push(text);
        }
        let is_empty = gone.iter().all(|gone| *gone);
        if !is_empty {
            self.take_out(statement, &gone, &rule)?;
        }
        let mut new = self.added(statement, block, false);
        new.retain(|text| !written.iter().any(|known| *text == format!("import {known}")));
        let added = new.len();
        self.finish(statement, Outcome { is_empty, new, added, rule });
        Ok(())
    }
}
