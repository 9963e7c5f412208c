//! Rust: facts from the syntax tree and from tokens, modules from Cargo's targets, and `use` trees as text.

mod edit;
mod glance;
mod keywords;
mod layout;
mod lower;
mod prelude;
mod shim;

use super::pattern::{Fragment, Replaced, SyntaxTree};
use super::suppression::{CommentStyle, write};
use super::{Asked, AskedAt, Folder, FrontEnd, Hidden, Hiding, LanguageError, Layout, Surroundings};
use crate::model::{
    Edit, Edition, FileChanges, FileFacts, Language, Relevance, ShimOrder, SourceFile, Span, SymbolPath,
    SyntaxError,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// The Rust front end.
#[derive(Debug)]
pub struct Rust;

impl FrontEnd for Rust {
    fn language(&self) -> Language {
        Language::Rust
    }

    fn words(&self) -> &'static [&'static str] {
        &["deprecated"] // On a re-export it declares a legacy path.
    }

    fn glance<'file>(&self, bytes: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        glance::glance(bytes)
    }

    /// Imports are not told from other paths.
    fn glance_at_imports<'file>(&self, _: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        Box::new(|_, _| false)
    }

    /// What an import asks for is the compiler's business.
    fn glance_at_asked<'file>(&self, _: &'file [u8]) -> (Vec<Range<usize>>, Box<AskedAt<'file>>) {
        (Vec::new(), Box::new(|_, _| Asked::Nothing))
    }

    /// Any path may begin anywhere.
    fn glance_at_roots<'file>(&self, _: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
        Box::new(|_, _| true)
    }

    fn lower(&self, source: &SourceFile, edition: Edition, _: Option<&Relevance<'_>>) -> FileFacts {
        lower::lower(source, edition)
    }

    fn layout(&self, folder: &Folder<'_>) -> Layout {
        layout::layout(folder)
    }

    fn edits(
        &self,
        source: &SourceFile,
        facts: &FileFacts,
        surroundings: &Surroundings<'_>,
        changes: &FileChanges,
    ) -> Result<Vec<Edit>, LanguageError> {
        edit::edits(source, facts, surroundings, changes)
    }

    fn without_items(
        &self,
        source: &SourceFile,
        names: &BTreeMap<Span, String>,
    ) -> Result<Vec<Edit>, LanguageError> {
        edit::without_items(source, names)
    }

    fn brings_methods(&self, source: &SourceFile, name: Span) -> bool {
        edit::is_trait(source.text(), name)
    }

    fn inline_path(&self, target: &SymbolPath, surroundings: &Surroundings<'_>) -> Option<String> {
        edit::inline_path(target, surroundings)
    }

    fn is_builtin(&self, name: &str) -> bool {
        matches!(name, "self" | "Self") || prelude::is_primitive(name) || prelude::is_in_library(name)
    }

    fn needs_std(&self, name: &str) -> bool {
        name == "std" || prelude::needs_std(name)
    }

    /// Rust reference, "Block expressions".
    fn bare_expression_is_value(&self) -> bool {
        true
    }

    /// Nothing asks for it: every path can be written in place.
    fn first_import(&self, _: &SyntaxTree, _: &SymbolPath) -> Option<Replaced> {
        None
    }

    fn is_standard(&self, name: &str) -> bool {
        matches!(name, "std" | "core" | "alloc")
    }

    fn standard_module(&self, _: &SymbolPath) -> Option<usize> {
        None // A path can be written where it is wanted.
    }

    fn hide(&self, source: &SourceFile, hiding: &Hiding<'_>) -> Hidden {
        let style = CommentStyle { mark: "//", gap: " " };
        write(source.text(), &lower::line_structure(source.text()), style, hiding)
    }

    fn syntax(&self, text: &str) -> Result<SyntaxTree, SyntaxError> {
        lower::syntax(text)
    }

    fn fragment(&self, text: &str) -> Result<Fragment, SyntaxError> {
        lower::fragment(text)
    }

    fn fragment_facts(&self, text: &str) -> (FileFacts, u32) {
        const OPENING: &str = "fn f() {\n"; // Statements stand in a body only.
        let source = SourceFile::new("", Language::Rust, format!("{OPENING}{text}\n}}"));
        (lower::lower(&source, Edition::default()), OPENING.len() as u32)
    }

    fn new_module(&self, _: &str) -> Option<String> {
        None // Another file has to declare it.
    }

    fn shim(&self, order: &ShimOrder) -> Result<String, LanguageError> {
        shim::shim(order)
    }

    fn shim_stub(&self, _: &ShimOrder) -> Option<String> {
        None
    }

    fn name(&self, name: &str) -> String {
        keywords::identifier(name)
    }
}
