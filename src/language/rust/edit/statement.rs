//! One `use` or `extern crate` declaration as it is written: attributes, visibility, tree, and the lines it has.

use super::reader::Reader;
use super::tokens::{Token, begins_line_comment, index_at, line_start, next_line};
use super::tree::{Prefix, Tree};
use crate::model::{Block, FileFacts, ImportId, ScopeId, Span};
use ra_ap_rustc_lexer::{DocStyle, TokenKind};

/// A declaration that imports names.
#[derive(Debug)]
pub(super) struct Statement {
    /// Its imports, in source order.
    pub ids: Vec<ImportId>,
    pub block: Block,
    pub scope: ScopeId,
    /// From the visibility to the `;`.
    pub span: Span,
    /// The same with attributes and documentation in front.
    pub item: Span,
    /// `pub(crate)` and the like without white space; empty when private.
    pub visibility: String,
    /// The attributes, documentation left out.
    pub attributes: Vec<String>,
    pub is_documented: bool,
    /// The tree and its place; `None` for `extern crate`, and for what cannot be read.
    pub tree: Option<(Tree, Span)>,
    pub is_extern_crate: bool,
    /// The lines that it has for itself.
    pub lines: Option<Lines>,
}

/// Whole lines that hold one statement.
#[derive(Debug)]
pub(super) struct Lines {
    pub span: Span,
    pub indent: String,
    /// True when a comment stands behind the `;`.
    pub has_comment: bool,
}

/// The statements of a file that import, in source order.
pub(super) fn read(text: &str, tokens: &[Token], facts: &FileFacts) -> Vec<Statement> {
    let all = 0..facts.imports.len() as ImportId;
    let mut order: Vec<ImportId> = all.filter(|&id| facts.example_of(id).is_none()).collect();
    order.sort_by_key(|&id| facts.imports[id as usize].span.start);
    let mut statements: Vec<Statement> = Vec::new();
    for id in order {
        let import = &facts.imports[id as usize];
        match statements.last_mut() {
            Some(last) if last.span == import.statement => last.ids.push(id),
            _ => statements.push(Statement {
                ids: vec![id],
                block: import.block,
                scope: import.scope,
                span: import.statement,
                item: import.statement,
                visibility: String::new(),
                attributes: Vec::new(),
                is_documented: false,
                tree: None,
                is_extern_crate: false,
                lines: None,
            }),
        }
    }
    statements.iter_mut().for_each(|statement| statement.complete(text, tokens));
    statements
}

impl Statement {
    fn complete(&mut self, text: &str, tokens: &[Token]) {
        let start = index_at(tokens, self.span.start);
        self.read_attributes(text, &tokens[..start]);
        self.read_tree(text, tokens, start);
        self.lines = self.own_lines(text);
    }

    /// Attributes and documentation in front, nearest first.
    fn read_attributes(&mut self, text: &str, before: &[Token]) {
        let mut at = before.len();
        while at > 0 {
            let token = before[at - 1];
            let is_outer = matches!(
                token.kind,
                TokenKind::LineComment { doc_style: Some(DocStyle::Outer) }
                    | TokenKind::BlockComment { doc_style: Some(DocStyle::Outer), .. }
            );
            if is_outer {
                self.is_documented = true;
                at -= 1;
                self.item.start = token.span.start;
            } else if token.is_comment() {
                at -= 1; // Part of the item only when an attribute stands above it.
            } else if let Some(open) = attribute_start(before, at) {
                let span = Span::new(before[open].span.start, token.span.end);
                self.attributes.insert(0, span.of(text).to_owned());
                self.item.start = span.start;
                at = open;
            } else {
                return;
            }
        }
    }

    fn read_tree(&mut self, text: &str, tokens: &[Token], start: usize) {
        let mut at = start;
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(text, word));
        if is(at, "pub") {
            at += 1;
            if is(at, "(") {
                let close = tokens[at..].iter().position(|token| token.kind == TokenKind::CloseParen);
                at += close.map_or(0, |close| close + 1);
            }
        }
        self.visibility = tokens[start..at].iter().map(|token| token.span.of(text)).collect();
        self.is_extern_crate = is(at, "extern");
        if !is(at, "use") {
            return;
        }
        at += 1;
        at += tokens[at..].iter().take_while(|token| token.is_comment()).count();
        let mut reader = Reader { text, tokens, at };
        let Some(tree) = reader.tree(0) else { return };
        let mut end = reader.at;
        end += tokens[end..].iter().take_while(|token| token.is_comment()).count();
        if tokens.get(end).is_some_and(|token| token.span.end == self.span.end) {
            self.tree = self.identified(tree).and_then(|tree| tree.source.map(|span| (tree, span)));
        }
    }

    /// The leaves with their imports, which are in source order as well; `None` when the numbers differ.
    fn identified(&self, mut tree: Tree) -> Option<Tree> {
        let mut count = 0;
        tree.leaves(&Prefix::default(), &mut |_, _| count += 1);
        if count != self.ids.len() {
            return None;
        }
        let mut ids = self.ids.iter().copied();
        tree.identify(&mut ids);
        Some(tree)
    }

    fn own_lines(&self, text: &str) -> Option<Lines> {
        let start = line_start(self.item.start, text);
        let indent = Span::new(start, self.item.start).of(text);
        let end = next_line(self.span.end, text);
        let behind = Span::new(self.span.end, end).of(text).trim();
        let is_comment = begins_line_comment(behind)
            || behind.starts_with("/*") && behind.ends_with("*/") && behind.matches("*/").count() == 1;
        let is_alone = indent.chars().all(|c| c == ' ' || c == '\t') && (behind.is_empty() || is_comment);
        is_alone.then(|| Lines {
            span: Span::new(start, end),
            indent: indent.to_owned(),
            has_comment: !behind.is_empty(),
        })
    }
}

/// Where the attribute starts that ends just before token `end`.
fn attribute_start(tokens: &[Token], end: usize) -> Option<usize> {
    if tokens[end - 1].kind != TokenKind::CloseBracket {
        return None;
    }
    let mut depth = 0;
    for at in (0..end).rev() {
        match tokens[at].kind {
            TokenKind::CloseBracket => depth += 1,
            TokenKind::OpenBracket => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at > 0 && tokens[at - 1].kind == TokenKind::Pound).then(|| at - 1);
        }
    }
    None
}
