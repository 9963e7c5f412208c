//! The command `report`: its numbers are those of `check`, its formats can be read, and the past is told as it was.

use super::{CONSUMER, Project, fails};
use serde_json::Value;

fn json(project: &Project, arguments: &[&str]) -> Value {
    let said = project.run(arguments);
    assert!(matches!(said.code, Some(0 | 1)), "{arguments:?}: {}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn report(project: &Project, arguments: &[&str]) -> Value {
    let mut all = vec!["report", "--output-format", "json"];
    all.extend(arguments);
    json(project, &all)
}

/// Uses by old paths, one of them behind a comment, and canonical ones, in three packages.
fn mixed() -> Project {
    let project = Project::new();
    project.write("app/__init__.py", "");
    project.write("app/page.py", "from shop.tax import VAT\nimport shop.prices\n\nshop.prices.VAT\n");
    project.write("app/web/__init__.py", "");
    project.write("app/web/form.py", CONSUMER);
    project.write("app/hidden.py", "from shop.prices import VAT  # ssot: ignore[SSOT001] later\n");
    project
}

#[test]
fn the_numbers_are_those_of_check() {
    let project = mixed();
    let (report, check) = (report(&project, &[]), json(&project, &["check", "--output-format", "json"]));
    let summary = &check["summary"];
    for field in ["canonical_uses", "compliance", "by_rule"] {
        assert_eq!(report[field], summary[field], "{field}: {report}");
    }
    assert_eq!(report["findings"], summary["findings"]);
    let sum = |field: &str| -> u64 {
        report["by_package"].as_object().unwrap().values().map(|count| count[field].as_u64().unwrap()).sum()
    };
    assert_eq!(report["findings"], sum("findings"));
    assert_eq!(report["canonical_uses"], sum("canonical_uses"));
    assert_eq!(report["by_package"]["app.web"]["findings"], 1);
    assert_eq!(report["paths"][0]["written"], "shop.prices.VAT");
    let paths = report["paths"].as_array().unwrap();
    let uses: u64 = paths.iter().map(|path| path["uses"].as_u64().unwrap()).sum();
    assert_eq!(report["findings"].as_u64().unwrap() + summary["suppressed"].as_u64().unwrap(), uses);
    let words =
        format!("{} of {}", report["canonical_uses"], report["canonical_uses"].as_u64().unwrap() + uses);
    assert!(project.run(&["report"]).out.contains(&words), "{words}");
}

#[test]
fn text_markdown_mermaid_and_badge_are_written() {
    let project = mixed();
    let said = project.run(&["report"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    for words in ["Compliance ", "By rule", "vat", "By package", "app.web", "shop.prices.VAT -> shop.tax.VAT"]
    {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    assert!(!said.out.contains("By owner"), "{}", said.out);
    let said = project.run(&["report", "--output-format", "markdown", "--by", "package"]);
    assert!(
        said.out.contains("| `app.web` | 0 % | 0 of 1 |") && said.out.contains("```mermaid"),
        "{}",
        said.out
    );
    let said = project.run(&["report", "--output-format", "mermaid"]);
    assert!(said.out.starts_with("graph LR\n") && said.out.contains("[\"shop.prices.VAT\"]"), "{}", said.out);
    project.run(&["report", "--output-format", "badge", "--output-file", "badge.json"]);
    let badge: Value = serde_json::from_str(&project.read("badge.json")).unwrap();
    assert_eq!((&badge["schemaVersion"], &badge["label"]), (&1.into(), &"canonical imports".into()));
}

#[test]
fn too_little_is_a_failure_and_exactly_enough_is_not() {
    let project = Project::new();
    project.write("shop/page.py", "from shop.tax import VAT\n");
    let share = report(&project, &[])["compliance"].as_f64().unwrap() * 100.0;
    let said = project.run(&["report", "--fail-under", "95", "-q"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("uses are canonical; less than 95 %"), "{}", said.err);
    let under = share.floor().to_string();
    assert_eq!(project.run(&["report", "--fail-under", &under]).code, Some(0));
    project.write("shop/cart.py", "from shop.tax import VAT\n");
    assert_eq!(project.run(&["report", "--fail-under", "100%"]).code, Some(0));
    for arguments in
        [["--fail-under", "101"], ["--history", "0"], ["--by", "file"], ["--output-format", "xml"]]
    {
        let mut all = vec!["report"];
        all.extend(arguments);
        fails(&project, &all, 2, &["invalid value", arguments[1]]);
    }
}

#[test]
fn what_cannot_be_read_is_never_left_out_silently() {
    let project = mixed();
    project.write("app/page.py", "def VAT(:\n");
    fails(&project, &["report"], 2, &["app/page.py: could not be parsed"]);
}

#[test]
fn owners_are_found_where_they_may_lie() {
    let project = mixed();
    fails(
        &project,
        &["report", "--by", "owner"],
        2,
        &["there is no CODEOWNERS file", "help: it lies in .github"],
    );
    for place in [".gitlab/CODEOWNERS", "docs/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"] {
        project.write(place, format!("* @{}\n/app/ @app @web\napp/web/\n", place.replace('/', "-")));
        let owners = report(&project, &["--by", "owner"])["by_owner"].clone();
        assert_eq!(owners[format!("@{}", place.replace('/', "-"))]["findings"], 1, "{owners}");
        assert_eq!(owners["@app"], owners["@web"], "{owners}");
        assert_eq!(owners[""]["findings"], 1, "{owners}");
    }
    assert!(project.run(&["report"]).out.contains("By owner"));
}

#[test]
fn the_past_is_told_by_the_rules_of_today_and_nothing_is_checked_out() {
    let project = Project::new();
    project.write("shop/page.py", CONSUMER);
    if !project.commit_all() {
        return;
    }
    project.write("shop/page.py", "from shop.tax import VAT\n");
    assert!(project.git(&["commit", "-qam", "A page is mended"]));
    assert!(project.git(&["checkout", "-q", "-b", "side"]));
    project.write("shop/broken.py", "def VAT(:\n");
    assert!(project.git(&["add", "."]) && project.git(&["commit", "-qm", "side"]));
    assert!(project.git(&["checkout", "-q", "-"]));
    project.write("shop/one.py", "");
    assert!(project.git(&["add", "."]) && project.git(&["commit", "-qm", "one"]));
    assert!(project.git(&["merge", "-q", "--no-ff", "-m", "Merged | `x`", "side"]));
    project.write("shop/broken.py", "from shop.tax import VAT\n");
    project.write("shop/cart.py", "from shop.tax import VAT\n");
    let history = report(&project, &["--history", "9"])["history"].clone();
    let told: Vec<(u64, u64, u64)> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|moment| {
            let number = |field: &str| moment[field].as_u64().unwrap();
            (number("findings"), number("canonical_uses"), number("unreadable"))
        })
        .collect();
    assert_eq!(told.len(), 4, "{history}");
    assert_eq!(told[0].0, 2, "{history}");
    assert_eq!((told[1].0, told[1].1), (1, told[0].1 + 1), "{history}");
    assert_eq!((told[2], told[3].2), (told[1], 1), "{history}");
    assert_eq!(report(&project, &["--history", "2"])["history"].as_array().unwrap().len(), 2);
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
    let said = project.run(&["report", "--history", "2"]);
    assert!(said.out.contains("History") && said.out.contains("(1 unreadable)"), "{}", said.out);
    let said = project.run(&["report", "--history", "2", "--output-format", "markdown"]);
    assert!(said.out.contains("### History") && said.out.contains("`Merged \\| 'x'`"), "{}", said.out);
}

#[test]
fn the_newest_commit_counts_like_a_clean_work_tree() {
    let project = mixed();
    project.write("back/Cargo.toml", "[package]\nname = \"back\"\nedition = \"2024\"\n");
    project.write("back/src/lib.rs", "pub mod a;\npub mod b;\nuse crate::b::X;\nuse a::Y;\n");
    project.write("back/src/a.rs", "pub struct X;\npub struct Y;\n");
    project.write("back/src/b.rs", "pub use crate::a::X;\n");
    let rule = "\n[[module]]\ncanonical = \"back::a\"\nlegacy = [\"back::b\"]\n";
    project.write("ssot.toml", super::RULES.to_owned() + rule);
    if !project.commit_all() {
        return;
    }
    let report = report(&project, &["--history", "1"]);
    for field in ["findings", "canonical_uses", "compliance"] {
        assert_eq!(report[field], report["history"][0][field], "{field}: {report}");
    }
    assert_eq!(report["by_package"]["back"]["findings"], 1, "{report}");
}

#[test]
fn history_without_git_says_what_to_do() {
    let project = Project::new();
    if project.git(&["--version"]) {
        fails(&project, &["report", "--history", "3"], 2, &["is not in a git work tree", "help: "]);
    }
}
