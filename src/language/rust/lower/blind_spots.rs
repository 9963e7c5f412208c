//! What may add names to a module without spelling them: macros, derives and attributes that make items.

use super::Lowering;
use syn::Item;

impl Lowering<'_> {
    /// Notes an item that may stand for others.
    pub(super) fn note_item(&mut self, _item: &Item) {}
}
