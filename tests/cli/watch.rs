//! `check --watch`: it checks again after a change. What it prints is read line by line; nothing waits for a time.

use super::{CONSUMER, Project, RULES, fails};
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};

/// The program while it watches.
struct Watching {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    fn new(project: &Project) -> Self {
        let mut command = project.command(&["check", "-q", "--output-format", "concise", "--watch"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads until a line begins with `start`: the program prints it, or ends and the test fails.
    fn until(&mut self, start: &str) {
        let mut lines = self.lines.by_ref().map(|line| line.unwrap());
        assert!(lines.any(|line| line.starts_with(start)), "the program ended without `{start}`");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_changed_file_a_new_one_and_a_new_rule_are_seen() {
    let project = Project::new();
    let mut watching = Watching::new(&project);
    watching.until("shop/cart.py:1:25: ");
    project.write("shop/cart.py", format!("\n{CONSUMER}"));
    watching.until("shop/cart.py:2:25: ");
    project.write("new/deep/page.py", CONSUMER);
    watching.until("new/deep/page.py:1:25: ");
    project
        .write("ssot.toml", RULES.replace("\"shop.prices.VAT\"", "\"shop.prices.VAT\", \"shop.gone.VAT\""));
    project.write("shop/late.py", "from shop.gone import VAT\n");
    watching.until("shop/late.py:1:23: ");
}

#[test]
fn a_shared_file_of_rules_that_is_named_while_it_watches_is_watched_too() {
    let project = Project::new();
    let shared = tempfile::tempdir().unwrap();
    let folder = shared.path().to_str().unwrap().replace('\\', "/");
    std::fs::write(shared.path().join("a.toml"), RULES.replace("vat", "shared").replace("VAT", "LIST"))
        .unwrap();
    let mut watching = Watching::new(&project);
    watching.until("shop/cart.py:1:25: ");
    project.write("shop/cart.py", "\nfrom shop.gone import VAT\nfrom shop.old import VAT\n");
    project.write("ssot.toml", format!("extend-rules = ['{folder}/*.toml']\n{RULES}"));
    project.write("shop/basket.py", "from shop.prices import LIST\n");
    watching.until("shop/basket.py:1:25: ");
    let rules = RULES.replace("vat", "gone").replace("shop.prices", "shop.gone");
    std::fs::write(shared.path().join("a.toml"), rules).unwrap();
    watching.until("shop/cart.py:2:23: ");
    // The pattern takes in a new file as well.
    let rules = RULES.replace("vat", "old").replace("shop.prices", "shop.old");
    std::fs::write(shared.path().join("b.toml"), rules).unwrap();
    watching.until("shop/cart.py:3:22: ");
}

#[test]
fn a_configuration_that_is_wrong_for_a_while_ends_nothing() {
    let project = Project::new();
    let mut watching = Watching::new(&project);
    watching.until("shop/cart.py:1:25: ");
    project.write("ssot.toml", "[[symbol]]\n");
    project.write("shop/cart.py", format!("\n\n{CONSUMER}"));
    project.write("ssot.toml", RULES);
    watching.until("shop/cart.py:3:25: ");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_as_shells_expect() {
    use std::os::unix::process::ExitStatusExt;
    let project = Project::new();
    let mut watching = Watching::new(&project);
    watching.until("shop/cart.py:1:25: ");
    let id = rustix::process::Pid::from_child(&watching.child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let status = watching.child.wait().unwrap();
    assert_eq!((status.signal(), status.code()), (Some(2), None), "a shell says 130");
}

#[test]
fn what_is_wrong_at_the_start_ends_it() {
    let project = Project::new();
    fails(&project, &["check", "--watch", "--select", "SSOT999"], 2, &["unknown code `SSOT999`"]);
    project.write("ssot.toml", "[[symbol]]\n");
    fails(&project, &["check", "--watch"], 2, &["`canonical` is missing"]);
    fails(&project, &["check", "--watch", "-"], 2, &["`-` is standard input"]);
    fails(&project, &["check", "--watch", "--stdin-filename", "a.py", "-"], 2, &["cannot be used with"]);
}
