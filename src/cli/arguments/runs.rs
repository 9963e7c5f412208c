//! The options of the commands over past migrations: `runs` and `rollback`.

use super::ListFormat;
use clap::Args;

/// `rollback`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint rollback                                 undo the newest migration
  ssot-lint rollback --dry-run                       show which files would come back
  ssot-lint rollback 20261120T101500Z-4f2a           undo this one; `ssot-lint runs` lists them

A file that someone has changed since the migration is left alone, and the command fails, unless --force is given.")]
pub struct Rollback {
    /// The run to undo [default: the newest]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Show what would be put back and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Put back files that were changed since, and keep the changed version beside each
    #[arg(long)]
    pub force: bool,
}

/// `runs`.
#[derive(Debug, Args)]
pub struct Runs {
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}
