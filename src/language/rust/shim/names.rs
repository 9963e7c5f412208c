//! What the names of a module stand for, as far as its own text says: imports, items, and what every module knows.

use super::super::prelude::{is_in_library, is_primitive};
use std::collections::HashMap;
use syn::{Item, Path, UseTree, Visibility};

/// A name of the prelude of today's edition that an older one does not have.
const LATER: &str = "FromIterator";

/// Crates that every crate can name.
const STANDARD: [&str; 2] = ["core", "std"];

/// How a path is spelled elsewhere.
pub(super) enum Spelled {
    /// As it is.
    Same,
    /// With this in place of so many of its first segments.
    As(usize, String),
    /// Nobody knows.
    Unknown,
}

/// The names of a module.
pub(super) struct Names {
    /// The module, as the shim spells it.
    module: String,
    /// What each name stands for; `None` for what cannot be told or reached.
    known: HashMap<String, Option<String>>,
    /// A star import may bring any name.
    has_star: bool,
    /// False when the shim is in another crate, which may not know the same crates.
    is_own_crate: bool,
}

impl Names {
    pub fn of(items: &[Item], module: String, is_own_crate: bool) -> Self {
        let mut names = Self { module, known: HashMap::new(), has_star: false, is_own_crate };
        for item in items {
            if let Some((name, visibility)) = named(item) {
                let is_seen = !matches!(visibility, Visibility::Inherited)
                    && (is_own_crate || matches!(visibility, Visibility::Public(_)));
                let path = is_seen.then(|| format!("{}::{name}", names.module));
                names.known.insert(name, path);
            }
        }
        for item in items {
            if let Item::Use(item) = item {
                let start = item.leading_colon.map(|_| String::new());
                names.import(start, &item.tree);
            }
        }
        names
    }

    /// Notes the names of an import below `path`; `None` at its start.
    fn import(&mut self, path: Option<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(tree) => {
                let name = tree.ident.to_string();
                let below = self.step(path, &name);
                self.import(below, &tree.tree);
            }
            UseTree::Name(tree) => {
                let name = tree.ident.to_string();
                let (name, path) = match name.as_str() {
                    // `use a::b::{self}` brings `b`.
                    "self" => match path.as_deref().and_then(|path| path.rsplit("::").next()) {
                        Some(last) => (last.to_owned(), path),
                        None => return,
                    },
                    _ => (name.clone(), self.step(path, &name)),
                };
                self.known.insert(name, path);
            }
            UseTree::Rename(tree) => {
                let path = match tree.ident == "self" {
                    true => path,
                    false => self.step(path, &tree.ident.to_string()),
                };
                self.known.insert(tree.rename.to_string(), path);
            }
            UseTree::Glob(_) => self.has_star = true,
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(path.clone(), tree)),
        }
    }

    /// `path` and one more name; the first one says where it begins. `None` where that cannot be told.
    fn step(&self, path: Option<String>, name: &str) -> Option<String> {
        match path {
            Some(path) if name == "super" => around(&path),
            Some(path) => Some(format!("{path}::{name}")),
            None => self.begun(name),
        }
    }

    fn begun(&self, name: &str) -> Option<String> {
        match name {
            "crate" => Some(root(&self.module)),
            "self" => Some(self.module.clone()),
            "super" => around(&self.module),
            _ => match self.known.get(name) {
                Some(path) => path.clone(),
                None if self.has_star => None,
                None => self.external(name),
            },
        }
    }

    fn external(&self, name: &str) -> Option<String> {
        (self.is_own_crate || STANDARD.contains(&name)).then(|| format!("::{name}"))
    }

    /// How the shim spells a path of the module.
    pub fn spelled(&self, path: &Path) -> Spelled {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let first = names[0].as_str();
        if path.leading_colon.is_some() {
            return if self.external(first).is_some() { Spelled::Same } else { Spelled::Unknown };
        }
        let supers = names.iter().take_while(|name| *name == "super").count();
        if supers > 0 {
            let path = (0..supers).try_fold(self.module.clone(), |path, _| around(&path));
            return path.map_or(Spelled::Unknown, |path| Spelled::As(supers, path));
        }
        let is_known_everywhere = match names.len() {
            1 => is_primitive(first) || !self.has_star && (is_in_library(first) || first == LATER),
            _ => is_primitive(first),
        };
        match self.known.get(first) {
            Some(Some(path)) => Spelled::As(1, path.clone()),
            Some(None) => Spelled::Unknown,
            None if is_known_everywhere => Spelled::Same,
            None if names.len() == 1 || first == "Self" => Spelled::Unknown,
            None => self.begun(first).map_or(Spelled::Unknown, |path| Spelled::As(1, path)),
        }
    }
}

/// The module around one that is spelled from its root; `None` at the root.
fn around(path: &str) -> Option<String> {
    let (around, _) = path.rsplit_once("::")?;
    (!around.is_empty()).then(|| around.to_owned())
}

fn root(path: &str) -> String {
    let names =
        path.strip_prefix("::").map_or_else(|| path.split("::").next(), |rest| rest.split("::").next());
    let name = names.unwrap_or_default();
    if path.starts_with("::") { format!("::{name}") } else { name.to_owned() }
}

fn named(item: &Item) -> Option<(String, &Visibility)> {
    Some(match item {
        Item::Const(item) => (item.ident.to_string(), &item.vis),
        Item::Enum(item) => (item.ident.to_string(), &item.vis),
        Item::Mod(item) => (item.ident.to_string(), &item.vis),
        Item::Static(item) => (item.ident.to_string(), &item.vis),
        Item::Struct(item) => (item.ident.to_string(), &item.vis),
        Item::Trait(item) => (item.ident.to_string(), &item.vis),
        Item::Type(item) => (item.ident.to_string(), &item.vis),
        Item::Union(item) => (item.ident.to_string(), &item.vis),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path as another module spells it; `?` when nobody knows.
    fn spelled(module: &str, path: &str) -> String {
        let file: syn::File = syn::parse_str(module).unwrap();
        let names = Names::of(&file.items, "crate::a::b".into(), true);
        let parsed: Path = syn::parse_str(path).unwrap();
        match names.spelled(&parsed) {
            Spelled::Same => path.to_owned(),
            Spelled::As(count, text) => {
                let rest = path.split("::").skip(count).map(|name| format!("::{name}"));
                text + &rest.collect::<String>()
            }
            Spelled::Unknown => "?".to_owned(),
        }
    }

    #[test]
    fn paths_start_where_the_module_says() {
        let module = "use std::fmt::{self, Display as Show}; use super::X; use crate::y::{z::Z, self as why}; \
                      use serde::De; pub struct Own; struct Hidden; pub mod inner {}";
        for (path, expected) in [
            ("u8", "u8"),
            ("Vec", "Vec"),
            ("fmt::Result", "::std::fmt::Result"),
            ("Show", "::std::fmt::Display"),
            ("X", "crate::a::X"),
            ("Z", "crate::y::z::Z"),
            ("why::W", "crate::y::W"),
            ("De", "::serde::De"),
            ("Own", "crate::a::b::Own"),
            ("inner::I", "crate::a::b::inner::I"),
            ("self::Own", "crate::a::b::Own"),
            ("super::super::T", "crate::T"),
            ("std::io::Error", "::std::io::Error"),
            ("::std::io::Error", "::std::io::Error"),
            ("Hidden", "?"),
            ("Nobody", "?"),
            ("Self::A", "?"),
        ] {
            assert_eq!(spelled(module, path), expected, "{path}");
        }
    }

    #[test]
    fn a_star_import_may_bring_any_name_but_a_primitive() {
        assert_eq!(spelled("use crate::prelude::*;", "Result"), "?");
        assert_eq!(spelled("use crate::prelude::*;", "u8"), "u8");
    }
}
