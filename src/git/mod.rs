//! What git knows of a project: its commits, and the bytes that they hold.
//!
//! git's own program is asked, by its plumbing only: no work tree, index or reference is written, and no program that a
//! repository's configuration names is run.

mod command;
mod error;
mod objects;
mod repository;

pub use command::command;
pub use error::GitError;
pub use objects::{Entry, Object};
pub use repository::{Commit, Repository};
