//! `migrate --remove-shims`: which shims go, which stay and why, and the way back.

use super::{Project, RULES, Said};
use serde_json::Value;

const REMOVE: [&str; 4] = ["migrate", "--execute", "--allow-dirty", "--remove-shims"];

fn exists(project: &Project, path: &str) -> bool {
    project.root().join(path).exists()
}

/// The shim stays, for this reason.
fn stays(project: &Project, reason: &str) -> Said {
    let said = project.run(&REMOVE);
    assert!(exists(project, "shop/prices.py"), "{}", said.err);
    let line = format!("not removed: `shop.prices`: {reason}");
    assert!(said.code == Some(1) && said.err.contains(&line), "{line}: {}", said.err);
    assert!(said.err.contains("No shim to remove; 1 shim left, see above."), "{}", said.err);
    said
}

#[test]
fn a_shim_goes_once_its_consumers_have_moved_and_comes_back() {
    let project = Project::new();
    let said = project.run(&REMOVE);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err.contains("Migrated 1 finding in 1 file.") && said.err.contains("Removed 1 shim."),
        "{}",
        said.err
    );
    assert!(!exists(&project, "shop/prices.py"));
    assert_eq!(project.run(&["check"]).code, Some(0));
    let runs = project.run(&["runs"]).out;
    assert_eq!(runs.matches("in effect  1 file  vat\n").count(), 2, "{runs}");
    let log = std::fs::read_dir(project.root().join(".ssot-lint/runs"))
        .unwrap()
        .map(|run| std::fs::read_to_string(run.unwrap().path().join("log.jsonl")).unwrap());
    assert!(log.collect::<String>().contains("\"removal of a shim\""));
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("shop/prices.py"), "from shop.tax import VAT\n");
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
}

#[test]
fn a_preview_is_a_patch_that_git_takes() {
    let project = Project::new();
    if !project.commit_all() {
        return;
    }
    let said = project.run(&["migrate", "--remove-shims"]);
    assert!(said.err.contains("Would remove 1 shim."), "{}", said.err);
    assert!(exists(&project, "shop/prices.py"));
    project.write(".git/shims.patch", &said.out);
    assert!(project.git(&["apply", ".git/shims.patch"]), "{}", said.out);
    assert!(!exists(&project, "shop/prices.py"));
    assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
}

#[test]
fn what_is_not_safe_stays_with_a_reason() {
    let project = Project::new();
    project
        .write("shop/page.py", "import importlib\nNAME = 'prices'\nimportlib.import_module('shop.prices')\n");
    stays(&project, "1 place refers to it");
    project.write("shop/page.py", "");
    project.write("shop/prices.py", "from shop.tax import VAT\nprint(1)\n");
    stays(&project, "it does more than hand on: it calls something");
    project.write("shop/prices.py", "from shop.tax import VAT\n");
    project.write("shop/prices.pyi", "class VAT: ...\n");
    stays(&project, "the stub beside it describes more: delete both by hand");
    std::fs::remove_file(project.root().join("shop/prices.pyi")).unwrap();
    project.write("ssot.toml", format!("{RULES}remove-on = 2026-12-01\n"));
    stays(&project, "its rule keeps it until 2026-12-01");
    project.write("ssot.toml", format!("{RULES}removed-in = \"2.0\"\n"));
    stays(&project, "its rule keeps it until version 2.0");
    project.write("ssot.toml", format!("{RULES}remove-on = 2026-11-20\n"));
    assert_eq!(project.run(&REMOVE).code, Some(0));
    assert!(!exists(&project, "shop/prices.py"));
}

#[test]
fn a_module_stays_that_its_package_names_for_star_imports() {
    let project = Project::new();
    project.write("shop/__init__.py", "__all__ = [\"prices\", \"tax\"]\n");
    stays(&project, "1 place refers to it");
}

#[test]
fn a_stub_goes_with_its_shim_and_comes_back_with_it() {
    let project = Project::new();
    let stub = "from shop.tax import VAT as VAT\n\n__all__ = [\"VAT\"]\n";
    project.write("shop/prices.pyi", stub);
    let said = project.run(&REMOVE);
    assert!(said.code == Some(0) && said.err.contains("Removed 1 shim."), "{}", said.err);
    assert!(!exists(&project, "shop/prices.py") && !exists(&project, "shop/prices.pyi"));
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("shop/prices.pyi"), stub);
}

#[test]
fn nothing_goes_while_a_file_cannot_be_read() {
    let project = Project::new();
    project.write("shop/broken.py", "def (\n");
    let said = project.run(&REMOVE);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("not removed: `shop.prices`: not every file could be read"), "{}", said.err);
    assert!(exists(&project, "shop/prices.py"));
}

#[test]
fn a_package_stays_for_its_modules() {
    let project = Project::new();
    project.write("ssot.toml", "[[module]]\ncanonical = \"shop.tax\"\nlegacy = [\"shop.old\"]\n");
    project.write("shop/old/__init__.py", "from shop.tax import *\n");
    project.write("shop/old/other.py", "X = 1\n");
    project.write("shop/cart.py", "");
    let said = project.run(&REMOVE);
    let line = "`shop.old`: other files lie in the package: delete it by hand";
    assert!(said.err.contains(line), "{line}: {}", said.err);
    assert!(exists(&project, "shop/old/__init__.py"));
}

/// A module that holds more than the name `RATE`, which a rule moves to `shop.tax`.
fn more(text: &str) -> Project {
    let project = Project::new();
    project.write("ssot.toml", "[[symbol]]\ncanonical = \"shop.tax.RATE\"\nlegacy = [\"shop.more.RATE\"]\n");
    project.write("shop/tax.py", "VAT = 1\nRATE = 2\n");
    project.write("shop/more.py", text);
    project.write("shop/cart.py", "from shop.more import RATE\n");
    project
}

#[test]
fn a_name_goes_from_a_module_that_holds_more() {
    for (before, after) in [
        ("from shop.tax import RATE\n\ndef f(): ...\n", "\ndef f(): ...\n"),
        (
            "from shop.tax import VAT, RATE  # moved\n\n__all__ = [\"RATE\", \"f\"]\n\ndef f(): return VAT\n",
            "from shop.tax import VAT  # moved\n\n__all__ = [\"f\"]\n\ndef f(): return VAT\n",
        ),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.tax import RATE as RATE\nX = 1\n",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nX = 1\n",
        ),
    ] {
        let project = more(before);
        let said = project.run(&REMOVE);
        assert!(said.code == Some(0) && said.err.contains("Removed 1 shim."), "{}", said.err);
        assert_eq!(project.read("shop/more.py"), after);
        assert_eq!(project.run(&["rollback"]).code, Some(0));
        assert_eq!(project.read("shop/more.py"), before);
    }
}

#[test]
fn a_name_that_takes_a_decision_stays_with_its_reason() {
    for (text, reason) in [
        (
            "from shop.tax import *\n\ndef f(): ...\n",
            "it is made when somebody asks for it, or comes by a star",
        ),
        ("try:\n    from shop.tax import RATE\nexcept ImportError:\n    RATE = None\nX = 1\n", ""),
        (
            "try:\n    from shop.tax import RATE\nexcept ImportError:\n    pass\nX = 1\n",
            "it is not plainly imported",
        ),
        ("from shop import tax\nRATE = tax.RATE\nX = tax.VAT\n", "no import makes it"),
        (
            "from shop.tax import RATE\n__all__ = [n for n in dir()]\nX = 1\n",
            "the export list is put together",
        ),
        (
            "from shop.tax import RATE\n__all__ = ['X']\n__all__.append('RATE')\nX = 1\n",
            "no list spells it out in the export list",
        ),
    ] {
        let project = more(text);
        let said = project.run(&REMOVE);
        assert_eq!(project.read("shop/more.py"), text, "{}", said.err);
        let line = format!("`shop.more.RATE`: {reason}: delete it by hand");
        assert!(reason.is_empty() || said.err.contains(&line), "{line}: {}", said.err);
    }
    let project = more("from shop.tax import RATE\nX = 1\n");
    project.write("shop/more.pyi", "from shop.tax import RATE as RATE\nX: int\n");
    let said = project.run(&REMOVE);
    assert!(said.err.contains("a stub describes its module too: delete it by hand"), "{}", said.err);
}

#[test]
fn a_package_goes_on_loading_its_modules() {
    let project = more("X = 1\n");
    project.write("ssot.toml", "[[symbol]]\ncanonical = \"shop.tax.RATE\"\nlegacy = [\"shop.RATE\"]\n");
    let package = "from shop.tax import RATE\n\nX = 1\n";
    project.write("shop/__init__.py", package);
    project.write("shop/cart.py", "import shop\n\nshop.tax.VAT\n");
    let said = project.run(&REMOVE);
    let reason =
        "`shop.RATE`: its package loads `shop.tax` by it, and others may count on that: delete it by hand";
    assert!(said.err.contains(reason), "{}", said.err);
    // Another name of the same import keeps it loaded, but not when that goes too.
    let rules = "[[symbol]]\ncanonical = \"shop.tax.RATE\"\nlegacy = [\"shop.RATE\"]\n\
                 [[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.VAT\"]\n";
    project.write("ssot.toml", rules);
    project.write("shop/__init__.py", "from shop.tax import RATE, VAT\n\nX = 1\n");
    let said = project.run(&REMOVE);
    let reason =
        "`shop.VAT`: its package loads `shop.tax` by it, and others may count on that: delete it by hand";
    assert!(said.err.contains(reason) && said.err.contains("Removed 1 shim"), "{}", said.err);
    assert_eq!(project.read("shop/__init__.py"), "from shop.tax import VAT\n\nX = 1\n");
    project.write("shop/__init__.py", format!("import shop.tax\n{package}"));
    assert_eq!(project.run(&REMOVE).code, Some(0));
    assert_eq!(project.read("shop/__init__.py"), "import shop.tax\n\nX = 1\n");
}

#[test]
fn shims_of_shims_go_in_one_run() {
    let project = Project::new();
    project.write("shop/older.py", "from shop.prices import VAT\n");
    project
        .write("ssot.toml", RULES.replace("\"shop.prices.VAT\"", "\"shop.prices.VAT\", \"shop.older.VAT\""));
    let said =
        project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let removal = &report["removal"];
    assert_eq!(removal["removed"], serde_json::json!(["shop/older.py", "shop/prices.py"]), "{}", said.out);
    assert!(removal["run"].is_string() && removal["kept"] == serde_json::json!([]));
}

#[test]
fn only_what_was_asked_for_goes() {
    let project = Project::new();
    project.write("shop/cart.py", "");
    project.write("other/__init__.py", "");
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims", "other"]);
    assert!(said.code == Some(0) && said.err.contains("No shim to remove."), "{}", said.err);
    assert!(exists(&project, "shop/prices.py"));
}

#[test]
fn batches_come_first() {
    let project = Project::new();
    project.write(
        "ssot.toml",
        format!("{RULES}[[batch]]\nname = \"all\"\npaths = [\"**\"]\nvalidate = [\"true\"]\n"),
    );
    let said = project.run(&REMOVE);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("Removed 1 shim.") && !exists(&project, "shop/prices.py"), "{}", said.err);
    let broken = Project::new();
    broken.write(
        "ssot.toml",
        format!("{RULES}[[batch]]\nname = \"all\"\npaths = [\"**\"]\nvalidate = [\"false\"]\n"),
    );
    let said = broken.run(&REMOVE);
    assert!(said.code == Some(1) && exists(&broken, "shop/prices.py"), "{}", said.err);
    assert!(!said.err.contains("shim to remove"), "{}", said.err);
}

#[test]
fn what_refers_to_a_shim_from_elsewhere_counts() {
    let project = Project::new();
    let said = project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims", "shop/prices.py"]);
    assert!(said.err.contains("not removed: `shop.prices`: 1 place refers to it"), "{}", said.err);
    assert!(exists(&project, "shop/prices.py"));
}
