//! Words must not run into each other where an edit puts one beside another: `a==None` becomes `a is None`.

use super::Replaced;
use crate::model::Span;

/// Puts a space wherever one of `edits` of `text`, none of which overlap, would make one word of two.
pub(super) fn keep_words_apart(text: &str, edits: &mut [Replaced]) {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    for at in 0..edits.len() {
        let Span { start, end } = edits[at].span;
        // What is left of the text since the edit before, or what that one writes.
        let behind = at.checked_sub(1).map(|before| &edits[before]);
        let from = behind.map_or(0, |before| before.span.end).min(start);
        let between = &text[from as usize..start as usize];
        let before = match (between.is_empty(), behind) {
            (true, Some(before)) => before.text.chars().next_back(),
            _ => between.chars().next_back(),
        };
        let is_followed = edits.get(at + 1).is_some_and(|next| next.span.start == end);
        let after = text[end as usize..].chars().next().filter(|_| !is_followed);
        let own = &edits[at].text;
        let (first, last) = (own.chars().next().or(after), own.chars().next_back());
        let mut spaced = own.clone();
        if are_one_word(before, first) {
            spaced.insert(0, ' ');
        }
        if are_one_word(last, after) {
            spaced.push(' ');
        }
        edits[at].text = spaced;
    }
}

/// Whether two letters side by side belong to one word.
fn are_one_word(before: Option<char>, after: Option<char>) -> bool {
    let is_word =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    is_word(before) && is_word(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_get_a_space_where_none_is_left() {
        let spaced = |text: &str, edits: &[(u32, u32, &str)]| {
            let edit = |&(start, end, text): &(u32, u32, &str)| Replaced {
                span: Span::new(start, end),
                text: text.to_owned(),
            };
            let mut edits: Vec<Replaced> = edits.iter().map(edit).collect();
            keep_words_apart(text, &mut edits);
            Replaced::apply(text, &edits).unwrap()
        };
        assert_eq!(spaced("d==None", &[(1, 3, "is")]), "d is None");
        assert_eq!(spaced("d == None", &[(2, 4, "is")]), "d is None");
        assert_eq!(spaced("if(x)or(y)", &[(2, 5, "x"), (7, 10, "y")]), "if x or y");
        assert_eq!(spaced("a==b", &[(1, 3, "is"), (3, 4, "None")]), "a is None");
        assert_eq!(spaced("a,b", &[(1, 2, "")]), "a b");
        assert_eq!(spaced("f(a)", &[(1, 2, "<"), (3, 4, ">")]), "f<a>");
    }
}
