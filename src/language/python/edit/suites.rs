//! How many statements each block holds, so that none is left empty.

use crate::language::LanguageError;
use ruff_python_ast::Stmt;
use ruff_python_ast::visitor::{Visitor, walk_body};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

/// Deeply nested code needs a deep stack (see the traps of the parser).
const STACK: usize = 256 * 1024 * 1024;

/// The blocks of a file by the offset of each statement in them.
pub(super) struct Suites {
    by_statement: FxHashMap<u32, Suite>,
}

/// The block that a statement stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suite {
    /// Offset of the block's first statement.
    pub first: u32,
    /// Number of statements.
    pub length: usize,
    /// True for the file itself, which may be empty.
    pub is_module: bool,
}

impl Suites {
    /// Reads the blocks of `text`.
    pub fn read(text: &str) -> Result<Self, LanguageError> {
        stacker::maybe_grow(STACK / 2, STACK, || {
            let parsed = ruff_python_parser::parse_module(text).map_err(|_| LanguageError::Syntax)?;
            let mut suites = Self { by_statement: FxHashMap::default() };
            suites.add(parsed.suite(), true);
            walk_body(&mut suites, parsed.suite());
            Ok(suites)
        })
    }

    /// The block around the statement at `offset`.
    pub fn of(&self, offset: u32) -> Option<Suite> {
        self.by_statement.get(&offset).copied()
    }

    fn add(&mut self, body: &[Stmt], is_module: bool) {
        let Some(first) = body.first().map(|statement| statement.start().to_u32()) else { return };
        let suite = Suite { first, length: body.len(), is_module };
        self.by_statement.extend(body.iter().map(|statement| (statement.start().to_u32(), suite)));
    }
}

impl Visitor<'_> for Suites {
    fn visit_body(&mut self, body: &[Stmt]) {
        self.add(body, false);
        walk_body(self, body);
    }
}
