//! Runs a command that judges a batch: through the shell, in the project root, with all that it says on standard error.

use crate::report::Fault;
use crate::transaction::{Disk, TransactionError};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How soon a wish to stop is heard while a command runs.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long a command may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);

/// Runs a command to its end; what is wrong when it fails.
///
/// # Errors
/// When the work on `disk` is to stop: then the command, and all that it started, is ended first.
pub(super) fn run_command(
    disk: &Disk,
    root: &Path,
    command: &str,
) -> Result<Option<Fault>, TransactionError> {
    let ended = match shell(root, command).spawn() {
        Ok(child) => wait(disk, child, GRACE)?,
        Err(error) => Err(error),
    };
    let (status, reason) = match ended {
        Ok(status) if status.success() => return Ok(None),
        Ok(status) => (status.code(), ending(status)),
        Err(error) => (None, format!("could not be started: {error}")),
    };
    Ok(Some(Fault { command: command.to_owned(), status, reason }))
}

fn wait(disk: &Disk, mut child: Child, grace: Duration) -> Result<io::Result<ExitStatus>, TransactionError> {
    let group = child.id();
    let (sender, ended) = channel();
    // Nobody listens any more when the command has outlived its grace.
    std::thread::spawn(move || sender.send(child.wait()).ok());
    loop {
        if let Ok(status) = ended.recv_timeout(PATIENCE) {
            return Ok(status);
        }
        if let Err(stop) = disk.go_on() {
            end(group, &ended, grace);
            return Err(stop);
        }
    }
}

/// Asks the command and all that it started to end, and then makes them.
#[cfg(unix)]
fn end(group: u32, ended: &Receiver<io::Result<ExitStatus>>, grace: Duration) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) else { return };
    // What is stopped hears nothing before it goes on.
    for signal in [Signal::TERM, Signal::CONT] {
        let _ = kill_process_group(group, signal);
    }
    let is_over = ended.recv_timeout(grace).is_ok();
    let _ = kill_process_group(group, Signal::KILL);
    if !is_over {
        let _ = ended.recv();
    }
}

/// The console tells every program in it.
#[cfg(not(unix))]
fn end(_: u32, ended: &Receiver<io::Result<ExitStatus>>, _: Duration) {
    let _ = ended.recv();
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
    // A group of its own: all that it starts can be ended with it, and Ctrl-C reaches us alone.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::transaction::Stop;
    use std::io::Read;
    use std::sync::atomic::Ordering;

    /// A shell that says a word when it is ready, and keeps the pipe open as long as anything of it lives.
    fn started(command: &str) -> (Child, impl Read + use<>) {
        let mut shell = in_shell(command);
        let mut child = shell.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdout.take().unwrap();
        pipe.read_exact(&mut [0; 6]).unwrap();
        (child, pipe)
    }

    #[test]
    fn a_command_that_is_to_stop_ends_with_all_that_it_started() {
        let stubborn = "trap '' TERM; sleep 1000 & echo ready; while :; do sleep 1000; done";
        for (command, grace) in [("sleep 1000 & echo ready; wait", GRACE), (stubborn, Duration::ZERO)] {
            let stop = Stop::default();
            stop.wanted().store(true, Ordering::SeqCst);
            let (child, mut pipe) = started(command);
            let ended = wait(&Disk::default().until(&stop), child, grace);
            assert!(ended.unwrap_err().is_stop(), "{command}");
            assert_eq!(pipe.read(&mut [0; 1]).unwrap(), 0, "{command}");
        }
    }
}
