//! The whole life of a Python shim in CPython: a class moves, its old path warns, is patched and unpickled through, and goes again.

use super::{Project, Said, said};
use std::process::Command;

const RULE: &str = "[[symbol]]\nid = \"vat\"\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\"]\nremove-on = 2026-11-20\n";

const HOME: &str = "class VAT:\n    def __init__(self, rate):\n        self.rate = rate\n\n\ndef vat():\n    return VAT(19)\n";

/// Every way to name the class; it is the same program before and after.
const CALLER: &str = "from shop.prices import VAT\nimport shop.prices\n\n\ndef rate():\n    return shop.prices.VAT(7).rate + VAT(1).rate\n";

/// The old path in a string that `mock.patch` imports, for whoever looks the name up there.
const PATCHING: &str = r#"
from unittest import mock

import caller


class Fake:
    rate = 100

    def __init__(self, rate):
        pass


assert caller.rate() == 8
with mock.patch("shop.prices.VAT", Fake):
    assert caller.rate() == 101
assert caller.rate() == 8
"#;

const STORE: &str = "import pickle\nfrom shop.prices import VAT\n\nwith open('stored', 'wb') as file:\n    pickle.dump(VAT(19), file)\n";

/// Loads what was stored, and stores it anew.
const LOAD: &str = "import pickle\nimport shop.tax\n\nwith open('stored', 'rb') as file:\n    value = pickle.load(file)\n\
    assert type(value) is shop.tax.VAT and value.rate == 19\nwith open('stored', 'wb') as file:\n    pickle.dump(value, file)\n";

/// Runs a program of the project; `None`, with a word, where there is no Python.
fn python(project: &Project, arguments: &[&str]) -> Option<Said> {
    let run = Command::new("python3").arg("-B").args(arguments).current_dir(project.root()).output();
    run.map(said).map_err(|_| println!("python3 was not found: nothing was tried")).ok()
}

/// The same, and it must end well without a word.
fn runs(project: &Project, arguments: &[&str]) {
    let said = python(project, arguments).unwrap();
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{arguments:?}: {}", said.out);
}

/// The lines that CPython names in its warnings of a program, with the shown line.
fn warned(project: &Project, program: &str) -> Vec<String> {
    let said = python(project, &["-W", "default::DeprecationWarning", program]).unwrap();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let place =
        |line: &str| line.split_once(": DeprecationWarning: shop.prices").map(|(place, _)| place.to_owned());
    said.err.lines().filter_map(place).map(|place| place.rsplit('/').next().unwrap().to_owned()).collect()
}

/// A class that has been stored under its old path, and then moved.
fn moved(has_stub: bool) -> Option<Project> {
    let project = Project::new();
    std::fs::remove_file(project.root().join("shop/cart.py")).unwrap();
    project.write("ssot.toml", RULE);
    project.write("shop/prices.py", HOME);
    project.write("store.py", STORE);
    python(&project, &["store.py"])?;
    std::fs::remove_file(project.root().join("store.py")).unwrap();
    project.write("shop/tax.py", HOME);
    project.write("shop/prices.py", "from shop.tax import VAT\n");
    if has_stub {
        project.write(
            "shop/prices.pyi",
            "class VAT:\n    rate: int\n    def __init__(self, rate: int) -> None: ...\n",
        );
    }
    project.write("caller.py", CALLER);
    project.write("patching.py", PATCHING);
    project.write("load.py", LOAD);
    Some(project)
}

fn lives_and_goes(kind: &str, has_stub: bool, places: &[&str]) {
    let Some(project) = moved(has_stub) else { return };
    let wrote = project.run(&["shim", "vat", "--kind", kind, "--execute", "--backup"]);
    assert_eq!(wrote.code, Some(0), "{}", wrote.err);
    let stub = project.root().join("shop/prices.pyi");
    assert_eq!(stub.exists(), has_stub);
    if has_stub {
        let text = project.read("shop/prices.pyi");
        assert!(text.starts_with("from shop.tax import VAT as VAT\n"), "{text}");
        runs(&project, &["-m", "py_compile", "shop/prices.pyi"]);
    }

    // Imported, warned of at the line of the caller, patched, and unpickled through the old path.
    assert_eq!(warned(&project, "caller.py"), places, "{kind}");
    runs(&project, &["-W", "ignore", "patching.py"]);
    runs(&project, &["-W", "ignore", "load.py"]);
    let said = project.run(&["check", "--select", "SSOT009", "--output-format", "concise"]);
    assert!(said.out.contains("the shim `shop.prices` should be gone since 2026-11-20"), "{}", said.out);

    // Everybody moves, and it goes: the same programs run without it, with every warning an error.
    let gone = project.run(&["migrate", "--execute", "--allow-dirty", "--remove-shims"]);
    assert!(gone.code == Some(0) && gone.err.contains("Removed 1 shim."), "{}", gone.err);
    assert!(!project.root().join("shop/prices.py").exists() && !stub.exists());
    assert_eq!(project.read("caller.py"), CALLER.replace("shop.prices", "shop.tax"));
    for program in ["caller.py", "patching.py", "load.py"] {
        runs(&project, &["-W", "error", program]);
    }
    assert_eq!(project.run(&["check"]).code, Some(0));

    // And it comes back.
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(stub.exists(), has_stub);
    runs(&project, &["-W", "error", "-c", "import shop.tax"]);
    assert_eq!(
        python(&project, &["-W", "ignore", "-c", "import shop.prices as it; it.VAT"]).unwrap().code,
        Some(0)
    );
}

#[test]
fn a_lazy_shim_warns_at_every_line_that_asks_for_the_name() {
    lives_and_goes("lazy", false, &["caller.py:1"]);
}

#[test]
fn a_lazy_shim_with_a_stub_beside_it() {
    lives_and_goes("lazy", true, &["caller.py:1"]);
}

#[test]
fn an_alias_warns_at_the_first_import() {
    lives_and_goes("alias", false, &["caller.py:1"]);
}

#[test]
fn an_alias_with_a_stub_beside_it() {
    lives_and_goes("alias", true, &["caller.py:1"]);
}

#[test]
fn a_lazy_shim_warns_where_an_attribute_is_read_too() {
    let Some(project) = moved(false) else { return };
    assert_eq!(project.run(&["shim", "vat", "--execute", "--backup"]).code, Some(0));
    project.write("caller.py", format!("{CALLER}\n\nassert rate() == 8\n"));
    assert_eq!(warned(&project, "caller.py"), ["caller.py:1", "caller.py:6"]);
}

#[test]
fn a_patch_by_the_old_path_stays_in_a_lazy_shim_and_goes_through_an_alias() {
    for (kind, seen_at_home) in [("lazy", 19), ("alias", 5)] {
        let Some(project) = moved(false) else { return };
        assert_eq!(project.run(&["shim", "vat", "--kind", kind, "--execute", "--backup"]).code, Some(0));
        let program = format!(
            "from unittest import mock\nfrom shop.tax import vat\n\nwith mock.patch('shop.prices.VAT', lambda rate: mock.Mock(rate=5)):\n    \
             assert vat().rate == {seen_at_home}\nassert vat().rate == 19\n"
        );
        runs(&project, &["-W", "ignore", "-c", &program]);
    }
}

/// As teams write them: one warning for whoever imports the module first.
const BY_HAND: &str = "\"\"\"Deprecated: the manager lives in `websocket_manager`.\"\"\"\n\nimport warnings\n\n\
    from netra_backend.app.websocket_core.websocket_manager import WebSocketManager\n\nwarnings.warn(\n    \
    \"netra_backend.app.websocket_core.manager is deprecated and goes in version 2.0.\",\n    DeprecationWarning,\n    stacklevel=2,\n)\n\n\
    __all__ = [\"WebSocketManager\"]\n";

#[test]
fn the_manager_shim_of_the_documents_is_taken_over_and_goes() {
    for is_written_anew in [false, true] {
        let project = Project::new();
        let core = "netra_backend.app.websocket_core";
        let rule = format!(
            "[[symbol]]\nid = \"manager\"\ncanonical = \"{core}.websocket_manager.WebSocketManager\"\nlegacy = [\"{core}.manager.WebSocketManager\"]\n\
             removed-in = \"2.0\"\n"
        );
        project.write("ssot.toml", rule);
        let version = |version: &str| {
            project
                .write("pyproject.toml", format!("[project]\nname = \"netra\"\nversion = \"{version}\"\n"));
        };
        version("1.9");
        for package in ["netra_backend", "netra_backend/app", "netra_backend/app/websocket_core"] {
            project.write(&format!("{package}/__init__.py"), "");
        }
        project.write(
            "netra_backend/app/websocket_core/websocket_manager.py",
            "class WebSocketManager:\n    pass\n",
        );
        project.write("netra_backend/app/websocket_core/manager.py", BY_HAND);
        project.write("routes.py", format!("import sys\nfrom {core}.manager import WebSocketManager\n\nprint(WebSocketManager.__module__)\n"));
        if is_written_anew {
            let said = project.run(&["shim", "manager", "--execute", "--backup"]);
            assert_eq!(said.code, Some(0), "{}", said.err);
        }
        let Some(told) = python(&project, &["-W", "default::DeprecationWarning", "routes.py"]) else {
            return;
        };
        assert!(
            told.err.contains("routes.py:2: DeprecationWarning: netra_backend.app.websocket_core.manager"),
            "{}",
            told.err
        );
        assert!(
            told.err.contains("version 2.0") && told.out == format!("{core}.websocket_manager\n"),
            "{}",
            told.err
        );

        let remove = ["migrate", "--execute", "--allow-dirty", "--remove-shims"];
        let early = project.run(&remove);
        assert!(early.err.contains("its rule keeps it until version 2.0"), "{}", early.err);
        version("2.0");
        let gone = project.run(&remove);
        assert!(gone.code == Some(0) && gone.err.contains("Removed 1 shim."), "{}", gone.err);
        runs(&project, &["-W", "error", "routes.py"]);
    }
}
