//! House rules: the layer table of `src/lib.rs` and the other promises about structure, checked on every file.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "house/files.rs"]
mod files;
#[path = "house/layers.rs"]
mod layers;
#[path = "house/measures.rs"]
mod measures;
#[path = "house/rules.rs"]
mod rules;

use files::{File, project};

/// Fails with every complaint on a line of its own.
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn every(files: &[File], rule: impl Fn(&File) -> Vec<String>) {
    none(
        files
            .iter()
            .flat_map(|file| rule(file).into_iter().map(|text| format!("{}: {text}", file.path)))
            .collect(),
    );
}

#[test]
fn every_path_obeys_the_layer_table() {
    let layers = layers::Table::read(&project().file("src/lib.rs").text);
    every(&project().sources(), |file| layers::breaches(&layers, file));
}

#[test]
fn the_layer_table_and_the_folders_are_the_same() {
    let layers = layers::Table::read(&project().file("src/lib.rs").text);
    none(layers::mismatches(&layers, &project().folders()));
}

#[test]
fn every_file_opens_with_one_sentence() {
    every(&project().files, rules::opening);
}

#[test]
fn no_file_is_too_long() {
    every(&project().sources(), rules::length);
}

#[test]
fn no_file_or_folder_has_a_name_that_says_nothing() {
    every(&project().files, rules::name);
}

#[test]
fn every_file_is_declared_as_a_module() {
    none(rules::orphans(&project().sources()));
}

#[test]
fn what_may_fail_is_never_unwrapped() {
    every(&project().sources(), rules::unwraps);
}

#[test]
fn crates_and_names_stay_in_their_folders() {
    every(&project().sources(), rules::strays);
}

#[test]
fn a_folder_has_one_enum_of_errors() {
    none(rules::error_enums(&project().sources()));
}

#[test]
fn every_link_of_the_pages_leads_somewhere() {
    for page in project().pages() {
        none(rules::dead_links(&page, |target| project().exists(&page.path, target)));
    }
}

#[test]
fn output_formats_and_files_are_the_same() {
    let names: Vec<String> =
        ssot_lint::report::Format::ALL.iter().map(|format| format.name().replace('-', "_")).collect();
    none(rules::register("src/report/format", &project().sources(), &names));
}

#[test]
fn kinds_of_finding_and_files_are_the_same() {
    let sources = project().sources();
    let by_file = ssot_lint::rule::REGISTER.iter().map(|(code, _)| code);
    let codes = by_file.chain(ssot_lint::rule::SURVEYS.iter().map(|(code, _)| code));
    let registered: Vec<String> = codes.map(|code| code.name().replace('-', "_")).collect();
    let is_kind = |file: &File| {
        let is_alone = file.path.starts_with("src/rule/") && !file.path.ends_with("/mod.rs");
        is_alone
            && ["pub fn check(subject", "pub fn survey(survey"].iter().any(|sign| file.code().contains(sign))
    };
    let kinds: Vec<File> = sources.into_iter().filter(is_kind).collect();
    none(rules::register("src/rule", &kinds, &registered));
}

#[test]
fn a_page_says_so_when_its_code_is_not_built() {
    let sources = project().sources();
    for code in ssot_lint::model::Code::ALL {
        let file = format!("src/rule/{}.rs", code.name().replace('-', "_"));
        let is_built = sources.iter().any(|source| source.path == file);
        let says_not = ssot_lint::report::explanation(code).contains("does not report it yet");
        assert_ne!(is_built, says_not, "docs/codes/{code}.md and {file}");
    }
}

#[test]
fn the_medians_are_printed() {
    let sources = project().sources();
    let files = measures::median(sources.iter().map(|file| file.product().lines().count()).collect());
    let functions = measures::median(
        sources.iter().flat_map(|file| measures::function_lengths(file.product())).collect(),
    );
    println!("median file: {files} product lines; median function: {functions} lines");
    assert!(files > 0 && functions > 0, "nothing was measured");
}
