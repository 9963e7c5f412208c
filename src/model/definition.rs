//! What a module defines: enough of each class, function or type to say how another definition relates to it.

use super::{BindingId, FileFacts, Name, ReferenceId, Segment, Span};
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// A definition at the level of a module.
#[derive(Debug)]
pub struct Definition {
    /// The name that it binds.
    pub binding: BindingId,
    /// Equal for definitions with the same tokens; their names, comments, documentation and layout are not looked at. `None`
    /// when definitions are not compared.
    pub digest: Option<Digest>,
    /// What stands in it.
    pub content: Content,
    /// True when it stands alone: no decorator, no keyword of a class, no type parameter, no base that is no path.
    pub is_plain: bool,
    /// True when it is marked as deprecated and only hands something on, or stands beside what does.
    pub is_shim: bool,
    /// True when its methods can be called on others only where it is in scope (Rust reference, "Traits").
    pub is_trait: bool,
    /// The classes that it derives from, as far as they are written as paths.
    pub bases: Vec<ReferenceId>,
    /// The names of its public members, sorted: methods and attributes of a class, fields, variants, items of a trait.
    pub members: Vec<Name>,
}

/// What a definition does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Nothing: documentation and placeholders.
    Empty,
    /// It hands what it is called with on to what this reference names.
    Wrapper(ReferenceId),
    /// Something of its own.
    Full,
}

/// A hash of tokens (64 bits), to be compared within one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// Adds one token.
    pub fn add(&mut self, token: &str) {
        let mut hasher = FxHasher::with_seed(self.0 as usize);
        token.hash(&mut hasher);
        self.0 = hasher.finish();
    }
}

/// A name that a module makes when it is asked for it (PEP 562).
#[derive(Debug)]
pub struct LazyName {
    /// The name, where it is spelled.
    pub name: Segment,
    /// Where it comes from.
    pub target: LazyTarget,
}

/// Where a lazy name comes from.
#[derive(Debug)]
pub enum LazyTarget {
    /// From what this reference stands for, and the attributes of it that follow.
    Reference(ReferenceId, Vec<Name>),
    /// From a path, relative to the package of the file when there are leading dots.
    Path(u32, Vec<Segment>),
}

/// A module that a file puts under another name while it runs: `sys.modules["a.b"] = c` (Python reference, section 5.3.1).
#[derive(Debug)]
pub struct ModuleEntry {
    /// The name, where it is spelled out; `None` for that of the file itself.
    pub name: Option<Vec<Segment>>,
    /// Where the name is written.
    pub span: Span,
    /// The module.
    pub target: ReferenceId,
}

impl Definition {
    /// What it names of others as a whole: its bases, or what it hands on to.
    pub fn sources(&self) -> impl Iterator<Item = ReferenceId> {
        let wrapped = match self.content {
            Content::Wrapper(reference) => Some(reference),
            Content::Empty | Content::Full => None,
        };
        self.bases.iter().copied().chain(wrapped)
    }

    fn sources_mut(&mut self) -> impl Iterator<Item = &mut ReferenceId> {
        let wrapped = match &mut self.content {
            Content::Wrapper(reference) => Some(reference),
            Content::Empty | Content::Full => None,
        };
        self.bases.iter_mut().chain(wrapped)
    }
}

impl FileFacts {
    /// Forgets what definitions say that have nothing to do with a relevant name. Returns the references that are needed.
    pub(super) fn keep_definitions(&mut self, is_relevant: &dyn Fn(&str) -> bool) -> FxHashSet<ReferenceId> {
        let (bindings, references) = (&self.bindings, &self.references);
        for definition in &mut self.definitions {
            let is_named = is_relevant(&bindings[definition.binding as usize].name);
            let last = |source: ReferenceId| references[source as usize].segments.last();
            let is_related = definition.sources().filter_map(last).any(|last| is_relevant(&last.name));
            if !is_named {
                definition.members = Vec::new();
            }
            if !is_named && !is_related {
                definition.bases = Vec::new();
                if matches!(definition.content, Content::Wrapper(_)) {
                    definition.content = Content::Full;
                }
            }
        }
        self.definitions.shrink_to_fit();
        let lazy = self.lazy.iter().filter_map(|name| match name.target {
            LazyTarget::Reference(reference, _) => Some(reference),
            LazyTarget::Path(..) => None,
        });
        let entries = self.module_entries.iter().map(|entry| entry.target);
        self.definitions.iter().flat_map(Definition::sources).chain(lazy).chain(entries).collect()
    }

    /// Gives the references that definitions, lazy names and entries of modules name their new numbers.
    pub fn renumber_sources(&mut self, new_id: impl Fn(ReferenceId) -> ReferenceId) {
        let sources = self.definitions.iter_mut().flat_map(Definition::sources_mut);
        let lazy = self.lazy.iter_mut().filter_map(|name| match &mut name.target {
            LazyTarget::Reference(reference, _) => Some(reference),
            LazyTarget::Path(..) => None,
        });
        let entries = self.module_entries.iter_mut().map(|entry| &mut entry.target);
        sources.chain(lazy).chain(entries).for_each(|source| *source = new_id(*source));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_keeps_tokens_apart() {
        let digest = |tokens: &[&str]| {
            let mut digest = Digest::default();
            tokens.iter().for_each(|token| digest.add(token));
            digest
        };
        assert_eq!(digest(&["a", "b"]), digest(&["a", "b"]));
        assert_ne!(digest(&["a", "b"]), digest(&["ab"]));
    }
}
