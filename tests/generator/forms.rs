//! Every form in which Python code can reach the manager by a legacy path, each with a probe that proves it works.

use super::core::PACKAGE;
use super::page::Part;
use super::pen::{CLASS, Form, Legacy, Pen, Place, UNIFIED};
use super::{consumers, strings};

const fn form(weight: usize, cost: usize, place: Place, write: fn(&mut Pen) -> Part) -> Form {
    Form { weight, cost, place, write }
}

/// All forms.
pub const FORMS: [Form; 45] = [
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
    form(30, 1, Place::Anywhere, strings::import_module),
    form(10, 1, Place::Anywhere, strings::dunder_import),
    form(10, 1, Place::Anywhere, strings::resolve_name),
    form(10, 1, Place::Anywhere, conditional),
    form(10, 1, Place::Anywhere, after_other_text),
    form(10, 1, Place::Anywhere, continued),
    form(10, 1, Place::Anywhere, second_name),
    form(10, 1, Place::Anywhere, base_class),
    form(10, 1, Place::Anywhere, annotation),
    form(10, 1, Place::Anywhere, class_attribute),
    form(10, 1, Place::Anywhere, nested_functions),
    form(10, 1, Place::Anywhere, marked_as_re_export),
    form(20, 1, Place::Alone, new_name_by_alias),
    form(10, 1, Place::Alone, old_name_by_alias),
    form(20, 2, Place::Anywhere, mixed_names),
    form(10, 1, Place::Anywhere, next_to_another_module),
    form(10, 2, Place::Anywhere, both_shims_at_once),
    form(10, 1, Place::Anywhere, one_liner),
    form(10, 1, Place::Anywhere, decorator_and_default),
    form(10, 1, Place::Anywhere, strings::monkeypatched),
    form(10, 1, Place::Alone, next_to_its_new_name),
    form(10, 1, Place::Anywhere, under_a_parameter),
    form(10, 1, Place::Alone, global_in_a_function),
    form(80, 2, Place::Tests, strings::patched_in_a_with),
    form(50, 2, Place::Tests, strings::patched_by_a_decorator),
    form(10, 2, Place::Tests, strings::patched_with_others),
    form(20, 1, Place::Tests, strings::patched_in_the_module),
    form(10, 1, Place::Tests, strings::class_patched_in_the_module),
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

fn annotation(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let (function, name) = (format!("typed{}", pen.number), legacy.name);
    let top = format!(
        "{}\n\n\ndef {function}(one: {name}, *rest: '{name}', key: \"dict[str, {name}]\" = None) -> {name}:\n    \
         two: {name} = one\n    return two\n\n",
        pen.import(legacy)
    );
    let value = format!("{function}({name}(\"ann\")).user");
    Part { top, value, expected: "\"ann\"".to_owned(), ..Part::default() }
}

fn class_attribute(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let class = format!("Factory{}", pen.number);
    let top = format!("{}\n\n\nclass {class}:\n    kind = {}\n\n", pen.import(legacy), legacy.name);
    pen.part(legacy, &format!("{class}.kind"), top)
}

fn nested_functions(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let body = vec![
        pen.import(legacy),
        "def outer():".to_owned(),
        "    def inner():".to_owned(),
        format!("        return {}", legacy.name),
        "    return inner()".to_owned(),
    ];
    Part { body, ..pen.part(legacy, "outer()", String::new()) }
}

fn marked_as_re_export(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let top = format!("{} as {}\n", pen.import(legacy), legacy.name);
    pen.part(legacy, legacy.name, top)
}

fn new_name_by_alias(pen: &mut Pen) -> Part {
    let top = format!("{} as WebSocketManager\n", pen.import(UNIFIED));
    pen.part(UNIFIED, CLASS.name, top)
}

fn old_name_by_alias(pen: &mut Pen) -> Part {
    let top = format!("{} as UnifiedWebSocketManager\n", pen.import(CLASS));
    pen.part(CLASS, UNIFIED.name, top)
}

fn mixed_names(pen: &mut Pen) -> Part {
    let other = Legacy { module: "unified_manager", name: "get_websocket_manager" };
    let local = format!("get{}", pen.number);
    let top = format!("{}, {} as {local}\n", pen.import(UNIFIED), other.found());
    let value = format!("isinstance({local}(\"ann\"), {})", UNIFIED.name);
    Part { top, value, expected: "True".to_owned(), ..Part::default() }
}

fn next_to_another_module(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let (module, local) = (format!("{PACKAGE}.{}", legacy.module), format!("ws{}", pen.number));
    let top = format!("import os, ⟦1|{module}|{module}⟧ as {local}, sys\n");
    pen.part(legacy, &format!("{local}.{}", legacy.name), top)
}

fn both_shims_at_once(pen: &mut Pen) -> Part {
    let (one, two) = (format!("{PACKAGE}.manager"), format!("{PACKAGE}.unified_manager"));
    let (left, right) = (format!("left{}", pen.number), format!("right{}", pen.number));
    let top = format!("import ⟦1|{one}|{one}⟧ as {left}, ⟦1|{two}|{two}⟧ as {right}\n");
    let value = format!("issubclass({left}.{}, {right}.{})", CLASS.name, UNIFIED.name);
    Part { top, value, expected: "True".to_owned(), ..Part::default() }
}

fn one_liner(pen: &mut Pen) -> Part {
    let legacy = Legacy::any(pen.random);
    let function = format!("late{}", pen.number);
    let top = format!("\n\ndef {function}(): {}; return {}\n\n", pen.import(legacy), legacy.name);
    pen.part(legacy, &format!("{function}()"), top)
}

fn decorator_and_default(pen: &mut Pen) -> Part {
    let legacy = Legacy::class(pen.random);
    let (function, name) = (format!("decorated{}", pen.number), legacy.name);
    let top = format!(
        "{}\n\n\n@(lambda function: {name})\ndef {function}(kind={name}, *, other=({name},)):\n    return kind\n\n",
        pen.import(legacy)
    );
    pen.part(legacy, &function, top)
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
