//! `shim` for Rust modules: rustc compiles what is written, and warns of every kind of item at the line that imports it.

use super::{Project, fails};
use std::fs;
use std::process::{Command, Output};

pub(super) const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// The canonical module: every kind of item, and every form of a signature.
const TAX: &str = r#"use std::collections::HashMap;
use std::fmt::{self, Display};

pub struct Plain<'a, T: ?Sized + 'a, const N: usize = 3> {
    pub value: &'a T,
}
pub struct Tuple(pub i32);
#[derive(Debug, PartialEq, Eq)]
pub struct Unit;
pub struct Defaulted<T = Vec<Key>>
where
    T: Clone,
{
    pub value: T,
}
pub enum Kind {
    A,
    B,
}
pub union Bits {
    pub value: i32,
}
pub trait Tax {
    fn tax(&self) -> i32 {
        1
    }
}
impl Tax for i32 {}
pub type Key = String;
pub type Map<V> = HashMap<Key, V>;
pub const RATE: i32 = 19;
pub const KINDS: &[Option<Kind>] = &[];
pub static COUNT: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(0);
pub fn none() {}
pub fn generic<'a, T: Clone + Display, const N: usize>(value: &'a T, [one, _]: [i32; 2]) -> fmt::Result
where
    T: Tax,
{
    let _ = (value.clone(), one, N);
    Ok(())
}
pub fn size<T>() -> usize {
    std::mem::size_of::<T>()
}
pub fn with(mut make: impl FnMut(Key) -> Kind, map: &mut Map<super::tax::Unit>) -> impl Iterator<Item = Kind> {
    map.clear();
    std::iter::once(make(String::new()))
}
#[must_use]
pub async fn later(value: i32) -> i32 {
    value
}
/// # Safety
/// The pointer is valid.
pub unsafe fn danger(value: *const i32) -> i32 {
    unsafe { *value }
}
pub const fn fixed(value: i32) -> i32 {
    value + 1
}
pub extern "C" fn foreign(value: i32) -> i32 {
    value
}
pub fn inside(_: [u8; line!() as usize / line!() as usize]) {}
#[cfg(unix)]
pub fn platform() {}
#[cfg(not(unix))]
pub fn platform() {}
"#;

const NAMES: [&str; 24] = [
    "Bits",
    "COUNT",
    "Defaulted",
    "KINDS",
    "Key",
    "Kind",
    "Map",
    "Plain",
    "RATE",
    "Tax",
    "Tuple",
    "Unit",
    "danger",
    "double",
    "fixed",
    "foreign",
    "generic",
    "inside",
    "later",
    "none",
    "platform",
    "size",
    "type",
    "with",
];

/// One import in a line, and every name is used as only its kind can be.
const USE: &str = r#"
fn main() {
    let plain: Plain<str> = Plain { value: "a" };
    let Tuple(number) = Tuple(plain.value.len() as i32);
    assert_eq!(match Unit { Unit => number }, 1);
    let defaulted: Defaulted = Defaulted { value: vec![Key::new()] };
    assert_eq!(defaulted.value.len(), 1);
    assert!(matches!(Kind::A, Kind::A) && !matches!(Kind::B, Kind::A));
    assert_eq!(unsafe { Bits { value: 1 }.value }, 1);
    assert_eq!(5.tax() + RATE + KINDS.len() as i32, 20);
    assert_eq!(COUNT.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
    none();
    generic::<i32, 2>(&1, [1, 2]).unwrap();
    assert_eq!(size::<u8>(), 1);
    let mut map: Map<Unit> = Map::new();
    assert_eq!(with(|_| Kind::B, &mut map).count(), 1);
    let _ = later(1);
    assert_eq!(unsafe { danger(&3) } + fixed(1) + foreign(1) + double!(2) + r#type(), 11);
    platform();
    inside([1]);
}
"#;

/// A project without Python.
pub(super) fn empty() -> Project {
    let project = Project::new();
    fs::remove_dir_all(project.root().join("shop")).unwrap();
    project
}

fn shop() -> Project {
    let project = empty();
    project.write("Cargo.toml", MANIFEST);
    let double =
        "#[macro_export]\nmacro_rules! double {\n    ($value:expr) => {\n        $value * 2\n    };\n}\n";
    project.write("src/lib.rs", format!("pub mod old;\npub mod tax;\n\n{double}"));
    project.write("src/tax.rs", format!("{TAX}pub fn r#type() -> i32 {{\n    1\n}}\n"));
    project.write("src/old.rs", "pub use crate::tax::{Plain, Tuple};\n");
    let rules = NAMES.map(|name| {
        let home = if name == "double" { "shop" } else { "shop::tax" };
        format!(
            "[[symbol]]\nid = \"{name}\"\ncanonical = \"{home}::{name}\"\nlegacy = [\"shop::old::{name}\"]\n"
        )
    });
    project.write("ssot.toml", rules.concat());
    project
}

fn write(project: &Project, rule: &str) {
    let said = project.run(&["shim", rule, "--execute", "--backup"]);
    assert_eq!((said.code, said.err.contains("Wrote 1 shim.")), (Some(0), true), "{}", said.err);
}

/// Runs rustc; `None`, with a word, where there is none.
fn rustc(project: &Project, arguments: &[&str]) -> Option<Output> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--error-format", "short", "--out-dir", "out"]).args(arguments);
    let run = rustc.current_dir(project.root()).output();
    run.map_err(|_| println!("rustc was not found: nothing was tried")).ok()
}

/// Compiles library and program; what rustc says of the program, line by line. Of the library it must say nothing.
pub(super) fn compiled(project: &Project) -> Option<Vec<String>> {
    let library = rustc(project, &["--crate-name", "shop", "--crate-type", "lib", "src/lib.rs"])?;
    let told = String::from_utf8(library.stderr).unwrap();
    assert!(library.status.success() && told.is_empty(), "{told}\n{}", project.read("src/lib.rs"));
    let program = rustc(project, &["--extern", "shop=out/libshop.rlib", "src/main.rs"])?;
    let told = String::from_utf8(program.stderr).unwrap();
    assert!(program.status.success(), "{told}\n{}", project.read("src/main.rs"));
    let run = Command::new(project.root().join("out/main")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(told.lines().map(str::to_owned).collect())
}

#[test]
fn rustc_compiles_every_kind_and_warns_at_the_line_of_each_import() {
    let project = shop();
    let uses: String = NAMES.iter().map(|name| format!("use shop::old::{};\n", raw(name))).collect();
    project.write("src/main.rs", uses + USE);
    write(&project, "Plain");
    let Some(told) = compiled(&project) else { return };
    for (line, name) in (1..).zip(NAMES) {
        let place = format!("src/main.rs:{line}:");
        let home = if name == "double" { "shop" } else { "shop::tax" };
        let words = format!("moved to `{home}::{name}`");
        let is_told = told.iter().any(|told| {
            told.starts_with(&place) && told.contains("warning: use of deprecated") && told.contains(&words)
        });
        assert!(is_told, "{name}: {told:#?}");
    }
    // Our own commands take it for what it is, and migrate leads everybody past it.
    let said = project.run(&["check", "src/old.rs", "--select", "SSOT00,SSOT01"]);
    assert_eq!(said.out, "No findings in 1 file; compliance 100 %\n", "{}", said.err);
    let said = project.run(&["shims"]);
    assert!(said.out.contains("shop::old  module") && said.out.contains("pure        yes"), "{}", said.out);
    assert_eq!(project.run(&["shim", "Kind"]).err, "No shim to write.\n");
    leaves_without_a_trace(&project);
}

/// Migrates everybody and deletes the shim: library and program compile without a word, and the program does what it did.
fn leaves_without_a_trace(project: &Project) {
    let said = project.run(&["migrate", "--execute", "--backup", "--remove-shims"]);
    assert!(said.code == Some(0) && said.err.contains("Removed 1 shim."), "{}", said.err);
    assert!(!project.root().join("src/old.rs").exists() && !project.read("src/lib.rs").contains("mod old"));
    assert_eq!(compiled(project).unwrap(), Vec::<String>::new());
}

fn raw(name: &str) -> String {
    if name == "type" { "r#type".to_owned() } else { name.to_owned() }
}

#[test]
fn what_has_a_form_of_its_own_warns_by_its_full_path_too() {
    let project = shop();
    project.write(
        "src/main.rs",
        "fn main() {\n    shop::old::none();\n    let _ = shop::old::RATE;\n    let _: shop::old::Key = String::new();\n    \
         let _ = shop::old::double!(2);\n    let _ = shop::old::Plain::<str> { value: \"\" };\n}\n",
    );
    write(&project, "none");
    let Some(told) = compiled(&project) else { return };
    for line in 2..=6 {
        assert!(
            told.iter().any(|told| told.starts_with(&format!("src/main.rs:{line}:"))),
            "{line}: {told:#?}"
        );
    }
}

#[test]
fn a_whole_module_hands_on_what_nobody_can_name_too() {
    let project = shop();
    project.write(
        "ssot.toml",
        "[[module]]\nid = \"old\"\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\"]\nrenames = { Duty = \"Tax\", Pair = \"Tuple\" }\n",
    );
    let made = "macro_rules! made {\n    ($name:ident) => {\n        pub struct $name;\n    };\n}\nmade!(Made);\n\
                pub mod deeper {\n    pub fn down() {}\n}\n";
    project.write("src/tax.rs", project.read("src/tax.rs") + made);
    project.write("src/old.rs", "pub use crate::tax::*;\n");
    project.write(
        "src/main.rs",
        "use shop::old::Made;\nuse shop::old::Duty;\nuse shop::old::Pair;\nuse shop::old::deeper;\nuse shop::old::{Kind, RATE};\n\n\
         fn main() {\n    let _ = (Made, Kind::A, 1.tax() + RATE);\n    let Pair(_) = Pair(1);\n    deeper::down();\n}\n",
    );
    write(&project, "old");
    assert_eq!(project.run(&["shim", "old"]).err, "No shim to write.\n");
    let Some(told) = compiled(&project) else { return };
    for line in 2..=5 {
        assert!(
            told.iter().any(|told| told.starts_with(&format!("src/main.rs:{line}:"))),
            "{line}: {told:#?}"
        );
    }
    let said = project.run(&["shims"]);
    assert!(said.out.contains("pure        yes"), "{}", said.out);
    leaves_without_a_trace(&project);
}

#[test]
fn names_in_two_namespaces_and_items_of_the_crate_alone_compile_without_a_word() {
    let project = shop();
    let tax = "#[derive(Debug)]\npub enum Both {\n    A,\n}\n#[allow(non_snake_case)]\npub fn Both() -> Both {\n    Both::A\n}\n\
               pub(crate) enum Inner {\n    A,\n}\npub(crate) fn inner() {}\n";
    project.write("src/tax.rs", tax);
    project.write(
        "src/lib.rs",
        "#![allow(deprecated)]\nmod old;\nmod tax;\nuse old::{Both, Inner, inner};\n\npub fn go() {\n    inner();\n    \
         let Both::A = Both();\n    let Inner::A = Inner::A;\n}\n",
    );
    let rules = ["Both", "Inner", "inner"].map(|name| {
        format!("[[symbol]]\nid = \"{name}\"\ncanonical = \"shop::tax::{name}\"\nlegacy = [\"shop::old::{name}\"]\n")
    });
    project.write("ssot.toml", rules.concat());
    project.write("src/old.rs", "");
    project.write("src/main.rs", "fn main() {\n    shop::go();\n}\n");
    write(&project, "Both");
    assert_eq!(compiled(&project).unwrap_or_default(), Vec::<String>::new());
    assert!(
        project.read("src/old.rs").contains("pub(crate) fn Inner() {}"),
        "{}",
        project.read("src/old.rs")
    );
    assert_eq!(project.run(&["shim", "Both"]).err, "No shim to write.\n");
}

/// The module stays as it is, for this reason.
fn stays(project: &Project, reason: &str) {
    fails(project, &["shim", "it", "--execute", "--backup"], 1, &[reason, "1 module left"]);
}

#[test]
fn what_cannot_be_a_shim_is_refused_with_its_reason() {
    let project = shop();
    project.write(
        "src/lib.rs",
        "pub mod old;\npub mod tax;\npub mod inline {\n    pub use crate::tax::Kind;\n}\n",
    );
    let more = "macro_rules! made {\n    ($name:ident) => {\n        pub struct $name;\n    };\n}\nmade!(Made);\n\
                fn private() {}\npub(crate) use made;\n";
    project.write("src/tax.rs", project.read("src/tax.rs") + more);
    for (canonical, legacy, reason) in [
        ("shop::tax::Made", "shop::old::Made", "is not defined in plain sight"),
        (
            "shop::tax::private",
            "shop::old::private",
            "`shop::tax::private` is private: a shim cannot hand it on",
        ),
        (
            "shop::tax::made",
            "shop::old::made",
            "`shop::tax::made` is a macro of another crate, or not exported",
        ),
        ("shop::tax::Kind", "shop::gone::Kind", "there is no such module: declare it with `mod`"),
        ("shop::tax::Kind", "shop::inline::Kind", "it is written out in the file of another module"),
        ("shop::tax::Kind", "shop::Kind", "other modules lie in it, which a shim would hide: `shop::"),
        ("shop::tax::Kind", "serde::Kind", "`serde` is not part of this project"),
    ] {
        project.write("src/old.rs", "");
        let rule = format!("[[symbol]]\nid = \"it\"\ncanonical = \"{canonical}\"\nlegacy = [\"{legacy}\"]\n");
        project.write("ssot.toml", rule);
        stays(&project, reason);
    }
    let rule = "[[symbol]]\nid = \"it\"\ncanonical = \"shop::tax::Kind\"\nlegacy = [\"shop::old::Kind\"]\n";
    project.write("ssot.toml", rule);
    for (text, reason) in [
        ("pub use crate::tax::Kind;\nimpl Kind {}\n", "it implements something (line 2)"),
        ("pub enum Kind {\n    A,\n}\n", "it defines `Kind` (line 1)"),
        (
            "pub use crate::tax::{Kind, Unit};\n",
            "it hands on `Unit` from `shop::tax::Unit`, which no rule moves",
        ),
        ("pub use crate::tax::*;\n", "it hands on all names of `shop::tax`"),
    ] {
        project.write("src/old.rs", text);
        stays(&project, reason);
    }
    project.write("src/old.rs", "use crate::tax::Unit;\n");
    fails(
        &project,
        &["shim", "it", "--kind", "alias"],
        1,
        &["a Rust module cannot be put in the place of another"],
    );
}

#[test]
fn a_crate_that_is_not_a_dependency_is_out_of_reach() {
    let project = shop();
    for name in ["one", "two"] {
        project.write(&format!("{name}/Cargo.toml"), MANIFEST.replace("shop", name));
        project.write(&format!("{name}/src/lib.rs"), "pub mod old;\npub struct Tax;\n");
        project.write(&format!("{name}/src/old.rs"), "");
    }
    let rule = "[[symbol]]\nid = \"it\"\ncanonical = \"two::Tax\"\nlegacy = [\"one::old::Tax\"]\n";
    project.write("ssot.toml", rule);
    stays(&project, "its package does not depend on `two`");
    let depends = "[dependencies]\ndeux = { path = \"../two\", package = \"two\" }\n";
    project.write("one/Cargo.toml", MANIFEST.replace("shop", "one") + depends);
    write(&project, "it");
    assert!(
        project.read("one/src/old.rs").contains("pub type Tax = ::deux::Tax;"),
        "{}",
        project.read("one/src/old.rs")
    );
}
