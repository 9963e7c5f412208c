//! The made-up projects of `tests/properties.rs`, with the fuzzer's bytes in the place of chance.
#![no_main]

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use ssot_lint_fuzz::laws::{self, Tree};
use ssot_lint_fuzz::{python, rust};

libfuzzer_sys::fuzz_target!(init: ssot_lint_fuzz::work_alone(), |data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let tree = if first % 2 == 0 { made(python::project(), rest) } else { made(rust::project(), rest) };
    let Some(tree) = tree else { return };
    if let Err(broken) = laws::hold(&tree) {
        let files = tree.iter().map(|(path, text)| format!("=== {path}\n{}", String::from_utf8_lossy(text)));
        panic!("{broken}\n{}", files.collect::<String>());
    }
});

fn made(projects: impl Strategy<Value = Tree>, data: &[u8]) -> Option<Tree> {
    let chance = TestRng::from_seed(RngAlgorithm::PassThrough, &endless(data));
    let mut runner = TestRunner::new_with_rng(Config::default(), chance);
    Some(projects.new_tree(&mut runner).ok()?.current())
}

/// `data` with noise behind it: whoever draws evenly from a range waits for ever for another number than zero.
fn endless(data: &[u8]) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    });
    data.iter().copied().chain(noise.take(1 << 18)).collect()
}
