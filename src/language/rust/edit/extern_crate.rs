//! `extern crate` declarations that name another crate (Rust Reference, "Extern crate declarations").

use super::super::keywords::identifier;
use super::File;
use super::spelling::{Spelled, Speller};
use super::statement::Statement;
use crate::language::LanguageError;
use crate::model::{Edit, FileChanges, Import, ImportId, ItemChange, Span, SymbolPath};

/// The edits of all `extern crate` declarations that change.
pub(super) fn edits(
    file: &File<'_>,
    changes: &FileChanges,
    speller: &Speller<'_>,
    edits: &mut Vec<Edit>,
) -> Result<(), LanguageError> {
    for statement in file.statements.iter().filter(|statement| statement.is_extern_crate) {
        for &id in &statement.ids {
            let Some(ItemChange::Move { target, local, rule }) = changes.items.get(&id) else { continue };
            let text = moved(file, statement, id, target, local.as_deref(), speller)?;
            edits.push(Edit { span: text.0, text: text.1, rule: rule.clone() });
        }
    }
    Ok(())
}

/// What is replaced by what.
fn moved(
    file: &File<'_>,
    statement: &Statement,
    id: ImportId,
    target: &SymbolPath,
    local: Option<&str>,
    speller: &Speller<'_>,
) -> Result<(Span, String), LanguageError> {
    let import: &Import = &file.facts.imports[id as usize];
    let Some(name) = import.path.last() else {
        return Err(LanguageError::Layout("`extern crate self` names the own crate".to_owned()));
    };
    if statement.attributes.iter().any(|attribute| attribute.contains("macro_use")) {
        return Err(LanguageError::Layout("`#[macro_use]` takes the macros of this crate".to_owned()));
    }
    let old = Spelled { is_global: false, names: vec![name.name.to_string()] };
    let new = speller.spell(target, &old, import.scope)?;
    let is_blank = import.alias.as_ref().is_some_and(|alias| &*alias.name == "_");
    let local = if is_blank { "_" } else { local.unwrap_or(target.name()) };
    let last = new.names.last().map_or("", String::as_str);
    let alias = if last == local { String::new() } else { format!(" as {}", identifier(local)) };
    let end = import.alias.as_ref().map_or(name.span.end, |alias| alias.span.end);
    if new.names.len() == 1 && last != "crate" {
        return Ok((Span::new(name.span.start, end), format!("{last}{alias}")));
    }
    let keyword = file
        .tokens
        .iter()
        .find(|token| token.span.start >= statement.span.start && token.is(file.text, "extern"));
    let start = keyword.map_or(statement.span.start, |token| token.span.start);
    Ok((Span::new(start, end), format!("use {}{alias}", new.text())))
}

#[cfg(test)]
mod tests {
    use crate::language::rust::edit::trial::{Wish, apply_as, check};

    #[test]
    fn a_crate_takes_the_place_of_another() {
        check(&[
            ("extern crate old as x;\n", "old as x -> new as x", "extern crate new as x;\n"),
            ("pub extern crate old;\n", "old -> new as old", "pub extern crate new as old;\n"),
            ("extern crate old as new;\n", "old as new -> new as new", "extern crate new;\n"),
            ("extern crate old as _;\n", "old as _ -> new as new", "extern crate new as _;\n"),
            ("extern crate old;\n", "old -> own::new as old", "use crate::new as old;\n"),
            ("extern crate old;\nextern crate alloc;\n", "- old", "extern crate alloc;\n"),
        ]);
    }

    #[test]
    fn macros_of_a_crate_hold_it_in_place() {
        let refused =
            apply_as("#[macro_use]\nextern crate old;\n", "old -> new", Wish::default()).unwrap_err();
        assert_eq!(refused.to_string(), "`#[macro_use]` takes the macros of this crate");
    }
}
