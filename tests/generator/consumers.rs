//! Modules that import the class under the name that a migration changes, and others that reach into them for it.

use super::page::Part;
use super::pen::{Form, Legacy, Pen, Place, UNIFIED};

/// A module whose module-level name `UnifiedWebSocketManager` comes from a shim.
pub struct Consumer {
    module: String,
    /// A function of the module that calls the class by that name.
    maker: String,
    /// True when the module's `__all__` holds the name.
    exports: bool,
}

/// A consumer with a function that calls the class.
pub fn maker(pen: &mut Pen) -> Part {
    let maker = format!("make{}", pen.number);
    let top =
        format!("{}\n\n\ndef {maker}(user):\n    return {}(user)\n\n", pen.import(UNIFIED), UNIFIED.name);
    let value = format!("{maker}(\"ann\").user");
    pen.consumers.push(Consumer { module: pen.slot.module(), maker, exports: false });
    Part { top, value, expected: "\"ann\"".to_owned(), ..Part::default() }
}

/// The same, with the name in `__all__`.
pub fn exporter(pen: &mut Pen) -> Part {
    let mut part = maker(pen);
    if !pen.slot.is_test {
        let consumer = pen.consumers.last_mut().expect("the maker has just been noted");
        consumer.exports = true;
        part.top += &format!("\n__all__ = [\"{}\", \"{}\"]\n", UNIFIED.name, consumer.maker);
    }
    part
}

const fn follower(weight: usize, place: Place, write: fn(&mut Pen) -> Part) -> Form {
    Form { weight, cost: 0, place, write }
}

/// Ways to reach into a consumer. None is an occurrence; all must go on working.
pub const FOLLOWERS: [Form; 7] = [
    follower(40, Place::Tests, patched_where_it_is_looked_up),
    follower(20, Place::Tests, patched_by_a_decorator),
    follower(20, Place::Tests, patched_as_an_object),
    follower(10, Place::Anywhere, imported_from_the_consumer),
    follower(10, Place::Anywhere, imported_under_another_name),
    follower(10, Place::Anywhere, attribute_of_the_consumer),
    follower(10, Place::Alone, starred),
];

fn consumer<'a>(pen: &'a mut Pen) -> &'a Consumer {
    pen.random.pick(pen.consumers)
}

fn patched_where_it_is_looked_up(pen: &mut Pen) -> Part {
    let subject = format!("subject{}", pen.number);
    let Consumer { module, maker, .. } = consumer(pen);
    Part {
        standard: vec!["from unittest import mock"],
        top: format!("import {module} as {subject}\n"),
        body: vec![format!("with mock.patch(\"{module}.{}\") as fake:", UNIFIED.name)],
        value: format!("{subject}.{maker}(\"ann\")"),
        expected: "fake.return_value".to_owned(),
        ..Part::default()
    }
}

fn patched_by_a_decorator(pen: &mut Pen) -> Part {
    let Consumer { module, maker, .. } = consumer(pen);
    Part {
        standard: vec!["from unittest.mock import patch"],
        decorator: Some(format!("patch(\"{module}.{}\")", UNIFIED.name)),
        argument: "fake",
        body: vec![format!("from {module} import {maker}")],
        value: format!("{maker}(\"ann\")"),
        expected: "fake.return_value".to_owned(),
        ..Part::default()
    }
}

fn patched_as_an_object(pen: &mut Pen) -> Part {
    let subject = format!("subject{}", pen.number);
    let Consumer { module, maker, .. } = consumer(pen);
    let (package, name) = module.rsplit_once('.').expect("a page lies in a folder");
    Part {
        standard: vec!["from unittest import mock"],
        top: format!("from {package} import {name} as {subject}\n"),
        body: vec![format!("with mock.patch.object({subject}, \"{}\") as fake:", UNIFIED.name)],
        value: format!("{subject}.{maker}(\"ann\")"),
        expected: "fake.return_value".to_owned(),
        ..Part::default()
    }
}

fn imported_from_the_consumer(pen: &mut Pen) -> Part {
    let top = format!("from {} import {}\n", consumer(pen).module, UNIFIED.name);
    uses(pen, UNIFIED.name, top)
}

fn imported_under_another_name(pen: &mut Pen) -> Part {
    let local = format!("Via{}", pen.number);
    let top = format!("from {} import {} as {local}\n", consumer(pen).module, UNIFIED.name);
    uses(pen, &local, top)
}

fn attribute_of_the_consumer(pen: &mut Pen) -> Part {
    let subject = format!("subject{}", pen.number);
    let top = format!("import {} as {subject}\n", consumer(pen).module);
    uses(pen, &format!("{subject}.{}", UNIFIED.name), top)
}

fn starred(pen: &mut Pen) -> Part {
    let exporters: Vec<&Consumer> = pen.consumers.iter().filter(|consumer| consumer.exports).collect();
    if exporters.is_empty() {
        return imported_from_the_consumer(pen);
    }
    let top = format!("from {} import *\n", pen.random.pick(&exporters).module);
    uses(pen, UNIFIED.name, top)
}

fn uses(pen: &mut Pen, written: &str, top: String) -> Part {
    let legacy: Legacy = UNIFIED;
    pen.part(legacy, written, top)
}
