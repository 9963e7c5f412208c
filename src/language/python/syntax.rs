//! The syntax of Python in neutral terms, for patterns.

use super::lower::{discard, with_room, with_room_to_parse};
use crate::language::pattern::{Fragment, Kind, Leaf, Outline, Replaced, Role, SyntaxTree};
use crate::model::{Span, SymbolPath, SyntaxError};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::source_order::{self, SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr, ModModule, NodeKind, PySourceType, Stmt};
use ruff_python_parser::{ParseErrorType, Parsed, parse_unchecked_source};
use ruff_text_size::Ranged;
use unicode_normalization::UnicodeNormalization;

/// The syntax of a whole text.
pub(super) fn syntax(text: &str) -> Result<SyntaxTree, SyntaxError> {
    read(text, |_| true)
}

/// The syntax of one expression or of some statements. What stands for any number of arguments may follow one with a keyword.
pub(super) fn fragment(text: &str) -> Result<Fragment, SyntaxError> {
    let tree = read(text, |error| *error != ParseErrorType::PositionalAfterKeywordArgument)?;
    let roots = tree.pieces();
    Ok(Fragment { tree, roots })
}

/// The syntax of a text in which nothing is wrong that `counts`.
fn read(text: &str, counts: impl Fn(&ParseErrorType) -> bool) -> Result<SyntaxTree, SyntaxError> {
    let parsed = with_room_to_parse(text, || parse_unchecked_source(text, PySourceType::Python));
    let error = parsed.errors().iter().find(|error| counts(&error.error)).map(|error| SyntaxError {
        span: Span::new(error.location.start().to_u32(), error.location.end().to_u32()),
        message: error.error.to_string().trim_end_matches('.').to_owned(),
    });
    let (tree, depth) = tree(text, &parsed);
    discard(parsed, depth);
    error.map_or(Ok(tree), Err)
}

/// The syntax of a text that was parsed, and how deeply it is nested.
pub(super) fn tree(text: &str, parsed: &Parsed<ModModule>) -> (SyntaxTree, u32) {
    let mut outliner = Outliner::default();
    outliner.visit_body(parsed.suite());
    let (mut leaves, mut comments) = (Vec::new(), Vec::new());
    for token in parsed.tokens() {
        let range = token.range();
        let span = Span::new(range.start().to_u32(), range.end().to_u32());
        match token.kind() {
            TokenKind::Comment => comments.push(span),
            kind if is_layout(kind) || span.is_empty() => {}
            kind => leaves.push(Leaf { span, normal: normal(kind, span.of(text)) }),
        }
    }
    (SyntaxTree::new(text, outliner.outlines, leaves, comments), outliner.deepest)
}

/// `from a import b`, behind the documentation of the module and before everything else.
pub(super) fn first_import(tree: &SyntaxTree, target: &SymbolPath) -> Option<Replaced> {
    let newline = if tree.text().contains("\r\n") { "\r\n" } else { "\n" };
    let statement = match target.parent() {
        Some(module) => format!("from {module} import {}", target.name()),
        None => format!("import {target}"),
    };
    Some(Replaced { span: tree.top()?, text: format!("{statement}{newline}{newline}") })
}

/// Brackets and commas only hold together what the tree shows already.
const fn is_layout(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Newline
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::EndOfFile
            | TokenKind::Lpar
            | TokenKind::Rpar
            | TokenKind::Comma
            | TokenKind::Semi
    )
}

/// What a token says where that can be spelled in several ways: names by their normal form (PEP 3131), plain strings
/// whatever their quotes.
fn normal(kind: TokenKind, text: &str) -> Option<Box<str>> {
    match kind {
        TokenKind::Name if !text.is_ascii() => Some(text.nfkc().collect::<String>().into()),
        TokenKind::String => {
            let start = text.find(['"', '\''])?;
            let prefix = text[..start].to_ascii_lowercase();
            let quote =
                ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text[start..].starts_with(quote))?;
            let content = text[start..].strip_prefix(quote)?.strip_suffix(quote)?;
            let is_plain = !content.contains(['\\', '"', '\'', '\n', '\r']) && !prefix.contains('r');
            is_plain.then(|| format!("{}\"{content}\"", prefix.trim_start_matches('u')).into())
        }
        _ => None,
    }
}

/// Collects the nodes of a tree.
#[derive(Default)]
struct Outliner {
    outlines: Vec<Outline>,
    depth: u32,
    deepest: u32,
}

impl<'ast> SourceOrderVisitor<'ast> for Outliner {
    fn enter_node(&mut self, node: AnyNodeRef<'ast>) -> TraversalSignal {
        let range = node.range();
        let span = Span::new(range.start().to_u32(), range.end().to_u32());
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if node.kind() != NodeKind::Identifier {
            self.outlines.push(Outline { kind: kind(node.kind()), span });
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, _: AnyNodeRef<'ast>) {
        self.depth -= 1;
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        with_room(|| source_order::walk_expr(self, expression));
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        with_room(|| source_order::walk_stmt(self, statement));
    }
}

fn kind(kind: NodeKind) -> Kind {
    use NodeKind as Node;
    let role = match kind {
        Node::ExprStarred | Node::ExprSlice => Role::Other,
        kind if (Node::ExprBoolOp as u16..=Node::ExprTuple as u16).contains(&(kind as u16)) => {
            Role::Expression
        }
        kind if (Node::StmtFunctionDef as u16..=Node::StmtContinue as u16).contains(&(kind as u16)) => {
            Role::Statement
        }
        _ => Role::Other,
    };
    let traits = match kind {
        Node::ExprName | Node::ExprAttribute => Kind::LINK | Kind::ATOM,
        Node::Arguments => Kind::LIST | Kind::OPEN,
        Node::ExprList | Node::ExprSet => Kind::LIST | Kind::OPEN | Kind::ATOM,
        Node::Keyword => Kind::KEYED | Kind::OPEN,
        Node::ExprCall
        | Node::ExprSubscript
        | Node::ExprDict
        | Node::ExprListComp
        | Node::ExprSetComp
        | Node::ExprDictComp
        | Node::ExprStringLiteral
        | Node::ExprBytesLiteral
        | Node::ExprBooleanLiteral
        | Node::ExprNoneLiteral
        | Node::ExprEllipsisLiteral => Kind::ATOM,
        Node::ExprFString | Node::ExprTString => Kind::ATOM | Kind::QUOTED,
        Node::ExprGenerator | Node::ExprTuple | Node::ExprNamed | Node::ExprYield | Node::ExprYieldFrom => {
            Kind::LOOSE
        }
        Node::StmtExpr => Kind::BARE | Kind::OPEN,
        Node::StmtAssign | Node::StmtReturn | Node::StmtAugAssign | Node::StmtAnnAssign => Kind::OPEN,
        _ => 0,
    };
    let is_scope = matches!(
        kind,
        Node::ExprLambda
            | Node::ExprListComp
            | Node::ExprSetComp
            | Node::ExprDictComp
            | Node::ExprGenerator
            | Node::StmtFunctionDef
            | Node::StmtClassDef
    );
    let traits = if is_scope { traits | Kind::SCOPE } else { traits };
    Kind { code: kind as u16, role, traits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_says_nothing() {
        let shown = |text: &str| format!("{:?}", crate::language::pattern::told(&syntax(text).unwrap()));
        for (left, right) in [
            ("f(a, 'b', c=1)", "f(\n    a,  # why\n    \"b\",\n    c=1,\n)"),
            ("x = (a + b)", "x = a + b"),
            ("a, b = c", "(a, b) = (c)"),
            ("f(x for x in y)", "f((x for x in y))"),
            ("if a: b; c", "if a:\n    b\n    c"),
            ("f(a=1, b=2)", "f(b=2, a=1)"),
        ] {
            assert_eq!(shown(left), shown(right));
        }
        for (left, right) in [
            ("(a + b) * c", "a + b * c"),
            ("f((a, b))", "f(a, b)"),
            ("a[1]", "a[1,]"),
            ("'a'", "b'a'"),
            ("f()", "f"),
            ("f(*a)", "f(a)"),
            ("x = {'a': b}", "x = {'a', b}"),
        ] {
            assert_ne!(shown(left), shown(right));
        }
    }

    #[test]
    fn broken_text_is_an_error_with_a_place() {
        let error = syntax("f(").unwrap_err();
        assert!(!error.message.is_empty());
    }
}
