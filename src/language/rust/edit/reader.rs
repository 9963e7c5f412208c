//! Reads the tree of a `use` declaration from tokens (Rust Reference, "Use declarations").

use super::tokens::Token;
use super::tree::{End, Group, Layout, Lines, Tree};
use crate::model::Span;
use ra_ap_rustc_lexer::TokenKind;

/// Groups nested deeper than this are left alone: nobody writes them, and reading them takes stack.
const DEEPEST: usize = 60;

/// Reads one tree; `None` when the tokens are none, or a comment stands where it belongs to no item.
pub(super) struct Reader<'file> {
    pub text: &'file str,
    pub tokens: &'file [Token],
    /// The next token.
    pub at: usize,
}

impl Reader<'_> {
    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == Some(kind);
        self.at += usize::from(found);
        found
    }

    /// `::` is two tokens that touch.
    fn separator(&mut self) -> bool {
        let found = self.kind() == Some(TokenKind::Colon)
            && self.tokens.get(self.at + 1).is_some_and(|next| {
                next.kind == TokenKind::Colon && next.span.start == self.tokens[self.at].span.end
            });
        self.at += if found { 2 } else { 0 };
        found
    }

    fn name(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at)?;
        if !matches!(token.kind, TokenKind::Ident | TokenKind::RawIdent) {
            return None;
        }
        self.at += 1;
        Some(token.span.of(self.text).to_owned())
    }

    /// The tree that begins at the next token.
    pub fn tree(&mut self, depth: usize) -> Option<Tree> {
        let start = self.tokens.get(self.at)?.span.start;
        let mut tree = Tree { is_global: self.separator(), ..Tree::default() };
        loop {
            if self.eat(TokenKind::Star) {
                tree.end = End::Star;
                break;
            }
            if self.kind() == Some(TokenKind::OpenBrace) {
                tree.end = End::Group(self.group(depth)?);
                break;
            }
            tree.path.push(self.name()?);
            if !self.separator() {
                tree.end = End::Name(self.alias()?);
                break;
            }
        }
        tree.source = Some(Span::new(start, self.tokens[self.at - 1].span.end));
        Some(tree)
    }

    fn alias(&mut self) -> Option<Option<String>> {
        let is_renamed = self.tokens.get(self.at).is_some_and(|token| token.is(self.text, "as"));
        if !is_renamed {
            return Some(None);
        }
        self.at += 1;
        self.name().map(Some)
    }

    fn group(&mut self, depth: usize) -> Option<Group> {
        if depth == DEEPEST {
            return None;
        }
        let open = self.tokens[self.at].span;
        self.at += 1;
        let mut group = Group { opening: self.comments_behind(open.end), ..Group::default() };
        let mut has_comma = false;
        loop {
            let gap = !group.items.is_empty() && self.has_gap();
            let before = self.comments();
            let token = *self.tokens.get(self.at)?;
            if self.eat(TokenKind::CloseBrace) {
                group.closing = before;
                group.layout = self.layout(open, token.span, &group, has_comma);
                return Some(group);
            }
            if !group.items.is_empty() && !has_comma {
                return None;
            }
            let breaks = self.breaks_before(token.span.start);
            let mut item = self.tree(depth + 1)?;
            item.notes.before = before;
            item.notes.breaks = breaks;
            item.notes.gap = gap;
            item.notes.after = self.comments();
            has_comma = self.eat(TokenKind::Comma);
            if has_comma {
                let end = self.tokens[self.at - 1].span.end;
                item.notes.after.extend(self.comments_behind(end));
            }
            group.items.push(item);
        }
    }

    /// All comments up to the next other token.
    fn comments(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(token) = self.tokens.get(self.at).filter(|token| token.is_comment()) {
            found.push(token.span.of(self.text).trim_end().to_owned());
            self.at += 1;
        }
        found
    }

    /// The comments that end the line of `offset`.
    fn comments_behind(&mut self, offset: u32) -> Vec<String> {
        let from = self.at;
        let mut end = offset;
        while let Some(token) = self.tokens.get(self.at).filter(|token| token.is_comment()) {
            if self.has_break(end, token.span.start) {
                break;
            }
            end = token.span.end;
            self.at += 1;
        }
        let next = self.tokens.get(self.at).map_or(end, |token| token.span.start);
        if !self.has_break(end, next) {
            self.at = from; // Something follows: the comments are its own.
        }
        let comments = &self.tokens[from..self.at];
        comments.iter().map(|token| token.span.of(self.text).trim_end().to_owned()).collect()
    }

    /// A blank line in front of the next token.
    fn has_gap(&self) -> bool {
        let (Some(last), Some(next)) = (self.tokens.get(self.at - 1), self.tokens.get(self.at)) else {
            return false;
        };
        Span::new(last.span.end, next.span.start).of(self.text).matches('\n').count() > 1
    }

    fn has_break(&self, start: u32, end: u32) -> bool {
        Span::new(start, end).of(self.text).contains('\n')
    }

    fn breaks_before(&self, offset: u32) -> bool {
        let line = &self.text[..offset as usize];
        line.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    fn layout(&self, open: Span, close: Span, group: &Group, ends_with_comma: bool) -> Layout {
        let inside = Span::new(open.end, close.start).of(self.text);
        let own_lines = self.breaks_before(close.start);
        let indent = |offset: u32| {
            let line = &self.text[..offset as usize];
            line[line.rfind('\n').map_or(0, |at| at + 1)..].to_owned()
        };
        let first = group.items.iter().find(|item| item.notes.breaks).and_then(|item| item.source);
        let lines = first.map(|first| {
            let close = if own_lines { indent(close.start) } else { String::new() };
            Lines { inner: indent(first.start), close, is_hanging: !own_lines }
        });
        Layout { lines, is_padded: inside.starts_with(' '), ends_with_comma }
    }
}
