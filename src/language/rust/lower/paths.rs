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
        let count = path.segments.len();
        self.path_in(path, count, if count > 1 { Place::Code } else { self.lone }, want)
    }

    /// A path behind `<T as …>`: its last names belong to the type and are no part of the reference.
    pub(super) fn qualified_path(&mut self, qself: Option<&QSelf>, path: &Path, want: Want) {
        match qself {
            Some(qself) => {
                self.visit_type(&qself.ty);
                let place = if qself.position > 1 { Place::Code } else { self.lone };
                self.path_in(path, qself.position, place, Want::TYPE);
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
    pub(super) fn is_named(&self, word: Word<'_>, want: Want) -> bool {
        let is_built_in = want.first == Want::TYPE.first && BUILT_IN.contains(&word.text);
        !is_built_in || word.is_raw()
    }
}

#[cfg(test)]
mod tests {
    use crate::language::rust::lower::notation::{facts, old_facts, references, refers};
    use crate::model::Start;

    #[test]
    fn paths_are_found_in_types_expressions_patterns_and_bounds() {
        refers("fn f(x: a::B) -> c::D { e::F }", "a::B; c::D; e::F");
        refers(
            "fn f() { match 1 { a::B => 1, a::C(_) => 2, a::D { .. } => 3, a::E..=a::F => 4 }; }",
            "a::B; a::C; a::D; a::E; a::F",
        );
        refers("impl<T: a::B> c::D for e::F where T: g::H {}", "a::B; c::D; e::F; T <value@F; g::H");
        refers("fn f(x: &dyn a::B, y: impl c::D + 'static, z: [u8; e::F]) {}", "a::B; c::D; e::F");
        refers("fn f() { a::B { x: 1, ..c::d() } }", "a::B; c::d");
        refers("trait A: b::C<D = e::F> { type G: h::I; const J: k::L; }", "b::C; e::F; h::I; k::L");
    }

    #[test]
    fn generic_arguments_are_references_of_their_own() {
        refers("fn f() { a::B::<c::D>::new::<e::F>() }", "a::B::new; c::D; e::F");
        refers("type X<T> = Box<dyn Fn(a::B) -> c::D>;", "Box; Fn; a::B; c::D");
    }

    #[test]
    fn qualified_paths_end_with_the_trait() {
        refers("fn f() { <a::B as c::D<e::F>>::g::<h::I>(); <j::K>::l() }", "a::B; c::D; e::F; h::I; j::K");
    }

    #[test]
    fn keywords_are_one_segment() {
        let text = "fn f() { crate::a; self::b; super :: super::c; self::super::d; ::e::f; g::h; i }";
        refers(text, "crate::a; self::b; super::super[super :: super]::c; self::super::d; ::e::f; g::h; i");
        let starts: Vec<Start> = facts(text).references.iter().map(|reference| reference.start).collect();
        let around = Start::Around;
        let expected =
            [Start::Root, around(1), around(3), around(2), Start::Top, Start::ScopeOrTop, Start::Scope];
        assert_eq!(starts, expected);
        let old = "fn f() { ::a::b } pub(in c::d) struct S;";
        assert_eq!(references(&old_facts(old), old), "/a::b; /c::d");
    }

    #[test]
    fn what_is_no_path_is_no_reference() {
        refers("impl S { fn f(&self) -> Self { self.x.y(); Self::z(); 'a: loop { break 'a } } }", "S");
        refers("fn f<'a>(x: &'a str, y: u8) -> crate::a::B<'a> { x.len }", "crate::a::B; x <value@f");
    }

    #[test]
    fn raw_and_unusual_names_are_read() {
        refers("fn f() { r#try::r#fn; é::ü }", "try[r#try]::fn[r#fn]; é::ü");
        refers("\u{feff}fn f() {\r\n  /* é */ a::b }", "a::b");
        refers("#!/usr/bin/env é\nfn f() { a::b }", "a::b");
        refers("#![x::y]\nfn f() { \"é\"; a::b }", "x::y; a::b");
    }
}
