//! Paths in files that are not code: in every command that meets them.

use super::{Project, RULES, Said, fails};
use serde_json::Value;

/// A module that moved, with the class in it; two files of data, and code that needs no change.
const MODULE: &str =
    "[[module]]\nid = \"orders\"\ncanonical = \"shop.orders\"\nlegacy = [\"shop.ordering\"]\n";

fn project() -> Project {
    let project = Project::new();
    project.write("ssot.toml", format!("{RULES}{MODULE}"));
    project.write("shop/cart.py", "from shop.tax import VAT\n");
    project.write("shop/orders.py", "class Order:\n    pass\n");
    project.write("shop/ordering.py", "from shop.orders import Order\n");
    project.write("conf/app.yaml", "vat: shop.prices.VAT\norder: shop.ordering:Order\n");
    project.write("conf/app.json", "{\"order\": \"shop.ordering.Order\"}");
    project
}

/// The same with nothing in its data.
fn without_data() -> Project {
    let project = project();
    project.write("conf/app.yaml", "");
    project.write("conf/app.json", "");
    project
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}{}", said.out, said.err))
}

const MIGRATE: [&str; 4] = ["migrate", "--execute", "--allow-dirty", "--include-data"];

#[test]
fn a_finding_in_data_is_a_warning_that_a_plain_migration_leaves() {
    let project = project();
    let found = json(&project.run(&["check", "--output-format", "json"]));
    let first = &found["findings"][1];
    assert_eq!(first["filename"], "conf/app.yaml");
    assert_eq!((&first["code"], &first["severity"]), (&"SSOT005".into(), &"warning".into()));
    assert_eq!((&first["form"], &first["fix"]), (&"data".into(), &"unsafe".into()));
    assert_eq!((&first["certainty"], &first["applicability"]), (&"likely".into(), &"maybe-incorrect".into()));
    assert_eq!((&first["written"], &first["rule"]), (&"shop.prices.VAT".into(), &"vat".into()));
    assert!(first["help"].as_str().unwrap().contains("--include-data"), "{first}");
    assert_eq!(found["summary"]["findings"], 3);
    assert_eq!(found["summary"]["by_rule"]["orders"]["findings"], 2);
    let said = project.run(&["migrate", "--execute", "--allow-dirty"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert_eq!(said.err.matches("the path is data: rewritten only with --include-data").count(), 3);
    assert!(said.err.contains("Nothing to migrate; 3 findings left"), "{}", said.err);
    assert!(said.err.contains("Left because they are data: 3 paths; --include-data"), "{}", said.err);
    assert_eq!(project.read("conf/app.yaml"), "vat: shop.prices.VAT\norder: shop.ordering:Order\n");
}

#[test]
fn with_include_data_it_is_one_run_that_can_be_taken_back() {
    let project = project();
    project.write("shop/cart.py", "from shop.prices import VAT\n");
    let preview = project.run(&["migrate", "--include-data"]);
    assert!(preview.err.contains("`ssot-lint migrate --execute --include-data` does it"), "{}", preview.err);
    let said = project.run(&["migrate", "--execute", "--backup=.old", "--include-data"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("Migrated 4 findings in 3 files."), "{}", said.err);
    assert_eq!(project.read("conf/app.yaml"), "vat: shop.tax.VAT\norder: shop.orders:Order\n");
    assert_eq!(project.read("conf/app.json"), "{\"order\": \"shop.orders.Order\"}");
    assert!(project.read("conf/app.yaml.old").starts_with("vat: shop.prices.VAT"));
    assert_eq!(project.run(&["check"]).code, Some(0));
    let again = project.run(&MIGRATE);
    assert!(again.code == Some(0) && again.err.contains("Nothing to migrate."), "{}", again.err);
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("conf/app.json"), "{\"order\": \"shop.ordering.Order\"}");
    assert_eq!(project.read("shop/cart.py"), "from shop.prices import VAT\n");
}

#[test]
fn the_diff_of_a_preview_is_one_that_git_takes() {
    let project = project();
    if !project.commit_all() {
        return;
    }
    let said = project.run(&["migrate", "--include-data"]);
    project.write(".git/data.patch", &said.out);
    assert!(project.git(&["apply", ".git/data.patch"]), "{}", said.out);
    assert_eq!(project.read("conf/app.json"), "{\"order\": \"shop.orders.Order\"}");
}

#[test]
fn paths_rules_and_batches_choose_among_data_too() {
    let project = project();
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--include-data", "--rule", "vat"]);
    assert!(said.err.contains("Migrated 1 finding in 1 file."), "{}", said.err);
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--include-data", "conf/app.json"]);
    assert!(said.err.contains("Migrated 1 finding in 1 file."), "{}", said.err);
    assert_eq!(project.read("conf/app.yaml"), "vat: shop.tax.VAT\norder: shop.ordering:Order\n");
    let batch = "[[batch]]\nname = \"conf\"\npaths = [\"conf/\"]\n";
    project.write("ssot.toml", format!("{RULES}{MODULE}{batch}"));
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--include-data", "--batch", "conf"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(project.read("conf/app.yaml"), "vat: shop.tax.VAT\norder: shop.orders:Order\n");
}

#[test]
fn a_shim_that_data_names_stays() {
    let project = project();
    let shims = project.run(&["shims"]);
    assert!(shims.out.contains("conf/app.yaml:1:6  data  shop.prices.VAT"), "{}", shims.out);
    assert!(shims.out.contains("0 can be deleted now"), "{}", shims.out);
    let remove = ["migrate", "--execute", "--allow-dirty", "--remove-shims"];
    let said = project.run(&remove);
    let line = "not removed: `shop.prices`: 1 place refers to it: conf/app.yaml:1 names it as data";
    assert!(said.code == Some(1) && said.err.contains(line), "{}", said.err);
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims", "--include-data"]);
    assert!(said.code == Some(0) && said.err.contains("Removed 2 shims."), "{}", said.err);
}

#[test]
fn a_shim_that_data_names_is_not_called_unused() {
    let project = project();
    let unused = |project: &Project| {
        let said = project.run(&["check", "--select", "SSOT009", "--output-format", "concise"]);
        said.out.matches("nothing refers to the shim").count()
    };
    assert_eq!(unused(&project), 0);
    project.write("conf/app.yaml", "");
    project.write("conf/app.json", "");
    assert_eq!(unused(&project), 2);
}

#[test]
fn what_declares_or_repeats_paths_is_no_data() {
    let project = without_data();
    project.write("ssot.toml", format!("extend-rules = [\"rules/*.toml\"]\n{RULES}"));
    project.write("rules/orders.toml", MODULE);
    project.write("below/ssot.toml", MODULE);
    let table = format!("[tool.ssot-lint]\n{}", MODULE.replace("[[module]]", "[[tool.ssot-lint.module]]"));
    project.write("below/pyproject.toml", table);
    project.write("shop/cart.py", "from shop.prices import VAT\n");
    for (format, file) in [("json", "report.json"), ("gitlab", "quality.json"), ("sarif", "sarif.json")] {
        project.run(&["check", "--output-format", &format!("{format}={file}")]);
    }
    project.run(&["baseline", "--output", "known.conf"]);
    let found = json(&project.run(&["check", "--output-format", "json"]));
    assert_eq!(found["summary"]["findings"], 1, "{found}");
}

#[test]
fn configuration_of_any_kind_is_left_out_when_it_is_given_by_hand() {
    let project = without_data();
    project.write("other.toml", RULES);
    let said = project.run(&["--config", "other.toml", "check"]);
    assert_eq!(said.code, Some(0), "{}", said.out);
}

#[test]
fn baselines_and_revisions_know_data() {
    let project = project();
    project.run(&["baseline", "--output", "known.txt"]);
    assert_eq!(project.run(&["check", "--baseline", "known.txt"]).code, Some(0));
    project.write("conf/app.json", "{\"order\": \"shop.ordering.Order\", \"x\": \"shop.ordering.Order\"}");
    let said = project.run(&["check", "--baseline", "known.txt"]);
    assert!(said.code == Some(1) && said.out.contains("Found 1 finding"), "{}", said.out);
    if !project.commit_all() {
        return;
    }
    assert_eq!(project.run(&["check", "--since", "HEAD"]).code, Some(0));
    project.write("conf/more.ini", "[a]\nb = shop.prices.VAT\n");
    let said = project.run(&["check", "--since", "HEAD", "--output-format", "concise"]);
    assert!(said.code == Some(1) && said.out.starts_with("conf/more.ini:2:5: SSOT005"), "{}", said.out);
    assert_eq!(project.run(&["report", "--history", "1"]).code, Some(0));
}

#[test]
fn every_format_tells_of_data() {
    let project = project();
    for format in [
        "full",
        "concise",
        "grouped",
        "json",
        "json-lines",
        "sarif",
        "github",
        "gitlab",
        "azure",
        "junit",
        "rdjson",
        "checkstyle",
        "markdown",
    ] {
        let said = project.run(&["check", "--output-format", format]);
        assert!(said.code == Some(1) && said.out.contains("app.yaml"), "{format}: {}{}", said.out, said.err);
    }
    let diff = project.run(&["check", "--output-format", "diff"]);
    assert_eq!((diff.code, &*diff.out), (Some(1), ""), "what migrate leaves is no part of it");
}

#[test]
fn standard_input_may_be_data() {
    let project = project();
    let check = |name: &str, text: &str| {
        let arguments = ["check", "--output-format", "concise", "--stdin-filename", name, "-"];
        project.feed(&arguments, text.as_bytes())
    };
    assert!(check("conf/app.yaml", "\n- shop.prices.VAT\n").out.starts_with("conf/app.yaml:2:3: SSOT005"));
    assert_eq!(check("conf/new.toml", "a = 'shop.prices.VAT'\n").code, Some(1));
    assert_eq!(check("conf/new.toml", "a = 1\n").code, Some(0));
    let said = check("notes.txt", "shop.prices.VAT\n");
    assert!(said.code == Some(2) && said.err.contains("nor data"), "{}", said.err);
}

#[test]
fn without_rules_for_python_no_data_is_read() {
    let project = project();
    project.write("ssot.toml", "[[symbol]]\ncanonical = \"a::B\"\nlegacy = [\"c::B\"]\n");
    let found = json(&project.run(&["check", "--output-format", "json"]));
    assert_eq!(found["summary"]["files"], 6, "{found}");
}

#[cfg(unix)]
#[test]
fn data_that_cannot_be_read_is_never_a_pass() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    let file = project.root().join("conf/app.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&file).is_ok() {
        println!("permissions do not hold here: nothing was tried");
        return;
    }
    fails(&project, &["migrate"], 2, &["conf/app.json", "not read"]);
    assert!(project.run(&["check"]).out.contains("SSOT000"));
}

#[test]
fn binary_files_are_passed_over_and_ignored_ones_too() {
    let project = project();
    project.write("conf/app.yaml", "a: \0 shop.prices.VAT\n");
    project.write("conf/app.json", "");
    project.write("build/x.yaml", "a: shop.prices.VAT\n");
    project.write(".gitignore", "build/\n");
    assert_eq!(project.run(&["check"]).code, Some(0));
    assert_eq!(project.run(&["check", "build/x.yaml"]).code, Some(1));
    assert_eq!(project.run(&["check", "build/x.yaml", "--force-exclude"]).code, Some(0));
    assert_eq!(project.run(&["check", "--ignore", "SSOT005", "build/x.yaml"]).code, Some(0));
}

#[test]
fn comments_for_data_are_written_by_hand() {
    let project = project();
    let words = ["conf/app.yaml:1:6: not suppressed", "comments in data are written by hand"];
    fails(&project, &["check", "--add-ignore"], 1, &words);
}

#[test]
fn the_name_of_a_task_is_no_reference_to_a_shim() {
    let project = project();
    project.write("conf/app.yaml", "task: shop.ordering.place\n");
    project.write("conf/app.json", "");
    let task = "@app.task(name=\"shop.ordering.place\")\ndef place():\n    pass\n";
    project.write("shop/orders.py", format!("class Order:\n    pass\n\n\n{task}"));
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims"]);
    assert!(said.code == Some(0) && said.err.contains("Removed 2 shims."), "{}", said.err);
    assert_eq!(project.run(&["check"]).code, Some(0));
}

#[test]
fn a_task_that_moved_is_worth_knowing_and_no_more() {
    let project = without_data();
    project.write("shop/orders.py", "class Order:\n    pass\n\n\n@shared_task\ndef place():\n    pass\n");
    let said = project.run(&["check", "--output-format", "json"]);
    let (found, first) = (json(&said), json(&said)["findings"][0].clone());
    assert_eq!(
        (said.code, &first["severity"], &first["certainty"]),
        (Some(0), &"info".into(), &"guess".into())
    );
    assert!(first["help"].as_str().unwrap().contains("name=\"shop.ordering.place\""), "{first}");
    assert!(first["fix"].is_null() && found["summary"]["by_rule"]["orders"]["findings"] == 0, "{found}");
    assert_eq!(project.run(&["migrate", "--include-data"]).code, Some(0));
}

#[test]
fn the_lines_around_data_are_not_shown() {
    let project = without_data();
    project.write(".env", "KEY=a-secret\nVAT=shop.prices.VAT\nPASSWORD=b-secret\n");
    for format in ["full", "json", "sarif", "github", "gitlab", "markdown"] {
        let said = project.run(&["check", "--output-format", format]);
        assert!(said.out.contains("shop.prices.VAT"), "{format}: {}", said.out);
        assert!(!said.out.contains("a-secret") && !said.out.contains("b-secret"), "{format}: {}", said.out);
    }
}

#[test]
fn what_stands_beside_a_path_is_shown_to_nobody() {
    let project = without_data();
    project.write("conf/app.json", "{\"é\": \"geheim\", \"order\": \"shop.ordering.Order\"}");
    for format in ["full", "sarif", "rdjson"] {
        let said = project.run(&["check", "--output-format", format]);
        assert!(said.out.contains("shop.ordering.Order"), "{}", said.out);
        assert!(!said.out.contains("geheim"), "{}", said.out);
    }
    let column = "{\"é\": \"geheim\", \"order\": \"".len() + 1;
    let said = project.run(&["check", "--output-format", "rdjson"]);
    assert!(said.out.contains(&format!("\"column\":{column}")), "{}", said.out);
    let said = project.run(&["check"]);
    assert!(said.out.contains(&format!("conf/app.json:1:{}", column - 1)), "{}", said.out);
}

#[test]
fn a_shim_whose_name_may_be_that_of_a_file_stays() {
    let project = without_data();
    project.write("shop/orders.py", "class Order:\n    pass\nlog = 1\n");
    project.write("conf/app.yaml", "logger: shop.ordering.log\n");
    let shims = project.run(&["shims"]);
    assert!(shims.out.contains("conf/app.yaml:1:9  data  shop.ordering.log"), "{}", shims.out);
    project.write("conf/app.yaml", "file: shop.ordering.json\n");
    let shims = project.run(&["shims"]);
    assert!(!shims.out.contains("conf/app.yaml"), "{}", shims.out);
}

#[test]
fn two_keys_that_would_become_one_stay() {
    let project = without_data();
    let rule = MODULE.replace("[\"shop.ordering\"]", "[\"shop.ordering\", \"shop.purchases\"]");
    project.write("ssot.toml", format!("{RULES}{rule}"));
    let text = "{\"shop.ordering\": 1, \"shop.purchases\": 2, \"shop.ordering.Order\": \"shop.purchases\"}";
    project.write("conf/app.json", text);
    let said = project.run(&MIGRATE);
    assert_eq!(said.err.matches("two keys would become `shop.orders`").count(), 2, "{}", said.err);
    let text = "{\"shop.ordering\": 1, \"shop.purchases\": 2, \"shop.orders.Order\": \"shop.orders\"}";
    assert_eq!(project.read("conf/app.json"), text);
}
