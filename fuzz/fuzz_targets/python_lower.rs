//! Any bytes, read as a Python file.
#![no_main]

use ssot_lint::model::{Edition, Language};
use ssot_lint_fuzz::lower_anything;

libfuzzer_sys::fuzz_target!(|data: &[u8]| lower_anything(Language::Python, Edition::Current, data));
