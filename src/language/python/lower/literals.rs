//! String literals, and whether their text is their value.

use super::{Lowering, span_of};
use crate::model::Span;
use ruff_python_ast::{Expr, ExprStringLiteral, StringFlags, StringLiteral};
use ruff_text_size::Ranged;

/// The value of a string literal.
pub(super) struct Literal<'e> {
    pub(super) value: &'e str,
    /// The contents between the quotes; the whole expression for one of several parts.
    pub(super) span: Span,
    /// The single part whose text in the file is the value, byte for byte.
    pub(super) verbatim: Option<&'e StringLiteral>,
}

impl Lowering<'_> {
    /// The literal that an expression is.
    pub(super) fn literal<'e>(&self, expression: &'e Expr) -> Option<Literal<'e>> {
        match expression {
            Expr::StringLiteral(string) => self.string(string),
            _ => None,
        }
    }

    /// A string literal; `None` for one that the lexer could not read.
    pub(super) fn string<'e>(&self, string: &'e ExprStringLiteral) -> Option<Literal<'e>> {
        let whole = self.span(string.range());
        let Some(part) = string.as_single_part_string() else {
            return Some(Literal { value: string.value.to_str(), span: whole, verbatim: None });
        };
        if part.flags.is_invalid() || part.flags.is_unclosed() {
            return None;
        }
        if self.opaque.is_some() {
            return Some(Literal { value: part.as_str(), span: whole, verbatim: None });
        }
        let Span { start, end } = span_of(part.range());
        let start = start + part.flags.opener_len().to_u32();
        let end = end.checked_sub(part.flags.closer_len().to_u32()).filter(|&end| end >= start)?;
        let verbatim = self.text.get(start as usize..end as usize) == Some(part.as_str());
        Some(Literal {
            value: part.as_str(),
            span: Span::new(start, end),
            verbatim: verbatim.then_some(part),
        })
    }
}

/// Whether `text` can be an identifier; keywords pass.
pub(super) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
}
