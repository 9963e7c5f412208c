//! Calls whose arguments may hold import paths: noted during the walk, understood when every name is known.

use super::Lowering;
use super::callees::{
    FIRST_KEYWORDS, NAME_KEYWORD, PATCH_OPTIONS, SECOND_KEYWORDS, Shape, fixture, may_be_callee, shape_of,
};
use crate::model::{BindingKind, ImportForm, Name, Place, Reference, ReferenceId, ScopeId, Segment, Span};
use ruff_python_ast::{ArgOrKeyword, Expr, ExprCall};

/// How many assignments `p = mock.patch` are followed.
const ALIAS_LIMIT: u32 = 8;

/// A call that may take an import path.
#[derive(Debug)]
pub(super) struct CallSite {
    pub(super) callee: ReferenceId,
    pub(super) scope: ScopeId,
    pub(super) first: Argument,
    pub(super) second: Argument,
    /// Names of the keywords that `patch.multiple` takes as attributes.
    pub(super) members: Vec<Segment>,
}

/// What the walk keeps of an argument.
#[derive(Debug, Default)]
pub(super) enum Argument {
    #[default]
    Missing,
    Text(Text),
    Chain(ReferenceId),
    Other,
}

/// A string argument.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// The contents; the whole expression when they are not the value.
    pub(super) span: Span,
    /// The value, when it is not what the file says under `span`.
    pub(super) value: Option<Name>,
}

/// The arguments that the walk keeps.
#[derive(Default)]
struct Arguments {
    first: Argument,
    second: Argument,
    named: Argument,
}

impl Arguments {
    fn slot(&mut self, position: Option<usize>, keyword: Option<&str>) -> Option<&mut Argument> {
        match (position, keyword) {
            (Some(0), _) => Some(&mut self.first),
            (Some(1), _) => Some(&mut self.second),
            (_, Some(keyword)) if FIRST_KEYWORDS.contains(&keyword) => Some(&mut self.first),
            (_, Some(keyword)) if SECOND_KEYWORDS.contains(&keyword) => Some(&mut self.second),
            (_, Some(NAME_KEYWORD)) => Some(&mut self.named),
            _ => None,
        }
    }

    /// `name=` is the first argument when nothing else is, or else the second.
    fn settle_name(&mut self) {
        let free = match (&self.first, &self.second) {
            (Argument::Missing, _) => &mut self.first,
            (_, Argument::Missing) => &mut self.second,
            _ => return,
        };
        *free = std::mem::take(&mut self.named);
    }
}

impl Lowering<'_> {
    /// Walks a call.
    pub(super) fn call(&mut self, call: &ExprCall) {
        self.data_arguments(call);
        let is_asked_for = self.may_be_asked_for(call);
        let callee = match () {
            () if self.reads_namespace(&call.func) => None,
            () if is_asked_for => self.expression(&call.func),
            () => {
                self.read(&call.func);
                None
            }
        };
        self.note_dynamic_call(call);
        if !is_asked_for {
            return call.arguments.iter_source_order().for_each(|argument| self.read(argument.value()));
        }
        let arguments = self.arguments(callee, call);
        if let Some(callee) = callee
            && self.is_of_interest(callee, &arguments)
        {
            let members = self.members(callee, call);
            let Arguments { first, second, .. } = arguments;
            self.calls.push(CallSite { callee, scope: self.scope, first, second, members });
        }
    }

    /// False when the spelling alone says that nothing about the call will be asked.
    fn may_be_asked_for(&self, call: &ExprCall) -> bool {
        let (last, is_single) = match &*call.func {
            Expr::Name(name) => (&*name.id, true),
            Expr::Attribute(attribute) => (&*attribute.attr.id, false),
            _ => return false,
        };
        let mut arguments = call.arguments.iter_source_order();
        may_be_callee(last)
            || self.may_be_typing_call(last)
            || is_single && arguments.any(|argument| argument.value().is_string_literal_expr())
    }

    /// Walks the arguments of a call, those of the typing module's functions as annotations.
    fn arguments(&mut self, callee: Option<ReferenceId>, call: &ExprCall) -> Arguments {
        let typing = callee.and_then(|callee| self.typing_call(callee));
        let mut kept = Arguments::default();
        let mut positions = 0..;
        for argument in call.arguments.iter_source_order() {
            let (at, keyword) = match argument {
                ArgOrKeyword::Arg(_) => (positions.next(), None),
                ArgOrKeyword::Keyword(keyword) => (None, keyword.arg.as_ref().map(|name| &*name.id)),
            };
            let is_type = typing.is_some_and(|typing| typing.takes_type(at, keyword));
            let value = argument.value();
            let reference = if is_type { self.annotation(value) } else { self.expression(value) };
            if let Some(slot) = kept.slot(at, keyword) {
                *slot = self.argument(value, reference);
            }
        }
        kept.settle_name();
        kept
    }

    pub(super) fn argument(&self, value: &Expr, reference: Option<ReferenceId>) -> Argument {
        if let Some(reference) = reference {
            return Argument::Chain(reference);
        }
        match self.literal(value) {
            Some(literal) => {
                let is_editable = literal.verbatim.is_some() && self.place == Place::Code;
                let value = (!is_editable).then(|| literal.value.into());
                Argument::Text(Text { span: literal.span, value })
            }
            None => Argument::Other,
        }
    }

    /// A cheap look that drops nearly every call.
    fn is_of_interest(&self, callee: ReferenceId, arguments: &Arguments) -> bool {
        let segments = &self.facts.references[callee as usize].segments;
        let last = segments.last().map_or("", |segment| &*segment.name);
        match (&arguments.first, &arguments.second) {
            (Argument::Text(_), _) | (Argument::Chain(_), Argument::Text(_)) => {
                segments.len() == 1 || may_be_callee(last)
            }
            (Argument::Chain(_), _) => last == "multiple" || may_be_callee(last),
            _ => false,
        }
    }

    fn members(&self, callee: ReferenceId, call: &ExprCall) -> Vec<Segment> {
        let segments = &self.facts.references[callee as usize].segments;
        if segments.len() > 1 && segments.last().is_none_or(|last| &*last.name != "multiple") {
            return Vec::new();
        }
        let names = call.arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        let names = names.filter(|name| !PATCH_OPTIONS.contains(&&*name.id) && !name.id.is_empty());
        // `patch.multiple` sees the keyword as it is written: keywords are not mangled.
        names.map(|name| Segment { name: name.id.as_str().into(), span: self.span(name.range) }).collect()
    }

    /// What the callee of `site` is.
    pub(super) fn shape(&self, site: &CallSite) -> Option<Shape> {
        self.shape_of_reference(&self.facts.references[site.callee as usize], &[], ALIAS_LIMIT)
    }

    /// What `reference`, with the attributes `rest` behind it, is. Every binding is asked; a definition of that
    /// name in the file means that it is something else.
    fn shape_of_reference(&self, reference: &Reference, rest: &[&str], limit: u32) -> Option<Shape> {
        let own = reference.segments.iter().map(|segment| &*segment.name);
        let path: Vec<&str> = own.chain(rest.iter().copied()).collect();
        if reference.bindings.is_empty() {
            return match &*path {
                [name] => shape_of(&["builtins", name]),
                _ => shape_of_fixture(&path),
            };
        }
        let kinds = || reference.bindings.iter().map(|&binding| self.facts.bindings[binding as usize].kind);
        if kinds().any(|kind| kind == BindingKind::Definition) {
            return None;
        }
        kinds().find_map(|kind| match kind {
            BindingKind::Import(import) => self.shape_of_import(import as usize, &path),
            BindingKind::Alias(other) if limit > 0 => {
                let other = &self.facts.references[other as usize];
                self.shape_of_reference(other, &path[1..], limit - 1).or_else(|| shape_of_fixture(&path))
            }
            BindingKind::Value => shape_of_fixture(&path),
            _ => None,
        })
    }

    fn shape_of_import(&self, import: usize, path: &[&str]) -> Option<Shape> {
        let import = &self.facts.imports[import];
        // A relative import is never one of the absolute names, but may be a project's copy of `mock`.
        let mut absolute: Vec<&str> = if import.start.level() > 0 { vec![""] } else { Vec::new() };
        let keeps_root = import.form == ImportForm::Module && import.alias.is_none();
        if !keeps_root {
            absolute.extend(import.path.iter().chain(&import.member).map(|segment| &*segment.name));
        }
        absolute.extend(&path[usize::from(!keeps_root)..]);
        shape_of(&absolute)
    }
}

/// What a method of an object that nothing in the file explains is, going by the object's name. The methods that only one such
/// object has are known whatever its name: `with monkeypatch.context() as m`.
fn shape_of_fixture(path: &[&str]) -> Option<Shape> {
    if let [_, .., method @ ("setattr" | "delattr")] = path {
        return shape_of(&["pytest", "MonkeyPatch", method]);
    }
    let (at, fixture) = path.iter().enumerate().find_map(|(at, name)| Some((at, fixture(name)?)))?;
    let absolute: Vec<&str> = fixture.class.iter().chain(&path[at + 1..]).copied().collect();
    shape_of(&absolute)
}
