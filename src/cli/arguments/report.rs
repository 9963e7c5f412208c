//! The options of `report`.

use crate::report::{Breakdown, ComplianceFormat};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint report                                   how much is canonical, by rule, package and owner
  ssot-lint report --by owner --history 30           by owner, and the last 30 commits
  ssot-lint report --fail-under 95                   exit code 1 below 95 percent
  ssot-lint report --output-format markdown          for a page, with a graph of the import paths
  ssot-lint report --output-format badge --output-file badge.json

Exit codes: 0 told, 1 less than --fail-under, 2 something could not be read or is configured wrongly.")]
pub struct Report {
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_parser())]
    pub output_format: ComplianceFormat,
    /// Write it to this file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output_file: Option<PathBuf>,
    /// What uses are counted by, separated by commas [default: all; owner where there is a CODEOWNERS file]
    #[arg(long, value_name = "WHAT", value_delimiter = ',', action = ArgAction::Append)]
    pub by: Vec<By>,
    /// Fail when less than this many percent of all uses are canonical
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub fail_under: Option<f64>,
    /// Also count in the last N commits, by the rules of today; nothing is checked out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub history: Option<u32>,
}

/// What uses are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// The rules.
    Rule,
    /// Python packages and Rust crates.
    Package,
    /// The owners that CODEOWNERS names; a file with several counts for each.
    Owner,
}

impl From<By> for Breakdown {
    fn from(by: By) -> Self {
        match by {
            By::Rule => Self::Rule,
            By::Package => Self::Package,
            By::Owner => Self::Owner,
        }
    }
}

fn format_parser() -> impl TypedValueParser<Value = ComplianceFormat> {
    let values =
        ComplianceFormat::ALL.map(|format| PossibleValue::new(format.name()).help(format.description()));
    PossibleValuesParser::new(values).try_map(|name| ComplianceFormat::parse(&name).ok_or("not a format"))
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "a number from 0 to 100".to_owned())
}
