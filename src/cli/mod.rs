//! The command line: arguments in, text and exit codes out. Only this folder prints, and only it knows the terminal,
//! the environment and the present.

pub mod arguments;
mod check;
mod discover;
mod failure;
mod inspect;
mod migrate;
mod progress;
mod project;
mod rollback;
mod runs;
mod shims;
mod terminal;

use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;
use terminal::Terminal;

/// What a command has to say to the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing to report.
    Clean,
    /// Findings, or something that could not be migrated.
    Findings,
    /// Wrong usage or configuration, a file that could not be read, a failed write.
    Trouble,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Runs the program with the process's own arguments.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe is no reason to fail: somebody has read enough of the help.
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let terminal = Terminal::new(&arguments.global);
    match dispatch(&arguments, &terminal) {
        Ok(exit) => exit.into(),
        Err(failure) => terminal.report(&failure).into(),
    }
}

fn dispatch(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Check(command) => check::run(command, global, terminal),
        Command::Migrate(command) => migrate::run(command, global, terminal),
        Command::Rollback(command) => rollback::run(command, global, terminal),
        Command::Runs(command) => runs::run(command, global, terminal),
        Command::Discover(command) => discover::run(command, global, terminal),
        Command::Shims(command) => shims::run(command, global, terminal),
        Command::Rules(command) => inspect::rules(command, global, terminal),
        Command::Config(command) => inspect::config(command, global, terminal),
        Command::Explain(command) => inspect::explain(command, terminal),
        Command::Completions(command) => inspect::completions(command, terminal),
    }
}
