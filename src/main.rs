//! The `ssot-lint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ssot_lint::cli::run()
}
