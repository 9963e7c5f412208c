//! The options of `baseline`.

use super::Codes;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// `baseline`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint baseline                                 write .ssot-baseline, or take out of it what is gone
  ssot-lint check --baseline .ssot-baseline          fails for what is new, and for entries that are gone
  ssot-lint baseline --allow-additions               also put in what is new
  ssot-lint baseline --output tests.baseline tests   another file, for one folder

Exit codes: 0 written, or nothing to write; 1 there are new findings, and they were not put in; 2 something could not be
read, written or is configured wrongly.")]
pub struct Baseline {
    /// Files and folders to look at; entries of others stay as they are [default: the project]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// The baseline [default: .ssot-baseline in the project root]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Also put in findings that are new
    #[arg(long)]
    pub allow_additions: bool,
    /// Which kinds of finding.
    #[command(flatten)]
    pub codes: Codes,
}
