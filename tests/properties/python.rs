//! Made-up Python projects: a package with shims, and modules that reach into it in every way.

use crate::laws::Tree;
use crate::pieces::{Numbers, Piece, Words, Writing, fill, pick, pieces, writing};
use proptest::prelude::*;

/// Rules for the package.
const RULES: &[&str] = &[
    "[[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\", \"shop.old.Vat\"]\n",
    "[[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\", \"shop.old.Vat\"]\nlocal-name = \"keep\"\n\
     [[symbol]]\ncanonical = \"shop.tax.RATE\"\nlegacy = [\"shop.old.RATE\"]\nfacades = [\"shop.RATE\"]\n",
    "[[module]]\ncanonical = \"shop.tax\"\nlegacy = [\"shop.prices\"]\n\
     [[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.old.Vat\"]\n",
    "[[module]]\ncanonical = \"shop.tax\"\nlegacy = [\"shop.old\"]\nrenames = { Vat = \"VAT\" }\n",
    "[[symbol]]\ncanonical = \"shop.prices.VAT\"\nlegacy = [\"shop.old.Vat\"]\n\
     [[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\"]\n",
    "[[policy]]\npackages = [\"shop.**\"]\nimport-from = \"definition\"\n",
    "[[symbol]]\ncanonical = \"shop.VAT\"\nlegacy = [\"shop.tax.VAT\", \"shop.prices.VAT\"]\n\
     [[override]]\npaths = [\"tests/\"]\nrules = [\"*\"]\nseverity = \"off\"\n",
];

const HOME: &str = "VAT = 19\nRATE = 7\n\n\ndef rate_of(x):\n    return x\n\n\nclass Tax:\n    pass\n";

const PACKAGE: &[&str] = &[
    "",
    "from shop.tax import RATE, VAT\n",
    "from .prices import VAT as VAT\n\n__all__ = [\"VAT\"]\n",
    "from .prices import *\n",
    "import importlib\n\n\ndef __getattr__(name):\n    return getattr(importlib.import_module(\"shop.prices\"), name)\n",
];

const SHIM: &[&str] = &[
    "from shop.tax import RATE, VAT\n",
    "from .tax import *\n",
    "from .tax import VAT  # noqa: F401\nfrom .tax import rate_of as rate_of\n\n__all__ = [\"VAT\", \"rate_of\"]\n",
    "import shop.tax as _tax\n\nVAT = _tax.VAT\nRATE: int = _tax.RATE\n",
    "VAT = 18\n",
    "from shop.old import Vat as VAT\n",
];

const OLD: &[&str] = &[
    "from shop.tax import RATE, VAT as Vat\n",
    "from shop.prices import VAT\n\nVat = VAT\nRATE = 3\n",
    "from shop.tax import *\n\nVat = VAT\n",
    "class Vat:\n    pass\n",
];

/// Where the made-up modules lie.
const PATHS: &[&str] = &[
    "app.py",
    "shop/cart.py",
    "shop/web/__init__.py",
    "shop/web/view.py",
    "shop/web/view.pyi",
    "tests/test_cart.py",
    "scripts/run me.py",
];

const WORDS: Words<'_> = &[
    ("M", &["shop.prices", "shop.old", "shop.tax", "shop", "shop.web.view", "app"]),
    ("R", &[".prices", "..prices", ".old", "..old", ".", "..", ".tax", "...shop.prices"]),
    ("S", &["prices", "old", "tax", "web"]),
    ("N", &["VAT", "Vat", "RATE", "rate_of", "ＶＡＴ", "Tax"]),
    ("L", &["VAT", "Vat", "V", "x", "shop", "prices", "é", "_"]),
    ("C", &["", "", "", "  # é", "  # noqa: F401", "  # ssot: ignore[SSOT001] why", "; x = 1", " \\\n"]),
    ("A", &["", "", " as V", " as VAT", " as Vat", " as x", " as prices"]),
];

/// Lines; what stands behind a line break is indented with it.
const LINES: &[&str] = &[
    "from <M> import <N><A><C>",
    "from <M> import <N><A>",
    "from <M> import <N>, <N><A>",
    "from <R> import <N><A><C>",
    "from <R> import <S><A>",
    "from <M> import (\n    <N>,  # one\n    <N><A>,\n    # two\n)",
    "from <M> import (<N>)",
    "from <M> import <S><A>",
    "from <M> import \\\n    <N>",
    "from <M> import *",
    "import <M><C>",
    "import <M><A>",
    "import os, <M><A>, sys",
    "import <M>; from <M> import <N>; x = <N>",
    "<L> = <N>",
    "<L> = <M>.<N>",
    "<L>: <N> = <M>.<N>",
    "print(<N>, <M>.<N>, <S>.<N>, V)",
    "print(f\"{<N>!r} {<M>.<N>=} {x:{<N>}}\")",
    "__all__ = [\"<N>\", '<N>']",
    "__all__ += [\"<L>\"]",
    "del <N>",
    "global <N>; <N> = 2",
    "x = [<N> for <L> in <N> if <M>.<N>]",
    "x = lambda <L>=<N>: <L> + <N>",
    "if (<L> := <N>): pass",
    "type <L> = <N>",
    "type T[<L>] = <M>.<N> | <L>",
    "import importlib; importlib.import_module(\"<M>\")",
    "mock.patch(\"\"\"<M>.<N>\"\"\")",
    "patch(\"<M>.<N>\", 1)",
    "patch.object(<M>, \"<N>\")",
    "monkeypatch.setattr('<M>.<N>', 1)",
    "monkeypatch.setattr(<M>, '<N>', 1)",
    "patch.multiple(\"<M>\", <N>=1)",
    "getattr(<M>, \"<N>\")",
    "getattr(<M>, x)",
    "<M>.<N> = 3",
    "<M>.<N>.<N>[<N>] += <N>",
    "match <N>:\n    case <M>.<N>: pass\n    case <L>: pass",
    "x: \"<M>.<N> | <N>\" = cast('<N>', 1)",
    "@<N>\ndef <L>(): pass",
    "class <L>(<N>): <N> = <N>",
    "try:\n    from <M> import <N>\nexcept ImportError:\n    <N> = None",
    "if x: from <M> import <N>",
    "# from shop.prices import VAT",
    "\"\"\"shop.prices.VAT é\"\"\"",
    "pass",
    "",
];

/// Heads of blocks; a second line is the end of the block.
const HEADS: &[&str] = &[
    "def f(<L>=<N>):",
    "def f(a: <M>.<N>, *<L>) -> \"<N>\":",
    "async def g[<L>](x: <N>):",
    "class C(<N>):",
    "class <L>[T: <N>]:",
    "if TYPE_CHECKING:",
    "if x:",
    "for <L> in <N>:",
    "while <N>:",
    "with patch(\"<M>.<N>\") as <L>:",
    "try:\nexcept ImportError:\n    <L> = None",
    "try:\nexcept <N> as <L>:\n    from <M> import <N>",
    "@patch(\"<M>.<N>\")\ndef test(<L>):",
];

/// A project with its rules.
pub fn project() -> impl Strategy<Value = Tree> {
    let module = (any::<u8>(), pieces(), writing());
    (any::<Numbers>(), prop::collection::vec(module, 1..4)).prop_map(|(numbers, modules)| {
        let [rules, package, shim, old, ..] = numbers;
        let fixed = [
            ("ssot.toml", pick(RULES, rules)),
            ("shop/tax.py", HOME),
            ("shop/__init__.py", pick(PACKAGE, package)),
            ("shop/prices.py", pick(SHIM, shim)),
            ("shop/old.py", pick(OLD, old)),
        ];
        let mut tree: Tree = fixed.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        for (path, pieces, writing) in modules {
            tree.insert(pick(PATHS, path).into(), file(&pieces, writing));
        }
        tree
    })
}

fn file(pieces: &[Piece], writing: Writing) -> Vec<u8> {
    let mut text = String::new();
    suite(pieces, "", &mut text);
    writing.encode(&text)
}

fn suite(pieces: &[Piece], indent: &str, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Line(which, numbers) => line(&fill(pick(LINES, *which), WORDS, *numbers), indent, out),
            Piece::Block(which, numbers, body) => {
                let head = fill(pick(HEADS, *which), WORDS, *numbers);
                let (head, end) = match head.split_once('\n') {
                    Some((decorator, function)) if decorator.starts_with('@') => {
                        line(decorator, indent, out);
                        (function, "")
                    }
                    Some((head, end)) => (head, end),
                    None => (&*head, ""),
                };
                line(head, indent, out);
                let inner = format!("{indent}    ");
                suite(body, &inner, out);
                line("pass", &inner, out);
                line(end, indent, out);
            }
        }
    }
}

fn line(text: &str, indent: &str, out: &mut String) {
    let text = if indent.is_empty() || !text.ends_with("import *") { text } else { "pass" };
    for line in text.lines() {
        *out += &format!("{indent}{line}\n");
    }
}
