//! From findings to a plan of disjoint edits: what moves, what follows, and what is refused.

mod by_module;
mod certain;
mod chains;
mod data;
mod dictionary_keys;
mod dropped;
mod file_planner;
mod free;
mod going;
mod held;
mod imports;
mod kept;
mod locals;
mod proposal;
mod reach;
mod roots;
mod spelled;
mod strings;
mod usages;
mod written_out;

pub use data::{doubled_keys, respelled};
pub use proposal::{Proposal, Refused, Request, RuleTraits, propose};
pub use spelled::UNKNOWN;
pub use usages::{UsageJob, UsageProposal, UsageRequest, propose_usages};
