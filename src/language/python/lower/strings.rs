//! Turns understood calls into path strings and into references that end in a string.

use super::Lowering;
use super::callees::Shape;
use super::calls::{Argument, CallSite, Text};
use super::literals::is_identifier;
use crate::model::{
    Access, Name, PathString, Place, Reference, ReferenceId, ScopeId, Segment, Span, Start, StringBase,
    StringForm,
};

impl Lowering<'_> {
    /// Reads the calls that the walk noted.
    pub(super) fn read_calls(&mut self) {
        for mut site in std::mem::take(&mut self.calls) {
            let Some(shape) = self.shape(&site) else { continue };
            match self.constant(&site.first) {
                Some(text) if self.facts.strings.iter().any(|known| known.span == text.span) => continue,
                Some(text) => site.first = Argument::Text(text),
                None => {}
            }
            self.read_call(shape, site);
        }
        self.settle_data();
    }

    /// The text that an argument is a name for: `PATH = "a.b"` and nothing else.
    fn constant(&self, argument: &Argument) -> Option<Text> {
        let &Argument::Chain(reference) = argument else { return None };
        let reference = &self.facts.references[reference as usize];
        let ([_], &[binding]) = (reference.segments.as_slice(), reference.bindings.as_slice()) else {
            return None;
        };
        let known = self.constants.iter().find(|(constant, _)| *constant == binding);
        known.map(|(_, text)| text.clone())
    }

    fn read_call(&mut self, shape: Shape, mut site: CallSite) {
        let members = std::mem::take(&mut site.members);
        match (shape, &site.first, &site.second) {
            (Shape::Path(form), Argument::Text(text), _) => self.plain_path(form, text, site.scope),
            (Shape::PathOrAttribute(_), Argument::Text(text), _) => {
                self.plain_path(StringForm::PatchTarget, text, site.scope);
            }
            (Shape::RelativePath, Argument::Text(text), package) => {
                self.module_string(text, package, site.scope);
            }
            (Shape::Members, Argument::Text(text), _) => {
                self.path_string(StringForm::PatchTarget, text, site.scope, members);
            }
            (Shape::Members, &Argument::Chain(object), _) => self.fixed_members(object, members),
            (
                Shape::Attribute(access) | Shape::PathOrAttribute(access),
                &Argument::Chain(object),
                Argument::Text(name),
            ) => self.name_in_string(object, name, access),
            _ => {}
        }
    }

    /// `patch("a.b")` and its like replace the last segment in what the others lead to: two segments at least.
    fn plain_path(&mut self, form: StringForm, text: &Text, scope: ScopeId) {
        if form != StringForm::PatchTarget || self.value(text).contains('.') {
            self.path_string(form, text, scope, Vec::new());
        }
    }

    /// An absolute path.
    fn path_string(&mut self, form: StringForm, text: &Text, scope: ScopeId, members: Vec<Segment>) {
        let separators: &[char] = if form == StringForm::ObjectName { &['.', ':'] } else { &['.'] };
        let segments = self.path_segments(text, 0, separators);
        let colon = self.value(text).find(':').map(|at| self.value(text)[..at].split('.').count());
        if let Some(string) = self.add_string(form, text, scope, segments) {
            string.colon = colon;
            string.members = members;
        }
    }

    /// A module path that may be relative to `package`.
    fn module_string(&mut self, text: &Text, package: &Argument, scope: ScopeId) {
        let value = self.value(text);
        let level = value.len() - value.trim_start_matches('.').len();
        let is_bare = level > 0 && level == value.len();
        let Some(base) = (if level == 0 { Some(StringBase::Root) } else { self.base(package) }) else {
            return;
        };
        let segments = if is_bare { Some(Vec::new()) } else { self.path_segments(text, level, &['.']) };
        if let Some(string) = self.add_string(StringForm::ModuleName, text, scope, segments) {
            string.level = level as u32;
            string.base = base;
        }
    }

    /// Adds a path string, unless its text is no path.
    fn add_string(
        &mut self,
        form: StringForm,
        text: &Text,
        scope: ScopeId,
        segments: Option<Vec<Segment>>,
    ) -> Option<&mut PathString> {
        self.facts.strings.push(PathString {
            form,
            segments: segments?,
            level: 0,
            base: StringBase::Root,
            span: text.span,
            editable: text.value.is_none(),
            colon: None,
            members: Vec::new(),
            scope,
        });
        self.facts.strings.last_mut()
    }

    /// The package that a relative path starts from; `None` when it is computed.
    fn base(&self, package: &Argument) -> Option<StringBase> {
        match package {
            Argument::Text(text) => {
                let names: Vec<&str> = self.value(text).split('.').collect();
                let names = names.iter().all(|name| is_identifier(name)).then_some(names)?;
                Some(StringBase::Package(names.into_iter().map(Name::from).collect()))
            }
            Argument::Chain(reference) => {
                let segments = &self.facts.references[*reference as usize].segments;
                let own = match segments.as_slice() {
                    [name] => matches!(&*name.name, "__package__" | "__name__"),
                    [spec, parent] => &*spec.name == "__spec__" && &*parent.name == "parent",
                    _ => false,
                };
                own.then_some(StringBase::OwnPackage)
            }
            _ => None,
        }
    }

    /// The segments of the value behind its first `skip` bytes; `None` when one of them is no identifier.
    fn path_segments(&self, text: &Text, skip: usize, separators: &[char]) -> Option<Vec<Segment>> {
        let path = &self.value(text)[skip..];
        let mut start = text.span.start + skip as u32;
        path.split(separators)
            .map(|name| {
                let own = Span::new(start, start + name.len() as u32);
                start = own.end + 1;
                let span = if text.value.is_none() { own } else { text.span };
                is_identifier(name).then(|| Segment { name: name.into(), span })
            })
            .collect()
    }

    pub(super) fn value<'t>(&'t self, text: &'t Text) -> &'t str {
        text.value.as_deref().unwrap_or_else(|| text.span.of(self.text))
    }

    /// `getattr(object, "name")`: the reference to the object goes on into the string.
    fn name_in_string(&mut self, object: ReferenceId, text: &Text, access: Access) {
        let name = self.value(text);
        if !is_identifier(name) {
            return;
        }
        let segment = Segment { name: name.into(), span: text.span };
        let reference = &mut self.facts.references[object as usize];
        reference.segments.push(segment);
        reference.access = access;
        if reference.place == Place::Code {
            reference.place = if text.value.is_none() { Place::NameInString } else { Place::Opaque };
        }
    }

    /// `patch.multiple(object, X=…)`: a use of `object.X` for each keyword.
    fn fixed_members(&mut self, object: ReferenceId, members: Vec<Segment>) {
        for member in members {
            let object = &self.facts.references[object as usize];
            let mut segments = object.segments.clone();
            segments.push(member);
            let bindings = object.bindings.clone();
            let scope = object.scope;
            let reference = Reference {
                start: Start::Scope,
                segments,
                scope,
                bindings,
                access: Access::Write,
                place: Place::Fixed,
                in_try: self.in_try,
            };
            self.facts.references.push(reference);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::language::python::lower::notation::{references, strings};

    #[test]
    fn module_names_are_read_however_the_loader_is_imported() {
        let text = "\
import importlib, importlib.util as u, pytest
from importlib import import_module as im
importlib.import_module('a.b')
im(name=r'a.c')
u.find_spec('a.d')
__import__('a.e')
pytest.importorskip(modname='a.f')
from .compat import import_module as own
own('a.g')
";
        assert_eq!(
            strings(text),
            "ModuleName a.b; ModuleName a.c; ModuleName a.d; ModuleName a.e; ModuleName a.f; \
             ModuleName a.g"
        );
    }

    #[test]
    fn relative_module_names_know_their_base() {
        let text = "from importlib import import_module\nimport_module('.a', 'p.q')\nimport_module('..b.c', package=__package__)\nimport_module('.', __name__)\nimport_module('.d', x)\n";
        assert_eq!(
            strings(text),
            "ModuleName .a Package([\"p\", \"q\"]); ModuleName ..b.c OwnPackage; ModuleName . OwnPackage"
        );
    }

    #[test]
    fn patch_targets_are_read_in_every_form() {
        let text = "\
from unittest import mock as m
from unittest.mock import patch as p
import unittest.mock, mock
@m.patch('a.b')
def test(mocker, monkeypatch, self):
    with p('a.c') as x, p.dict('a.d'): pass
    unittest.mock.patch(target='a.e')
    mock.patch('a.f')
    mocker.patch('a.g', 'h.i')
    self.mocker.patch.dict('a.j')
    monkeypatch.setattr('a.k', 'v.w')
    monkeypatch.delattr('a.l')
    p.multiple('a.m', X=1, spec=2, Y=3)
";
        assert_eq!(
            strings(text).replace("PatchTarget ", ""),
            "a.b; a.c; a.d; a.e; a.f; a.g; a.j; a.k; a.l; a.m (X, Y)"
        );
    }

    #[test]
    fn mocks_of_other_origin_count() {
        let text = "from .compat import mock\nmock.patch('a.b')\ntry:\n  from mock import patch\nexcept E:\n  patch = None\npatch('a.c')\nq = mock.patch\nq('a.d')\n";
        assert_eq!(strings(text).replace("PatchTarget ", ""), "a.b; a.c; a.d");
    }

    #[test]
    fn other_calls_and_other_texts_are_no_paths() {
        let text = "\
import requests, re
from mock import patch as q
def patch(x): ...
patch('a.b')
requests.patch('a.b')
client.patch('a.b')
q('http://a.b')
q('a..b')
q('a')
q(f'a.{b}')
q(b'a.b')
re.sub('a.b', 'c')
x.object(y, 'a')
def f(getattr): getattr(a, 'b')
";
        assert_eq!(strings(text), "");
        assert!(!references(text).contains("InString"));
    }

    #[test]
    fn a_value_that_is_not_the_text_is_not_editable() {
        assert_eq!(
            strings("__import__('a' '.b'); __import__('a\\x2ec')"),
            "ModuleName a['a' '.b'].b['a' '.b'] fixed; ModuleName a[a\\x2ec].c[a\\x2ec] fixed"
        );
    }

    #[test]
    fn an_object_name_has_a_colon() {
        assert_eq!(strings("import pkgutil\npkgutil.resolve_name('a.b:C.d')"), "ObjectName a.b.C.d");
    }

    #[test]
    fn an_attribute_named_in_a_string_ends_the_chain() {
        let text = "\
from unittest.mock import patch
getattr(a.b, 'c', d)
setattr(a, 'e', 1)
delattr(a, 'f')
patch.object(a.b, attribute='g')
monkeypatch.setattr(a, 'h', 1)
hasattr(a, 'i' 'j')
getattr(a, k)
";
        assert_eq!(
            references(text),
            "getattr <?; a.b.c NameInString <?; d <?; setattr <?; a.e= NameInString <?; delattr <?; \
             a.f del NameInString <?; patch.object <import; a.b.g= NameInString <?; monkeypatch.setattr <?; \
             a.h= NameInString <?; hasattr <?; a.ij['i' 'j'] Opaque <?; getattr <?; a <?; k <?"
        );
    }
}
