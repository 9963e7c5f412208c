//! One canonical import path per symbol: find every other way to reach it, and move the code there safely.
//!
//! The folders are stages, and each hands on one noun:
//!
//! ```text
//!              rules/*.toml ──────────────┐
//!                                         ▼
//! files ─► source ─► language ─► graph ─► rule ─┬─► report ─► people, CI, editors
//!          Source     File       Symbol  Finding│
//!          File       Facts      Graph          └─► rewrite ─► transaction ─► files
//!                                                    Plan        Journal
//! ```
//!
//! | folder | job | may import |
//! |---|---|---|
//! | [`model`] | the shared nouns | – |
//! | [`config`] | the TOML as written, with places kept for messages | model |
//! | [`git`] | what git knows of a project: commits, and the bytes that they hold | – |
//! | [`source`] | the door in: walk a folder or a commit, prefilter, decode | model, git |
//! | [`language`] | text to facts; a path or an import as text | model |
//! | [`graph`] | facts to resolved paths | model |
//! | [`rule`] | the rule set, one file per kind of finding | model, graph |
//! | [`rewrite`] | findings to a plan of disjoint edits, with refusals | model, graph, language |
//! | [`transaction`] | the door out: lock, backup, journal, atomic write, roll back | model, git |
//! | [`report`] | one file per output format, one signature | model |
//! | [`pipeline`] | check and fix: the order of the stages | model, config, git, source, language, graph, rule, rewrite |
//! | [`cli`] | the command line; the only folder that prints | model, config, git, source, language, graph, rule, rewrite, transaction, report, pipeline |
//!
//! The table is read by `tests/house.rs`: every folder has a row, and every `use crate::…` obeys it.

pub mod cli;
pub mod config;
pub mod git;
pub mod graph;
pub mod language;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod rewrite;
pub mod rule;
pub mod source;
pub mod transaction;
