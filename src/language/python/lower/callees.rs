//! The calls that expect an import path, or an attribute's name, in a string. Data only.

use crate::model::{Access, StringForm};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// What a call does with its first arguments.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A path.
    Path(StringForm),
    /// A module path that may be relative to the package in the second argument.
    RelativePath,
    /// An object and the name of its attribute.
    Attribute(Access),
    /// A path; or an object and the name of its attribute.
    PathOrAttribute(Access),
    /// A path or an object, and its attributes as keywords.
    Members,
}

/// Absolute name of each callee; methods of a fixture stand under its class.
pub(super) const CALLEES: &[(&str, Shape)] = &[
    ("importlib.import_module", Shape::RelativePath),
    ("importlib.util.find_spec", Shape::RelativePath),
    ("importlib.__import__", Shape::Path(StringForm::ModuleName)),
    ("importlib.resources.files", Shape::Path(StringForm::ModuleName)),
    ("builtins.__import__", Shape::Path(StringForm::ModuleName)),
    ("runpy.run_module", Shape::Path(StringForm::ModuleName)),
    ("pytest.importorskip", Shape::Path(StringForm::ModuleName)),
    ("pkgutil.resolve_name", Shape::Path(StringForm::ObjectName)),
    ("pydoc.locate", Shape::Path(StringForm::ObjectName)),
    ("django.utils.module_loading.import_string", Shape::Path(StringForm::ObjectName)),
    ("werkzeug.utils.import_string", Shape::Path(StringForm::ObjectName)),
    ("unittest.mock.patch", Shape::Path(StringForm::PatchTarget)),
    ("unittest.mock.patch.dict", Shape::Path(StringForm::PatchTarget)),
    ("unittest.mock.patch.multiple", Shape::Members),
    ("unittest.mock.patch.object", Shape::Attribute(Access::Write)),
    ("unittest.mock.spy", Shape::Attribute(Access::Write)),
    ("pytest.MonkeyPatch.setattr", Shape::PathOrAttribute(Access::Write)),
    ("pytest.MonkeyPatch.delattr", Shape::PathOrAttribute(Access::Delete)),
    ("builtins.getattr", Shape::Attribute(Access::Read)),
    ("builtins.hasattr", Shape::Attribute(Access::Read)),
    ("builtins.setattr", Shape::Attribute(Access::Write)),
    ("builtins.delattr", Shape::Attribute(Access::Delete)),
];

/// Last names that mean the same wherever they are imported from: projects wrap these functions under their own name.
const WRAPPED: &[&str] = &["import_module", "importorskip"];

/// An object that a test gets from a fixture, known by its name only.
pub(super) struct Fixture {
    /// How the name ends.
    ending: &'static str,
    /// The ending is the whole name.
    whole: bool,
    /// What stands for the object in [`CALLEES`].
    pub(super) class: &'static [&'static str],
}

const FIXTURES: &[Fixture] = &[
    Fixture { ending: "mocker", whole: false, class: &["unittest", "mock"] },
    Fixture { ending: "monkeypatch", whole: false, class: &["pytest", "MonkeyPatch"] },
    Fixture { ending: "monkey_patch", whole: false, class: &["pytest", "MonkeyPatch"] },
    Fixture { ending: "mp", whole: true, class: &["pytest", "MonkeyPatch"] },
];

/// The fixture that an object of this name comes from.
pub(super) fn fixture(name: &str) -> Option<&'static Fixture> {
    FIXTURES
        .iter()
        .find(|fixture| if fixture.whole { name == fixture.ending } else { name.ends_with(fixture.ending) })
}

/// Keywords under which a call takes its first argument.
pub(super) const FIRST_KEYWORDS: &[&str] = &["target", "modname", "mod_name", "in_dict", "anchor", "object"];
/// Keywords under which a call takes its second argument.
pub(super) const SECOND_KEYWORDS: &[&str] = &["attribute", "package"];
/// The keyword that is the first argument of some calls and the second of others.
pub(super) const NAME_KEYWORD: &str = "name";
/// Keywords of `patch.multiple` that are no attributes.
pub(super) const PATCH_OPTIONS: &[&str] =
    &["target", "spec", "create", "spec_set", "autospec", "new_callable"];

/// What the callee of this absolute path does. The backport `mock`, and any project's own copy of it, counts as
/// `unittest.mock`.
pub(super) fn shape_of(path: &[&str]) -> Option<Shape> {
    let mock = path.windows(2).rposition(|pair| matches!(pair, ["mock", "patch"]));
    let (prefix, rest): (&[&str], &[&str]) = match mock {
        Some(at) => (&["unittest"], &path[at..]),
        None => (&[], path),
    };
    let named = |name: &str| name.split('.').eq(prefix.iter().chain(rest).copied());
    let wrapped = path.last().filter(|last| WRAPPED.contains(last));
    let found =
        CALLEES.iter().find(|(name, _)| named(name) || wrapped.is_some_and(|last| last_name(name) == *last));
    found.map(|&(_, shape)| shape)
}

fn last_name(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

/// Whether a callee with this last name can be in [`CALLEES`]. Every call is asked.
pub(super) fn may_be_callee(last: &str) -> bool {
    static LAST_NAMES: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| CALLEES.iter().map(|(name, _)| last_name(name)).collect());
    LAST_NAMES.contains(last)
}
