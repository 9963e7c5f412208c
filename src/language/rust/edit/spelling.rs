//! How an absolute path is spelled in the file that it is to stand in (Rust Reference, "Paths").

use super::super::keywords::identifier;
use super::tree::plain;
use crate::language::{LanguageError, Surroundings};
use crate::model::{BindingKind, Edition, FileFacts, Import, ImportForm, Name, ScopeId, SymbolPath};

/// A path as it is written: a leading `::`, then names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    pub is_global: bool,
    pub names: Vec<String>,
}

impl Spelled {
    pub fn text(&self) -> String {
        format!("{}{}", if self.is_global { "::" } else { "" }, self.names.join("::"))
    }
}

/// Spells paths for one file.
pub(super) struct Speller<'run> {
    pub facts: Option<&'run FileFacts>,
    pub surroundings: &'run Surroundings<'run>,
}

impl Speller<'_> {
    /// `target` as a place in `scope` can spell it, in the manner of the path `old` (its names and leading `::`).
    pub fn spell(
        &self,
        target: &SymbolPath,
        old: &Spelled,
        scope: ScopeId,
    ) -> Result<Spelled, LanguageError> {
        let reached = (self.surroundings.spell)(target).ok_or_else(|| {
            LanguageError::Layout(format!("`{}` is no dependency of this package", target.segments()[0]))
        })?;
        let is_own =
            self.surroundings.package.is_some_and(|package| package.segments()[0] == reached.segments()[0]);
        Ok(if is_own { self.own(&reached, old, scope) } else { self.foreign(&reached, old, scope) })
    }

    fn is_2015(&self) -> bool {
        self.surroundings.edition == Edition::Rust2015
    }

    /// A path into another crate.
    fn foreign(&self, path: &SymbolPath, old: &Spelled, scope: ScopeId) -> Spelled {
        let first = &path.segments()[0];
        if let Some(mut names) = self.declared_crate(first, old) {
            names.extend(raw(&path.segments()[1..]));
            return Spelled { is_global: old.is_global, names };
        }
        let is_hidden = !self.is_2015() && self.has_module(scope, first);
        Spelled { is_global: is_hidden || old.is_global, names: raw(path.segments()) }
    }

    /// The beginning of `old`, when an `extern crate` of this file makes it mean `name`.
    fn declared_crate(&self, name: &str, old: &Spelled) -> Option<Vec<String>> {
        let is_keyword = |name: &&String| matches!(name.as_str(), "crate" | "self" | "super");
        let keywords = old.names.iter().take_while(is_keyword).count();
        let written = old.names.get(keywords)?;
        let declares = |import: &Import| {
            let bound = import.alias.as_ref().or(import.path.first());
            import.form == ImportForm::Module
                && import.path.first().is_some_and(|path| *path.name == *name)
                && bound.is_some_and(|bound| *bound.name == *plain(written))
        };
        let is_declared = self.facts?.imports.iter().any(declares);
        is_declared.then(|| old.names[..=keywords].to_vec())
    }

    /// A path into the own crate.
    fn own(&self, path: &SymbolPath, old: &Spelled, scope: ScopeId) -> Spelled {
        let below_root = &path.segments()[1..];
        let first = old.names.first().map_or("", String::as_str);
        let here = self.module(scope);
        let written = |head: &[&str], tail: &[Name]| {
            let mut names: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
            names.extend(raw(tail));
            Spelled { is_global: false, names }
        };
        let climbs = old.names.iter().take_while(|name| *name == "super").count();
        let depth = here.as_ref().map_or(0, SymbolPath::len);
        let below = |levels: usize| {
            let here = here.as_ref()?;
            let base = (depth > levels).then(|| here.prefix(depth - levels))?;
            (path.starts_with(&base) && path.len() > base.len()).then(|| &path.segments()[base.len()..])
        };
        if first == "self"
            && old.names.get(1).is_none_or(|second| second != "super")
            && let Some(tail) = below(0)
        {
            return written(&["self"], tail);
        }
        if climbs > 0
            && let Some(tail) = below(climbs)
        {
            return written(&vec!["super"; climbs], tail);
        }
        let is_bare = !old.is_global && !matches!(first, "" | "crate" | "self" | "super");
        if self.is_2015() && (is_bare || old.is_global) && !below_root.is_empty() {
            return Spelled { is_global: old.is_global, names: raw(below_root) };
        }
        if is_bare
            && self.has_module(scope, plain(first))
            && let Some(tail) = below(0)
            && self.has_module(scope, &tail[0])
        {
            return written(&[], tail);
        }
        written(&["crate"], below_root)
    }

    /// The module in which `scope` lies.
    fn module(&self, scope: ScopeId) -> Option<SymbolPath> {
        let package = self.surroundings.package?;
        Some(package.join(self.facts.map(|facts| facts.inner_modules(scope)).unwrap_or_default()))
    }

    /// True when `name` means something defined in the module around `scope`.
    fn has_module(&self, scope: ScopeId, name: &str) -> bool {
        let Some(facts) = self.facts else { return false };
        let Some((_, found)) = facts.lookup(scope, name) else { return false };
        found.iter().any(|&id| {
            matches!(facts.bindings[id as usize].kind, BindingKind::Module(_) | BindingKind::Definition)
        })
    }
}

/// Names as they have to be written.
fn raw(segments: &[Name]) -> Vec<String> {
    segments.iter().map(|name| identifier(name)).collect()
}

/// `target` as it can stand in code with nothing imported.
pub(super) fn inline(target: &SymbolPath, surroundings: &Surroundings<'_>) -> Option<String> {
    let is_2015 = surroundings.edition == Edition::Rust2015;
    let speller = Speller { facts: None, surroundings };
    let style = if is_2015 {
        Spelled { is_global: true, names: Vec::new() }
    } else {
        Spelled { is_global: false, names: vec!["crate".to_owned()] }
    };
    Some(speller.spell(target, &style, 0).ok()?.text())
}

#[cfg(test)]
mod tests {
    use super::inline;
    use crate::language::Surroundings;
    use crate::language::rust::edit::trial::{Wish, apply_as, check};
    use crate::model::{Edition, SymbolPath};

    #[test]
    fn the_manner_of_the_old_path_stays_where_it_fits() {
        check(&[
            ("use old::A;\n", "A -> new::A", "use new::A;\n"),
            ("use ::old::A;\n", "A -> new::A", "use ::new::A;\n"),
            ("use crate::old::A;\n", "A -> new::A", "use new::A;\n"),
            ("use old::A;\n", "A -> own::new::A", "use crate::new::A;\n"),
            ("use self::old::A;\n", "A -> own::new::A", "use self::new::A;\n"),
        ]);
        let inside = |text: &str, script: &str| {
            apply_as(text, script, Wish { package: Some("own::m"), ..Wish::default() }).unwrap()
        };
        assert_eq!(inside("use super::old::A;", "A -> own::new::A"), "use super::new::A;");
        assert_eq!(inside("use self::old::A;", "A -> own::new::A"), "use crate::new::A;");
        assert_eq!(inside("use self::old::A;", "A -> own::m::new::A"), "use self::new::A;");
        assert_eq!(
            inside("mod n { use super::super::old::A; }", "A -> own::new::A"),
            "mod n { use super::super::new::A; }"
        );
    }

    #[test]
    fn a_bare_path_stays_bare_when_its_module_is_declared_here() {
        check(&[
            ("mod new;\nmod old;\nuse old::A;\n", "A -> own::new::A", "mod new;\nmod old;\nuse new::A;\n"),
            ("mod old;\nuse old::A;\n", "A -> own::new::A", "mod old;\nuse crate::new::A;\n"),
        ]);
    }

    #[test]
    fn a_crate_behind_a_module_of_the_same_name_is_reached_from_the_top() {
        check(&[("mod new;\nuse old::A;\n", "A -> new::A", "mod new;\nuse ::new::A;\n")]);
    }

    #[test]
    fn keywords_are_raw() {
        check(&[
            ("use crate::old::A;\n", "A -> own::type::A", "use crate::r#type::A;\n"),
            ("use crate::old::r#fn;\n", "r#fn -> own::new::fn as fn", "use crate::new::r#fn;\n"),
            ("use crate::old::r#fn;\n", "r#fn -> own::new::f as fn", "use crate::new::f as r#fn;\n"),
        ]);
    }

    #[test]
    fn paths_of_2015_start_at_the_root() {
        let old = |text: &str, script: &str| {
            apply_as(text, script, Wish { edition: Edition::Rust2015, ..Wish::default() }).unwrap()
        };
        assert_eq!(old("use old::A;", "A -> own::new::A"), "use new::A;");
        assert_eq!(old("use ::old::A;", "A -> own::new::A"), "use ::new::A;");
        assert_eq!(old("mod m { use super::old::A; }", "A -> own::new::A"), "mod m { use super::new::A; }");
        assert_eq!(old("use old::A;", "A -> new::A"), "use new::A;");
    }

    #[test]
    fn inline_paths_need_no_import() {
        let spell = |path: &SymbolPath| (&*path.segments()[0] != "lost").then(|| path.clone());
        let package = SymbolPath::parse("own::m").unwrap();
        let inline_in = |edition, path: &str| {
            let surroundings = Surroundings { package: Some(&package), edition, spell: &spell };
            inline(&SymbolPath::parse(path).unwrap(), &surroundings)
        };
        let now = |path| inline_in(Edition::Current, path);
        assert_eq!(now("own::a::B").as_deref(), Some("crate::a::B"));
        assert_eq!(now("other::a::type").as_deref(), Some("other::a::r#type"));
        assert_eq!(now("lost::B"), None);
        assert_eq!(inline_in(Edition::Rust2015, "own::a::B").as_deref(), Some("::a::B"));
        assert_eq!(inline_in(Edition::Rust2015, "other::a::B").as_deref(), Some("::other::a::B"));
    }
}
