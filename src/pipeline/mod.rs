//! The order of the stages, and nothing else: check and fix.

mod check;
mod fix;
mod layouts;
mod learning;
mod project;
mod settings;
mod trial;

pub use check::check;
pub use fix::{FixRequest, fix};
pub use project::{Progress, Project, ProjectError, Settings};
