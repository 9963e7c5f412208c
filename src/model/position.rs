//! From byte offsets to the rows and columns that people read.

use super::Span;

/// A place for people: row and column count from 1, columns in characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line number, from 1.
    pub row: u32,
    /// Character within the line, from 1.
    pub column: u32,
}

/// The line starts of one text; lines end at `\n`, `\r\n` or a lone `\r`.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters begin in front of each block of [`BLOCK`] bytes; empty where no line is longer than one.
    characters: Vec<u32>,
}

/// Columns of long lines are counted from the beginning of the block, so that many of them stay cheap.
const BLOCK: usize = 4096;

impl LineIndex {
    /// Reads the line breaks of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_first_half = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_first_half {
                starts.push(at as u32 + 1);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([bytes.len() as u32]);
        let is_long = starts.iter().zip(ends).any(|(start, end)| end - start > BLOCK as u32);
        let mut count = 0;
        let mut before = |block: &[u8]| {
            let so_far = count;
            count += characters(block);
            so_far
        };
        let characters = if is_long { bytes.chunks(BLOCK).map(&mut before).collect() } else { Vec::new() };
        Self { starts, characters }
    }

    /// Number of lines; a last line without a line break counts, also when it is empty.
    pub fn rows(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The row (from 1) that holds the byte at `offset`.
    pub fn row(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The bytes of one row (from 1), its line break included.
    pub fn line(&self, row: u32, text: &str) -> Span {
        let start = self.starts[row as usize - 1];
        Span::new(start, self.starts.get(row as usize).copied().unwrap_or(text.len() as u32))
    }

    /// Row and column of the character that holds the byte at `offset`; a byte order mark is no column.
    pub fn position(&self, offset: u32, text: &str) -> Position {
        let row = self.row(offset);
        let start = self.starts[row as usize - 1];
        let has_mark = row == 1 && offset >= 3 && text.starts_with('\u{feff}');
        let count = self.characters_between(start, offset, text.as_bytes());
        Position { row, column: count - u32::from(has_mark) + 1 }
    }

    fn characters_between(&self, start: u32, end: u32, bytes: &[u8]) -> u32 {
        let (start, end) = (start as usize, end as usize);
        if end - start <= BLOCK {
            return characters(&bytes[start..end]);
        }
        let (first, last) = (start / BLOCK, end / BLOCK);
        let before = |block: usize, end: usize| {
            let counted = self.characters.get(block).copied();
            counted.map(|counted| counted + characters(&bytes[block * BLOCK..end]))
        };
        // An end of the text that is the end of a block belongs to the one before.
        let last = last.min(self.characters.len().saturating_sub(1));
        match (before(first, start), before(last, end)) {
            (Some(first), Some(last)) => last - first,
            _ => characters(&bytes[start..end]),
        }
    }
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_counted_from_a_block_on() {
        for text in
            ["\u{feff}é😀xy".repeat(3000), format!("a\n{}\nb", "é".repeat(BLOCK)), "x".repeat(2 * BLOCK)]
        {
            let index = LineIndex::new(&text);
            for (at, _) in text.char_indices().step_by(97).chain([(text.len(), 'x')]) {
                let line = &text[text[..at].rfind('\n').map_or(0, |line| line + 1)..at];
                let columns = line.chars().count() - usize::from(line.starts_with('\u{feff}'));
                assert_eq!(index.position(at as u32, &text).column as usize, columns + 1);
            }
        }
    }

    #[test]
    fn columns_count_characters_and_rows_know_every_line_break() {
        let text = "\u{feff}a\r\né😀x\rlast";
        let index = LineIndex::new(text);
        let at = |needle: &str| {
            let position = index.position(text.find(needle).unwrap() as u32, text);
            (position.row, position.column)
        };
        assert_eq!(at("a"), (1, 1));
        assert_eq!(at("x"), (2, 3));
        assert_eq!(at("last"), (3, 1));
        assert_eq!(index.rows(), 3);
        assert_eq!(index.line(2, text).of(text), "é😀x\r");
    }
}
