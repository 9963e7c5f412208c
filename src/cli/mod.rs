//! The command line: arguments in, text and exit codes out.

pub mod arguments;
