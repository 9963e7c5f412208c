//! `check --stdin-filename FILE -`: one file from standard input, in the context of the whole project.

use super::{CONSUMER, Project, RULES, Said, fails, said};
use std::io::Write;
use std::process::Stdio;

impl Project {
    /// Runs the program with `text` on standard input. It may end without reading it.
    pub(super) fn feed(&self, arguments: &[&str], text: &[u8]) -> Said {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(text);
        said(child.wait_with_output().unwrap())
    }

    fn check_text(&self, file: &str, text: &str) -> Said {
        self.feed(
            &["check", "-q", "--output-format", "concise", "--stdin-filename", file, "-"],
            text.as_bytes(),
        )
    }
}

#[test]
fn the_text_stands_in_for_the_file_on_the_disk() {
    let project = Project::new();
    let said = project.check_text("shop/cart.py", "\n\nfrom shop.prices import VAT\n");
    assert_eq!((said.code, &*said.err), (Some(1), ""));
    assert!(said.out.starts_with("shop/cart.py:3:25: "), "{}", said.out);
    let mended = project.check_text("shop/cart.py", "from shop.tax import VAT\n");
    assert_eq!((mended.code, &*mended.out), (Some(0), ""));
    assert_eq!(project.read("shop/cart.py"), CONSUMER, "nothing is written");
}

#[test]
fn only_this_file_is_told_and_the_others_give_the_context() {
    let project = Project::new();
    project.write("shop/basket.py", CONSUMER);
    project.write("shop/handed.py", "from shop.tax import VAT\n");
    let said = project.check_text("shop/cart.py", "from .handed import VAT\n");
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("SSOT002") && said.out.lines().count() == 1, "{}", said.out);
}

#[test]
fn a_file_that_is_not_there_yet_is_part_of_the_project() {
    let project = Project::new();
    for file in ["shop/new.py", "shop/deep/../new.py", "./shop/new.py"] {
        let said = project.check_text(file, "from .prices import VAT\n");
        assert!(said.out.starts_with("shop/new.py:1:21: "), "{file}: {}{}", said.out, said.err);
    }
    let said = project.check_text("shop/deep/er/new.py", "from ...prices import VAT\n");
    assert!(said.out.starts_with("shop/deep/er/new.py:1:"), "{}{}", said.out, said.err);
    let mut from_a_folder = project.command(&["check", "-q", "--stdin-filename", "new.py", "-"]);
    from_a_folder.current_dir(project.root().join("shop")).stdin(Stdio::null());
    assert_eq!(from_a_folder.output().unwrap().status.code(), Some(0));
}

#[test]
fn exit_codes_and_formats_are_those_of_check() {
    let project = Project::new();
    let broken = project.check_text("shop/cart.py", "from shop.prices import VAT\ndef (:\n");
    assert_eq!(broken.code, Some(2));
    assert!(broken.out.contains("SSOT000"), "{}", broken.out);
    let json = ["check", "--output-format", "json", "--stdin-filename", "shop/cart.py", "-"];
    let latin = project.feed(&json, b"from shop.prices import VAT  # \xe9\n");
    assert_eq!(latin.code, Some(2));
    let said = project.feed(&json, CONSUMER.as_bytes());
    let found: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(found["findings"][0]["filename"], "shop/cart.py");
    assert_eq!((&found["summary"]["files"], found["findings"][0]["fix"].as_str()), (&1.into(), Some("safe")));
    let clean = project.feed(&[&json[..1], &["--exit-zero"], &json[1..]].concat(), CONSUMER.as_bytes());
    assert_eq!(clean.code, Some(0));
}

#[test]
fn a_module_that_only_the_text_declares_is_known() {
    let project = Project::new();
    project
        .write("ssot.toml", "[[symbol]]\ncanonical = \"bank::tax::Vat\"\nlegacy = [\"bank::prices::Vat\"]\n");
    project.write("Cargo.toml", "[package]\nname = \"bank\"\nedition = \"2024\"\n");
    project.write("src/tax.rs", "pub struct Vat;\n");
    project.write("src/prices.rs", "pub use crate::tax::Vat;\n");
    project.write("src/lib.rs", "pub mod tax;\n");
    let text = "pub mod tax;\npub mod prices;\nuse self::prices::Vat;\n";
    let said = project.check_text("src/lib.rs", text);
    assert!(said.out.starts_with("src/lib.rs:3:"), "{}{}", said.out, said.err);
}

#[test]
fn a_dash_needs_a_name_and_a_name_needs_a_dash() {
    let project = Project::new();
    fails(&project, &["check", "-"], 2, &["error: `-` is standard input", "--stdin-filename app/cart.py -"]);
    fails(&project, &["check", "--stdin-filename", "a.py"], 2, &["without `-`", "help:"]);
    fails(
        &project,
        &["check", "--stdin-filename", "a.py", "-", "shop"],
        2,
        &["`-` beside other paths", "help:"],
    );
    fails(
        &project,
        &["check", "--stdin-filename", "a.txt", "-"],
        2,
        &["neither Python nor Rust", ".pyi or .rs"],
    );
}

#[test]
fn a_file_outside_the_project_is_refused() {
    let project = Project::new();
    project.write("inner/ssot.toml", RULES);
    let outside = ["check", "--config", "ssot.toml", "--stdin-filename", "../shop/cart.py", "-"];
    let mut command = project.command(&outside);
    let output = command.current_dir(project.root().join("inner")).stdin(Stdio::null()).output().unwrap();
    let said = said(output);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("outside the project root"), "{}", said.err);
}
