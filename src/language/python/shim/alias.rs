//! A shim that puts the canonical module in its own place: a patch of one is a patch of the other.

use super::super::LanguageError;
use super::REMEDY;
use super::imports::{exports, for_type_checkers};
use super::style::Style;
use crate::model::{ShimOrder, SymbolPath};

pub(super) fn alias(order: &ShimOrder, style: Style) -> Result<String, LanguageError> {
    let module = only_home(order)?;
    let exports = if order.names.is_empty() { String::new() } else { exports(order, style) + "\n" };
    let goes = if order.goes.is_empty() { String::new() } else { format!("; {}", order.goes) };
    let first = style.quoted(&format!("{{__name__}} has moved to {module}{goes}. "));
    let (second, checkers) = (style.quoted(REMEDY), for_type_checkers(order));
    Ok(format!(
        "\"\"\"Deprecated: another path of `{module}`.\n\n\
         Both names are one module, so that code which patches what one holds patches the other.\n\"\"\"\n\n\
         import sys\nimport warnings\nfrom typing import TYPE_CHECKING\n\nimport {module} as _moved\n\n{checkers}\n{exports}\
         warnings.warn(\n    f{first}\n    {second},\n    DeprecationWarning,\n    stacklevel=2,\n)\n\
         sys.modules[__name__] = _moved\n"
    ))
}

/// The one module in which every name is to be found, under the same name.
fn only_home(order: &ShimOrder) -> Result<&SymbolPath, LanguageError> {
    let renamed = order.names.iter().find(|handed| handed.name != handed.target);
    if let Some(handed) = renamed {
        let (old, new) = (&handed.name, &handed.target);
        let reason =
            format!("`{old}` is `{new}` in `{}`: an alias cannot rename, `--kind lazy` can", handed.home);
        return Err(LanguageError::Shim(reason));
    }
    let mut homes = order.names.iter().map(|handed| &handed.home).chain(&order.whole);
    let first = homes.next().expect("a shim hands something on");
    match homes.find(|home| *home != first) {
        Some(other) => {
            let reason = format!(
                "its names are in `{first}` and `{other}`: an alias is one module, use `--kind lazy`"
            );
            Err(LanguageError::Shim(reason))
        }
        None => Ok(first),
    }
}
