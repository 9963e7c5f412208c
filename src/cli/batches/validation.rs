//! Runs a command that judges a batch: through the shell, in the project root, with all that it says on standard error.

use crate::report::Fault;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Runs a command to its end; what is wrong when it fails.
pub(super) fn run_command(root: &Path, command: &str) -> Option<Fault> {
    let (status, reason) = match shell(root, command).status() {
        Ok(status) if status.success() => return None,
        Ok(status) => (status.code(), ending(status)),
        Err(error) => (None, format!("could not be started: {error}")),
    };
    Some(Fault { command: command.to_owned(), status, reason })
}

/// Standard output stays for machines, and nobody is there to answer questions.
fn shell(root: &Path, command: &str) -> Command {
    let mut shell = in_shell(command);
    shell.current_dir(root).stdin(Stdio::null()).stdout(io::stderr());
    shell
}

#[cfg(not(windows))]
fn in_shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// The shell takes the line as it stands between the outermost quotes.
#[cfg(windows)]
fn in_shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new("cmd");
    shell.raw_arg("/D /S /C").raw_arg(format!("\"{command}\""));
    shell
}

fn ending(status: ExitStatus) -> String {
    match status.code() {
        Some(127) if cfg!(unix) => "ended with exit status 127: the shell found no such command".to_owned(),
        Some(126) if cfg!(unix) => "ended with exit status 126: the shell could not run it".to_owned(),
        Some(code) => format!("ended with exit status {code}"),
        None => signal(status).map_or_else(
            || "ended without an exit status".to_owned(),
            |signal| format!("was ended by signal {signal}"),
        ),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
