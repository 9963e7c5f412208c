//! The `ssot-lint` program.

fn main() {}
