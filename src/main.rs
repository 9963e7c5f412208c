//! The `ssot-lint` program.

use std::process::ExitCode;

/// Syntax trees are many small allocations: this allocator takes a fifth off a check of a large tree.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ssot_lint::cli::run()
}
