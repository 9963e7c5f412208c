//! From facts to resolved paths: which absolute path a written name stands for, and which declared path it falls under.

mod asked;
mod body;
mod bypass;
mod census;
mod chains;
mod components;
mod cycles;
mod declared;
mod deprecated;
mod identity;
mod import_graph;
mod import_order;
mod imported;
mod losses;
mod modules;
mod policy;
mod provided;
mod resolve;
mod shims;
mod stars;
mod symbol_graph;
mod trace;
mod uses;
mod written_name;

/// Longer chains of re-exports and aliases are not followed; cycles of them end here too.
const MOST_HOPS: usize = 32;

pub use asked::AskedNames;
pub use body::Body;
pub use bypass::Bypass;
pub use census::{CountedPath, CountedSymbol};
pub use chains::Chains;
pub use cycles::{Arrow, Cause, cycles};
pub use declared::{Declared, DeclaredPaths, Origin, Standing};
pub use deprecated::DeprecatedPath;
pub use import_graph::{ImportGraph, Load};
pub use import_order::{ImportOrder, TooEarly};
pub use modules::{ModuleId, ModuleIndex};
pub use policy::Policy;
pub use provided::Provided;
pub use resolve::View;
pub use shims::{Shim, ShimIndex, ShimPart};
pub use symbol_graph::{Demands, SymbolGraph};
pub use uses::{FileUses, MAY_BE_FILE, SecondForm, SecondName, data_use, is_like_file, task_names, uses};
pub use written_name::WrittenName;
