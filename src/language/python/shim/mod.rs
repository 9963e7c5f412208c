//! Shims as text: modules that hand on what has moved, and warn whoever asks for it.

mod alias;
mod imports;
mod lazy;
mod style;

use super::LanguageError;
use crate::model::{ShimKind, ShimOrder};
use imports::{Naming, exports, imports};
use style::Style;

/// The text of a shim.
///
/// # Errors
/// When a module cannot be put in its place as a whole.
pub fn shim(order: &ShimOrder) -> Result<String, LanguageError> {
    let style = Style::of(order.model());
    let text = match order.kind {
        ShimKind::Lazy => lazy::lazy(order, style)?,
        ShimKind::Alias => alias::alias(order, style)?,
    };
    let kept = order.present.as_deref().map_or_else(String::new, |present| leading_comments(present.text()));
    Ok(style.with_line_ends(&(kept + &text)))
}

/// What type checkers read instead of the shim.
pub fn stub(order: &ShimOrder) -> String {
    let style = Style::of(order.model());
    let star = order.whole.as_ref().filter(|_| order.names.is_empty());
    let body = match star {
        Some(module) => format!("from {module} import *\n"),
        None => imports(order, Naming::Repeated, "") + "\n" + &exports(order, style),
    };
    style.with_line_ends(&body)
}

/// The comments at the top of a file: how it is run, its encoding, its licence. With a blank line behind them.
fn leading_comments(text: &str) -> String {
    let lines = text.trim_start_matches('\u{feff}').lines();
    let kept: Vec<&str> = lines.take_while(|line| line.starts_with('#')).collect();
    if kept.is_empty() { String::new() } else { kept.join("\n") + "\n\n" }
}

/// The second sentence of a warning.
const REMEDY: &str = "`ssot-lint migrate` changes the code that uses it.";
