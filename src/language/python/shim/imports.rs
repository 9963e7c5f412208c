//! What a shim imports for type checkers, and its export list.

use super::style::{Style, listed};
use crate::model::{HandedOn, ShimOrder, SymbolPath};
use std::collections::BTreeMap;

/// Whether a name that stays the same is written `X as X`: in stubs only that is handed on (PEP 484).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `X`, for an export list names it.
    Short,
    /// `X as X`.
    Repeated,
}

/// The import statements for all names, by module.
pub(super) fn imports(order: &ShimOrder, naming: Naming, indent: &str) -> String {
    let mut modules: BTreeMap<&SymbolPath, Vec<String>> = BTreeMap::new();
    for handed in &order.names {
        modules.entry(&handed.home).or_default().push(entry(handed, naming));
    }
    let statement = |(module, entries): (&SymbolPath, Vec<String>)| {
        listed(indent, &format!("from {module} import "), &entries, ("(", ")"))
    };
    modules.into_iter().map(statement).collect()
}

fn entry(handed: &HandedOn, naming: Naming) -> String {
    let HandedOn { name, target, .. } = handed;
    let is_plain = name == target && naming == Naming::Short && !name.starts_with('_');
    if is_plain { name.to_string() } else { format!("{target} as {name}") }
}

/// `__all__`.
pub(super) fn exports(order: &ShimOrder, style: Style) -> String {
    let names: Vec<String> = order.public().map(|handed| style.quoted(&handed.name)).collect();
    listed("", "__all__ = ", &names, ("[", "]"))
}

/// The block that only type checkers read.
pub(super) fn for_type_checkers(order: &ShimOrder) -> String {
    let body = match (&order.whole, order.names.is_empty()) {
        (Some(module), true) => format!("    from {module} import *\n"),
        _ => imports(order, Naming::Short, "    "),
    };
    format!("if TYPE_CHECKING:\n{body}")
}
