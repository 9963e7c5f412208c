//! Every form in which Python code can reach the manager by a legacy path, each with a probe that proves it works.

use super::consumers::{self, Consumer};
use super::core::PACKAGE;
use super::layout::Slot;
use super::page::Part;
use super::random::Random;

/// What a form may look at while it writes its part.
pub struct Pen<'a> {
    /// The module that is written.
    pub slot: &'a Slot,
    /// Number of the part within its module: names made with it do not clash.
    pub number: usize,
    /// Chance.
    pub random: &'a mut Random,
    /// The modules written so far whose own name for the class a migration changes.
    pub consumers: &'a mut Vec<Consumer>,
}

/// A name that a shim hands on.
#[derive(Clone, Copy)]
pub struct Legacy {
    /// The shim, `manager` or `unified_manager`.
    pub module: &'static str,
    /// The name in the shim.
    pub name: &'static str,
}

/// The class under the name that a migration changes.
pub const UNIFIED: Legacy = Legacy { module: "unified_manager", name: "UnifiedWebSocketManager" };
const CLASS: Legacy = Legacy { module: "manager", name: "WebSocketManager" };
const NAMES: [(usize, &Legacy); 6] = [
    (50, &CLASS),
    (25, &UNIFIED),
    (12, &Legacy { module: "manager", name: "get_websocket_manager" }),
    (5, &Legacy { module: "manager", name: "MAX_CONNECTIONS" }),
    (4, &Legacy { module: "manager", name: "ConnectionLost" }),
    (4, &Legacy { module: "unified_manager", name: "get_websocket_manager" }),
];

impl Legacy {
    fn any(random: &mut Random) -> Self {
        *random.weighted(&NAMES)
    }

    fn class(random: &mut Random) -> Self {
        *random.weighted(&NAMES[..2])
    }

    fn manager(random: &mut Random) -> Self {
        loop {
            let legacy = Self::any(random);
            if legacy.module == "manager" {
                return legacy;
            }
        }
    }

    fn path(self) -> String {
        format!("{PACKAGE}.{}.{}", self.module, self.name)
    }

    /// The name as an occurrence.
    pub fn found(self) -> String {
        format!("⟦1|{}|{}⟧", self.path(), self.name)
    }

    /// An expression that works when `written` is what the name stands for, and its value.
    pub fn use_of(self, written: &str, random: &mut Random) -> (String, String) {
        let pair = |value: String, expected: &str| (value, expected.to_owned());
        match self.name {
            "MAX_CONNECTIONS" => pair(format!("{written} + 1"), "4"),
            "ConnectionLost" => pair(format!("issubclass({written}, Exception)"), "True"),
            "get_websocket_manager" => pair(format!("{written}(\"ann\").user"), "\"ann\""),
            _ => match random.below(7) {
                0 => pair(format!("isinstance({written}(\"bob\"), {written})"), "True"),
                1 => pair(format!("[{written}(user).user for user in \"ab\"]"), "[\"a\", \"b\"]"),
                2 => pair(format!("f\"{{{written}('eve').user}}!\""), "\"eve!\""),
                3 => pair(format!("(lambda kind={written}: kind(\"joe\").user)()"), "\"joe\""),
                4 => pair(format!("type(\"Sub\", ({written},), {{}})(\"kim\").user"), "\"kim\""),
                _ => pair(format!("{written}(\"ann\").describe()"), "\"manager of ann\""),
            },
        }
    }
}

impl Pen<'_> {
    /// `netra_backend.app.websocket_core` or a module in it, absolute or, where that is possible, sometimes relative.
    fn core(&mut self, module: &str) -> String {
        let absolute = if module.is_empty() { PACKAGE.to_owned() } else { format!("{PACKAGE}.{module}") };
        let percent = match () {
            () if self.slot.is_below(super::core::FOLDER) => 70,
            () if self.slot.is_below("netra_backend/app") => 12,
            () => 0,
        };
        if self.random.chance(percent) { self.slot.relative(&absolute) } else { absolute }
    }

    /// `from … import name` with `name` as an occurrence.
    pub fn import(&mut self, legacy: Legacy) -> String {
        format!("from {} import {}", self.core(legacy.module), legacy.found())
    }

    /// A part whose probe uses `legacy` by what is `written` for it.
    pub fn part(&mut self, legacy: Legacy, written: &str, top: String) -> Part {
        let (value, expected) = legacy.use_of(written, self.random);
        Part { top, value, expected, ..Part::default() }
    }
}

/// Where a form can stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In any module.
    Anywhere,
    /// In test modules: it patches.
    Tests,
    /// In other modules.
    Modules,
    /// Only alone: it binds a name that other forms need.
    Alone,
}

/// One form.
pub struct Form {
    /// How frequent it is among the forms that fit.
    pub weight: usize,
    /// How many occurrences it brings.
    pub cost: usize,
    /// Where it can stand.
    pub place: Place,
    /// Writes it.
    pub write: fn(&mut Pen) -> Part,
}

const fn form(weight: usize, cost: usize, place: Place, write: fn(&mut Pen) -> Part) -> Form {
    Form { weight, cost, place, write }
}

/// All forms.
pub const FORMS: [Form; 33] = [
    form(400, 1, Place::Anywhere, plain_name),
    form(120, 1, Place::Modules, consumers::maker),
    form(10, 1, Place::Alone, consumers::exporter),
    form(100, 2, Place::Anywhere, two_names),
    form(50, 3, Place::Anywhere, parenthesised),
    form(60, 1, Place::Anywhere, renamed),
    form(220, 1, Place::Anywhere, in_a_function),
    form(30, 1, Place::Anywhere, renamed_in_a_function),
    form(60, 1, Place::Anywhere, for_the_type_checker),
    form(30, 1, Place::Anywhere, guarded),
    form(50, 2, Place::Anywhere, chain),
    form(10, 1, Place::Anywhere, chain_through_the_package),
    form(40, 1, Place::Anywhere, module_renamed),
    form(30, 1, Place::Anywhere, module_as_a_name),
    form(20, 1, Place::Anywhere, module_as_another_name),
    form(20, 1, Place::Alone, star),
    form(10, 1, Place::Anywhere, in_a_class),
    form(30, 1, Place::Anywhere, import_module),
    form(10, 1, Place::Anywhere, dunder_import),
    form(10, 1, Place::Anywhere, resolve_name),
    form(10, 1, Place::Anywhere, conditional),
    form(10, 1, Place::Anywhere, after_other_text),
    form(10, 1, Place::Anywhere, continued),
    form(10, 1, Place::Anywhere, second_name),
    form(10, 1, Place::Anywhere, base_class),
    form(10, 1, Place::Alone, next_to_its_new_name),
    form(10, 1, Place::Anywhere, under_a_parameter),
    form(10, 1, Place::Alone, global_in_a_function),
    form(80, 2, Place::Tests, patched_in_a_with),
    form(50, 2, Place::Tests, patched_by_a_decorator),
    form(10, 2, Place::Tests, patched_with_others),
    form(20, 1, Place::Tests, patched_in_the_module),
    form(10, 1, Place::Tests, class_patched_in_the_module),
];

fn plain_name(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let comment = if pen.random.chance(15) { "  # noqa: F401" } else { "" };
    let top = pen.import(legacy) + comment + "\n";
    pen.part(legacy, legacy.name, top)
}

fn two_names(pen: &mut Pen) -> Part {
    let other = Legacy { module: "manager", name: "get_websocket_manager" };
    let top = format!("{}, {}\n", pen.import(CLASS), other.found());
    pen.part(CLASS, CLASS.name, top)
}

fn parenthesised(pen: &mut Pen) -> Part {
    let module = pen.core("manager");
    let names = ["MAX_CONNECTIONS", "WebSocketManager", "get_websocket_manager"];
    let comments = ["  # the limit", "", "  # one per user"];
    let lines: String = names
        .iter()
        .zip(comments)
        .map(|(name, comment)| format!("    {},{comment}\n", Legacy { module: "manager", name }.found()))
        .collect();
    pen.part(CLASS, CLASS.name, format!("from {module} import (  # all of it\n{lines})\n"))
}

fn renamed(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let local = format!("Renamed{}", pen.number);
    let top = format!("{} as {local}\n", pen.import(legacy));
    pen.part(legacy, &local, top)
}

fn in_a_function(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let body = vec!["# imported late: it would be a cycle".to_owned(), pen.import(legacy)];
    Part { body, ..pen.part(legacy, legacy.name, String::new()) }
}

fn renamed_in_a_function(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let body = vec![format!("{} as manager", pen.import(legacy))];
    Part { body, ..pen.part(legacy, "manager", String::new()) }
}

fn for_the_type_checker(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let function = format!("describe_{}", pen.number);
    let annotation = match pen.random.below(3) {
        0 => format!("\"{}\"", legacy.name),
        1 => format!("\"list[{}]\"", legacy.name),
        _ => format!("\"{} | None\"", legacy.name),
    };
    let top = format!(
        "\nif TYPE_CHECKING:\n    {}\n\n\ndef {function}(manager: {annotation}) -> str:\n    return str(manager)\n",
        pen.import(legacy)
    );
    Part {
        standard: vec!["from typing import TYPE_CHECKING"],
        top,
        value: format!("{function}(1)"),
        expected: "\"1\"".to_owned(),
        ..Part::default()
    }
}

fn guarded(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let top =
        format!("\ntry:\n    {}\nexcept ImportError:\n    {} = None\n", pen.import(legacy), legacy.name);
    pen.part(legacy, legacy.name, top)
}

fn chain(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let module = format!("{PACKAGE}.{}", legacy.module);
    let top = format!("import ⟦1|{module}|{module}⟧\n");
    // The chain is marked in the body: a use may write its name twice.
    let body = vec![format!("kind = ⟦1|{}|{}⟧", legacy.path(), legacy.path())];
    Part { body, ..pen.part(legacy, "kind", top) }
}

fn chain_through_the_package(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let body = vec![format!("kind = ⟦1|{}|{}⟧", legacy.path(), legacy.path())];
    Part { body, ..pen.part(legacy, "kind", format!("import {PACKAGE}\n")) }
}

fn module_renamed(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let (module, local) = (format!("{PACKAGE}.{}", legacy.module), format!("ws{}", pen.number));
    let top = format!("import ⟦1|{module}|{module}⟧ as {local}\n");
    pen.part(legacy, &format!("{local}.{}", legacy.name), top)
}

fn module_as_a_name(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let module = legacy.module;
    let top = format!("from {} import ⟦1|{PACKAGE}.{module}|{module}⟧\n", pen.core(""));
    pen.part(legacy, &format!("{module}.{}", legacy.name), top)
}

fn module_as_another_name(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let (module, local) = (legacy.module, format!("core{}", pen.number));
    let top = format!("from {} import ⟦1|{PACKAGE}.{module}|{module}⟧ as {local}\n", pen.core(""));
    pen.part(legacy, &format!("{local}.{}", legacy.name), top)
}

fn star(pen: &mut Pen) -> Part {
    let legacy = Legacy::manager(pen.random);
    let top = format!("from {} import ⟦1|{PACKAGE}.manager|*⟧\n", pen.core("manager"));
    pen.part(legacy, legacy.name, top)
}

fn in_a_class(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let class = format!("Holder{}", pen.number);
    let top = format!("\n\nclass {class}:\n    {}\n\n", pen.import(legacy));
    pen.part(legacy, &format!("{class}.{}", legacy.name), top)
}

fn import_module(pen: &mut Pen) -> Part {
    let legacy = Legacy::manager(pen.random);
    let body = vec![format!("module = importlib.import_module(\"⟦5|{PACKAGE}.manager|{PACKAGE}.manager⟧\")")];
    let part = pen.part(legacy, &format!("module.{}", legacy.name), String::new());
    Part { standard: vec!["import importlib"], body, ..part }
}

fn dunder_import(pen: &mut Pen) -> Part {
    let path = format!("⟦5|{PACKAGE}.manager|{PACKAGE}.manager⟧");
    let body = vec![format!("module = __import__('{path}', fromlist=[\"MAX_CONNECTIONS\"])")];
    let legacy = Legacy { module: "manager", name: "MAX_CONNECTIONS" };
    Part { body, ..pen.part(legacy, "module.MAX_CONNECTIONS", String::new()) }
}

fn resolve_name(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let body = vec![format!("kind = pkgutil.resolve_name(\"⟦5|{0}|{0}⟧\")", legacy.path())];
    Part { standard: vec!["import pkgutil"], body, ..pen.part(legacy, "kind", String::new()) }
}

fn conditional(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let top = format!("\nif sys.maxsize > 2**31:\n    {}\n", pen.import(legacy));
    Part { standard: vec!["import sys"], ..pen.part(legacy, legacy.name, top) }
}

fn after_other_text(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let top = format!("\"héllo 😀\"; {}\n", pen.import(legacy));
    pen.part(legacy, legacy.name, top)
}

fn continued(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let top = format!("from {} \\\n    import {}\n", pen.core(legacy.module), legacy.found());
    pen.part(legacy, legacy.name, top)
}

fn second_name(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let local = format!("Second{}", pen.number);
    let top = format!("{}\n\n{local} = {}\n", pen.import(legacy), legacy.name);
    pen.part(legacy, &local, top)
}

fn base_class(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let local = format!("Sub{}", pen.number);
    let top = format!(
        "{}\n\n\nclass {local}({}):\n    \"\"\"A {} of our own.\"\"\"\n\n",
        pen.import(legacy),
        legacy.name,
        legacy.name
    );
    pen.part(legacy, &local, top)
}

fn next_to_its_new_name(pen: &mut Pen) -> Part {
    let top = format!("{}\n\n\nclass WebSocketManager:\n    kind = \"own\"\n\n", pen.import(UNIFIED));
    let value = format!("({}(\"ann\").user, WebSocketManager.kind)", UNIFIED.name);
    Part { top, value, expected: "(\"ann\", \"own\")".to_owned(), ..Part::default() }
}

fn under_a_parameter(pen: &mut Pen) -> Part {
    let function = format!("call{}", pen.number);
    let top = format!(
        "{}\n\n\ndef {function}(WebSocketManager):\n    return {}(WebSocketManager).user\n\n",
        pen.import(UNIFIED),
        UNIFIED.name
    );
    let value = format!("{function}(WebSocketManager=\"ann\")");
    Part { top, value, expected: "\"ann\"".to_owned(), ..Part::default() }
}

fn global_in_a_function(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let top = format!("\n\ndef load():\n    global {}\n    {}\n\n", legacy.name, pen.import(legacy));
    Part { body: vec!["load()".to_owned()], ..pen.part(legacy, legacy.name, top) }
}

/// A patch of the shim itself works for code that looks the name up there when it runs.
fn patched(pen: &mut Pen) -> (Legacy, String) {
    let legacy = Legacy::class(pen.random);
    (legacy, format!("⟦5|{0}|{0}⟧", legacy.path()))
}

fn patched_in_a_with(pen: &mut Pen) -> Part {
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

fn patched_by_a_decorator(pen: &mut Pen) -> Part {
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

fn patched_with_others(pen: &mut Pen) -> Part {
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

fn patched_in_the_module(pen: &mut Pen) -> Part {
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

fn class_patched_in_the_module(pen: &mut Pen) -> Part {
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
