//! What may add names to a module without spelling them: macros, derives and attributes that make items.

use super::Lowering;
use super::attributes::{is_built_in, metas};
use super::tokens::{Token, tokens};
use crate::model::{BlindSpot, ScopeKind, Span};
use ra_ap_rustc_lexer::TokenKind;
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, ItemMacro, Meta, Token as Sign};

/// Macros in item position that make no names.
const SILENT_MACROS: [&str; 15] = [
    "assert_impl_all",
    "assert_not_impl_any",
    "assert_obj_safe",
    "bitflags",
    "cfg_if",
    "compile_error",
    "const_assert",
    "const_assert_eq",
    "criterion_group",
    "criterion_main",
    "lazy_static",
    "macro_rules",
    "pin_project",
    "quickcheck",
    "thread_local",
];
/// Derives that only make implementations: those of the language first.
const SILENT_DERIVES: [&str; 102] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Add",
    "AddAssign",
    "Arbitrary",
    "Args",
    "AsBytes",
    "AsChangeset",
    "AsExpression",
    "AsMut",
    "AsRef",
    "AsRefStr",
    "Asset",
    "Associations",
    "Bundle",
    "CandidType",
    "Clap",
    "Component",
    "ComponentType",
    "Constructor",
    "Decode",
    "Deref",
    "DerefMut",
    "Derivative",
    "Deserialize",
    "Deserialize_repr",
    "Diagnostic",
    "Display",
    "Div",
    "Educate",
    "Encode",
    "EnumCount",
    "EnumIs",
    "EnumString",
    "EnumTryAs",
    "Enumeration",
    "Error",
    "Event",
    "Format",
    "From",
    "FromBytes",
    "FromForm",
    "FromFormField",
    "FromPrimitive",
    "FromRepr",
    "FromRow",
    "FromSqlRow",
    "FromStr",
    "FromVariant",
    "FromZeros",
    "GetSize",
    "Getters",
    "Identifiable",
    "Immutable",
    "Index",
    "IndexMut",
    "Insertable",
    "Into",
    "IntoBytes",
    "IntoIterator",
    "IntoPrimitive",
    "IntoStaticStr",
    "IsVariant",
    "JsonSchema",
    "KnownLayout",
    "Lift",
    "Lower",
    "Message",
    "Mul",
    "Neg",
    "Not",
    "Parse",
    "Parser",
    "Pod",
    "Queryable",
    "Reflect",
    "Resource",
    "Responder",
    "Selectable",
    "Serialize",
    "Serialize_repr",
    "Setters",
    "StructOpt",
    "Sub",
    "Subcommand",
    "Sum",
    "Template",
    "ToPrimitive",
    "ToTokens",
    "TryFromBytes",
    "TryFromPrimitive",
    "Unaligned",
    "UriDisplayQuery",
    "ValueEnum",
    "Zeroize",
];
/// Attribute macros that leave the names of their item as they are.
const SILENT_ATTRIBUTES: [&str; 41] = [
    "async_trait",
    "bench",
    "case",
    "catch",
    "connect",
    "delete",
    "derivative",
    "derive",
    "enum_dispatch",
    "fixture",
    "get",
    "head",
    "instrument",
    "launch",
    "main",
    "napi",
    "options",
    "patch",
    "pin",
    "pin_project",
    "pinned_drop",
    "post",
    "proptest",
    "put",
    "pyclass",
    "pyfunction",
    "pymethods",
    "pymodule",
    "quickcheck",
    "route",
    "rstest",
    "serde",
    "serde_as",
    "serial",
    "test",
    "test_log",
    "trace",
    "traced_test",
    "tracing",
    "wasm_bindgen",
    "wasm_bindgen_test",
];
/// Words that make a name at the top of an expansion.
const DEFINING: [&str; 12] = [
    "const",
    "enum",
    "extern",
    "fn",
    "macro_rules",
    "mod",
    "static",
    "struct",
    "trait",
    "type",
    "union",
    "use",
];

impl<'a> Lowering<'a> {
    /// Notes an item that may stand for others. Only names of modules matter: nobody else reads them.
    pub(super) fn note_item(&mut self, item: &Item) {
        if let Item::Verbatim(tokens) = item
            && tokens.clone().into_iter().take(8).any(|tree| tree.to_string() == "use")
        {
            self.note_blind_spot(BlindSpot::Unreadable(self.span_of(tokens)));
        }
        if self.facts.scopes[self.items as usize].kind != ScopeKind::Module {
            return;
        }
        let is_blind = match item {
            Item::Macro(item) => self.makes_names(item),
            Item::Verbatim(_) => true,
            _ => attributes(item).is_some_and(attributes_make_names),
        };
        if is_blind {
            self.note_blind_spot(BlindSpot::DynamicNames);
        }
    }

    fn note_blind_spot(&mut self, spot: BlindSpot) {
        if !self.facts.blind_spots.contains(&spot) {
            self.facts.blind_spots.push(spot);
        }
    }

    fn makes_names(&self, item: &ItemMacro) -> bool {
        let last = item.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        !SILENT_MACROS.contains(&&*last) && !self.silent_macros.contains(&*last)
    }

    /// Remembers a macro of the file whose expansions only have implementations at their top.
    pub(super) fn note_macro(&mut self, name: &'a str, body: Span) {
        let tokens: Vec<Token> = tokens(self.text, body).collect();
        if is_silent(self.text, &tokens, name) {
            self.silent_macros.insert(name);
        } else {
            self.silent_macros.remove(name);
        }
    }
}

/// True when no rule of the macro makes names. The rules alternate between patterns and expansions.
fn is_silent(text: &str, tokens: &[Token], name: &str) -> bool {
    let mut levels: Vec<usize> = Vec::new();
    let mut depth = 0;
    let mut in_expansion = false;
    let mut is_silent = true;
    for (at, token) in tokens.iter().enumerate() {
        let kind = |at: usize| tokens.get(at).map(|token| token.kind);
        match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => {
                // What `$(…)` repeats stands where the repetition does.
                let repeats = depth > 0 && at > 0 && kind(at - 1) == Some(TokenKind::Dollar);
                levels.push(usize::from(!repeats));
                depth += usize::from(!repeats);
            }
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => {
                depth -= levels.pop().unwrap_or(0);
            }
            TokenKind::Gt if depth == 0 => in_expansion = true,
            TokenKind::Semi if depth == 0 => in_expansion = false,
            TokenKind::Dollar if depth == 1 && in_expansion => is_silent &= !passes_items(tokens, at),
            TokenKind::Ident if depth == 1 && in_expansion => {
                let word = token.text(text);
                let next = tokens.get(at + 1).map(|next| next.text(text));
                let is_unnamed = word == "const" && next == Some("_");
                let is_call = next == Some("!") && word != name;
                is_silent &= (!DEFINING.contains(&word) || is_unnamed) && !is_call;
            }
            _ => {}
        }
    }
    is_silent
}

/// True when the `$name` at `at` stands where an item does: it may be any item of the caller.
fn passes_items(tokens: &[Token], at: usize) -> bool {
    let kind = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map(|token| token.kind);
    let is_name = tokens.get(at + 1).is_some_and(|next| next.is_word());
    let starts_item = match kind(1) {
        Some(TokenKind::Star | TokenKind::Plus | TokenKind::Question) => {
            kind(2) == Some(TokenKind::CloseParen)
        }
        Some(TokenKind::OpenBrace | TokenKind::CloseBrace | TokenKind::Semi) => true,
        Some(TokenKind::CloseBracket | TokenKind::OpenParen) => true,
        _ => false,
    };
    is_name && starts_item
}

fn attributes_make_names(attributes: &[Attribute]) -> bool {
    let metas: Vec<Meta> = attributes.iter().flat_map(metas).collect();
    let derives = metas.iter().filter(|meta| meta.path().is_ident("derive"));
    let derived: Vec<String> = derives.flat_map(derived_names).collect();
    if derived.iter().any(|name| !SILENT_DERIVES.contains(&&**name)) {
        return true;
    }
    // Beside a derive that is not of the language, a lone name is that derive's.
    let has_helpers = derived.iter().any(|name| !SILENT_DERIVES[..9].contains(&&**name));
    metas.iter().map(Meta::path).any(|path| {
        let last = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let is_helper = has_helpers && path.segments.len() == 1;
        !is_built_in(path) && !is_helper && !SILENT_ATTRIBUTES.contains(&&*last)
    })
}

fn derived_names(meta: &Meta) -> Vec<String> {
    let Meta::List(list) = meta else { return Vec::new() };
    let paths = list.parse_args_with(Punctuated::<syn::Path, Sign![,]>::parse_terminated);
    let last = |path: &syn::Path| path.segments.last().map(|last| last.ident.to_string());
    paths.iter().flatten().filter_map(last).collect()
}

/// The attributes of an item that may be written by hand with some.
fn attributes(item: &Item) -> Option<&[Attribute]> {
    match item {
        Item::Const(item) => Some(&item.attrs),
        Item::Enum(item) => Some(&item.attrs),
        Item::ExternCrate(item) => Some(&item.attrs),
        Item::Fn(item) => Some(&item.attrs),
        Item::ForeignMod(item) => Some(&item.attrs),
        Item::Impl(item) => Some(&item.attrs),
        Item::Mod(item) => Some(&item.attrs),
        Item::Static(item) => Some(&item.attrs),
        Item::Struct(item) => Some(&item.attrs),
        Item::Trait(item) => Some(&item.attrs),
        Item::TraitAlias(item) => Some(&item.attrs),
        Item::Type(item) => Some(&item.attrs),
        Item::Union(item) => Some(&item.attrs),
        Item::Use(item) => Some(&item.attrs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::facts;
    use crate::model::BlindSpot;

    fn is_blind(text: &str) -> bool {
        facts(text).blind_spots.contains(&BlindSpot::DynamicNames)
    }

    #[test]
    fn what_may_make_items_is_noted() {
        for text in [
            "m!();",
            "include!(\"x.rs\");",
            "#[derive(Builder)] struct S;",
            "#[a::b] fn f() {}",
            "mod m { m!(); }",
            "#[cfg_attr(x, derive(y::Builder))] struct S;",
            "macro_rules! m { ($t:ty) => { impl A for $t {} struct B; } } m!(u8);",
            "macro_rules! m { ($t:ty) => { n!($t); } } m!(u8);",
            "macro_rules! m { ($($i:item)*) => { $(#[cfg(x)] $i)* } } m!(mod a;);",
            "macro m() {}",
        ] {
            assert!(is_blind(text), "{text}");
        }
    }

    #[test]
    fn what_makes_none_is_not() {
        for text in [
            "fn f() { m!(); m! {} }",
            "macro_rules! m { () => { struct S; } }",
            "thread_local! { static A: u8 = 1; }",
            "#[derive(Clone, serde::Serialize)] #[serde(default)] #[must_use] struct S;",
            "#[derive(Error)] #[other(x)] struct S { #[more] x: u8 }",
            "#[tokio::main] async fn f() {} #[cfg(test)] #[rustfmt::skip] mod m {}",
            "macro_rules! m { ($($t:ty),*) => { $(impl A for $t { fn f() {} })* const _: u8 = 1; } } m!(u8);",
        ] {
            assert!(!is_blind(text), "{text}");
        }
    }

    #[test]
    fn a_use_that_the_parser_does_not_take_apart_is_not_edited() {
        let text = "use {::a::b, c};";
        let facts = facts(text);
        let spots: Vec<_> =
            facts.blind_spots.iter().filter(|spot| matches!(spot, BlindSpot::Unreadable(_))).collect();
        assert_eq!(spots.len(), 1);
        assert_eq!(facts.references.len(), 2);
    }
}
