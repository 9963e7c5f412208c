//! Two rounds of edits of one text as one: the second round was made for what the first one had left.

use super::{Edit, Span};

/// The edits that do at once what `first` and then `second` do. Both are sorted and disjoint; `between` is the text that `first`
/// leaves. `None` when a part of it that both touch cannot be given as text.
pub(super) fn compose(first: &[Edit], second: &[Edit], between: &[u8]) -> Option<Vec<Edit>> {
    let mut made = Vec::new();
    let (mut shift, mut ones) = (0_i64, Vec::new());
    for edit in first {
        let start = i64::from(edit.span.start) + shift;
        ones.push((Span::new(start as u32, start as u32 + edit.text.len() as u32), edit));
        shift += edit.text.len() as i64 - i64::from(edit.span.len());
    }
    // How far the text behind the edits of the first round has moved so far.
    let (mut shift, mut ones, mut twos) = (0_i64, ones.into_iter().peekable(), second.iter().peekable());
    loop {
        let mut group = Group::default();
        match (ones.peek(), twos.peek()) {
            (None, None) => return Some(made),
            (Some((span, _)), Some(two)) if span.start <= two.span.start => group.span = Some(*span),
            (Some((span, _)), None) => group.span = Some(*span),
            (_, Some(two)) => group.span = Some(two.span),
        }
        loop {
            let reach = group.span.expect("there is a first one");
            if let Some((span, edit)) = ones.next_if(|(span, _)| span.start <= reach.end) {
                group.span = Some(reach.cover(span));
                group.first.push(edit);
            } else if let Some(edit) = twos.next_if(|edit| edit.span.start <= reach.end) {
                group.span = Some(reach.cover(edit.span));
                group.second.push(edit);
            } else {
                break;
            }
        }
        shift = group.finish(shift, between, &mut made)?;
    }
}

/// Edits of both rounds that touch each other.
#[derive(Default)]
struct Group<'edits> {
    /// All that they touch, in the text between the rounds.
    span: Option<Span>,
    first: Vec<&'edits Edit>,
    second: Vec<&'edits Edit>,
}

impl Group<'_> {
    fn finish(&self, shift: i64, between: &[u8], made: &mut Vec<Edit>) -> Option<i64> {
        let span = self.span?;
        let grown = |edit: &&Edit| edit.text.len() as i64 - i64::from(edit.span.len());
        let after = shift + self.first.iter().map(grown).sum::<i64>();
        if self.second.is_empty() {
            made.extend(self.first.iter().map(|edit| (*edit).clone()));
        } else if self.first.is_empty() {
            let back = |at: u32| (i64::from(at) - shift) as u32;
            made.extend(self.second.iter().map(|edit| Edit {
                span: Span::new(back(edit.span.start), back(edit.span.end)),
                ..(*edit).clone()
            }));
        } else {
            let mut text = Vec::new();
            let mut at = span.start;
            for edit in &self.second {
                text.extend_from_slice(&between[at as usize..edit.span.start as usize]);
                text.extend_from_slice(edit.text.as_bytes());
                at = edit.span.end;
            }
            text.extend_from_slice(&between[at as usize..span.end as usize]);
            let mut rules: Vec<&str> = Vec::new();
            let all = self.first.iter().chain(&self.second).flat_map(|edit| edit.rule.split(", "));
            all.for_each(|rule| {
                if !rules.contains(&rule) {
                    rules.push(rule)
                }
            });
            made.push(Edit {
                span: Span::new((i64::from(span.start) - shift) as u32, (i64::from(span.end) - after) as u32),
                text: String::from_utf8(text).ok()?,
                rule: rules.join(", "),
            });
        }
        Some(after)
    }
}

/// Where in the text before `edits` the place lies that is at `offset` afterwards; for new text where that was put in.
pub(super) fn origin(edits: &[Edit], offset: u32) -> u32 {
    let mut shift = 0_i64;
    for edit in edits {
        let start = i64::from(edit.span.start) + shift;
        if start > i64::from(offset) {
            break;
        }
        if i64::from(offset) < start + edit.text.len() as i64 {
            return edit.span.start;
        }
        shift += edit.text.len() as i64 - i64::from(edit.span.len());
    }
    (i64::from(offset) - shift) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FilePlan;
    use proptest::prelude::*;

    fn plan(before: &str, edits: Vec<Edit>) -> FilePlan {
        FilePlan::compose("a".into(), before.as_bytes(), before, edits).unwrap()
    }

    fn edit((start, end, text): (u32, u32, &str)) -> Edit {
        Edit { span: Span::new(start, end), text: text.into(), rule: text.into() }
    }

    fn composed(before: &str, first: &[(u32, u32, &str)], second: &[(u32, u32, &str)]) -> Vec<Edit> {
        let first = plan(before, first.iter().copied().map(edit).collect());
        let between = String::from_utf8(first.after().to_vec()).unwrap();
        let second = plan(&between, second.iter().copied().map(edit).collect());
        compose(first.edits(), second.edits(), first.after()).unwrap()
    }

    #[test]
    fn what_does_not_touch_stays_apart() {
        assert_eq!(
            composed("abcdef", &[(1, 2, "xyz")], &[(5, 6, "q")]),
            [edit((1, 2, "xyz")), edit((3, 4, "q"))]
        );
        let both = composed("abcdef", &[(1, 3, "xyz")], &[(2, 5, "q")]);
        assert_eq!((both[0].span, &*both[0].text, &*both[0].rule), (Span::new(1, 4), "xq", "xyz, q"));
    }

    /// Disjoint edits of a text of `length` bytes.
    fn edits(length: usize) -> impl Strategy<Value = Vec<Edit>> {
        proptest::collection::vec((0..=length as u32, "[a-z]{0,3}"), 0..8).prop_map(|mut cuts| {
            cuts.sort();
            let pairs = cuts.chunks_exact(2).map(|pair| (pair[0].0, pair[1].0, &*pair[0].1));
            pairs.map(edit).collect()
        })
    }

    proptest! {
        #[test]
        fn two_rounds_are_one(
            (before, first, second) in "[A-Z]{0,12}".prop_flat_map(|before| {
                let first = edits(before.len());
                (Just(before), first)
            }).prop_flat_map(|(before, first)| {
                let length = plan(&before, first.clone()).after().len();
                (Just(before), Just(first), edits(length))
            })
        ) {
            let one = plan(&before, first);
            let between = String::from_utf8(one.after().to_vec()).unwrap();
            let two = plan(&between, second);
            let both = compose(one.edits(), two.edits(), one.after()).unwrap();
            let whole = plan(&before, both);
            prop_assert_eq!(whole.after(), two.after());
        }

        #[test]
        fn a_place_that_stays_is_found_again(before in "[A-Z]{1,12}", all in edits(12)) {
            let kept: Vec<Edit> = all.into_iter().filter(|edit| edit.span.end as usize <= before.len()).collect();
            let whole = plan(&before, kept);
            let after = whole.after();
            for (at, byte) in after.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase()) {
                prop_assert_eq!(before.as_bytes()[origin(whole.edits(), at as u32) as usize], *byte);
            }
        }
    }
}
