//! What one file says: the neutral facts that a language's front end lowers a text to.

use super::{
    Binding, BindingKind, Deed, Definition, Example, LazyName, ModuleEntry, PathString, Registration, Scope,
    Span, Suppression, Visibility,
};
use ecow::EcoString;
use smallvec::SmallVec;
use std::sync::Arc;

/// A name in its normal form. Most are short enough to need no allocation: a project has millions.
pub type Name = EcoString;
/// The names of a written chain: mostly one or two.
pub type Segments = SmallVec<[Segment; 2]>;
/// Index into [`FileFacts::scopes`]; 0 is the module scope.
pub type ScopeId = u32;
/// Index into [`FileFacts::bindings`].
pub type BindingId = u32;
/// What a name may mean: mostly one binding, seldom more than two.
pub type Bindings = SmallVec<[BindingId; 2]>;
/// Index into [`FileFacts::imports`].
pub type ImportId = u32;
/// Index into [`FileFacts::references`].
pub type ReferenceId = u32;
/// Index into [`FileFacts::strings`].
pub type StringId = u32;

/// Everything the later stages know of one file. All lists are in source order, but for what stands in examples.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// Scopes; the module scope first, parents before children.
    pub scopes: Vec<Scope>,
    /// Every place that gives a name a meaning.
    pub bindings: Vec<Binding>,
    /// One entry for each imported name: `from a import b, c` gives two.
    pub imports: Vec<Import>,
    /// Uses of names, each with the attribute chain that follows it.
    pub references: Vec<Reference>,
    /// Strings that stand where an import path is expected.
    pub strings: Vec<PathString>,
    /// The keys of each dictionary with data in it: their values, and where these stand.
    pub data_keys: Vec<Vec<(Box<str>, Span)>>,
    /// Functions that are registered under the name of the module.
    pub registrations: Vec<Registration>,
    /// What a star import takes from the module.
    pub exports: Exports,
    /// Comments that hide findings; none in an example.
    pub suppressions: Vec<Suppression>,
    /// What could not be seen.
    pub blind_spots: Vec<BlindSpot>,
    /// Why the file, or a part of it, could not be read; empty for a good file.
    pub errors: Vec<SyntaxError>,
    /// Re-exports that the code itself calls deprecated.
    pub deprecated: Vec<DeprecatedExport>,
    /// What the modules of the file define; nothing that stands in an example is among them.
    pub definitions: Vec<Definition>,
    /// What modules of the file do besides; nothing that stands in an example is among it.
    pub deeds: Vec<Deed>,
    /// Names that the module makes when it is asked for them.
    pub lazy: Vec<LazyName>,
    /// Modules that the file puts under another name while it is imported.
    pub module_entries: Vec<ModuleEntry>,
    /// Code in documentation; its facts stand behind those of the file in every list.
    pub examples: Vec<Example>,
    /// True when nothing here runs in order: names hold in their whole scope, and imports load nothing (Rust items).
    pub is_declarative: bool,
}

/// A re-export that carries a mark of deprecation: the path that it makes is legacy without any rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeprecatedExport {
    /// The import that hands the name on.
    pub import: ImportId,
    /// What the mark tells users, when it does.
    pub note: Option<Box<str>>,
}

/// One name or path segment as written, in its normal form (NFKC for Python identifiers, PEP 3131).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The normalised name; may differ from the source text under `span`.
    pub name: Name,
    /// Where it is written.
    pub span: Span,
}

/// One imported name.
#[derive(Debug)]
pub struct Import {
    /// Which of the three forms.
    pub form: ImportForm,
    /// The whole statement; equal for all names of one statement.
    pub statement: Span,
    /// The block of statements that holds it; statements in one block run one after the other.
    pub block: Block,
    /// Where the path begins.
    pub start: Start,
    /// With [`Start::ScopeOrTop`]: what the first name may mean in its scope.
    pub roots: Bindings,
    /// The module as written behind dots or keywords; for [`ImportForm::Module`] the whole imported path.
    pub path: Arc<[Segment]>,
    /// The imported name; `None` for [`ImportForm::Module`] and [`ImportForm::Star`].
    pub member: Option<Segment>,
    /// The name behind `as`.
    pub alias: Option<Segment>,
    /// Where a finding points: the dotted path of a module import, the imported name, or the star.
    pub span: Span,
    /// The local name that it binds; `None` for a star and for `as _`.
    pub binding: Option<BindingId>,
    /// Who may read what it imports through the module.
    pub visibility: Visibility,
    /// The scope in which it stands.
    pub scope: ScopeId,
    /// What the conditions around it say of when it runs.
    pub runs: Runs,
    /// In a `try` that has handlers, in one of its handlers, or where an error is expected (`with raises(…)`).
    pub in_try: bool,
    /// True when the file itself reads what it binds, an entry in the export list aside (see [`FileFacts::note_uses`]).
    pub is_used: bool,
}

impl Import {
    /// False for an absolute path that leads to another project: `begins_path` says whether one with this first name may lead
    /// to a module of this one. For languages in which a package has no names of its own for others.
    pub fn may_stay_inside(&self, begins_path: &dyn Fn(&str) -> bool) -> bool {
        let first = self.path.first().filter(|_| self.start == Start::Top);
        first.is_none_or(|first| begins_path(&first.name))
    }
}

/// Where a written path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At a top-level name: `import a.b`, `::a::b`.
    Top,
    /// At the root of the own tree of modules: `crate::a`.
    Root,
    /// At a package or module around: 1 for the package (Python) or module (Rust) itself, and one up for each further:
    /// `from . import a`, `self::a` are 1, `from .. import a`, `super::a` are 2.
    Around(u32),
    /// At a name that the scope sees.
    Scope,
    /// At a name that the scope sees, else at a top-level name: `use a::b` since Rust 2018.
    ScopeOrTop,
}

impl Start {
    /// The dots of a relative import; 0 for all others.
    pub const fn level(self) -> u32 {
        if let Self::Around(level) = self { level } else { 0 }
    }
}

/// The forms of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportForm {
    /// `import a.b.c`, `extern crate a`.
    Module,
    /// `from a.b import c`, `use a::b::c`.
    Member,
    /// `from a.b import *`, `use a::b::*`.
    Star,
}

/// When a statement runs, as far as well-known conditions around it say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runs {
    /// Whenever what stands around it runs.
    Always,
    /// Only when the file is the program: `if __name__ == "__main__":` (Python library reference, `__main__`).
    AsProgram,
    /// Never: `if TYPE_CHECKING:` (PEP 484).
    Never,
}

/// Identifies a block of statements: the byte offset of its first statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block(pub u32);

/// A use of a name and the attributes that follow it: `a.b.c` is one reference with three segments.
#[derive(Debug)]
pub struct Reference {
    /// Where it begins: [`Start::Scope`] in Python.
    pub start: Start,
    /// The name, then the attributes read from it; never empty. What spells [`Start::Root`] or [`Start::Around`] is
    /// one segment at the front: `crate`, `super::super`.
    pub segments: Segments,
    /// The scope in which the name is looked up.
    pub scope: ScopeId,
    /// What the first segment may mean; empty when nothing in the file binds it (a builtin, or from a star import).
    pub bindings: Bindings,
    /// Read, written or deleted; it speaks of the last segment.
    pub access: Access,
    /// What kind of text the reference stands in.
    pub place: Place,
    /// In a `try` that has handlers, in one of its handlers, or where an error is expected.
    pub in_try: bool,
}

/// What happens to the end of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its value is used.
    Read,
    /// It is assigned or patched.
    Write,
    /// It is deleted.
    Delete,
}

/// What kind of text a reference stands in; it decides whether a rewrite may touch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Ordinary code, or a string annotation whose text is the source's.
    Code,
    /// The text that is run is not the source's, byte for byte (a string annotation with escapes or concatenation), or
    /// a macro decides what the name means.
    Opaque,
    /// The body of a macro: the path is resolved where the macro is used.
    Template,
    /// A string that is read as a path: `#[serde(with = "a::b")]`.
    Text,
    /// A link in documentation.
    Doc,
    /// The source text of the expression is shown to the user (`f"{name=}"`): renaming would change output.
    Shown,
    /// An entry of the export list.
    Export,
    /// The last segment lies in a string: `patch.object(module, "name")`.
    NameInString,
    /// The last segment is a keyword or similar that callers rely on: it cannot be renamed.
    Fixed,
}

/// What a star import takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Exports {
    /// Every name without a leading underscore (Python without an export list).
    #[default]
    Implicit,
    /// Every name that the reader may see (Rust).
    Visible,
    /// The names of an export list.
    Explicit {
        /// The names, as far as they are literals.
        names: Vec<Segment>,
        /// False when a part of the list is computed.
        complete: bool,
    },
}

/// Something that hides names from us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlindSpot {
    /// The module provides names that are not spelled in it: `__getattr__`, `globals()[…] = …`, `sys.modules[…] = …`,
    /// a macro that is expanded to items.
    DynamicNames,
    /// The module may give names to the modules that use it (`frame.f_globals`).
    CallersNames,
    /// The text cannot be edited with certainty; the span says where.
    Unreadable(Span),
}

/// A place where the text does not parse, or the reason why it could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where; empty at the start of the file when the whole file is concerned.
    pub span: Span,
    /// What is wrong, without a final full stop.
    pub message: String,
}

impl FileFacts {
    /// Marks the imports whose names the file itself reads: by a reference, or as one of `used`. The last step of a front end:
    /// what is forgotten later has counted.
    pub fn note_uses(&mut self, used: &[BindingId]) {
        let users = self.references.iter().filter(|user| user.place != Place::Export);
        let users = users.flat_map(|user| user.bindings.iter().copied());
        let roots = self.imports.iter().flat_map(|import| import.roots.iter().copied());
        let mut is_read = vec![false; self.bindings.len()];
        users.chain(roots).chain(used.iter().copied()).for_each(|binding| is_read[binding as usize] = true);
        for import in &mut self.imports {
            import.is_used = import.binding.is_some_and(|binding| is_read[binding as usize]);
        }
    }

    /// True when the module holds imports and what it says of itself, and does nothing.
    pub fn only_imports(&self) -> bool {
        let is_about_module = |name: &str| name.starts_with("__") && name.ends_with("__");
        let of_module =
            self.bindings.iter().filter(|binding| self.module_scope(binding.scope) == binding.scope);
        let mut bindings = of_module.filter(|binding| !is_about_module(&binding.name));
        bindings.all(|binding| matches!(binding.kind, BindingKind::Import(_)))
            && self.deeds.is_empty()
            && self.errors.is_empty()
    }

    /// Why no edit can be made anywhere in the file.
    pub fn obstacle(&self) -> Option<&'static str> {
        (!self.errors.is_empty()).then_some("the file does not parse")
    }

    /// Facts of a file that could not be read at all.
    pub fn unreadable(message: impl Into<String>) -> Self {
        let error = SyntaxError { span: Span::default(), message: message.into() };
        Self { scopes: vec![Scope::module()], errors: vec![error], ..Self::default() }
    }
}
