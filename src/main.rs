//! The `ssot-lint` program.

use libmimalloc_sys::{mi_option_set, mi_option_t};
use std::process::ExitCode;

/// Syntax trees are many small allocations: this allocator takes a fifth off a check of a large tree.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of `mimalloc.h`, which the bindings leave out: milliseconds, or -1 for never.
const PURGE_DELAY: mi_option_t = 15;

fn main() -> ExitCode {
    keep_freed_memory();
    ssot_lint::cli::run()
}

/// What one syntax tree gives back the next one needs at once. To hand it to the system in between costs another fifth.
#[allow(unsafe_code, reason = "the allocator is written in C; setting an option has no precondition")]
fn keep_freed_memory() {
    // SAFETY: the call stores a number, and may be made at any time and from any thread.
    unsafe { mi_option_set(PURGE_DELAY, -1) };
}
