//! The shared nouns that the stages hand to each other.
//!
//! Nothing here reads, writes or prints, and nothing here knows a language's grammar: a value of the model
//! means the same thing whichever front end made it.

mod change;
mod compaction;
mod compliance;
mod composition;
mod data;
mod deed;
mod definition;
mod discovery;
mod examples;
mod facts;
mod finding;
mod known;
mod outcome;
mod path;
mod path_string;
mod plan;
mod position;
mod scope;
mod shapes;
mod shim;
mod shim_order;
mod source_file;
mod span;
mod suppression;
mod usage;

pub use change::{Addition, FileChanges, ItemChange, Replacement};
pub use compaction::Relevance;
pub use compliance::{Compliance, Detour, FileTally, Moment};
pub use data::{DATA_STAYS, DataPath, DataUse, Notation};
pub use deed::{Deed, DeedKind};
pub use definition::{Content, Definition, Digest, LazyName, LazyTarget, ModuleEntry};
pub use discovery::{Discovered, DiscoveredPath, Reason};
pub use examples::Example;
pub use facts::{
    Access, BindingId, Bindings, BlindSpot, Block, DeprecatedExport, Exports, FileFacts, Import, ImportForm,
    ImportId, Name, Place, Reference, ReferenceId, Runs, ScopeId, Segment, Segments, Start, StringId,
    SyntaxError,
};
pub use finding::{Certainty, Code, Excerpt, Finding, Fix, Form, Location, Related, Severity};
pub use known::{BASELINE_HEADER, KnownFinding};
pub use outcome::{Outcome, RootPlace, RuleCount, Summary};
pub use path::{Language, PerLanguage, SymbolPath};
pub use path_string::{DataRole, PathString, Registration, StringBase, StringForm};
pub use plan::{Edit, EditError, FilePlan, Plan, Refusal};
pub use position::{LineIndex, Position};
pub use scope::{Binding, BindingKind, Namespaces, Scope, ScopeKind, Visibility};
pub use shapes::Shapes;
pub use shim::{ShimReference, ShimStatus};
pub use shim_order::{HandedOn, Origin, ShimKind, ShimOrder};
pub use source_file::{Edition, Externs, FileId, Module, ModuleName, Reach, SourceFile};
pub use span::Span;
pub use suppression::{Suppression, SuppressionFault, Word};
pub use usage::{Hop, PathKind, Site, Stem, UsageMatch, Use};
