//! Keeps deeply nested sources from overflowing the stack.

use super::Lowering;

/// Below this many free bytes the walk moves to a fresh piece of stack.
const RED_ZONE: usize = 256 * 1024;
/// Size of a fresh piece, in bytes.
const PIECE: usize = 2 * 1024 * 1024;
/// Levels of nesting between two looks at the stack.
const STRIDE: u32 = 16;
/// Stack that dropping one level of the tree may take, in bytes; generous, for builds without optimisation.
const DROP_LEVEL: usize = 1024;
/// A tree deeper than this is leaked: dropping it would take more stack than is sensible to ask for.
const DROP_LIMIT: u32 = 400_000;
/// Stack that the parser's own unguarded recursion takes for one open bracket, in bytes.
const PARSE_LEVEL: usize = 512;

/// Runs the parser with enough stack for every bracket of `text` to lie inside the one before. The parser guards
/// most of its recursion, but not the one that turns a nested list into an assignment target.
pub(in crate::language::python) fn with_room_to_parse<T>(text: &str, parse: impl FnOnce() -> T) -> T {
    let needed = openers(text.as_bytes()) * PARSE_LEVEL + RED_ZONE;
    stacker::maybe_grow(needed, needed + PIECE, parse)
}

/// How many bytes may open a level of an assignment target. Counted in pieces whose count fits a byte: that is
/// several times as fast.
fn openers(bytes: &[u8]) -> usize {
    let count =
        |piece: &[u8]| piece.iter().map(|byte| u8::from(matches!(byte, b'[' | b'(' | b'*'))).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|piece| usize::from(count(piece))).sum()
}

/// Walks on with enough stack for a few levels more.
pub(in crate::language::python) fn with_room<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, PIECE, walk)
}

/// Drops a syntax tree of the given depth.
pub(in crate::language::python) fn discard<T>(tree: T, depth: u32) {
    if depth > DROP_LIMIT {
        std::mem::forget(tree);
    } else {
        let needed = depth as usize * DROP_LEVEL + RED_ZONE;
        stacker::maybe_grow(needed, needed + PIECE, || drop(tree));
    }
}

impl Lowering<'_> {
    /// Walks one level deeper.
    pub(super) fn deeper<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let result = if self.depth.is_multiple_of(STRIDE) {
            stacker::maybe_grow(RED_ZONE, PIECE, || walk(self))
        } else {
            walk(self)
        };
        self.depth -= 1;
        result
    }

    /// Notes that the tree goes `levels` further down at this place, where the walk itself is a loop.
    pub(super) fn note_depth(&mut self, levels: usize) {
        self.deepest = self.deepest.max(self.depth.saturating_add(levels as u32));
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::facts;

    #[test]
    fn every_opener_counts() {
        assert_eq!(super::openers(&b"[(*x".repeat(1_000)), 3_000);
    }

    const LEVELS: usize = 3_000;

    /// Runs a test on a stack that is small for what it does.
    fn on_small_stack(test: fn()) {
        let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(test).unwrap();
        thread.join().unwrap();
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        on_small_stack(every_kind_of_nesting);
    }

    fn every_kind_of_nesting() {
        let nested = |open: &str, core: &str, close: &str| {
            format!("{}{core}{}", open.repeat(LEVELS), close.repeat(LEVELS))
        };
        for text in [
            nested("(", "x", ")"),
            nested("[", "x", "] = y"),
            nested("[", "x", "]") + " = y",
            nested("{0:", "x", "}"),
            nested("-", "x", ""),
            nested("not ", "x", ""),
            nested("f(", "x", ")"),
            nested("", "x", ".a"),
            nested("", "x", "()"),
            nested("", "x", "[0]"),
            nested("", "x", "+x"),
            nested("lambda: ", "x", ""),
            nested("x if y else ", "x", ""),
            nested("await ", "x", ""),
            nested("*", "x", " = y"),
            format!("x: '{}'", nested("List[", "int", "]")),
            format!("match x:\n  case {}: pass", nested("[", "y", "]")),
            format!("[0 for {} in x]", nested("[", "y", "]")),
            format!("del {}", nested("[", "y", "]")),
            format!("__all__ = {}", nested("", "[]", "+[]")),
        ] {
            assert!(!facts(&text).scopes.is_empty());
        }
    }

    #[test]
    fn deep_blocks_do_not_overflow_the_stack() {
        let text: String = (0..1_000).map(|level| format!("{}if x:\n", " ".repeat(level))).collect();
        assert_eq!(facts(&(text + &" ".repeat(1_000) + "y")).references.len(), 1_001);
    }
}
