//! Links in documentation.

use super::Lowering;

#[derive(Debug)]
pub(super) struct DocPiece;

impl Lowering<'_> {
    pub(super) fn read_doc_links(&mut self) {}
}
