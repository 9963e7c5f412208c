//! A place in a file where a path is written that a rule speaks of.

use super::{
    DataRole, FileFacts, FileId, ImportId, Name, ReferenceId, Span, StringForm, StringId, SymbolPath,
};

/// Where the path is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    /// An imported name.
    Import(ImportId),
    /// A name that a star import brings in.
    StarMember(ImportId, Name),
    /// A name or attribute chain in code.
    Reference(ReferenceId),
    /// A string in import position.
    PathString(StringId),
}

impl FileFacts {
    /// What the path at a site stands for, when it is data.
    pub fn data_role(&self, site: &Site) -> Option<DataRole> {
        let Site::PathString(id) = site else { return None };
        match self.strings[*id as usize].form {
            StringForm::Data(role) => Some(role),
            _ => None,
        }
    }

    /// All that is written at a site: of an import the imported name, of a chain all its names.
    pub fn span_of(&self, site: &Site) -> Span {
        match site {
            Site::Import(id) | Site::StarMember(id, _) => self.imports[*id as usize].span,
            Site::PathString(id) => self.strings[*id as usize].span,
            Site::Reference(id) => {
                let segments = &self.references[*id as usize].segments;
                segments[0].span.cover(segments.last().expect("a reference has a first name").span)
            }
        }
    }
}

/// What a declared path leads to; it decides where a match may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// A module: further segments are its members.
    Module,
    /// A class, function, constant: it cannot stand in the module part of an import.
    Symbol,
    /// Not known: nothing of it is first-party.
    Unknown,
}

/// The beginning of a written chain that can stay as it is.
#[derive(Debug, Clone)]
pub struct Stem {
    /// What the segments stand for after the migration.
    pub path: SymbolPath,
    /// How many segments of the reference or string, at least one.
    pub kept: usize,
}

/// A place that hands a name on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The path that it makes.
    pub path: SymbolPath,
    /// The file that holds it.
    pub file: FileId,
    /// The handed-on name in it, or the star that brings it in.
    pub span: Span,
}

/// A piece of code that a pattern describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageMatch {
    /// The rule, as index into the rule set.
    pub rule: usize,
    /// All of it, in bytes.
    pub span: Span,
    /// True for a statement, false for an expression.
    pub is_statement: bool,
}

/// One written path that must move.
#[derive(Debug, Clone)]
pub struct Use {
    /// Where.
    pub site: Site,
    /// The whole absolute path as it is written there.
    pub written: SymbolPath,
    /// The declared path that it falls under.
    pub legacy: SymbolPath,
    /// How many segments of `written`, from the left, the declared path accounts for.
    pub matched: usize,
    /// What those segments become.
    pub target: SymbolPath,
    /// What `target` leads to.
    pub kind: PathKind,
    /// The rule, as index into the rule set; `None` for a name that another file's migration renames.
    pub rule: Option<usize>,
    /// True when the path is spelled here, so that it is a finding; false when it only follows from another one.
    pub spelled: bool,
    /// For chains and strings: what their first segments stand for once everything has moved, and how many these are.
    pub stem: Option<Stem>,
    /// Why it cannot be rewritten, when that is plain from the place itself.
    pub obstacle: Option<String>,
    /// The hops by which `written` leads to `legacy`; empty when it is written straight.
    pub route: Vec<String>,
    /// When no rule speaks of `legacy`: the re-exports by which it leads to its target, itself first.
    pub hops: Option<Vec<Hop>>,
}
