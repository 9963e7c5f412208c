//! The options of `shim`.

use super::migrate::{MigrateFormat, MigrateFormatParser, suffix};
use crate::model::ShimKind;
use clap::{Args, ValueEnum};

/// `shim`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint shim websocket-manager                   show the shims of a rule, as a diff
  ssot-lint shim websocket-manager --execute         write them; git holds the way back
  ssot-lint shim websocket-manager --kind alias      for code that patches what the module holds
  ssot-lint rules                                    the rules and their ids

A shim hands on what has moved, and warns whoever uses it. A legacy module that holds anything else is left as it is,
with the reason. What is there already and needs no change is left alone.

--execute needs a way back: a clean git work tree for the files it changes, or --backup, or --allow-dirty.
`ssot-lint rollback` undoes it; `ssot-lint migrate --remove-shims` deletes shims that nothing refers to any more.

Exit codes: 0 all are as they should be, 1 some could not be written, 2 wrong usage or configuration, a failed read or write.")]
pub struct Shim {
    /// The rules whose legacy modules become shims
    #[arg(value_name = "RULE", required = true)]
    pub rules: Vec<String>,
    /// How a Python shim hands on [default: as the one that is there, else lazy]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<KindChoice>,
    /// Print one diff of all changes and write nothing; this is what happens without --execute as well
    #[arg(long, conflicts_with = "execute")]
    pub dry_run: bool,
    /// Write the shims
    #[arg(long)]
    pub execute: bool,
    /// Keep every original; with a suffix, also beside each file
    #[arg(long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = suffix)]
    pub backup: Option<String>,
    /// Write also when git holds uncommitted changes of the files
    #[arg(long)]
    pub allow_dirty: bool,
    /// How the summary is written
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = MigrateFormatParser)]
    pub output_format: MigrateFormat,
}

/// How a Python shim hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindChoice {
    /// Each name when somebody asks for it: every caller is warned
    Lazy,
    /// As another name of the whole canonical module: a patch of one is a patch of both; the first import is warned
    Alias,
}

impl From<KindChoice> for ShimKind {
    fn from(choice: KindChoice) -> Self {
        match choice {
            KindChoice::Lazy => Self::Lazy,
            KindChoice::Alias => Self::Alias,
        }
    }
}

impl Shim {
    /// The suffix of the copies that `--backup=SUFFIX` leaves beside each file.
    pub fn backup_suffix(&self) -> Option<&str> {
        self.backup.as_deref().filter(|suffix| !suffix.is_empty())
    }
}
