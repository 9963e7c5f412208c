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

/// The import statements for all names, by module; a name with `as` has one of its own, as isort has it.
pub(super) fn imports(order: &ShimOrder, naming: Naming, indent: &str) -> String {
    let mut modules: BTreeMap<&SymbolPath, Vec<&HandedOn>> = BTreeMap::new();
    for handed in &order.names {
        modules.entry(&handed.home).or_default().push(handed);
    }
    let statements = |(module, mut names): (&SymbolPath, Vec<&HandedOn>)| {
        let open = format!("from {module} import ");
        names.sort_by_key(|handed| (&handed.target, &handed.name));
        let (plain, others): (Vec<&HandedOn>, Vec<&HandedOn>) =
            names.into_iter().partition(|handed| is_plain(handed, naming));
        let plain: Vec<String> = plain.into_iter().map(|handed| handed.name.to_string()).collect();
        let others = others.into_iter().map(|handed| format!("{} as {}", handed.target, handed.name));
        let lines = (!plain.is_empty()).then_some(plain).into_iter().chain(others.map(|other| vec![other]));
        lines.map(|entries| listed(indent, &open, &entries, ("(", ")"))).collect::<String>()
    };
    modules.into_iter().map(statements).collect()
}

fn is_plain(handed: &HandedOn, naming: Naming) -> bool {
    let HandedOn { name, target, .. } = handed;
    name == target && naming == Naming::Short && !name.starts_with('_')
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
