//! The pages in `docs/codes` say the same of every kind of finding where they can, and their list is whole; links in the
//! documentation lead somewhere.
//!
//! `UPDATE_PAGES=1` rewrites what is made from the program. The examples of the pages are run by `tests/fixtures.rs`.

#![allow(clippy::disallowed_methods, reason = "a test rewrites pages when it is told to")]
#![allow(clippy::unwrap_used, reason = "a test may fail at any line and say why")]

use regex::Regex;
use ssot_lint::model::Code;
use ssot_lint::report::{explanation, summary_of};
use ssot_lint::rule::{WHOLE_PROJECT, is_firm};
use std::fs;
use std::path::{Path, PathBuf};

const HIDE: &str = "\n## How to hide it\n\n";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The end of a page: how such a finding is hidden.
fn how_to_hide(code: Code) -> String {
    if code == Code::Unreadable {
        return "Not at all, neither by a comment nor by `--ignore` nor by a baseline: leave the file out of the project, or mend \
                it.\n"
            .to_owned();
    }
    let baseline = "[A baseline](../../README.md#live-with-old-debt-add-no-new) hides what is there today.";
    if is_firm(code) {
        return format!("No comment hides it; `--ignore {code}` leaves it out of a run. {baseline}\n");
    }
    let word = if WHOLE_PROJECT.contains(&code) { "is looked for and " } else { "" };
    format!(
        "By a comment in the place, with a code or the name `{name}`, in Rust with `//`:\n\n\
         ```text\n# ssot: ignore[{code}] the reason\n# ssot: ignore[{name}] until=2027-01-01 the reason\n\
         # ssot: ignore-file[{code}] the reason\n```\n\n\
         [SSOT012](SSOT012.md) says what such a comment covers, and finds it when it {word}hides nothing. `--ignore {code}` leaves \
         the kind out of a run; an `[[override]]` sets another severity, or none, for a rule below some paths. {baseline}\n",
        name = code.name(),
    )
}

/// A page as it should be.
fn expected(code: Code) -> String {
    let page = explanation(code);
    let own = page.split_once(HIDE).map_or(page, |(own, _)| own);
    if page.contains("does not report it yet") {
        return own.to_owned();
    }
    format!("{}\n{HIDE}{}", own.trim_end(), how_to_hide(code))
}

/// The list of all pages.
fn list() -> String {
    let mut text = "# The kinds of finding\n\nEach page is what `ssot-lint explain CODE` prints. The examples on them are run as tests; the \
                    carets below their lines are\nwhat `check` finds.\n\n| code | name | what it finds |\n|---|---|---|\n"
        .to_owned();
    for code in Code::ALL {
        let (name, summary) = (code.name(), summary_of(code));
        let first = summary.split_once(". ").map_or(&*summary, |(first, _)| first).trim_end_matches('.');
        let first = first.split_once(": ").map_or(first, |(first, _)| first);
        text += &format!("| [{code}]({code}.md) | `{name}` | {first} |\n");
    }
    text
}

fn compare(file: &str, expected: &str) {
    let path = repository(file);
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{file} is not as it should be: UPDATE_PAGES=1 cargo test --test pages rewrites it"
    );
}

#[test]
fn every_page_says_how_to_hide_its_kind() {
    for code in Code::ALL {
        compare(&format!("docs/codes/{code}.md"), &expected(code));
    }
}

#[test]
fn the_list_of_pages_is_whole() {
    compare("docs/codes/README.md", &list());
}

/// What GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    kept.chars()
        .filter(|character| character.is_alphanumeric() || " -_".contains(*character))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let link = Regex::new(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)").unwrap();
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map(repository).to_vec();
    for folder in ["docs", "docs/codes"] {
        let entries = fs::read_dir(repository(folder)).unwrap().map(|entry| entry.unwrap().path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    let mut dead = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for found in link.captures_iter(&text).filter(|found| !found[1].contains("://")) {
            let target =
                if found[1].is_empty() { page.clone() } else { page.parent().unwrap().join(&found[1]) };
            let heading = found.get(2).map(|heading| heading.as_str());
            let has = |heading: &str| {
                let text = fs::read_to_string(&target).unwrap_or_default();
                text.lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| anchor(line.trim_start_matches(['#', ' '])) == heading)
            };
            if !target.exists() || !heading.is_none_or(has) {
                dead.push(format!("{}: {}", page.display(), &found[0]));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
