//! What several fuzz targets need: facts that must be sound, and trees of files in one text.

#[path = "../../tests/properties/laws.rs"]
pub mod laws;
#[path = "../../tests/properties/pieces.rs"]
mod pieces;
#[path = "../../tests/properties/python.rs"]
pub mod python;
#[path = "../../tests/properties/removals.rs"]
mod removals;
#[path = "../../tests/properties/rust.rs"]
pub mod rust;
mod sound;
mod trees;

pub use sound::{assert_sound, lower_anything};
pub use trees::tree;

/// Lets all work be done by the fuzzer's own thread: an input takes a moment, and handing it to another thread takes longer.
///
/// # Panics
/// When it is called twice.
pub fn work_alone() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("nobody has asked for threads yet");
}
