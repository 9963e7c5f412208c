//! A format and the file that it goes to: `full`, `sarif=out.sarif`.

use super::format_parser;
use crate::report::Format;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use std::ffi::OsStr;
use std::path::PathBuf;

/// A format, and where its text goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// How the findings are written.
    pub format: Format,
    /// The file; standard output when there is none.
    pub file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
#[derive(Debug, Clone)]
pub(super) struct DestinationParser;

impl TypedValueParser for DestinationParser {
    type Value = Destination;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Destination, Error> {
        let text = value.to_str().ok_or_else(|| Error::new(ErrorKind::InvalidUtf8).with_cmd(command))?;
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let format = format_parser().parse_ref(command, argument, OsStr::new(name))?;
        if file == Some("") {
            let message =
                format!("no file stands behind `{name}=`; write `{name}=FILE`, or `{name}` alone\n");
            return Err(Error::raw(ErrorKind::ValueValidation, message).with_cmd(command));
        }
        Ok(Destination { format, file: file.map(PathBuf::from) })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values: Vec<PossibleValue> = format_parser().possible_values()?.collect();
        Some(Box::new(values.into_iter()))
    }
}
