//! One file for each output format, all with one signature, and the texts that people read.
//!
//! [`Format`] is the register of formats. [`Notice`] carries what is not a finding: complaints about the
//! configuration. [`refusals`] and [`explanation`] are the texts behind `migrate` and `explain`.

mod batches;
mod clean;
mod compliance;
mod discovery;
mod each;
mod explain;
mod format;
mod mends;
mod migration;
mod notice;
mod record;
mod refusal;
mod shim;
mod shims;
mod snippet;
mod stale;
mod statistics;
mod summary;
mod unified_diff;
mod window;

pub use batches::{BatchReport, BatchState, Fault, LeftOut, batch_name};
pub use clean::one_line;
pub use compliance::{Breakdown, ComplianceFormat, Extent, headline};
pub use discovery::{discovery, discovery_json, discovery_toml};
use explain::page_address;
pub use explain::{explanation, summary_of};
pub use format::{Format, Render};
pub use migration::{MigrationSummary, RemovalSummary, count, migration, migration_json, suppressions};
pub use notice::{Notice, NoticePlace, notices};
pub use refusal::refusals;
pub use shim::{ShimSummary, shim, shim_json};
pub use shims::{shims, shims_json};
pub use stale::stale;
pub use statistics::{statistics, statistics_json};
pub use summary::summary_line;
pub use unified_diff::unified_diff;

/// How a format may present its text; machine formats ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Write ANSI colours and weights.
    pub color: bool,
    /// Width of the terminal in columns; longer source lines are cut around the finding.
    pub width: usize,
    /// End with the summary line.
    pub summary: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 140, summary: true }
    }
}

impl Style {
    /// `text` in the given look, or plain when colour is off.
    fn paint(&self, look: anstyle::Style, text: &str) -> String {
        if self.color { format!("{look}{text}{look:#}") } else { text.into() }
    }
}

#[cfg(test)]
mod made_up;
