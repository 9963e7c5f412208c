//! Typed reading of TOML tables: what does not fit becomes a complaint, and reading goes on.

use super::complaint::{Complaint, nearest, quoted};
use super::place::{ConfigSource, Place, Placed};
use crate::model::Span;
use jiff::civil::Date;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML value with its place.
pub(super) type Item<'i> = Spanned<DeValue<'i>>;

/// One table of the file.
pub(super) struct Section<'t, 'i> {
    /// Its keys and values.
    pub table: &'t DeTable<'i>,
    /// The bytes of its head.
    pub span: Span,
    /// Its name in messages: `[[symbol]]`.
    pub title: &'static str,
}

impl<'t, 'i> Section<'t, 'i> {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&'t Item<'i>> {
        self.table.get(key)
    }
}

/// Reads values of one file and collects what is wrong.
pub(super) struct Reader<'a> {
    /// The file.
    pub source: &'a Arc<ConfigSource>,
    /// What is wrong so far.
    pub complaints: &'a mut Vec<Complaint>,
}

impl Reader<'_> {
    /// A place in this file.
    pub fn place(&self, span: Span) -> Place {
        Place { source: self.source.clone(), span }
    }

    /// Complains about `span`.
    pub fn complain(&mut self, span: Span, message: String, label: impl Into<String>, help: Option<String>) {
        let complaint = Complaint::new(&self.place(span), message, label);
        self.complaints.push(Complaint { help, ..complaint });
    }

    /// Complains about every key that is not in `known`.
    pub fn only_keys(&mut self, section: &Section, known: &[&str]) {
        for key in section.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            let label = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "not known here".into(),
            };
            let message = format!("unknown key {} in {}", quoted(name), section.title);
            self.complain(
                to_span(key.span()),
                message,
                label,
                Some(help_for_key(name, known, section.title)),
            );
        }
    }

    /// The value of a key that has to be there.
    pub fn required<'t, 'i>(&mut self, section: &Section<'t, 'i>, key: &str) -> Option<&'t Item<'i>> {
        let found = section.get(key);
        if found.is_none() {
            let message = format!("`{key}` is missing in {}", section.title);
            self.complain(section.span, message, format!("no `{key}` here"), None);
        }
        found
    }

    /// A string.
    pub fn string(&mut self, what: &str, item: &Item) -> Option<Placed<String>> {
        let DeValue::String(text) = item.get_ref() else {
            self.wrong_type(what, item, "a string");
            return None;
        };
        let span = inside_quotes(to_span(item.span()), text, self.source.text());
        Some(Placed { value: text.to_string(), place: self.place(span) })
    }

    /// A string that is not empty.
    pub fn word(&mut self, what: &str, item: &Item) -> Option<Placed<String>> {
        let text = self.string(what, item)?;
        if text.value.trim().is_empty() {
            self.complain(to_span(item.span()), format!("`{what}` is empty"), "nothing in it", None);
            return None;
        }
        Some(text)
    }

    /// The string under `key`, when it is there.
    pub fn optional_word(&mut self, section: &Section, key: &str) -> Option<Placed<String>> {
        section.get(key).and_then(|item| self.word(key, item))
    }

    /// A list of strings, none of them empty; those that fit when some do not.
    pub fn words(&mut self, what: &str, item: &Item) -> Vec<Placed<String>> {
        match item.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.word(what, item)).collect(),
            DeValue::String(_) => {
                let written = to_span(item.span()).of(self.source.text());
                let help = format!("write it as a list: {what} = [{}]", one_line(written));
                let message = format!("`{what}` is a list of strings, not a string");
                self.complain(to_span(item.span()), message, "expected a list", Some(help));
                Vec::new()
            }
            _ => {
                self.wrong_type(what, item, "a list of strings");
                Vec::new()
            }
        }
    }

    /// A list of strings that has to hold something; `reason` says why.
    pub fn some_words(&mut self, what: &str, item: &Item, reason: &str) -> Vec<Placed<String>> {
        if matches!(item.get_ref(), DeValue::Array(items) if items.is_empty()) {
            self.complain(to_span(item.span()), format!("`{what}` is empty"), reason, None);
        }
        self.words(what, item)
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, section: &Section, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let item = section.get(key)?;
        let text = self.string(key, item)?;
        let found = choices.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let label = match nearest(&text.value, choices.iter().map(|(word, _)| *word)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "not known".into(),
            };
            let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let message = format!("`{key}` cannot be {}", quoted(&text.value));
            self.complain(text.place.span, message, label, Some(format!("one of {}", words.join(", "))));
        }
        found.map(|(_, value)| *value)
    }

    /// `true` or `false`.
    pub fn flag(&mut self, section: &Section, key: &str) -> Option<bool> {
        let item = section.get(key)?;
        let found = item.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(key, item, "`true` or `false`");
        }
        found
    }

    /// A day, as a string or as a TOML date.
    pub fn date(&mut self, section: &Section, key: &str) -> Option<Placed<Date>> {
        let item = section.get(key)?;
        let text = match item.get_ref() {
            DeValue::Datetime(date) => {
                Placed { value: date.to_string(), place: self.place(to_span(item.span())) }
            }
            _ => self.string(key, item)?,
        };
        let date = day(&text.value);
        if date.is_none() {
            let help = "write a day as YYYY-MM-DD, such as \"2027-02-01\"".to_owned();
            let message = format!("`{key}` is not a date: {}", quoted(&text.value));
            self.complain(text.place.span, message, "no such day", Some(help));
        }
        date.map(|value| text.with(value))
    }

    /// The tables under `key`, written `[[key]]`, with the title that messages use.
    pub fn tables<'t, 'i>(
        &mut self,
        parent: &'t DeTable<'i>,
        key: &'static str,
        title: &'static str,
    ) -> Vec<Section<'t, 'i>> {
        let Some(item) = parent.get(key) else { return Vec::new() };
        let DeValue::Array(items) = item.get_ref() else {
            let help = format!("each {key} is one table of a list: {title}");
            let message = format!("`{key}` is written {title}, with double brackets");
            self.complain(to_span(item.span()), message, "not a list of tables", Some(help));
            return Vec::new();
        };
        items.iter().filter_map(|item| self.table(key, title, item)).collect()
    }

    /// A table.
    pub fn table<'t, 'i>(
        &mut self,
        what: &str,
        title: &'static str,
        item: &'t Item<'i>,
    ) -> Option<Section<'t, 'i>> {
        let DeValue::Table(table) = item.get_ref() else {
            self.wrong_type(what, item, "a table");
            return None;
        };
        Some(Section { table, span: to_span(item.span()), title })
    }

    fn wrong_type(&mut self, what: &str, item: &Item, expected: &str) {
        let message = format!("`{what}` is {}, expected {expected}", kind_of(item.get_ref()));
        self.complain(to_span(item.span()), message, format!("expected {expected}"), None);
    }
}

/// A TOML span as the model's; files are far shorter than 4 GiB.
pub(super) fn to_span(range: Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

fn help_for_key(name: &str, known: &[&str], title: &str) -> String {
    match name {
        "extend-rules" => "`extend-rules` stands at the top of the file, before the first [table]".into(),
        "removed-in" if title == "[[usage]]" => {
            "`removed-in` is for shims, and a pattern has none; `remove-on` takes a day".into()
        }
        "renames" => format!("`renames` belongs to [[module]]; {title} moves one name by its paths"),
        _ => format!("known keys: {}", known.join(", ")),
    }
}

/// The span of the contents when they are spelled exactly like the value, else of the whole literal.
fn inside_quotes(span: Span, value: &str, text: &str) -> Span {
    let inner = Span::new(span.start + 1, span.end.saturating_sub(1));
    let is_plain =
        inner.start <= inner.end && text.get(inner.start as usize..inner.end as usize) == Some(value);
    if is_plain { inner } else { span }
}

/// Exactly `YYYY-MM-DD`; the date library would take more spellings.
fn day(text: &str) -> Option<Date> {
    let is_shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_shaped.then(|| text.parse().ok()).flatten()
}

fn one_line(text: &str) -> &str {
    if text.len() <= 100 && !text.contains('\n') { text } else { "\"…\"" }
}

fn kind_of(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
