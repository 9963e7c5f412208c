//! The command line: arguments in, text and exit codes out. Only this folder prints, and only it knows the terminal,
//! the environment and the present.

mod add_ignore;
pub mod arguments;
mod baseline;
mod batches;
mod check;
mod codes;
mod config;
mod destinations;
mod discover;
mod failure;
mod init;
mod inspect;
mod interrupt;
mod known;
mod manual;
mod migrate;
mod progress;
mod project;
mod report;
mod rollback;
mod runs;
mod shim;
mod shims;
mod standard_input;
mod terminal;
mod watch;

use crate::transaction::Disk;
use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use interrupt::Interrupt;
use std::ffi::OsString;
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
    run_on(std::env::args_os(), &Disk::default())
}

/// Runs the program with `arguments`, its own name first, on a disk of the caller's choice.
pub fn run_on(arguments: impl IntoIterator<Item = OsString>, disk: &Disk) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe is no reason to fail: somebody has read enough of the help.
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let terminal = Terminal::new(&arguments.global);
    let interrupt = Interrupt::listen();
    match dispatch(&arguments, &terminal, &disk.until(interrupt.stop())) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let exit = terminal.report(&failure);
            interrupt.code().filter(|_| failure.is_stop()).map_or(exit.into(), ExitCode::from)
        }
    }
}

fn dispatch(arguments: &Arguments, terminal: &Terminal, disk: &Disk) -> Result<Exit, Failure> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Check(command) => check::run(command, global, terminal, disk),
        Command::Baseline(command) => baseline::run(command, global, terminal),
        Command::Migrate(command) => migrate::run(command, global, terminal, disk),
        Command::Rollback(command) => rollback::run(command, global, terminal, disk),
        Command::Runs(command) => runs::run(command, global, terminal),
        Command::Discover(command) => discover::run(command, global, terminal),
        Command::Shims(command) => shims::run(command, global, terminal),
        Command::Shim(command) => shim::run(command, global, terminal, disk),
        Command::Report(command) => report::run(command, global, terminal),
        Command::Rules(command) => inspect::rules(command, global, terminal),
        Command::Config(command) => config::run(command, global, terminal),
        Command::Explain(command) => inspect::explain(command, terminal),
        Command::Init(command) => init::run(command, global, terminal),
        Command::Man(command) => manual::run(command, terminal),
        Command::Completions(command) => inspect::completions(command, terminal),
    }
}
