//! `#[deprecated] pub use`: rustc ignores the mark, but it says that the path is legacy.

use super::Lowering;
use crate::model::{DeprecatedExport, ImportForm, ImportId};
use syn::{Attribute, Expr, ExprLit, ItemUse, Lit, Meta, Visibility};

impl Lowering<'_> {
    /// Notes the imports since `first` when their statement hands them on and is marked.
    pub(super) fn note_deprecation(&mut self, item: &ItemUse, first: ImportId) {
        let mark = item.attrs.iter().find(|attribute| attribute.path().is_ident("deprecated"));
        let Some(mark) = mark.filter(|_| !matches!(item.vis, Visibility::Inherited)) else { return };
        let note = note(mark);
        for import in first..self.facts.imports.len() as ImportId {
            if self.facts.imports[import as usize].form == ImportForm::Member {
                self.facts.deprecated.push(DeprecatedExport { import, note: note.clone() });
            }
        }
    }
}

/// `#[deprecated(since = "…", note = "…")]` or `#[deprecated = "…"]` (Rust Reference, "Diagnostic attributes").
fn note(mark: &Attribute) -> Option<Box<str>> {
    match &mark.meta {
        Meta::Path(_) => None,
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().into()),
            _ => None,
        },
        Meta::List(list) => {
            let mut note = None;
            let read = list.parse_nested_meta(|entry| {
                let value: Option<Lit> = entry.value().and_then(|value| value.parse()).ok();
                if let (true, Some(Lit::Str(text))) = (entry.path.is_ident("note"), value) {
                    note = Some(text.value().into());
                }
                Ok(())
            });
            note.filter(|_| read.is_ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::facts;

    fn deprecated(text: &str) -> Vec<(u32, Option<String>)> {
        let marks = facts(text).deprecated;
        marks.into_iter().map(|mark| (mark.import, mark.note.map(String::from))).collect()
    }

    #[test]
    fn marked_exports_are_noted_with_what_they_say() {
        let text = "use x::y; #[deprecated(since = \"1\", note = \"go\")] pub use a::{b, c, d::*};";
        assert_eq!(deprecated(text), [(1, Some("go".into())), (2, Some("go".into()))]);
        assert_eq!(deprecated("#[deprecated] pub(crate) use a::b;"), [(0, None)]);
        assert_eq!(deprecated("#[deprecated = \"go\"] pub use a::b;"), [(0, Some("go".into()))]);
        assert_eq!(deprecated("#[deprecated] use a::b; #[cfg_attr(x, deprecated)] pub use c::d;"), []);
    }
}
