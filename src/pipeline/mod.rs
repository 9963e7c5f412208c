//! The order of the stages, and nothing else: check, fix, hide, discover.

mod check;
mod discover;
mod fix;
mod hide;
mod history;
mod layouts;
mod learning;
mod memory;
mod new_cycles;
mod places;
mod project;
mod reading;
mod removal;
mod search;
mod settings;
mod shim;
mod shims;
mod suppress;
mod trial;
mod untouched;
mod usage_fix;
mod usage_search;
mod usages;
mod words;

pub use check::{check, check_tree};
pub use discover::{Discovery, discover};
pub use fix::{FixRequest, fix};
pub use hide::{HideRequest, hide};
pub use history::history;
pub use memory::Memory;
pub use project::{Progress, Project, ProjectError, Settings};
pub use removal::{Removal, RemovalRequest, removal, shim_refusal};
pub use shim::{ShimRequest, shim};
pub use shims::{Shims, shims};
pub use usages::{UsageRule, read_pattern};
