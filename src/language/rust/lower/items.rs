//! Items: the names that they bind, and the scopes that they open (Rust Reference, "Items").

use super::outlines::is_for_tests;
use super::resolution::{PRIVATE, Want};
use super::{Lowering, ReferenceId};
use crate::model::{BindingKind, Block as BlockId, Edition, Name, Namespaces, Place, ScopeKind, Visibility};
use syn::visit::{self, Visit};
use syn::{
    AttrStyle, Attribute, Block, Fields, FnArg, GenericArgument, GenericParam, Generics, Ident, ItemImpl,
    ItemMod, ItemTrait, ItemType, PathArguments, Signature, Type,
};

impl Lowering<'_> {
    /// Binds an item under its name; `_` is no name.
    pub(super) fn define(&mut self, ident: &Ident, visibility: &syn::Visibility, namespaces: Namespaces) {
        let visibility = self.visibility(visibility);
        let word = self.places.word(ident);
        if word.text != "_" {
            self.bind_item(word, namespaces, visibility, BindingKind::Definition);
        }
    }

    /// Who may read an item. A path in the visibility is a reference.
    pub(super) fn visibility(&mut self, visibility: &syn::Visibility) -> Visibility {
        let restricted = match visibility {
            syn::Visibility::Public(_) => return Visibility::Public,
            syn::Visibility::Inherited => return PRIVATE,
            syn::Visibility::Restricted(restricted) => restricted,
        };
        match restricted.path.get_ident() {
            Some(ident) if ident == "self" => PRIVATE,
            Some(ident) if ident == "super" => Visibility::Around(1),
            Some(ident) if ident == "crate" => Visibility::Root,
            _ => {
                self.restriction(&restricted.path);
                Visibility::Root
            }
        }
    }

    /// The path in `pub(in path)`. In Rust 2015 it starts at the root.
    fn restriction(&mut self, path: &syn::Path) {
        let words: Vec<_> = path.segments.iter().map(|segment| self.places.word(&segment.ident)).collect();
        let Some(first) = words.first() else { return };
        let is_rooted = self.edition == Edition::Rust2015 && super::chains::keyword_start(&words).is_none();
        let leading = is_rooted.then_some(first.span.start);
        self.refer_to(leading, &words, Place::Code, Want::TYPE);
    }

    /// The namespaces of a struct: without named fields its name is a constructor too.
    pub(super) const fn struct_namespaces(fields: &Fields) -> Namespaces {
        match fields {
            Fields::Named(_) => Namespaces::TYPE,
            Fields::Unnamed(_) | Fields::Unit => Namespaces::TYPE.and(Namespaces::VALUE),
        }
    }

    /// Walks something in which the parameters of `generics` are names.
    pub(super) fn with_generics(&mut self, generics: &Generics, walk: impl FnOnce(&mut Self)) {
        if generics.params.iter().any(|parameter| !matches!(parameter, GenericParam::Lifetime(_))) {
            self.named(ScopeKind::TypeParameters, "".into(), |inside| {
                inside.bind_generics(generics);
                walk(inside);
            });
        } else {
            walk(self);
        }
    }

    fn bind_generics(&mut self, generics: &Generics) {
        for parameter in &generics.params {
            match parameter {
                GenericParam::Type(parameter) => {
                    self.bind_value(self.places.word(&parameter.ident), Namespaces::TYPE);
                }
                GenericParam::Const(parameter) => {
                    self.bind_value(self.places.word(&parameter.ident), Namespaces::VALUE);
                }
                GenericParam::Lifetime(_) => {}
            }
        }
    }

    /// A function from its name on.
    pub(super) fn function(&mut self, attributes: &[Attribute], signature: &Signature, body: Option<&Block>) {
        let name = self.places.word(&signature.ident).name();
        self.named(ScopeKind::Function, name, |inside| {
            inside.inner_attributes(attributes);
            inside.bind_generics(&signature.generics);
            inside.visit_generics(&signature.generics);
            let mark = inside.captures.len();
            signature.inputs.iter().for_each(|input| inside.parameter(input));
            if let Some(variadic) = &signature.variadic {
                inside.visit_variadic(variadic);
            }
            inside.visit_return_type(&signature.output);
            inside.bind_captures(mark);
            if let Some(body) = body {
                inside.block(body, true);
            }
        });
    }

    fn parameter(&mut self, input: &FnArg) {
        match input {
            FnArg::Typed(typed) => {
                self.attributes(&typed.attrs);
                self.pattern(&typed.pat, false);
                self.visit_type(&typed.ty);
            }
            FnArg::Receiver(receiver) => self.visit_receiver(receiver),
        }
    }

    /// `impl Trait for Type { … }`.
    pub(super) fn implementation(&mut self, item: &ItemImpl) {
        self.outer_attributes(&item.attrs);
        let name = self.last_name(&item.self_ty);
        self.named(ScopeKind::Function, name, |inside| {
            inside.inner_attributes(&item.attrs);
            inside.bind_generics(&item.generics);
            inside.visit_generics(&item.generics);
            if let Some((path, _)) = &item.trait_ {
                inside.path(path, Want::TYPE);
            }
            inside.visit_type(&item.self_ty);
            item.items.iter().for_each(|item| inside.visit_impl_item(item));
        });
    }

    fn last_name(&self, described: &Type) -> Name {
        match described {
            Type::Path(path) => {
                let last = path.path.segments.last();
                last.map_or_else(|| "".into(), |last| self.places.word(&last.ident).name())
            }
            Type::Reference(reference) => self.last_name(&reference.elem),
            _ => "".into(),
        }
    }

    /// `trait Name: Bounds { … }`.
    pub(super) fn trait_item(&mut self, item: &ItemTrait) {
        self.outer_attributes(&item.attrs);
        self.define(&item.ident, &item.vis, Namespaces::TYPE);
        let name = self.places.word(&item.ident).name();
        self.named(ScopeKind::Function, name, |inside| {
            inside.inner_attributes(&item.attrs);
            inside.bind_generics(&item.generics);
            inside.visit_generics(&item.generics);
            item.supertraits.iter().for_each(|bound| inside.visit_type_param_bound(bound));
            item.items.iter().for_each(|item| inside.visit_trait_item(item));
        });
    }

    /// `mod name;` or `mod name { … }`.
    pub(super) fn module_item(&mut self, item: &ItemMod) {
        self.outer_attributes(&item.attrs);
        let visibility = self.visibility(&item.vis);
        let word = self.places.word(&item.ident);
        let Some((brace, items)) = &item.content else {
            self.bind_item(word, Namespaces::TYPE, visibility, BindingKind::Module(None));
            return;
        };
        let scope = self.facts.scopes.len() as u32;
        self.bind_item(word, Namespaces::TYPE, visibility, BindingKind::Module(Some(scope)));
        let (outer_items, outer_block, outer_tests) = (self.items, self.block, self.in_tests);
        self.in_tests |= is_for_tests(&item.attrs);
        self.named(ScopeKind::Module, word.name(), |inside| {
            inside.items = inside.scope;
            inside.block = BlockId(inside.places.end(brace.span.open()));
            inside.inner_attributes(&item.attrs);
            items.iter().for_each(|item| inside.visit_item(item));
        });
        (self.items, self.block, self.in_tests) = (outer_items, outer_block, outer_tests);
    }

    /// `type Name = Type;`, which is another name when the right side is a plain path.
    pub(super) fn type_alias(&mut self, item: &ItemType) {
        self.attributes(&item.attrs);
        let visibility = self.visibility(&item.vis);
        let mut target = None;
        self.with_generics(&item.generics, |inside| {
            inside.visit_generics(&item.generics);
            target = inside.aliased_type(item);
        });
        let kind = target.map_or(BindingKind::Definition, BindingKind::Alias);
        self.bind_item(self.places.word(&item.ident), Namespaces::TYPE, visibility, kind);
    }

    fn aliased_type(&mut self, item: &ItemType) -> Option<ReferenceId> {
        match &*item.ty {
            Type::Path(path) if path.qself.is_none() => {
                let reference = self.path(&path.path, Want::TYPE);
                reference.filter(|_| hands_on(&item.generics, &path.path))
            }
            other => {
                visit::visit_type(self, other);
                None
            }
        }
    }

    /// Attributes in front of an item.
    pub(super) fn outer_attributes(&mut self, attributes: &[Attribute]) {
        let outer = attributes.iter().filter(|attribute| matches!(attribute.style, AttrStyle::Outer));
        outer.for_each(|attribute| self.visit_attribute(attribute));
    }

    /// Attributes inside an item's braces (`#![…]`).
    fn inner_attributes(&mut self, attributes: &[Attribute]) {
        let inner = attributes.iter().filter(|attribute| matches!(attribute.style, AttrStyle::Inner(_)));
        inner.for_each(|attribute| self.visit_attribute(attribute));
    }
}

/// True when a path passes on just the parameters that it gets: `type A<T> = b::C<T>`.
fn hands_on(generics: &Generics, path: &syn::Path) -> bool {
    let Some(last) = path.segments.last() else { return false };
    let is_plain = path.segments.iter().rev().skip(1).all(|segment| segment.arguments.is_none());
    let parameters = generics.params.iter();
    match &last.arguments {
        PathArguments::None => is_plain && generics.params.is_empty(),
        PathArguments::AngleBracketed(arguments) => {
            is_plain
                && arguments.args.len() == generics.params.len()
                && parameters.zip(&arguments.args).all(|(parameter, argument)| is_same(parameter, argument))
        }
        PathArguments::Parenthesized(_) => false,
    }
}

fn is_same(parameter: &GenericParam, argument: &GenericArgument) -> bool {
    match (parameter, argument) {
        (GenericParam::Lifetime(parameter), GenericArgument::Lifetime(argument)) => {
            parameter.lifetime.ident == argument.ident
        }
        (GenericParam::Type(syn::TypeParam { ident, .. }), GenericArgument::Type(Type::Path(argument)))
        | (GenericParam::Const(syn::ConstParam { ident, .. }), GenericArgument::Type(Type::Path(argument))) => {
            argument.qself.is_none() && argument.path.get_ident() == Some(ident)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{binds, refers};

    #[test]
    fn every_item_binds_its_name() {
        binds(
            "mod a; mod b {} struct C { x: u8 } struct D(); struct E; enum F { G } union H { x: u8 } trait I {}",
            "a module T; b module T; C item T; D item TV; E item TV; F item T; H item T; I item T",
        );
        binds(
            "fn a() {} const B: u8 = 1; const _: u8 = 1; static C: u8 = 1; type D = u8; trait E = F; use g as _;",
            "a item V; B item V; C item V; D item T; E item T",
        );
        binds(
            "extern \"C\" { fn a(x: u8); static B: u8; type C; }",
            "a item V; x value@a V; B item V; C item T",
        );
        binds(
            "macro_rules! a { () => {} } #[macro_export] macro_rules! b { () => {} }",
            "a item M; b item M pub",
        );
    }

    #[test]
    fn members_are_not_bound() {
        binds("impl S { fn f() {} const A: u8 = 1; type B = u8; } trait T { fn g(); type C; }", "T item T");
    }

    #[test]
    fn visibility_is_read() {
        binds(
            "pub fn a() {} pub(crate) fn b() {} pub(super) use c; pub(self) fn d() {} pub(in crate::x) fn e() {}",
            "a item V pub; b item V crate; c import TVM up 1; d item V; e item V crate",
        );
        refers("pub(in crate::x) fn e() {} pub(crate) fn f() {}", "crate::x");
    }

    #[test]
    fn another_name_for_a_type_is_an_alias() {
        binds("type A = b::C;", "A alias b::C T");
        binds(
            "type A<'x, T, const N: u8> = b::C<'x, T, N>;",
            "A alias b::C T; T value@inner T; N value@inner V",
        );
        for other in ["b::C<u8>", "&b::C", "<b as C>::D", "Self::A"] {
            binds(&format!("type A = {other};"), "A item T");
        }
        binds("type A<T, U> = b::C<U, T>;", "A item T; T value@inner T; U value@inner T");
    }

    #[test]
    fn parameters_of_a_type_inside_a_trait_count_there() {
        refers("use a::T; trait I { type B<T>: X<T>; type C: X<T>; }", "X; T <value@I; X; T <import");
    }
}
