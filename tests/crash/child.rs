//! The child process: this test program again, being the real command on a disk that does as it is ordered.
//!
//! The order stands in the environment, and the arguments are those of `ssot-lint`.

use ssot_lint::transaction::{Disk, Step};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitCode, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const ORDER: &str = "SSOT_LINT_TEST_ORDER";
/// Steps that change nothing on the disk: to be killed before one of them is to be killed after the step before.
const LOOKS: [&str; 3] = ["look at", "read", "list"];

/// What happens to the child at its so many-th step that changes something on the disk, from 0.
#[derive(Debug, Clone, Copy)]
pub enum Order {
    /// Nothing.
    Work,
    /// It is killed before that step, and so after the one before.
    Die(usize),
    /// Somebody saves `shop/cart.py` just before it is looked at for the last time.
    Save,
    /// It says so on its standard output, and goes on when a signal has been heard.
    AwaitSignal(usize),
    /// It says so on its standard output, and goes on when its standard input ends.
    Halt(usize),
}

impl Order {
    fn text(self) -> String {
        match self {
            Self::Work => "work 0".into(),
            Self::Die(at) => format!("die {at}"),
            Self::Save => "save 0".into(),
            Self::AwaitSignal(at) => format!("await-signal {at}"),
            Self::Halt(at) => format!("halt {at}"),
        }
    }
}

/// Does what this process was ordered to do; `None` when it is no child.
pub fn obey() -> Option<ExitCode> {
    let order = std::env::var(ORDER).ok()?;
    let (what, at) = order.split_once(' ').unwrap();
    let (what, at) = (what.to_owned(), at.parse::<usize>().unwrap());
    let (count, is_saved) = (AtomicUsize::new(0), AtomicBool::new(false));
    let disk = Disk::gated(Arc::new(move |step: Step<'_>| {
        if what == "save" && step.path.ends_with("shop/cart.py") && !is_saved.swap(true, Ordering::SeqCst) {
            std::fs::write("shop/cart.py", "mine")?;
        }
        if !LOOKS.contains(&step.action) && count.fetch_add(1, Ordering::SeqCst) == at {
            meet(&what);
        }
        Ok(())
    }));
    Some(ssot_lint::cli::run_on(std::env::args_os(), &disk))
}

/// The ordered moment has come.
fn meet(what: &str) {
    match what {
        "die" => die(),
        "await-signal" => await_signal(),
        "halt" => {
            say_so();
            std::io::stdin().read_line(&mut String::new()).unwrap();
        }
        _ => {}
    }
}

fn say_so() {
    let mut out = std::io::stdout().lock();
    out.write_all(b"here\n").and_then(|()| out.flush()).unwrap();
}

#[cfg(unix)]
fn die() {
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
    // The signal may reach another thread first: this one must do nothing more.
    loop {
        std::thread::park();
    }
}

#[cfg(not(unix))]
fn die() {
    std::process::abort();
}

/// Waits until the program has heard the signal: what is registered last is called last.
fn await_signal() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let heard = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&heard)).unwrap();
    }
    say_so();
    while !heard.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
}

/// The command in `root`, as a child that has an order.
pub fn command(root: &Path, order: Order, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments).current_dir(root).env(ORDER, order.text()).stdin(Stdio::null());
    command.env("SSOT_LINT_NOW", "2026-11-20T10:15:00Z").env("RAYON_NUM_THREADS", "2");
    command
}

/// Runs it to its end.
pub fn run(root: &Path, order: Order, arguments: &[&str]) -> Output {
    command(root, order, arguments).output().unwrap()
}

/// A child that has come to its ordered step.
pub struct Waiting {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Waiting {
    pub fn start(root: &Path, order: Order, arguments: &[&str]) -> Self {
        let mut command = command(root, order, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "here\n", "the child came to no such step: {arguments:?} {order:?}");
        Self { child, out }
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).unwrap();
    }

    /// Lets it go on, and waits for its end.
    pub fn end(mut self) -> Output {
        drop(self.child.stdin.take());
        std::io::copy(&mut self.out, &mut std::io::sink()).unwrap();
        self.child.wait_with_output().unwrap()
    }
}

/// What a process said on standard error.
pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
