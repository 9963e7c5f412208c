//! Macros in item position: definitions, and calls that make items of what they get.

use super::Lowering;
use super::macros::DEEPEST;
use super::places::Word;
use super::resolution::{PRIVATE, Want};
use super::token_paths::Source;
use super::tokens::{Token, tokens};
use crate::model::{BindingKind, Block, Namespaces, Place, Span, Visibility};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{ItemMacro, Macro, MacroDelimiter, visit::Visit};

impl<'a> Lowering<'a> {
    /// `macro_rules! name { … }` or `path! { … }`.
    pub(super) fn macro_item(&mut self, item: &ItemMacro) {
        self.attributes(&item.attrs);
        if item.ident.is_some() {
            return self.macro_definition(item);
        }
        let name = item.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let inside = self.inside(&item.mac);
        self.macro_depth += 1;
        let read = self.macro_depth <= DEEPEST
            && match &*name {
                "cfg_if" => self.branches(&item.mac),
                "pin_project" | "thread_local" => self.items_in(&item.mac, inside, Place::Code),
                _ => self.items_in(&item.mac, inside, Place::Opaque),
            };
        self.macro_depth -= 1;
        if read {
            self.path(&item.mac.path, Want::MACRO);
            return;
        }
        match &*name {
            "thread_local" | "lazy_static" => self.bind_behind("static", inside),
            "bitflags" => self.bind_behind("struct", inside),
            _ => {}
        }
        self.macro_call(&item.mac);
    }

    fn macro_definition(&mut self, item: &ItemMacro) {
        let Some(ident) = item.ident.as_ref().filter(|_| item.mac.path.is_ident("macro_rules")) else {
            return self.macro_call(&item.mac);
        };
        let exported = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
        let visibility = if exported { Visibility::Public } else { PRIVATE };
        let word = self.places.word(ident);
        self.bind_item(word, Namespaces::MACRO, visibility, BindingKind::Definition);
        let body = self.inside(&item.mac);
        self.note_macro(word.text, body);
        self.token_paths(body, Source::Template { exported });
    }

    /// `cfg_if! { if #[cfg(a)] { items } else { items } }`.
    fn branches(&mut self, called: &Macro) -> bool {
        let groups = called.tokens.clone().into_iter().filter_map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        });
        let groups: Vec<Group> = groups.collect();
        let parsed: Result<Vec<syn::File>, _> =
            groups.iter().map(|group| syn::parse2(group.stream())).collect();
        let Ok(branches) = parsed else { return false };
        for (group, branch) in groups.iter().zip(&branches) {
            self.passed_items(branch, self.places.end(group.span_open()), Place::Code);
        }
        !groups.is_empty()
    }

    /// Items in braces: the macro most likely hands them on. Lone names in them get `lone` as their place.
    fn items_in(&mut self, called: &Macro, inside: Span, lone: Place) -> bool {
        if !matches!(called.delimiter, MacroDelimiter::Brace(_)) || called.tokens.is_empty() {
            return false;
        }
        let parsed: Result<syn::File, _> = syn::parse2::<syn::File>(TokenStream::clone(&called.tokens));
        parsed.map(|items| self.passed_items(&items, inside.start, lone)).is_ok()
    }

    fn passed_items(&mut self, items: &syn::File, start: u32, lone: Place) {
        let outer = (self.block, self.lone);
        let is_certain = lone == Place::Code && self.lone == Place::Code;
        (self.block, self.lone) = (Block(start), if is_certain { Place::Code } else { Place::Opaque });
        self.visit_file(items);
        (self.block, self.lone) = outer;
    }

    /// Binds the names behind `keyword` in a macro that makes items of them: `pub static NAME: Type = …;`.
    fn bind_behind(&mut self, keyword: &str, part: Span) {
        let tokens: Vec<Token> = tokens(self.text, part).collect();
        let mut visibility = PRIVATE;
        for (at, token) in tokens.iter().enumerate() {
            match token.text(self.text) {
                ";" | "}" => visibility = PRIVATE,
                "pub" => visibility = visibility_at(self.text, &tokens[at + 1..]),
                word if word == keyword => {
                    let named = tokens[at + 1..].iter().take(2).find(|token| token.text(self.text) != "ref");
                    if let Some(name) = named.filter(|token| token.is_word()) {
                        let word = Word::at(self.text, name.span.start);
                        let namespaces = Namespaces::TYPE.and(Namespaces::VALUE);
                        self.bind_item(word, namespaces, visibility, BindingKind::Definition);
                    }
                }
                _ => {}
            }
        }
    }
}

/// What stands behind a `pub`.
fn visibility_at(text: &str, tokens: &[Token]) -> Visibility {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    match (word(0), word(1)) {
        ("(", "super") => Visibility::Around(1),
        ("(", "self") => PRIVATE,
        ("(", "crate" | "in") => Visibility::Root,
        _ => Visibility::Public,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{binds, facts, refers, uses};

    #[test]
    fn statics_of_known_macros_are_bound() {
        binds("thread_local! { pub static A: u8 = 1; static B: u8 = 2; }", "A item V pub; B item V");
        binds("lazy_static! { pub(crate) static ref A: u8 = 1; }", "A item TV crate");
        binds(
            "bitflags! { #[x] pub struct A: u8 { const B = 1; } struct C: u8 {} }",
            "A item TV pub; C item TV",
        );
    }

    #[test]
    fn items_that_a_macro_hands_on_are_items() {
        uses(
            "cfg_if! { if #[cfg(a)] { use a::b; } else if #[cfg(b)] { use a::{c, d}; } else {} }",
            "a::b\na::c\na::d",
        );
        uses("m! { use a::{b, c}; mod d; }", "a::b\na::c");
        binds("pin_project! { pub struct S { #[pin] a: b::C } }", "S item T pub");
        let text = "cfg_if::cfg_if! { if #[cfg(a)] { use a::b; } } fn f() {}";
        let facts = facts(text);
        assert_eq!(facts.blind_spots, []);
        assert!(text[facts.imports[0].block.0 as usize..].starts_with(" use a::b;"));
    }

    #[test]
    fn lone_names_in_them_may_still_be_anything() {
        refers(
            "m! { fn f(a: b::C) -> D { e::f(); g; D {} } }",
            "m; b::C; D Opaque; e::f; g Opaque; D Opaque",
        );
        refers("cfg_if! { if #[cfg(a)] { fn f() { g } } }", "cfg_if; g");
    }
}
