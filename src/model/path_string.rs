//! Strings that stand where an import path is expected.

use super::{Name, ScopeId, Segment, Span};

/// A string that names an import path.
#[derive(Debug)]
pub struct PathString {
    /// What expects a path here.
    pub form: StringForm,
    /// The dotted parts; for a relative path the part behind the dots.
    pub segments: Vec<Segment>,
    /// Leading dots.
    pub level: u32,
    /// What a relative path starts from.
    pub base: StringBase,
    /// The string's contents, without prefix and quotes.
    pub span: Span,
    /// False when the contents are not the value byte for byte (escapes, concatenation): report, never edit.
    pub editable: bool,
    /// How many segments stand in front of a colon: `module:attribute` has 1.
    pub colon: Option<usize>,
    /// Attributes of the path that the same call names (`patch.multiple("a.b", X=…)`).
    pub members: Vec<Segment>,
    /// The scope in which the string stands.
    pub scope: ScopeId,
}

/// What a relative path in a string starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringBase {
    /// The path is absolute.
    Root,
    /// The package of the file itself (`package=__package__`, `package=__name__`).
    OwnPackage,
    /// A package spelled out beside it.
    Package(Vec<Name>),
}

/// What expects an import path in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringForm {
    /// A module is loaded: `importlib.import_module`, `__import__`, `pytest.importorskip`.
    ModuleName,
    /// A name is looked up in a module: `pkgutil.resolve_name`, a configured call.
    ObjectName,
    /// A name is replaced where it is looked up: `mock.patch`, `monkeypatch.setattr`.
    PatchTarget,
    /// The path is data: it is kept, sent or compared.
    Data(DataRole),
}

/// What a path that is data stands for.
/// The first ones say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataRole {
    /// The name under which a task is registered where it is defined.
    OwnTask,
    /// The name under which a task is called.
    Task,
    /// The name of a logger.
    Logger,
    /// The name of a module as it is at run time: compared, pickled.
    ModuleName,
    /// What a package offers to others by name.
    EntryPoint,
    /// What a framework loads by its configuration.
    Setting,
}

impl DataRole {
    /// How a message goes on behind "written".
    pub const fn told(self) -> &'static str {
        match self {
            Self::OwnTask | Self::Task => "as the name of a task",
            Self::Setting => "in a setting",
            Self::Logger => "as the name of a logger",
            Self::ModuleName => "as the name of a module",
            Self::EntryPoint => "as an entry point",
        }
    }
}

/// A function that is registered under a name made of its module's and its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its own.
    pub name: Name,
    /// What registers it.
    pub span: Span,
}
