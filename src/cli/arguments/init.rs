//! The options of `init`.

use clap::Args;

/// `init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint init                                     write `ssot.toml` into the working folder
  ssot-lint init --pyproject                         add the tables to the `pyproject.toml` that is there
  ssot-lint init --limit 0                           propose a rule for every symbol that has several paths

It asks nothing. A folder that has a configuration, or lies below one, is left as it is.

Exit codes: 0 written, 2 there is a configuration already, or a failed read or write.")]
pub struct Init {
    /// Add to `pyproject.toml` instead of writing `ssot.toml`
    #[arg(long)]
    pub pyproject: bool,
    /// How many rules are proposed at most; 0 for all
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub limit: usize,
}
