//! The options of `check`.

use super::Codes;
use super::destination::{Destination, DestinationParser};
use clap::{ArgAction, Args, ValueHint};
use std::path::PathBuf;

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint check                                    the whole project
  ssot-lint check app tests/unit                     two folders
  ssot-lint check --output-format concise            one line for each finding
  ssot-lint check --output-format json --output-file findings.json
  ssot-lint check --output-format sarif=out.sarif --output-format github
  ssot-lint check --output-format diff | git apply   mend what can be mended
  ssot-lint check --select SSOT001,string-path       two kinds of finding
  ssot-lint check --extend-select SSOT007            import cycles too: reads every file
  ssot-lint check --baseline .ssot-baseline          only what `ssot-lint baseline` has not written down
  ssot-lint check --since origin/main                only what this branch adds
  ssot-lint check --statistics --exit-zero           only look
  ssot-lint check --stdin-filename app/cart.py -     what an editor holds of a file, saved or not
  ssot-lint check --force-exclude app/cart.py gen.py files that a hook names; excluded ones stay out
  ssot-lint check --add-ignore='see ADR 12'          hide all that is found, by comments in the code

Exit codes: 0 nothing found, 1 findings or a baseline with entries that are gone, 2 something could not be read or is configured wrongly.")]
pub struct Check {
    /// Files and folders to check, or - for standard input [default: the project]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// How findings are written; may be given several times, and FORMAT=FILE writes to a file
    #[arg(
        long, value_name = "FORMAT[=FILE]", default_value = "full", action = ArgAction::Append,
        value_parser = DestinationParser
    )]
    pub output_format: Vec<Destination>,
    /// Write to this file instead of standard output: the findings in the format that has no file of its own
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output_file: Option<PathBuf>,
    /// Which kinds of finding.
    #[command(flatten)]
    pub codes: Codes,
    /// Hide the findings that this baseline holds; an entry whose finding is gone is a failure
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,
    /// Hide what was there already when this branch left REV (a branch, tag or commit)
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// The file whose text comes from standard input; it stands in for that on the disk, and need not be there yet
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub stdin_filename: Option<PathBuf>,
    /// Leave out what is excluded or ignored also when it is named among the PATHS, as hooks do
    #[arg(long)]
    pub force_exclude: bool,
    /// Print how many findings each code has instead of the findings; with the format json as JSON
    #[arg(long)]
    pub statistics: bool,
    /// Check again after every change, until Ctrl-C
    #[arg(long, conflicts_with = "stdin_filename")]
    pub watch: bool,
    /// Write a suppression comment for everything that is found, with this reason
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = [
            "output_format", "output_file", "statistics", "stdin_filename", "watch", "baseline", "since",
        ],
    )]
    pub add_ignore: Option<String>,
    /// Exit with 0 also when there are findings
    #[arg(long)]
    pub exit_zero: bool,
}
