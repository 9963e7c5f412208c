//! A glance at the bytes of a file that was not parsed: whether a word in it can be part of a path at all.

/// Whether the word at `start..end` can be part of a path.
pub(super) fn glance<'file>(_: &'file [u8]) -> Box<dyn FnMut(usize, usize) -> bool + 'file> {
    Box::new(|_, _| true)
}
