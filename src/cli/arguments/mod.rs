//! The commands, their options and their help texts.

mod baseline;
mod check;
mod codes;
mod destination;
mod discover;
mod init;
mod inspect;
mod migrate;
mod report;
mod runs;
mod shim;

use crate::report::Format;
use clap::builder::{PossibleValue, PossibleValuesParser, Styles, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

pub use baseline::Baseline;
pub use check::Check;
pub use codes::Codes;
pub use destination::Destination;
pub use discover::{Discover, DiscoverFormat};
pub use init::Init;
pub use inspect::{Completions, Config, Explain, ManualPages, Rules, Shims};
pub use migrate::{Migrate, MigrateFormat};
pub use report::{By, Report};
pub use runs::{Rollback, Runs};
pub use shim::Shim;

const STYLES: Styles = Styles::styled()
    .header(anstyle::AnsiColor::Green.on_default().bold())
    .usage(anstyle::AnsiColor::Green.on_default().bold())
    .literal(anstyle::AnsiColor::Cyan.on_default().bold())
    .placeholder(anstyle::AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing to report
  1  findings above `info` (check), or something that could not be migrated (migrate)
  2  wrong usage or configuration, a file that could not be read or parsed, a failed read or write

For help with one command: `ssot-lint help check`.";

/// One canonical import path per symbol.
///
/// Finds every place that reaches a symbol by another than its canonical path, and moves those places over: previewed,
/// recorded and reversible.
#[derive(Debug, Parser)]
#[command(name = "ssot-lint", version, styles = STYLES, after_help = EXIT_CODES, disable_help_subcommand = false)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The configuration file; the working folder is then the project root
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: ColorChoice,
    /// Print findings and errors only: no summary, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Print more: the configuration that is used, and how long each stage took
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// Show no progress bar
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_progress: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless the environment says otherwise (NO_COLOR, CLICOLOR, CLICOLOR_FORCE).
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report every place that does not use the canonical path
    Check(Check),
    /// Write the findings of today down, so that `check --baseline` reports only what is new
    Baseline(Baseline),
    /// Move those places over; without --execute it only shows what would change
    Migrate(Migrate),
    /// Undo a migration
    Rollback(Rollback),
    /// List every migration, its state and its files
    Runs(Runs),
    /// Find symbols that are used by several paths, without any rule, and propose rules for them
    Discover(Discover),
    /// List every shim: what still refers to it, and whether it can be deleted
    Shims(Shims),
    /// Make the legacy modules of a rule shims that warn; without --execute it only shows what would change
    Shim(Shim),
    /// Tell how much is canonical, by rule, package, owner and commit
    Report(Report),
    /// List the rules of the project
    Rules(Rules),
    /// Explain a code, for instance SSOT001
    Explain(Explain),
    /// Show which configuration is used, what it says in full, or what it may say
    Config(Config),
    /// Write a first configuration, with the rules that the code itself suggests as comments
    Init(Init),
    /// Print the completion script for a shell
    Completions(Completions),
    /// Print a manual page, or write all of them
    Man(ManualPages),
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// JSON.
    Json,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.description()));
    PossibleValuesParser::new(values).try_map(|name| Format::parse(&name).ok_or("not a format"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, error::ErrorKind};

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Arguments::try_parse_from(line.split(' ')).map(|arguments| arguments.command)
    }

    fn migrate(line: &str) -> Migrate {
        match parse(line).unwrap() {
            Command::Migrate(migrate) => migrate,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definitions_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn codes_are_lists() {
        let Command::Check(check) =
            parse("ssot-lint check a b --select SSOT001,alias --select SSOT0").unwrap()
        else {
            panic!("not a check")
        };
        assert_eq!(check.codes.select, ["SSOT001", "alias", "SSOT0"]);
        assert_eq!(check.paths.len(), 2);
    }

    #[test]
    fn a_backup_may_have_a_suffix_but_never_eats_a_path() {
        assert_eq!(migrate("ssot-lint migrate").backup, None);
        let plain = migrate("ssot-lint migrate --execute --backup src");
        assert_eq!((plain.backup.as_deref(), plain.backup_suffix(), plain.paths.len()), (Some(""), None, 1));
        assert_eq!(migrate("ssot-lint migrate --backup=.orig").backup_suffix(), Some(".orig"));
    }

    #[test]
    fn wrong_usage_is_refused_with_code_2() {
        for (line, kind) in [
            ("ssot-lint migrate --dry-run --execute", ErrorKind::ArgumentConflict),
            ("ssot-lint check --output-format xml", ErrorKind::InvalidValue),
            ("ssot-lint check --output-format xml=a.xml", ErrorKind::InvalidValue),
            ("ssot-lint check --output-format sarif=", ErrorKind::ValueValidation),
            ("ssot-lint migrate --output-format sarif", ErrorKind::ValueValidation),
            ("ssot-lint migrate --output-format xml", ErrorKind::InvalidValue),
            ("ssot-lint migrate --backup=../x", ErrorKind::ValueValidation),
            ("ssot-lint migrate --backup=.old.py", ErrorKind::ValueValidation),
            ("ssot-lint chekc", ErrorKind::InvalidSubcommand),
            ("ssot-lint", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!((error.kind(), error.exit_code()), (kind, 2), "{line}");
        }
    }

    #[test]
    fn formats_may_have_files() {
        let line = "ssot-lint check --output-format sarif=a=b.sarif --output-format=github";
        let Command::Check(check) = parse(line).unwrap() else { panic!("not a check") };
        let file = Some("a=b.sarif".into());
        let expected =
            [Destination { format: Format::Sarif, file }, Destination { format: Format::Github, file: None }];
        assert_eq!(check.output_format, expected);
    }

    #[test]
    fn help_names_every_format() {
        let mut help = Arguments::command();
        let check = help.find_subcommand_mut("check").unwrap().render_long_help().to_string();
        for format in Format::ALL {
            assert!(check.contains(format.name()), "{}", format.name());
        }
    }
}
