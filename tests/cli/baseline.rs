//! What is known and what is new: `baseline`, `check --baseline` and `check --since`.

use super::{CONSUMER, Project, RULES, Said, fails};
use serde_json::Value;
use std::fs;
use std::process::Command;

const FILE: &str = ".ssot-baseline";
const CHECK: [&str; 3] = ["check", "--baseline", FILE];
const MENDED: &str = "from shop.tax import VAT\n";

fn ends(project: &Project, arguments: &[&str], code: i32) -> Said {
    let said = project.run(arguments);
    assert_eq!(said.code, Some(code), "{arguments:?}\n{}\n{}", said.out, said.err);
    said
}

/// A project with some debt, and the baseline of it.
fn with_baseline() -> Project {
    let project = Project::new();
    project.write("shop/basket.py", CONSUMER);
    project.write("app/page.py", CONSUMER);
    ends(&project, &["baseline"], 0);
    project
}

fn entries(project: &Project) -> Vec<String> {
    project.read(FILE).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// The files with findings that a check reports.
fn reported(project: &Project, arguments: &[&str]) -> Vec<String> {
    let mut all = arguments.to_vec();
    all.extend(["--output-format", "json"]);
    let json: Value = serde_json::from_str(&project.run(&all).out).unwrap();
    let findings = json["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["filename"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_dirty_project_adopts_a_baseline_and_gets_better_step_by_step() {
    let project = Project::new();
    project.write("shop/basket.py", CONSUMER);
    ends(&project, &["check"], 1);
    let said = ends(&project, &["baseline"], 0);
    assert!(said.err.contains(".ssot-baseline: 2 findings written down"), "{}", said.err);
    let said = ends(&project, &CHECK, 0);
    assert!(said.out.contains("No new findings in 5 files; 2 known hidden"), "{}", said.out);

    // A new one is refused, and only it is told.
    project.write("shop/invoice.py", CONSUMER);
    let said = ends(&project, &CHECK, 1);
    assert!(said.out.contains("shop/invoice.py") && !said.out.contains("shop/cart.py"), "{}", said.out);
    assert!(said.out.contains("2 known hidden"), "{}", said.out);
    let before = project.read(FILE);
    let said = ends(&project, &["baseline"], 1);
    assert!(said.out.starts_with("shop/invoice.py:1:25: "), "{}", said.out);
    assert!(said.err.contains("1 finding is new and not put into .ssot-baseline"), "{}", said.err);
    assert!(said.err.contains("--allow-additions"), "{}", said.err);
    assert_eq!(project.read(FILE), before);

    // An old one is mended: the baseline has to shrink, and then stays small.
    project.write("shop/invoice.py", MENDED);
    project.write("shop/cart.py", MENDED);
    let said = ends(&project, &CHECK, 1);
    let words = ["1 entry of .ssot-baseline is stale", "shop/cart.py", "`ssot-lint baseline` takes out"];
    words.iter().for_each(|word| assert!(said.err.contains(word), "{word}: {}", said.err));
    let said = ends(&project, &["baseline"], 0);
    assert!(said.err.contains("1 finding; 1 taken out, 0 put in"), "{}", said.err);
    ends(&project, &CHECK, 0);
    project.write("shop/cart.py", CONSUMER);
    ends(&project, &CHECK, 1);
}

#[test]
fn a_baseline_is_sorted_readable_and_knows_no_lines() {
    let project = with_baseline();
    let text = project.read(FILE);
    assert!(text.starts_with("# ssot-lint baseline 1\n"), "{text}");
    let lines = entries(&project);
    let mut sorted = lines.clone();
    sorted.sort();
    assert_eq!(lines, sorted);
    assert!(lines[0].starts_with("SSOT001 app/page.py shop.prices.VAT "), "{text}");
    project.write("shop/cart.py", "\n\nimport os\n".to_owned() + CONSUMER);
    ends(&project, &CHECK, 0);
    assert!(ends(&project, &["baseline"], 0).err.contains("3 findings, as before"));
    assert_eq!(project.read(FILE), text);
}

#[test]
fn what_is_new_goes_in_when_asked_and_what_is_gone_goes_out_in_any_case() {
    let project = with_baseline();
    project.write("shop/new.py", CONSUMER);
    project.write("shop/cart.py", MENDED);
    let said = ends(&project, &["baseline"], 1);
    assert!(said.err.contains("2 findings; 1 taken out, 0 put in"), "{}", said.err);
    assert_eq!(entries(&project).len(), 2);
    let said = ends(&project, &["baseline", "--allow-additions"], 0);
    assert!(said.err.contains("3 findings; 0 taken out, 1 put in"), "{}", said.err);
    ends(&project, &CHECK, 0);
}

#[test]
fn of_equal_findings_any_one_may_be_mended() {
    let project = Project::new();
    let uses = |count: usize| {
        let line = "    shop.prices.VAT + 1\n";
        project.write("shop/cart.py", format!("import shop.prices\n\ndef total():\n{}", line.repeat(count)));
    };
    uses(3);
    ends(&project, &["baseline"], 0);
    let all = entries(&project).len();
    uses(2);
    let said = ends(&project, &CHECK, 1);
    assert!(said.out.contains("No new findings"), "{}", said.out);
    assert!(said.err.contains("1 entry of .ssot-baseline is stale"), "{}", said.err);
    ends(&project, &["baseline"], 0);
    assert_eq!(entries(&project).len(), all - 1);
    uses(3);
    assert_eq!(reported(&project, &CHECK).len(), 1);
    ends(&project, &["baseline"], 1);
}

#[test]
fn a_comment_that_hides_one_of_several_equal_findings_makes_none_of_the_others_new() {
    let project = Project::new();
    let line = "    shop.prices.VAT + 1";
    let head = "import shop.prices\n\ndef total():\n";
    project.write("shop/cart.py", format!("{head}{line}\n{line}\n{line}\n"));
    ends(&project, &["baseline"], 0);
    let all = entries(&project).len();
    project.write("shop/cart.py", format!("{head}{line}  # ssot: ignore[SSOT001] later\n{line}\n{line}\n"));
    let said = ends(&project, &CHECK, 1);
    assert!(said.out.contains("No new findings") && said.out.contains("1 suppressed"), "{}", said.out);
    ends(&project, &["baseline"], 0);
    assert_eq!(entries(&project).len(), all - 1);
    // What was hidden is mended: the others have other numbers now.
    project.write("shop/cart.py", format!("{head}{line}\n{line}\n"));
    ends(&project, &CHECK, 0);
}

#[test]
fn a_file_that_moves_takes_what_is_known_of_it_along() {
    let project = with_baseline();
    fs::rename(project.root().join("shop/cart.py"), project.root().join("app/trolley.py")).unwrap();
    let said = ends(&project, &CHECK, 1);
    assert!(said.out.contains("No new findings"), "{}", said.out);
    assert!(said.err.contains("  SSOT001 shop/cart.py shop.prices.VAT\n"), "{}", said.err);
    ends(&project, &["baseline"], 0);
    assert_eq!(entries(&project).len(), 3);
    ends(&project, &CHECK, 0);
    // A file that stays hands nothing on.
    project.write("shop/basket.py", MENDED);
    project.write("shop/other.py", CONSUMER);
    assert_eq!(reported(&project, &CHECK), ["shop/other.py"]);
}

#[test]
fn what_is_not_looked_at_is_not_stale() {
    let project = with_baseline();
    project.write("shop/cart.py", MENDED);
    ends(&project, &["check", "--baseline", FILE, "app"], 0);
    ends(&project, &["check", "--baseline", FILE, "--ignore", "SSOT001"], 0);
    ends(&project, &["check", "--baseline", FILE, "shop/cart.py"], 1);
    let said = ends(&project, &["check", "--baseline", FILE, "--select", "SSOT001", "shop"], 1);
    assert!(said.err.contains("`ssot-lint baseline --select SSOT001 shop` takes out"), "{}", said.err);
    ends(&project, &["baseline", "app"], 0);
    assert_eq!(entries(&project).len(), 3);
    ends(&project, &["baseline", "--select", "SSOT001", "shop"], 0);
    assert_eq!(entries(&project).len(), 2);
    fs::remove_file(project.root().join("app/page.py")).unwrap();
    ends(&project, &CHECK, 1);
    ends(&project, &["baseline"], 0);
    assert_eq!(entries(&project).len(), 1);
}

#[test]
fn a_kind_that_is_asked_for_is_not_stale_where_it_is_not() {
    let project = Project::new();
    project.write("shop/tax.py", "VAT = 1\nfrom shop import cart\n");
    project.write("shop/cart.py", "import shop.tax\n");
    ends(&project, &["baseline", "--extend-select", "SSOT007"], 0);
    assert!(project.read(FILE).contains("SSOT007 shop/"), "{}", project.read(FILE));
    ends(&project, &["check", "--baseline", FILE, "--extend-select", "SSOT007"], 0);
    ends(&project, &CHECK, 0);
    project.write("shop/tax.py", "VAT = 1\n");
    ends(&project, &CHECK, 0);
    ends(&project, &["check", "--baseline", FILE, "--extend-select", "SSOT007"], 1);
}

#[test]
fn what_cannot_be_read_is_never_known() {
    let project = with_baseline();
    let old = entries(&project);
    project.write("shop/cart.py", format!("{CONSUMER}def (:\n"));
    let said = ends(&project, &["baseline"], 2);
    assert!(said.out.contains("SSOT000") && said.err.contains("1 file could not be read"), "{}", said.err);
    ends(&project, &CHECK, 2);
    assert_eq!(entries(&project), old);
    project.write("shop/cart.py", b"x = '\xff'\n");
    let said = ends(&project, &CHECK, 2);
    assert!(!said.err.contains("stale"), "{}", said.err);
    fs::remove_file(project.root().join(FILE)).unwrap();
    ends(&project, &["baseline"], 2);
    assert!(!project.read(FILE).contains("SSOT000"));
}

#[test]
fn a_baseline_that_is_not_there_or_not_right_is_a_complaint_with_a_place() {
    let project = Project::new();
    fails(
        &project,
        &CHECK,
        2,
        &[".ssot-baseline: no such file", "help: `ssot-lint baseline --output .ssot-baseline`"],
    );
    ends(&project, &["baseline"], 0);
    let good = project.read(FILE);
    let entry = entries(&project).remove(0);
    for (text, words) in [
        (RULES.to_owned(), ["not a baseline", ".ssot-baseline:1:1", "help:"]),
        (good.replace("baseline 1", "baseline 7"), ["version \"7\"", ".ssot-baseline:1:1", "delete it"]),
        (format!("{good}{entry}\n"), ["the same finding as in line 3", ".ssot-baseline:4:1", "delete one"]),
        (format!("{good}<<<<<<< HEAD\n{entry}\n"), ["merge conflict", ".ssot-baseline:4:1", "both sides"]),
        (format!("{good}SSOT001 x\n"), ["not a line of a baseline", ".ssot-baseline:4:1", "help:"]),
    ] {
        project.write(FILE, &text);
        fails(&project, &CHECK, 2, &words);
        fails(&project, &["baseline"], 2, &words);
        assert_eq!(project.read(FILE), text);
    }
    fails(&project, &["check", "--baseline", "shop"], 2, &["shop: "]);
    fails(&project, &["baseline", "--output", "gone/x"], 2, &["gone/x"]);
}

#[test]
fn a_baseline_may_have_another_name_and_hidden_findings_count_for_the_compliance() {
    let project = with_baseline();
    fs::remove_file(project.root().join(FILE)).unwrap();
    let said = ends(&project, &["baseline", "--output", "debt 1.txt"], 0);
    assert!(said.err.contains("debt 1.txt: 3 findings"), "{}", said.err);
    let json =
        |arguments: &[&str]| -> Value { serde_json::from_str(&ends(&project, arguments, 0).out).unwrap() };
    let plain = json(&["check", "--exit-zero", "--output-format", "json"]);
    let known = json(&["check", "--baseline", "debt 1.txt", "--output-format", "json"]);
    assert_eq!(known["summary"]["compliance"], plain["summary"]["compliance"]);
    assert_eq!(known["summary"]["by_rule"], plain["summary"]["by_rule"]);
    assert_eq!((&known["summary"]["findings"], &known["summary"]["hidden"]), (&0.into(), &3.into()));
    project.write("app/page.py", MENDED);
    let said = ends(&project, &["check", "--baseline", "debt 1.txt"], 1);
    assert!(said.err.contains("`ssot-lint baseline --output 'debt 1.txt'` takes out"), "{}", said.err);
    assert_eq!(project.run(&["check", "--baseline", "debt 1.txt", "--exit-zero"]).code, Some(0));
}

/// Two branches that mend and add next to each other; false when git is not there.
fn merged(project: &Project, attributes: &str) -> bool {
    project.write(".gitattributes", attributes);
    if !project.commit_all() {
        return false;
    }
    let branch = |name: &str, mended: &str, added: &str| {
        assert!(project.git(&["checkout", "-q", "-b", name, "start"]));
        project.write(mended, MENDED);
        project.write(added, CONSUMER);
        ends(project, &["baseline", "--allow-additions"], 0);
        assert!(project.git(&["add", "."]) && project.git(&["commit", "-qm", name]));
    };
    assert!(project.git(&["branch", "start"]));
    branch("left", "shop/basket.py", "shop/bb.py");
    branch("right", "shop/cart.py", "shop/ba.py");
    project.git(&["merge", "-q", "left", "-m", "both"])
}

#[test]
fn the_baselines_of_two_branches_merge_line_by_line() {
    let project = with_baseline();
    if !merged(&project, ".ssot-baseline merge=union\n") {
        return;
    }
    assert_eq!(reported(&project, &CHECK), [""; 0]);
    ends(&project, &["baseline"], 0);
    ends(&project, &CHECK, 0);
    assert_eq!(entries(&project).len(), 3);
    // Without the attribute git may leave a conflict: that is said.
    let project = with_baseline();
    assert!(!merged(&project, ""));
    fails(&project, &CHECK, 2, &["a merge conflict is not resolved here", "merge=union"]);
}

/// A project on a branch that has left `main`; `None` when git is not there.
fn branched() -> Option<Project> {
    let project = Project::new();
    if !project.commit_all() {
        return None;
    }
    assert!(project.git(&["branch", "-M", "main"]) && project.git(&["checkout", "-q", "-b", "topic"]));
    Some(project)
}

#[test]
fn since_hides_what_was_there_before_the_branch() {
    let Some(project) = branched() else { return };
    ends(&project, &["check", "--since", "main"], 0);
    project.write("shop/invoice.py", "\"\"\"Bills.\"\"\"\n".to_owned() + CONSUMER);
    assert_eq!(reported(&project, &["check", "--since", "main"]), ["shop/invoice.py"]);
    assert!(project.git(&["add", "."]) && project.git(&["commit", "-qm", "more"]));
    // What the other side does meanwhile is none of this branch's business.
    assert!(project.git(&["checkout", "-q", "main"]));
    project.write("shop/cart.py", MENDED);
    assert!(project.git(&["commit", "-qam", "mended"]) && project.git(&["checkout", "-q", "topic"]));
    let said = ends(&project, &["check", "--since", "main"], 1);
    assert!(said.out.contains("shop/invoice.py") && said.out.contains("1 known hidden"), "{}", said.out);
    assert_eq!(reported(&project, &["check", "--since", "main", "shop/invoice.py"]), ["shop/invoice.py"]);
    ends(&project, &["check", "--since", "HEAD"], 0);
    ends(&project, &["check", "--since", "HEAD~1", "shop/cart.py"], 0);
    // A file that moves is nothing new.
    assert!(project.git(&["mv", "shop/cart.py", "shop/trolley.py"]));
    assert_eq!(reported(&project, &["check", "--since", "main"]), ["shop/invoice.py"]);
    ends(&project, &["check", "--since", "main", "shop/trolley.py"], 0);
    // What a baseline holds is not gone because it is hidden twice.
    ends(&project, &["baseline"], 0);
    let said = ends(&project, &["check", "--since", "main", "--baseline", ".ssot-baseline"], 0);
    assert!(!said.err.contains("gone"), "{}", said.err);
    fails(&project, &["check", "--add-ignore", "--baseline", ".ssot-baseline"], 2, &["cannot be used with"]);
}

#[test]
fn a_finding_in_an_unchanged_file_is_new_when_something_else_made_it_one() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.other import VAT\n");
    project.write("shop/other.py", "VAT = 2\n");
    if !project.commit_all() {
        return;
    }
    project.write("shop/other.py", "from shop.tax import VAT\n");
    let said = ends(&project, &["check", "--since", "HEAD", "--select", "SSOT002"], 1);
    assert!(said.out.contains("shop/cart.py:1:24"), "{}", said.out);
}

#[test]
fn the_commit_is_read_as_a_checkout_would_be() {
    let project = Project::new();
    project.write(".gitignore", "*.gen.py\n/build/\n");
    project.write("shop/old.gen.py", CONSUMER);
    project.write("venv/pyvenv.cfg", "");
    project.write("venv/x.py", CONSUMER);
    project.write("realtime/Cargo.toml", "[package]\nname = \"realtime\"\nedition = \"2021\"\n");
    project.write("realtime/src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n");
    project.write("realtime/src/a.rs", "pub struct X;\n");
    project.write("realtime/src/b.rs", "pub use crate::a::X;\n");
    project.write("realtime/src/c.rs", "use crate::b::X;\n");
    let rule = "\n[[symbol]]\ncanonical = \"realtime::a::X\"\nlegacy = [\"realtime::b::X\"]\n";
    project.write("ssot.toml", RULES.to_owned() + rule);
    if !project.commit_all() {
        return;
    }
    assert!(project.git(&["add", "-f", "shop/old.gen.py"]) && project.git(&["commit", "-qm", "generated"]));
    assert_eq!(reported(&project, &["check"]), ["realtime/src/c.rs", "shop/cart.py"]);
    assert_eq!(reported(&project, &["check", "--since", "HEAD"]), [""; 0]);
    project.write("shop/new.gen.py", CONSUMER);
    ends(&project, &["check", "--since", "HEAD"], 0);
    // A file that is named is looked at although it is ignored, then and now.
    ends(&project, &["check", "--since", "HEAD", "shop/old.gen.py"], 0);
    ends(&project, &["check", "--since", "HEAD", "shop/new.gen.py"], 1);
}

#[test]
fn a_project_may_lie_below_the_top_of_its_repository() {
    let project = Project::new();
    for name in ["ssot.toml", "shop"] {
        fs::create_dir_all(project.root().join("back/end")).unwrap();
        fs::rename(project.root().join(name), project.root().join("back/end").join(name)).unwrap();
    }
    project.write(".gitignore", "gen_*.py\n");
    project.write("back/end/shop/gen_x.py", CONSUMER);
    if !project.commit_all() {
        return;
    }
    let run = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        super::said(command.current_dir(project.root().join("back/end")).output().unwrap())
    };
    assert_eq!(run(&["check"]).code, Some(1));
    let said = run(&["check", "--since", "HEAD"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("1 known hidden"), "{}", said.out);
}

#[test]
fn git_that_cannot_answer_is_said_with_a_way_out() {
    let project = Project::new();
    let since = ["check", "--since", "main"];
    if project.git(&["--version"]) {
        fails(&project, &since, 2, &["is not in a git work tree", "help: "]);
        assert!(project.git(&["init", "-q"]));
        fails(&project, &since, 2, &["the repository has no commit yet", "help: commit something"]);
        assert!(project.commit_all() && project.git(&["branch", "-M", "main"]));
        fails(&project, &["check", "--since", "no-such"], 2, &["`no-such` is no commit here", "git fetch"]);
        fails(&project, &["check", "--since=--all"], 2, &["`--all` is no commit here"]);
        assert!(
            project.git(&["checkout", "-q", "--orphan", "lone"]) && project.git(&["commit", "-qm", "lone"])
        );
        fails(&project, &since, 2, &["`main` and HEAD have no commit in common", "help: "]);
    }
    let mut command = project.command(&since);
    let said = super::said(command.env("PATH", "").output().unwrap());
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("git was not found") && said.err.contains("install git"), "{}", said.err);
}

#[test]
fn a_shallow_clone_is_named_as_such() {
    let Some(project) = branched() else { return };
    project.write("shop/more.py", "");
    assert!(project.git(&["add", "."]) && project.git(&["commit", "-qm", "more"]));
    assert!(project.git(&["checkout", "-q", "main"]));
    project.write("shop/main.py", "");
    assert!(project.git(&["add", "."]) && project.git(&["commit", "-qm", "main"]));
    let clone = Project::new();
    let from = format!("file://{}", project.root().display());
    let target = clone.root().join("clone");
    let run = Command::new("git")
        .args(["clone", "-q", "--depth=1", "--no-single-branch", &from])
        .arg(&target)
        .status();
    assert!(run.unwrap().success());
    let mut command = clone.command(&["check", "--since", "origin/topic"]);
    let said = super::said(command.current_dir(&target).output().unwrap());
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("no commit in common") && said.err.contains("fetch-depth: 0"), "{}", said.err);
}

/// A comment about a kind that has to be asked for is judged only then, and so is what a baseline knows of it.
#[test]
fn what_is_known_of_a_comment_is_missed_only_where_its_kind_is_looked_for() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.tax import VAT  # ssot: ignore[import-cycle, SSOT001]\n");
    ends(&project, &["baseline", "--extend-select", "SSOT007"], 0);
    let lines = entries(&project);
    assert!(lines[0].starts_with("SSOT012 shop/cart.py SSOT00"), "{lines:?}");
    assert_eq!(lines.len(), 2);
    ends(&project, &CHECK, 0);
    ends(&project, &[&CHECK[..], &["--extend-select", "SSOT007"]].concat(), 0);
    project.write("shop/cart.py", MENDED);
    let said = ends(&project, &CHECK, 1);
    assert!(said.err.contains("1 entry of .ssot-baseline is stale"), "{}", said.err);
    let said = ends(&project, &[&CHECK[..], &["--extend-select", "SSOT007"]].concat(), 1);
    assert!(said.err.contains("2 entries of .ssot-baseline are stale"), "{}", said.err);
}
