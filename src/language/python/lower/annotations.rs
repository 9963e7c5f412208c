//! Annotations: expressions in which a string is code that is read later (PEP 484, forward references).

use super::imports::TYPING_MODULES;
use super::{Lowering, stack};
use crate::model::{BindingKind, ImportForm, Place, ReferenceId, Segment};
use ruff_python_ast::{Expr, ExprStringLiteral, ExprSubscript, ModExpression};
use ruff_python_parser::{ParseError, Parsed, parse_expression, parse_string_annotation};
use ruff_text_size::Ranged;

/// A call of a typing module that takes types where values stand.
pub(super) struct TypingCall {
    name: &'static str,
    /// Positions of the types: from the first number up to the second, without it.
    positions: (usize, usize),
    keywords: &'static [&'static str],
}

const TYPING_CALLS: &[TypingCall] = &[
    TypingCall { name: "cast", positions: (0, 1), keywords: &["typ"] },
    TypingCall { name: "assert_type", positions: (1, 2), keywords: &["typ"] },
    TypingCall { name: "NewType", positions: (1, 2), keywords: &["tp"] },
    TypingCall { name: "TypeVar", positions: (1, usize::MAX), keywords: &["bound", "default"] },
    TypingCall { name: "ParamSpec", positions: (0, 0), keywords: &["bound", "default"] },
    TypingCall { name: "TypeVarTuple", positions: (0, 0), keywords: &["default"] },
    TypingCall { name: "TypeAliasType", positions: (1, 2), keywords: &["value"] },
];

impl TypingCall {
    /// Whether the argument at this position, or under this keyword, is a type.
    pub(super) fn takes_type(&self, position: Option<usize>, keyword: Option<&str>) -> bool {
        position.is_some_and(|at| (self.positions.0..self.positions.1).contains(&at))
            || keyword.is_some_and(|keyword| self.keywords.contains(&keyword))
    }
}

impl Lowering<'_> {
    /// Walks an annotation. Returns the reference when it is a plain chain, in a string or not.
    pub(super) fn annotation(&mut self, annotation: &Expr) -> Option<ReferenceId> {
        match annotation {
            Expr::StringLiteral(string) => self.deeper(|walk| walk.string_annotation(string)),
            Expr::Subscript(_) | Expr::BinOp(_) | Expr::Tuple(_) | Expr::List(_) | Expr::Starred(_) => {
                self.deeper(|walk| walk.compound_annotation(annotation));
                None
            }
            _ => self.expression(annotation),
        }
    }

    /// Walks an annotation of which nobody asks which reference it becomes.
    pub(super) fn read_annotation(&mut self, annotation: &Expr) {
        if !self.glimpse(annotation) {
            self.annotation(annotation);
        }
    }

    fn compound_annotation(&mut self, annotation: &Expr) {
        match annotation {
            Expr::Subscript(subscript) => self.generic(subscript),
            Expr::BinOp(union) => {
                self.read_annotation(&union.left);
                self.read_annotation(&union.right);
            }
            Expr::Tuple(tuple) => self.annotations(&tuple.elts),
            Expr::List(list) => self.annotations(&list.elts),
            Expr::Starred(starred) => self.read_annotation(&starred.value),
            _ => self.read(annotation),
        }
    }

    fn annotations(&mut self, annotations: &[Expr]) {
        for annotation in annotations {
            self.read_annotation(annotation);
        }
    }

    /// `Head[arguments]`: strings are values in `Literal`, and in `Annotated` behind the first argument.
    fn generic(&mut self, subscript: &ExprSubscript) {
        self.read(&subscript.value);
        if self.is_typing_name(&subscript.value, "Literal") {
            self.read(&subscript.slice);
        } else if let Expr::Tuple(arguments) = &*subscript.slice
            && self.is_typing_name(&subscript.value, "Annotated")
        {
            for (index, argument) in arguments.elts.iter().enumerate() {
                if index == 0 {
                    self.read_annotation(argument)
                } else {
                    self.read(argument)
                };
            }
        } else {
            self.read_annotation(&subscript.slice);
        }
    }

    /// Walks the code in a string. Text that is no expression is ignored, as type checkers complain about it.
    fn string_annotation(&mut self, string: &ExprStringLiteral) -> Option<ReferenceId> {
        let literal = self.string(string)?;
        if let Some(part) = literal.verbatim {
            let parsed =
                stack::with_room_to_parse(literal.value, || parse_string_annotation(self.text, part));
            return self.parsed_annotation(parsed);
        }
        let parsed = stack::with_room_to_parse(literal.value, || parse_expression(literal.value));
        let whole = self.span(string.range());
        let outer = (self.place, self.opaque.replace(whole));
        self.place = Place::Opaque;
        let reference = self.parsed_annotation(parsed);
        (self.place, self.opaque) = outer;
        reference
    }

    fn parsed_annotation(
        &mut self,
        parsed: Result<Parsed<ModExpression>, ParseError>,
    ) -> Option<ReferenceId> {
        let parsed = parsed.ok()?;
        let reference = self.annotation(parsed.expr());
        stack::discard(parsed, self.deepest);
        reference
    }

    /// Whether an expression looks like the member `name` of a typing module.
    pub(super) fn is_typing_name(&self, expression: &Expr, name: &str) -> bool {
        match expression {
            Expr::Attribute(attribute) => &*attribute.attr.id == name,
            Expr::Name(own) => &*own.id == name || self.own_typing_name(&own.id) == Some(name),
            _ => false,
        }
    }

    fn own_typing_name(&self, alias: &str) -> Option<&str> {
        self.renamed_typing.iter().find(|(new, _)| **new == *alias).map(|(_, own)| &**own)
    }

    /// Whether a callee with this last name can be a typing call.
    pub(super) fn may_be_typing_call(&self, last: &str) -> bool {
        self.own_typing_name(last).is_some() || TYPING_CALLS.iter().any(|call| call.name == last)
    }

    /// The typing call that `callee` is, when it is imported from a typing module above this place.
    pub(super) fn typing_call(&self, callee: ReferenceId) -> Option<&'static TypingCall> {
        let segments = &self.facts.references[callee as usize].segments;
        let written = &*segments.last()?.name;
        let name = match segments.len() {
            1 => self.own_typing_name(written).unwrap_or(written),
            _ => written,
        };
        let call = TYPING_CALLS.iter().find(|call| call.name == name)?;
        self.is_from_typing(segments).then_some(call)
    }

    fn is_from_typing(&self, segments: &[Segment]) -> bool {
        let Some((_, bindings)) = self.facts.lookup(self.scope, &segments[0].name) else { return false };
        bindings.iter().any(|&binding| match self.facts.bindings[binding as usize].kind {
            BindingKind::Import(import) => {
                let import = &self.facts.imports[import as usize];
                let form = if segments.len() == 1 { ImportForm::Member } else { ImportForm::Module };
                import.form == form
                    && matches!(&*import.path, [module] if TYPING_MODULES.contains(&&*module.name))
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::references;

    #[test]
    fn strings_in_annotations_are_code() {
        let text = "x: 'a.b' = 1\ndef f(y: Optional[\"List['a.c']\"] | 'a.d', *z: ['a.e']) -> r'''\n a.f''': 'a.g'\n";
        assert_eq!(references(text), "a.b <?; Optional <?; List <?; a.c <?; a.d <?; a.e <?; a.f <?");
    }

    #[test]
    fn values_in_annotations_are_not_code() {
        let text = "from typing import Literal as L\nx: Literal['a', 'b']\ny: L['c']\nz: t.Annotated['m.d', 'e', f('g')]\n";
        assert_eq!(references(text), "Literal <?; L <import; t.Annotated <?; m.d <?; f <?");
    }

    #[test]
    fn text_that_is_not_the_source_is_opaque() {
        let text = "x: 'a' '.b'\ny: 'List[\"a\\x2ec\"]'\nz: '('\n";
        assert_eq!(
            references(text),
            "a['a' '.b'].b['a' '.b'] Opaque <?; List[W] Opaque <?; a[W].c[W] Opaque <?"
                .replace('W', "'List[\"a\\x2ec\"]'")
        );
    }

    #[test]
    fn typing_calls_take_types() {
        let text = "import typing as t\nfrom typing import cast as c, TypeVar\nc('m.a', 'b')\nt.cast(typ='m.c', val='d')\nTypeVar('T', 'm.e', bound='m.f')\nnp.cast('g')\n";
        assert_eq!(
            references(text),
            "c <import; m.a <?; t.cast <import; m.c <?; TypeVar <import; m.e <?; m.f <?; np.cast <?"
        );
    }
}
