//! Deprecated items that stand beside what `pub use` hands on, in another namespace. They do nothing and are not documented.

use super::super::keywords::identifier;
use crate::model::HandedOn;

/// Attributes, and the item behind its visibility.
pub(super) type Beside = (String, String);

/// Not for documentation.
const HIDDEN: &str = "#[doc(hidden)]\n";

/// Beside a trait, an enum or a module: a function.
pub(super) fn beside_type(handed: &HandedOn) -> Beside {
    let is_snake = !handed.name.chars().any(char::is_uppercase);
    let allowed = if is_snake { "" } else { "#[allow(non_snake_case)]\n" };
    (format!("{HIDDEN}{allowed}"), format!("fn {}() {{}}\n", identifier(&handed.name)))
}

/// Beside a static, a function or a constant: a type.
pub(super) fn beside_value(handed: &HandedOn) -> Beside {
    let marks = format!("{HIDDEN}#[allow(non_camel_case_types)]\n");
    (marks, format!("type {} = ();\n", identifier(&handed.name)))
}
