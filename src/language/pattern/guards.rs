//! What keeps a match as it is, although it could be written anew: something would get lost, or mean something else.

use super::Replaced;
use super::matching::Captured;
use super::shape::key;
use super::side::{Side, Word};
use super::tree::{Item, Kind, NodeId, Role};
use super::writing::Writer;

impl Writer<'_> {
    /// A capture that comes to stand in a string must hold nothing that may not stand there (PEP 701).
    pub(super) fn keeps_strings_readable(&self) -> Result<(), String> {
        let is_risky = |text: &str| text.contains(['"', '\'', '\\', '\n', '#']);
        for id in 0..self.replace.tree.nodes.len() as NodeId {
            let Some((capture, _)) = self.replace.whole(id).filter(|_| self.replace.tree.is_quoted(id))
            else {
                continue;
            };
            let was_quoted = self.text.is_quoted(self.there(self.find.roots[0]));
            if !was_quoted && is_risky(&self.captured_text(capture)) {
                return Err("what was captured may not be readable in a string".to_owned());
            }
        }
        Ok(())
    }

    pub(super) fn is_directly_in_class(&self, node: NodeId) -> bool {
        self.text.scope_around(node).is_some_and(|scope| self.text.direct(scope, "class").is_some())
    }

    /// Where a word stands directly in a node, in bytes.
    fn leaf(&self, node: NodeId, word: &str) -> Option<u32> {
        let found = self.text.direct(node, word)?;
        Some(self.text.item_span(Item::Leaf(found)).start)
    }

    /// `await` and `async for` come only in the body of a function or block that is asynchronous (Python reference, "Await expression"; Rust
    /// reference, "Await expressions"), `yield` only in that of a function which has one already: another one would become a
    /// generator by it. `?` comes only where what it returns may be returned.
    pub(super) fn keeps_deeds_in_functions(&self) -> Result<(), String> {
        let replace = &self.replace.words;
        for (place, word) in replace.iter().enumerate() {
            let Word::Fixed(word) = word else { continue };
            let next = |words: &[Word], at: usize| match words.get(at + 1) {
                Some(Word::Fixed(next)) => matches!(&**next, "for" | "with"),
                _ => false,
            };
            let is_async = **word == *"async" && next(replace, place);
            let is_deed = is_async || matches!(&**word, "await" | "yield" | "?");
            let was_there = || self.find.words.iter().any(|old| *old == Word::Fixed(word.clone()));
            if !is_deed || was_there() {
                continue;
            }
            let node = self.there(self.find.roots[0]);
            let is_behind_dot = place > 0 && replace[place - 1] == Word::Fixed(".".into());
            let may = match &**word {
                "?" => self.may_try(node),
                _ if is_behind_dot => self.may_await_behind(node),
                "async" => self.may_do("await", node),
                word => self.may_do(word, node),
            };
            if !may {
                return Err(format!("`{word}` may not stand here"));
            }
        }
        Ok(())
    }

    /// Whether the code around a node may do what is said by `await` or `yield` in front of an expression.
    fn may_do(&self, deed: &str, node: NodeId) -> bool {
        let start = self.text.span(node).start;
        let mut at = node;
        while let Some(scope) = self.text.around(at, Kind::SCOPE) {
            let is_body = self.leaf(scope, ":").is_some_and(|colon| colon < start);
            if is_body && self.leaf(scope, "def").is_some() {
                let mut words = self.text.words(self.text.node(scope).leaves.clone());
                let is_async = self.leaf(scope, "async").is_some();
                return if deed == "await" { is_async } else { words.any(|word| word == "yield") };
            }
            let is_expression = self.text.node(scope).kind.role == Role::Expression;
            // With `await` in it a generator becomes an asynchronous one.
            let is_list = ["[", "{"].into_iter().any(|open| self.leaf(scope, open).is_some());
            let may_pass = match is_expression {
                true => deed == "await" && is_list,
                false => !(is_body && self.leaf(scope, "class").is_some()),
            };
            if !may_pass {
                return false;
            }
            at = scope;
        }
        false
    }

    /// `f"{x=}"` shows how it is written.
    pub(super) fn keeps_shown_text(&self) -> Result<(), String> {
        let node = self.there(self.find.roots[0]);
        let around = std::iter::successors(self.text.parent(node), |&outer| self.text.parent(outer));
        let has = |node: NodeId, word: &str| self.leaf(node, word).is_some();
        let mut shown =
            around.filter(|&outer| has(outer, "{") && has(outer, "=") && self.text.is_quoted(outer));
        match shown.next() {
            Some(_) => Err("the string around shows how it is written".to_owned()),
            None => Ok(()),
        }
    }

    /// `global` and `nonlocal` say whose name is meant (Python reference, "The global statement").
    pub(super) fn keeps_owners(&self) -> Result<(), String> {
        let is_there = |side: &Side, word: &str| !side.is_declarative && side.has_word(word);
        let mut lost = ["global", "nonlocal"].into_iter();
        match lost.find(|word| is_there(self.find, word) && !is_there(self.replace, word)) {
            Some(word) => Err(format!("what is bound behind `{word}` would become another name")),
            None => Ok(()),
        }
    }

    /// A key stands once in a list.
    pub(super) fn keeps_keys_apart(&self) -> Result<(), String> {
        for id in 0..self.replace.tree.nodes.len() as NodeId {
            let mut keys: Vec<String> = Vec::new();
            for child in self.replace.tree.children(id) {
                let captured =
                    self.replace.many(Item::Node(child)).map(|capture| &self.found.captured[capture]);
                let new: Vec<String> = match captured {
                    Some(Captured::Items(items)) => {
                        items.iter().filter_map(|&item| key(self.text, item)).collect()
                    }
                    _ => self.replace.key(child).map(str::to_owned).into_iter().collect(),
                };
                if let Some(twice) = new.iter().find(|key| keys.contains(key)) {
                    return Err(format!("`{twice}` would be given twice"));
                }
                keys.extend(new);
            }
        }
        Ok(())
    }

    /// What stands behind the last statement of a block says something of that: it must not go while the comment stays.
    pub(super) fn keeps_last_comment(&self) -> Result<(), String> {
        let root = self.there(self.find.roots[0]);
        let (text, end) = (self.text.text(), self.text.span(root).end);
        let next = self.text.comments.partition_point(|comment| comment.start < end);
        let behind = self.text.comments.get(next).filter(|comment| {
            text[end as usize..comment.start as usize].chars().all(|blank| matches!(blank, ' ' | '\t'))
        });
        let mut inner = root + 1..self.text.node(root).next;
        let is_last =
            |id: NodeId| self.text.node(id).kind.role == Role::Statement && self.text.span(id).end == end;
        let is_carried = || self.carried().iter().any(|span| span.end == end);
        match behind {
            Some(comment) if inner.any(is_last) && !is_carried() => {
                Err(format!("the comment `{}` would come to stand elsewhere", comment.of(text).trim()))
            }
            _ => Ok(()),
        }
    }

    /// A comment belongs to somebody: where no capture takes it along, the place is left alone.
    pub(super) fn keeps_comments(&self, edit: &Replaced) -> Result<(), String> {
        let first = self.text.comments.partition_point(|comment| comment.start < edit.span.start);
        let mut inside =
            self.text.comments[first..].iter().take_while(|comment| comment.start < edit.span.end);
        let carried = self.carried();
        match inside.find(|comment| !carried.iter().any(|span| span.contains(**comment))) {
            Some(lost) => Err(format!("the comment `{}` would be lost", lost.of(&self.text.text).trim())),
            None => Ok(()),
        }
    }
}
