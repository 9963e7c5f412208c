//! The options of `migrate`.

use crate::report::Format;
use crate::source::{language_of, notation_of};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, Command, Error, ValueHint};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

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
  ssot-lint migrate --execute --include-data         paths in YAML, TOML, JSON and ini files, settings, task names too
  ssot-lint migrate --execute --remove-shims         then delete what `ssot-lint shims` calls deletable

--execute needs a way back: a clean git work tree for the files it changes, or --backup, or --allow-dirty.
`ssot-lint rollback` undoes the newest migration.

With [[batch]] in the configuration, --execute migrates one batch after the other, then the files that none names.
After each batch its commands run, through the shell, in the project root. When one of them fails, the batch is
rolled back, and those behind it are not run. --remove-shims comes when all are migrated: the shims in the files of a batch
are deleted as a run of its own, its commands run once more, and when one fails they come back.

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
    /// Then delete the shims that nothing refers to any more and that do nothing else; as a run of its own, or one for each batch
    #[arg(long)]
    pub remove_shims: bool,
    /// Rewrite paths in data too: in YAML, TOML, JSON and ini files, task names, settings, loggers
    #[arg(long)]
    pub include_data: bool,
    /// Apply this rule only; may be given several times
    #[arg(long, value_name = "ID", action = ArgAction::Append)]
    pub rule: Vec<String>,
    /// Migrate this `[[batch]]` only; may be given several times, and they run in the order of the configuration
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    pub batch: Vec<String>,
    /// Write also when git holds uncommitted changes of the files
    #[arg(long)]
    pub allow_dirty: bool,
    /// Leave out what is excluded or ignored also when it is named among the PATHS, as hooks do
    #[arg(long)]
    pub force_exclude: bool,
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
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = MigrateFormatParser)]
    pub output_format: MigrateFormat,
}

/// How `migrate` tells what it did or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrateFormat {
    /// The diff of a preview on standard output, the summary on standard error.
    Full,
    /// One JSON object.
    Json,
}

#[derive(Debug, Clone)]
pub(super) struct MigrateFormatParser;

impl TypedValueParser for MigrateFormatParser {
    type Value = MigrateFormat;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<MigrateFormat, Error> {
        let format = value.to_str().and_then(Format::parse);
        match format {
            Some(Format::Full) => Ok(MigrateFormat::Full),
            Some(Format::Json) => Ok(MigrateFormat::Json),
            Some(other) => {
                let name = other.name();
                let message = format!(
                    "`migrate` writes `full` or `json`; `{name}` is for findings: \
                     `ssot-lint check --output-format {name}`\n"
                );
                Err(Error::raw(ErrorKind::ValueValidation, message).with_cmd(command))
            }
            None => {
                let names = PossibleValuesParser::new(["full", "json"]);
                names.parse_ref(command, argument, value).map(|_| MigrateFormat::Full)
            }
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let full = PossibleValue::new("full").help("The diff of a preview, and a summary");
        Some(Box::new([full, PossibleValue::new("json").help("One JSON object")].into_iter()))
    }
}

impl Migrate {
    /// The suffix of the copies that `--backup=SUFFIX` leaves beside each file.
    pub fn backup_suffix(&self) -> Option<&str> {
        self.backup.as_deref().filter(|suffix| !suffix.is_empty())
    }
}

/// Whether a file of this name is looked at.
fn is_read(path: &Path) -> bool {
    language_of(path).is_some() || notation_of(path).is_some()
}

/// A suffix becomes part of a file name, so it must stay in the file's folder and name another file.
pub(super) fn suffix(text: &str) -> Result<String, String> {
    match text {
        _ if text.contains(['/', '\\', '\0']) => Err("a suffix may not lead to another folder".into()),
        _ if is_read(Path::new(&format!("x{text}"))) => {
            Err("copies with this suffix would be taken for source files".into())
        }
        _ => Ok(text.into()),
    }
}
