//! The command `shims`: what it says of each shim, as text and as JSON.

use super::Project;
use serde_json::{Value, json};

fn listed(project: &Project) -> Vec<Value> {
    let said = project.run(&["shims", "--output-format", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn text_names_what_is_in_the_way() {
    let project = Project::new();
    let said = project.run(&["shims"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    for words in [
        "shop.prices  module, shop/prices.py:1 (vat)",
        "1 (1 from-import)",
        "shop/cart.py:1:25",
        "0 can be deleted",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    for nth in 0..9 {
        project.write(&format!("shop/page{nth}.py"), super::CONSUMER);
    }
    assert!(project.run(&["shims"]).out.contains("and 5 more"));
}

#[test]
fn a_shim_without_references_can_be_deleted() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.tax import VAT\n");
    let said = project.run(&["shims"]);
    assert!(
        said.out.contains("verdict     delete it") && said.out.contains("1 can be deleted"),
        "{}",
        said.out
    );
    project.write("shop/prices.py", "from shop.tax import VAT\nprint(1)\n");
    let said = project.run(&["shims"]);
    assert!(said.out.contains("no: it calls something (line 2)"), "{}", said.out);
    assert!(said.out.contains("keep it until"), "{}", said.out);
}

#[test]
fn a_name_that_is_handed_on_when_it_is_asked_for_is_one_of_the_modules_names() {
    let project = Project::new();
    project.write("shop/cart.py", "X = 1\n");
    project.write(
        "shop/prices.py",
        "_MOVED = {'VAT': ('shop.tax', 'VAT'), 'X': ('shop.cart', 'X')}\n\ndef __getattr__(name):\n    return _MOVED[name]\n",
    );
    let said = project.run(&["shims"]);
    assert!(said.out.contains("shop.prices.VAT  item"), "{}", said.out);
}

#[test]
fn json_has_every_place() {
    let project = Project::new();
    project.write("shop/old.py", "from shop.prices import VAT\n");
    project.write(
        "ssot.toml",
        super::RULES.replace("\"shop.prices.VAT\"", "\"shop.prices.VAT\", \"shop.old.VAT\"")
            + "remove-on = \"2027-01-01\"\n",
    );
    project.write(
        "shop/page.py",
        "import shop.prices\nimport importlib\n\nimportlib.import_module('shop.prices')\n",
    );
    let shims = listed(&project);
    assert_eq!(shims[0]["path"], "shop.old");
    assert_eq!((&shims[0]["verdict"], &shims[0]["blocked_by"]), (&json!("delete"), &json!([])));
    let prices = &shims[1];
    assert_eq!((&prices["kind"], &prices["filename"]), (&json!("module"), &json!("shop/prices.py")));
    assert_eq!((&prices["rule"], &prices["remove_on"]), (&json!("vat"), &json!("2027-01-01")));
    assert_eq!((&prices["pure"], &prices["impurities"]), (&json!(true), &json!([])));
    assert_eq!(prices["references"], json!({"from-import": 2, "import": 1, "string": 1}));
    assert_eq!(prices["verdict"], "blocked");
    let first = json!({"filename": "shop/cart.py", "location": {"row": 1, "column": 25}, "form": "from-import",
        "written": "shop.prices.VAT", "refusal": null, "shim": null});
    assert_eq!(prices["blocked_by"][0], first);
    assert_eq!(prices["blocked_by"][1]["shim"], "shop.old");
}

#[test]
fn what_cannot_be_read_may_refer_to_anything() {
    let project = Project::new();
    project.write("shop/broken.py", "def (\n");
    super::fails(&project, &["shims"], 2, &["shop/broken.py", "not known"]);
}

#[test]
fn the_date_of_removal_makes_check_fail() {
    let project = Project::new();
    project.write("shop/cart.py", "from shop.tax import VAT\n");
    let late = |date: &str| {
        project.write("ssot.toml", format!("{}remove-on = \"{date}\"\n", super::RULES));
        project.run(&["check", "shop/prices.py", "--output-format", "concise"])
    };
    let said = late("2026-11-20");
    assert!(said.out.contains("should be gone since 2026-11-20"), "{}", said.out);
    assert_eq!(said.code, Some(1));
    assert_eq!(late("2026-11-21").code, Some(0));
}
