//! `--force-exclude`: a hook names files, and those that are excluded stay out.

use super::{CONSUMER, Project, RULES};

fn project() -> Project {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}[files]\nexclude = [\"generated/\"]\n"));
    for file in ["generated/a.py", "build/a.py", ".venv/a.py"] {
        project.write(file, CONSUMER);
    }
    project.write(".gitignore", "build/\n");
    project
}

const NAMED: [&str; 4] = ["generated/a.py", "build/a.py", ".venv/a.py", "shop/cart.py"];

#[test]
fn a_named_file_is_checked_whatever_excludes_it() {
    let said = project().run(&[&["check", "-q", "--output-format", "concise"], &NAMED[..]].concat());
    assert_eq!(said.out.lines().count(), 4, "{}", said.out);
}

#[test]
fn with_force_exclude_only_files_of_the_project_are() {
    let project = project();
    let check = ["check", "-q", "--output-format", "concise", "--force-exclude"];
    let said = project.run(&[&check, &NAMED[..]].concat());
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
    assert!(said.out.starts_with("shop/cart.py:"), "{}", said.out);
    let nothing = project.run(&[&check, &NAMED[..3]].concat());
    assert_eq!((nothing.code, &*nothing.out, &*nothing.err), (Some(0), "", ""));
}

#[test]
fn migrate_leaves_them_as_they_are() {
    let project = project();
    let said = project.run(&[&["migrate", "--execute", "--backup", "--force-exclude"], &NAMED[..]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("generated/a.py"), CONSUMER);
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
}

#[test]
fn it_holds_for_standard_input_too() {
    let project = project();
    for (file, code) in [("generated/a.py", 0), ("generated/new.py", 0), ("build/new.py", 0), ("new.py", 1)] {
        let said = project
            .feed(&["check", "-q", "--force-exclude", "--stdin-filename", file, "-"], CONSUMER.as_bytes());
        assert_eq!(said.code, Some(code), "{file}: {}", said.err);
        let said = project.feed(&["check", "-q", "--stdin-filename", file, "-"], CONSUMER.as_bytes());
        assert_eq!(said.code, Some(1), "{file}: {}", said.err);
    }
}
