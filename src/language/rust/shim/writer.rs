//! The text of a shim while it grows.

use super::super::keywords::identifier;
use crate::model::{HandedOn, ShimOrder, SymbolPath};
use std::fmt::Write;

/// The second half of a note.
const REMEDY: &str = "`ssot-lint migrate` changes the code that uses it";
/// The arguments of an attribute stand in a line of their own when it would be longer, as rustfmt has it.
const WIDTH: usize = 100;

/// Collects the items.
pub(super) struct Writer<'run> {
    pub order: &'run ShimOrder,
    /// Imports that are handed on, each with what stands in front.
    exports: Vec<String>,
    /// Imports in the private module, from where a glob hands on what no item of the shim hides.
    hidden: Vec<String>,
    items: Vec<String>,
}

impl<'run> Writer<'run> {
    pub fn new(order: &'run ShimOrder) -> Self {
        Self { order, exports: Vec::new(), hidden: Vec::new(), items: Vec::new() }
    }

    /// A path as the shim spells it: `crate::…` for its own crate.
    pub fn spelled(&self, path: &SymbolPath) -> String {
        let own = &self.order.path.segments()[0];
        let names = path.segments().iter().enumerate().map(|(index, name)| match index {
            0 if name == own => "crate".to_owned(),
            0 => format!("::{}", identifier(name)),
            _ => identifier(name),
        });
        names.collect::<Vec<_>>().join("::")
    }

    /// What the handed-on name leads to.
    pub fn target(&self, handed: &HandedOn) -> String {
        format!("{}::{}", self.spelled(&handed.home), identifier(&handed.target))
    }

    /// The attribute that warns.
    pub fn deprecation(handed: &HandedOn) -> String {
        let goes = if handed.goes.is_empty() { String::new() } else { format!("{}; ", handed.goes) };
        let note = format!("note = \"moved to `{}::{}`; {goes}{REMEDY}\"", handed.home, handed.target);
        let inline = format!("#[deprecated({note})]\n");
        match inline.trim_end().chars().count() <= WIDTH {
            true => inline,
            false => format!("#[deprecated(\n    {note}\n)]\n"),
        }
    }

    pub fn item(&mut self, text: String) {
        self.items.push(text);
    }

    /// `pub use`, unless a glob hands everything on.
    pub fn export(&mut self, handed: &HandedOn, (conditions, visibility): (&str, &str)) {
        if self.order.whole.is_none() || handed.name != handed.target {
            let path = self.renamed(handed);
            self.exports.push(format!("{conditions}{visibility} use {path};\n"));
        }
    }

    /// The same for what an item of the shim hides in one of its namespaces.
    pub fn export_hidden(&mut self, handed: &HandedOn, (conditions, visibility): (&str, &str)) {
        if self.order.whole.is_none() || handed.name != handed.target {
            let path = self.renamed(handed);
            let text = format!("{conditions}{visibility} use {path};");
            let text: String = text.lines().map(|line| format!("    {line}\n")).collect();
            if !self.hidden.contains(&text) {
                self.hidden.push(text);
            }
        }
    }

    fn renamed(&self, handed: &HandedOn) -> String {
        let target = self.target(handed);
        if handed.name == handed.target {
            target
        } else {
            format!("{target} as {}", identifier(&handed.name))
        }
    }

    pub fn finish(self) -> String {
        let mut text =
            "//! Deprecated: what was here has moved. This module only hands it on.\n\n".to_owned();
        let whole = self.order.whole.as_ref().map(|module| format!("pub use {}::*;\n", self.spelled(module)));
        text.extend(whole);
        text.extend(self.exports);
        if !self.hidden.is_empty() {
            text += "pub use moved::*;\n";
        }
        if !self.hidden.is_empty() {
            let lines: String = self.hidden.concat();
            write!(text, "\n/// What deprecated items of the same name leave to be handed on.\nmod moved {{\n{lines}}}\n")
                .expect("a string takes everything");
        }
        for item in self.items {
            write!(text, "\n{item}").expect("a string takes everything");
        }
        text
    }
}
