//! What looks like an occurrence and is none: prose, other modules with like names, shadowed names, canonical imports.

use super::core::{PACKAGE, TWINS};
use super::page::Part;
use super::pen::{Form, Pen, Place};

const fn decoy(weight: usize, place: Place, write: fn(&mut Pen) -> Part) -> Form {
    Form { weight, cost: 0, place, write }
}

/// All decoys.
pub const DECOYS: [Form; 19] = [
    decoy(10, Place::Anywhere, comment),
    decoy(10, Place::Anywhere, docstring),
    decoy(10, Place::Anywhere, string),
    decoy(5, Place::Anywhere, formatted_string),
    decoy(5, Place::Anywhere, name_of_a_file),
    decoy(10, Place::Anywhere, twin_under_another_name),
    decoy(5, Place::Anywhere, twin_by_name),
    decoy(5, Place::Anywhere, parameter),
    decoy(5, Place::Anywhere, loop_variable),
    decoy(5, Place::Anywhere, local_look_alike),
    decoy(5, Place::Anywhere, keyword),
    decoy(5, Place::Anywhere, attribute),
    decoy(5, Place::Anywhere, method_called_patch),
    decoy(20, Place::Anywhere, canonical),
    decoy(5, Place::Anywhere, canonical_chain),
    decoy(10, Place::Tests, twin_patched),
    decoy(10, Place::Tests, canonical_patched),
    decoy(10, Place::Alone, twin),
    decoy(10, Place::Alone, own_class),
];

/// The legacy path as text, written so that nothing can take it for a path: what probes compare with.
const PATH_IN_PIECES: &str = "\"netra_backend.app.websocket_\" \"core.manager.Web\" \"SocketManager\"";

fn part(top: String, value: &str, expected: &str) -> Part {
    Part { top, value: value.to_owned(), expected: expected.to_owned(), ..Part::default() }
}

fn comment(pen: &mut Pen) -> Part {
    let text = *pen.random.pick(&[
        "# TODO: from netra_backend.app.websocket_core.manager import WebSocketManager is the old way",
        "# import netra_backend.app.websocket_core.unified_manager",
        "# UnifiedWebSocketManager was netra_backend.app.websocket_core.unified_manager.UnifiedWebSocketManager",
    ]);
    part(format!("{text}\n"), "", "")
}

fn docstring(pen: &mut Pen) -> Part {
    let function = format!("explain{}", pen.number);
    let top = format!(
        "\n\ndef {function}():\n    \"\"\"Old code says::\n\n        from {PACKAGE}.manager import WebSocketManager\n    \
         \"\"\"\n    return 1\n\n"
    );
    part(top, &format!("{function}()"), "1")
}

fn string(pen: &mut Pen) -> Part {
    let name = format!("MOVED{}", pen.number);
    let top = format!("{name} = {{\"old\": \"{PACKAGE}.manager.WebSocketManager\"}}\n");
    part(top, &format!("{name}[\"old\"]"), PATH_IN_PIECES)
}

fn formatted_string(pen: &mut Pen) -> Part {
    let name = format!("HINT{}", pen.number);
    let top = format!("{name} = f\"{PACKAGE}.manager.{{'WebSocketManager'}}\"\n");
    part(top, &name, PATH_IN_PIECES)
}

fn name_of_a_file(_: &mut Pen) -> Part {
    let value = format!("pathlib.PurePath(\"{PACKAGE}.manager.WebSocketManager\").name");
    Part { standard: vec!["import pathlib"], ..part(String::new(), &value, PATH_IN_PIECES) }
}

fn any_twin(pen: &mut Pen) -> String {
    let twin = *pen.random.pick(&TWINS);
    if pen.slot.is_below("netra_backend/app") && pen.random.chance(40) {
        pen.slot.relative(twin)
    } else {
        twin.to_owned()
    }
}

fn twin_under_another_name(pen: &mut Pen) -> Part {
    let local = format!("Twin{}", pen.number);
    let top = format!("from {} import UnifiedWebSocketManager as {local}\n", any_twin(pen));
    part(top, &format!("{local}.kind"), "\"another unified\"")
}

fn twin_by_name(pen: &mut Pen) -> Part {
    let value = format!("importlib.import_module(\"{}\").WebSocketManager.kind", pen.random.pick(&TWINS));
    Part { standard: vec!["import importlib"], ..part(String::new(), &value, "\"another\"") }
}

fn parameter(pen: &mut Pen) -> Part {
    let function = format!("apply{}", pen.number);
    let top = format!(
        "\n\ndef {function}(UnifiedWebSocketManager=str, manager=1):\n    return UnifiedWebSocketManager(manager)\n\n"
    );
    part(top, &format!("{function}(UnifiedWebSocketManager=repr)"), "\"1\"")
}

fn loop_variable(_: &mut Pen) -> Part {
    let value = "[UnifiedWebSocketManager for UnifiedWebSocketManager in \"ab\"]";
    part(String::new(), value, "[\"a\", \"b\"]")
}

fn local_look_alike(_: &mut Pen) -> Part {
    let body = vec![
        "inner = SimpleNamespace(manager=SimpleNamespace(WebSocketManager=5))".to_owned(),
        "netra_backend = SimpleNamespace(app=SimpleNamespace(websocket_core=inner))".to_owned(),
    ];
    let standard = vec!["from types import SimpleNamespace"];
    let value = format!("{PACKAGE}.manager.WebSocketManager");
    Part { standard, body, ..part(String::new(), &value, "5") }
}

fn keyword(_: &mut Pen) -> Part {
    let value = "list(dict(UnifiedWebSocketManager=1))";
    part(String::new(), value, "[\"Unified\" \"WebSocketManager\"]")
}

fn attribute(_: &mut Pen) -> Part {
    let standard = vec!["from types import SimpleNamespace"];
    let value = "vars(SimpleNamespace(UnifiedWebSocketManager=3))[\"Unified\" \"WebSocketManager\"]";
    Part { standard, ..part(String::new(), value, "3") }
}

fn method_called_patch(pen: &mut Pen) -> Part {
    let class = format!("Client{}", pen.number);
    let top = format!("\n\nclass {class}:\n    def patch(self, path):\n        return path\n\n");
    let value = format!("{class}().patch(\"{PACKAGE}.manager.WebSocketManager\")");
    part(top, &value, PATH_IN_PIECES)
}

fn canonical(_: &mut Pen) -> Part {
    let top = format!("from {PACKAGE}.websocket_manager import WebSocketManager\n");
    part(top, "WebSocketManager(\"ann\").user", "\"ann\"")
}

fn canonical_chain(_: &mut Pen) -> Part {
    let top = format!("import {PACKAGE}.websocket_manager\n");
    part(top, &format!("{PACKAGE}.websocket_manager.WebSocketManager(\"ann\").user"), "\"ann\"")
}

fn twin_patched(pen: &mut Pen) -> Part {
    let twin = pen.random.pick(&TWINS);
    Part {
        standard: vec!["from unittest import mock"],
        body: vec![
            format!("with mock.patch(\"{twin}.WebSocketManager\") as fake:"),
            format!("    from {twin} import WebSocketManager as Twin"),
        ],
        ..part(String::new(), "Twin is fake", "True")
    }
}

fn canonical_patched(_: &mut Pen) -> Part {
    let home = format!("{PACKAGE}.websocket_manager");
    Part {
        standard: vec!["from unittest import mock"],
        body: vec![
            format!("with mock.patch(\"{home}.WebSocketManager\") as fake:"),
            format!("    from {home} import WebSocketManager as Home"),
        ],
        ..part(String::new(), "Home is fake", "True")
    }
}

fn twin(pen: &mut Pen) -> Part {
    let top = format!("from {} import UnifiedWebSocketManager, WebSocketManager\n", any_twin(pen));
    let value = "(UnifiedWebSocketManager.kind, WebSocketManager.kind)";
    part(top, value, "(\"another unified\", \"another\")")
}

fn own_class(_: &mut Pen) -> Part {
    let top = "\n\nclass UnifiedWebSocketManager:\n    kind = \"own\"\n\n".to_owned();
    part(top, "UnifiedWebSocketManager.kind", "\"own\"")
}
