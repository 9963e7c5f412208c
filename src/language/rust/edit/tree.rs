//! A `use` tree that can be changed: leaves leave it, others join it (Rust Reference, "Use declarations").

use crate::model::{ImportId, Span};

/// A path, a glob or a group, with the comments that belong to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    /// True with a leading `::`.
    pub is_global: bool,
    /// The names as written, `r#` included: the whole path of a leaf, what stands before the star or the group.
    pub path: Vec<String>,
    pub end: End,
    pub notes: Notes,
    /// Where it was read; `None` once it has changed.
    pub source: Option<Span>,
    /// The import that a leaf is.
    pub id: Option<ImportId>,
}

/// How a tree ends.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// With its last name, and the name behind `as`.
    Name(Option<String>),
    /// With `*`.
    Star,
    /// With `{…}`.
    Group(Group),
}

impl Default for End {
    fn default() -> Self {
        Self::Name(None)
    }
}

/// What stands between braces.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub items: Vec<Tree>,
    pub layout: Layout,
    /// Comments on the line of the opening brace.
    pub opening: Vec<String>,
    /// Comments behind the last item.
    pub closing: Vec<String>,
}

/// How a group was laid out by hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// When the group has several lines.
    pub lines: Option<Lines>,
    /// White space inside the braces of one line.
    pub is_padded: bool,
    /// A comma behind the last item.
    pub ends_with_comma: bool,
}

/// The lines of a group.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    /// White space in front of the items.
    pub inner: String,
    /// White space in front of the closing brace.
    pub close: String,
    /// True when the closing brace stands behind the last item.
    pub is_hanging: bool,
}

/// The comments of one item, and whether it begins a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes {
    /// Comments above it or in front of it.
    pub before: Vec<String>,
    /// Comments behind it on its line.
    pub after: Vec<String>,
    /// True when it is the first item on its line.
    pub breaks: bool,
    /// True when a blank line stands above it and its comments.
    pub gap: bool,
}

impl Notes {
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

/// A name without `r#`.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// True for the same names, written raw or not.
pub(super) fn same_names(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| plain(one) == plain(other))
}

/// The path to a group or a tree: what all groups around it put in front.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefix {
    pub is_global: bool,
    pub path: Vec<String>,
}

impl Prefix {
    /// The prefix of what stands inside `tree`.
    pub fn inside(&self, tree: &Tree) -> Self {
        let path = [&self.path[..], &tree.path[..]].concat();
        Self { is_global: self.is_global || tree.is_global, path }
    }

    /// True when `tree`, an absolute one, lies below.
    pub fn holds(&self, tree: &Tree) -> bool {
        if self.path.is_empty() {
            return !self.is_global;
        }
        self.is_global == tree.is_global
            && tree.path.len() >= self.path.len()
            && same_names(&self.path, &tree.path[..self.path.len()])
    }
}

impl Tree {
    pub fn leaf(is_global: bool, path: Vec<String>, alias: Option<String>) -> Self {
        Self { is_global, path, end: End::Name(alias), ..Self::default() }
    }

    pub fn group(&self) -> Option<&Group> {
        if let End::Group(group) = &self.end { Some(group) } else { None }
    }

    /// The names in front of the last one; the whole path of a star or group.
    pub fn module(&self) -> &[String] {
        match self.end {
            End::Name(_) => &self.path[..self.path.len().saturating_sub(1)],
            _ => &self.path,
        }
    }

    /// `self` alone.
    pub fn is_self(&self) -> bool {
        matches!(self.end, End::Name(_)) && self.path.len() == 1 && self.path[0] == "self"
    }

    /// True for the same leaf: path, form and local name.
    pub fn is_same_leaf(&self, other: &Self) -> bool {
        let same_end = match (&self.end, &other.end) {
            (End::Name(one), End::Name(other)) => one == other,
            (End::Star, End::Star) => true,
            _ => false,
        };
        same_end && self.is_global == other.is_global && same_names(&self.path, &other.path)
    }

    /// Every comment inside, its own included.
    pub fn has_comments(&self) -> bool {
        !self.notes.is_empty()
            || self.group().is_some_and(|group| {
                !group.opening.is_empty()
                    || !group.closing.is_empty()
                    || group.items.iter().any(Self::has_comments)
            })
    }

    /// True when a comment inside is none that `rustfmt` keeps where it is: not a line of its own, not behind an item.
    pub fn has_odd_comments(&self) -> bool {
        self.group().is_some_and(|group| {
            let is_odd = |item: &Self| {
                let notes = &item.notes;
                notes.after.len() > 1
                    || notes.before.iter().chain(&notes.after).any(|note| !note.starts_with("//"))
                    || item.has_odd_comments()
            };
            !group.opening.is_empty() || !group.closing.is_empty() || group.items.iter().any(is_odd)
        })
    }

    /// Calls `visit` with every leaf and the prefix around it.
    pub fn leaves(&self, around: &Prefix, visit: &mut impl FnMut(&Self, &Prefix)) {
        match &self.end {
            End::Group(group) => {
                let inside = around.inside(self);
                group.items.iter().for_each(|item| item.leaves(&inside, visit));
            }
            _ => visit(self, around),
        }
    }

    /// Hands out `ids` to the leaves.
    pub fn identify(&mut self, ids: &mut impl Iterator<Item = ImportId>) {
        match &mut self.end {
            End::Group(group) => group.items.iter_mut().for_each(|item| item.identify(ids)),
            _ => self.id = ids.next(),
        }
    }

    /// The leaf with its whole path: `a::{self as x}` gives `a as x`.
    pub fn absolute(&self, around: &Prefix) -> Self {
        let mut whole = self.clone();
        whole.is_global |= around.is_global;
        if self.is_self() && !around.path.is_empty() {
            whole.path.clone_from(&around.path);
        } else {
            whole.path = [&around.path[..], &self.path[..]].concat();
        }
        whole
    }

    /// A group with one item becomes the item; `{self}` the path itself.
    pub fn collapse(&mut self) {
        let End::Group(group) = &mut self.end else { return };
        if group.items.len() != 1 || !group.opening.is_empty() || !group.closing.is_empty() {
            return;
        }
        if !group.items[0].notes.is_empty() || group.items[0].is_global {
            return;
        }
        let item = group.items.remove(0);
        if !item.is_self() || self.path.is_empty() {
            self.path.extend(item.path);
        }
        self.id = item.id;
        self.end = item.end;
        self.source = None;
    }
}

impl Group {
    /// The comments of a group that goes belong to its first and last item.
    pub fn adopt(&mut self, notes: Notes) {
        let before = [notes.before, std::mem::take(&mut self.opening)].concat();
        let after = [notes.after, std::mem::take(&mut self.closing)].concat();
        if let Some(first) = self.items.first_mut() {
            first.notes.before.splice(0..0, before);
        }
        if let Some(last) = self.items.last_mut() {
            last.notes.after.extend(after);
        }
    }

    /// Item `at` is new: it gets a line of its own where all have one, and begins the line that it is the first of.
    pub fn break_line(&mut self, at: usize) {
        let mut others = self.items.iter().enumerate().filter(|(index, _)| *index != at);
        let all_break = others.all(|(_, item)| item.notes.breaks);
        let next = self.items.get(at + 1).is_some_and(|next| next.notes.breaks);
        self.items[at].notes.breaks = all_break || next;
        if !all_break && next {
            self.items[at + 1].notes.breaks = false;
        }
    }

    /// True when a comment inside runs to the end of its line.
    pub fn needs_lines(&self) -> bool {
        let notes = self.items.iter().flat_map(|item| item.notes.before.iter().chain(&item.notes.after));
        let mut comments = notes.chain(&self.opening).chain(&self.closing);
        comments.any(|comment| comment.starts_with("//") || comment.contains('\n'))
    }
}
