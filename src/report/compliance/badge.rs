//! The data of a badge, in the schema that shields.io reads from an endpoint.

use super::Extent;
use crate::model::Compliance;
use crate::report::Style;
use crate::report::summary::percent;
use serde_json::json;
use std::io;

/// Writes one JSON object.
pub fn render(compliance: &Compliance, _: &Extent, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let share = compliance.total.compliance().map(percent);
    let message = share.map_or_else(|| "no uses".to_owned(), |percent| format!("{percent}%"));
    let color = match share {
        None => "lightgrey",
        Some(100..) => "brightgreen",
        Some(90..) => "green",
        Some(75..) => "yellowgreen",
        Some(50..) => "yellow",
        Some(25..) => "orange",
        Some(_) => "red",
    };
    let badge = json!({"schemaVersion": 1, "label": "canonical imports", "message": message, "color": color});
    writeln!(out, "{badge}")
}
