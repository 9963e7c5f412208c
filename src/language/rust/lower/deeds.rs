//! Items of a module that bind no name and hand nothing on.

use super::Lowering;
use crate::model::{Deed, DeedKind, ScopeKind};
use syn::Item;
use syn::spanned::Spanned;

impl Lowering<'_> {
    /// Notes implementations, and macros that are called for items.
    pub(super) fn note_deed(&mut self, item: &Item) {
        let kind = match item {
            Item::Impl(_) => DeedKind::Implementation,
            Item::Macro(item) if item.ident.is_none() => DeedKind::Macro,
            _ => return,
        };
        if self.facts.scopes[self.scope as usize].kind == ScopeKind::Module {
            let span = self.places.span(item.span());
            self.facts.deeds.push(Deed { scope: self.scope, span, kind });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::facts;
    use crate::model::DeedKind::{Implementation, Macro};

    #[test]
    fn only_items_of_modules_without_a_name_are_deeds() {
        let facts = facts("pub use a::B; impl B {} m! {} macro_rules! n { () => {} } fn f() { impl C {} }");
        let kinds: Vec<_> = facts.deeds.iter().map(|deed| deed.kind).collect();
        assert_eq!(kinds, [Implementation, Macro]);
    }
}
