//! Attributes (Rust Reference, "Attributes").

use super::Lowering;
use syn::Attribute;

impl Lowering<'_> {
    /// One attribute.
    pub(super) fn attribute(&mut self, _attribute: &Attribute) {}
}
