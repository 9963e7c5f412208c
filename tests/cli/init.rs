//! `init`: a first configuration, written once.

use super::{Project, fails};
use std::fs;

/// A project without a configuration.
fn bare() -> Project {
    let project = Project::new();
    fs::remove_file(project.root().join("ssot.toml")).unwrap();
    project
}

#[test]
fn it_proposes_rules_as_comments_and_they_become_rules_without_the_comment_signs() {
    let project = bare();
    project.write("shop/basket.py", "from shop.tax import VAT\n\nprint(VAT)\n");
    project.write("shop/cart.py", "from shop.prices import VAT\n\nprint(VAT)\n");
    let said = project.run(&["init"]);
    assert_eq!((said.code, &*said.out), (Some(0), ""));
    assert!(said.err.starts_with("wrote ssot.toml: it proposes 1 rule as comments."), "{}", said.err);
    let text = project.read("ssot.toml");
    assert!(text.contains("\n# [[symbol]]\n# canonical = \"shop.tax.VAT\"\n"), "{text}");
    assert_eq!(project.run(&["check"]).code, Some(0), "nothing is in force yet");
    let at = text.find("# [[symbol]]").unwrap();
    let active: Vec<&str> = text[at..].lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    project.write("ssot.toml", text[..at].to_owned() + &active.join("\n") + "\n");
    assert_eq!(project.run(&["check"]).code, Some(1));
}

#[test]
fn quiet_says_nothing_and_an_empty_folder_gets_an_example() {
    let project = bare();
    fs::remove_dir_all(project.root().join("shop")).unwrap();
    let said = project.run(&["init", "-q"]);
    assert_eq!((said.code, &*said.out, &*said.err), (Some(0), "", ""));
    assert!(project.read("ssot.toml").contains("\n# canonical = \"app.new.Name\"\n"));
    assert_eq!(project.run(&["config"]).code, Some(0));
}

#[test]
fn what_is_there_is_never_overwritten() {
    let project = Project::new();
    let before = project.read("ssot.toml");
    fails(&project, &["init"], 2, &["ssot.toml configures this folder already", "help:"]);
    fails(&project, &["init", "--pyproject"], 2, &["ssot.toml configures this folder already"]);
    assert_eq!(project.read("ssot.toml"), before);
    let mut below = project.command(&["init"]);
    let output = below.current_dir(project.root().join("shop")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!project.root().join("shop/ssot.toml").exists());
    let project = bare();
    project.write(".ssot.toml", "broken");
    fails(&project, &["init"], 2, &[".ssot.toml configures"]);
    let project = bare();
    fs::create_dir(project.root().join("ssot.toml")).unwrap();
    fails(&project, &["init"], 2, &["ssot.toml is there, and is no file", "move it"]);
    fails(&project, &["init", "--config", "x.toml"], 2, &["takes no --config", "--pyproject"]);
}

#[test]
fn it_adds_to_a_pyproject_and_keeps_what_that_says() {
    let project = bare();
    fails(&project, &["init", "--pyproject"], 2, &["pyproject.toml is not there", "leave out --pyproject"]);
    let old = "[project]\nname = \"shop\"   # ours\n";
    project.write("pyproject.toml", old);
    assert_eq!(project.run(&["init", "--pyproject"]).code, Some(0));
    let text = project.read("pyproject.toml");
    assert!(text.starts_with(old) && text.contains("\n[tool.ssot-lint]\n"), "{text}");
    assert!(project.run(&["config"]).out.contains("pyproject.toml"));
    project.write("pyproject.toml", "tool = { x = 1 }\n");
    fails(&project, &["init", "--pyproject"], 2, &["cannot be added to", "leave out --pyproject"]);
    assert_eq!(project.read("pyproject.toml"), "tool = { x = 1 }\n");
}

#[test]
fn the_number_of_proposals_has_a_limit() {
    let project = bare();
    let many = |module: &str| {
        (0..8).map(|nth| format!("from shop.{module} import V{nth}\nprint(V{nth})\n")).collect::<String>()
    };
    project.write("shop/tax.py", (0..8).map(|nth| format!("V{nth} = {nth}\n")).collect::<String>());
    project.write("shop/prices.py", many("tax"));
    project.write("shop/cart.py", many("prices"));
    project.write("shop/basket.py", many("tax"));
    let rules = |arguments: &[&str]| {
        assert_eq!(project.run(arguments).code, Some(0));
        let count = project.read("ssot.toml").matches("# [[symbol]]").count();
        fs::remove_file(project.root().join("ssot.toml")).unwrap();
        count
    };
    assert_eq!(
        [rules(&["init"]), rules(&["init", "--limit", "2"]), rules(&["init", "--limit", "0"])],
        [5, 2, 8]
    );
}
