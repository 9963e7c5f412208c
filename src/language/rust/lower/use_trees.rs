//! `use` and `extern crate` items (Rust Reference, "Use declarations" and "Extern crate declarations").

use super::Lowering;
use super::chains::{is_path_keyword, keyword_start};
use super::places::Word;
use crate::model::{
    BindingId, BindingKind, Bindings, Edition, Import, ImportForm, ImportId, Namespaces, Runs, Segment, Span,
    Start, Visibility,
};
use std::sync::Arc;
use syn::{ItemExternCrate, ItemUse, UseTree};

/// What the imports of one statement share.
struct Statement<'a> {
    span: Span,
    visibility: Visibility,
    /// True for a `::` in front.
    leading: bool,
    /// The words in front of the present branch.
    prefix: Vec<Word<'a>>,
}

impl<'a> Lowering<'a> {
    /// `pub use a::{b, c as d};`.
    pub(super) fn use_item(&mut self, item: &ItemUse) {
        self.attributes(&item.attrs);
        let first = self.imports();
        let span = self.statement(&item.vis, item.use_token.span, item.semi_token.span);
        let visibility = self.visibility(&item.vis);
        let leading = item.leading_colon.is_some();
        self.use_tree(&item.tree, &mut Statement { span, visibility, leading, prefix: Vec::new() });
        self.note_deprecation(item, first);
    }

    fn imports(&self) -> ImportId {
        self.facts.imports.len() as ImportId
    }

    /// From the visibility, or else the keyword, to the semicolon.
    fn statement(
        &self,
        visibility: &syn::Visibility,
        keyword: proc_macro2::Span,
        semicolon: proc_macro2::Span,
    ) -> Span {
        let first = match visibility {
            syn::Visibility::Public(token) => token.span,
            syn::Visibility::Restricted(restricted) => restricted.pub_token.span,
            syn::Visibility::Inherited => keyword,
        };
        Span::new(self.places.start(first), self.places.end(semicolon))
    }

    fn use_tree(&mut self, tree: &UseTree, statement: &mut Statement<'a>) {
        match tree {
            UseTree::Path(path) => {
                statement.prefix.push(self.places.word(&path.ident));
                self.use_tree(&path.tree, statement);
                statement.prefix.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree, statement)),
            UseTree::Name(name) => self.use_leaf(self.places.word(&name.ident), None, statement),
            UseTree::Rename(rename) => {
                let alias = self.places.word(&rename.rename);
                self.use_leaf(self.places.word(&rename.ident), Some(alias), statement);
            }
            UseTree::Glob(glob) => {
                let (start, path) = self.module(&statement.prefix, statement);
                let span = self.places.span(glob.star_token.span);
                let import = self.import(ImportForm::Star, start, span, statement);
                self.facts.imports.push(Import { path: path.into(), ..import });
            }
        }
    }

    /// One imported name. `self` stands for the words in front of it.
    fn use_leaf(&mut self, leaf: Word<'a>, alias: Option<Word<'a>>, statement: &Statement<'a>) {
        let (start, mut path) = self.module(&statement.prefix, statement);
        let member = match path.pop() {
            Some(named) if leaf.is("self") => Segment { name: named.name, span: leaf.span },
            last if !is_path_keyword(leaf) => {
                path.extend(last);
                leaf.segment()
            }
            _ => return self.use_keywords(leaf, alias, statement),
        };
        let bound = alias.map_or_else(|| member.clone(), Word::segment);
        let binding = self.bind_import(bound, statement.visibility);
        let import = self.import(ImportForm::Member, start, leaf.span, statement);
        let alias = alias.map(Word::segment);
        self.facts.imports.push(Import { path: path.into(), member: Some(member), alias, binding, ..import });
    }

    /// `use crate as x`, `use super::{self as x}`: without a new name this is an error.
    fn use_keywords(&mut self, leaf: Word<'a>, alias: Option<Word<'a>>, statement: &Statement<'a>) {
        let Some(alias) = alias else { return };
        let mut words = statement.prefix.clone();
        if words.is_empty() || !leaf.is("self") {
            words.push(leaf);
        }
        let (start, path) = self.module(&words, statement);
        if path.is_empty() {
            let binding = self.bind_import(alias.segment(), statement.visibility);
            let import = self.import(ImportForm::Module, start, leaf.span, statement);
            self.facts.imports.push(Import { alias: Some(alias.segment()), binding, ..import });
        }
    }

    /// Where words in front of a leaf start, and the names among them.
    fn module(&self, words: &[Word<'a>], statement: &Statement<'a>) -> (Start, Vec<Segment>) {
        let (start, keywords) = match keyword_start(words).filter(|_| !statement.leading) {
            Some(found) => found,
            None if self.edition == Edition::Rust2015 => (Start::Root, 0),
            None if statement.leading => (Start::Top, 0),
            None => (Start::ScopeOrTop, 0),
        };
        (start, words[keywords..].iter().map(|word| word.segment()).collect())
    }

    /// `as _` binds nothing.
    fn bind_import(&mut self, bound: Segment, visibility: Visibility) -> Option<BindingId> {
        if &*bound.name == "_" {
            return None;
        }
        let kind = BindingKind::Import(self.imports());
        Some(self.bind(crate::model::Binding {
            name: bound.name,
            span: bound.span,
            scope: self.items,
            kind,
            visibility,
            namespaces: Namespaces::ALL,
            is_nothing: false,
        }))
    }

    /// An import without names as yet.
    fn import(&self, form: ImportForm, start: Start, span: Span, statement: &Statement<'a>) -> Import {
        Import {
            form,
            statement: statement.span,
            block: self.block,
            start,
            roots: Bindings::new(),
            path: Arc::default(),
            member: None,
            alias: None,
            span,
            binding: None,
            visibility: statement.visibility,
            scope: self.items,
            runs: Runs::Always,
            in_try: false,
            is_used: false,
        }
    }

    /// `extern crate a as b;`.
    pub(super) fn extern_crate(&mut self, item: &ItemExternCrate) {
        self.attributes(&item.attrs);
        let visibility = self.visibility(&item.vis);
        let span = self.statement(&item.vis, item.extern_token.span, item.semi_token.span);
        let statement = Statement { span, visibility, leading: false, prefix: Vec::new() };
        let name = self.places.word(&item.ident);
        let alias = item.rename.as_ref().map(|(_, alias)| self.places.word(alias));
        let binding = self.bind_import(alias.unwrap_or(name).segment(), visibility);
        let is_own = name.is("self");
        let start = if is_own { Start::Root } else { Start::Top };
        let import = self.import(ImportForm::Module, start, name.span, &statement);
        let path: Arc<[Segment]> = if is_own { Arc::default() } else { Arc::new([name.segment()]) };
        self.facts.imports.push(Import { path, alias: alias.map(Word::segment), binding, ..import });
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{facts, imports, old_facts, uses};

    #[test]
    fn each_leaf_is_an_import() {
        uses(
            "use a::{b, c::{self, d as e, self as f}, g::*, h as _};",
            "a::b\na::c[self]\na::c::d as e\na::c[self] as f\na::g::*\na::h as _ unbound",
        );
        uses("use a; use b as c; use d::{self}; use *;", "a\nb as c\nd[self]\n::*");
    }

    #[test]
    fn keywords_say_where_a_path_starts() {
        uses(
            "use crate::a; use self::b; use super::c; use super::super::d::*; use self::super::e; use ::f::g;",
            "/a\n^b\n^^c\n^^^d::*\n^^e\n::f::g",
        );
        uses("use {crate::a, self::{b, super::c}, d};", "/a\n^b\n^^c\nd");
        uses(
            "use crate as a; use super::{self as b}; use self as c; use crate::{self as d};",
            "module / as a\nmodule ^^ as b\nmodule ^ as c\nmodule / as d",
        );
    }

    #[test]
    fn old_paths_start_at_the_root() {
        let text = "use a::b; use ::c; use self::d; extern crate e;";
        assert_eq!(imports(&old_facts(text), text), "/a::b\n/c\n^d\nmodule ::e");
    }

    #[test]
    fn crates_are_modules() {
        uses(
            "extern crate a; extern crate b as c; extern crate self as d; extern crate e as _;",
            "module ::a\nmodule ::b as c\nmodule / as d\nmodule ::e as _ unbound",
        );
    }

    #[test]
    fn the_first_name_may_be_one_of_the_scope_but_not_its_own() {
        uses("use a::b; mod a {} use c; fn c() {}", "a::b <module\nc <item");
        uses("use log::log; use d::d;", "log::log\nd::d");
        uses("use a::b; fn a() {}", "a::b");
        uses("mod a {} mod m { use a::b; }", "a::b");
        uses("fn f() { use a::b; mod a {} }", "a::b <module@f");
    }

    #[test]
    fn a_statement_reaches_from_its_visibility_to_its_semicolon() {
        let text = "#[x] pub(crate) use a::b ; mod m { fn f() { use r#fn::c; use d; } }";
        let facts = facts(text);
        let statements: Vec<&str> = facts.imports.iter().map(|import| import.statement.of(text)).collect();
        assert_eq!(statements, ["pub(crate) use a::b ;", "use r#fn::c;", "use d;"]);
        let blocks: Vec<&str> = facts.imports.iter().map(|import| &text[..import.block.0 as usize]).collect();
        let body = "#[x] pub(crate) use a::b ; mod m { fn f() {";
        assert_eq!(blocks, ["", body, body]);
        assert_eq!(&*facts.imports[1].path[0].name, "fn");
    }
}
