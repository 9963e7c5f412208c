//! The options of the commands that only show something: `shims`, `rules`, `explain`, `config`, `completions`.

use super::ListFormat;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// `shims`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint shims                                    every shim, and what is in the way of deleting it
  ssot-lint shims --output-format json               the same with every place

Exit codes: 0 listed, 2 something could not be read or is configured wrongly.")]
pub struct Shims {
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint explain SSOT001
  ssot-lint explain string-path
  ssot-lint explain                                  a list of all codes")]
pub struct Explain {
    /// A code or its name
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// `config`.
#[derive(Debug, Args)]
pub struct Config {
    /// Files and folders whose configuration is looked for [default: the working folder]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
}

/// `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint completions bash > ~/.local/share/bash-completion/completions/ssot-lint
  ssot-lint completions zsh  > ~/.zfunc/_ssot-lint
  ssot-lint completions fish > ~/.config/fish/completions/ssot-lint.fish")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}
