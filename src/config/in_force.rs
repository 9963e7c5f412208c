//! All that a configuration says, what it leaves out too, and where each value was written.

use super::declaration::Configuration;
use super::document::{Layout, our_values, parse};
use super::place::ConfigSource;
use super::schema::schema;
use super::table::to_span;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write;
use toml::de::{DeTable, DeValue};

/// A line that gets longer is written with an entry of a list on each.
const WIDTH: usize = 100;

/// All that a configuration and the files that it extends say.
#[derive(Debug, Serialize)]
pub struct InForce {
    /// The configuration file.
    pub file: String,
    /// The project root.
    pub root: String,
    /// Every file that was read, the configuration file first.
    pub sources: Vec<String>,
    /// The tables of all of them in the order in which they count.
    pub tables: Vec<TableInForce>,
}

/// One table.
#[derive(Debug, Serialize)]
pub struct TableInForce {
    /// Its name: `files`, `symbol`.
    pub table: String,
    /// True when there may be several of the name: `[[symbol]]`.
    pub repeats: bool,
    /// Where it was written.
    #[serde(flatten)]
    pub origin: Origin,
    /// Every key that it may have.
    pub values: Vec<ValueInForce>,
}

/// One key of a table.
#[derive(Debug, Serialize)]
pub struct ValueInForce {
    /// The key.
    pub key: String,
    /// Its value; null when it is not given and nothing stands for it.
    pub value: Value,
    /// Where the value comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "origin", rename_all = "kebab-case")]
pub enum Origin {
    /// It was written.
    Written {
        /// The file as [`ConfigSource::path`] names it.
        filename: String,
        /// The row, from 1.
        row: u32,
    },
    /// It was not written, and this is what stands for it.
    Default,
    /// It was not written, and is made from the others.
    Derived,
}

/// What `configuration` says in full.
pub fn in_force(configuration: &Configuration) -> InForce {
    let schema = schema();
    let mut tables = Vec::new();
    for (index, source) in configuration.sources.iter().enumerate() {
        let layout = if index == 0 { Layout::of(&configuration.file) } else { Layout::Own };
        let (whole, _) = parse(source);
        let Some(own) = our_table(whole.get_ref(), layout) else { continue };
        tables.extend(tables_of(&schema, source, own, index == 0));
    }
    name_rules(configuration, &mut tables);
    InForce {
        file: configuration.file.display().to_string(),
        root: configuration.root.display().to_string(),
        sources: configuration.sources.iter().map(|source| source.path().to_owned()).collect(),
        tables,
    }
}

fn our_table<'t, 'i>(whole: &'t DeTable<'i>, layout: Layout) -> Option<&'t DeTable<'i>> {
    match layout {
        Layout::Own => Some(whole),
        _ => our_values(whole, layout).first()?.1.get_ref().as_table(),
    }
}

/// The tables of one file as they are written, behind those that only the project's own may have.
fn tables_of(schema: &Value, source: &ConfigSource, own: &DeTable<'_>, is_own: bool) -> Vec<TableInForce> {
    let mut found: Vec<(u32, TableInForce)> = Vec::new();
    for (name, described) in properties(schema) {
        let Some(keys) = definition(schema, described) else { continue };
        let table = |written: Option<&DeTable<'_>>, origin, repeats| {
            let values = properties(keys).map(|(key, described)| value_of(source, key, described, written));
            TableInForce { table: name.clone(), repeats, origin, values: values.collect() }
        };
        let written = own.get(name.as_str());
        let place = |start: usize| written_at(source, start as u32);
        match written.map(|item| (item.get_ref(), item.span().start)) {
            Some((DeValue::Array(items), _)) => found.extend(items.iter().map(|item| {
                let start = item.span().start;
                (start as u32 + 1, table(item.get_ref().as_table(), place(start), true))
            })),
            Some((DeValue::Table(keys), start)) => found.push((0, table(Some(keys), place(start), false))),
            _ if is_own && described.get("items").is_none() => {
                found.push((0, table(None, Origin::Default, false)));
            }
            _ => {}
        }
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, table)| table).collect()
}

fn written_at(source: &ConfigSource, start: u32) -> Origin {
    Origin::Written { filename: source.path().to_owned(), row: source.position(start).row }
}

/// The keys that a table may have, with their descriptions.
fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// The description of a table, or of those in a list; `None` for a plain value.
fn definition<'s>(schema: &'s Value, described: &Value) -> Option<&'s Value> {
    let reference = described.get("$ref").or_else(|| described.get("items")?.get("$ref"));
    schema.pointer(reference?.as_str()?.strip_prefix('#')?)
}

fn value_of(
    source: &ConfigSource,
    key: &str,
    described: &Value,
    written: Option<&DeTable<'_>>,
) -> ValueInForce {
    let written = written.into_iter().flat_map(|table| table.iter()).find(|(name, _)| name.get_ref() == key);
    let (value, origin) = match written {
        Some((name, item)) => (plain(item.get_ref()), written_at(source, to_span(name.span()).start)),
        None => (described.get("default").cloned().unwrap_or_default(), Origin::Default),
    };
    ValueInForce { key: key.to_owned(), value, origin }
}

fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Array(items) => items.iter().map(|item| plain(item.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(key, item)| (key.get_ref().to_string(), plain(item.get_ref()))).collect()
        }
        DeValue::Datetime(date) => date.to_string().into(),
        // No key is a number.
        DeValue::Integer(_) | DeValue::Float(_) => Value::Null,
    }
}

/// Rules that were given no id have one all the same.
fn name_rules(configuration: &Configuration, tables: &mut [TableInForce]) {
    let mut rules = configuration.rules.iter().map(|rule| rule.id.value.clone());
    let mut policies = configuration.policies.iter().map(|policy| policy.name());
    let mut usages = configuration.usages.iter().map(|usage| usage.name());
    for table in tables {
        let id = match &*table.table {
            "symbol" | "module" => rules.next(),
            "policy" => policies.next(),
            "usage" => usages.next(),
            _ => continue,
        };
        let unnamed = |value: &&mut ValueInForce| value.key == "id" && value.value.is_null();
        if let (Some(value), Some(id)) = (table.values.iter_mut().find(unnamed), id) {
            (value.value, value.origin) = (id.into(), Origin::Derived);
        }
    }
}

impl InForce {
    /// The same as one TOML document that needs no other file, with the origin of each value behind it.
    pub fn to_toml(&self) -> String {
        let mut text = format!("# configuration: {}\n", clean(&self.file));
        let _ = writeln!(text, "# project root: {}", clean(&self.root));
        for source in self.sources.iter().skip(1) {
            let _ = writeln!(text, "# with the rules of {}", clean(source));
        }
        for table in &self.tables {
            let name =
                if table.repeats { format!("[[{}]]", table.table) } else { format!("[{}]", table.table) };
            let _ = writeln!(text, "\n{name}  # {}", table.origin.words());
            table.values.iter().for_each(|value| value.write(table.repeats, &mut text));
        }
        text
    }
}

impl ValueInForce {
    fn write(&self, is_in_list: bool, text: &mut String) {
        let (key, origin) = (&self.key, self.origin.words());
        let _ = match &self.value {
            // In a list most tables leave most keys out.
            Value::Null if is_in_list => Ok(()),
            Value::Null => writeln!(text, "# {key} is not set  # {origin}"),
            // Not every id that is made could be given.
            value if self.origin == Origin::Derived => {
                writeln!(text, "# {key} = {}  # {origin}", literal(value))
            }
            value => {
                let line = format!("{key} = {}", literal(value));
                match value {
                    Value::Array(items) if line.len() > WIDTH => {
                        let items: String =
                            items.iter().map(|item| format!("  {},\n", literal(item))).collect();
                        writeln!(text, "{key} = [  # {origin}\n{items}]")
                    }
                    _ => writeln!(text, "{line}  # {origin}"),
                }
            }
        };
    }
}

impl Origin {
    fn words(&self) -> String {
        match self {
            Self::Written { filename, row } => format!("{}:{row}", clean(filename)),
            Self::Default => "default".to_owned(),
            Self::Derived => "made from the others".to_owned(),
        }
    }
}

/// A value as TOML has it, on one line.
fn literal(value: &Value) -> String {
    let of = |values: &mut dyn Iterator<Item = String>| values.collect::<Vec<_>>().join(", ");
    match value {
        Value::Array(items) => format!("[{}]", of(&mut items.iter().map(literal))),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| format!("{} = {}", quoted(key), literal(value));
            format!("{{ {} }}", of(&mut entries.iter().map(entry)))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|character| match character {
        '"' | '\\' => format!("\\{character}"),
        _ if character.is_control() => format!("\\u{:04X}", u32::from(character)),
        _ => character.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// A comment ends with its line.
fn clean(text: &str) -> impl std::fmt::Display {
    text.escape_debug()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load_files, load_text};
    use super::*;

    const OWN: &str = "extend-rules = ['more.toml']\n\n[[module]]\ncanonical = 'a.b'\nlegacy = ['a.c']\nrenames = { 'X' = \"Y\" }\n\n\
        [[symbol]]\nid = 'vat'\ncanonical = 'a.tax.VAT'\nlegacy = [\n  'a.old.VAT',\n]\nerror-on = 2027-02-01\nmessage = \"a \\\"b\\\"\\n\\u0007\"\n\
        [files]\nexclude = ['x/']\n[[batch]]\nname = 'all'\npaths = ['**']\n";
    const MORE: &str = "[[policy]]\npackages = ['a.**']\nimport-from = 'facade'\n";

    fn shown() -> InForce {
        in_force(&load_files(&[("ssot.toml", OWN), ("more.toml", MORE)]).unwrap())
    }

    #[test]
    fn every_value_has_its_origin() {
        let text = shown().to_toml();
        for line in [
            "# with the rules of more.toml",
            "[files]  # ssot.toml:16",
            "exclude = [\"x/\"]  # ssot.toml:17",
            "[python]  # default",
            "# roots is not set  # default",
            "[[module]]  # ssot.toml:3",
            "# id = \"a.b\"  # made from the others",
            "renames = { \"X\" = \"Y\" }  # ssot.toml:6",
            "legacy = [\"a.old.VAT\"]  # ssot.toml:11",
            "local-name = \"rename\"  # default",
            "error-on = \"2027-02-01\"  # ssot.toml:14",
            "# id = \"policy:a.**\"  # made from the others",
            "import-from = \"facade\"  # more.toml:3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
        }
        assert!(text.find("[[module]]").unwrap() < text.find("[[symbol]]").unwrap(), "as they are written");
    }

    #[test]
    fn the_text_says_the_same_as_what_it_is_made_of() {
        let shown = shown();
        let again = in_force(&load_text(&shown.to_toml()).unwrap());
        let values = |shown: &InForce| -> Vec<(String, String, Value)> {
            let of = |table: &TableInForce| {
                let name = table.table.clone();
                let value =
                    move |value: &ValueInForce| (name.clone(), value.key.clone(), value.value.clone());
                table.values.iter().map(value).collect::<Vec<_>>()
            };
            shown.tables.iter().flat_map(of).collect()
        };
        assert_eq!(values(&again), values(&shown));
    }

    #[test]
    fn a_table_inside_a_manifest_is_shown_too() {
        let text = "[tool.ssot-lint]\n[[tool.ssot-lint.symbol]]\ncanonical = 'a.b.X'\n";
        let shown = in_force(&load_files(&[("pyproject.toml", text)]).unwrap()).to_toml();
        assert!(shown.contains("canonical = \"a.b.X\"  # pyproject.toml:3\n"), "{shown}");
    }
}
