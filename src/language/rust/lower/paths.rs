//! Paths of the syntax tree as references.

use super::Lowering;
use super::places::Word;
use super::resolution::Want;
use crate::model::{Place, ReferenceId};
use syn::visit::Visit;
use syn::{Path, PathArguments, QSelf};

/// Types that need no name in scope (Rust Reference, "Preludes", language prelude).
const BUILT_IN: [&str; 19] = [
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32",
    "u64", "u8", "usize", "f16", "f128",
];

impl<'a> Lowering<'a> {
    /// A path that stands in code.
    pub(super) fn path(&mut self, path: &Path, want: Want) -> Option<ReferenceId> {
        self.path_in(path, path.segments.len(), Place::Code, want)
    }

    /// A path behind `<T as …>`: its last names belong to the type and are no part of the reference.
    pub(super) fn qualified_path(&mut self, qself: Option<&QSelf>, path: &Path, want: Want) {
        match qself {
            Some(qself) => {
                self.visit_type(&qself.ty);
                self.path_in(path, qself.position, Place::Code, Want::TYPE);
            }
            None => _ = self.path(path, want),
        }
    }

    /// The first `count` names of a path, and what stands between `<` and `>` anywhere in it.
    pub(super) fn path_in(
        &mut self,
        path: &Path,
        count: usize,
        place: Place,
        want: Want,
    ) -> Option<ReferenceId> {
        let reference = match path.get_ident() {
            Some(ident) if count == 1 => {
                let word = self.places.word(ident);
                self.is_named(word, want).then(|| self.refer_to(None, &[word], place, want)).flatten()
            }
            _ => {
                let leading = path.leading_colon.map(|colons| self.places.start(colons.spans[0]));
                let idents = path.segments.iter().take(count).map(|segment| &segment.ident);
                let words: Vec<Word<'a>> = idents.map(|ident| self.places.word(ident)).collect();
                self.refer_to(leading, &words, place, want)
            }
        };
        for segment in &path.segments {
            if !matches!(segment.arguments, PathArguments::None) {
                self.visit_path_arguments(&segment.arguments);
            }
        }
        reference
    }

    /// False for a lone word that means the same everywhere.
    fn is_named(&self, word: Word<'_>, want: Want) -> bool {
        let is_built_in = want.first == Want::TYPE.first && BUILT_IN.contains(&word.text);
        !is_built_in || word.is_raw()
    }
}
