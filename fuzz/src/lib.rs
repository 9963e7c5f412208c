//! What several fuzz targets need: facts that must be sound, and trees of files in one text.

#[path = "../../tests/properties/laws.rs"]
pub mod laws;
#[path = "../../tests/properties/pieces.rs"]
mod pieces;
#[path = "../../tests/properties/python.rs"]
pub mod python;
#[path = "../../tests/properties/rust.rs"]
pub mod rust;
mod sound;
mod trees;

pub use sound::{assert_sound, lower_anything};
pub use trees::tree;
