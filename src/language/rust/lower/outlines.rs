//! What the items of a module amount to: the same text as another one, or a call of another one.

use super::Lowering;
use super::tokens::tokens;
use crate::model::{BindingId, BindingKind, Content, Definition, Digest, Name, ReferenceId, ScopeKind, Span};
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, Fields, FnArg, Ident, Item, ItemFn, Meta, Pat, Stmt, TraitItem, Type, Visibility,
};

impl Lowering<'_> {
    /// Notes an item that was walked. `bindings` and `references` is how many there were before.
    pub(super) fn outline_item(&mut self, item: &Item, bindings: usize, references: usize) {
        let Some((name, attributes)) = definition(item) else { return };
        let is_of_module = self.scope == self.items
            && self.facts.scopes[self.items as usize].kind == ScopeKind::Module
            && self.macro_depth == 0;
        if !is_of_module || self.in_tests || is_for_tests(attributes) {
            return;
        }
        let name = self.places.word(name).span;
        let made = self.facts.bindings.iter().enumerate().skip(bindings);
        let mut made = made.filter(|(_, made)| made.span == name && made.kind == BindingKind::Definition);
        let Some((binding, _)) = made.next() else { return };
        let called = match item {
            Item::Fn(function) => handed_on(function).and_then(|path| self.reference_at(path, references)),
            _ => None,
        };
        let definition = Definition {
            binding: binding as BindingId,
            digest: Some(self.digest(self.places.span(item.span()), name)),
            content: called
                .map_or(if is_empty(item) { Content::Empty } else { Content::Full }, Content::Wrapper),
            is_plain: attributes.is_empty(),
            is_shim: is_shim(item, attributes),
            is_trait: matches!(item, Item::Trait(_) | Item::TraitAlias(_)),
            bases: Vec::new(),
            members: self.members(item),
        };
        self.facts.definitions.push(definition);
    }

    /// The tokens of an item without its name, comments and layout; who may see it does not matter.
    fn digest(&self, part: Span, name: Span) -> Digest {
        let mut digest = Digest::default();
        let told = tokens(self.text, part).filter(|token| token.span != name);
        told.map(|token| token.text(self.text))
            .filter(|token| *token != "pub")
            .for_each(|token| digest.add(token));
        digest
    }

    /// Public fields, variants, and what a trait asks for.
    fn members(&self, item: &Item) -> Vec<Name> {
        let fields = |fields: &Fields| -> Vec<Ident> {
            let public = fields.iter().filter(|field| matches!(field.vis, Visibility::Public(_)));
            public.filter_map(|field| field.ident.clone()).collect()
        };
        let names: Vec<Ident> = match item {
            Item::Struct(item) => fields(&item.fields),
            Item::Enum(item) => item.variants.iter().map(|variant| variant.ident.clone()).collect(),
            Item::Union(item) => fields(&Fields::Named(item.fields.clone())),
            Item::Trait(item) => item.items.iter().filter_map(trait_item).cloned().collect(),
            _ => Vec::new(),
        };
        let mut members: Vec<Name> = names.iter().map(|name| self.places.word(name).name()).collect();
        members.sort_unstable();
        members
    }

    /// The reference that a path became, one of those since `first`.
    fn reference_at(&self, path: &syn::Path, first: usize) -> Option<ReferenceId> {
        let start = self.places.start(path.segments.first()?.ident.span());
        let end = self.places.word(&path.segments.last()?.ident).span.end;
        let found = self.facts.references[first..].iter().position(|reference| {
            let (head, tail) = (reference.segments.first(), reference.segments.last());
            head.is_some_and(|head| head.span.start <= start) && tail.is_some_and(|tail| tail.span.end == end)
        })?;
        Some((first + found) as ReferenceId)
    }
}

/// The name and the attributes of an item that defines something.
fn definition(item: &Item) -> Option<(&Ident, &[Attribute])> {
    Some(match item {
        Item::Fn(item) => (&item.sig.ident, &item.attrs),
        Item::Const(item) => (&item.ident, &item.attrs),
        Item::Static(item) => (&item.ident, &item.attrs),
        Item::Struct(item) => (&item.ident, &item.attrs),
        Item::Enum(item) => (&item.ident, &item.attrs),
        Item::Union(item) => (&item.ident, &item.attrs),
        Item::Trait(item) => (&item.ident, &item.attrs),
        Item::TraitAlias(item) => (&item.ident, &item.attrs),
        Item::Type(item) => (&item.ident, &item.attrs),
        Item::Macro(item) => (item.ident.as_ref()?, &item.attrs),
        _ => return None,
    })
}

/// An item that says nothing but its name: `struct A;`, `fn f() {}`.
fn is_empty(item: &Item) -> bool {
    match item {
        Item::Fn(item) => item.block.stmts.is_empty(),
        Item::Struct(item) => item.fields.is_empty(),
        Item::Enum(item) => item.variants.is_empty(),
        Item::Trait(item) => item.items.is_empty() && item.supertraits.is_empty(),
        _ => false,
    }
}

/// `#[deprecated]`, and nothing but another item under an old name, or nothing at all.
fn is_shim(item: &Item, attributes: &[Attribute]) -> bool {
    let only_leads_on = || match item {
        Item::Fn(item) => match &*item.block.stmts {
            [] => true,
            [Stmt::Expr(called, None)] => is_call(called),
            _ => false,
        },
        Item::Const(item) => matches!(*item.expr, Expr::Path(_)),
        Item::Type(item) => matches!(&*item.ty, Type::Tuple(tuple) if tuple.elems.is_empty()),
        Item::Macro(item) => {
            let rule: String = item.mac.tokens.to_string().split_whitespace().collect();
            rule.starts_with("($($tokens:tt)*)=>{$crate::") && rule.ends_with("!{$($tokens)*}};")
        }
        _ => false,
    };
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated")) && only_leads_on()
}

/// A call of a path with names only, be it awaited or unsafe.
fn is_call(expression: &Expr) -> bool {
    match expression {
        Expr::Await(awaited) => is_call(&awaited.base),
        Expr::Unsafe(part) => {
            matches!(&*part.block.stmts, [Stmt::Expr(called, None)] if is_call(called))
        }
        Expr::Call(call) => {
            let is_name =
                |argument: &Expr| matches!(argument, Expr::Path(path) if path.path.get_ident().is_some());
            matches!(*call.func, Expr::Path(_)) && call.args.iter().all(is_name)
        }
        _ => false,
    }
}

/// `#[cfg(test)]`, `#[test]`.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        Meta::NameValue(_) => false,
    })
}

fn trait_item(item: &TraitItem) -> Option<&Ident> {
    match item {
        TraitItem::Const(item) => Some(&item.ident),
        TraitItem::Fn(item) => Some(&item.sig.ident),
        TraitItem::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// The path that a function calls with all that it gets, when it does nothing else.
fn handed_on(function: &ItemFn) -> Option<&syn::Path> {
    let [Stmt::Expr(Expr::Call(call), None)] = &*function.block.stmts else { return None };
    let Expr::Path(called) = &*call.func else { return None };
    let parameters = function.sig.inputs.iter().map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) if name.subpat.is_none() => Some(&name.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    let given = call.args.iter().map(|argument| match argument {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    });
    let parameters: Option<Vec<&Ident>> = parameters.collect();
    let given: Option<Vec<&Ident>> = given.collect();
    let is_same = !call.args.is_empty() && parameters.is_some() && parameters == given;
    (is_same && called.qself.is_none()).then_some(&called.path)
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::facts;
    use crate::model::Content;

    #[test]
    fn layout_comments_visibility_and_the_name_do_not_matter() {
        let digest = |text: &str| facts(text).definitions[0].digest;
        let one = digest("/// A.\npub struct A {\n    pub x: u8, // x\n}\n");
        assert_eq!(one, digest("struct B { x: u8, }"));
        assert_ne!(one, digest("struct A { x: u16, }"));
    }

    #[test]
    fn items_of_modules_are_noted_with_their_members() {
        let text = "pub enum E { B, A } mod m { trait T { fn f(); } fn g() { struct X; } } \
                    #[cfg(test)] mod tests { struct Y; } macro_rules! n { () => {} } m! { struct Z; }";
        let facts = facts(text);
        let noted: Vec<String> = facts
            .definitions
            .iter()
            .map(|noted| format!("{}{:?}", facts.bindings[noted.binding as usize].name, noted.members))
            .collect();
        assert_eq!(noted, [r#"E["A", "B"]"#, r#"T["f"]"#, "g[]", "n[]"]);
    }

    #[test]
    fn a_function_that_only_calls_another_is_a_wrapper() {
        let called = |text: &str| {
            let facts = facts(text);
            match facts.definitions[0].content {
                Content::Wrapper(id) => {
                    facts.references[id as usize].segments.last().map(|last| last.name.to_string())
                }
                _ => None,
            }
        };
        assert_eq!(called("fn f(a: u8, b: b::C) -> u8 { m::g(a, b) }").as_deref(), Some("g"));
        for other in
            ["fn f(a: u8) { g(a); }", "fn f(a: u8) { g(a + 1) }", "fn f() { g() }", "fn f(a: u8) { g(2) }"]
        {
            assert_eq!(called(other), None, "{other}");
        }
    }
}
