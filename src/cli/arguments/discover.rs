//! The options of `discover`.

use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// `discover`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint discover                                 the symbols with the most uses off their most used path
  ssot-lint discover app/core --limit 0              all that are defined there
  ssot-lint discover --output-format toml            rules ready to paste
  ssot-lint discover --limit 5 --write               put the first five into the configuration

It needs no configuration. Symbols that a rule speaks of already are left out.")]
pub struct Discover {
    /// Files and folders that define the symbols [default: the project]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: DiscoverFormat,
    /// How many symbols at most; 0 for all
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub limit: usize,
    /// Add the rules to the configuration; an `ssot.toml` is made where there is none
    #[arg(long)]
    pub write: bool,
}

/// How `discover` writes its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiscoverFormat {
    /// For people.
    Text,
    /// One JSON array.
    Json,
    /// Rules to paste into a configuration.
    Toml,
}
