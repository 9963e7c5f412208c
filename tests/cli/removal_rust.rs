//! `migrate --remove-shims` in Rust: modules go with their declarations, single items with their lines, and rustc compiles what is left.

use super::shim_rust::{MANIFEST, compiled, empty};
use super::{Project, fails};

const REMOVE: [&str; 4] = ["migrate", "--execute", "--allow-dirty", "--remove-shims"];

fn exists(project: &Project, path: &str) -> bool {
    project.root().join(path).exists()
}

fn rule(old: &str, new: &str) -> String {
    format!("[[symbol]]\ncanonical = \"shop::{new}\"\nlegacy = [\"shop::{old}\"]\n")
}

/// A crate with a program; what it says is compared before and after.
fn shop(rules: &str, files: &[(&str, &str)]) -> Project {
    let project = empty();
    project.write("Cargo.toml", MANIFEST);
    project.write("ssot.toml", rules);
    files.iter().for_each(|(path, text)| project.write(path, text));
    project
}

/// So many shims go, and the crate compiles and runs before and after; then it compiles without a warning.
fn goes(project: &Project, shims: usize) {
    if compiled(project).is_none() {
        return;
    }
    let said = project.run(&REMOVE);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let words = format!("Removed {shims} shim");
    assert!(said.err.contains(&words), "{words}: {}", said.err);
    assert_eq!(compiled(project).unwrap(), Vec::<String>::new());
    assert_eq!(project.run(&["check"]).code, Some(0));
}

const TAX: &str = "#[derive(Debug, Clone, Copy, PartialEq)]\npub struct Vat(pub i32);\npub enum Kind {\n    A,\n}\n\
    pub const RATE: i32 = 19;\npub static COUNT: i32 = 7;\npub fn vat() -> Vat {\n    Vat(RATE)\n}\n\
    pub trait Tax {\n    fn tax(&self) -> i32 {\n        1\n    }\n}\nimpl Tax for Vat {}\n";

#[test]
fn a_module_goes_with_its_declaration_and_comes_back() {
    let library = "//! A shop.\n\npub mod cart;\n/// Moved.\n#[deprecated]\npub mod prices; // since 2.0\npub mod tax;\n";
    let project = shop(
        "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::prices\"]\n",
        &[
            ("src/lib.rs", library),
            ("src/tax.rs", TAX),
            ("src/prices.rs", "pub use crate::tax::*;\n"),
            ("src/cart.rs", "pub fn total() -> i32 {\n    crate::tax::RATE\n}\n"),
            (
                "src/main.rs",
                "use shop::prices::{Kind, vat};\n\nfn main() {\n    assert_eq!(vat().0, 19);\n    let Kind::A = Kind::A;\n}\n",
            ),
        ],
    );
    goes(&project, 1);
    assert!(!exists(&project, "src/prices.rs"));
    assert_eq!(project.read("src/lib.rs"), "//! A shop.\n\npub mod cart;\npub mod tax;\n");
    assert_eq!(project.run(&["rollback"]).code, Some(0));
    assert_eq!(project.read("src/lib.rs"), library);
    assert_eq!(project.read("src/prices.rs"), "pub use crate::tax::*;\n");
}

#[test]
fn every_kind_of_item_goes_and_leaves_its_module() {
    let names = ["Vat", "Kind", "RATE", "COUNT", "vat"];
    let rules: String =
        names.iter().map(|name| rule(&format!("prices::Old{name}"), &format!("tax::{name}"))).collect();
    let rules = rules + &rule("prices::twice", "double");
    let prices = "//! Prices, and names that have moved.\n\nuse crate::tax::{self, Vat};\npub use crate::tax::{Kind as OldKind, vat as Oldvat};\n\n\
        /// What it costs.\npub fn price() -> Vat {\n    tax::vat()\n}\n\n/// Moved.\n#[deprecated(note = \"moved\")]\npub type OldVat = crate::tax::Vat;\n\n\
        #[deprecated]\npub const OldRATE: i32 = crate::tax::RATE;\n\npub use crate::tax::COUNT as OldCOUNT;\n\n\
        pub use crate::double as twice;\n\npub fn free() -> i32 {\n    0\n}\n";
    let project = shop(
        &rules,
        &[
            (
                "src/lib.rs",
                "#![allow(non_upper_case_globals)]\npub mod prices;\npub mod tax;\n\n#[macro_export]\nmacro_rules! double {\n    ($value:expr) => {\n        $value * 2\n    };\n}\n",
            ),
            ("src/tax.rs", TAX),
            ("src/prices.rs", prices),
            (
                "src/main.rs",
                "#![allow(deprecated, non_upper_case_globals)]\nuse shop::prices::{self, OldCOUNT, OldKind, OldRATE, OldVat, Oldvat, twice};\n\nfn main() {\n    \
                 let value: OldVat = Oldvat();\n    let OldKind::A = OldKind::A;\n    assert_eq!(value.0 + OldRATE + OldCOUNT + twice!(1), 47);\n    \
                 assert_eq!(prices::price().0 + prices::free(), 19);\n}\n",
            ),
        ],
    );
    goes(&project, 6);
    assert_eq!(
        project.read("src/prices.rs"),
        "//! Prices, and names that have moved.\n\nuse crate::tax::{self, Vat};\n\n/// What it costs.\npub fn price() -> Vat {\n    tax::vat()\n}\n\n\
         pub fn free() -> i32 {\n    0\n}\n"
    );
}

#[test]
fn a_variant_that_is_handed_on_is_no_trait() {
    let project = shop(
        &(rule("Bee", "tax::Kind::B") + &rule("twice", "tax::vat")),
        &[
            (
                "src/lib.rs",
                "pub mod tax;\npub use tax::{\n    Kind::{self, B as Bee},\n    vat as twice,\n};\n\npub fn first() -> Kind {\n    Kind::A\n}\n",
            ),
            ("src/tax.rs", "pub enum Kind {\n    A,\n    B,\n}\npub fn vat() {}\n"),
            ("src/main.rs", "fn main() {\n    shop::first();\n}\n"),
        ],
    );
    goes(&project, 2);
    assert_eq!(
        project.read("src/lib.rs"),
        "pub mod tax;\npub use tax::Kind;\n\npub fn first() -> Kind {\n    Kind::A\n}\n"
    );
}

#[test]
fn a_deprecated_wrapper_goes_as_a_whole() {
    let library = "pub mod tax;\n\npub fn kept() {}\n\n/// Moved.\n#[deprecated(note = \"use tax\")]\npub fn old_vat() -> tax::Vat {\n    \
        tax::vat()\n}\n";
    let project = shop(
        &rule("old_vat", "tax::vat"),
        &[
            ("src/lib.rs", library),
            ("src/tax.rs", TAX),
            (
                "src/main.rs",
                "#![allow(deprecated)]\n\nfn main() {\n    shop::kept();\n    assert_eq!(shop::old_vat().0, 19);\n}\n",
            ),
        ],
    );
    goes(&project, 1);
    assert_eq!(project.read("src/lib.rs"), "pub mod tax;\n\npub fn kept() {}\n");
}

#[test]
fn a_module_written_out_in_another_file_goes() {
    let project = shop(
        &rule("prices::Vat", "tax::Vat"),
        &[
            ("src/lib.rs", "pub mod tax;\n\npub mod prices {\n    pub use crate::tax::Vat;\n}\n"),
            ("src/tax.rs", TAX),
            ("src/main.rs", "fn main() {\n    assert_eq!(shop::prices::Vat(1).0, 1);\n}\n"),
        ],
    );
    goes(&project, 1);
    assert_eq!(project.read("src/lib.rs"), "pub mod tax;\n");
}

#[test]
fn one_that_holds_another_goes_with_it() {
    let project = shop(
        "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\", \"shop::old::inner\"]\n",
        &[
            (
                "src/lib.rs",
                "pub mod tax;\n\npub mod old {\n    pub use crate::tax::*;\n\n    pub mod inner {\n        pub use crate::tax::*;\n    }\n}\n",
            ),
            ("src/tax.rs", TAX),
            (
                "src/main.rs",
                "fn main() {\n    assert_eq!(shop::old::inner::Vat(1).0, shop::old::Vat(1).0);\n}\n",
            ),
        ],
    );
    goes(&project, 1);
    assert_eq!(project.read("src/lib.rs"), "pub mod tax;\n");
}

#[test]
fn modules_inside_of_modules_go_one_after_the_other() {
    let project = shop(
        "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\", \"shop::old::prices\", \"shop::old::rates\"]\n",
        &[
            ("src/lib.rs", "pub mod old;\npub mod tax;\n"),
            ("src/tax.rs", TAX),
            ("src/old/mod.rs", "pub mod prices;\npub mod rates;\n\npub use self::rates::*;\n"),
            ("src/old/prices.rs", "pub use super::rates::*;\n"),
            ("src/old/rates.rs", "pub use crate::tax::*;\n"),
            ("src/main.rs", "fn main() {\n    assert_eq!(shop::old::prices::Vat(1).0, 1);\n}\n"),
        ],
    );
    goes(&project, 3);
    assert!(!exists(&project, "src/old/mod.rs") && !exists(&project, "src/old/rates.rs"));
    assert_eq!(project.read("src/lib.rs"), "pub mod tax;\n");
}

#[test]
fn a_file_that_two_crates_declare_goes_from_both() {
    let project = shop(
        "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\"]\n",
        &[
            ("src/lib.rs", "pub mod old;\npub mod tax;\n"),
            ("src/tax.rs", TAX),
            ("src/old.rs", "pub use crate::tax::*;\n"),
            (
                "src/main.rs",
                "#![allow(dead_code, unused_imports)]\nmod old;\nmod tax;\n\nfn main() {\n    assert_eq!(old::Vat(1).0, 1);\n}\n",
            ),
        ],
    );
    goes(&project, 1);
    assert_eq!(project.read("src/lib.rs"), "pub mod tax;\n");
    let main = "#![allow(dead_code, unused_imports)]\nmod tax;\n\nfn main() {\n    assert_eq!(tax::Vat(1).0, 1);\n}\n";
    assert_eq!(project.read("src/main.rs"), main);
}

#[test]
fn a_crate_may_have_other_names_elsewhere() {
    let package = |name: &str, more: &str| MANIFEST.replace("shop", name) + more;
    let project = shop(
        "[[module]]\ncanonical = \"corelib::tax\"\nlegacy = [\"corelib::prices\"]\n",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"core\", \"app\"]\n"),
            ("core/src/lib.rs", "pub mod prices;\npub mod tax;\n"),
            ("core/src/tax.rs", TAX),
            ("core/src/prices.rs", "pub use crate::tax::Vat;\n"),
            ("app/src/main.rs", "use base::prices::Vat;\n\nfn main() {\n    assert_eq!(Vat(1).0, 1);\n}\n"),
        ],
    );
    project.write("core/Cargo.toml", package("my-core", "[lib]\nname = \"corelib\"\n"));
    project.write(
        "app/Cargo.toml",
        package("app", "[dependencies]\nbase = { path = \"../core\", package = \"my-core\" }\n"),
    );
    let said = project.run(&REMOVE);
    assert!(said.code == Some(0) && said.err.contains("Removed 1 shim."), "{}", said.err);
    assert_eq!(project.read("core/src/lib.rs"), "pub mod tax;\n");
    assert!(project.read("app/src/main.rs").starts_with("use base::tax::Vat;\n"));
}

#[test]
fn a_preview_is_a_patch_that_git_takes() {
    let project = shop(
        &(rule("old::Vat", "tax::Vat") + &rule("Old", "tax::Vat")),
        &[
            (
                "src/lib.rs",
                "pub mod old;\npub mod tax;\n\npub use tax::Vat as Old;\n\npub fn one() -> old::Vat {\n    tax::Vat(1)\n}\n",
            ),
            ("src/tax.rs", TAX),
            ("src/old.rs", "pub use crate::tax::Vat;\n"),
            ("src/main.rs", "fn main() {\n    assert_eq!(shop::one().0, shop::Old(1).0);\n}\n"),
        ],
    );
    if !project.commit_all() {
        return;
    }
    let said = project.run(&["migrate", "--remove-shims"]);
    assert!(said.err.contains("Would remove 2 shims."), "{}", said.err);
    project.write(".git/shims.patch", &said.out);
    assert!(project.git(&["apply", ".git/shims.patch"]), "{}", said.out);
    let patched = project.read("src/lib.rs");
    assert_eq!(patched, "pub mod tax;\n\npub fn one() -> tax::Vat {\n    tax::Vat(1)\n}\n");
    assert!(!exists(&project, "src/old.rs") && project.git(&["checkout", "-q", "."]));
    goes(&project, 2);
    assert_eq!(project.read("src/lib.rs"), patched);
}

/// The shim stays, for this reason, and nothing of its crate changes.
fn stays(rules: &str, files: &[(&str, &str)], reason: &str) {
    let project = shop(rules, files);
    fails(&project, &REMOVE, 1, &[&format!("not removed: {reason}"), "No shim to remove; 1 shim left"]);
    for (path, text) in files {
        assert_eq!(project.read(path), *text, "{reason}");
    }
}

#[test]
fn what_takes_a_decision_stays_with_its_reason() {
    let tax = ("src/tax.rs", TAX);
    let module = "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\"]\n";
    let old = ("src/old.rs", "pub use crate::tax::*;\n");
    stays(
        &rule("Tax", "tax::Tax"),
        &[
            tax,
            (
                "src/lib.rs",
                "pub mod tax;\npub use tax::Tax;\n\npub fn one() -> i32 {\n    tax::vat().tax()\n}\n",
            ),
        ],
        "`shop::Tax`: it may be a trait, and nobody knows whether its module calls the methods: delete it by hand",
    );
    stays(
        &rule("Vat", "tax::Vat"),
        &[tax, ("src/lib.rs", "pub mod tax;\npub use tax::*;\n\npub fn one() {}\n")],
        "`shop::Vat`: a glob hands it on: write out what else that brings, or delete it",
    );
    stays(
        module,
        &[
            tax,
            old,
            ("src/lib.rs", "#[cfg(unix)]\npub mod old;\n#[cfg(not(unix))]\npub mod old;\npub mod tax;\n"),
        ],
        "`shop::old`: `shop::old` is not declared in one place: delete it by hand",
    );
}

#[test]
fn only_files_that_were_asked_for_change() {
    let project = shop(
        "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\"]\n",
        &[
            ("src/lib.rs", "pub mod old;\npub mod tax;\n"),
            ("src/tax.rs", TAX),
            ("src/old.rs", "pub use crate::tax::*;\n"),
        ],
    );
    let arguments = [&REMOVE[..], &["src/old.rs"]].concat();
    let reason = "`shop::old`: `src/lib.rs` has to change with it, and was not asked for";
    fails(&project, &arguments, 1, &[reason]);
    assert_eq!(project.read("src/lib.rs"), "pub mod old;\npub mod tax;\n");
}

#[test]
fn what_is_public_goes_when_shims_says_so() {
    let project = shop(
        &rule("Vat", "tax::Vat"),
        &[
            ("src/lib.rs", "pub mod tax;\npub use tax::Vat;\n\npub fn one() {}\n"),
            ("src/tax.rs", TAX),
            ("src/main.rs", "fn main() {}\n"),
        ],
    );
    let said = project.run(&["shims"]);
    assert!(said.out.contains("verdict     delete it"), "{}", said.out);
    goes(&project, 1);
}
