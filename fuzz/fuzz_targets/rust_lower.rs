//! Any bytes, read as a Rust file of either kind of edition.
#![no_main]

use ssot_lint::model::{Edition, Language};
use ssot_lint_fuzz::lower_anything;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let edition = if data.len() % 2 == 0 { Edition::Current } else { Edition::Rust2015 };
    lower_anything(Language::Rust, edition, data);
});
