//! Python: facts from the syntax tree, module names from the folder layout, and import statements as text.

mod builtins;
mod edit;
mod glance;
mod import_text;
mod layout;
mod lower;
mod shim;
mod standard_library;
mod syntax;

use lower::line_structure;
pub use lower::lower;

use glance::Glance;

use super::pattern::{Fragment, Replaced, SyntaxTree};
use super::suppression::{CommentStyle, write};
use super::{AskedAt, Extent, Folder, FrontEnd, Hidden, Hiding, LanguageError, Layout, Surroundings};
use crate::model::{
    Edit, Edition, FileChanges, FileFacts, Language, Relevance, ShimOrder, SourceFile, Span, SymbolPath,
    SyntaxError,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// The Python front end.
#[derive(Debug)]
pub struct Python;

impl FrontEnd for Python {
    fn language(&self) -> Language {
        Language::Python
    }

    fn words(&self) -> &'static [&'static str] {
        &[]
    }

    fn glance<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        let mut glance = Glance::new(bytes);
        Box::new(move |start, end| glance.matters(start, end))
    }

    fn glance_at_imports<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        let mut glance = Glance::new(bytes);
        Box::new(move |start, end| glance.is_imported(start, end))
    }

    fn glance_at_asked<'file>(&self, bytes: &'file [u8]) -> (Vec<Range<usize>>, Box<AskedAt<'file>>) {
        let mut glance = Glance::new(bytes);
        (glance.imports().to_vec(), Box::new(move |start, end| glance.asked(start, end)))
    }

    fn glance_at_roots<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        let mut glance = Glance::new(bytes);
        Box::new(move |start, end| glance.begins_path(start, end))
    }

    fn lower(&self, source: &SourceFile, _: Edition, relevance: Option<&Relevance<'_>>) -> FileFacts {
        lower(source, relevance)
    }

    fn lower_after(
        &self,
        source: &SourceFile,
        _: Edition,
        relevance: Option<&Relevance<'_>>,
        look: &mut dyn FnMut(SyntaxTree) -> Extent,
    ) -> Option<FileFacts> {
        lower::lower_after(source, relevance, look)
    }

    fn layout(&self, folder: &Folder<'_>) -> Layout {
        let modules = layout::modules(folder.files, folder.built, folder.roots, folder.hints);
        Layout { modules, ..Layout::default() }
    }

    fn edits(
        &self,
        source: &SourceFile,
        facts: &FileFacts,
        surroundings: &Surroundings<'_>,
        changes: &FileChanges,
    ) -> Result<Vec<Edit>, LanguageError> {
        edit::edits(source, facts, surroundings.package, changes)
    }

    /// What is no import is the entry of a list.
    fn without_items(
        &self,
        source: &SourceFile,
        names: &BTreeMap<Span, String>,
    ) -> Result<Vec<Edit>, LanguageError> {
        edit::without_entries(source.text(), names)
    }

    fn brings_methods(&self, _: &SourceFile, _: Span) -> bool {
        false
    }

    fn inline_path(&self, _: &SymbolPath, _: &Surroundings<'_>) -> Option<String> {
        None // Nothing can be named that was not imported.
    }

    fn is_builtin(&self, name: &str) -> bool {
        builtins::is_builtin(name)
    }

    fn is_standard(&self, name: &str) -> bool {
        standard_library::is_standard(name)
    }

    fn standard_module(&self, path: &SymbolPath) -> Option<usize> {
        let names: Vec<&str> = path.segments().iter().map(|name| &**name).collect();
        standard_library::module_length(&names)
    }

    fn first_import(&self, tree: &SyntaxTree, target: &SymbolPath) -> Option<Replaced> {
        syntax::first_import(tree, target)
    }

    fn hide(&self, source: &SourceFile, hiding: &Hiding<'_>) -> Hidden {
        // Two blanks before a comment: PEP 8, "Inline Comments".
        let style = CommentStyle { mark: "#", gap: "  " };
        write(source.text(), &line_structure(source.text()), style, hiding)
    }

    fn syntax(&self, text: &str) -> Result<SyntaxTree, SyntaxError> {
        syntax::syntax(text)
    }

    fn fragment(&self, text: &str) -> Result<Fragment, SyntaxError> {
        syntax::fragment(text)
    }

    fn needs_std(&self, _: &str) -> bool {
        false
    }

    fn bare_expression_is_value(&self) -> bool {
        false
    }

    fn fragment_facts(&self, text: &str) -> (FileFacts, u32) {
        (lower(&SourceFile::new("", Language::Python, text.to_owned()), None), 0)
    }

    fn new_module(&self, name: &str) -> Option<String> {
        Some(format!("{name}.py"))
    }

    fn shim(&self, order: &ShimOrder) -> Result<String, LanguageError> {
        shim::shim(order)
    }

    fn shim_stub(&self, order: &ShimOrder) -> Option<String> {
        Some(shim::stub(order))
    }

    fn name(&self, name: &str) -> String {
        name.to_owned()
    }
}
