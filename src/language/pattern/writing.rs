//! What one match becomes: the smallest edits that turn what was looked for into what is written instead.

use super::matching::{Captured, Correspondence};
use super::shape::{Instead, shape};
use super::side::{Side, Word};
use super::spacing::keep_words_apart;
use super::tree::{Item, Kind, LeafId, NodeId, Role, SyntaxTree};
use super::{Pattern, Replaced};
use crate::model::Span;
use rustc_hash::FxHashMap;

/// Writes one match anew.
pub(super) struct Writer<'run> {
    pub find: &'run Side,
    pub replace: &'run Side,
    pub pattern: &'run Pattern,
    pub text: &'run SyntaxTree,
    pub found: &'run Correspondence,
    /// How the chains of the replacement are spelled at this place.
    pub spelled: &'run FxHashMap<NodeId, String>,
    /// Whether brackets go round everything that may need some.
    pub brackets: bool,
    pub edits: Vec<Replaced>,
}

impl Writer<'_> {
    /// The edits of the whole match.
    pub fn write(mut self) -> Result<Vec<Replaced>, String> {
        let (from, to) = (self.find.roots[0], &self.replace.roots);
        match to[..] {
            [to] if !self.pattern.makes_statement() => self.node(from, to),
            _ => self.write_statements(from)?,
        }
        for edit in &self.edits {
            self.keeps_comments(edit)?;
        }
        // Which of these may stand there depends on the version of the language (PEP 701).
        let is_risky = |edit: &Replaced| edit.text.contains(['"', '\'', '\\', '\n', '#']);
        if self.edits.iter().any(is_risky) && self.text.is_quoted(self.there(from)) {
            return Err("it stands in a string, where the replacement may not be readable".to_owned());
        }
        self.keeps_strings_readable()?;
        self.keeps_captures_in_context()?;
        self.keeps_names_apart()?;
        self.keeps_names_bound()?;
        self.keeps_shown_text()?;
        self.keeps_deeds_in_functions()?;
        self.keeps_keys_apart()?;
        self.keeps_owners()?;
        self.keeps_last_comment()?;
        self.edits.retain(|edit| edit.span.of(&self.text.text) != edit.text);
        keep_words_apart(&self.text.text, &mut self.edits);
        Ok(self.edits)
    }

    pub(super) fn there(&self, from: NodeId) -> NodeId {
        self.found.nodes[from as usize].expect("every part that is looked at was matched")
    }

    /// Turns a node of what was found into a node of the replacement.
    fn node(&mut self, from: NodeId, to: NodeId) {
        if self.is_same(Item::Node(from), Item::Node(to)) {
            return;
        }
        let is_unit = self.find.whole(from).is_some()
            || self.replace.whole(to).is_some()
            || self.find.chains.contains_key(&from)
            || self.replace.chains.contains_key(&to);
        let (kind, other) = (self.find.tree.node(from).kind, self.replace.tree.node(to).kind);
        let known = self.edits.len();
        if is_unit || kind.code != other.code || !self.row(from, to, kind) {
            self.edits.truncate(known);
            self.swap(from, to);
        }
    }

    /// True when both sides say the same in the same way.
    fn is_same(&self, from: Item, to: Item) -> bool {
        match (from, to) {
            (Item::Leaf(from), Item::Leaf(to)) => {
                self.find.words[from as usize] == self.replace.words[to as usize]
            }
            (Item::Node(from), Item::Node(to)) => {
                let steps = |side: &Side, id| shape(&side.tree, id, &Instead::default());
                let is_known = self.find.chains.get(&from) == self.replace.chains.get(&to);
                is_known && steps(self.find, from) == steps(self.replace, to)
            }
            _ => false,
        }
    }

    /// Part by part, where both sides have the same parts but for some in the middle. False when it cannot be done.
    fn row(&mut self, from: NodeId, to: NodeId, kind: Kind) -> bool {
        let (old, new) = (self.find.tree.items(from), self.replace.tree.items(to));
        let shorter = old.len().min(new.len());
        let same = |(old, new): (&Item, &Item)| self.is_same(*old, *new);
        let head = old.iter().zip(&new).take_while(|pair| same(*pair)).count();
        let tail = old.iter().rev().zip(new.iter().rev()).take(shorter - head).take_while(|pair| same(*pair));
        let tail = tail.count();
        let (gone, come) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
        if gone.len() == come.len() && gone.iter().zip(come).all(|(&gone, &come)| self.is_pair(gone, come)) {
            gone.iter().zip(come).for_each(|(&gone, &come)| self.pair(gone, come));
            return true;
        }
        let is_list = kind.is(Kind::LIST);
        is_list && gone.iter().chain(come).all(|item| matches!(item, Item::Node(_))) && {
            self.list(from, &old[..head], gone, come, &old[old.len() - tail..])
        }
    }

    fn is_pair(&self, from: Item, to: Item) -> bool {
        let is_one = self.find.many(from).is_none() && self.replace.many(to).is_none();
        is_one && matches!((from, to), (Item::Node(_), Item::Node(_)) | (Item::Leaf(_), Item::Leaf(_)))
    }

    fn pair(&mut self, from: Item, to: Item) {
        match (from, to) {
            (Item::Leaf(from), Item::Leaf(to)) if !self.is_same(Item::Leaf(from), Item::Leaf(to)) => {
                let there = self.found.leaves[from as usize].expect("every token was matched");
                let (span, text) = (self.text.leaves[there as usize].span, self.word(to));
                self.edits.push(Replaced { span, text });
            }
            (Item::Node(from), Item::Node(to)) => self.node(from, to),
            _ => {}
        }
    }

    /// Takes parts out of a list between brackets and puts others in.
    fn list(&mut self, from: NodeId, head: &[Item], gone: &[Item], come: &[Item], tail: &[Item]) -> bool {
        let there = self.there(from);
        let Some(inside) = self.text.inside_of_list(there) else { return false };
        let all: Vec<Span> =
            self.text.children(there).map(|child| self.text.extent_in_list(Item::Node(child))).collect();
        let mut lost = Vec::new();
        let both = gone.len().min(come.len());
        for (&gone, &come) in gone[..both].iter().zip(come) {
            if !self.is_pair(gone, come) {
                return false;
            }
            self.pair(gone, come);
        }
        gone[both..].iter().for_each(|&item| lost.extend(self.extents(item)));
        let texts: Vec<String> = come[both..].iter().map(|&item| self.item(item)).collect();
        if lost.len() == all.len() && !all.is_empty() {
            self.edits.push(Replaced { span: inside, text: texts.join(", ") });
            return true;
        }
        self.take_out(&all, &lost);
        self.bracket_what_was_alone(there);
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        if texts.is_empty() {
            return true;
        }
        let before = head.iter().chain(&gone[..both]).rev().find_map(|&item| self.extents(item).pop());
        let after = tail.iter().find_map(|&item| self.extents(item).into_iter().next());
        let text = texts.join(", ");
        let (at, text) = match (before, after) {
            (Some(before), _) => (before.end, format!(", {text}")),
            (None, Some(after)) => (after.start, format!("{text}, ")),
            (None, None) if all.is_empty() => (inside.start, text),
            (None, None) => return false,
        };
        self.edits.push(Replaced { span: Span::new(at, at), text });
        true
    }

    /// What needs no brackets as the only part of a list may need some beside others.
    fn bracket_what_was_alone(&mut self, list: NodeId) {
        let mut parts = self.text.children(list);
        let (Some(only), None) = (parts.next(), parts.next()) else { return };
        let span = self.text.extent_in_list(Item::Node(only));
        let kind = self.text.node(only).kind;
        if self.needs_brackets(kind, self.text.node(list).kind, span.of(&self.text.text)) {
            for (at, bracket) in [(span.start, "("), (span.end, ")")] {
                self.edits.push(Replaced { span: Span::new(at, at), text: bracket.to_owned() });
            }
        }
    }

    /// Takes some of the parts `all` out, each with a comma.
    fn take_out(&mut self, all: &[Span], lost: &[Span]) {
        let mut index = 0;
        while index < all.len() {
            let length = all[index..].iter().take_while(|span| lost.contains(span)).count();
            if length > 0 {
                let (first, last) = (all[index], all[index + length - 1]);
                let span = match (all.get(index + length), index.checked_sub(1)) {
                    (Some(next), _) => Span::new(first.start, next.start),
                    (None, Some(before)) => Span::new(all[before].end, last.end),
                    (None, None) => first.cover(last),
                };
                self.edits.push(Replaced { span, text: String::new() });
            }
            index += length + 1;
        }
    }

    /// Where the parts that an item stands for lie, with the brackets around each.
    fn extents(&self, item: Item) -> Vec<Span> {
        let nodes = match (self.find.many(item), item) {
            (Some(capture), _) => match &self.found.captured[capture] {
                Captured::Items(items) => items.clone(),
                _ => Vec::new(),
            },
            (None, Item::Node(id)) => vec![Item::Node(self.there(id))],
            (None, Item::Leaf(_)) => Vec::new(),
        };
        nodes.into_iter().map(|item| self.text.extent_in_list(item)).collect()
    }

    /// Writes the text of a part of the replacement in place of a node.
    fn swap(&mut self, from: NodeId, to: NodeId) {
        let there = self.there(from);
        let mut text = self.item(Item::Node(to));
        let kind = match (self.replace.whole(to), self.replace.chains.contains_key(&to)) {
            (Some((capture, _)), _) => self.captured_kind(capture),
            (None, true) => None,
            (None, false) => Some(self.replace.tree.node(to).kind),
        };
        let around = self.text.parent_kind(there);
        if kind.is_some_and(|kind| self.needs_brackets(kind, around, &text)) {
            text = format!("({text})");
        }
        self.edits.push(Replaced { span: self.text.span(there), text });
    }

    /// Writes all of a replacement that is no expression in place of a statement.
    fn write_statements(&mut self, from: NodeId) -> Result<(), String> {
        let there = self.there(from);
        let statement = match self.pattern.makes_statement() {
            true => {
                self.text.bare_statement(there).ok_or("a statement cannot stand inside of another one")?
            }
            false => there,
        };
        let spans = self.replace.roots.iter().map(|&root| self.replace.tree.span(root));
        let whole = spans.reduce(Span::cover).unwrap_or_default();
        let items: Vec<Item> = self.replace.roots.iter().map(|&root| Item::Node(root)).collect();
        let text = self.laid_out(whole, &items);
        self.edits.push(Replaced { span: self.text.span(statement), text });
        Ok(())
    }

    fn needs_brackets(&self, kind: Kind, around: Kind, text: &str) -> bool {
        // Only behind a number a dot is something else.
        let is_number = text.starts_with(|first: char| first.is_ascii_digit())
            && !text.contains("..")
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_'));
        let is_atom = kind.is(Kind::ATOM) || is_number && !around.is(Kind::LINK);
        let is_at_risk = !is_atom && (kind.is(Kind::LOOSE) || !around.is(Kind::OPEN));
        self.brackets && kind.role == Role::Expression && is_at_risk && !is_bracketed(text)
    }

    fn captured_kind(&self, capture: usize) -> Option<Kind> {
        match self.found.captured[capture] {
            Captured::Node(id) => Some(self.text.node(id).kind),
            _ => None,
        }
    }

    /// The text of a part of the replacement.
    fn item(&self, item: Item) -> String {
        let id = match item {
            Item::Leaf(id) => return self.word(id),
            Item::Node(id) => id,
        };
        if let Some(spelled) = self.spelled.get(&id) {
            return spelled.clone();
        }
        if let Some((capture, _)) = self.replace.whole(id) {
            let text = self.moved_text(id, capture);
            let around = self.replace.tree.parent_kind(id);
            let needs =
                self.captured_kind(capture).is_some_and(|kind| self.needs_brackets(kind, around, &text));
            return if needs { format!("({text})") } else { text };
        }
        self.laid_out(self.replace.tree.span(id), &self.replace.tree.items(id))
    }

    /// Parts of the replacement with what stands between them there.
    fn laid_out(&self, whole: Span, items: &[Item]) -> String {
        let source = &*self.replace.tree.text;
        let gap = |from: u32, to: u32, drops_comma: bool| {
            self.gap(&source[from as usize..to as usize], drops_comma)
        };
        let mut text = String::new();
        let (mut at, mut drops_comma) = (whole.start, false);
        for &item in items {
            let span = self.replace.tree.item_span(item);
            text += &gap(at, span.start, drops_comma);
            let part = self.item(item);
            drops_comma = false;
            if part.is_empty() && self.replace.many(item).is_some() {
                match text.trim_end().strip_suffix(',').map(str::len) {
                    Some(length) => text.truncate(length),
                    None => drops_comma = true,
                }
            }
            text += &part;
            at = span.end;
        }
        text + &gap(at, whole.end, drops_comma)
    }

    /// A token of the replacement as it is written.
    pub(super) fn word(&self, id: LeafId) -> String {
        match &self.replace.words[id as usize] {
            Word::Fixed(_) => {
                let source = self.replace.tree.leaves[id as usize].span.of(&self.replace.tree.text);
                self.pattern.captures.decode_all(source)
            }
            Word::Part { before, capture, after } => {
                format!("{before}{}{after}", self.captured_text(*capture))
            }
            Word::Many(capture) => self.captured_text(*capture),
        }
    }

    /// The source text of a capture, unchanged.
    pub(super) fn captured_text(&self, capture: usize) -> String {
        let text = &*self.text.text;
        match &self.found.captured[capture] {
            Captured::Open => String::new(),
            Captured::Text(part) => (**part).to_owned(),
            Captured::Node(id) => self.text.span(*id).of(text).to_owned(),
            Captured::Items(items) => {
                let spans = self.extents_of(items);
                spans.iter().map(|span| span.of(text)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Where some parts lie: as one piece when they stand side by side.
    pub(super) fn extents_of(&self, items: &[Item]) -> Vec<Span> {
        let spans: Vec<Span> = items.iter().map(|&item| self.text.extent_in_list(item)).collect();
        let is_next = |pair: &[Span]| !self.text.has_leaf(Span::new(pair[0].end, pair[1].start));
        match spans.windows(2).all(is_next) {
            true => spans.into_iter().reduce(Span::cover).into_iter().collect(),
            false => spans,
        }
    }
}

/// Whether one pair of brackets holds all of a text; brackets in strings may spoil the answer, which a trial shows.
fn is_bracketed(text: &str) -> bool {
    let mut depth = 0_usize;
    text.starts_with('(')
        && text.char_indices().all(|(at, letter)| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth > 0 || at + 1 == text.len()
        })
}
