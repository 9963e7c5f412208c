//! Legacy paths in strings that Python takes for paths, and the patching of shims.

use super::core::PACKAGE;
use super::page::Part;
use super::pen::{Legacy, Pen, UNIFIED};

pub fn import_module(pen: &mut Pen) -> Part {
    let legacy = Legacy::manager(pen.random);
    let body = vec![format!("module = importlib.import_module(\"⟦5|{PACKAGE}.manager|{PACKAGE}.manager⟧\")")];
    let part = pen.part(legacy, &format!("module.{}", legacy.name), String::new());
    Part { standard: vec!["import importlib"], body, ..part }
}

pub fn dunder_import(pen: &mut Pen) -> Part {
    let path = format!("⟦5|{PACKAGE}.manager|{PACKAGE}.manager⟧");
    let body = vec![format!("module = __import__('{path}', fromlist=[\"MAX_CONNECTIONS\"])")];
    let legacy = Legacy { module: "manager", name: "MAX_CONNECTIONS" };
    Part { body, ..pen.part(legacy, "module.MAX_CONNECTIONS", String::new()) }
}

pub fn resolve_name(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let body = vec![format!("kind = pkgutil.resolve_name(\"⟦5|{0}|{0}⟧\")", legacy.path())];
    Part { standard: vec!["import pkgutil"], body, ..pen.part(legacy, "kind", String::new()) }
}

/// pytest is not at hand: what a test would hand to its `monkeypatch` is looked up instead.
pub fn monkeypatched(pen: &mut Pen) -> Part {
    let (legacy, path) = patched(pen);
    let function = format!("arrange{}", pen.number);
    let top = format!("\n\ndef {function}(monkeypatch):\n    monkeypatch.setattr(\"{path}\", None)\n\n");
    let body = vec!["fake = mock.Mock()".to_owned(), format!("{function}(fake)")];
    let part = pen.part(legacy, "pkgutil.resolve_name(fake.setattr.call_args[0][0])", top);
    Part { standard: vec!["import pkgutil", "from unittest import mock"], body, ..part }
}

/// A patch of the shim itself works for code that looks the name up there when it runs.
fn patched(pen: &mut Pen) -> (Legacy, String) {
    let legacy = Legacy::class(pen.random);
    (legacy, format!("⟦5|{0}|{0}⟧", legacy.path()))
}

pub fn patched_in_a_with(pen: &mut Pen) -> Part {
    let (legacy, path) = patched(pen);
    let (standard, patch) = *pen.random.pick(&[
        ("from unittest import mock", "mock.patch"),
        ("from unittest.mock import patch", "patch"),
        ("import unittest.mock", "unittest.mock.patch"),
    ]);
    let body = vec![format!("with {patch}(\"{path}\") as fake:"), format!("    {}", pen.import(legacy))];
    let value = format!("{} is fake", legacy.name);
    Part { standard: vec![standard], body, value, expected: "True".to_owned(), ..Part::default() }
}

pub fn patched_by_a_decorator(pen: &mut Pen) -> Part {
    let (legacy, path) = patched(pen);
    Part {
        standard: vec!["from unittest.mock import patch"],
        decorator: Some(format!("patch('{path}')")),
        argument: "fake",
        body: vec![pen.import(legacy)],
        value: format!("{}(\"ann\")", legacy.name),
        expected: "fake.return_value".to_owned(),
        ..Part::default()
    }
}

pub fn patched_with_others(pen: &mut Pen) -> Part {
    let path = format!("⟦5|{PACKAGE}.manager|{PACKAGE}.manager⟧");
    let legacy = Legacy { module: "manager", name: "MAX_CONNECTIONS" };
    Part {
        standard: vec!["from unittest import mock"],
        body: vec![
            format!("with mock.patch.multiple(\"{path}\", MAX_CONNECTIONS=9):"),
            format!("    {}", pen.import(legacy)),
        ],
        value: legacy.name.to_owned(),
        expected: "9".to_owned(),
        ..Part::default()
    }
}

pub fn patched_in_the_module(pen: &mut Pen) -> Part {
    let (module, local) = (format!("{PACKAGE}.manager"), format!("ws{}", pen.number));
    Part {
        standard: vec!["from unittest import mock"],
        top: format!("import ⟦1|{module}|{module}⟧ as {local}\n"),
        body: vec![format!("with mock.patch.object({local}, \"MAX_CONNECTIONS\", 9):")],
        value: format!("{local}.MAX_CONNECTIONS"),
        expected: "9".to_owned(),
        ..Part::default()
    }
}

pub fn class_patched_in_the_module(pen: &mut Pen) -> Part {
    let (module, local) = (format!("{PACKAGE}.{}", UNIFIED.module), format!("ws{}", pen.number));
    Part {
        standard: vec!["from unittest import mock"],
        top: format!("import ⟦1|{module}|{module}⟧ as {local}\n"),
        body: vec![format!("with mock.patch.object({local}, \"{}\") as fake:", UNIFIED.name)],
        value: format!("{local}.{} is fake", UNIFIED.name),
        expected: "True".to_owned(),
        ..Part::default()
    }
}
