//! The options of the commands that only show something: `shims`, `rules`, `explain`, `config`, `completions`, `man`.

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
#[command(after_help = "\
Examples:
  ssot-lint config                                   which files are read, and how much they say
  ssot-lint config --show                            every value in force, and where it was written
  ssot-lint config --schema > ssot-lint.schema.json  what a configuration may say, for editors and validators

What --show prints as text is a configuration itself: one file without `extend-rules`.")]
pub struct Config {
    /// Print every value in force, defaults too, and the file and line of each
    #[arg(long)]
    pub show: bool,
    /// How --show writes it
    #[arg(long, value_name = "FORMAT", default_value = "text", requires = "show")]
    pub output_format: ListFormat,
    /// Print the JSON Schema of `ssot.toml`
    #[arg(long, conflicts_with_all = ["show", "paths"])]
    pub schema: bool,
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

/// `man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint man | man -l -                           read the manual
  ssot-lint man check > ssot-lint-check.1            the page of one command
  ssot-lint man --dir /usr/local/share/man/man1      write a page for each command into a folder that is there

The pages hold no date and no path, so that they are the same wherever they are made.")]
pub struct ManualPages {
    /// The command whose page is printed [default: the program]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// Write `ssot-lint.1` and a page for each command into this folder
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}
