//! The JSON Schema of the configuration and the program's own reader say the same.

#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::unwrap_used, reason = "a test may fail at any line and say why")]

#[path = "schema/corpus.rs"]
mod corpus;

use serde_json::{Map, Value};
use ssot_lint::config::{self, Complaint, ConfigError, Configuration};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const CHECKED_IN: &str = "schemas/ssot-lint.schema.json";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What the program says of an `ssot.toml`.
fn read(text: &str) -> Result<Configuration, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ssot.toml"), text).unwrap();
    fs::write(folder.path().join("more.toml"), "").unwrap();
    config::load(&[], folder.path(), None, &ssot_lint::pipeline::read_pattern)
}

fn complaints(text: &str) -> Vec<Complaint> {
    read(text).map_or_else(|error| error.complaints().to_vec(), |_| Vec::new())
}

/// What a validator of JSON Schema says of the same.
fn valid(text: &str) -> Result<(), String> {
    let value: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let validator =
        jsonschema::draft7::options().should_validate_formats(true).build(&config::schema()).unwrap();
    validator.validate(&without_dates(toml::Value::Table(value))).map_err(|error| error.to_string())
}

/// JSON has no dates: validators see them as strings.
fn without_dates(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(without_dates).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, without_dates(value))).collect()
        }
        other => serde_json::to_value(other).unwrap(),
    }
}

/// The properties of a table that the schema describes; of the whole for an empty name.
fn described<'s>(schema: &'s Value, table: &str) -> &'s Map<String, Value> {
    definition(schema, table)["properties"].as_object().unwrap()
}

fn definition<'s>(schema: &'s Value, table: &str) -> &'s Value {
    let Some(one) = schema["properties"].get(table) else { return schema };
    let reference = one.get("$ref").unwrap_or_else(|| &one["items"]["$ref"]).as_str().unwrap();
    schema.pointer(&reference[1..]).unwrap()
}

/// The names of all tables with the head of each.
fn tables(schema: &Value) -> Vec<(String, String)> {
    let head = |(name, described): (&String, &Value)| {
        let head = if described.get("items").is_some() { format!("[[{name}]]") } else { format!("[{name}]") };
        (name != "extend-rules").then(|| (name.clone(), head))
    };
    described(schema, "").iter().filter_map(head).collect()
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_program() {
    let made = serde_json::to_string_pretty(&config::schema()).unwrap() + "\n";
    let file = repository(CHECKED_IN);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &made).unwrap();
    }
    let held = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(held == made, "{CHECKED_IN} is out of date: UPDATE_SCHEMA=1 cargo test --test schema");
}

/// The complaint about an unknown key lists all that the reader knows.
#[test]
fn the_reader_and_the_schema_know_the_same_keys() {
    let schema = config::schema();
    let heads = [(String::new(), String::new())].into_iter().chain(tables(&schema));
    for (table, head) in heads {
        let complaints = complaints(&format!("{head}\nno-such-key-at-all = 1\n"));
        let helps = complaints.iter().filter_map(|complaint| complaint.help.as_deref());
        let known: Vec<&str> = helps.filter_map(|help| help.strip_prefix("known keys: ")).collect();
        let [known] = known[..] else { panic!("{head}: {complaints:?}") };
        let known: BTreeSet<&str> = known.split(", ").collect();
        let described: BTreeSet<&str> = described(&schema, &table).keys().map(String::as_str).collect();
        assert_eq!(known, described, "{head}");
    }
}

/// The complaint about a word that is none of a few lists them.
#[test]
fn the_reader_and_the_schema_know_the_same_words() {
    let schema = config::schema();
    for (table, head) in tables(&schema) {
        for (key, described) in described(&schema, &table) {
            let complaints = complaints(&format!("{head}\n{key} = \"such-a-word-is-not-there\"\n"));
            let words = complaints.iter().find_map(|complaint| {
                let is_meant = complaint.message.starts_with(&format!("`{key}` cannot be"));
                complaint.help.as_deref().filter(|_| is_meant)?.strip_prefix("one of ")
            });
            let described = described.get("enum").and_then(Value::as_array);
            let described =
                described.map(|words| words.iter().map(Value::to_string).collect::<Vec<_>>().join(", "));
            assert_eq!(words, described.as_deref(), "{head} {key}");
        }
    }
}

#[test]
fn what_must_be_there_is_the_same() {
    let schema = config::schema();
    for (table, head) in tables(&schema) {
        let missing: BTreeSet<String> = complaints(&format!("{head}\n"))
            .iter()
            .filter_map(|complaint| complaint.message.strip_prefix('`')?.split_once("` is missing in "))
            .map(|(key, _)| key.to_owned())
            .collect();
        let required = definition(&schema, &table).get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().map(|key| key.as_str().unwrap().to_owned());
        assert_eq!(missing, required.collect(), "{head}");
    }
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    let schema = config::schema();
    let mut tried = 0;
    for (table, least) in corpus::LEAST {
        for (key, described) in described(&schema, table) {
            let Some(default) = described.get("default") else { continue };
            let default = match default {
                Value::Object(_) => "{}".to_owned(),
                other => other.to_string(),
            };
            let (without, with) =
                (read(least).unwrap(), read(&format!("{least}{key} = {default}\n")).unwrap());
            let said = |read: &Configuration| {
                format!("{:?}", (&read.rules, &read.policies, &read.overrides, &read.batches, &read.exclude))
            };
            assert_eq!(said(&without), said(&with), "{table}.{key}");
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn both_take_good_configurations() {
    for text in corpus::GOOD.iter().chain(corpus::LEAST.iter().map(|(_, text)| text)) {
        read(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        valid(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    }
}

#[test]
fn both_refuse_what_has_the_wrong_shape() {
    for text in corpus::WRONG_SHAPE {
        assert!(read(text).is_err(), "the reader takes it:\n{text}");
        assert!(valid(text).is_err(), "the schema takes it:\n{text}");
    }
}

/// A schema cannot compare one value with another, and does not know what a path is.
#[test]
fn only_the_reader_refuses_what_has_the_wrong_meaning() {
    for text in corpus::WRONG_MEANING {
        assert!(read(text).is_err(), "the reader takes it:\n{text}");
        valid(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    }
}

/// Every configuration in the repository that the program takes is valid.
#[test]
fn the_configurations_of_this_repository_are_valid() {
    let mut tried = 0;
    for folder in ["fixtures", "rules"] {
        for entry in ignore::Walk::new(repository(folder)) {
            let path = entry.unwrap().into_path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.ends_with(".md")
                && !(name.ends_with(".toml") && (name == "ssot.toml" || folder == "rules"))
            {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let texts = if name.ends_with(".md") { in_page(&text) } else { vec![text] };
            for text in texts.into_iter().filter(|text| read(text).is_ok()) {
                valid(&text).unwrap_or_else(|error| panic!("{}:\n{text}\n{error}", path.display()));
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

/// The `ssot.toml` files of a fixture.
fn in_page(page: &str) -> Vec<String> {
    let mut parts = page.split("`ssot.toml`").skip(1);
    let block = |part: &str| Some(part.split_once("```toml\n")?.1.split_once("```")?.0.to_owned());
    parts.by_ref().filter_map(block).collect()
}
