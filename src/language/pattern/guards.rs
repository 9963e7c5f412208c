//! What keeps a match as it is, although it could be written anew: something would get lost, or mean something else.

use super::Replaced;
use super::matching::{Captured, captured_shape};
use super::shape::{Step, key};
use super::side::{Word, is_name};
use super::tree::{Item, Kind, Node, NodeId, Role};
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

    /// A capture that comes to stand in code with names of its own must not read one of them, nor do what only the code around
    /// it can do.
    pub(super) fn keeps_captures_in_scope(&self) -> Result<(), String> {
        const OF_THE_FUNCTION: [&str; 7] = ["await", "yield", ":=", "return", "break", "continue", "?"];
        let was_inside = |capture: usize| {
            let mut nodes = 0..self.find.tree.nodes.len() as NodeId;
            nodes.any(|id| {
                self.find.whole(id).is_some_and(|(known, _)| known == capture)
                    && self.find.tree.around(id, Kind::SCOPE).is_some()
            })
        };
        for id in 0..self.replace.tree.nodes.len() as NodeId {
            let Some((capture, _)) = self.replace.whole(id) else { continue };
            let Some(scope) = self.replace.tree.around(id, Kind::SCOPE).filter(|_| !was_inside(capture))
            else {
                continue;
            };
            let own = &self.replace.words[leaf_range(self.replace.tree.node(scope))];
            for step in captured_shape(self.text, &self.found.captured[capture]) {
                let Step::Word(word) = step else { continue };
                let is_own = || own.iter().any(|own| matches!(own, Word::Fixed(own) if **own == *word));
                let is_new =
                    || !self.find.words.iter().any(|old| matches!(old, Word::Fixed(old) if **old == *word));
                if OF_THE_FUNCTION.contains(&&*word) || is_name(&word) && is_own() && is_new() {
                    return Err(format!("`{word}` would mean something else where it comes to stand"));
                }
            }
        }
        Ok(())
    }

    /// `await` and `yield` come only where they may stand: in the body of a function, the first of them in that of an
    /// asynchronous one (Python reference, "Await expression", "Yield expressions").
    pub(super) fn keeps_deeds_in_functions(&self) -> Result<(), String> {
        let replace = &self.replace.words;
        for (place, word) in replace.iter().enumerate() {
            let Word::Fixed(word) = word else { continue };
            // Behind a dot it is the one of another language.
            let is_behind_dot = || place > 0 && replace[place - 1] == Word::Fixed(".".into());
            let is_deed = matches!(&**word, "await" | "yield") && !is_behind_dot();
            let was_there = || self.find.words.iter().any(|old| *old == Word::Fixed(word.clone()));
            if is_deed && !was_there() && !self.may_do(word, self.there(self.find.roots[0])) {
                return Err(format!("`{word}` may not stand here"));
            }
        }
        Ok(())
    }

    /// Whether the code around a node may do what is said by `await` or `yield`.
    fn may_do(&self, deed: &str, node: NodeId) -> bool {
        let start = self.text.span(node).start;
        let mut at = node;
        while let Some(scope) = self.text.around(at, Kind::SCOPE) {
            let items = self.text.items(scope);
            let leaf = |word: &str| {
                let is_word = |item: &&Item| matches!(item, Item::Leaf(id) if self.text.word(*id) == word);
                items.iter().find(is_word).map(|item| self.text.item_span(*item).start)
            };
            let is_function = leaf("def").is_some();
            if is_function && leaf(":").is_some_and(|colon| colon < start) {
                return deed == "yield" || leaf("async").is_some();
            }
            let is_class = leaf("class").is_some() && leaf(":").is_some_and(|colon| colon < start);
            let is_expression = self.text.node(scope).kind.role == Role::Expression;
            if is_class || is_expression && (deed == "yield" || leaf("lambda").is_some()) {
                return false;
            }
            at = scope;
        }
        false
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

    /// A comment belongs to somebody: where no capture takes it along, the place is left alone.
    pub(super) fn keeps_comments(&self, edit: &Replaced) -> Result<(), String> {
        let first = self.text.comments.partition_point(|comment| comment.start < edit.span.start);
        let mut inside =
            self.text.comments[first..].iter().take_while(|comment| comment.start < edit.span.end);
        match inside.find(|comment| !edit.text.contains(comment.of(&self.text.text).trim_end())) {
            Some(lost) => Err(format!("the comment `{}` would be lost", lost.of(&self.text.text).trim())),
            None => Ok(()),
        }
    }
}

fn leaf_range(node: &Node) -> std::ops::Range<usize> {
    node.leaves.start as usize..node.leaves.end as usize
}
