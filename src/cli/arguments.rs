//! The commands, their options and their help texts.

use crate::report::Format;
use clap::builder::{PossibleValue, PossibleValuesParser, Styles, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

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
    /// List the rules of the project
    Rules(Rules),
    /// Explain a code, for instance SSOT001
    Explain(Explain),
    /// Show which configuration is used, and what it says in full
    Config(Config),
    /// Print the completion script for a shell
    Completions(Completions),
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint check                                    the whole project
  ssot-lint check app tests/unit                     two folders
  ssot-lint check --output-format concise            one line for each finding
  ssot-lint check --output-format json --output-file findings.json
  ssot-lint check --select SSOT001,string-path       two kinds of finding
  ssot-lint check --extend-select SSOT007            import cycles too: reads every file
  ssot-lint check --statistics --exit-zero           only look

Exit codes: 0 nothing found, 1 findings, 2 something could not be read or is configured wrongly.")]
pub struct Check {
    /// Files and folders to check [default: the project]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = format_parser())]
    pub output_format: Format,
    /// Write the findings to this file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output_file: Option<PathBuf>,
    /// Report these codes only: codes, names or beginnings such as SSOT00, separated by commas
    #[arg(long, value_name = "CODES", value_delimiter = ',', action = ArgAction::Append)]
    pub select: Vec<String>,
    /// Report these codes besides; SSOT006 (of the whole project), SSOT007 and SSOT011 read every file and have to be asked for
    #[arg(long, value_name = "CODES", value_delimiter = ',', action = ArgAction::Append)]
    pub extend_select: Vec<String>,
    /// Leave these codes out
    #[arg(long, value_name = "CODES", value_delimiter = ',', action = ArgAction::Append)]
    pub ignore: Vec<String>,
    /// Print how many findings each code has instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// Exit with 0 also when there are findings
    #[arg(long)]
    pub exit_zero: bool,
}

/// `migrate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ssot-lint migrate                                  show what would change, as a diff
  ssot-lint migrate --dry-run > change.patch         the same, for `git apply`
  ssot-lint migrate --execute                        change it; git holds the way back
  ssot-lint migrate --execute --backup               keep every original in the run's own folder
  ssot-lint migrate --execute --backup=.orig app     also leave FILE.orig beside each changed file
  ssot-lint migrate --execute --rule websocket-manager
  ssot-lint migrate --execute --batch tests          one [[batch]] of the configuration, then its validation
  ssot-lint migrate --execute --bisect               leave out the files that break a validation

--execute needs a way back: a clean git work tree for the files it changes, or --backup, or --allow-dirty.
`ssot-lint rollback` undoes the newest migration.

With [[batch]] in the configuration, --execute migrates one batch after the other, then the files that none names.
After each batch its commands run, through the shell, in the project root. When one of them fails, the batch is
rolled back, and those behind it are not run.

Exit codes: 0 all done, 1 something could not be migrated, 2 wrong usage or configuration, a failed read or write.")]
pub struct Migrate {
    /// Files and folders to migrate [default: the project]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Print one diff of all changes and write nothing; this is what happens without --execute as well
    #[arg(long, conflicts_with = "execute")]
    pub dry_run: bool,
    /// Write the changes
    #[arg(long)]
    pub execute: bool,
    /// Keep every original; with a suffix, also beside each file
    #[arg(long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = suffix)]
    pub backup: Option<String>,
    /// Apply this rule only; may be given several times
    #[arg(long, value_name = "ID", action = ArgAction::Append)]
    pub rule: Vec<String>,
    /// Migrate this `[[batch]]` only; may be given several times, and they run in the order of the configuration
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    pub batch: Vec<String>,
    /// Write also when git holds uncommitted changes of the files
    #[arg(long)]
    pub allow_dirty: bool,
    /// Leave files that cannot be written as they are, and migrate the others
    #[arg(long, requires = "execute")]
    pub keep_going: bool,
    /// Do not run the validation commands of batches
    #[arg(long)]
    pub no_validate: bool,
    /// When a batch fails, find the files that break it, leave them out and migrate the others; its commands are run MOST
    /// times for that, or 64 times, at most
    #[arg(
        long, value_name = "MOST", num_args = 0..=1, require_equals = true, default_missing_value = "64",
        value_parser = clap::value_parser!(u32).range(1..), requires = "execute", conflicts_with = "no_validate"
    )]
    pub bisect: Option<u32>,
    /// How the summary is written
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = format_parser())]
    pub output_format: Format,
}

impl Migrate {
    /// The suffix of the copies that `--backup=SUFFIX` leaves beside each file.
    pub fn backup_suffix(&self) -> Option<&str> {
        self.backup.as_deref().filter(|suffix| !suffix.is_empty())
    }
}

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

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// One JSON array.
    Json,
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

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.description()));
    PossibleValuesParser::new(values).try_map(|name| Format::parse(&name).ok_or("not a format"))
}

/// A suffix becomes part of a file name, so it must stay in the file's folder and name another file.
fn suffix(text: &str) -> Result<String, String> {
    match text {
        _ if text.contains(['/', '\\', '\0']) => Err("a suffix may not lead to another folder".into()),
        _ if text.ends_with(".py") || text.ends_with(".pyi") || text.ends_with(".rs") => {
            Err("copies with this suffix would be taken for source files".into())
        }
        _ => Ok(text.into()),
    }
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
        assert_eq!(check.select, ["SSOT001", "alias", "SSOT0"]);
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
    fn help_names_every_format() {
        let mut help = Arguments::command();
        let check = help.find_subcommand_mut("check").unwrap().render_long_help().to_string();
        for format in Format::ALL {
            assert!(check.contains(format.name()), "{}", format.name());
        }
    }
}
