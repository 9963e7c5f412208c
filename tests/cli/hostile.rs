//! Rules and run folders that somebody made to do harm: nothing outside the root is touched, and nothing takes long.

use super::{Project, RULES};
use std::fs;

fn checked(rules: &str) -> super::Said {
    let project = Project::new();
    project.write("ssot.toml", rules);
    project.run(&["check"])
}

fn off_in(pattern: &str) -> String {
    format!("{RULES}[[override]]\npaths = [\"{pattern}\"]\nrules = [\"vat\"]\nseverity = \"off\"\n")
}

#[test]
fn patterns_that_explode_are_refused_or_matched_in_time() {
    let nested = format!("{}b{}", "{a,".repeat(2000), "}".repeat(2000));
    for rules in [
        off_in(&nested),
        off_in(&"a".repeat(1_000_000)),
        format!("{RULES}[files]\nexclude = [\"{nested}\"]\n"),
        format!("{RULES}[[batch]]\nname = \"all\"\npaths = [\"{nested}\"]\n"),
    ] {
        let said = checked(&rules);
        assert_eq!(said.code, Some(2));
        assert!(said.err.contains("not a valid glob"), "{}", said.err);
    }
    for pattern in ["{a,b}".repeat(30), "**/*a*".repeat(300)] {
        assert_eq!(checked(&off_in(&pattern)).code, Some(1));
    }
}

#[test]
fn rules_nested_or_long_beyond_reason_are_refused() {
    for rules in [format!("a = {}", "[".repeat(100_000)), format!("a{} = 1", ".a".repeat(100_000))] {
        let said = checked(&rules);
        assert_eq!(said.code, Some(2));
        assert!(said.err.starts_with("error"), "{}", said.err);
    }
    let long = format!("[[symbol]]\ncanonical = \"{}\"\nlegacy = [\"b.c\"]\n", ["a"; 1000].join("."));
    assert!(checked(&long).err.contains("at most 255 segments"));
}

#[test]
fn rule_files_that_ask_for_each_other_are_a_complaint() {
    let project = Project::new();
    project.write("ssot.toml", "extend-rules = [\"more.toml\"]\n");
    project.write("more.toml", "extend-rules = [\"ssot.toml\"]\n");
    let said = project.run(&["check"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("take the file out of `extend-rules` here"), "{}", said.err);
}

#[test]
fn twenty_thousand_rules_are_no_burden() {
    let rule = |number: usize| {
        format!(
            "[[symbol]]\nid = \"r{number}\"\ncanonical = \"shop.tax.V{number}\"\nlegacy = [\"shop.prices.V{number}\"]\n"
        )
    };
    let rules: String = (0..20_000).map(rule).collect();
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}{rules}"));
    let said = project.run(&["check", "--select", "SSOT001"]);
    assert_eq!((said.code, said.out.matches("error[SSOT001]").count()), (Some(1), 1));
}

/// A project with one run, whose record is changed.
fn tampered(change: impl Fn(&str) -> String) -> Project {
    let project = Project::new();
    assert_eq!(project.run(&["migrate", "--execute", "--backup"]).code, Some(0));
    let runs = project.root().join(".ssot-lint/runs");
    let run = fs::read_dir(runs).unwrap().next().unwrap().unwrap().path().join("run.json");
    fs::write(&run, change(&fs::read_to_string(&run).unwrap())).unwrap();
    project
}

#[test]
fn a_record_that_leads_out_of_the_root_is_refused_with_the_reason() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("victim.py"), "safe\n").unwrap();
    let absolute = outside.path().join("victim.py").display().to_string();
    for path in
        ["../victim.py", "shop/../../victim.py", &absolute, ".git/hooks/pre-commit", ".ssot-lint/lock"]
    {
        let project = tampered(|record| record.replace("shop/cart.py", path));
        for arguments in [&["rollback"][..], &["rollback", "--force"], &["rollback", "--dry-run"], &["runs"]]
        {
            let said = project.run(arguments);
            assert_eq!(said.code, Some(2), "{path} {arguments:?} {}", said.err);
            assert!(said.err.contains("run.json"), "{}", said.err);
        }
        assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
    }
    assert_eq!(fs::read_to_string(outside.path().join("victim.py")).unwrap(), "safe\n");
}

#[test]
fn a_record_that_is_cut_off_or_no_record_is_refused() {
    let deep = "[".repeat(100_000);
    type Change<'a> = (&'static str, &'a dyn Fn(&str) -> String);
    let changes: [Change<'_>; 4] = [
        ("cut off", &|record| record[..record.len() / 2].to_owned()),
        ("empty", &|_| String::new()),
        ("deep", &|_| deep.clone()),
        ("of another version", &|record| record.replace("\"version\": 1", "\"version\": 99")),
    ];
    for (name, change) in changes {
        let project = tampered(change);
        let said = project.run(&["rollback"]);
        assert_eq!(said.code, Some(2), "{name}: {}", said.err);
        assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n", "{name}");
    }
}

#[cfg(unix)]
#[test]
fn saved_originals_that_are_links_are_not_read() {
    let project = tampered(str::to_owned);
    let runs = project.root().join(".ssot-lint/runs");
    let run = fs::read_dir(runs).unwrap().next().unwrap().unwrap().path();
    let saved = run.join("originals/shop/cart.py");
    fs::remove_file(&saved).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &saved).unwrap();
    let said = project.run(&["rollback"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("the saved original is no regular file"), "{}", said.err);
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
}
