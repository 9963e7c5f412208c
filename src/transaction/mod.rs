//! The door out: a plan is written to the disk whole or not at all, and can be taken back.
//!
//! ```text
//! Request ─► prepare ─► Prepared ─► commit ─► Committed ─► seal ─► RunRecord ─► rollback
//!                          │                     │
//!                          └────── recover ◄─────┘   after a kill, a full disk, a power cut
//! ```
//!
//! The journal moves through the state folder as the run does: `preparing/` is worthless, `current/` is a run that
//! must be ended, `runs/ID` is one that is over. Two renames decide: `preparing/` to `current/` (from here the old
//! files can be brought back) and the record that says `committed` over the one that says `prepared` (from here the
//! new files stay). All that happens to one file is in `slot`.

mod check;
mod commit;
mod digest;
mod disk;
mod dress;
mod error;
mod forget;
mod guard;
mod history;
mod journal;
mod lock;
mod log;
mod place;
mod publish;
mod record;
mod recover;
mod reservation;
mod rollback;
mod script;
mod slot;
mod stat;
mod stop;
#[cfg(test)]
mod trial;
mod validation;

pub use commit::{Committed, Prepared, prepare, prepare_on};
pub use digest::Digest;
pub use disk::{Disk, Gate, Step};
pub use error::{RefusedFile, TransactionError};
pub use forget::forget;
pub use guard::{GitState, dirty_files};
pub use history::{Runs, runs};
pub use place::STATE_FOLDER;
pub use publish::{append, publish};
pub use record::{Batch, Date, FileRecord, FileState, RunRecord, RunState, VERSION};
pub use recover::{Recovered, Recovery, recover, recover_on};
pub use reservation::{Reservation, reserve};
pub use rollback::{RollbackOptions, RollbackReport, rollback, rollback_on};
pub use stat::{Mode, Mtime};
pub use stop::{Held, Stop};
pub use validation::mark_validated;

use crate::model::Plan;
use std::path::Path;

/// A plan to be written, and what the journal says of it.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The project root; the plan's paths start from it.
    pub root: &'a Path,
    /// What to write.
    pub plan: &'a Plan,
    /// The version of ssot-lint.
    pub tool_version: &'a str,
    /// The ids of the rules behind the plan.
    pub rules: Vec<String>,
    /// The batch, when it is one.
    pub batch: Option<Batch>,
    /// Also leave each original beside its file, under the file's name with this behind it.
    pub backup_suffix: Option<String>,
    /// The present.
    pub now: jiff::Timestamp,
    /// Whether to wait for the disk. Without it a power cut may cost the run's files; a kill never does.
    pub sync: bool,
    /// What a refused file means for the others.
    pub policy: Policy,
}

/// What a refused file means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Nothing is written.
    #[default]
    Stop,
    /// The others are written all the same.
    Skip,
}

/// A folder among the runs that holds no run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRun {
    /// The folder's name.
    pub id: String,
    /// What is wrong with it.
    pub reason: String,
}
