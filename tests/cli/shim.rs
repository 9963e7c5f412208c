//! `shim`: what it writes, what it refuses and why, and that CPython does with it what the warning says.

use super::{Project, RULES, Said, fails};
use serde_json::Value;
use std::process::Command;

const WRITE: [&str; 4] = ["shim", "vat", "--execute", "--backup"];

/// A class with one old home, and a rule that says when that one goes.
fn shop() -> Project {
    let project = Project::new();
    project.write("shop/tax.py", "class VAT:\n    \"\"\"The tax.\"\"\"\n\n\nRATE = 19\n");
    project.write("ssot.toml", format!("{RULES}remove-on = 2027-06-01\n"));
    project
}

fn exists(project: &Project, path: &str) -> bool {
    project.root().join(path).exists()
}

fn wrote(project: &Project, arguments: &[&str]) -> Said {
    let said = project.run(arguments);
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
    said
}

/// Runs a program in the project; says so when there is no Python.
fn python(project: &Project, program: &str) {
    project.write("program.py", program);
    let run = Command::new("python3").args(["-B", "program.py"]).current_dir(project.root()).output();
    let Ok(output) = run else { return println!("python3 was not found: nothing was tried") };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_preview_is_a_patch_that_git_takes() {
    let project = shop();
    std::fs::remove_file(project.root().join("shop/prices.py")).unwrap();
    if !project.commit_all() {
        return;
    }
    let said = wrote(&project, &["shim", "vat"]);
    assert!(said.err.contains("Would write 1 shim.") && said.err.contains("--execute"), "{}", said.err);
    assert!(!exists(&project, "shop/prices.py"));
    project.write(".git/shim.patch", &said.out);
    assert!(project.git(&["apply", ".git/shim.patch"]), "{}", said.out);
    assert!(project.read("shop/prices.py").contains("def __getattr__(name: str) -> object:"));
    let said = wrote(&project, &["shim", "vat"]);
    assert_eq!((&*said.out, &*said.err), ("", "No shim to write.\n"));
}

#[test]
fn a_lazy_shim_warns_each_caller_and_hands_on_the_thing_itself() {
    let project = shop();
    wrote(&project, &WRITE);
    python(&project, LAZY);
}

const LAZY: &str = r#"
import pickle
import warnings
from unittest import mock

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    from shop.prices import VAT
    import shop.prices
    other = shop.prices.VAT

import shop.tax

assert VAT is shop.tax.VAT and other is VAT
assert [(found.filename, found.lineno) for found in seen] == [(__file__, 8), (__file__, 10)], seen
assert all(found.category is DeprecationWarning for found in seen)
assert str(seen[0].message) == (
    "shop.prices.VAT has moved to shop.tax.VAT; it goes on 2027-06-01. "
    "`ssot-lint migrate` changes the code that uses it."
)

warnings.simplefilter("ignore")
with mock.patch("shop.prices.VAT", 5):
    assert shop.prices.VAT == 5
with mock.patch("shop.tax.VAT", 6):
    assert shop.prices.VAT == 6
assert shop.prices.VAT is VAT and "VAT" not in vars(shop.prices)

# What was stored under the old path can still be read.
assert pickle.loads(b"cshop.prices\nVAT\n.") is VAT
assert isinstance(pickle.loads(pickle.dumps(shop.prices.VAT())), VAT)

assert "VAT" in dir(shop.prices) and shop.prices.__all__ == ["VAT"]
names = {}
exec("from shop.prices import *", names)
assert names["VAT"] is VAT
for unknown in ("RATE", "__path__"):
    try:
        getattr(shop.prices, unknown)
    except AttributeError as error:
        assert str(error) == f"module 'shop.prices' has no attribute '{unknown}'"
    else:
        raise SystemExit(unknown)

with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        shop.prices.VAT
    except DeprecationWarning:
        pass
    else:
        raise SystemExit("no warning")
"#;

#[test]
fn an_alias_is_the_canonical_module_and_is_patched_with_it() {
    let project = shop();
    wrote(&project, &["shim", "vat", "--kind", "alias", "--execute", "--backup"]);
    python(&project, ALIAS);
    // And it stays one when nobody says which kind is wanted.
    assert_eq!(wrote(&project, &["shim", "vat"]).err, "No shim to write.\n");
    wrote(&project, &["shim", "vat", "--kind", "lazy", "--execute", "--backup"]);
    python(&project, LAZY);
}

const ALIAS: &str = r#"
import pickle
import warnings
from unittest import mock

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    import shop.prices
    from shop.prices import VAT

import shop.tax

assert shop.prices is shop.tax and VAT is shop.tax.VAT
assert [(found.filename, found.lineno) for found in seen] == [(__file__, 8)], seen
assert str(seen[0].message).startswith("shop.prices has moved to shop.tax; it goes on 2027-06-01.")
with mock.patch("shop.prices.RATE", 7):
    assert shop.tax.RATE == 7
assert shop.tax.RATE == 19
assert pickle.loads(b"cshop.prices\nVAT\n.") is VAT
"#;

#[test]
fn a_whole_module_hands_on_every_name_renamed_ones_too() {
    let project = Project::new();
    project.write(
        "ssot.toml",
        "[[module]]\nid = \"vat\"\ncanonical = \"shop.tax\"\nlegacy = [\"shop.old\"]\nrenames = { Tax = \"VAT\" }\n",
    );
    project
        .write("shop/tax.py", "import os\nfrom typing import Any\n\nclass VAT: ...\n_secret = [os, Any]\n");
    wrote(&project, &WRITE);
    let text = project.read("shop/old.py");
    assert!(
        text.contains("__all__ = [\"Tax\", \"VAT\"]")
            && text.contains("    from shop.tax import VAT\n    from shop.tax import VAT as Tax\n"),
        "{text}"
    );
    python(
        &project,
        "import shop.old\nfrom shop.old import *\nfrom shop import tax\n\n\
         assert Tax is VAT is tax.VAT and shop.old._secret is tax._secret\n\
         assert not hasattr(shop.old, '__path__') and not hasattr(shop.old, 'nothing')\n",
    );
    // A name that consumers took from the shim stays one of its names.
    project.write("shop/old.py", "from shop.tax import VAT, _secret\nfrom shop.tax import VAT as Tax\n");
    wrote(&project, &WRITE);
    assert!(project.read("shop/old.py").contains("_secret as _secret"));
    assert_eq!(wrote(&project, &WRITE).err, "No shim to write.\n");
}

#[test]
fn all_rules_of_a_module_make_one_shim_each_with_its_own_end() {
    let project = shop();
    let more = "[[symbol]]\nid = \"rate\"\ncanonical = \"shop.tax.RATE\"\nlegacy = [\"shop.prices.Rate\"]\n\
                removed-in = \"2.0\"\n[[symbol]]\nid = \"cart\"\ncanonical = \"shop.cart.VAT\"\nlegacy = [\"shop.prices.C\"]\n";
    project.write("ssot.toml", project.read("ssot.toml") + more);
    project
        .write("shop/prices.py", "from shop.tax import VAT, RATE as Rate\nfrom shop.cart import VAT as C\n");
    project.write("shop/cart.py", "VAT = 2\n");
    wrote(&project, &["shim", "rate", "--execute", "--backup"]);
    python(
        &project,
        "import warnings\n\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    \
         from shop.prices import C, Rate, VAT\n\nassert (C, Rate) == (2, 19)\n\
         told = [str(found.message).split('. `')[0] for found in seen]\n\
         assert told == [\n    'shop.prices.C has moved to shop.cart.VAT',\n    \
         'shop.prices.Rate has moved to shop.tax.RATE; it goes in version 2.0',\n    \
         'shop.prices.VAT has moved to shop.tax.VAT; it goes on 2027-06-01',\n], told\n",
    );
}

#[test]
fn our_own_commands_know_a_shim_and_delete_it() {
    for kind in ["lazy", "alias"] {
        let project = Project::new();
        wrote(&project, &["shim", "vat", "--kind", kind, "--execute", "--backup"]);
        let said = project.run(&["shims"]);
        assert!(
            said.out.contains("shop.prices  module") && said.out.contains("pure        yes"),
            "{}",
            said.out
        );
        let check = ["check", "--extend-select", "SSOT003,SSOT006,SSOT007,SSOT009", "shop/prices.py"];
        assert_eq!(project.run(&check).out, "No findings in 1 file; compliance 100 %\n", "{kind}");
        let said = project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims"]);
        assert!(said.err.contains("Removed 1 shim."), "{}", said.err);
        assert!(!exists(&project, "shop/prices.py"));
        assert_eq!(project.read("shop/cart.py"), "from shop.tax import VAT\n");
    }
}

#[test]
fn a_stub_beside_it_is_written_too() {
    let project = shop();
    project.write("shop/prices.pyi", "class VAT: ...\n");
    wrote(&project, &WRITE);
    assert_eq!(project.read("shop/prices.pyi"), "from shop.tax import VAT as VAT\n\n__all__ = [\"VAT\"]\n");
    assert_eq!(wrote(&project, &WRITE).err, "No shim to write.\n");
}

#[test]
fn a_stub_without_a_module_gets_one_beside_it() {
    let project = shop();
    std::fs::remove_file(project.root().join("shop/prices.py")).unwrap();
    project.write("shop/prices.pyi", "class VAT: ...\n");
    wrote(&project, &WRITE);
    assert_eq!(project.read("shop/prices.pyi"), "from shop.tax import VAT as VAT\n\n__all__ = [\"VAT\"]\n");
    python(&project, LAZY);
    assert_eq!(wrote(&project, &WRITE).err, "No shim to write.\n");
}

#[test]
fn it_follows_quotes_line_ends_and_keeps_the_comments_at_the_top() {
    let project = shop();
    project
        .write("shop/prices.py", "# Licence: MIT\r\n\r\nfrom shop.tax import VAT\r\n__all__ = ['VAT']\r\n");
    wrote(&project, &WRITE);
    let text = project.read("shop/prices.py");
    assert!(text.starts_with("# Licence: MIT\r\n\r\n\"\"\"Deprecated"), "{text}");
    assert!(text.contains("__all__ = ['VAT']\r\n") && !text.replace("\r\n", "").contains('\n'), "{text}");
    assert_eq!(wrote(&project, &WRITE).err, "No shim to write.\n");
}

#[test]
fn rollback_deletes_what_was_made_and_brings_back_what_was_there() {
    let project = shop();
    project.write("ssot.toml", RULES.replace("VAT\"]", "VAT\", \"shop.older.VAT\"]"));
    let before = project.read("shop/prices.py");
    wrote(&project, &WRITE);
    assert!(exists(&project, "shop/older.py"));
    let said = wrote(&project, &["rollback"]);
    assert!(said.out.contains("1 file restored, 1 removed"), "{}", said.out);
    assert!(!exists(&project, "shop/older.py"));
    assert_eq!(project.read("shop/prices.py"), before);
    // A shim that somebody has changed is not thrown away.
    wrote(&project, &WRITE);
    project.write("shop/older.py", "mine\n");
    fails(&project, &["rollback"], 2, &["shop/older.py", "was changed since the run"]);
}

#[test]
fn json_has_files_and_refusals() {
    let project = shop();
    let said = wrote(&project, &["shim", "vat", "--output-format", "json", "--execute", "--backup"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (&report["version"], &report["shims"], &report["written"]),
        (&1.into(), &1.into(), &true.into())
    );
    assert_eq!(report["files"][0]["filename"], "shop/prices.py");
    assert!(report["run"].is_string() && report["refusals"] == serde_json::json!([]));
}

#[test]
fn execute_needs_a_way_back_for_what_it_overwrites() {
    let project = shop();
    fails(&project, &["shim", "vat", "--execute"], 2, &["no way back", "--backup"]);
    std::fs::remove_file(project.root().join("shop/prices.py")).unwrap();
    wrote(&project, &["shim", "vat", "--execute"]);
}

/// The module stays as it is, for this reason.
fn stays(project: &Project, arguments: &[&str], reason: &str) {
    let before = project.read("shop/prices.py");
    fails(project, arguments, 1, &[reason, "No shim to write; 1 module left, see above."]);
    assert_eq!(project.read("shop/prices.py"), before);
}

#[test]
fn what_would_lose_something_is_refused_by_name() {
    let project = shop();
    for (text, reason) in [
        ("class VAT:\n    def f(self): ...\n", "defines `VAT` (line 1)"),
        ("from shop.tax import VAT\n\ndef extra(): return 1\n", "defines `extra` (line 3)"),
        ("from shop.tax import VAT\nLIMIT = 3\n", "sets `LIMIT` (line 2)"),
        ("from shop.tax import VAT\nprint(VAT)\n", "calls something (line 2)"),
        (
            "from shop.tax import VAT, RATE\n",
            "hands on `RATE` from `shop.tax.RATE`, which no rule moves (line 1)",
        ),
        (
            "from shop.tax import *\n",
            "hands on all names of `shop.tax`, and no rule moves all of them (line 1)",
        ),
        ("from shop.cart import X as VAT\n", "hands on `shop.cart.X` as `VAT`, and not `shop.tax.VAT`"),
        (
            "_MOVED = {\n    'VAT': ('shop.tax', 'VAT'),\n    'X': ('shop.cart', 'X'),\n}\n\ndef __getattr__(name):\n    \
             return _MOVED[name]\n",
            "hands on `X` from `shop.cart.X`, which no rule moves (line 3)",
        ),
        (
            "def __getattr__(name):\n    if name == 'VAT':\n        from shop.cart import X as VAT\n        return VAT\n",
            "hands on `shop.cart.X` as `VAT`, and not `shop.tax.VAT`",
        ),
        ("def (\n", "the file does not parse"),
    ] {
        project.write("shop/prices.py", text);
        stays(&project, &WRITE, "shop/prices.py:1:1: no shim: `shop.prices`: ");
        stays(&project, &WRITE, reason);
    }
    let many: String = ["a", "b", "c", "d", "e", "f"].map(|name| format!("{name} = 1\n")).concat();
    project.write("shop/prices.py", many);
    stays(&project, &WRITE, "it sets `d` (line 4), and 2 more");
}

#[test]
fn what_only_leads_to_the_canonical_thing_may_go() {
    let project = shop();
    for text in [
        "from shop import tax\n\nclass VAT(tax.VAT):\n    '''Old name.'''\n",
        "import warnings\nimport shop.tax\nwarnings.warn('moved', DeprecationWarning)\nVAT = shop.tax.VAT\n",
        "def __getattr__(name):\n    if name == 'VAT':\n        from shop.tax import VAT\n        return VAT\n",
    ] {
        project.write("shop/prices.py", text);
        wrote(&project, &WRITE);
        assert!(project.read("shop/prices.py").contains("_MOVED"), "{text}");
    }
}

#[test]
fn what_cannot_be_a_shim_is_refused_with_its_reason() {
    let project = Project::new();
    project.write("shop/tax.py", "class VAT: ...\nclass Tax: ...\n");
    project.write("shop/pack/__init__.py", "from shop.tax import VAT\n");
    project.write("shop/pack/other.py", "");
    for (canonical, legacy, reason) in [
        (
            "shop.tax.VAT",
            "numpy.core.VAT",
            "`numpy` is not part of this project: there is no place for a shim",
        ),
        ("shop.tax.VAT", "shop.no.such.VAT", "its package `shop.no` does not exist: make that first"),
        ("shop.tax.VAT", "shop.cart.inner.VAT", "`shop.cart` is a module, and no package that could hold it"),
        (
            "shop.tax.VAT",
            "shop.pack.VAT",
            "other modules lie in it, which a shim would hide: `shop.pack.other`",
        ),
        (
            "shop.tax.Gone",
            "shop.late.VAT",
            "its canonical path `shop.tax.Gone` does not exist: move the symbol there",
        ),
        ("shop.tax.VAT.rate", "shop.late.rate", "`shop.tax.VAT.rate` is not a name of a module"),
    ] {
        let rule =
            format!("[[symbol]]\nid = \"vat\"\ncanonical = \"{canonical}\"\nlegacy = [\"{legacy}\"]\n");
        project.write("ssot.toml", rule);
        stays(&project, &WRITE, reason);
    }
    project.write(
        "ssot.toml",
        "[[module]]\nid = \"vat\"\ncanonical = \"numpy.core\"\nlegacy = [\"shop.late\"]\n",
    );
    stays(
        &project,
        &WRITE,
        "what `numpy.core` holds is not known; `--kind alias` puts it in place as a whole",
    );
    wrote(&project, &["shim", "vat", "--kind", "alias", "--execute", "--backup"]);
    assert!(project.read("shop/late.py").contains("    from numpy.core import *\n"));
}

#[test]
fn a_file_that_is_left_out_is_not_overwritten() {
    let project = shop();
    project.write("ssot.toml", project.read("ssot.toml") + "[files]\nexclude = [\"shop/prices.py\"]\n");
    stays(
        &project,
        &WRITE,
        "`shop/prices.py` is there, but no file of the project: it is a link, or left out",
    );
}

#[test]
fn a_name_that_a_shim_needs_itself_is_refused() {
    let project = Project::new();
    let rule = RULES.replace("VAT", "warnings");
    project.write("ssot.toml", rule);
    project.write("shop/tax.py", "def warnings(): return 1\n");
    project.write("shop/prices.py", "from shop.tax import warnings\n");
    stays(&project, &WRITE, "`warnings` is a name that a lazy shim has itself; `--kind alias` has none");
    wrote(&project, &["shim", "vat", "--kind", "alias", "--execute", "--backup"]);
    python(&project, "from shop.prices import warnings\n\nassert warnings() == 1\n");
}

#[test]
fn a_whole_module_hands_on_its_version_and_is_no_package() {
    let project = Project::new();
    project.write(
        "ssot.toml",
        "[[module]]\nid = \"vat\"\ncanonical = \"shop.tax\"\nlegacy = [\"shop.prices\"]\n",
    );
    project.write("shop/tax.py", "__all__ = [\"VAT\", \"__version__\"]\n__version__ = \"1.0\"\nVAT = 1\n");
    project.write("shop/prices.py", "from shop.tax import *\nfrom shop.tax import __all__\n");
    wrote(&project, &WRITE);
    python(
        &project,
        "import shop.prices\nfrom shop.prices import VAT, __version__\n\nassert shop.prices.__version__ == __version__ == '1.0'\n\
         assert shop.prices.__all__ == ['VAT'] and VAT == 1\nassert not hasattr(shop.prices, '__path__')\n",
    );
}

#[test]
fn an_alias_is_one_module_and_renames_nothing() {
    let project = Project::new();
    project.write("shop/tax.py", "class VAT: ...\nclass Tax: ...\n");
    let rules = |second: &str| {
        let more = "[[symbol]]\nid = \"cart\"\ncanonical = \"SECOND\"\nlegacy = [\"shop.prices.Tax\"]\n";
        project.write("ssot.toml", RULES.to_owned() + &more.replace("SECOND", second));
    };
    let alias = ["shim", "vat", "--kind", "alias", "--execute", "--backup"];
    rules("shop.cart.Tax");
    project.write("shop/cart.py", "Tax = 1\n");
    stays(
        &project,
        &alias,
        "its names are in `shop.cart` and `shop.tax`: an alias is one module, use `--kind lazy`",
    );
    rules("shop.tax.VAT");
    stays(&project, &alias, "`Tax` is `VAT` in `shop.tax`: an alias cannot rename, `--kind lazy` can");
}

#[test]
fn wrong_usage_is_told() {
    let project = Project::new();
    fails(&project, &["shim", "cat"], 2, &["no rule has the id `cat`", "`ssot-lint rules` lists them"]);
    fails(&project, &["shim"], 2, &["RULE"]);
    fails(&project, &["shim", "vat", "--kind", "eager"], 2, &["lazy", "alias"]);
    fails(&project, &["shim", "vat", "--dry-run", "--execute"], 2, &["cannot be used with"]);
}
