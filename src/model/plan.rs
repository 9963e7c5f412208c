//! What a migration would write: whole files with the edits that lead to them, and what was refused.

use super::{Location, Span, composition};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One replacement of bytes in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; empty for an insertion.
    pub span: Span,
    /// The text that comes (ASCII or UTF-8; for files in another encoding always ASCII).
    pub text: String,
    /// The id of the rule that asked for it; of a comment that hides findings of several, all, with `, ` between.
    pub rule: String,
}

/// Why a set of edits cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits want the same bytes.
    #[error("two edits overlap at byte {0}")]
    Overlap(u32),
    /// An edit starts or ends inside a character or behind the end.
    #[error("an edit at byte {0} does not lie on character boundaries")]
    Boundary(u32),
}

/// One file before and after.
#[derive(Debug, Clone)]
pub struct FilePlan {
    path: Arc<str>,
    /// `None` when the file is not there yet.
    before: Option<Vec<u8>>,
    /// `None` when the file goes.
    after: Option<Vec<u8>>,
    edits: Vec<Edit>,
}

impl FilePlan {
    /// Composes `edits` into one new version of `before`. `text` is the parsers' view of `before` (same offsets).
    ///
    /// # Errors
    /// When edits overlap or do not lie on character boundaries of `text`.
    pub fn compose(
        path: Arc<str>,
        before: &[u8],
        text: &str,
        mut edits: Vec<Edit>,
    ) -> Result<Self, EditError> {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        edits.dedup();
        let mut after = Vec::with_capacity(before.len() + 64);
        let mut at = 0;
        for edit in &edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            if start < at {
                return Err(EditError::Overlap(edit.span.start));
            }
            if start > end || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
                return Err(EditError::Boundary(edit.span.start));
            }
            after.extend_from_slice(&before[at..start]);
            after.extend_from_slice(edit.text.as_bytes());
            at = end;
        }
        after.extend_from_slice(&before[at..]);
        Ok(Self { path, before: Some(before.to_vec()), after: Some(after), edits })
    }

    /// The plan to remove a file that holds `before`.
    pub fn removal(path: Arc<str>, before: &[u8]) -> Self {
        Self { path, before: Some(before.to_vec()), after: None, edits: Vec::new() }
    }

    /// The plan to make a file that is not there; the edit's text is all of it.
    pub fn creation(path: Arc<str>, edit: Edit) -> Self {
        Self { path, before: None, after: Some(edit.text.clone().into_bytes()), edits: vec![edit] }
    }

    /// This plan and then `later`, which was made for what this one leaves. `None` when that cannot be given as edits of what was
    /// there before.
    pub fn then(self, later: &Self) -> Option<Self> {
        if later.is_removal() {
            return Some(Self { after: None, edits: Vec::new(), ..self });
        }
        let edits = composition::compose(&self.edits, &later.edits, self.after())?;
        Some(Self { after: later.after.clone(), edits, ..self })
    }

    /// Where in the file as it was the place lies that is at `offset` afterwards, in bytes.
    pub fn origin(&self, offset: u32) -> u32 {
        composition::origin(&self.edits, offset)
    }

    /// True when something is different afterwards.
    pub fn is_change(&self) -> bool {
        self.after != self.before
    }

    /// True when the file is not there yet.
    pub const fn is_creation(&self) -> bool {
        self.before.is_none()
    }

    /// True when the file goes.
    pub const fn is_removal(&self) -> bool {
        self.after.is_none()
    }

    /// The way back, as one step without edits.
    fn reversed(&self) -> Self {
        let (path, before, after) = (self.path.clone(), self.after.clone(), self.before.clone());
        Self { path, before, after, edits: Vec::new() }
    }

    /// Path relative to the project root, with `/`.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The bytes that the plan was made for; none for a file that is not there yet.
    pub fn before(&self) -> &[u8] {
        self.before.as_deref().unwrap_or_default()
    }

    /// The bytes to write; none for a file that goes.
    pub fn after(&self) -> &[u8] {
        self.after.as_deref().unwrap_or_default()
    }

    /// The edits, sorted and disjoint.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

/// A finding that the plan leaves, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Path relative to the project root, with `/`.
    pub file: Arc<str>,
    /// Where.
    pub location: Location,
    /// The rule that wanted the change.
    pub rule: Option<String>,
    /// The path that stays.
    pub written: String,
    /// Why it stays, without a final full stop.
    pub reason: String,
}

/// What a migration would do. Files are sorted by path and differ from what is on disk.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files to write.
    pub files: Vec<FilePlan>,
    /// What stays as it is, though a rule wants it changed.
    pub refusals: Vec<Refusal>,
    /// How many findings the plan mends.
    pub mended: usize,
    /// How many findings stay because comments hide them.
    pub suppressed: usize,
    /// Files that could not be read or parsed, with the reason: whatever is in them stays.
    pub unreadable: Vec<(Arc<str>, String)>,
    /// The rules that want whole files gone; those of edits stand in these.
    pub rules: BTreeSet<String>,
    /// Files whose changes hold only together with those of other files; known only when it was asked for.
    pub joint: BTreeSet<Arc<str>>,
}

impl Plan {
    /// Adds a plan for other files; the lists are in order afterwards.
    pub fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.files.sort_by(|left, right| left.path().cmp(right.path()));
        self.refusals.extend(other.refusals);
        self.refusals.sort_by(|left, right| {
            (&left.file, left.location, &left.reason).cmp(&(&right.file, right.location, &right.reason))
        });
        self.mended += other.mended;
        self.suppressed += other.suppressed;
        self.unreadable.extend(other.unreadable);
        self.unreadable.sort();
        self.rules.extend(other.rules);
        self.joint.extend(other.joint);
    }

    /// A plan that makes the files again what they were before this one.
    pub fn reversed(&self) -> Self {
        Self { files: self.files.iter().map(FilePlan::reversed).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.into(), rule: "rule".into() }
    }

    fn compose(text: &str, edits: Vec<Edit>) -> Result<String, EditError> {
        let plan = FilePlan::compose("file.py".into(), text.as_bytes(), text, edits)?;
        Ok(String::from_utf8(plan.after().to_vec()).unwrap())
    }

    #[test]
    fn edits_are_composed_in_order_and_the_rest_stays() {
        assert_eq!(
            compose("a b c", vec![edit(4, 5, "z"), edit(0, 1, "x"), edit(1, 1, "y")]).unwrap(),
            "xy b z"
        );
    }

    #[test]
    fn overlapping_edits_and_split_characters_are_refused() {
        assert_eq!(compose("abc", vec![edit(0, 2, ""), edit(1, 3, "")]), Err(EditError::Overlap(1)));
        assert_eq!(compose("é", vec![edit(0, 1, "")]), Err(EditError::Boundary(0)));
    }
}
