//! Reports for other programs: where they go, what paths they name, and that the edits in them do what they say.

use super::{CONSUMER, Project, fails};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A byte order mark, an emoji and a tab before the import, and line breaks of Windows.
const NASTY: &str =
    "\u{feff}é = '😀'; from shop.prices import VAT\r\nif é:\r\n\tfrom shop.prices import VAT\r\n";
const MENDED: &str = "\u{feff}é = '😀'; from shop.tax import VAT\r\nif é:\r\n\tfrom shop.tax import VAT\r\n";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn report(project: &Project, format: &str) -> Value {
    json(&project.run(&["check", "--output-format", format]).out)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

#[test]
fn several_reports_are_written_at_once() {
    let project = Project::new();
    let formats = ["sarif=out.sarif", "junit=out.xml", "github"];
    let arguments = formats.iter().flat_map(|format| ["--output-format", format]);
    let said = project.run(&["check"].into_iter().chain(arguments).collect::<Vec<_>>());
    assert_eq!((said.code, &*said.err), (Some(1), ""));
    assert!(
        said.out.starts_with("::error file=shop/cart.py,line=1,endLine=1,col=25,endColumn=28,"),
        "{}",
        said.out
    );
    assert_eq!(list(&json(&project.read("out.sarif"))["runs"][0]["results"]).len(), 1);
    let junit = project.read("out.xml");
    assert!(
        junit.contains("tests=\"4\" skipped=\"0\" failures=\"1\""),
        "a case for each of four files: {junit}"
    );
}

#[test]
fn the_format_without_a_file_obeys_output_file_and_statistics() {
    let project = Project::new();
    let two = ["check", "--output-format", "gitlab=a.json", "--output-format", "concise"];
    let said = project.run(&[&two[..], &["--output-file", "b.txt"]].concat());
    assert_eq!((said.code, &*said.out), (Some(1), ""));
    assert!(project.read("a.json").starts_with('['));
    assert!(project.read("b.txt").starts_with("shop/cart.py:1:25"));
    let counts = "1  SSOT001  legacy-path  (1 fixable)\n";
    assert_eq!(project.run(&[&two[..], &["--statistics"]].concat()).out, counts);
    let one = ["check", "--output-format", "json=c.json"];
    assert_eq!(project.run(&one).out, "");
    assert_eq!(project.run(&[&one[..], &["--statistics"]].concat()).out, counts);
    assert!(project.read("c.json").starts_with('{'));
}

#[test]
fn two_reports_for_one_place_are_refused() {
    let project = Project::new();
    let formats = |one, other| ["check", "--output-format", one, "--output-format", other];
    fails(
        &project,
        &formats("full", "github"),
        2,
        &["two formats would go to standard output: `full` and `github`", "`--output-format full=FILE`"],
    );
    let words =
        ["two reports would go to `./shop/../out`: `sarif` and `gitlab`", "give each a file of its own"];
    fails(&project, &formats("sarif=out", "gitlab=./shop/../out"), 2, &words);
    let to_one = [&formats("sarif=out", "full")[..], &["--output-file", "out"]].concat();
    fails(&project, &to_one, 2, &["two reports would go to `out`: `sarif` and `full`"]);
    let unused = ["check", "--output-format", "sarif=out", "--output-file", "other"];
    fails(&project, &unused, 2, &["`--output-file` has nothing to write", "leave it out"]);
    fails(&project, &["check", "--output-format", "sarif="], 2, &["no file stands behind `sarif=`"]);
    fails(&project, &["check", "--output-format", "sarfi=a"], 2, &["invalid value 'sarfi'", "'sarif'"]);
    let nowhere = ["check", "--output-format", "sarif=no/out.sarif"];
    fails(&project, &nowhere, 2, &["no/out.sarif", "No such file"]);
    assert!(!project.root().join("out").exists(), "nothing is written when the arguments are wrong");
}

#[test]
fn migrate_keeps_to_its_own_formats() {
    let words = ["`migrate` writes `full` or `json`", "`ssot-lint check --output-format diff`"];
    fails(&Project::new(), &["migrate", "--output-format", "diff"], 2, &words);
    let words = ["invalid value 'xml'", "[possible values: full, json]"];
    fails(&Project::new(), &["migrate", "--output-format", "xml"], 2, &words);
}

#[test]
fn a_diff_is_what_migrate_shows_and_git_takes_it() {
    let project = Project::new();
    project.write("shop/größe 😀.py", NASTY);
    let said = project.run(&["check", "--output-format", "diff"]);
    assert_eq!(said.out, project.run(&["migrate", "--dry-run"]).out);
    assert!(said.err.starts_with("Found 3 findings (3 fixable"), "{}", said.err);
    assert_eq!(project.read("shop/cart.py"), CONSUMER);
    if project.commit_all() {
        project.run(&["check", "--output-format", "diff=change.patch"]);
        assert!(project.git(&["apply", "change.patch"]));
        assert_eq!(project.read("shop/größe 😀.py"), MENDED);
        assert_eq!(project.run(&["check", "--output-format", "diff"]).out, "");
    }
}

/// The byte at a row and a column, both from 1, where a column is as wide as `width` says.
fn offset(text: &str, row: usize, column: usize, width: fn(char) -> usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(row - 1).map(str::len).sum();
    let (mut at, mut left) = (start, column - 1);
    for c in text[start..].chars() {
        if left == 0 {
            break;
        }
        left -= width(c);
        at += c.len_utf8();
    }
    at
}

/// `text` after each `(first row, column, last row, column, text)`, all places of the text as it was.
fn replaced(text: &str, mut all: Vec<([usize; 4], &str)>, width: fn(char) -> usize) -> String {
    all.sort_unstable();
    let mut text = text.to_owned();
    for ([row, column, last_row, last_column], new) in all.into_iter().rev() {
        let place = offset(&text, row, column, width)..offset(&text, last_row, last_column, width);
        text.replace_range(place, new);
    }
    text
}

fn sarif_edits(report: &Value) -> Vec<([usize; 4], &str)> {
    let results = list(&report["runs"][0]["results"]).iter();
    let fixes = results.flat_map(|result| list(&result["fixes"]));
    let replacements = fixes.flat_map(|fix| list(&fix["artifactChanges"][0]["replacements"]));
    let edits = replacements.map(|replacement| {
        let region = ["startLine", "startColumn", "endLine", "endColumn"];
        let place = region.map(|name| number(&replacement["deletedRegion"][name]));
        (place, replacement["insertedContent"]["text"].as_str().unwrap())
    });
    edits.collect()
}

#[test]
fn the_edits_of_sarif_mend_the_file() {
    let project = Project::new();
    fs::remove_file(project.root().join("shop/cart.py")).unwrap();
    project.write("shop/größe 😀.py", NASTY);
    let report = report(&project, "sarif");
    let uri = &report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "shop/gr%C3%B6%C3%9Fe%20%F0%9F%98%80.py");
    assert_eq!(report["runs"][0]["columnKind"], "unicodeCodePoints");
    // A byte order mark is no column.
    let (mark, rest) = NASTY.split_at(3);
    assert_eq!(format!("{mark}{}", replaced(rest, sarif_edits(&report), |_| 1)), MENDED);
}

#[test]
fn the_suggestions_of_rdjson_mend_the_file() {
    let project = Project::new();
    fs::remove_file(project.root().join("shop/cart.py")).unwrap();
    project.write("shop/größe 😀.py", NASTY);
    let report = report(&project, "rdjson");
    let diagnostics = list(&report["diagnostics"]);
    assert_eq!(diagnostics[0]["location"]["path"], "shop/größe 😀.py");
    let place = |range: &Value| {
        let at = |end: &str, name: &str| number(&range[end][name]);
        [at("start", "line"), at("start", "column"), at("end", "line"), at("end", "column")]
    };
    // In bytes from the start of the line, mark and all: `VAT` of either import.
    let found: Vec<[usize; 4]> = diagnostics.iter().map(|found| place(&found["location"]["range"])).collect();
    assert_eq!(found, [[1, 41, 1, 44], [3, 26, 3, 29]]);
    let suggestions = diagnostics.iter().flat_map(|diagnostic| list(&diagnostic["suggestions"]));
    let edits = suggestions.map(|one| (place(&one["range"]), one["text"].as_str().unwrap()));
    assert_eq!(replaced(NASTY, edits.collect(), char::len_utf8), MENDED);
}

#[test]
fn edits_that_hold_only_with_other_files_are_not_offered() {
    let project = Project::new();
    project.write("ssot.toml", "[[symbol]]\ncanonical = \"shop.tax.Vat\"\nlegacy = [\"shop.prices.VAT\"]\n");
    project.write("shop/tax.py", "Vat = 1\n");
    project.write("shop/prices.py", "from shop.tax import Vat as VAT\n");
    project.write("shop/cart.py", CONSUMER);
    project.write("shop/other.py", "from shop.cart import VAT\n");
    project.write("shop/third.py", "from shop.prices import VAT\nprint(VAT)\n");
    project.write("shop/looks.py", "import shop.prices\n\ndef look():\n    return shop.prices.VAT\n");
    project.write("test_it.py", "from unittest import mock\n\nmock.patch('shop.prices.VAT', 2)\n");
    let report = report(&project, "sarif");
    let results = list(&report["runs"][0]["results"]).iter();
    let offered = results.filter(|result| !result["fixes"].is_null());
    let files: Vec<&str> = offered
        .map(|result| result["fixes"][0]["artifactChanges"][0]["artifactLocation"]["uri"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["shop/third.py"]);
    let mended = replaced(&project.read("shop/third.py"), sarif_edits(&report), |_| 1);
    assert_eq!(mended, "from shop.tax import Vat\nprint(Vat)\n");
    let diff = project.run(&["check", "--output-format", "diff"]).out;
    for file in ["cart", "other", "third", "looks"] {
        assert!(diff.contains(&format!("+++ b/shop/{file}.py")), "{file}: {diff}");
    }
}

#[test]
fn sarif_tells_what_could_not_be_read() {
    let project = Project::new();
    project.write("shop/broken.py", "from shop.prices import (VAT\n");
    let said = project.run(&["check", "--output-format", "sarif"]);
    assert_eq!(said.code, Some(2));
    let invocation = &json(&said.out)["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = &invocation["toolExecutionNotifications"][0];
    assert_eq!(told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "shop/broken.py");
}

/// A project that is a part of a repository.
fn nested() -> Project {
    let project = Project::new();
    let root = project.root();
    fs::create_dir_all(root.join("apps/one")).unwrap();
    for part in ["ssot.toml", "shop"] {
        fs::rename(root.join(part), root.join("apps/one").join(part)).unwrap();
    }
    fs::create_dir(root.join(".git")).unwrap();
    project
}

#[test]
fn servers_get_paths_from_the_top_of_the_repository_and_pipes_from_the_working_folder() {
    let project = nested();
    let out = |folder: &str, format: &str, paths: &[&str]| {
        let mut command = project.command(&[&["check", "--output-format", format], paths].concat());
        let output = command.current_dir(project.root().join(folder)).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for (folder, paths) in [(".", &["apps/one"][..]), ("apps/one", &[]), ("apps/one/shop", &["."])] {
        assert!(out(folder, "github", paths).contains("file=apps/one/shop/cart.py,"), "{folder}");
        assert!(out(folder, "gitlab", paths).contains("\"path\":\"apps/one/shop/cart.py\""), "{folder}");
        assert!(out(folder, "sarif", paths).contains("\"uri\":\"apps/one/shop/cart.py\""), "{folder}");
        assert!(out(folder, "json", paths).contains("\"filename\": \"shop/cart.py\""), "{folder}");
        for format in ["rdjson", "checkstyle"] {
            let text = out(folder, format, paths);
            let name = if format == "rdjson" { "\"path\":\"" } else { "<file name=\"" };
            let path = text.split_once(name).unwrap().1.split('"').next().unwrap();
            assert!(project.root().join(folder).join(path).is_file(), "{folder}: {path}");
        }
    }
}

#[test]
fn a_rule_file_elsewhere_in_the_repository_has_its_path_there() {
    let project = nested();
    project.write("apps/one/ssot.toml", "extend-rules = [\"../../rules.toml\"]\n");
    project.write("rules.toml", "[[symbol]]\ncanonical = \"shop.tax.GONE\"\n");
    let said = project.run(&["check", "apps/one", "--output-format", "gitlab"]);
    assert_eq!(json(&said.out)[0]["location"]["path"], "rules.toml");
}

fn with_step_summary(project: &Project, file: &Path) -> super::Said {
    let mut command = project.command(&["check", "--output-format", "github"]);
    super::said(command.env("GITHUB_STEP_SUMMARY", file).output().unwrap())
}

#[test]
fn the_summary_of_a_step_gets_the_table() {
    let project = Project::new();
    project.write("summary.md", "# Before\n");
    let said = with_step_summary(&project, &project.root().join("summary.md"));
    assert_eq!((said.code, &*said.err), (Some(1), ""));
    let text = project.read("summary.md");
    assert!(text.starts_with("# Before\n### ssot-lint\n\nFound 1 finding"), "{text}");
    assert!(text.contains("| `shop/cart.py:1:25` | SSOT001 | error |"), "{text}");
    let said = with_step_summary(&project, &project.root().join("no/summary.md"));
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("warning: the summary of the step is not written"), "{}", said.err);
    assert!(said.err.contains("GITHUB_STEP_SUMMARY"), "{}", said.err);
}

/// What a baseline or `--since` hides is not reported, so no format offers to mend it.
#[test]
fn edits_of_what_is_known_are_not_shown() {
    let project = Project::new();
    let two = "from shop.prices import VAT\n\n\ndef f():\n    return VAT\n";
    project.write("shop/basket.py", two);
    assert_eq!(project.run(&["baseline"]).code, Some(0));
    project.write("shop/page.py", CONSUMER);
    project.write(
        "shop/basket.py",
        format!("{two}\n\ndef g():\n    from shop.prices import VAT as V\n    return V\n"),
    );
    let check =
        |format: &str| project.run(&["check", "--baseline", ".ssot-baseline", "--output-format", format]).out;
    let diff = check("diff");
    for (part, times) in
        [("+++ b/", 2), ("\n+from shop.tax import VAT\n", 1), ("\n+    from shop.tax import VAT as V\n", 1)]
    {
        assert_eq!(diff.matches(part).count(), times, "{part}: {diff}");
    }
    assert!(diff.contains("shop/page.py") && !diff.contains("shop/cart.py"), "{diff}");
    assert_eq!(sarif_edits(&json(&check("sarif"))).len(), 2);
    let suggestions = json(&check("rdjson"));
    assert_eq!(list(&suggestions["diagnostics"]).len(), 2);
    assert!(
        list(&suggestions["diagnostics"]).iter().all(|one| !one["suggestions"].is_null()),
        "{suggestions}"
    );
    // All that is known alone: nothing to show.
    assert_eq!(project.run(&["baseline", "--allow-additions"]).code, Some(0));
    assert_eq!(check("diff"), "");
}
