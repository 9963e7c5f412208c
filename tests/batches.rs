//! Batches as a user meets them: their order, their validation commands, and what becomes of a batch that fails.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test prepares files of its own")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail at any line and say why")]

#[path = "batches/bisect.rs"]
mod bisect;
#[path = "batches/failures.rs"]
mod failures;
#[path = "batches/order.rs"]
mod order;
#[path = "batches/project.rs"]
mod project;
#[path = "batches/runs.rs"]
mod runs;
#[path = "batches/signals.rs"]
mod signals;
#[path = "batches/together.rs"]
mod together;
