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
}

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
        Self { starts }
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
        let before = &text.as_bytes()[self.starts[row as usize - 1] as usize..offset as usize];
        let before = if row == 1 { before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before) } else { before };
        let characters = before.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        Position { row, column: characters as u32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
