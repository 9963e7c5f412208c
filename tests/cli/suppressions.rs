//! Suppressions as a user meets them: counts, `--add-ignore`, and what SSOT012 says when only a part is looked at.

use super::{CONSUMER, Project, RULES, fails};
use serde_json::Value;

const TWO_CODES: &str =
    "from unittest.mock import patch\n\nimport shop.prices\n\npatch(\"shop.prices.VAT\", shop.prices.VAT)\n";

fn json(project: &Project, arguments: &[&str]) -> Value {
    let mut all = vec!["check", "--output-format", "json"];
    all.extend(arguments);
    let said = project.run(&all);
    serde_json::from_str(&said.out).unwrap()
}

/// The codes that are found, in order.
fn codes(project: &Project, arguments: &[&str]) -> Vec<String> {
    let found = json(project, arguments);
    let found = found["findings"].as_array().unwrap();
    found.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_comments_hide_is_counted_and_is_no_canonical_use() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.prices import VAT  # ssot: ignore[SSOT001] the old client\n");
    let said = project.run(&["check"]);
    assert_eq!(said.code, Some(0));
    assert_eq!(said.out, "No findings in 4 files; 1 suppressed; compliance 50 %\n");
    let summary = &json(&project, &[])["summary"];
    assert_eq!((&summary["findings"], &summary["suppressed"]), (&0.into(), &1.into()));
    assert_eq!(
        (&summary["compliance"], &summary["by_rule"]["vat"]["compliance"]),
        (&0.5.into(), &0.5.into())
    );
    let said = project.run(&["migrate"]);
    assert_eq!((said.code, &*said.err), (Some(0), "Nothing to migrate; 1 finding kept by comments.\n"));
}

#[test]
fn what_was_not_selected_or_only_partly_looked_at_is_not_told() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.tax import VAT  # ssot: ignore[SSOT001, SSOT003, SSOT007]\n");
    assert_eq!(codes(&project, &[]), ["SSOT012", "SSOT012"]);
    assert_eq!(codes(&project, &["shop/cart.py"]), ["SSOT012"]);
    assert_eq!(codes(&project, &["--select", "SSOT001"]), [""; 0]);
    assert_eq!(codes(&project, &["--select", "SSOT012"]), ["SSOT012", "SSOT012"]);
    assert_eq!(codes(&project, &["--ignore", "SSOT012"]), [""; 0]);
    assert_eq!(codes(&project, &["--extend-select", "SSOT007"]).len(), 3);
    project.write("shop/cart.py", "from shop.tax import VAT  # ssot: ignore\n");
    assert_eq!(codes(&project, &[]), ["SSOT012"]);
    assert_eq!(codes(&project, &["shop/cart.py"]), [""; 0]);
    assert_eq!(codes(&project, &["--select", "SSOT012"]), [""; 0]);
    // What stands in a file that does not parse may have been missed.
    project.write("shop/cart.py", "from shop.tax import VAT  # ssot: ignore[SSOT001]\ndef (\n");
    assert_eq!(codes(&project, &[]), ["SSOT000"]);
}

#[test]
fn a_suppression_expires_with_its_day() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.prices import VAT  # ssot: ignore[SSOT001] until=2026-11-20\n");
    let on = |day: &str| {
        let mut command = project.command(&["check", "--output-format", "concise"]);
        super::said(command.env("SSOT_LINT_NOW", format!("{day}T23:00:00Z")).output().unwrap())
    };
    assert_eq!(on("2026-11-20").code, Some(0));
    let late = on("2026-11-21");
    assert_eq!(late.code, Some(1));
    for words in ["shop/cart.py:1:25", "shop/cart.py:1:60", "expired: it held until 2026-11-20"] {
        assert!(late.out.contains(words), "{words}: {}", late.out);
    }
    // It is told, not renewed behind somebody's back.
    project.write("shop/cart.py", "from shop.prices import VAT  # ssot: ignore[SSOT001] until=2026-11-19\n");
    let arguments = ["check", "--add-ignore"];
    let words =
        ["shop/cart.py:1:25: not suppressed: `SSOT001`", "stands there and hides nothing", "2 findings left"];
    fails(&project, &arguments, 1, &words);
}

#[test]
fn add_ignore_hides_all_that_is_there_and_can_be_taken_back() {
    let project = Project::new();
    project.write("shop/page.py", TWO_CODES);
    let said = project.run(&["check", "--add-ignore=see ADR 12"]);
    assert_eq!((said.code, &*said.out), (Some(0), ""), "{}", said.err);
    assert!(said.err.starts_with("Suppressed 3 findings in 2 files.\nRun "), "{}", said.err);
    assert_eq!(
        project.read("shop/cart.py"),
        "from shop.prices import VAT  # ssot: ignore[SSOT001] see ADR 12\n"
    );
    assert!(project.read("shop/page.py").ends_with("VAT)  # ssot: ignore[SSOT001, SSOT005] see ADR 12\n"));
    assert_eq!(project.run(&["check"]).code, Some(0));
    let again = project.run(&["check", "--add-ignore"]);
    assert_eq!((again.code, &*again.err), (Some(0), "Nothing to suppress.\n"));
    assert!(project.run(&["runs"]).out.contains("in effect  2 files  vat"));
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
}

#[test]
fn one_that_is_removed_too_late_is_told() {
    let project = Project::new();
    project.run(&["check", "--add-ignore"]);
    project.write("shop/cart.py", project.read("shop/cart.py").replace("prices", "tax"));
    assert_eq!(codes(&project, &[]), ["SSOT012"]);
}

#[test]
fn add_ignore_speaks_of_paths_and_codes_that_are_asked_for() {
    let project = Project::new();
    project.write("shop/page.py", TWO_CODES);
    project.run(&["check", "--add-ignore", "--select", "SSOT005"]);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    assert!(project.read("shop/page.py").ends_with("  # ssot: ignore[SSOT005]\n"));
    project.run(&["check", "shop/page.py", "--add-ignore=why"]);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    assert!(project.read("shop/page.py").ends_with("  # ssot: ignore[SSOT005, SSOT001]\n"));
}

#[test]
fn add_ignore_leaves_what_no_comment_can_hide() {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}suppressible = false\n"));
    let words =
        ["shop/cart.py:1:25: not suppressed: `SSOT001`: rule `vat` is not suppressible", "1 finding left"];
    fails(&project, &["check", "--add-ignore"], 1, &words);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    assert_eq!(project.run(&["check", "--add-ignore", "--exit-zero"]).code, Some(0));
    project.write(
        "ssot.toml",
        format!("{RULES}\n[[symbol]]\ncanonical = \"shop.tax.GONE\"\nlegacy = [\"shop.tax.LOST\"]\n"),
    );
    project.write("shop/broken.py", "from shop.prices import VAT\ndef (\n");
    let words = [
        "ssot.toml:7:14: not suppressed: `SSOT013`",
        "shop/broken.py:1:25: not suppressed: `SSOT001`: the file does not parse",
        "shop/broken.py: not read",
        "Suppressed 1 finding in 1 file; 2 findings left",
    ];
    fails(&project, &["check", "--add-ignore"], 2, &words);
    assert_eq!(project.read("shop/broken.py"), "from shop.prices import VAT\ndef (\n");
}

#[test]
fn a_reason_that_undoes_the_comment_is_refused() {
    let project = Project::new();
    fails(&project, &["check", "--add-ignore=a\nb"], 2, &["one line"]);
    for reason in ["until=yesterday", "until=2026-01-01 too late"] {
        let argument = format!("--add-ignore={reason}");
        fails(&project, &["check", &argument], 1, &["a comment with this reason would not hide it"]);
    }
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    project.write("shop/cart.py", b"# coding: latin-1\nfrom shop.prices import VAT  # \xe9\n");
    fails(
        &project,
        &["check", "--add-ignore=f\u{fc}r Ann"],
        1,
        &["cannot be written in the file's encoding"],
    );
    assert_eq!(project.run(&["check", "--add-ignore=until=2027-01-01"]).code, Some(0));
    assert_eq!(project.run(&["check"]).code, Some(0));
}

#[test]
fn add_ignore_writes_files_or_a_report_not_both() {
    let project = Project::new();
    for other in ["--statistics", "--output-format=json", "--output-file=a"] {
        fails(&project, &["check", "--add-ignore", other], 2, &["cannot be used with"]);
    }
}

#[test]
fn findings_about_a_whole_file_are_hidden_for_the_file() {
    let project = Project::new();
    let rules = format!("{RULES}remove-on = \"2026-11-20\"\n");
    project.write("ssot.toml", rules);
    project.write("shop/prices.py", "#!/usr/bin/env python\n# A shim.\nfrom shop.tax import VAT\n");
    assert_eq!(project.run(&["check", "--add-ignore"]).code, Some(0));
    assert!(
        project
            .read("shop/prices.py")
            .starts_with("#!/usr/bin/env python\n# ssot: ignore-file[SSOT009]\n# A")
    );
    assert_eq!(project.run(&["check", "--extend-select", "SSOT009"]).code, Some(0));
}

#[test]
fn add_ignore_knows_rust() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write(
        "ssot.toml",
        "[[symbol]]\nid = \"vat\"\ncanonical = \"shop::tax::VAT\"\nlegacy = [\"shop::prices::VAT\"]\n",
    );
    project.write("src/lib.rs", "pub mod page;\npub mod prices;\npub mod tax;\n");
    project.write("src/tax.rs", "pub const VAT: u32 = 7;\n");
    project.write("src/prices.rs", "pub use crate::tax::VAT;\n");
    let page = "use crate::prices::VAT;\n\n/// [`VAT`](crate::prices::VAT)\npub const A: u32 = VAT;\n";
    project.write("src/page.rs", page);
    let said = project.run(&["check", "--add-ignore=why"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(
        project.read("src/page.rs"),
        "use crate::prices::VAT; // ssot: ignore[SSOT001] why\n\n// ssot: ignore[SSOT001] why\n/// \
         [`VAT`](crate::prices::VAT)\npub const A: u32 = VAT;\n"
    );
    assert_eq!(project.run(&["check"]).code, Some(0));
    assert!(project.run(&["check", "--add-ignore"]).err.contains("Nothing to suppress"));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_stops_it_before_anything_is_written() {
    use std::os::unix::fs::symlink;
    let project = Project::new();
    let elsewhere = tempfile::TempDir::new().unwrap();
    std::fs::write(elsewhere.path().join("page.py"), CONSUMER).unwrap();
    std::fs::hard_link(project.root().join("shop/cart.py"), elsewhere.path().join("cart.py")).unwrap();
    symlink(elsewhere.path(), project.root().join("shop/other")).unwrap();
    project.write("shop/page.py", CONSUMER);
    fails(&project, &["check", "--add-ignore"], 2, &["shop/cart.py", "hard link"]);
    assert_eq!(project.read("shop/page.py"), CONSUMER);
}

#[test]
fn rules_say_which_cannot_be_suppressed() {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}suppressible = false\n"));
    assert!(project.run(&["rules"]).out.contains("suppressible false"));
    let said = project.run(&["rules", "--output-format", "json"]);
    let rules: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(rules[0]["suppressible"], false);
    let said = project.run(&["check"]);
    assert_eq!(said.code, Some(1));
}
