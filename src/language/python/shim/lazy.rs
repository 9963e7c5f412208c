//! A shim that looks a name up when somebody asks for it (PEP 562): the warning then points at who asked.

use super::super::LanguageError;
use super::REMEDY;
use super::imports::{exports, for_type_checkers};
use super::style::{Style, listed};
use crate::model::{HandedOn, ShimOrder};
use std::fmt::Write;

/// What the text itself binds, dunder names aside: nothing else is looked up under these names.
const OWN: [&str; 6] = ["TYPE_CHECKING", "_GOES", "_HOME", "_MOVED", "importlib", "warnings"];

pub(super) fn lazy(order: &ShimOrder, style: Style) -> Result<String, LanguageError> {
    if let (Some(module), true) = (&order.whole, order.names.is_empty()) {
        let reason =
            format!("what `{module}` holds is not known; `--kind alias` puts it in place as a whole");
        return Err(LanguageError::Shim(reason));
    }
    if let Some(handed) = order.names.iter().find(|handed| OWN.contains(&&*handed.name)) {
        let reason =
            format!("`{}` is a name that a lazy shim has itself; `--kind alias` has none", handed.name);
        return Err(LanguageError::Shim(reason));
    }
    let mut text = head(order);
    write!(text, "\n{}", exports(order, style)).expect("a string takes everything");
    write!(text, "\n{}", targets(order, style)).expect("a string takes everything");
    if has_own_times(order) {
        write!(text, "\n{}", times(order, style)).expect("a string takes everything");
    }
    Ok(text + "\n\n" + &getter(order, style) + "\n\n" + &lister(style))
}

fn head(order: &ShimOrder) -> String {
    let sentence = match &order.whole {
        Some(module) => {
            format!(
                "Deprecated: another path of `{module}`.\n\nEvery name is looked up there, and whoever asks is warned.\n"
            )
        }
        None => "Deprecated: what was here has moved. This module only hands it on.".to_owned(),
    };
    format!(
        "\"\"\"{sentence}\"\"\"\n\nimport importlib\nimport warnings\nfrom typing import TYPE_CHECKING\n\n{}",
        for_type_checkers(order)
    )
}

/// Where each name is now.
fn targets(order: &ShimOrder, style: Style) -> String {
    let entry = |handed: &HandedOn| {
        let [name, home, target] =
            [&*handed.name, &handed.home.to_string(), &*handed.target].map(|text| style.quoted(text));
        listed("    ", &format!("{name}: "), &[home, target], ("(", "),"))
    };
    let entries: String = order.names.iter().map(entry).collect();
    let whole = order.whole.as_ref().map(|module| format!("_HOME = {}\n", style.quoted(&module.to_string())));
    format!("{}_MOVED = {{\n{entries}}}\n", whole.unwrap_or_default())
}

fn has_own_times(order: &ShimOrder) -> bool {
    order.goes.is_empty() && order.names.iter().any(|handed| !handed.goes.is_empty())
}

/// When each name goes, where that differs.
fn times(order: &ShimOrder, style: Style) -> String {
    let dated = order.names.iter().filter(|handed| !handed.goes.is_empty());
    let entry = |handed: &HandedOn| {
        format!("    {}: {},\n", style.quoted(&handed.name), style.quoted(&format!("; {}", handed.goes)))
    };
    format!("_GOES = {{\n{}}}\n", dated.map(entry).collect::<String>())
}

fn getter(order: &ShimOrder, style: Style) -> String {
    let unknown = style.quoted("module {__name__!r} has no attribute {name!r}");
    let (guard, lookup) = match &order.whole {
        // Python itself asks for `__path__`: with one, the shim would be a package.
        Some(_) => {
            let is_own = format!("name.startswith({})", style.quoted("__"));
            let has_dunder = order.names.iter().any(|handed| handed.name.starts_with("__"));
            let guard = if has_dunder { format!("name not in _MOVED and {is_own}") } else { is_own };
            (guard, "_MOVED.get(name, (_HOME, name))".to_owned())
        }
        None => ("name not in _MOVED".to_owned(), "_MOVED[name]".to_owned()),
    };
    let (own, goes) = match (has_own_times(order), order.goes.is_empty()) {
        (true, _) => (format!("    goes = _GOES.get(name, {})\n", style.quoted("")), "{goes}".to_owned()),
        (false, true) => (String::new(), String::new()),
        (false, false) => (String::new(), format!("; {}", order.goes)),
    };
    let first = style.quoted(&format!("{{__name__}}.{{name}} has moved to {{module}}.{{target}}{goes}. "));
    let second = style.quoted(REMEDY);
    format!(
        "def __getattr__(name: str) -> object:\n    if {guard}:\n        raise AttributeError(f{unknown})\n    \
         module, target = {lookup}\n    value = getattr(importlib.import_module(module), target)\n{own}    \
         warnings.warn(\n        f{first}\n        {second},\n        DeprecationWarning,\n        stacklevel=2,\n    )\n    \
         return value\n"
    )
}

/// `__dir__`. The annotation is a string for versions in which `list` takes no parameter.
fn lister(style: Style) -> String {
    let list = style.quoted("list[str]");
    format!("def __dir__() -> {list}:\n    return sorted({{*globals(), *_MOVED}})\n")
}
