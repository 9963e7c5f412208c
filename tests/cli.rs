//! The command line as a user meets it: exit codes, messages, streams, and every error that a user can cause.

#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail at any line and say why")]

#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/data.rs"]
mod data;
#[path = "cli/force_exclude.rs"]
mod force_exclude;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/handed_on.rs"]
mod handed_on;
#[path = "cli/hooks.rs"]
mod hooks;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/init.rs"]
mod init;
#[cfg(unix)]
#[path = "cli/kinds.rs"]
mod kinds;
#[path = "cli/lifecycle.rs"]
mod lifecycle;
#[path = "cli/manual.rs"]
mod manual;
#[path = "cli/removal.rs"]
mod removal;
#[path = "cli/removal_batches.rs"]
mod removal_batches;
#[path = "cli/removal_rust.rs"]
mod removal_rust;
#[path = "cli/report.rs"]
mod report;
#[path = "cli/shim.rs"]
mod shim;
#[path = "cli/shim_round_trip.rs"]
mod shim_round_trip;
#[path = "cli/shim_rust.rs"]
mod shim_rust;
#[path = "cli/shims.rs"]
mod shims;
#[path = "cli/standard_input.rs"]
mod standard_input;
#[path = "cli/statistics.rs"]
mod statistics;
#[path = "cli/suppressions.rs"]
mod suppressions;
#[path = "cli/told.rs"]
mod told;
#[path = "cli/usage.rs"]
mod usage;
#[path = "cli/watch.rs"]
mod watch;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const RULES: &str =
    "[[symbol]]\nid = \"vat\"\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\"]\n";
const CONSUMER: &str = "from shop.prices import VAT\n";

/// A small project: one rule, one file that breaks it.
struct Project {
    folder: TempDir,
}

/// What the program said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        project.write("ssot.toml", RULES);
        project.write("shop/__init__.py", "");
        project.write("shop/tax.py", "VAT = 1\n");
        project.write("shop/prices.py", "from shop.tax import VAT\n");
        project.write("shop/cart.py", CONSUMER);
        project
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ssot-lint"));
        command.args(arguments).current_dir(self.root()).env("SSOT_LINT_NOW", "2026-11-20T10:15:00Z");
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_STEP_SUMMARY"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    fn git(&self, arguments: &[&str]) -> bool {
        let identity =
            ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"];
        let run = Command::new("git").args(identity).args(arguments).current_dir(self.root()).output();
        run.is_ok_and(|output| output.status.success())
    }

    /// False, with a word, where there is no git.
    fn commit_all(&self) -> bool {
        let done =
            self.git(&["init", "-q"]) && self.git(&["add", "."]) && self.git(&["commit", "-qm", "start"]);
        if !done {
            println!("git was not found: nothing was tried");
        }
        done
    }
}

fn said(output: Output) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// The program ends with `code` and says all of `words` on standard error.
fn fails(project: &Project, arguments: &[&str], code: i32, words: &[&str]) {
    let said = project.run(arguments);
    assert_eq!(said.code, Some(code), "{arguments:?}: {}", said.err);
    for word in words {
        assert!(said.err.contains(word), "{arguments:?} does not say `{word}`:\n{}", said.err);
    }
}

#[test]
fn check_reports_findings_with_place_and_help_and_exits_with_1() {
    let said = Project::new().run(&["check"]);
    assert_eq!((said.code, &*said.err), (Some(1), ""));
    let words = ["error[SSOT001]", "shop/cart.py:1:25", "from shop.prices import VAT", "^^^", "shop.tax.VAT"];
    for word in words.iter().chain(&["help:", "Found 1 finding"]) {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
}

#[test]
fn concise_is_one_line_and_statistics_count() {
    let project = Project::new();
    let said = project.run(&["check", "-q", "--output-format", "concise"]);
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
    assert!(said.out.starts_with("shop/cart.py:1:25: "), "{}", said.out);
    assert!(project.run(&["check", "--statistics"]).out.contains("SSOT001"));
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let said = Project::new().run(&["check", "--output-format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let found = &json["findings"][0];
    assert_eq!(json["version"], 1);
    assert_eq!(found["code"], "SSOT001");
    assert_eq!(found["name"], "legacy-path");
    assert_eq!(found["rule"], "vat");
    assert_eq!(found["severity"], "error");
    assert_eq!(found["filename"], "shop/cart.py");
    assert_eq!(found["location"], serde_json::json!({ "row": 1, "column": 25 }));
    assert_eq!(found["end_location"], serde_json::json!({ "row": 1, "column": 28 }));
    assert_eq!(found["written"], "shop.prices.VAT");
    assert_eq!(found["canonical"], "shop.tax.VAT");
    assert_eq!(found["form"], "from-import");
    assert_eq!(found["fix"], "safe");
    assert!(found["refusal"].is_null() && found["route"].is_array());
    let summary = &json["summary"];
    assert_eq!((&summary["files"], &summary["findings"]), (&serde_json::json!(4), &serde_json::json!(1)));
    assert_eq!(
        (&summary["canonical_uses"], &summary["compliance"]),
        (&serde_json::json!(1), &serde_json::json!(0.5))
    );
}

#[test]
fn the_fingerprint_does_not_know_line_numbers() {
    let project = Project::new();
    let fingerprint = || {
        let said = project.run(&["check", "--output-format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        json["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let before = fingerprint();
    project.write("shop/cart.py", format!("# a comment\n\n{CONSUMER}"));
    assert_eq!(fingerprint(), before);
}

#[test]
fn the_same_input_gives_the_same_bytes_with_any_number_of_threads() {
    let project = Project::new();
    for index in 0..40 {
        project.write(&format!("shop/cart{index}.py"), CONSUMER);
    }
    let run = |threads: &str| {
        let mut command = project.command(&["check", "--output-format", "json"]);
        said(command.env("RAYON_NUM_THREADS", threads).output().unwrap()).out
    };
    assert_eq!(run("1"), run("7"));
}

#[test]
fn nothing_to_report_is_0_and_exit_zero_forgives() {
    let project = Project::new();
    assert_eq!(project.run(&["check", "--exit-zero"]).code, Some(0));
    assert_eq!(project.run(&["check", "shop/tax.py"]).code, Some(0));
    assert_eq!(project.run(&["check", "--ignore", "SSOT001"]).code, Some(0));
    assert_eq!(project.run(&["check", "--select", "string-path"]).code, Some(0));
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let project = Project::new();
    assert!(!project.run(&["check"]).out.contains('\x1b'));
    assert!(project.run(&["check", "--color", "always"]).out.contains('\x1b'));
    let forced = said(project.command(&["check"]).env("CLICOLOR_FORCE", "1").output().unwrap());
    assert!(forced.out.contains('\x1b'));
    let both = project.command(&["check"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!said(both).out.contains('\x1b'));
}

#[test]
fn a_report_can_go_to_a_file() {
    let project = Project::new();
    let said = project.run(&["check", "--output-format", "json", "--output-file", "report.json"]);
    assert_eq!((said.code, &*said.out), (Some(1), ""));
    assert!(project.read("report.json").starts_with('{'));
    fails(&project, &["check", "--output-file", "no/report.json"], 2, &["no/report.json", "No such file"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let project = Project::new();
    for index in 0..400 {
        project.write(&format!("shop/cart{index}.py"), CONSUMER.repeat(20));
    }
    let mut child =
        project.command(&["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}

#[test]
fn a_file_that_cannot_be_parsed_is_never_a_pass() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.prices import VAT\nx = (\n");
    let said = project.run(&["check"]);
    assert_eq!(said.code, Some(2));
    assert!(said.out.contains("SSOT000") && said.out.contains("SSOT001"), "{}", said.out);
    assert!(!said.out.contains("fixable"), "{}", said.out);
    assert_eq!(project.run(&["check", "--ignore", "SSOT000"]).code, Some(2));
    assert_eq!(project.run(&["check", "--exit-zero"]).code, Some(2));
    fails(&project, &["migrate", "--execute", "--backup"], 2, &["shop/cart.py", "does not parse"]);
}

#[test]
fn wrong_usage_says_what_to_do() {
    let project = Project::new();
    fails(&project, &["check", "--select", "SSOT999"], 2, &["unknown code `SSOT999`", "ssot-lint explain"]);
    fails(&project, &["check", "nowhere"], 2, &["nowhere", "No such file"]);
    fails(&project, &["check", ".."], 2, &["no configuration found", "ssot.toml"]);
    fails(&project, &["check", "--config", "ssot.toml", ".."], 2, &["outside the project root"]);
    fails(&project, &["check", "--config", "no.toml"], 2, &["no.toml"]);
    fails(&project, &["migrate", "--rule", "cat"], 2, &["no rule has the id `cat`", "ssot-lint rules"]);
    fails(&project, &["migrate", "--dry-run", "--execute"], 2, &["cannot be used with"]);
    fails(&project, &["explain", "SSOT999"], 2, &["unknown code `SSOT999`"]);
    fails(&project, &["chekc"], 2, &["chekc"]);
}

#[test]
fn without_a_configuration_nothing_is_a_pass() {
    let folder = TempDir::new().unwrap();
    let project = Project { folder };
    fails(&project, &["check"], 2, &["no configuration found", "help:"]);
}

#[test]
fn complaints_about_the_configuration_come_all_at_once() {
    let project = Project::new();
    let rule = "[[symbol]]\ncanonicl = \"a.B\"\nlegacy = [\"a..C\"]\n";
    project.write("ssot.toml", format!("{rule}severity = \"loud\"\n"));
    let words =
        ["ssot.toml:2:1", "`canonicl`", "did you mean `canonical`", "ssot.toml:3", "ssot.toml:4", "^"];
    fails(&project, &["check"], 2, &words);
}

#[test]
fn a_key_without_effect_is_said() {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}removed-in = \"2.0\"\n"));
    fails(&project, &["check"], 1, &["`removed-in` has no effect: the version of the project is not known"]);
}

#[test]
fn execute_needs_a_way_back() {
    let project = Project::new();
    fails(&project, &["migrate", "--execute"], 2, &["no way back", "--backup", "--allow-dirty"]);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    if !project.commit_all() {
        return;
    }
    project.write("shop/cart.py", format!("{CONSUMER}# more\n"));
    fails(&project, &["migrate", "--execute"], 2, &["no way back", "shop/cart.py"]);
    assert!(project.git(&["commit", "-qam", "more"]));
    assert_eq!(project.run(&["migrate", "--execute"]).code, Some(0));
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n# more\n");
}

#[test]
fn a_preview_writes_nothing_and_keeps_its_streams_apart() {
    let project = Project::new();
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        let said = project.run(arguments);
        assert_eq!(said.code, Some(0));
        assert!(said.out.starts_with("diff --git a/shop/cart.py b/shop/cart.py\n"), "{}", said.out);
        assert!(said.err.contains("Would migrate 1 finding in 1 file"), "{}", said.err);
        assert_eq!(project.read("shop/cart.py"), CONSUMER);
    }
    assert!(!project.root().join(".ssot-lint").exists());
}

#[test]
fn a_migration_is_recorded_and_taken_back() {
    let project = Project::new();
    let said = project.run(&["migrate", "--execute", "--backup=.orig"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
    assert_eq!(project.read("shop/cart.py.orig"), CONSUMER);
    let runs = project.run(&["runs"]).out;
    assert!(
        runs.contains("20261120T101500Z-") && runs.contains("in effect") && runs.contains("shop/cart.py"),
        "{runs}"
    );
    let log = fs::read_dir(project.root().join(".ssot-lint/runs")).unwrap().next().unwrap().unwrap().path();
    let log = fs::read_to_string(log.join("log.jsonl")).unwrap();
    assert!(log.contains("\"rule\":\"vat\"") && log.contains("\"line\":1"), "{log}");

    assert!(project.run(&["rollback", "--dry-run"]).out.contains("shop/cart.py"));
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    assert!(!project.root().join("shop/cart.py.orig").exists());
    assert!(project.run(&["runs", "--output-format", "json"]).out.contains("\"rolled back\""));
    fails(&project, &["rollback"], 2, &["no migration left"]);
    fails(&project, &["rollback", "20990101T000000Z-0000"], 2, &["there is no run"]);
}

#[test]
fn a_file_changed_since_is_not_overwritten_without_force() {
    let project = Project::new();
    project.run(&["migrate", "--execute", "--backup"]);
    project.write("shop/cart.py", "mine\n");
    fails(&project, &["rollback"], 2, &["shop/cart.py"]);
    assert_eq!(project.read("shop/cart.py"), "mine\n");
    let said = project.run(&["rollback", "--force"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    let kept = said.out.lines().find_map(|line| line.strip_prefix("kept as: ")).unwrap();
    assert_eq!(project.read(kept), "mine\n");
}

#[test]
fn a_second_migration_has_nothing_to_do() {
    let project = Project::new();
    project.run(&["migrate", "--execute", "--backup"]);
    let said = project.run(&["migrate", "--execute", "--backup"]);
    assert_eq!(said.code, Some(0));
    assert!(said.err.contains("Nothing to migrate"), "{}", said.err);
}

#[test]
fn paths_limit_what_is_checked_and_written() {
    let project = Project::new();
    project.write("shop/other.py", CONSUMER);
    let said = project.run(&["check", "shop/other.py", "-q", "--output-format", "concise"]);
    assert!(said.out.starts_with("shop/other.py") && said.out.lines().count() == 1, "{}", said.out);
    project.run(&["migrate", "--execute", "--backup", "shop/other.py"]);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    assert_eq!(project.read("shop/other.py"), "from shop.tax import VAT\n");
}

#[test]
fn a_refusal_is_listed_and_sets_the_exit_code() {
    let project = Project::new();
    project.write("shop/test_cart.py", "from unittest.mock import patch\n\npatch('shop.' 'prices.VAT')\n");
    fails(&project, &["migrate", "--dry-run"], 1, &["shop/test_cart.py:3", "not migrated", "plain literal"]);
    let said = project.run(&["migrate", "--dry-run", "--output-format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["refusals"][0]["filename"], "shop/test_cart.py");
    assert_eq!(json["files"][0]["edits"][0]["after"], "shop.tax");
}

#[test]
fn rules_and_config_show_what_is_in_force() {
    let project = Project::new();
    let rules = project.run(&["rules"]).out;
    assert!(rules.contains("vat") && rules.contains("shop.prices.VAT -> shop.tax.VAT"), "{rules}");
    let json: serde_json::Value =
        serde_json::from_str(&project.run(&["rules", "--output-format", "json"]).out).unwrap();
    assert_eq!(json[0]["canonical"], "shop.tax.VAT");
    let config = project.run(&["config"]).out;
    assert!(config.contains("ssot.toml") && config.contains("rules    1"), "{config}");
}

#[test]
fn every_code_is_explained_and_every_shell_completed() {
    let project = Project::new();
    for code in ["SSOT000", "SSOT001", "SSOT005", "SSOT013", "legacy-path"] {
        assert_eq!(project.run(&["explain", code]).code, Some(0), "{code}");
    }
    assert_eq!(project.run(&["explain"]).out.lines().count(), 14);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(project.run(&["completions", shell]).out.contains("ssot-lint"), "{shell}");
    }
}

#[test]
fn help_has_examples() {
    let project = Project::new();
    for command in ["check", "migrate", "rollback"] {
        assert!(project.run(&[command, "--help"]).out.contains("Examples:"), "{command}");
    }
}

/// A project without rules in which `VAT` is used by two paths, and `RATE` by one.
fn undiscovered() -> Project {
    let project = Project { folder: TempDir::new().unwrap() };
    project.write("shop/__init__.py", "from shop.tax import VAT, RATE\n\n__all__ = [\"VAT\"]\n");
    project.write("shop/tax.py", "VAT = 1\nRATE = 2\n");
    project.write("one.py", "from shop import VAT\nfrom shop.tax import RATE\n\nprint(VAT, RATE)\n");
    project.write("two.py", "import shop\n\nprint(shop.VAT, shop.VAT)\n");
    project.write("three.py", "from shop.tax import VAT as tax\n\nprint(tax)\n");
    project
}

#[test]
fn discover_needs_no_rule_and_no_configuration() {
    let project = undiscovered();
    let said = project.run(&["discover"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    let words = [
        "VAT: 4 uses by 2 paths, 1 off the most used one",
        "defined as shop.tax.VAT in shop/tax.py:1",
        "     3  shop.VAT  by shop/__init__.py:1",
        "     1  shop.tax.VAT",
        "keep    shop.VAT (a package exports it there on purpose, and it is most used)",
        "1 symbol, 5 files.",
    ];
    for word in words {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    assert!(!said.out.contains("RATE"), "{}", said.out);
    let json: serde_json::Value =
        serde_json::from_str(&project.run(&["discover", "--output-format", "json"]).out).unwrap();
    assert_eq!(json[0]["paths"][0]["route"][0]["filename"], "shop/__init__.py");
    assert_eq!((json[0]["uses"].as_u64(), json[0]["off_majority"].as_u64()), (Some(4), Some(1)));
    assert_eq!(json.as_array().unwrap().len(), 1);
}

#[test]
fn what_discover_proposes_can_be_pasted_and_is_then_enforced() {
    let project = undiscovered();
    let toml = project.run(&["discover", "--output-format", "toml"]);
    project.write("ssot.toml", &toml.out);
    let said = project.run(&["check", "--output-format", "concise"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(
        said.out.contains("three.py:1:22: SSOT002 `shop.tax.VAT` is a bypass of `shop.VAT`"),
        "{}",
        said.out
    );
    let nothing = project.run(&["discover"]);
    assert!(
        nothing.out.starts_with("No symbol of this project"),
        "a ruled symbol is left out: {}",
        nothing.out
    );
}

#[test]
fn discover_writes_rules_into_the_configuration_and_keeps_its_layout() {
    let project = undiscovered();
    let old = "# ours\n[files]\nexclude = [ \"old\" ]   # odd\n";
    project.write("ssot.toml", old);
    let said = project.run(&["discover", "--write"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("added 1 rule to "), "{}", said.err);
    let new = project.read("ssot.toml");
    assert!(new.starts_with(old) && new.contains("[[symbol]]\ncanonical = \"shop.VAT\"\n"), "{new}");
    project.write("ssot.toml", "symbol = 1\n");
    fails(&project, &["discover", "--write"], 2, &["symbol"]);
}
