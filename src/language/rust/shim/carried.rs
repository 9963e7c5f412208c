//! Signatures that are carried over from where an item is defined: their paths are spelled for the shim.

use super::names::{Names, Spelled};
use super::writer::Writer;
use crate::model::Origin;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, FnArg, GenericParam, Generics, Ident, Item, ItemConst, ItemFn, Macro, Pat, Path, Safety,
    Signature,
};

/// Attributes of a function that callers notice, or that are as true of a wrapper.
const KEPT: [&str; 3] = ["must_use", "track_caller", "allow"];

/// What stands at a span of `text`, which is what the parser saw.
fn sliced(text: &str, span: proc_macro2::Span) -> &str {
    &text[span.byte_range()]
}

/// The module that defines an item.
pub(super) struct Carried<'a> {
    pub text: &'a str,
    names: Names,
}

/// A type with its parameters in angle brackets, and the same as arguments; both empty without parameters.
type Parameters = (String, String);

impl<'a> Carried<'a> {
    pub fn new(writer: &Writer<'_>, origin: &Origin, (text, items): (&'a str, &[Item])) -> Self {
        let own = &writer.order.path.segments()[0];
        let is_own_crate = origin.module.segments()[0] == *own;
        Self { text, names: Names::of(items, writer.spelled(&origin.module), is_own_crate) }
    }

    /// The type of a constant; `None` when it cannot be spelled.
    pub fn constant(&self, item: &ItemConst) -> Option<String> {
        let none = Generics::default();
        let mut walk = Walk::new(&self.names, &none);
        walk.visit_type(&item.ty);
        walk.spelled(self.text, item.ty.span().byte_range())
    }

    /// Parameters and arguments of an alias; `None` when a default cannot be spelled.
    pub fn generics(&self, generics: &Generics) -> Option<Parameters> {
        if generics.params.is_empty() {
            return Some(Parameters::default());
        }
        let mut parameters = Vec::new();
        for parameter in &generics.params {
            let mut walk = Walk::new(&self.names, generics);
            parameters.push(match parameter {
                GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_string(),
                GenericParam::Type(kind) => match &kind.default {
                    Some((_, default)) => {
                        walk.visit_type(default);
                        format!("{} = {}", kind.ident, walk.spelled(self.text, default.span().byte_range())?)
                    }
                    None => kind.ident.to_string(),
                },
                GenericParam::Const(value) => {
                    walk.visit_const_param(value);
                    walk.spelled(self.text, value.span().byte_range())?
                }
            });
        }
        let arguments: Vec<String> = generics.params.iter().map(argument).collect();
        Some((format!("<{}>", parameters.join(", ")), format!("<{}>", arguments.join(", "))))
    }

    /// The attributes and the text of a function that calls `target`, from `fn` or what stands before it on.
    pub fn function(&self, item: &ItemFn, name: &str, target: &str) -> Option<(String, String)> {
        let signature = &item.sig;
        if signature.variadic.is_some() {
            return None;
        }
        let mut walk = Walk::new(&self.names, &signature.generics);
        walk.visit_signature(signature);
        walk.put(signature.ident.span().byte_range(), name.to_owned());
        let arguments = walk.parameters(signature)?;
        let head = walk.spelled(self.text, signature.span().byte_range())?;
        let brace = if signature.generics.where_clause.is_some() { "\n{" } else { " {" };
        let call = call(signature, target, &arguments);
        Some((self.attributes(&item.attrs, &KEPT), format!("{head}{brace}\n    {call}\n}}\n")))
    }

    /// The attributes with these names, each in a line.
    pub fn attributes(&self, attributes: &[Attribute], names: &[&str]) -> String {
        let wanted = |attribute: &&Attribute| names.iter().any(|name| attribute.path().is_ident(name));
        let wanted = attributes.iter().filter(wanted);
        wanted.map(|attribute| sliced(self.text, attribute.span()).to_owned() + "\n").collect()
    }
}

fn argument(parameter: &GenericParam) -> String {
    match parameter {
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_string(),
        GenericParam::Type(kind) => kind.ident.to_string(),
        GenericParam::Const(value) => value.ident.to_string(),
    }
}

/// The call. What can be named is named: a parameter that only the body uses cannot be inferred.
fn call(signature: &Signature, target: &str, arguments: &[String]) -> String {
    let named = signature.generics.params.iter().filter(|one| !matches!(one, GenericParam::Lifetime(_)));
    let named: Vec<String> = named.map(argument).collect();
    let turbofish = if named.is_empty() { String::new() } else { format!("::<{}>", named.join(", ")) };
    let call = format!("{target}{turbofish}({})", arguments.join(", "));
    let call =
        if matches!(signature.safety, Safety::Unsafe(_)) { format!("unsafe {{ {call} }}") } else { call };
    if signature.asyncness.is_some() { format!("{call}.await") } else { call }
}

/// Collects the paths that have to be spelled in another way.
struct Walk<'a> {
    names: &'a Names,
    parameters: Vec<&'a Ident>,
    changes: Vec<(Range<usize>, String)>,
    is_possible: bool,
}

impl<'a> Walk<'a> {
    fn new(names: &'a Names, generics: &'a Generics) -> Self {
        let parameters = generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(kind) => Some(&kind.ident),
            GenericParam::Const(value) => Some(&value.ident),
        });
        Self { names, parameters: parameters.collect(), changes: Vec::new(), is_possible: true }
    }

    fn put(&mut self, place: Range<usize>, text: String) {
        self.changes.push((place, text));
    }

    /// Gives every parameter a plain name; the names. A receiver is not that of a free function.
    fn parameters(&mut self, signature: &Signature) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for (index, input) in signature.inputs.iter().enumerate() {
            let FnArg::Typed(typed) = input else { return None };
            let name = match &*typed.pat {
                Pat::Ident(pattern) if pattern.subpat.is_none() => pattern.ident.to_string(),
                _ => format!("argument_{}", index + 1),
            };
            self.put(typed.pat.span().byte_range(), name.clone());
            names.push(name);
        }
        Some(names)
    }

    /// What stands at `place`, with all changes.
    fn spelled(mut self, text: &str, place: Range<usize>) -> Option<String> {
        self.changes.sort_by_key(|(place, _)| (place.start, place.end));
        let (mut out, mut at) = (String::new(), place.start);
        for (place, change) in &self.changes {
            // A path inside a pattern goes with the pattern.
            if place.start >= at {
                out += &text[at..place.start];
                out += change;
                at = place.end;
            }
        }
        out += &text[at..place.end];
        self.is_possible.then_some(out)
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        let first = &path.segments[0];
        let is_parameter = path.leading_colon.is_none() && self.parameters.contains(&&first.ident);
        if !is_parameter {
            match self.names.spelled(path) {
                Spelled::Same => {}
                Spelled::As(count, text) => {
                    let start = path.span().byte_range().start;
                    let end = path.segments[count - 1].ident.span().byte_range().end;
                    self.put(start..end, text);
                }
                Spelled::Unknown => self.is_possible = false,
            }
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, _: &'ast Macro) {
        self.is_possible = false;
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {
        self.is_possible = false;
    }
}
