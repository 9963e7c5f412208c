//! What a configuration may say, as types: its JSON Schema is made from them.
//!
//! The files themselves are read by hand, because a complaint needs a place; tests hold the two together.

#![allow(dead_code, reason = "only the shape of these types is used")]

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The JSON Schema (draft 7) of an `ssot.toml`; a file of rules may hold all but `files`, `python` and `batch`.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(without_null));
    settings.into_generator().into_root_schema_for::<Written>().to_value()
}

/// TOML has no null: a key that may be left out is left out.
fn without_null(schema: &mut Schema) {
    let is_null =
        |one: &Value| one.is_null() || one == "null" || one.get("type").is_some_and(|it| it == "null");
    for key in ["type", "enum", "anyOf"] {
        let Some(Value::Array(choices)) = schema.get_mut(key) else { continue };
        choices.retain(|one| !is_null(one));
        let [only] = &mut choices[..] else { continue };
        let only = only.take();
        match only {
            Value::Object(only) => {
                schema.remove(key);
                only.into_iter().for_each(|(key, value)| drop(schema.insert(key, value)));
            }
            only if key == "type" => drop(schema.insert(key.into(), only)),
            only => drop(schema.insert(key.into(), vec![only].into())),
        }
    }
}

/// What `ssot-lint` is to enforce: one canonical import path per symbol.
#[derive(JsonSchema)]
#[schemars(rename = "ssot-lint configuration", rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    /// Further files with the same tables: paths or patterns relative to this file, or `builtin:NAME`.
    #[schemars(extend("default" = []))]
    extend_rules: Option<Vec<Word>>,
    files: Option<Files>,
    python: Option<Python>,
    symbol: Option<Vec<Symbol>>,
    module: Option<Vec<Module>>,
    usage: Option<Vec<Usage>>,
    policy: Option<Vec<Policy>>,
    r#override: Option<Vec<Override>>,
    batch: Option<Vec<Batch>>,
}

/// Which files belong to the project.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Files {
    /// What is left out besides what `.gitignore` leaves out, in the same syntax.
    #[schemars(extend("default" = []), inner(regex(pattern = r"^[^#]")))]
    exclude: Option<Vec<String>>,
}

/// How Python modules are found.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Python {
    /// Folders where top-level packages lie, relative to the project root; found by the layout when not given.
    #[schemars(length(min = 1))]
    roots: Option<Vec<Word>>,
}

/// A class, function, constant, type, trait or macro with one home.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Symbol {
    #[schemars(flatten)]
    rule: Rule,
    /// Other paths that work or once worked.
    #[schemars(extend("default" = []))]
    legacy: Option<Vec<Word>>,
}

/// A module that moved: each name in it is a name of the canonical one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Module {
    #[schemars(flatten)]
    rule: Rule,
    /// Other paths that work or once worked.
    #[schemars(length(min = 1))]
    legacy: Vec<Word>,
    /// Old and new names of members that changed theirs.
    #[schemars(extend("default" = {}))]
    renames: Option<BTreeMap<String, String>>,
}

/// What the rules of both kinds may say.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
struct Rule {
    /// The name of the rule in findings; the canonical path when not given.
    id: Option<Id>,
    /// The one path by which code may reach it: with `.` in Python, with `::` in Rust.
    canonical: Word,
    /// Further paths that stay allowed.
    #[schemars(extend("default" = []))]
    facades: Option<Vec<Word>>,
    /// When the name changes: rename its uses too, or import the new name `as` the old one.
    #[schemars(extend("default" = "rename"))]
    local_name: Option<LocalName>,
    /// Added to each finding.
    message: Option<String>,
    /// How much a finding matters.
    #[schemars(extend("default" = "error"))]
    severity: Option<Severity>,
    /// Whether comments may hide its findings.
    #[schemars(extend("default" = true))]
    suppressible: Option<bool>,
    /// From this day on a warning; before it no more than info.
    deprecated_on: Option<Day>,
    /// From this day on an error; before it no more than a warning.
    error_on: Option<Day>,
    /// From this day on the shim itself is a finding.
    remove_on: Option<Day>,
    /// From this version of the project on the shim itself is a finding.
    removed_in: Option<Word>,
}

/// A pattern of code, and what is written instead.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
struct Usage {
    /// The name of the rule in findings; `usage:` and the pattern when not given.
    id: Option<Id>,
    /// One expression or statement: `$X` is one expression in it, `$$$X` any number of arguments, `name_$X` the rest of a name.
    find: Word,
    /// What is written instead; without it a match is only reported.
    replace: Option<Word>,
    /// Regular expressions that the texts of captures must match, by the names of the captures.
    r#where: Option<BTreeMap<String, String>>,
    /// The language of the pattern; found when not given.
    language: Option<PatternLanguage>,
    /// Added to each finding.
    message: Option<String>,
    /// How much a finding matters.
    #[schemars(extend("default" = "error"))]
    severity: Option<Severity>,
    /// Whether comments may hide its findings.
    #[schemars(extend("default" = true))]
    suppressible: Option<bool>,
    /// From this day on a warning; before it no more than info.
    deprecated_on: Option<Day>,
    /// From this day on an error; before it no more than a warning.
    error_on: Option<Day>,
    /// From this day on what it finds is gone: an error.
    remove_on: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "kebab-case")]
enum PatternLanguage {
    Python,
    Rust,
}

/// Which kind of path is canonical for all that some packages define.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
struct Policy {
    /// The name of the policy in findings; `policy:` and the first pattern when not given.
    id: Option<Id>,
    /// Patterns of packages: `*` is one part of a name, `**` any number.
    #[schemars(length(min = 1))]
    packages: Vec<Word>,
    /// The defining module, or the shallowest package that exports the symbol on purpose.
    import_from: ImportFrom,
    /// Added to each finding.
    message: Option<String>,
    /// How much a finding matters.
    #[schemars(extend("default" = "error"))]
    severity: Option<Severity>,
    /// Whether comments may hide its findings.
    #[schemars(extend("default" = true))]
    suppressible: Option<bool>,
}

/// Another severity, or none, below some paths.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Override {
    /// Patterns of paths relative to the project root; `tests/` is all below it.
    #[schemars(length(min = 1))]
    paths: Vec<Word>,
    /// The ids of the rules that are meant; all when not given.
    #[schemars(length(min = 1))]
    rules: Option<Vec<Word>>,
    /// How much a finding matters there.
    severity: Severity,
}

/// Files that migrate together, and the commands that judge the result.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Batch {
    /// Its name for `--batch`.
    name: Word,
    /// Patterns of paths relative to the project root; a file belongs to the first batch that names it.
    #[schemars(length(min = 1))]
    paths: Vec<Word>,
    /// Commands for the shell, run one by one after the batch; when one fails, the batch is put back.
    #[schemars(extend("default" = []))]
    validate: Option<Vec<Word>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "kebab-case")]
enum LocalName {
    Rename,
    Keep,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "kebab-case")]
enum ImportFrom {
    Definition,
    Facade,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "kebab-case")]
enum Severity {
    Error,
    Warning,
    Info,
    Off,
}

/// A text that is not blank.
#[derive(JsonSchema)]
#[schemars(inline, description = "")]
struct Word(#[schemars(regex(pattern = r"\S"))] String);

/// Letters, digits and - _ . : /
#[derive(JsonSchema)]
#[schemars(inline, description = "")]
struct Id(#[schemars(regex(pattern = r"^[^\x00-,;-@\[-^`{-\x7f]+$"))] String);

/// A day as a string, or as TOML has it: some validators see that as a string too, others as a date only.
struct Day;

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$" },
                { "type": "string", "format": "date" }
            ]
        })
    }
}
