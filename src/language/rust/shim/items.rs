//! The form in which each kind of item is handed on.

use super::super::LanguageError;
use super::super::edit::ident_of;
use super::super::keywords::identifier;
use super::super::lower::code_start;
use super::beside::{Beside, beside_type, beside_value};
use super::carried::Carried;
use super::writer::Writer;
use crate::model::{HandedOn, Origin};
use syn::{Attribute, Fields, Generics, Item, ItemMacro, Visibility};

/// Writes everything that stands under a name.
///
/// # Errors
/// When nothing is found, or nobody else may see it.
pub(super) fn write(writer: &mut Writer<'_>, handed: &HandedOn) -> Result<(), LanguageError> {
    let unknown = || {
        let path = format!("`{}::{}`", handed.home, handed.target);
        LanguageError::Shim(format!(
            "{path} is not defined in plain sight: what kind of item it is is not known"
        ))
    };
    let origin = handed.origin.as_ref().ok_or_else(unknown)?;
    let text = origin.source.text();
    let text = &text[code_start(text)..];
    let file: syn::File = syn::parse_str(text).map_err(|_| LanguageError::Syntax)?;
    let module = inner(&file.items, origin).ok_or_else(unknown)?;
    let name = identifier(&origin.name);
    let found: Vec<&Item> =
        module.iter().filter(|item| ident_of(item).is_some_and(|own| *own == *name)).collect();
    if found.is_empty() {
        return Err(unknown());
    }
    let carried = Carried::new(writer, origin, (text, module));
    let is_twofold = found.iter().any(|item| is_value(item)) && found.iter().any(|item| is_type(item));
    found.into_iter().try_for_each(|item| Hand { writer, handed, carried: &carried, is_twofold }.item(item))
}

/// The items of the module that holds the definition.
fn inner<'file>(items: &'file [Item], origin: &Origin) -> Option<&'file [Item]> {
    origin.inner.iter().try_fold(items, |items, name| {
        let name = identifier(name);
        items.iter().find_map(|item| match item {
            Item::Mod(module) if module.ident == *name => Some(&*module.content.as_ref()?.1),
            _ => None,
        })
    })
}

/// True for what is in the namespace of values; a struct without named fields is its own constructor.
const fn is_value(item: &Item) -> bool {
    match item {
        Item::Fn(_) | Item::Const(_) | Item::Static(_) => true,
        Item::Struct(item) => !matches!(item.fields, Fields::Named(_)),
        _ => false,
    }
}

/// True for what is in the namespace of types.
const fn is_type(item: &Item) -> bool {
    !matches!(item, Item::Fn(_) | Item::Const(_) | Item::Static(_) | Item::Macro(_))
}

struct Hand<'a, 'run> {
    writer: &'a mut Writer<'run>,
    handed: &'a HandedOn,
    carried: &'a Carried<'a>,
    /// The name is taken in both namespaces: nothing can stand beside it.
    is_twofold: bool,
}

impl Hand<'_, '_> {
    fn item(&mut self, item: &Item) -> Result<(), LanguageError> {
        match item {
            Item::Struct(item) => {
                let front = self.front(&item.attrs, &item.vis)?;
                if !matches!(item.fields, Fields::Named(_)) {
                    self.writer.export_hidden(self.handed, (&front.0, front.1));
                }
                self.alias(front, &item.attrs, &item.generics);
            }
            Item::Union(item) => {
                let front = self.front(&item.attrs, &item.vis)?;
                self.alias(front, &item.attrs, &item.generics);
            }
            Item::Type(item) => {
                let front = self.front(&item.attrs, &item.vis)?;
                self.alias(front, &item.attrs, &item.generics);
            }
            Item::Enum(item) => self.handed_on(&item.attrs, &item.vis, beside_type)?,
            Item::Trait(item) => self.handed_on(&item.attrs, &item.vis, beside_type)?,
            Item::Mod(item) => self.handed_on(&item.attrs, &item.vis, beside_type)?,
            Item::Static(item) => self.handed_on(&item.attrs, &item.vis, beside_value)?,
            Item::Const(item) => match self.carried.constant(item) {
                Some(of) => {
                    let front = self.front(&item.attrs, &item.vis)?;
                    let (name, target) = (self.name(), self.writer.target(self.handed));
                    let marks = self.carried.attributes(&item.attrs, &["allow"]);
                    self.put(front, &marks, &format!("const {name}: {of} = {target};\n"));
                }
                None => self.handed_on(&item.attrs, &item.vis, beside_value)?,
            },
            Item::Fn(item) => {
                match self.carried.function(item, &self.name(), &self.writer.target(self.handed)) {
                    Some((marks, text)) => {
                        let front = self.front(&item.attrs, &item.vis)?;
                        self.put(front, &marks, &text);
                    }
                    None => self.handed_on(&item.attrs, &item.vis, beside_value)?,
                }
            }
            Item::Macro(item) => self.exported_macro(item)?,
            _ => {}
        }
        Ok(())
    }

    fn name(&self) -> String {
        identifier(&self.handed.name)
    }

    /// The conditions under which an item is there, and who may see it.
    fn front(&self, attributes: &[Attribute], visibility: &Visibility) -> Result<Front, LanguageError> {
        let conditions = self.carried.attributes(attributes, &["cfg"]);
        match visibility {
            Visibility::Public(_) => Ok((conditions, "pub")),
            Visibility::Restricted(_) => Ok((conditions, "pub(crate)")),
            Visibility::Inherited => {
                let path = format!("`{}::{}`", self.handed.home, self.handed.target);
                Err(LanguageError::Shim(format!("{path} is private: a shim cannot hand it on")))
            }
        }
    }

    /// `marks` are further attributes.
    fn put(&mut self, (conditions, visibility): Front, marks: &str, text: &str) {
        let mark = Writer::deprecation(self.handed);
        self.writer.item(format!("{conditions}{mark}{marks}{visibility} {text}"));
    }

    /// `#[deprecated] pub type`. Bounds are those of the type itself: an alias does not check any.
    fn alias(&mut self, front: Front, attributes: &[Attribute], generics: &Generics) {
        let Some((parameters, arguments)) = self.carried.generics(generics) else {
            // A default that cannot be spelled here.
            return self.hand_on(front, beside_type);
        };
        let (name, target) = (self.name(), self.writer.target(self.handed));
        let marks = self.carried.attributes(attributes, &["allow"]);
        self.put(front, &marks, &format!("type {name}{parameters} = {target}{arguments};\n"));
    }

    /// `pub use`, and a deprecated item in another namespace.
    fn handed_on(
        &mut self,
        attributes: &[Attribute],
        visibility: &Visibility,
        beside: fn(&HandedOn) -> Beside,
    ) -> Result<(), LanguageError> {
        let front = self.front(attributes, visibility)?;
        self.hand_on(front, beside);
        Ok(())
    }

    fn hand_on(&mut self, front: Front, beside: fn(&HandedOn) -> Beside) {
        if self.is_twofold {
            return self.writer.export_hidden(self.handed, (&front.0, front.1));
        }
        self.writer.export(self.handed, (&front.0, front.1));
        let (mut marks, beside) = beside(self.handed);
        if front.1 != "pub" {
            marks += "#[allow(dead_code)]\n"; // Nobody calls it.
        }
        self.put(front, &marks, &beside);
    }

    /// A deprecated macro that hands its tokens on. It lies at the root of the crate, as every exported one does.
    fn exported_macro(&mut self, item: &ItemMacro) -> Result<(), LanguageError> {
        let own = &self.writer.order.path.segments()[0];
        let is_exported = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
        if !is_exported || self.handed.home.segments()[0] != *own {
            let path = format!("`{}::{}`", self.handed.home, self.handed.target);
            return Err(LanguageError::Shim(format!("{path} is a macro of another crate, or not exported")));
        }
        let (conditions, _) = self.front(&item.attrs, &Visibility::Public(syn::token::Pub::default()))?;
        let name = format!("__{}_{}", self.writer.order.path.segments().join("_"), self.handed.name);
        let target =
            format!("$crate::{}", identifier(&item.ident.as_ref().expect("a rule has a name").to_string()));
        let mark = Writer::deprecation(self.handed);
        self.writer.item(format!(
            "{conditions}{mark}#[doc(hidden)]\n#[macro_export]\nmacro_rules! {name} {{\n    ($($tokens:tt)*) => {{\n        \
             {target}! {{ $($tokens)* }}\n    }};\n}}\n"
        ));
        self.writer.item(format!("{conditions}#[allow(deprecated)]\npub use {name} as {};\n", self.name()));
        Ok(())
    }
}

/// Conditions, each in a line, and the visibility.
type Front = (String, &'static str);
