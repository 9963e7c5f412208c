//! How an absolute path is spelled in the file that it is to stand in (Rust Reference, "Paths").

use super::tree::plain;
use crate::language::{LanguageError, Surroundings};
use crate::model::{BindingKind, Edition, FileFacts, ScopeId, SymbolPath};

/// Names that cannot be written without `r#` in every edition (Rust Reference, "Keywords").
const KEYWORDS: [&str; 43] = [
    "abstract", "as", "become", "box", "break", "const", "continue", "do", "else", "enum", "extern", "false",
    "final", "fn", "for", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// Those that became keywords in 2018.
const KEYWORDS_2018: [&str; 4] = ["async", "await", "dyn", "try"];

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
        let is_hidden = !self.is_2015() && self.has_module(scope, first);
        Spelled { is_global: is_hidden || old.is_global, names: self.names(path.segments()) }
    }

    /// A path into the own crate.
    fn own(&self, path: &SymbolPath, old: &Spelled, scope: ScopeId) -> Spelled {
        let below_root = &path.segments()[1..];
        let first = old.names.first().map_or("", String::as_str);
        let here = self.module(scope);
        let written = |head: &[&str], tail: &[Box<str>]| {
            let mut names: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
            names.extend(self.names(tail));
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
            return Spelled { is_global: old.is_global, names: self.names(below_root) };
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

    fn names(&self, segments: &[Box<str>]) -> Vec<String> {
        segments.iter().map(|name| self.raw(name)).collect()
    }

    /// A name as it has to be written.
    pub fn raw(&self, name: &str) -> String {
        let is_keyword = KEYWORDS.contains(&name) || !self.is_2015() && KEYWORDS_2018.contains(&name);
        if is_keyword { format!("r#{name}") } else { name.to_owned() }
    }
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
