//! Where comments stand in a file, and what those that hide findings cover.

use super::span_of;
use crate::language::suppression::{LineStructure, Unit, may_be_suppressed, suppressions};
use crate::model::{Span, Suppression};
use ruff_python_ast::statement_visitor::{
    StatementVisitor, walk_elif_else_clause, walk_except_handler, walk_match_case, walk_stmt,
};
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{Decorator, ElifElseClause, ExceptHandler, MatchCase, PySourceType, Stmt};
use ruff_python_parser::parse_unchecked_source;
use ruff_text_size::Ranged;

/// The suppressions of a file that was parsed.
pub(super) fn read(text: &str, suite: &[Stmt], tokens: &Tokens) -> Vec<Suppression> {
    if may_be_suppressed(text) { suppressions(text, &structure(text, suite, tokens)) } else { Vec::new() }
}

/// Where comments can stand in a file.
pub(in super::super) fn line_structure(text: &str) -> LineStructure {
    let parsed =
        super::stack::with_room_to_parse(text, || parse_unchecked_source(text, PySourceType::Python));
    let structure = structure(text, parsed.suite(), parsed.tokens());
    super::stack::discard(parsed, text.len() as u32);
    structure
}

fn structure(text: &str, suite: &[Stmt], tokens: &Tokens) -> LineStructure {
    let comments = tokens.iter().filter(|token| token.kind() == TokenKind::Comment);
    let comments = comments.map(|token| span_of(token.range())).collect();
    let mut units = Units { text, found: Vec::new() };
    units.visit_body(suite);
    LineStructure { comments, units: units.found, joined: joined(text, tokens), documentation: Vec::new() }
}

/// Where no comment can end a line: in strings of several lines, and between tokens with a backslash at a line's end.
fn joined(text: &str, tokens: &Tokens) -> Vec<Span> {
    let (mut joined, mut open, mut last) = (Vec::new(), Vec::new(), 0);
    for token in tokens.iter() {
        let span = span_of(token.range());
        let gap = Span::new(last.min(span.start), span.start);
        if gap.of(text).contains('\\') {
            joined.push(gap);
        }
        last = span.end;
        match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => open.push(span.start),
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                joined.extend(open.pop().map(|start| Span::new(start, span.end)));
            }
            TokenKind::String => joined.push(span),
            _ => {}
        }
    }
    joined.retain(|span| span.of(text).contains(['\n', '\r']));
    joined
}

/// Collects what a suppression can be put on.
struct Units<'a> {
    text: &'a str,
    found: Vec<Unit>,
}

impl Units<'_> {
    fn note(&mut self, ranged: &impl Ranged) {
        self.found.push(Unit { span: span_of(ranged.range()), is_part: false });
    }

    /// Decorators, and what is decorated without them.
    fn note_parts(&mut self, whole: Span, decorators: &[Decorator]) {
        let Some(last) = decorators.last() else { return };
        self.found.extend(decorators.iter().map(|one| Unit { span: span_of(one.range), is_part: true }));
        let mut start = span_of(last.range).end as usize;
        loop {
            let rest = &self.text[start..whole.end as usize];
            let lead = rest.len() - rest.trim_start().len();
            start += lead;
            match rest[lead..].strip_prefix('#') {
                Some(comment) => start += 1 + comment.find(['\n', '\r']).unwrap_or(comment.len()),
                None => break,
            }
        }
        self.found.push(Unit { span: Span::new(start as u32, whole.end), is_part: true });
    }
}

impl<'a> StatementVisitor<'a> for Units<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.note(statement);
        let whole = span_of(statement.range());
        match statement {
            Stmt::FunctionDef(function) => self.note_parts(whole, &function.decorator_list),
            Stmt::ClassDef(class) => self.note_parts(whole, &class.decorator_list),
            _ => {}
        }
        super::stack::with_room(|| walk_stmt(self, statement));
    }

    fn visit_elif_else_clause(&mut self, clause: &'a ElifElseClause) {
        self.note(clause);
        walk_elif_else_clause(self, clause);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        self.note(handler);
        walk_except_handler(self, handler);
    }

    fn visit_match_case(&mut self, case: &'a MatchCase) {
        self.note(case);
        walk_match_case(self, case);
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::facts;

    fn covered(text: &str) -> Vec<String> {
        facts(text).suppressions.iter().map(|one| one.covers.of(text).trim_end().to_owned()).collect()
    }

    #[test]
    fn a_comment_covers_the_statement_that_begins_there() {
        let text = "from a import (  # ssot: ignore[SSOT001]\n    b,\n)\nimport c\n";
        assert_eq!(covered(text), [text.strip_suffix("\nimport c\n").unwrap()]);
        let text =
            "try:\n    # ssot: ignore[SSOT001] why\n    from a import (\n        b)\nexcept E:\n    pass\n";
        assert_eq!(covered(text), ["    from a import (\n        b)"]);
    }

    #[test]
    fn inside_a_statement_it_covers_its_own_line() {
        assert_eq!(
            covered("from a import (\n    b,  # ssot: ignore\n    c,\n)\n"),
            ["    b,  # ssot: ignore"]
        );
        assert_eq!(covered("from a import (\n    # ssot: ignore\n    b,\n    c,\n)\n"), ["    b,"]);
    }

    #[test]
    fn of_a_compound_statement_it_covers_the_header() {
        assert_eq!(covered("if x:  # ssot: ignore\n    import a\n    import b\n"), ["if x:  # ssot: ignore"]);
        let header = "class A(  # ssot: ignore\n    b.C,\n):";
        assert_eq!(covered(&format!("{header}\n    d = 1\n")), [header]);
        assert_eq!(
            covered("try:\n    a\nexcept (  # ssot: ignore\n    B):\n    c\n"),
            ["except (  # ssot: ignore\n    B):"]
        );
        assert_eq!(covered("if a:\n    b\nelif (  # ssot: ignore\n    c):\n    d\nelse:\n    e\n").len(), 1);
        assert_eq!(
            covered("match a:\n  case (  # ssot: ignore\n    b.C()):\n    d\n"),
            ["  case (  # ssot: ignore\n    b.C()):"]
        );
    }

    #[test]
    fn above_decorators_it_covers_them_and_the_header() {
        let header = "@a.b\n@c.d(\n    e)\nasync def f(\n    x: g.H):";
        assert_eq!(covered(&format!("# ssot: ignore\n{header}\n    pass\n")), [header]);
        let text = "@a.b\n@c.d(  # ssot: ignore\n    e)\ndef f(): pass\n";
        assert_eq!(covered(text), ["@c.d(  # ssot: ignore\n    e)"]);
        let text = "@a.b  # why\n# ssot: ignore\ndef f(\n    x: g.H):\n    pass\n";
        assert_eq!(covered(text), ["def f(\n    x: g.H):"]);
    }

    #[test]
    fn lines_that_strings_and_backslashes_join_are_one() {
        let text = "a\nf('''\nb''')  # ssot: ignore\nc\n";
        assert_eq!(covered(text), ["f('''\nb''')  # ssot: ignore"]);
        let text = "a\nfrom b \\\n    import c  # ssot: ignore\nd\n";
        assert_eq!(covered(text), ["from b \\\n    import c  # ssot: ignore"]);
        let text = "a\nf(f'''{b}\n{f'{c}'}\n''')  # ssot: ignore\nd\n";
        assert_eq!(covered(text), ["f(f'''{b}\n{f'{c}'}\n''')  # ssot: ignore"]);
    }

    #[test]
    fn strings_are_no_suppressions() {
        assert_eq!(covered("x = '# ssot: ignore'\n\"\"\"\n# ssot: ignore\n\"\"\"\n"), [""; 0]);
    }
}
