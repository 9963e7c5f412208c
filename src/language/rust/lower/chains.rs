//! Words joined with `::` as segments, whether they come from a tree or from tokens.

use super::Lowering;
use super::places::Word;
use super::resolution::Want;
use crate::model::{Edition, Place, ReferenceId, Segment, Segments, Span, Start};

/// Keywords that may stand at the front of a path and lead nowhere by name.
pub(super) const ROOTS: [&str; 3] = ["crate", "self", "super"];

/// True for a word that cannot be a segment by name.
pub(super) fn is_path_keyword(word: Word<'_>) -> bool {
    !word.is_raw() && (ROOTS.contains(&word.text) || word.text == "Self")
}

/// Where a path begins, by the keywords at its front, and how many these are.
pub(super) fn keyword_start(words: &[Word<'_>]) -> Option<(Start, usize)> {
    let first = words.first()?;
    if first.is("crate") {
        return Some((Start::Root, 1));
    }
    let own = usize::from(first.is("self"));
    let supers = words[own..].iter().take_while(|word| word.is("super")).count();
    (own + supers > 0).then_some((Start::Around(supers as u32 + 1), own + supers))
}

impl<'a> Lowering<'a> {
    /// Adds a reference for words joined with `::`. `leading` is the offset of a `::` in front. Nothing is added for
    /// paths that only consist of keywords or start with `Self`, or for types that are built in.
    pub(super) fn refer_to(
        &mut self,
        leading: Option<u32>,
        words: &[Word<'a>],
        place: Place,
        want: Want,
    ) -> Option<ReferenceId> {
        let (start, segments) = self.segments(leading, words)?;
        Some(self.refer(start, segments, place, want))
    }

    /// The segments of a path, and where it starts.
    pub(super) fn segments(&self, leading: Option<u32>, words: &[Word<'a>]) -> Option<(Start, Segments)> {
        let first = words.first()?;
        let mut segments = Segments::with_capacity(words.len() + 1);
        let (start, keywords) = match (leading, keyword_start(words)) {
            (Some(at), _) if self.edition == Edition::Rust2015 => {
                segments.push(Segment { name: "".into(), span: Span::new(at, at) });
                (Start::Root, 0)
            }
            (Some(_), _) => (Start::Top, 0),
            (None, Some((start, keywords))) => {
                let names: Vec<&str> = words[..keywords].iter().map(|word| word.text).collect();
                let span = first.span.cover(words[keywords - 1].span);
                segments.push(Segment { name: names.join("::").into(), span });
                (start, keywords)
            }
            (None, None) if words.len() > 1 => (Start::ScopeOrTop, 0),
            (None, None) => (Start::Scope, 0),
        };
        let names = &words[keywords..];
        if names.is_empty() || names.iter().any(|&word| is_path_keyword(word)) {
            return None;
        }
        segments.extend(names.iter().map(|word| word.segment()));
        Some((start, segments))
    }
}
