//! Made-up Rust crates: modules with re-exports, and modules that reach into them in every way.

use crate::laws::Tree;
use crate::pieces::{Numbers, Piece, Words, Writing, fill, pick, pieces, writing};
use proptest::prelude::*;

/// Rules for the crate.
const RULES: &[&str] = &[
    "[[symbol]]\ncanonical = \"shop::tax::Vat\"\nlegacy = [\"shop::prices::Vat\", \"shop::old::OldVat\"]\n",
    "[[symbol]]\ncanonical = \"shop::tax::Vat\"\nlegacy = [\"shop::prices::Vat\", \"shop::old::OldVat\"]\nlocal-name = \"keep\"\n\
     [[symbol]]\ncanonical = \"shop::tax::rate_of\"\nlegacy = [\"shop::prices::rate_of\"]\n",
    "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::prices\"]\n",
    "[[module]]\ncanonical = \"shop::tax\"\nlegacy = [\"shop::old\"]\nrenames = { OldVat = \"Vat\" }\n",
    "[[symbol]]\ncanonical = \"shop::Vat\"\nlegacy = [\"shop::tax::Vat\", \"shop::prices::Vat\"]\n",
    "[[policy]]\npackages = [\"shop::**\"]\nimport-from = \"definition\"\n",
];

const MANIFEST: &[&str] = &[
    "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2018\"\n",
    "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n",
];

const ROOT: &[&str] = &[
    "pub mod old;\npub mod prices;\npub mod tax;\nmod cart;\npub mod web;\npub use tax::Vat;\n",
    "pub mod tax;\npub mod prices;\npub mod old;\nmod cart;\nmod web;\npub use crate::prices::Vat;\n#[macro_use]\nmod m {}\n",
];

const HOME: &str = "pub enum Vat {\n    High,\n    Low(u8),\n}\n\nimpl Vat {\n    pub const ZERO: u8 = 0;\n}\n\n\
     pub fn rate_of(x: u8) -> u8 {\n    x\n}\n\npub const RATE: u8 = 7;\n";

const SHIM: &[&str] = &[
    "pub use crate::tax::{RATE, Vat, rate_of};\n",
    "pub use crate::tax::*;\n",
    "#[deprecated(note = \"moved\")]\npub use crate::tax::Vat;\npub(crate) use super::tax::rate_of;\n",
    "pub type Vat = crate::tax::Vat;\n",
    "pub struct Vat;\n",
];

const OLD: &[&str] = &[
    "pub use crate::tax::Vat as OldVat;\n",
    "pub use super::prices::Vat as OldVat;\npub fn rate_of() {}\n",
    "pub struct OldVat;\n",
];

/// Where the made-up modules lie.
const PATHS: &[&str] =
    &["src/cart.rs", "src/web.rs", "src/web/view.rs", "src/main.rs", "tests/it.rs", "examples/e.rs"];

/// In the library, and in crates that use it.
const STARTS: [(&str, &[&str]); 2] =
    [("P", &["crate", "crate", "super", "self", "super::super"]), ("P", &["shop", "shop", "::shop"])];

const WORDS: &[(&str, &[&str])] = &[
    ("M", &["prices", "old", "tax", "r#prices", "web"]),
    ("N", &["Vat", "OldVat", "rate_of", "RATE", "r#Vat", "Vát"]),
    ("L", &["Vat", "OldVat", "V", "prices", "x", "_", "é"]),
    // For types: no module has the name, for nothing can be imported from an alias.
    ("K", &["Vat", "OldVat", "V", "x", "é"]),
    ("A", &["", "", "", " as V", " as Vat", " as _", " as prices"]),
    ("V", &["", "", "pub ", "pub(crate) ", "pub(super) ", "#[cfg(test)] ", "/* é */ "]),
    ("C", &["", "", " // é", " // ssot: ignore[SSOT001] why"]),
];

const LINES: &[&str] = &[
    "<V>use <P>::<M>::<N><A>;<C>",
    "<V>use <P>::<M>::<N><A>;",
    "<V>use <P>::<M>::{<N>, <N><A>};",
    "<V>use <P>::<M>::{self, <N>};",
    "<V>use <P>::{<M>::<N>, <M>::{<N><A>, <N>}, tax};",
    "<V>use <P>::{\n    // one\n    <M>::<N>, // two\n    <M>::<N><A>,\n};",
    "<V>use <P>::<M>::*;",
    "<V>use <P>::<M><A>;",
    "<V>use <P>::<M>::<N>::{High, Low as L};",
    "<V>use <P>::<M>::<N>::*;",
    "<V>use {<P>::<M>::<N>, std::fmt};",
    "use <M>::<N><A>;",
    "extern crate shop as <L>;",
    "<V>fn f(x: <P>::<M>::<N>) -> <N> { x }",
    "fn g() { use <P>::<M>::<N><A>; let <L> = <N>; <M>::<N>; }",
    "fn h<<L>: <N>>(x: <L>) { <P>::<M>::<N>::Low(1); <N>::ZERO; x.<N>; }",
    "fn i(x: <N>) { match x { <P>::<M>::<N>::High => 1, <N>::Low(<L>) => <L>, <L> => 2 }; }",
    "<V>type <K> = <P>::<M>::<N>;",
    "<V>type <K><T> = Vec<<M>::<N>>;",
    "#[derive(Debug)]\n<V>struct A<C>\n{ pub a: <N>, b: Option<<P>::<M>::<N>> }",
    "impl <P>::<M>::<N> { fn a(&self) -> Self { <N>::High } }",
    "impl From<<N>> for <P>::<M>::<N> { }",
    "<V>const X: u8 = <P>::<M>::<N>;",
    "static S: &str = \"<P>::<M>::<N>\";",
    "macro_rules! m { () => { $crate::<M>::<N> }; ($x:ident) => { <P>::<M>::<N>::$x }; }",
    "fn j() { println!(\"{} {<L>}\", <P>::<M>::<N>); vec![<N>, <M>::<N>]; m!(<P>::<M>::<N> => <N>); }",
    "/// See [`<P>::<M>::<N>`] and [x](<N>).\nfn k() {}",
    "/// ```\n/// use shop::<M>::<N><A>;\n/// let x = <N>::High;\n/// ```\nfn l() {}",
    "#[serde(with = \"<P>::<M>::<N>\")]\nstruct B;",
    "#[cfg_attr(test, derive(<P>::<M>::<N>))]\nenum <K> { A }",
    "fn o() -> impl Fn(<N>) -> <P>::<M>::<N> { |<L>: <N>| <N> }",
    "fn p(é: &dyn <N>) { if let <N>::Low(<L>) = é { <L>; } }",
    "thread_local! { static T: <P>::<M>::<N> = <N>; }",
    "// use crate::prices::Vat;",
    "",
];

const HEADS: &[&str] = &[
    "<V>mod <L> {",
    "fn f() {",
    "impl <N> { fn q() {",
    "const _: () = {",
    "#[cfg(test)]\nmod tests {",
    "trait T { type A: <N>; fn r() {",
];

/// A crate with its rules.
pub fn project() -> impl Strategy<Value = Tree> {
    let module = (any::<u8>(), pieces(), writing());
    (any::<Numbers>(), prop::collection::vec(module, 1..4)).prop_map(|(numbers, modules)| {
        let [rules, manifest, root, shim, old, _] = numbers;
        let fixed = [
            ("ssot.toml", pick(RULES, rules)),
            ("Cargo.toml", pick(MANIFEST, manifest)),
            ("src/lib.rs", pick(ROOT, root)),
            ("src/tax.rs", HOME),
            ("src/prices.rs", pick(SHIM, shim)),
            ("src/old.rs", pick(OLD, old)),
            ("src/cart.rs", ""),
            ("src/web.rs", "mod view;\n"),
            ("src/web/view.rs", ""),
        ];
        let mut tree: Tree = fixed.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        for (path, pieces, writing) in modules {
            let path = pick(PATHS, path);
            tree.insert(path.into(), file(path, &pieces, writing));
        }
        tree
    })
}

fn file(path: &str, pieces: &[Piece], writing: Writing) -> Vec<u8> {
    let mut text = String::new();
    if path == "src/web.rs" {
        text += "mod view;\n";
    }
    let is_inside = path.starts_with("src/") && path != "src/main.rs";
    let words = [&[STARTS[usize::from(!is_inside)]], WORDS].concat();
    block(pieces, &words, "", &mut text);
    writing.encode(&text)
}

fn block(pieces: &[Piece], words: Words<'_>, indent: &str, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Line(which, numbers) => line(&fill(pick(LINES, *which), words, *numbers), indent, out),
            Piece::Block(which, numbers, body) => {
                let head = fill(pick(HEADS, *which), words, *numbers);
                line(&head, indent, out);
                block(body, words, &format!("{indent}    "), out);
                let end = "}".repeat(head.matches('{').count() - head.matches('}').count());
                line(&if head.starts_with("const") { end + ";" } else { end }, indent, out);
            }
        }
    }
}

fn line(text: &str, indent: &str, out: &mut String) {
    for line in text.lines() {
        *out += &format!("{indent}{line}\n");
    }
}
