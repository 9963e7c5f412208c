//! A small project, with its rules: the laws of a migration hold whatever is in its files.
#![no_main]

use ssot_lint_fuzz::{laws, tree};

/// Rules for a project that brings none.
const RULES: &str = "[[symbol]]\ncanonical = \"shop.tax.VAT\"\nlegacy = [\"shop.prices.VAT\", \"shop.old.Vat\"]\n\
    [[symbol]]\ncanonical = \"shop::tax::Vat\"\nlegacy = [\"shop::prices::Vat\", \"shop::old::OldVat\"]\n";

libfuzzer_sys::fuzz_target!(init: ssot_lint_fuzz::work_alone(), |data: &[u8]| {
    let mut tree = tree(data, "shop/cart.py");
    // A folder of this name would be in the way.
    tree.retain(|path, _| !path.starts_with("ssot.toml/"));
    tree.entry("ssot.toml".into()).or_insert_with(|| RULES.into());
    if let Err(broken) = laws::hold(&tree) {
        panic!("{broken}");
    }
});
