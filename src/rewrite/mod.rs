//! From findings to a plan of disjoint edits: what moves, what follows, and what is refused.

mod chains;
mod file_planner;
mod held;
mod imports;
mod kept;
mod locals;
mod proposal;
mod roots;
mod strings;
mod written_out;

pub use proposal::{Proposal, Refused, Request, RuleTraits, propose};
