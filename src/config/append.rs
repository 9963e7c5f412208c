//! Adds rules to a configuration that is there, and keeps its comments and layout.

use super::document::Layout;
use std::path::Path;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, value};

/// Something else stands where the tables go.
const NO_TABLES: &str = "`symbol` is no array of tables, so nothing can be added to it";

/// A `[[symbol]]` to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSymbol {
    /// The canonical path.
    pub canonical: String,
    /// The legacy paths, each with a remark that is put behind it.
    pub legacy: Vec<(String, String)>,
    /// A remark that is put before the table.
    pub remark: String,
}

/// The text of the configuration `file`, which says `text`, with `symbols` added behind what is there.
///
/// # Errors
/// The reason, for people: the text is no TOML, or `symbol` is written as something else than `[[symbol]]`.
pub fn append(file: &Path, text: &str, symbols: &[NewSymbol]) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for key in keys(Layout::of(file), table) {
        let entry = table.entry(key).or_insert_with(|| {
            let mut implicit = Table::new();
            implicit.set_implicit(true);
            Item::Table(implicit)
        });
        table = entry.as_table_like_mut().ok_or(NO_TABLES)?;
    }
    let found = table.entry("symbol").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tables = found.as_array_of_tables_mut().ok_or(NO_TABLES)?;
    symbols.iter().for_each(|symbol| tables.push(table_of(symbol)));
    Ok(document.to_string())
}

/// The keys of our table in a file of this layout: the one that is there, else the first that could be.
fn keys(layout: Layout, whole: &dyn TableLike) -> &'static [&'static str] {
    let is_there = |keys: &&&[&str]| {
        let Some((first, rest)) = keys.split_first() else { return true };
        let found = rest.iter().try_fold(whole.get(first), |item, key| Some(item?.as_table_like()?.get(key)));
        found.flatten().is_some()
    };
    layout.tables().iter().find(is_there).or(layout.tables().first()).copied().unwrap_or_default()
}

fn table_of(symbol: &NewSymbol) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix(format!("\n# {}\n", symbol.remark));
    table.insert("canonical", value(&symbol.canonical));
    let mut legacy = Array::new();
    let mut remark = String::new();
    for (path, note) in &symbol.legacy {
        let mut entry = toml_edit::Value::from(path);
        // A remark stands behind the comma of its entry, which is before the next one.
        entry.decor_mut().set_prefix(format!("{remark}\n    "));
        legacy.push_formatted(entry);
        remark = format!(" # {note}");
    }
    if !symbol.legacy.is_empty() {
        legacy.set_trailing(format!("{remark}\n"));
        legacy.set_trailing_comma(true);
    }
    table.insert("legacy", value(legacy));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol() -> NewSymbol {
        let legacy = vec![("a.c.X".into(), "2 uses".into()), ("a.X".into(), "1 use".into())];
        NewSymbol { canonical: "a.b.X".into(), legacy, remark: "why".into() }
    }

    const ADDED: &str =
        "canonical = \"a.b.X\"\nlegacy = [\n    \"a.c.X\", # 2 uses\n    \"a.X\", # 1 use\n]\n";

    #[test]
    fn comments_and_layout_stay() {
        let text = "# ours\n[files]\nexclude = [ \"x\" ]   # odd\n\n[[symbol]]\ncanonical = \"a.Y\"\n";
        let new = append(Path::new("ssot.toml"), text, &[symbol()]).unwrap();
        assert_eq!(new, format!("{text}\n# why\n[[symbol]]\n{ADDED}"));
        let first = append(Path::new("ssot.toml"), "", &[symbol()]).unwrap();
        assert_eq!(first, format!("\n# why\n[[symbol]]\n{ADDED}"));
    }

    #[test]
    fn manifests_get_it_into_our_table() {
        let text = "[project]\nname = \"a\"\n\n[tool.ssot-lint.files]\nexclude = []\n";
        let new = append(Path::new("x/pyproject.toml"), text, &[symbol()]).unwrap();
        assert_eq!(new, format!("{text}\n# why\n[[tool.ssot-lint.symbol]]\n{ADDED}"));
        let text = "[package]\nname = \"a\"\n\n[package.metadata.ssot-lint]\n";
        let new = append(Path::new("Cargo.toml"), text, &[symbol()]).unwrap();
        assert_eq!(new, format!("{text}\n# why\n[[package.metadata.ssot-lint.symbol]]\n{ADDED}"));
    }

    #[test]
    fn what_is_in_the_way_is_an_error() {
        assert_eq!(append(Path::new("ssot.toml"), "symbol = 1", &[symbol()]), Err(NO_TABLES.to_owned()));
        assert!(append(Path::new("ssot.toml"), "a = = 1", &[symbol()]).is_err());
    }
}
