//! Runs the cases under `fixtures/` against the real program.

fn main() {}
