//! Shims as text: items that hand on what has moved, each in the form of which rustc really warns.
//!
//! rustc passes over `#[deprecated]` on `pub use`, and of a path it looks at the end only, so that a mark on the module around says
//! nothing either (rust-lang/rust issue 30827). Types can have a deprecated alias, functions, constants and macros a deprecated
//! wrapper. What has neither (traits, enums, statics, modules) is handed on by `pub use` beside a deprecated item of the same name
//! in another namespace: whoever imports the name imports both, and is warned.

mod beside;
mod carried;
mod items;
mod names;
mod writer;

use super::LanguageError;
use crate::model::{ShimKind, ShimOrder};
use writer::Writer;

/// The text of a shim.
///
/// # Errors
/// When it is not known what kind of item a name stands for, or others may not see it.
pub fn shim(order: &ShimOrder) -> Result<String, LanguageError> {
    if order.kind == ShimKind::Alias {
        let reason = "a Rust module cannot be put in the place of another one: leave `--kind` out";
        return Err(LanguageError::Shim(reason.into()));
    }
    let mut writer = Writer::new(order);
    for handed in &order.names {
        match items::write(&mut writer, handed) {
            // What its kind is does not matter to `pub use *`.
            Err(LanguageError::Shim(_)) if order.whole.is_some() => {}
            written => written?,
        }
    }
    proc_macro2::extra::invalidate_current_thread_spans();
    let text = writer.finish();
    let has_carriage_returns = order.model().contains("\r\n");
    Ok(if has_carriage_returns { text.replace('\n', "\r\n") } else { text })
}
