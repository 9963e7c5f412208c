//! `man`: pages for the manual, and that they can be shown.

use super::{Project, fails};
use std::process::{Command, Stdio};
use std::{fs, io::Write};

#[test]
fn the_main_page_names_every_command() {
    let project = Project::new();
    let said = project.run(&["man"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    assert!(said.out.contains(".TH ssot-lint 1"), "{}", said.out);
    for command in
        ["check", "migrate", "rollback", "runs", "discover", "shims", "rules", "explain", "config", "init"]
    {
        assert!(said.out.contains(&format!("ssot\\-lint\\-{command}(1)")), "{command}");
    }
    for title in [".SH NAME", ".SH SYNOPSIS", ".SH \"EXIT STATUS\""] {
        assert!(said.out.contains(title), "{title}");
    }
}

#[test]
fn a_page_of_one_command_has_its_examples_line_by_line() {
    let project = Project::new();
    let said = project.run(&["man", "check"]);
    assert!(said.out.contains(".TH ssot-lint-check 1"), "{}", said.out);
    assert!(said.out.contains(".SH EXAMPLES\n.nf\nssot\\-lint check "), "{}", said.out);
    fails(&project, &["man", "chekc"], 2, &["no command `chekc`", "did you mean `check`?"]);
}

#[test]
fn all_pages_go_into_a_folder_and_are_the_same_every_time() {
    let project = Project::new();
    fails(&project, &["man", "--dir", "pages"], 2, &["pages"]);
    let pages = || {
        let folder = project.root().join("pages");
        let _ = fs::create_dir(&folder);
        assert_eq!(project.run(&["man", "--dir", "pages"]).code, Some(0));
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut pages: Vec<_> = files.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
        pages.sort();
        pages
    };
    let first = pages();
    assert_eq!(first, pages());
    let names: Vec<&str> =
        first.iter().map(|(path, _)| path.file_name().unwrap().to_str().unwrap()).collect();
    assert!(names.contains(&"ssot-lint.1") && names.contains(&"ssot-lint-rollback.1"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("help")), "{names:?}");
}

/// Says nothing where there is no `groff`.
#[test]
fn groff_shows_every_page_without_a_warning() {
    let project = Project::new();
    fs::create_dir(project.root().join("pages")).unwrap();
    project.run(&["man", "--dir", "pages"]);
    for entry in fs::read_dir(project.root().join("pages")).unwrap() {
        let path = entry.unwrap().path();
        let mut groff = Command::new("groff");
        groff.args(["-man", "-Tutf8", "-ww", "-z"]).arg(&path).stdin(Stdio::null());
        let Ok(output) = groff.output() else {
            writeln!(std::io::stderr(), "groff was not found: nothing was tried").unwrap();
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{}: {said}", path.display());
    }
}
