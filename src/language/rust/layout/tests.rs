//! Whole projects, held in memory.

use super::*;
use crate::model::Reach;
use std::collections::BTreeMap;

/// A project of the given files. Manifests are read, sources have ids in the order of their paths.
fn project(texts: &[(&str, &str)]) -> (Layout, Vec<String>) {
    let texts: BTreeMap<&str, &str> = texts.iter().copied().collect();
    let sources: Vec<&str> = texts.keys().copied().filter(|path| path.ends_with(".rs")).collect();
    let files: Vec<(FileId, &str)> =
        sources.iter().enumerate().map(|(id, path)| (id as FileId, *path)).collect();
    let manifests: Vec<&str> = texts.keys().copied().filter(|path| path.ends_with("Cargo.toml")).collect();
    let read = |path: &str| texts.get(path).map(|text| (*text).to_owned());
    let found = layout(&Folder {
        files: &files,
        manifests: &manifests,
        built: &[],
        read: &read,
        roots: None,
        hints: &[],
    });
    (found, sources.into_iter().map(str::to_owned).collect())
}

/// Each module as `file: name name@folder`, where names of the project root have no folder, `!` marks global ones and `?` those
/// of a release. The first name, which identifies the module everywhere, is left out when the second says the same.
fn names(texts: &[(&str, &str)]) -> Vec<String> {
    let (layout, files) = project(texts);
    let show = |module: &crate::model::Module| {
        let [identity, own, ..] = &*module.names else { panic!("a module has two names at least") };
        assert_eq!((identity.is_local(), own.reach), (false, Reach::Below));
        let hidden = usize::from(identity.path == own.path);
        let names: Vec<String> = module.names[hidden..].iter().map(show_name).collect();
        let file = module.file.expect("every module is a file");
        format!("{}: {}", files[file as usize], names.join(" "))
    };
    layout.modules.iter().map(show).collect()
}

fn show_name(name: &crate::model::ModuleName) -> String {
    let place = if name.root.is_empty() { String::new() } else { format!("@{}", name.root) };
    let mark = match name.reach {
        Reach::Everywhere => "!",
        Reach::Below => "",
        Reach::Release => "?",
    };
    format!("{}{place}{mark}", name.path)
}

/// The names in a package `p` without those that begin with `crate`.
fn own_names(texts: &[(&str, &str)]) -> Vec<String> {
    let mut all = texts.to_vec();
    all.push(("Cargo.toml", "[package]\nname = \"p\"\nedition = \"2021\""));
    let without_crate = |line: String| {
        let names: Vec<&str> = line.split(' ').filter(|name| !name.ends_with('!')).collect();
        names.join(" ")
    };
    names(&all).into_iter().map(without_crate).collect()
}

fn unreached(texts: &[(&str, &str)]) -> Vec<String> {
    let (layout, files) = project(texts);
    layout.unreached.iter().map(|&file| files[file as usize].clone()).collect()
}

#[test]
fn a_package_has_a_library_binaries_and_the_rest() {
    let found = names(&[
        ("Cargo.toml", "[package]\nname = \"my-app\"\nedition = \"2024\""),
        ("build.rs", ""),
        ("src/lib.rs", "mod a;"),
        ("src/a.rs", ""),
        ("src/main.rs", "mod a; mod b;"),
        ("src/b.rs", ""),
        ("src/bin/tool.rs", ""),
        ("src/bin/big/main.rs", "mod part;"),
        ("src/bin/big/part.rs", ""),
        ("tests/cli.rs", "mod shared;"),
        ("tests/shared/mod.rs", ""),
        ("tests/more/main.rs", ""),
        ("examples/x.rs", ""),
        ("benches/y.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "benches/y.rs: my_app/bench/y",
            "build.rs: my_app/build",
            "examples/x.rs: my_app/example/x",
            "src/a.rs: my_app::a my_app/bin/my-app::a crate::a!",
            "src/b.rs: my_app/bin/my-app::b",
            "src/bin/big/main.rs: my_app/bin/big",
            "src/bin/big/part.rs: my_app/bin/big::part",
            "src/bin/tool.rs: my_app/bin/tool",
            "src/lib.rs: my_app crate!",
            "src/main.rs: my_app/bin/my-app",
            "tests/cli.rs: my_app/test/cli",
            "tests/more/main.rs: my_app/test/more",
            "tests/shared/mod.rs: my_app/test/cli::shared",
        ]
    );
}

#[test]
fn without_a_library_the_main_binary_has_the_name() {
    let manifest = ("Cargo.toml", "[package]\nname = \"my-app\"\nedition = \"2024\"");
    let found = names(&[manifest, ("src/bin/a.rs", ""), ("src/main.rs", "")]);
    assert_eq!(found, ["src/bin/a.rs: my_app/bin/a", "src/main.rs: my_app crate!"]);
    assert_eq!(names(&[manifest, ("src/bin/a.rs", "")]), ["src/bin/a.rs: my_app crate!"]);
}

#[test]
fn manifests_say_where_targets_lie() {
    let manifest = "[package]\nname = \"p\"\nedition = \"2021\"\nbuild = \"make.rs\"\nautotests = false
        [lib]\nname = \"core_p\"\npath = \"core/root.rs\"
        [[bin]]\nname = \"tool\"\npath = \"tool.rs\"
        [[bin]]\nname = \"other\"
        [[test]]\nname = \"one\"\n[[test]]\nname = \"gone\"";
    let found = names(&[
        ("a/Cargo.toml", manifest),
        ("b/Cargo.toml", "[package]\nname = \"b\""),
        ("a/core/root.rs", "mod x;"),
        ("a/core/x.rs", ""),
        ("a/make.rs", ""),
        ("a/src/bin/other/main.rs", ""),
        ("a/src/bin/found.rs", ""),
        ("a/tests/one.rs", ""),
        ("a/tests/two.rs", ""),
        ("a/tool.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "a/core/root.rs: core_p@a/",
            "a/core/x.rs: core_p::x@a/",
            "a/make.rs: p/build@a/",
            "a/src/bin/found.rs: p/bin/found@a/",
            "a/src/bin/other/main.rs: p/bin/other@a/",
            "a/tests/one.rs: p/test/one@a/",
            "a/tool.rs: p/bin/tool@a/",
        ]
    );
}

#[test]
fn modules_follow_files_in_every_form() {
    let found = own_names(&[
        ("src/lib.rs", "mod a; mod b; mod inline { mod c; }"),
        ("src/a.rs", "mod deep; mod inline { mod c; }"),
        ("src/a/deep.rs", ""),
        ("src/a/inline/c.rs", ""),
        ("src/b/mod.rs", "mod deep; mod inline { mod c; }"),
        ("src/b/deep.rs", ""),
        ("src/b/inline/c/mod.rs", ""),
        ("src/inline/c.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/a.rs: p::a",
            "src/a/deep.rs: p::a::deep",
            "src/a/inline/c.rs: p::a::inline::c",
            "src/b/deep.rs: p::b::deep",
            "src/b/inline/c/mod.rs: p::b::inline::c",
            "src/b/mod.rs: p::b",
            "src/inline/c.rs: p::inline::c",
            "src/lib.rs: p",
        ]
    );
}

#[test]
fn path_attributes_follow_the_rules_of_folders() {
    // The table of the Rust Reference, "The path attribute".
    let found = own_names(&[
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a/mod.rs", "#[path = \"foo.rs\"] mod c; mod inline { #[path = \"other.rs\"] mod inner; }"),
        ("src/a/foo.rs", "mod under;"),
        ("src/a/under.rs", ""),
        ("src/a/inline/other.rs", ""),
        ("src/b.rs", "#[path = \"foo.rs\"] mod c; mod inline { #[path = \"other.rs\"] mod inner; }"),
        ("src/foo.rs", ""),
        ("src/b/inline/other.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/a/foo.rs: p::a::c",
            "src/a/inline/other.rs: p::a::inline::inner",
            "src/a/mod.rs: p::a",
            "src/a/under.rs: p::a::c::under",
            "src/b.rs: p::b",
            "src/b/inline/other.rs: p::b::inline::inner",
            "src/foo.rs: p::b::c",
            "src/lib.rs: p",
        ]
    );
}

#[test]
fn an_inline_module_may_have_a_folder_of_its_own() {
    let found = own_names(&[
        ("src/lib.rs", "#[path = \"threads\"] mod t { #[path = \"tls.rs\"] mod local; mod x; }"),
        ("src/threads/tls.rs", ""),
        ("src/threads/x.rs", ""),
    ]);
    assert_eq!(found[1..], ["src/threads/tls.rs: p::t::local", "src/threads/x.rs: p::t::x"]);
}

#[test]
fn every_file_of_a_conditional_module_counts() {
    let found = own_names(&[
        (
            "src/lib.rs",
            "#[cfg_attr(unix, path = \"unix.rs\")] mod sys;\n#[cfg(x)] #[path = \"x.rs\"] mod sys;",
        ),
        ("src/sys.rs", ""),
        ("src/unix.rs", ""),
        ("src/x.rs", ""),
    ]);
    assert_eq!(found[1..], ["src/sys.rs: p::sys", "src/unix.rs: p::sys", "src/x.rs: p::sys"]);
}

#[test]
fn a_file_is_a_module_of_its_own_wherever_it_is_declared() {
    let found = own_names(&[
        ("src/lib.rs", "mod a; #[path = \"a.rs\"] mod b;"),
        ("src/a.rs", "mod c;"),
        ("src/a/c.rs", ""),
        ("src/c.rs", ""),
    ]);
    assert_eq!(
        found,
        ["src/a.rs: p::a", "src/a.rs: p::b", "src/a/c.rs: p::a::c", "src/c.rs: p::b::c", "src/lib.rs: p"]
    );
}

#[test]
fn cycles_and_files_that_are_not_there_end() {
    let found = own_names(&[
        ("src/lib.rs", "mod gone; #[path = \"lib.rs\"] mod me; mod a; #[path = \"../../../x.rs\"] mod out;"),
        ("src/a.rs", "#[path = \"b.rs\"] mod b; #[path = \"b.rs\"] mod c;"),
        ("src/b.rs", "#[path = \"a.rs\"] mod a; #[path = \"a.rs\"] mod d; #[path = \"b.rs\"] mod b;"),
    ]);
    assert_eq!(found, ["src/a.rs: p::a", "src/b.rs: p::a::b", "src/b.rs: p::a::c", "src/lib.rs: p"]);
}

#[test]
fn an_included_file_is_a_part_of_its_module() {
    let found = own_names(&[
        ("src/lib.rs", "mod a { include!(\"all/mod.rs\"); }"),
        ("src/all/b.rs", ""),
        ("src/all/mod.rs", "mod b; include!(\"../lib.rs\");"),
    ]);
    assert_eq!(found, ["src/all/b.rs: p::a::b", "src/lib.rs: p", "src/all/mod.rs: p::a"]);
}

#[test]
fn a_macro_may_declare_modules_where_it_is_called() {
    let found = own_names(&[
        ("src/lib.rs", "#[macro_use] mod macros; all!();"),
        ("src/macros.rs", "macro_rules! all { () => { mod a; mod b { mod c; } } }"),
        ("src/a.rs", ""),
        ("src/b/c.rs", ""),
    ]);
    assert_eq!(found, ["src/a.rs: p::a", "src/b/c.rs: p::b::c", "src/lib.rs: p", "src/macros.rs: p::macros"]);
}

#[test]
fn dependents_call_a_library_as_they_like() {
    let core = "[package]\nname = \"my-core\"\nedition = \"2021\"";
    let found = names(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"*\"]\n[workspace.dependencies]\nmy-core = { path = \"core\" }\nhull = { package = \"my-core\", path = \"core\" }",
        ),
        ("core/Cargo.toml", core),
        ("core/src/lib.rs", "mod a;"),
        ("core/src/a.rs", ""),
        ("one/Cargo.toml", "[package]\nname = \"one\"\n[dependencies]\nmy-core.path = \"../core\""),
        ("two/Cargo.toml", "[package]\nname = \"two\"\n[dev-dependencies]\nmy-core = { workspace = true }"),
        (
            "three/Cargo.toml",
            "[package]\nname = \"three\"\n[target.'cfg(unix)'.build-dependencies]\nkernel-x = { path = \"../core/\", package = \"my-core\" }",
        ),
        ("four/Cargo.toml", "[package]\nname = \"four\"\n[dependencies.hull]\nworkspace = true"),
        ("five/Cargo.toml", "[package]\nname = \"five\"\n[dependencies]\nmy-core = \"1\""),
    ]);
    assert_eq!(
        found,
        [
            "core/src/a.rs: my_core::a@core/ hull::a@four/ my_core::a@one/ kernel_x::a@three/ my_core::a@two/",
            "core/src/lib.rs: my_core@core/ hull@four/ my_core@one/ kernel_x@three/ my_core@two/",
        ]
    );
}

#[test]
fn the_name_of_the_library_is_what_dependents_write() {
    let found = names(&[
        ("a/Cargo.toml", "[package]\nname = \"long-name\"\n[lib]\nname = \"short\""),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\nlong-name = { path = \"../a\" }"),
    ]);
    assert_eq!(found, ["a/src/lib.rs: short@a/ short@b/"]);
}

#[test]
fn a_patch_makes_a_registry_dependency_first_party() {
    let found = names(&[
        (
            "Cargo.toml",
            "[package]\nname = \"app\"\n[dependencies]\ncore = \"1\"\nother = \"1\"\n[patch.crates-io]\ncore = { path = \"vendor/core\" }",
        ),
        ("src/main.rs", ""),
        ("vendor/core/Cargo.toml", "[package]\nname = \"core\""),
        ("vendor/core/src/lib.rs", ""),
        ("vendor/other/Cargo.toml", "[package]\nname = \"other\""),
        ("vendor/other/src/lib.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/main.rs: app",
            "vendor/core/src/lib.rs: core@vendor/core/ core",
            "vendor/other/src/lib.rs: other@vendor/other/",
        ]
    );
}

#[test]
fn who_depends_on_a_version_names_a_release() {
    let found = names(&[
        ("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.4.0\""),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\na = \"1.2\""),
        (
            "c/Cargo.toml",
            "[package]\nname = \"c\"\n[dependencies]\none = { package = \"a\", version = \"=1.3\" }",
        ),
        (
            "d/Cargo.toml",
            "[package]\nname = \"d\"\n[dependencies]\none = { package = \"a\", version = \"1\" }",
        ),
        ("e/Cargo.toml", "[package]\nname = \"e\"\n[dependencies]\na = { git = \"there\" }"),
    ]);
    assert_eq!(found, ["a/src/lib.rs: a@a/ a@b/? one@d/?"]);
}

#[test]
fn two_versions_of_a_library_are_two_libraries() {
    let found = names(&[
        ("a-1/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.9.0\""),
        ("a-1/src/lib.rs", "mod x;"),
        ("a-1/src/x.rs", ""),
        ("a-10/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.10.0\""),
        ("a-10/src/lib.rs", ""),
        ("b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\na = { path = \"../a-1\" }"),
        ("c/Cargo.toml", "[package]\nname = \"c\"\n[dependencies]\na = \"1.2\""),
    ]);
    assert_eq!(
        found,
        [
            "a-1/src/lib.rs: a@1.9.0@a-1/! a@a-1/ a@b/",
            "a-1/src/x.rs: a@1.9.0::x@a-1/! a::x@a-1/ a::x@b/",
            "a-10/src/lib.rs: a@a-10/ a@c/?",
        ]
    );
}

#[test]
fn the_library_nearest_to_the_top_keeps_its_name() {
    let found = names(&[
        ("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\""),
        ("a/src/lib.rs", ""),
        ("a/tests/one/Cargo.toml", "[package]\nname = \"a\"\nversion = \"3.0.0\""),
        ("a/tests/one/src/lib.rs", ""),
        ("a/tests/two/Cargo.toml", "[package]\nname = \"a\"\nversion = \"3.0.0\""),
        ("a/tests/two/src/lib.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "a/src/lib.rs: a@a/",
            "a/tests/one/src/lib.rs: a@a/tests/one@a/tests/one/! a@a/tests/one/",
            "a/tests/two/src/lib.rs: a@a/tests/two@a/tests/two/! a@a/tests/two/",
        ]
    );
}

#[test]
fn editions_come_from_the_package_or_its_workspace() {
    let (layout, files) = project(&[
        ("Cargo.toml", "[workspace.package]\nedition = \"2015\""),
        ("a/Cargo.toml", "[package]\nname = \"a\"\nedition.workspace = true"),
        ("a/src/lib.rs", ""),
        ("a/src/lost.rs", ""),
        ("b/Cargo.toml", "[package]\nname = \"b\""),
        ("b/src/lib.rs", ""),
        ("c/Cargo.toml", "[package]\nname = \"c\"\nedition = \"2018\""),
        ("c/src/lib.rs", ""),
    ]);
    let mut old: Vec<&str> = layout.editions.keys().map(|&file| &*files[file as usize]).collect();
    old.sort_unstable();
    assert_eq!(old, ["a/src/lib.rs", "a/src/lost.rs", "b/src/lib.rs"]);
}

#[test]
fn edition_2015_finds_no_targets_beside_declared_ones() {
    let manifest = "[package]\nname = \"p\"\n[[test]]\nname = \"a\"";
    assert_eq!(
        unreached(&[("Cargo.toml", manifest), ("tests/a.rs", ""), ("tests/b.rs", "")]),
        ["tests/b.rs"]
    );
}

#[test]
fn what_no_target_reaches_is_listed() {
    let found = unreached(&[
        ("a/Cargo.toml", "[package]\nname = \"a\""),
        ("a/src/lib.rs", "// mod lost;"),
        ("a/src/lost.rs", ""),
        ("b.rs", ""),
        ("c/Cargo.toml", "[package\nname = 7"),
        ("c/src/lib.rs", ""),
    ]);
    assert_eq!(found, ["a/src/lost.rs", "b.rs", "c/src/lib.rs"]);
}
